/* link.h: one connection between two devices, as far as a capture shows it. What follows from its members is in
 * learn/link-facts.h and learn/link-findings.h.
 *
 * Sections are those of the Core Specification Vol 2 Part C (LMP), unless said otherwise. Frames are numbers in the
 * file, from 1; 0 means that the thing was not seen. Error codes are those of Vol 1 Part F (btbb_lmp_error_name()).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_LINK_H
#define BTBB_CORE_LINK_H

#include "decode/lmp.h"
#include "learn/link-packet.h"

#define BTBB_LINK_SESSIONS 64u /* encryptions that are kept of one connection */
#define BTBB_LINK_PENDING  8u  /* requests without answer that are remembered at a time */

#define BTBB_LT_ADDR_UNKNOWN 8u

/* When something happened. */
struct btbb_moment {
    int64_t time_ns; /* valid when has_time */
    uint32_t frame;  /* 0: it was not seen, nothing else is valid */
    bool has_time;
};

/* The two devices of a connection keep their numbers when they exchange roles. Where the capture distinguishes the
 * capturing device from the other one, 0 is the capturing device; otherwise 0 is the first Central. */
#define BTBB_SIDES        2u
#define BTBB_SIDE_UNKNOWN 2u

/* Pages of features (3.3): of the controller, of the host, of the controller. */
#define BTBB_FEATURE_PAGES 3u

/* One device of a connection, as far as this connection shows it. */
struct btbb_link_side {
    struct btbb_device_address address;
    uint64_t name_key;                     /* for btbb_device_names_best() */
    uint64_t features[BTBB_FEATURE_PAGES]; /* bit n of page p: feature 64 * p + n; valid when its frame is not 0 */
    uint32_t features_frame[BTBB_FEATURE_PAGES];
    uint32_t version_frame;
    uint32_t io_frame;
    uint32_t refused_frame; /* it refused LMP_au_rand */
    uint16_t company;       /* Assigned Numbers, company identifiers; this and the next two: valid with version_frame */
    uint16_t subversion;
    uint8_t version;      /* btbb_lmp_version_name() */
    uint8_t io;           /* enum btbb_io_capability, or above it; this and the next two: valid with io_frame */
    uint8_t oob;          /* 1: it has received out-of-band data */
    uint8_t requirements; /* BTBB_LMP_AUTH_MITM, and bonding */
    uint8_t refused_error;
};

enum btbb_authentication_kind {
    BTBB_AUTHENTICATION_UNKNOWN = 0, /* PDUs are missing */
    BTBB_AUTHENTICATION_LEGACY,      /* LMP_au_rand, LMP_sres (4.2.1) */
    BTBB_AUTHENTICATION_SECURE       /* both send LMP_au_rand, then both send LMP_sres (4.2.1) */
};

/* One device answered the challenge of the other one, to prove that it has the link key (4.2.1). */
struct btbb_authentication {
    uint32_t challenge_frame; /* LMP_au_rand */
    uint32_t response_frame;  /* LMP_sres; 0: no authentication was seen, nothing else is valid */
    uint8_t claimant;         /* side that answered; BTBB_SIDE_UNKNOWN: the capture does not show which one */
    uint8_t kind;             /* enum btbb_authentication_kind */
    uint8_t tid;
    uint8_t au_rand[BTBB_LMP_RANDOM_BYTES];
    uint8_t sres[BTBB_LMP_SRES_BYTES];
};

/* From one LMP_start_encryption_req on: what is needed to decrypt with the link key (Vol 2 Part H, 4). */
struct btbb_encryption_session {
    struct btbb_moment asked;    /* LMP_start_encryption_req */
    struct btbb_moment accepted; /* its LMP_accepted */
    struct btbb_moment
        stopped; /* LMP_stop_encryption_req, or the end of the connection; not seen: encryption goes on */
    struct btbb_authentication authentication; /* the last one before it, of this connection */
    uint32_t key_size_frame;                   /* LMP_accepted of the key size */
    uint32_t repeats_frame; /* an earlier LMP_start_encryption_req of these devices with the same EN_RAND, after the
                               same AU_RAND; 0: none */
    uint8_t en_rand[BTBB_LMP_RANDOM_BYTES];
    uint8_t key_size;       /* bytes, 1 to 16; 0: not known */
    uint8_t central;        /* side that was Central, or BTBB_SIDE_UNKNOWN */
    uint8_t verified_sides; /* bit n: side n had answered a challenge before; bit 2: a side that is not known had */
    bool resumed;           /* after a pause (4.2.5) */
    bool refused;           /* the request was not accepted */
};

enum btbb_encryption_state {
    BTBB_ENCRYPTION_UNKNOWN = 0, /* the capture starts in the middle of the connection */
    BTBB_ENCRYPTION_OFF,
    BTBB_ENCRYPTION_ON,
    BTBB_ENCRYPTION_PAUSED
};

enum btbb_pairing_kind {
    BTBB_PAIRING_NONE = 0,
    BTBB_PAIRING_LEGACY, /* 4.2.2: LMP_in_rand; with a PIN */
    BTBB_PAIRING_SIMPLE  /* 4.2.7: Secure Simple Pairing */
};

enum btbb_pairing_result { BTBB_PAIRING_UNFINISHED = 0, BTBB_PAIRING_DONE, BTBB_PAIRING_FAILED };

