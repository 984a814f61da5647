/* decryptor.c: see decryptor.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/decryptor-int.h"

#include "decode/layout.h"
#include "learn/by-frame.h"
#include "learn/link-feed.h"

#include <stdlib.h>

/* Payload headers have 0, 1 or 2 bytes. */
#define HEADER_KINDS 3u

/* Lists of keys that are tried for one payload: of the latest encryptions, and those of the user. */
#define KEY_LISTS  (BTBB_CIPHER_SESSIONS + 1u)
#define KEYS_TRIED (BTBB_CIPHER_KEYS * KEY_LISTS)

#define CLK26_MASK 0x3ffffffu

static bool copy_keys(struct btbb_keyring *to, const struct btbb_keyring *from)
{
    for (uint32_t i = 0; i < from->count; i++)
        if (!btbb_keyring_add(to, &from->keys[i]))
            return false;
    return true;
}

struct btbb_decryptor *btbb_decryptor_new(const struct btbb_keyring *keys, bool remember)
{
    struct btbb_decryptor *decryptor = calloc(1, sizeof *decryptor);

    if (!decryptor)
        return NULL;
    btbb_e0_build(&decryptor->e0);
    decryptor->remember = remember;
    decryptor->links = btbb_links_new();
    if (decryptor->links && copy_keys(&decryptor->keys, keys))
        return decryptor;
    btbb_decryptor_free(decryptor);
    return NULL;
}

void btbb_decryptor_free(struct btbb_decryptor *decryptor)
{
    if (!decryptor)
        return;
    btbb_decryptor_forget_frames(&decryptor->kept);
    btbb_keyring_clear(&decryptor->keys);
    btbb_links_free(decryptor->links);
    btbb_key_table_free(&decryptor->by_link);
    free(decryptor->ciphers);
    free(decryptor->derived);
    free(decryptor->frames);
    free(decryptor->bytes);
    free(decryptor);
}

/* ------ One payload ------ */

/* A payload that is to be decrypted. */
struct attempt {
    struct btbb_decryptor *decryptor;
    const struct btbb_frame *frame;
    struct btbb_facts *facts;
    struct btbb_clocks clocks;
    uint8_t header_bytes[HEADER_KINDS]; /* that the packet may have */
    uint32_t header_kinds;
    bool ambiguous;
};

/* What was right. */
struct found {
    uint32_t key, clk;
    uint8_t header_bytes;
};

/* Room for the plain frame. Returns false when memory is exhausted. */
static bool make_room(struct btbb_decryptor *decryptor, uint32_t bytes)
{
    if (bytes <= decryptor->byte_capacity)
        return true;
    uint8_t *grown = realloc(decryptor->bytes, bytes);

    if (!grown)
        return false;
    decryptor->bytes = grown;
    decryptor->byte_capacity = bytes;
    return true;
}

/* Makes plain->frame of the frame and `bytes` bytes of plain payload, which are in decryptor->bytes at their place. */
static void set_frame(const struct attempt *attempt, uint32_t bytes, struct btbb_plain *plain)
{
    const struct btbb_frame *frame = attempt->frame;
    const uint32_t start = attempt->facts->payload.offset, end = start + bytes;
    uint8_t *to = attempt->decryptor->bytes;

    memcpy(to, frame->bytes, start);
    memcpy(to + end, frame->bytes + end, frame->captured - end);
    plain->frame = *frame;
    plain->frame.bytes = to;
    plain->bytes = bytes;
}

static bool try_header(struct attempt *attempt, struct btbb_clocks clocks, uint32_t key, uint8_t header_bytes,
                       struct btbb_plain *plain)
{
    struct btbb_decryptor *decryptor = attempt->decryptor;
    const struct btbb_payload *payload = &attempt->facts->payload;
    const struct btbb_span bytes = {attempt->frame->bytes + payload->offset, payload->captured};
    const struct btbb_encryption *encryption = &decryptor->derived[key].encryption;
    const struct btbb_decrypted done =
        btbb_decrypt(&decryptor->e0, encryption, clocks, (struct btbb_encrypted){bytes, header_bytes},
                     decryptor->bytes + payload->offset);

