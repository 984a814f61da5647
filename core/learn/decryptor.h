/* decryptor.h: decrypts the payloads of a capture with the user's keys (crypt/key-file.h), and remembers how.
 *
 * The link tracker (learn/links.h) shows when an encryption starts, who authenticated whom, and the key size. From
 * these and a link key follows the key of each encryption, after the link key has been verified by an SRES. A payload
 * counts as decrypted only if its CRC is good afterwards. docs/decryption.md lists what is proven, and by what.
 *
 *     struct btbb_decryptor *decryptor = btbb_decryptor_new(&keyring, true);
 *     for each frame, first pass:   btbb_decode(), btbb_capture_learn(), then
 *                                   btbb_decryptor_learn(decryptor, capture, number, &frame, clocks, &facts, &verdict,
 *                                                        &plain);
 *     for a frame seen before:      btbb_decode(), btbb_capture_recall(), then btbb_decryptor_recall(...)
 *     btbb_decryptor_free(decryptor);
 *
 * Where a payload is decrypted, facts and verdict become those of the plain payload, and plain.frame is the frame with
 * it. Otherwise facts, verdict and frame stay as they are.
 *
 * Encrypted are packets of legacy and LINKTYPE 255 captures. What controllers log is clear already.
 *
 * Memory: 512 bytes for each connection, 32 bytes for each key of an encryption, of which there are at most
 * BTBB_DECRYPTOR_KEYS, and 16 bytes for each payload to be recalled.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later / */
#ifndef BTBB_CORE_DECRYPTOR_H
#define BTBB_CORE_DECRYPTOR_H

#include "crypt/key-file.h"
#include "learn/capture.h"
#include "learn/decrypt-reason.h"
#include "learn/links.h"

#define BTBB_DECRYPTOR_KEYS 65536u

/* Clocks that the first slot of a packet may have, CLK27..CLK1 of the piconet's Central; no value: not known. At most
 * BTBB_CLOCKS_MAX (crypt/decrypt.h); with more, the clock counts as unknown. */
struct btbb_clk27 {
    const uint32_t *values;
    uint32_t count;
};

struct btbb_plain {
    enum btbb_decrypt_status status;
    enum btbb_decrypt_reason reason;
    uint32_t clk;            /* CLK26..CLK1 that was right; this and the next two: valid when GOOD */
    uint32_t bytes;          /* of payload header, body and CRC, from facts->payload.offset on */
    struct btbb_frame frame; /* with the plain payload; its bytes are the decryptor's, valid until the next call */
};

struct btbb_decryptor;

/* A copy of the keys is kept. `remember`: frames will be recalled. NULL only when memory is exhausted; free with
 * btbb_decryptor_free(), which takes NULL. */
struct btbb_decryptor *btbb_decryptor_new(const struct btbb_keyring *keys, bool remember);
void btbb_decryptor_free(struct btbb_decryptor *decryptor);

/* Takes in one frame that btbb_capture_learn() has just learned, decoded in full. `decryptor` may be NULL: then
 * there is nothing to do. `clocks`: without a value, the clock of the verdict is used;
 * where it has none and the frame was learned before, the candidates of the capture. `plain` is set. */
void btbb_decryptor_learn(struct btbb_decryptor *decryptor, struct btbb_capture *capture, uint32_t number,
                          const struct btbb_frame *frame, struct btbb_clk27 clocks, struct btbb_facts *facts,
                          struct btbb_verdict *verdict, struct btbb_plain *plain);

/* To be called before the first frame: keep the frames with payloads, so that btbb_decryptor_redo() can decrypt them
 * anew. They take their bytes and 64 more each, at most BTBB_DECRYPTOR_KEPT_BYTES; with more, none is kept. */
#define BTBB_DECRYPTOR_KEPT_BYTES (UINT64_C(64) << 20)
void btbb_decryptor_keep(struct btbb_decryptor *decryptor);

/* Takes in a frame that is decrypted anew. `plain` is that of btbb_decryptor_learn(). */
typedef void (*btbb_decryptor_redone)(void *user, uint32_t number, const struct btbb_facts *facts,
                                      const struct btbb_verdict *verdict, const struct btbb_plain *plain);

/* To be called before frames are recalled: where a clock was missing and later frames may have shown it, decrypts the
 * kept frames anew with all that the capture knows now, and replaces *decryptor. While frames are still learned, it
 * waits until there are half as many again. `redone` (NULL: none) is called for each frame. Returns whether it did. */
bool btbb_decryptor_redo(struct btbb_decryptor **decryptor, struct btbb_capture *capture, btbb_decryptor_redone redone,
                         void *user);

/* The same result again, for a frame that btbb_capture_recall() has just recalled. */
void btbb_decryptor_recall(struct btbb_decryptor *decryptor, uint32_t number, const struct btbb_frame *frame,
                           struct btbb_facts *facts, struct btbb_plain *plain);

#endif
