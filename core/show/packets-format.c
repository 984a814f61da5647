/* packets-format.c: the columns of the view packets as text.
 *
 * Written without printf(), which would take most of the time. Most texts are copied in blocks of a fixed size, of
 * which only the beginning counts: `at` has room for them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/packet-columns.h"

#include <string.h>

#include "count/totals.h"
#include "decode/address-text.h"
#include "decode/packet-type.h"
#include "decode/printable.h"
#include "show/csv-text.h"
#include "show/json-text.h"
#include "show/local-time.h"

/* A short text and its length. The text is copied as a whole, which is faster than copying so many bytes. */
struct word {
    char text[15];
    uint8_t length;
};

/* clang-format off */
/* A string in parentheses is no initialiser. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define WORD(text) {text, sizeof(text) - 1}
/* clang-format on */

static inline char *put_word(char *at, const struct word *word)
{
    memcpy(at, word->text, sizeof word->text);
    return at + word->length;
}

/* Two digits. */
static inline void put_pair(char *at, unsigned pair)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
        "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
        "9899";

    memcpy(at, pairs + (size_t)pair * 2, 2);
}

static inline char *put_number(char *at, uint32_t number)
{
    if (number < 10) {
        *at = (char)('0' + number);
        return at + 1;
    }
    if (number < 100) {
        put_pair(at, number);
        return at + 2;
    }

    char digits[10];
    size_t start = sizeof digits;

    for (; number >= 100; number /= 100)
        put_pair(digits + (start -= 2), number % 100);
    if (number >= 10)
        put_pair(digits + (start -= 2), number);
    else
        digits[--start] = (char)('0' + number);
    memcpy(at, digits + start, sizeof digits - start);
    return at + (sizeof digits - start);
}

static inline char *put_signed(char *at, int number)
{
    *at = '-';
    return put_number(at + (number < 0), (uint32_t)(number < 0 ? -number : number));
}

static inline char *put_flag(char *at, bool flag)
{
    static const struct word words[] = {WORD("false"), WORD("true")};

    return put_word(at, &words[flag]);
}

/* ".330676" in 3, 6 or 9 digits; nothing for a whole second. Returns the number of characters. */
static unsigned write_fraction(char *text, uint32_t fraction)
{
    const uint32_t thousands[] = {fraction / 1000000, fraction / 1000 % 1000, fraction % 1000};
    const unsigned parts = thousands[2] ? 3 : thousands[1] ? 2 : thousands[0] ? 1 : 0;

    *text = '.';
    for (unsigned i = 0; i < parts; i++) {
        text[1 + i * 3] = (char)('0' + thousands[i] / 100);
        put_pair(text + 2 + (size_t)i * 3, thousands[i] % 100);
    }
    return parts ? 1 + parts * 3 : 0;
}

static G_GNUC_NO_INLINE void set_second(struct btbb_packet_texts *texts, int64_t second)
{
    texts->second = second;
    texts->epoch_bytes = (unsigned)g_snprintf(texts->epoch, sizeof texts->epoch, "%" G_GINT64_FORMAT, second);
    btbb_local_time(second, texts->time);
    texts->time[strlen("2012-06-13")] = 'T';
    texts->time_bytes = (unsigned)strlen(texts->time);
    btbb_utc_offset(second, texts->offset);
    texts->offset_bytes = (unsigned)strlen(texts->offset);
}

/* Bring the texts of a time up to date. Packets that follow each other often have the same second. */
static inline void set_time(struct btbb_packet_texts *texts, int64_t ns)
{
    uint32_t fraction;

    if (ns == texts->ns && texts->epoch_bytes > 0)
        return;

    const int64_t second = btbb_seconds_of(ns, &fraction);

    if (texts->epoch_bytes == 0 || texts->second != second)
        set_second(texts, second);
    texts->ns = ns;
    texts->fraction_bytes = write_fraction(texts->fraction, fraction);
}

static inline char *put_part(char *at, const char text[BTBB_PACKET_PART], unsigned bytes)
{
    memcpy(at, text, BTBB_PACKET_PART);
    return at + bytes;
}

