/* writer.c: see writer.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/writer.h"

#include "decode/read-bits.h"
#include "decode/time.h"

#define FRACTIONS_NEEDED    4u
#define FRACTIONS_DISPROVEN UINT32_MAX
#define NS_PER_MILLISECOND  INT64_C(1000000)

static void note(struct btbb_writer *writer, uint32_t number, enum btbb_note which)
{
    if (writer->note_at[which] == 0)
        writer->note_at[which] = number;
}

static bool has_small_fraction(const struct btbb_frame *frame)
{
    const int64_t fraction = frame->has_time ? frame->time_ns % BTBB_NS_PER_SECOND : 0;

    return fraction > 0 && fraction < NS_PER_MILLISECOND;
}

static void learn_time_units(struct btbb_writer *writer, uint32_t number, const struct btbb_frame *frame,
                             const struct btbb_facts *facts)
{
    if (writer->small_fractions >= FRACTIONS_NEEDED)
        return;
    if (facts->encap != BTBB_ENCAP_RF || !has_small_fraction(frame))
        writer->small_fractions = FRACTIONS_DISPROVEN;
    else if (++writer->small_fractions == FRACTIONS_NEEDED)
        note(writer, number, BTBB_NOTE_TIME_UNITS);
}

/* Whether the CRC is 0 and should not be, as far as frames up to `number` show. A body of zeros shows nothing: it was
 * not decoded, and the CRC with it. */
static bool is_crc_missing(const struct btbb_writer *writer, uint32_t number, const struct btbb_frame *frame,
                           const struct btbb_facts *facts)
{
    const struct btbb_payload *payload = &facts->payload;

    if (facts->crc_check != BTBB_CHECK_BAD || payload->crc != 0 || (writer->crc_from && number >= writer->crc_from))
        return false;
    const struct btbb_span bytes = {frame->bytes, frame->captured};

    return payload->body_bytes == 0 ||
           !btbb_all_zero(btbb_part(bytes, payload->offset + payload->body_offset, payload->body_bytes));
}

void btbb_writer_learn(struct btbb_writer *writer, uint32_t number, const struct btbb_frame *frame,
                       const struct btbb_facts *facts)
{
    if (facts->malformed)
        return;
    if (!writer->started && facts->packet_class == BTBB_CLASS_ID)
        note(writer, number, BTBB_NOTE_ACCESS_CODES);
    writer->started = true;
    if (facts->encap == BTBB_ENCAP_RF && btbb_lap_is_short(facts->lap))
        note(writer, number, BTBB_NOTE_LAP_CUT);
    learn_time_units(writer, number, frame, facts);
    writer->timed |= frame->has_time;
    writer->settled = writer->timed && writer->small_fractions >= FRACTIONS_NEEDED;
    if (facts->payload.has_crc && facts->payload.crc != 0 && writer->crc_from == 0)
        writer->crc_from = number;
    if (is_crc_missing(writer, number, frame, facts))
        note(writer, number, BTBB_NOTE_CRC_ZERO);
}

void btbb_writer_correct_crc(const struct btbb_writer *writer, uint32_t number, const struct btbb_frame *frame,
                             struct btbb_facts *facts)
{
    if (!is_crc_missing(writer, number, frame, facts))
        return;
    facts->crc_check = BTBB_CHECK_UNVERIFIED;
    if (facts->confidence == BTBB_CONFIDENCE_BAD_CRC)
        facts->confidence = BTBB_CONFIDENCE_EXACT;
}

uint32_t btbb_writer_notes(const struct btbb_writer *writer, uint32_t number)
{
    uint32_t notes = 0;

    for (unsigned i = 0; i < BTBB_NOTES; i++)
        notes |= (uint32_t)(writer->note_at[i] == number) << i;
    return notes;
}