    attempt->ambiguous = attempt->ambiguous || done.result == BTBB_DECRYPTION_AMBIGUOUS;
    if (done.result != BTBB_DECRYPTION_GOOD)
        return false;
    plain->clk = done.clock;
    set_frame(attempt, done.length, plain);
    btbb_check_with_uap(&plain->frame, attempt->facts, true, (uint8_t)(encryption->central >> 24));
    return attempt->facts->crc_check == BTBB_CHECK_GOOD;
}

/* Tries a key for all layouts of the payload. On success, facts and `plain` are those of the plain payload. */
static bool try_key(struct attempt *attempt, uint32_t key, struct found *found, struct btbb_plain *plain)
{
    for (uint32_t i = 0; i < attempt->header_kinds; i++) {
        if (!try_header(attempt, attempt->clocks, key, attempt->header_bytes[i], plain))
            continue;
        *found = (struct found){key, plain->clk, attempt->header_bytes[i]};
        attempt->decryptor->derived[key].proven = true;
        return true;
    }
    return false;
}

static void add_header_kind(struct attempt *attempt, uint8_t header_bytes)
{
    for (uint32_t i = 0; i < attempt->header_kinds; i++)
        if (attempt->header_bytes[i] == header_bytes)
            return;
    attempt->header_bytes[attempt->header_kinds++] = header_bytes;
}

/* The layouts that the packet's TYPE leaves open. What of DV's voice field is encrypted is not known. */
static void find_header_kinds(struct attempt *attempt)
{
    size_t count;
    const struct btbb_packet_type *types = btbb_packet_types_of(attempt->facts->type, &count);

    for (size_t i = 0; i < count; i++)
        if (types[i].crc && types[i].voice_bytes == 0 && types[i].kind != BTBB_KIND_FHS)
            add_header_kind(attempt, types[i].header_bytes);
}

/* A payload of a piconet. Controllers log what they have decrypted. */
static bool is_of_piconet(const struct btbb_facts *facts)
{
    return !facts->malformed && (facts->encap == BTBB_ENCAP_LEGACY || facts->encap == BTBB_ENCAP_RF) &&
           facts->header_state == BTBB_HEADER_PRESENT && facts->packet_class == BTBB_CLASS_HEADER && facts->has_type &&
           facts->hec_check != BTBB_CHECK_BAD && !facts->lap_reserved && !facts->has_fhs &&
           facts->type > BTBB_TYPE_FHS && facts->payload.reported > 0 && !(facts->rf_flags & BTBB_RF_DECRYPTED);
}

/* The user's key, or that of the encryption, which are tried for a packet: that in force in its direction first. */
static uint32_t list_keys(const struct btbb_ciphering *cipher, enum btbb_dir dir, uint32_t keys[KEYS_TRIED])
{
    const struct btbb_ciphering_keys *all[KEY_LISTS] = {&cipher->session[0], &cipher->session[1], &cipher->given};
    const uint32_t first = cipher->in_force[dir];
    uint32_t count = 0;

    for (size_t i = 0; i < KEY_LISTS; i++)
        for (uint32_t k = 0; k < all[i]->count; k++)
            keys[count++] = all[i]->numbers[k];
    for (uint32_t i = 1; i < count; i++)
        if (keys[i] == first) {
            keys[i] = keys[0];
            keys[0] = first;
        }
    return count;
}

static bool any_proven(const struct btbb_decryptor *decryptor, const uint32_t *keys, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (decryptor->derived[keys[i]].proven)
            return true;
    return false;
}

/* Why no key has decrypted the payload. */
static enum btbb_decrypt_reason explain(const struct attempt *attempt, const struct btbb_ciphering *cipher,
                                        const uint32_t *keys, uint32_t count, enum btbb_dir dir)
{
    const struct btbb_payload *payload = &attempt->facts->payload;
    const struct btbb_decryptor *decryptor = attempt->decryptor;
    const struct btbb_ciphering_keys *given = &cipher->given;
    const bool newest_missing = cipher->sessions > 0 && cipher->session[0].count == 0;

    if (!btbb_may_be_encrypted(decryptor, cipher, dir))
        return BTBB_REASON_NONE;
    if (count == 0 || (newest_missing && given->count == 0))
        return btbb_missing_key(decryptor, cipher);
    if (attempt->header_kinds == 0)
        return BTBB_REASON_NO_CRC;
    if (attempt->clocks.count == 0 || attempt->clocks.count > BTBB_CLOCKS_MAX)
        return BTBB_REASON_NO_CLOCK;
    if (attempt->ambiguous)
        return BTBB_REASON_CLOCKS_DIFFER;
    if (payload->captured < payload->reported)
        return BTBB_REASON_CUT;
    if (any_proven(decryptor, keys, count))
        return BTBB_REASON_DAMAGED;
    return cipher->session[0].count > 0 ? BTBB_REASON_STALE : BTBB_REASON_WRONG_CRC;
}