/* "-0.500" is a second before 1970 and its fraction: both count downwards. */
static char *put_early_epoch(char *at, int64_t ns)
{
    const uint64_t before = (uint64_t)0 - (uint64_t)ns;
    char fraction[16];
    const unsigned bytes = write_fraction(fraction, (uint32_t)(before % 1000000000u));

    at += g_snprintf(at, 24, "-%" G_GUINT64_FORMAT, before / 1000000000u);
    memcpy(at, fraction, bytes);
    return at + bytes;
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
    if (!details->record.has_time)
        return at;
    if (details->record.time_ns < 0)
        return put_early_epoch(at, details->record.time_ns);
    set_time(texts, details->record.time_ns);
    at = put_part(at, texts->epoch, texts->epoch_bytes);
    return put_part(at, texts->fraction, texts->fraction_bytes);
}

COLUMN(time)
{
    if (!details->record.has_time)
        return at;
    set_time(texts, details->record.time_ns);
    at = put_part(at, texts->time, texts->time_bytes);
    at = put_part(at, texts->fraction, texts->fraction_bytes);
    return put_part(at, texts->offset, texts->offset_bytes);
}

COLUMN(lap)
{
    UNUSED;
    if (details->record.lap == BTBB_LAP_UNKNOWN)
        return at;
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

/* The text of a name as the format needs it, without the quotes of JSON. Packets that follow each other often have the
 * same name. */
static G_GNUC_NO_INLINE void set_name(struct btbb_packet_texts *texts, const struct btbb_name *name)
{
    char shown[BTBB_PRINTABLE_BYTES(BTBB_LMP_NAME_BYTES)];
    const bool json = texts->format == BTBB_OUTPUT_JSON || texts->format == BTBB_OUTPUT_NDJSON;
    GString *text = g_string_new(NULL);

    btbb_printable(name->bytes, name->length, BTBB_PRINTABLE_ALL, shown, sizeof shown);
    if (json) {
        btbb_json_append(text, shown, "");
        g_string_truncate(text, text->len - 1);
        g_string_erase(text, 0, 1);
    } else if (texts->format == BTBB_OUTPUT_CSV) {
        btbb_csv_append(text, shown);
    } else {
        g_string_append(text, shown);
    }
    texts->name = *name;
    texts->name_bytes = text->len;
    g_free(texts->name_text);
    texts->name_text = g_string_free(text, FALSE);
}

COLUMN(name)
{
    const struct btbb_name *name = details->name;

    if (!name)
        return at;
    if (name->frame != texts->name.frame || name->length != texts->name.length ||
        memcmp(name->bytes, texts->name.bytes, name->length) != 0)
        set_name(texts, name);
    memcpy(at, texts->name_text, texts->name_bytes);
    return at + texts->name_bytes;
}

/* The notebook has none. */
COLUMN(notebook_name)
{
    UNUSED;
    return at;
}

COLUMN(class)
{
    static const struct word words[BTBB_CLASSES] = {
        [BTBB_CLASS_ID] = WORD("id"), [BTBB_CLASS_HEADER] = WORD("header"), [BTBB_CLASS_UNDECODED] = WORD("undecoded")};

    UNUSED;
    return put_word(at, &words[details->record.packet_class % BTBB_CLASSES]);
}

static inline bool has_header(const struct btbb_details *details)
{
    return btbb_record_has_header(&details->record);
}

static inline char *put_text(char *at, const char *text)
{
    while (*text)
        *at++ = *text++;
    return at;
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

static inline char *put_check(char *at, unsigned check)
{
    static const struct word words[] = {[BTBB_CHECK_ABSENT] = WORD(""),
                                        [BTBB_CHECK_UNVERIFIED] = WORD("unverified"),
                                        [BTBB_CHECK_GOOD] = WORD("good"),
                                        [BTBB_CHECK_BAD] = WORD("bad")};

    return put_word(at, &words[check & 3]);
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
    static const struct word words[] = {
        [BTBB_UAP_UNKNOWN] = WORD(""), [BTBB_UAP_FILE] = WORD("file"),        [BTBB_UAP_REFERENCE] = WORD("reference"),
        [BTBB_UAP_HEC] = WORD("HEC"),  [BTBB_UAP_CRC] = WORD("CRC"),          [BTBB_UAP_FHS] = WORD("FHS"),
        [BTBB_UAP_LMP] = WORD("LMP"),  [BTBB_UAP_RESERVED] = WORD("reserved")};

    UNUSED;
    return details->record.uap_source < G_N_ELEMENTS(words) ? put_word(at, &words[details->record.uap_source]) : at;
}

COLUMN(dir_source)
{
    static const struct word words[] = {[BTBB_DIR_SOURCE_NONE] = WORD(""),
                                        [BTBB_DIR_SOURCE_CLOCK] = WORD("clock"),
                                        [BTBB_DIR_SOURCE_ROLE] = WORD("role"),
                                        [BTBB_DIR_SOURCE_POLL] = WORD("POLL"),
                                        [BTBB_DIR_SOURCE_LMP] = WORD("LMP"),
                                        [BTBB_DIR_SOURCE_FLAGS] = WORD("flags"),
                                        [BTBB_DIR_SOURCE_FOUND] = WORD("found clock"),
                                        [BTBB_DIR_SOURCE_PHASE] = WORD("slot phase")};

    UNUSED;
    return details->record.dir_source < G_N_ELEMENTS(words) ? put_word(at, &words[details->record.dir_source]) : at;
}

COLUMN(clk27)
{
    UNUSED;
    return details->has_clk27 ? put_number(at, details->clk27) : at;
}

COLUMN(clk_source)
{
    static const struct word words[] = {
        [BTBB_CLOCK_UNKNOWN] = WORD(""), [BTBB_CLOCK_FILE] = WORD("file"), [BTBB_CLOCK_OFFSET] = WORD("offset"),
        [BTBB_CLOCK_FHS] = WORD("FHS"),  [BTBB_CLOCK_HOPS] = WORD("hops"), [BTBB_CLOCK_PHASE] = WORD("phase")};

    UNUSED;
    return details->clk_source < G_N_ELEMENTS(words) ? put_word(at, &words[details->clk_source]) : at;
}

/* "0.9998": four digits, rounded down. 1 only where the file has the clock. */
COLUMN(clk_confidence)
{
    const bool found = details->clk_source > BTBB_CLOCK_OFFSET;
    const uint32_t share = (uint32_t)(MIN(details->clk_confidence, found ? 0.9999F : 1) * 10000);

    UNUSED;
    if (details->clk_source == BTBB_CLOCK_UNKNOWN)
        return at;
    *at++ = (char)('0' + share / 10000);
    *at++ = '.';
    put_pair(at, share / 100 % 100);
    put_pair(at + 2, share % 100);
    return at + 4;
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
static inline char *put_pandas_flag(char *at, bool flag)
{
    static const struct word words[] = {WORD("False"), WORD("True")};

    return put_word(at, &words[flag]);
}

/* The notebook takes an access code that Ethernet has padded for a NULL packet. */
COLUMN(notebook_type)
{
    static const char *const names[BTBB_TYPES] = BTBB_TYPE_NAMES;

    UNUSED;
    return details->notebook_has_type ? put_text(at, names[details->record.type & (BTBB_TYPES - 1)]) : at;
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
    if (!details->record.has_time)
        return at;
    set_time(texts, details->record.time_ns);
    char *end = put_part(at, texts->time, texts->time_bytes);

    at[strlen("2012-06-13")] = ' ';
    return end;
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
    {"dir_source", put_dir_source},
    {"clk27", put_clk27},
    {"clk_source", put_clk_source},
    {"clk_confidence", put_clk_confidence},
};

const struct btbb_packet_format btbb_notebook_columns[] = {
    {"nap", put_notebook_nap},   {"uap", put_notebook_uap},         {"lap", put_lap},
    {"type", put_notebook_type}, {"payload", put_notebook_payload}, {"to_master", put_notebook_to_master},
    {"name", put_notebook_name}, {"time", put_notebook_time},       {NULL, NULL},
};

btbb_packet_column *btbb_packet_column_find(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        if (strcmp(columns[i].key, key) == 0)
            return columns[i].write;
    return NULL;
}
