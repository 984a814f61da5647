/* packets-format.c: the columns of the view packets as text.
 *
 * Written without printf(), which would take most of the time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/packets-int.h"

#include <string.h>

#include "count/totals.h"
#include "decode/address-text.h"
#include "decode/packet-type.h"
#include "show/local-time.h"

static char *put_text(char *at, const char *text)
{
    const size_t length = strlen(text);

    memcpy(at, text, length);
    return at + length;
}

static char *put_number(char *at, uint64_t number)
{
    char digits[20];
    size_t start = sizeof digits;

    do
        digits[--start] = (char)('0' + number % 10);
    while (number /= 10);
    memcpy(at, digits + start, sizeof digits - start);
    return at + (sizeof digits - start);
}

static char *put_signed(char *at, int number)
{
    if (number < 0)
        *at++ = '-';
    return put_number(at, (uint64_t)(number < 0 ? -number : number));
}

static char *put_flag(char *at, bool flag)
{
    return put_text(at, flag ? "true" : "false");
}

/* ".330676" in 3, 6 or 9 digits; nothing for a whole second. */
static char *put_fraction(char *at, uint32_t fraction)
{
    unsigned digits = btbb_fraction_digits(fraction);

    if (digits == 0)
        return at;
    for (unsigned i = digits; i < 9; i++)
        fraction /= 10;
    *at = '.';
    for (unsigned i = digits; i > 0; i--, fraction /= 10)
        at[i] = (char)('0' + fraction % 10);
    return at + digits + 1;
}

static void set_second(struct btbb_packet_texts *texts, int64_t second)
{
    if (texts->epoch_bytes > 0 && texts->second == second)
        return;
    texts->second = second;
    texts->epoch_bytes = (unsigned)(put_number(texts->epoch, (uint64_t)second) - texts->epoch);
    btbb_local_time(second, texts->time);
    texts->time[strlen("2012-06-13")] = 'T';
    texts->time_bytes = (unsigned)strlen(texts->time);
    btbb_utc_offset(second, texts->offset);
}

/* --- columns: each is a btbb_packet_column ---------------------------------------------------------------------- */

#define COLUMN(name)                                                                                                   \
    static char *put_##name(char *at, const struct btbb_details *details, struct btbb_packet_texts *texts)

#define UNUSED (void)details, (void)texts

COLUMN(frame)
{
    UNUSED;
    return put_number(at, details->record.frame);
}

COLUMN(epoch)
{
    uint32_t fraction;

    if (!details->record.has_time)
        return at;

    const int64_t second = btbb_seconds_of(details->record.time_ns, &fraction);

    if (second < 0) { /* the fraction counts from the second before */
        *at++ = '-';
        at = put_number(at, (uint64_t)(fraction ? -(second + 1) : -second));
        return put_fraction(at, fraction ? 1000000000u - fraction : 0);
    }
    set_second(texts, second);
    memcpy(at, texts->epoch, texts->epoch_bytes);
    return put_fraction(at + texts->epoch_bytes, fraction);
}

COLUMN(time)
{
    uint32_t fraction;

    if (!details->record.has_time)
        return at;
    set_second(texts, btbb_seconds_of(details->record.time_ns, &fraction));
    memcpy(at, texts->time, texts->time_bytes);
    return put_text(put_fraction(at + texts->time_bytes, fraction), texts->offset);
}

COLUMN(lap)
{
    UNUSED;
    return btbb_lap_text(details->record.lap, at) + BTBB_LAP_TEXT_BYTES - 1;
}

COLUMN(uap)
{
    UNUSED;
    if (details->record.rank == BTBB_RANK_LAP)
        return at;
    return btbb_uap_text(details->record.uap, at) + BTBB_UAP_TEXT_BYTES - 1;
}

COLUMN(nap)
{
    UNUSED;
    if (details->record.rank != BTBB_RANK_NAP)
        return at;
    return btbb_nap_text(details->record.nap, at) + BTBB_NAP_TEXT_BYTES - 1;
}

/* Not known yet: device names are not part of the record. */
COLUMN(name)
{
    UNUSED;
    return at;
}

COLUMN(class)
{
    const uint32_t series = btbb_series_of(&details->record);

    UNUSED;
    return put_text(at, series < BTBB_TYPES ? "header" : series == BTBB_SERIES_ID ? "id" : "undecoded");
}

static bool has_header(const struct btbb_details *details)
{
    return btbb_series_of(&details->record) < BTBB_TYPES;
}

COLUMN(type)
{
    UNUSED;
    return has_header(details) ? put_number(at, details->record.type) : at;
}

COLUMN(type_name)
{
    static const char *const names[BTBB_TYPES] = BTBB_TYPE_NAMES;

    UNUSED;
    return has_header(details) ? put_text(at, names[details->record.type & (BTBB_TYPES - 1)]) : at;
}

COLUMN(kind)
{
    UNUSED;
    if (details->record.kind == 0)
        return at;
    return put_text(at, btbb_packet_types[(details->record.kind - 1) % BTBB_KIND_COUNT].name);
}

COLUMN(lt_addr)
{
    UNUSED;
    return has_header(details) ? put_number(at, details->record.lt_addr) : at;
}