/* A pairing. Counts by side: the third one is of packets whose sender is not known. */
struct btbb_pairing {
    struct btbb_moment started;
    struct btbb_moment finished;        /* done or failed */
    uint32_t accepted_frame;            /* LEGACY: the first LMP_accepted of LMP_in_rand, or key */
    uint32_t key_frame;                 /* SIMPLE: of a public key */
    uint32_t numbers;                   /* SIMPLE: LMP_simple_pairing_number */
    uint32_t confirms[BTBB_SIDES + 1u]; /* SIMPLE: LMP_simple_pairing_confirm, by side */
    uint32_t keys[BTBB_SIDES + 1u];     /* LEGACY: LMP_comb_key and LMP_unit_key, by side */
    uint8_t kind;                       /* enum btbb_pairing_kind */
    uint8_t result;                     /* enum btbb_pairing_result */
    uint8_t error;                      /* FAILED: of the refusal; 0: none was given */
    uint8_t key_minor;                  /* SIMPLE: curve of the public keys, BTBB_LMP_KEY_MINOR_...; 0: not seen */
    uint8_t checks;                     /* SIMPLE: LMP_DHkey_check PDUs that were accepted */
};

enum btbb_link_end {
    BTBB_LINK_OPEN = 0, /* no end was seen */
    BTBB_LINK_DETACHED, /* LMP_detach */
    BTBB_LINK_REPLACED  /* the devices connected anew; how this connection ended was not seen */
};

/* A request that waits for its answer. */
struct btbb_link_request {
    struct btbb_moment moment; /* frame 0: free */
    uint16_t code;             /* enum btbb_lmp_code */
    uint8_t side;              /* of its sender */
    uint8_t tid;
    uint8_t value; /* key size */
};

/* A challenge that waits for its response. */
struct btbb_link_challenge {
    uint32_t frame; /* LMP_au_rand; 0: none */
    uint8_t tid;
    bool both; /* the other device has one too, in the same transaction */
    uint8_t random[BTBB_LMP_RANDOM_BYTES];
};

struct btbb_acl_link {
    uint64_t client; /* of its last packet; valid when has_client */
    uint32_t number; /* from 0, in the order of first packets */
    uint8_t lt_addr; /* 1 to 7, or BTBB_LT_ADDR_UNKNOWN */
    uint8_t central; /* side that is Central, after the last role switch; or BTBB_SIDE_UNKNOWN */
    uint8_t end;     /* enum btbb_link_end */
    bool has_client;
    bool own;        /* side 0 is the capturing device */
    bool from_start; /* its set-up was seen: the FHS of a page response, or LMP_host_connection_req */
    struct btbb_link_side side[BTBB_SIDES];

    struct btbb_moment first, last;     /* of its packets */
    struct btbb_moment paged;           /* FHS of the page response */
    struct btbb_moment host_connection; /* LMP_host_connection_req */
    struct btbb_moment setup_complete;  /* the first LMP_setup_complete */
    struct btbb_moment role_switch;     /* the last one that was accepted, or that an FHS shows */
    struct btbb_moment sniff;           /* sniff mode was accepted for the first time */
    struct btbb_moment detached;
    uint32_t role_switches;
    uint8_t detach_side;
    uint8_t detach_error;

    uint32_t lmp_packets;        /* LMP without the following two */
    uint32_t faulty_packets;     /* LMP of unknown opcode or wrong length */
    uint32_t retransmissions;    /* of any kind */
    uint32_t data_packets;       /* L2CAP data */
    uint32_t clear_data_packets; /* of them, while encryption was off or paused */
    struct btbb_moment clear_data_first, clear_data_last;
    uint32_t payloads[BTBB_REASONS]; /* by what became of their decryption, retransmissions included */
    bool has_keys;                   /* the user has given keys, of whatever devices */

    struct btbb_pairing pairing; /* the last one */
    uint32_t pairings;
    struct btbb_authentication verified[BTBB_SIDES + 1u]; /* the last one by claimant; the third: not known which */
    uint8_t last_verified;                                /* index of the latest of them */

    uint8_t encryption;            /* enum btbb_encryption_state */
    struct btbb_moment mode_asked; /* the first LMP_encryption_mode_req that asks for encryption */
    struct btbb_moment refused;    /* the last refusal of refused_code */
    uint16_t refused_code;         /* LMP_encryption_mode_req, _key_size_req or LMP_start_encryption_req */
    uint8_t refused_error;
    uint8_t asked_size, asked_side; /* the first LMP_encryption_key_size_req: bytes, sender */
    uint8_t agreed_size;            /* the last size that was agreed; 0: not known */
    uint8_t lowest_size;            /* the lowest that was agreed; 0: not known */
    uint32_t asked_size_frame, agreed_size_frame, lowest_size_frame;
    uint32_t lowest_size_asked_frame; /* LMP_encryption_key_size_req of lowest_size */
    uint32_t sizes_asked;             /* number of LMP_encryption_key_size_req */
    uint32_t pauses, resumptions;
    struct btbb_moment paused, resumed; /* the last ones */
    uint32_t encrypted_frame;           /* the first packet that the capture marks as encrypted */
    uint32_t temporary_frame; /* LMP_temp_key, since which a temporary link key is in use (4.2.4); 0: none is */
    uint32_t aes_frame;       /* the first proof of AES-CCM: a MIC, or LMP_pause_encryption_aes_req */
    struct btbb_encryption_session *sessions; /* in order; owned by the tracker. NULL: none */
    uint32_t session_count;
    uint32_t sessions_dropped; /* not kept for lack of room or memory */

    /* For learning. */
    struct btbb_link_request pending[BTBB_LINK_PENDING];
    struct btbb_link_challenge challenge[BTBB_SIDES + 1u]; /* by sender */
    uint32_t next_lap; /* of the Central after a role switch that was asked for; valid when has_next_lap */
    bool has_next_lap;
    int8_t votes;       /* proofs that side 0 (positive) or 1 (negative) is Central; at most 2 */
    uint8_t found;      /* bit n: finding n was reported by an event */
    uint8_t data_state; /* enum btbb_encryption_state of the last data packet plus one; 0: none */
};

#endif