/* Finds out what the payload is: encrypted with a key, clear, or neither. */
static enum btbb_decrypt_reason decrypt(struct attempt *attempt, const struct btbb_verdict *verdict,
                                        struct found *found, struct btbb_plain *plain)
{
    struct btbb_decryptor *decryptor = attempt->decryptor;
    struct btbb_facts *facts = attempt->facts;
    struct btbb_ciphering *cipher = btbb_ciphering_of(decryptor, facts, verdict);
    const bool clear = facts->crc_check == BTBB_CHECK_GOOD;
    const struct btbb_facts captured = *facts;
    uint32_t keys[KEYS_TRIED], tried = 0;

    if (facts->payload.mic)
        return BTBB_REASON_AES_CCM;
    if (!cipher || !make_room(decryptor, attempt->frame->captured))
        return clear ? BTBB_REASON_CLEAR : BTBB_REASON_NONE;
    const uint32_t count = list_keys(cipher, verdict->dir, keys);
    const bool steady = count > 0 && cipher->in_force[verdict->dir] == keys[0];

    for (; tried < count && (tried == 0 ? steady || !clear : !clear); tried++) {
        if (!try_key(attempt, keys[tried], found, plain))
            continue;
        cipher->in_force[verdict->dir] = found->key;
        return BTBB_REASON_GOOD;
    }
    *facts = captured; /* a payload with a good CRC by chance may not be a packet */
    if (!clear)
        return explain(attempt, cipher, keys, count, verdict->dir);
    cipher->in_force[verdict->dir] = BTBB_CIPHER_CLEAR;
    return BTBB_REASON_CLEAR;
}

/* ------ Frames ------ */

/* The link tracker learns from packets that are clear or decrypted. */
static void feed(struct btbb_decryptor *decryptor, uint32_t number, const struct btbb_frame *frame,
                 const struct btbb_facts *facts, const struct btbb_verdict *verdict, bool decrypted)
{
    const enum btbb_link_packet_kind kind = btbb_link_packet_kind_of(facts, verdict);
    struct btbb_link_packet packet = {
        .frame = number, .time_ns = frame->has_time ? frame->time_ns : 0, .has_time = frame->has_time};
    struct btbb_link_event event;

    if (kind == BTBB_LINK_PACKET_NONE)
        return;
    btbb_link_packet_fill(kind, frame, facts, verdict, &packet);
    btbb_link_packet_set_decryption(&packet, true, decrypted ? BTBB_REASON_GOOD : BTBB_REASON_NONE);
    btbb_links_add(decryptor->links, &packet, &event);
}

static void remember(struct btbb_decryptor *decryptor, uint32_t number, enum btbb_decrypt_reason reason,
                     const struct found *found)
{
    struct btbb_decrypted_frame *grown =
        btbb_grow(decryptor->frames, sizeof *grown, decryptor->frame_count, &decryptor->frame_capacity);

    if (!grown)
        return;
    decryptor->frames = grown;
    grown[decryptor->frame_count++] = (struct btbb_decrypted_frame){.number = number,
                                                                    .clk = found->clk,
                                                                    .key = found->key,
                                                                    .reason = (uint8_t)reason,
                                                                    .header_bytes = found->header_bytes};
}

/* What a clock is made of: a frame that was decoded and learned. */
struct heard {
    const struct btbb_capture *capture;
    const struct btbb_frame *frame;
    const struct btbb_facts *facts;
    const struct btbb_verdict *verdict;
    uint32_t number;
    bool is_recalled; /* so that what later frames show may be used */
};

/* The clocks of a packet, in `own`: those of the caller, or that of the file or found in the capture, or those that
 * hops do not tell apart. Keystreams depend on the lower 26 bits. */
static struct btbb_clocks clocks_of(const struct heard *heard, struct btbb_clk27 given, uint32_t own[BTBB_CLOCKS_MAX])
{
    const struct btbb_clock_answer *clock = &heard->verdict->clock;
    uint32_t found[BTBB_CLOCK_CANDIDATES];