COLUMN(to_master)
{
    UNUSED;
    if (details->record.dir == BTBB_DIR_UNKNOWN)
        return at;
    return put_flag(at, details->record.dir == BTBB_DIR_TO_CENTRAL);
}

COLUMN(payload)
{
    UNUSED;
    return put_number(at, details->record.payload_bytes);
}

COLUMN(clk)
{
    UNUSED;
    return details->has_clk ? put_number(at, details->clk) : at;
}

COLUMN(channel)
{
    UNUSED;
    return details->record.has_channel ? put_number(at, details->record.channel) : at;
}

COLUMN(signal)
{
    UNUSED;
    return details->record.has_signal ? put_signed(at, details->record.signal_dbm) : at;
}

COLUMN(noise)
{
    UNUSED;
    return details->record.has_noise ? put_signed(at, details->record.noise_dbm) : at;
}

static char *put_check(char *at, unsigned check)
{
    static const char *const names[] = {[BTBB_CHECK_ABSENT] = "",
                                        [BTBB_CHECK_UNVERIFIED] = "unverified",
                                        [BTBB_CHECK_GOOD] = "good",
                                        [BTBB_CHECK_BAD] = "bad"};

    return put_text(at, names[check & 3]);
}

COLUMN(hec)
{
    UNUSED;
    return put_check(at, details->record.hec);
}

COLUMN(crc)
{
    UNUSED;
    return put_check(at, details->record.crc);
}

COLUMN(llid)
{
    UNUSED;
    return details->has_payload_header ? put_number(at, details->llid) : at;
}

COLUMN(length)
{
    UNUSED;
    return details->has_payload_header ? put_number(at, details->length) : at;
}

COLUMN(flow)
{
    UNUSED;
    return details->has_flags ? put_number(at, details->flow) : at;
}

COLUMN(arqn)
{
    UNUSED;
    return details->has_flags ? put_number(at, details->arqn) : at;
}

COLUMN(seqn)
{
    UNUSED;
    return details->has_flags ? put_number(at, details->seqn) : at;
}

COLUMN(uap_source)
{
    static const char *const names[] = {
        [BTBB_UAP_UNKNOWN] = "", [BTBB_UAP_FILE] = "file", [BTBB_UAP_REFERENCE] = "reference", [BTBB_UAP_HEC] = "HEC",
        [BTBB_UAP_CRC] = "CRC",  [BTBB_UAP_FHS] = "FHS",   [BTBB_UAP_RESERVED] = "reserved"};

    UNUSED;
    return details->record.uap_source < G_N_ELEMENTS(names) ? put_text(at, names[details->record.uap_source]) : at;
}

COLUMN(notebook_nap)
{
    UNUSED;
    return btbb_nap_text(details->notebook_nap, at) + BTBB_NAP_TEXT_BYTES - 1;
}

COLUMN(notebook_uap)
{
    UNUSED;
    return btbb_uap_text(details->notebook_uap, at) + BTBB_UAP_TEXT_BYTES - 1;
}

/* pandas writes the truth values of a column in this way. */
static char *put_pandas_flag(char *at, bool flag)
{
    return put_text(at, flag ? "True" : "False");
}

COLUMN(notebook_payload)
{
    UNUSED;
    return put_pandas_flag(at, details->notebook_payload);
}

COLUMN(notebook_to_master)
{
    UNUSED;
    return details->notebook_has_to_master ? put_pandas_flag(at, details->notebook_to_master) : at;
}

/* datetime.fromtimestamp() of whole seconds, as pandas prints it. */
COLUMN(notebook_time)
{
    uint32_t fraction;

    if (!details->record.has_time)
        return at;
    set_second(texts, btbb_seconds_of(details->record.time_ns, &fraction));
    memcpy(at, texts->time, texts->time_bytes);
    at[strlen("2012-06-13")] = ' ';
    return at + texts->time_bytes;
}

static const struct btbb_packet_format columns[] = {
    {"frame", put_frame},
    {"epoch", put_epoch},
    {"time", put_time},
    {"lap", put_lap},
    {"uap", put_uap},
    {"nap", put_nap},
    {"name", put_name},
    {"class", put_class},
    {"type", put_type},
    {"type_name", put_type_name},
    {"kind", put_kind},
    {"lt_addr", put_lt_addr},
    {"to_master", put_to_master},
    {"payload", put_payload},
    {"clk", put_clk},
    {"channel", put_channel},
    {"signal", put_signal},
    {"noise", put_noise},
    {"hec", put_hec},
    {"crc", put_crc},
    {"llid", put_llid},
    {"length", put_length},
    {"flow", put_flow},
    {"arqn", put_arqn},
    {"seqn", put_seqn},
    {"uap_source", put_uap_source},
};

const struct btbb_packet_format btbb_notebook_columns[] = {
    {"nap", put_notebook_nap}, {"uap", put_notebook_uap},         {"lap", put_lap},
    {"type", put_type_name},   {"payload", put_notebook_payload}, {"to_master", put_notebook_to_master},
    {"name", put_name},        {"time", put_notebook_time},       {NULL, NULL},
};

btbb_packet_column *btbb_packet_column_find(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        if (strcmp(columns[i].key, key) == 0)
            return columns[i].write;
    return NULL;
}
