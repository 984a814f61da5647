/* record.c: facts and verdict -> the tap record (record.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/capture.h"

/* Above every LAP, so that a pair of addresses is never taken for one. */
#define PAIR_KEY (UINT64_C(1) << 63)

static uint64_t as_number(const uint8_t mac[6])
{
    uint64_t number = 0;

    for (int i = 0; i < 6; i++)
        number = number << 8 | mac[i];
    return number;
}

/* One key for both directions. Two addresses do not fit into 64 bits, so they are mixed: (a, b) with a <= b. */
static uint64_t pair_key(uint64_t a, uint64_t b)
{
    const uint64_t low = a < b ? a : b, high = a < b ? b : a;
    uint64_t key = (low + 1) * UINT64_C(0x9e3779b97f4a7c15);

    key = (key ^ key >> 29 ^ high) * UINT64_C(0xbf58476d1ce4e5b9);
    return (key ^ key >> 32) | PAIR_KEY;
}

/* InternalBlue: the client is the pair, its address the peer's; while nothing tells who is the peer, the sender's. */
static void enter_pair(const struct btbb_frame *frame, const struct btbb_facts *facts, struct btbb_record *record)
{
    const uint8_t *peer = facts->own == BTBB_OWN_SENT ? frame->dst : frame->src;
    const uint64_t address = as_number(peer);

    record->client = pair_key(as_number(frame->src), as_number(frame->dst));
    record->lap = address & 0xffffff;
    record->uap = (uint8_t)(address >> 24);
    record->nap = (uint16_t)(address >> 32);
    record->rank = record->nap ? BTBB_RANK_NAP : record->uap ? BTBB_RANK_UAP : BTBB_RANK_LAP;
    record->uap_source = record->rank ? BTBB_UAP_FILE : BTBB_UAP_UNKNOWN;
}

static void enter_address(const struct btbb_facts *facts, const struct btbb_verdict *verdict,
                          struct btbb_record *record)
{
    record->client = facts->lap;
    record->lap = facts->lap;
    record->nap = verdict->nap;
    record->uap = verdict->uap;
    record->rank = (uint8_t)verdict->rank;
    record->uap_source = (uint8_t)verdict->uap_source;
}

static void enter_packet(const struct btbb_facts *facts, const struct btbb_verdict *verdict, struct btbb_record *record)
{
    record->payload_bytes = facts->padded_id ? 0 : facts->payload.reported;
    record->typed = facts->typed;
    record->type = facts->type;
    record->kind = facts->kind ? (uint8_t)(facts->kind->kind + 1) : 0;
    record->lt_addr = facts->lt_addr;
    record->hec = (uint8_t)facts->hec_check;
    record->crc = (uint8_t)facts->crc_check;
    record->dir = (uint8_t)verdict->dir;
    record->retransmission = verdict->retransmission;
}

static void enter_radio(const struct btbb_facts *facts, struct btbb_record *record)
{
    record->own = (uint8_t)facts->own;
    record->has_channel = facts->has_channel;
    record->has_signal = facts->has_signal;
    record->has_noise = facts->has_noise;
    record->channel = facts->channel;
    record->signal_dbm = facts->signal_dbm;
    record->noise_dbm = facts->noise_dbm;
}

void btbb_record_fill(const struct btbb_frame *frame, const struct btbb_facts *facts,
                      const struct btbb_verdict *verdict, struct btbb_record *record)
{
    record->encap = (uint8_t)facts->encap;
    record->has_lap = !facts->malformed;
    if (facts->malformed)
        return;
    record->id = facts->id;
    if (!facts->id || facts->payload.reported > 0) /* nothing of the packet is there, and the record is all zero */
        enter_packet(facts, verdict, record);
    enter_radio(facts, record);
    if (facts->encap == BTBB_ENCAP_INTERNALBLUE)
        enter_pair(frame, facts, record);
    else
        enter_address(facts, verdict, record);
    record->taught = verdict->taught;
    if (verdict->taught) {
        record->taught_lap = facts->fhs.lap;
        record->taught_uap = facts->fhs.uap;
        record->taught_nap = facts->fhs.nap;
    }
}
