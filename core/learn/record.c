/* record.c: facts and verdict -> record (record.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/capture.h"

static void fill_client(const struct btbb_verdict *verdict, struct btbb_record *record)
{
    record->lap = verdict->lap;
    record->nap = verdict->nap;
    record->uap = verdict->uap;
    record->rank = (uint8_t)verdict->rank;
    record->uap_source = (uint8_t)verdict->uap_source;
}

static void fill_packet(const struct btbb_facts *facts, const struct btbb_verdict *verdict, struct btbb_record *record)
{
    record->payload_bytes = facts->padded_id ? 0 : facts->payload.reported;
    record->packet_class = (uint8_t)facts->packet_class;
    record->type = facts->type;
    record->kind = facts->kind ? (uint8_t)(facts->kind->kind + 1) : 0;
    record->lt_addr = facts->lt_addr;
    record->hec = (uint8_t)facts->hec_check;
    record->crc = (uint8_t)facts->crc_check;
    record->dir = (uint8_t)verdict->dir;
    record->dir_source = (uint8_t)verdict->dir_source;
    record->retransmission = verdict->retransmission;
    record->plain_retransmission = verdict->plain_retransmission;
}

static void fill_reception(const struct btbb_facts *facts, struct btbb_record *record)
{
    record->own = (uint8_t)facts->own;
    record->has_channel = facts->has_channel;
    record->has_signal = facts->has_signal;
    record->has_noise = facts->has_noise;
    record->channel = facts->channel;
    record->signal_dbm = facts->signal_dbm;
    record->noise_dbm = facts->noise_dbm;
}

static void fill_taught(const struct btbb_verdict *verdict, struct btbb_record *record)
{
    record->taught = true;
    record->taught_lap = verdict->taught_lap;
    record->taught_uap = verdict->taught_uap;
    record->taught_nap = verdict->taught_nap;
}

void btbb_record_fill(const struct btbb_facts *facts, const struct btbb_verdict *verdict, struct btbb_record *record)
{
    record->encap = (uint8_t)facts->encap;
    record->malformed = facts->malformed;
    record->foreign = facts->foreign;
    record->time_jump_ns = verdict->time_jump_ns;
    fill_client(verdict, record);
    if (facts->malformed)
        return;
    if (facts->packet_class != BTBB_CLASS_ID || facts->payload.reported > 0) /* otherwise all of it stays zero */
        fill_packet(facts, verdict, record);
    fill_reception(facts, record);
    if (verdict->taught)
        fill_taught(verdict, record);
}
