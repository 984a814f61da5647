/* link-findings.h: what is weak about a connection, each finding with the frames that prove it, and what a capture does
 * not show. Pure.
 *
 * A finding exists only with its proof. What else might be weak but was not seen is no finding: it is listed by
 * btbb_link_gaps().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LINK_FINDINGS_H
#define BTBB_CORE_LINK_FINDINGS_H

#include "learn/link-facts.h"

enum btbb_finding_kind {
    BTBB_FINDING_KEY_BELOW_7 = 0,             /* KNOB. Frames: the request, its acceptance. `value`: bytes */
    BTBB_FINDING_KEY_BELOW_16,                /* 7 to 15 bytes. Frames and `value` as above */
    BTBB_FINDING_NOT_ENCRYPTED,               /* data flowed. Frames: its first and last packet */
    BTBB_FINDING_LEGACY_AUTHENTICATION,       /* before encryption (BIAS). Frames: LMP_au_rand, LMP_sres, start */
    BTBB_FINDING_ONE_SIDED_AUTHENTICATION,    /* before encryption (BIAS). Frames: LMP_sres, the refusal of the other
                                              authentication where there was one, start. `value`: side that was not
                                              verified */
    BTBB_FINDING_SECURE_CONNECTIONS_NOT_USED, /* Frames: the host features of both devices; the proof of E0 */
    BTBB_FINDING_LEGACY_PAIRING,              /* Frames: LMP_in_rand, its acceptance or a key */
    BTBB_FINDING_REPEATED_DIVERSIFIERS,       /* BLUFFS. Frames: the earlier LMP_start_encryption_req, LMP_au_rand and
                                                 LMP_start_encryption_req of this connection */
    BTBB_FINDING_COUNT
};

#define BTBB_FINDING_FRAMES 3u

struct btbb_finding {
    uint32_t frames[BTBB_FINDING_FRAMES]; /* that prove it */
    uint8_t frame_count;                  /* 1 or more */
    uint8_t kind;                         /* enum btbb_finding_kind */
    uint8_t value;
};

/* The findings about a link, each kind at most once, in the order of the enum. Returns their number. */
size_t btbb_link_findings(const struct btbb_acl_link *link, struct btbb_finding findings[BTBB_FINDING_COUNT]);

/* The key of a finding, for machines: "key-below-7"; static text. */
const char *btbb_finding_key(enum btbb_finding_kind kind);

/* A finding in words, with its frames: "A key of 1 byte was agreed, which ... (frames 33, 35)." Written to `out` as by
 * snprintf(); returns its length. */
size_t btbb_finding_text(const struct btbb_acl_link *link, const struct btbb_finding *finding, char *out, size_t size);

/* What this finding leaves open; static text. */
const char *btbb_finding_limit(enum btbb_finding_kind kind);

/* What a capture does not show of a connection. */
enum btbb_gap {
    BTBB_GAP_START = 0,  /* it starts in the middle of the connection */
    BTBB_GAP_ROLES,      /* which device is Central */
    BTBB_GAP_FEATURES,   /* whether both devices support Secure Connections */
    BTBB_GAP_PAIRING,    /* the method of the pairing */
    BTBB_GAP_SENDERS,    /* whose authentication it was */
    BTBB_GAP_ENCRYPTION, /* when encryption was started, though packets are encrypted */
    BTBB_GAP_ACCEPTANCE, /* whether the start of encryption was accepted */
    BTBB_GAP_CIPHER,     /* E0 or AES-CCM */
    BTBB_GAP_KEY_SIZE,   /* the key size of an encryption */
    BTBB_GAP_END,        /* how the connection ended */
    BTBB_GAP_COUNT
};

/* The gaps of a link, in the order of the enum. Returns their number. */
size_t btbb_link_gaps(const struct btbb_acl_link *link, enum btbb_gap gaps[BTBB_GAP_COUNT]);

/* The key of a gap, for machines: "start"; static text. */
const char *btbb_gap_key(enum btbb_gap gap);

/* A gap in words: what is not known, and why; static text. */
const char *btbb_gap_text(enum btbb_gap gap);

#endif