    if (given.count > BTBB_CLOCKS_MAX || (given.count == 0 && clock->source == BTBB_CLOCK_OFFSET))
        return (struct btbb_clocks){NULL, 0};
    if (given.count == 0 && (clock->has_clk || heard->is_recalled))
        given = (struct btbb_clk27){found, btbb_capture_candidates(heard->capture, heard->number, heard->frame,
                                                                   heard->facts, heard->verdict, found)};
    for (uint32_t i = 0; i < given.count; i++)
        own[i] = given.values[i] & CLK26_MASK;
    return (struct btbb_clocks){own, given.count};
}

static void set_result(enum btbb_decrypt_reason reason, struct btbb_plain *plain)
{
    plain->reason = reason;
    plain->status = btbb_decrypt_status_of(reason);
}

/* Broadcast packets (LT_ADDR 0) are in the clear, unless a temporary key was set up for them. */
static enum btbb_decrypt_reason explain_broadcast(const struct btbb_decryptor *decryptor,
                                                  const struct btbb_facts *facts, const struct btbb_verdict *verdict)
{
    if (facts->crc_check != BTBB_CHECK_BAD || !btbb_uses_temporary_key(decryptor, verdict->lap))
        return BTBB_REASON_NONE;
    return BTBB_REASON_TEMPORARY;
}

void btbb_decryptor_learn(struct btbb_decryptor *decryptor, struct btbb_capture *capture, uint32_t number,
                          const struct btbb_frame *frame, struct btbb_clk27 clocks, struct btbb_facts *facts,
                          struct btbb_verdict *verdict, struct btbb_plain *plain)
{
    struct attempt attempt = {.decryptor = decryptor, .frame = frame, .facts = facts};
    struct found found = {0};
    uint32_t own[BTBB_CLOCKS_MAX];

    *plain = (struct btbb_plain){.frame = *frame};
    if (!decryptor)
        return;
    if (decryptor->kept.on)
        btbb_decryptor_keep_frame(decryptor, number, frame, facts);
    if (is_of_piconet(facts) && facts->lt_addr == 0) {
        set_result(explain_broadcast(decryptor, facts, verdict), plain);
    } else if (is_of_piconet(facts)) {
        const bool is_recalled = decryptor->is_redone || btbb_capture_recalls(capture);
        const struct heard heard = {capture, frame, facts, verdict, number, is_recalled};

        attempt.clocks = clocks_of(&heard, clocks, own);
        find_header_kinds(&attempt);
        set_result(decrypt(&attempt, verdict, &found, plain), plain);
        if (plain->status == BTBB_DECRYPT_GOOD)
            btbb_capture_learn_plain(capture, number, &plain->frame, facts, verdict);
        else
            plain->frame = *frame;
        decryptor->kept.without_clock += plain->status == BTBB_DECRYPT_NO_CLOCK;
    }
    if (decryptor->remember && plain->reason != BTBB_REASON_NONE)
        remember(decryptor, number, plain->reason, &found);
    feed(decryptor, number, &plain->frame, facts, verdict, plain->status == BTBB_DECRYPT_GOOD);
}

static const struct btbb_decrypted_frame *find_frame(const struct btbb_decryptor *decryptor, uint32_t number)
{
    const uint32_t count = btbb_count_until(decryptor->frames, decryptor->frame_count, sizeof *decryptor->frames,
                                            offsetof(struct btbb_decrypted_frame, number), number);

    return count > 0 && decryptor->frames[count - 1].number == number ? &decryptor->frames[count - 1] : NULL;
}

void btbb_decryptor_recall(struct btbb_decryptor *decryptor, uint32_t number, const struct btbb_frame *frame,
                           struct btbb_facts *facts, struct btbb_plain *plain)
{
    const struct btbb_decrypted_frame *known = decryptor ? find_frame(decryptor, number) : NULL;
    struct attempt attempt = {.decryptor = decryptor, .frame = frame, .facts = facts};

    *plain = (struct btbb_plain){.frame = *frame};
    if (!known)
        return;
    set_result(known->reason, plain);
    if (plain->status != BTBB_DECRYPT_GOOD)
        return;
    if (!make_room(decryptor, frame->captured) ||
        !try_header(&attempt, (struct btbb_clocks){&known->clk, 1}, known->key, known->header_bytes, plain))
        *plain = (struct btbb_plain){.frame = *frame};
}
