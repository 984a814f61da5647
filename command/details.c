/* details.c: see details.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "details.h"

#include "learn/link-feed.h"

bool btbb_learned_init(struct btbb_learned *learned, enum btbb_learning learning, const struct btbb_keyring *keys)
{
    *learned = (struct btbb_learned){.capture = btbb_capture_new(), .learning = learning};
    if (learning != BTBB_LEARN_NOTHING)
        learned->log = btbb_link_log_new(false);
    if (learned->log && learning == BTBB_LEARN_NAMES)
        btbb_links_only_names(learned->log->links);
    if (keys->count > 0)
        learned->decryptor = btbb_decryptor_new(keys, false);
    return learned->capture && (learned->log || learning == BTBB_LEARN_NOTHING) &&
           (learned->decryptor || keys->count == 0);
}

void btbb_learned_clear(struct btbb_learned *learned)
{
    btbb_decryptor_free(learned->decryptor);
    btbb_link_log_free(learned->log);
    btbb_capture_free(learned->capture);
    *learned = (struct btbb_learned){0};
}

static void follow_links(const struct btbb_learned *learned, const struct btbb_read_frame *in,
                         const struct btbb_plain *plain, const struct btbb_facts *facts,
                         const struct btbb_verdict *verdict)
{
    enum btbb_link_packet_kind kind = btbb_link_packet_kind_with(facts, verdict, plain->reason);
    bool names = kind != BTBB_LINK_PACKET_DATA && kind != BTBB_LINK_PACKET_SEALED;
    if (kind == BTBB_LINK_PACKET_NONE || !(names || learned->learning == BTBB_LEARN_LINKS))
        return;
    struct btbb_link_packet packet = {
        .frame = in->number, .time_ns = in->frame.time_ns, .has_time = in->frame.has_time};
    bool decrypted = plain->status == BTBB_DECRYPT_GOOD;
    btbb_link_packet_fill(kind, decrypted ? &plain->frame : &in->frame, facts, verdict, &packet);
    btbb_link_packet_set_decryption(&packet, learned->decryptor != NULL, plain->reason);
    btbb_link_log_add(learned->log, &packet, NULL);
}

/* Out of line, so that usual frames avoid the cost of its large variables. */
static G_GNUC_NO_INLINE void read_any(const struct btbb_learned *learned, const struct btbb_read_frame *in,
                                      struct btbb_details *details)
{
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    struct btbb_plain plain;
    btbb_decode(&in->frame, &facts);
    btbb_capture_learn(learned->capture, in->number, &in->frame, &facts, &verdict);
    plain.status = BTBB_DECRYPT_NONE;
    plain.reason = BTBB_REASON_NONE;
    if (learned->decryptor)
        btbb_decryptor_learn(learned->decryptor, learned->capture, in->number, &in->frame, (struct btbb_clk27){NULL, 0},
                             &facts, &verdict, &plain);
    btbb_record_fill(&facts, &verdict, &details->record);
    btbb_details_fill(&facts, &verdict, details);
    if (learned->log)
        follow_links(learned, in, &plain, &facts, &verdict);
}

void btbb_read_details(const struct btbb_learned *learned, const struct btbb_read_frame *in,
                       struct btbb_details *details)
{
    *details = (struct btbb_details){.record = {.version = BTBB_RECORD_VERSION,
                                                .frame = in->number,
                                                .wire_bytes = in->wire_bytes,
                                                .time_ns = in->frame.time_ns,
                                                .has_time = in->frame.has_time}};
    /* Usual frames have no payload, so nothing of connections. The decryptor follows all packets. */
    if (!learned->decryptor && btbb_capture_learn_fast(learned->capture, &in->frame, BTBB_FAST_ALL, &details->record))
        btbb_details_fill_fast(&in->frame, details);
    else
        read_any(learned, in, details);
    if (learned->log && details->record.lap != BTBB_LAP_UNKNOWN)
        details->name = btbb_device_names_at(btbb_links_names(learned->log->links), details->record.lap, in->number);
}
