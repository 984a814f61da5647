/* links.c: the view links: one row per connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "show/rows/link-rows.h"

#include <string.h>

#include "decode/lmp-names.h"

#define NOTE_NAME_CHARACTERS 40u
#define FINDING_TEXT_BYTES   512

/* --- values ----------------------------------------------------------------------------------------------------- */

#define CELL(name) static struct btbb_value make_##name(const struct btbb_link_row *row, unsigned device)

/* A cell of the whole connection. */
#define LINK_CELL(name, value)                                                                                         \
    CELL(name)                                                                                                         \
    {                                                                                                                  \
        const struct btbb_acl_link *link = row->link;                                                                  \
                                                                                                                       \
        (void)device;                                                                                                  \
        return value;                                                                                                  \
    }

#define MOMENT(member)     btbb_link_rows_moment(link->member)
#define COUNT(member)      btbb_value_count(link->member)
#define IF(condition, ...) (condition) ? (__VA_ARGS__) : btbb_value_none()

/* Copy a text that was built, and free it. */
static struct btbb_value take(const struct btbb_link_row *row, GString *text)
{
    struct btbb_value value = btbb_link_rows_text(row, text->str);

    g_string_free(text, TRUE);
    return value;
}

static const struct btbb_link_side *side_of(const struct btbb_link_row *row, unsigned device)
{
    return &row->link->side[btbb_link_rows_side(row->link, device)];
}

CELL(role)
{
    return btbb_value_text(btbb_link_side_name(row->link, btbb_link_rows_side(row->link, device)));
}

CELL(address)
{
    GString *text = g_string_new(NULL);

    btbb_link_rows_append_address(text, &side_of(row, device)->address);
    return take(row, text);
}

CELL(name)
{
    GString *text = g_string_new(NULL);

    btbb_link_rows_append_name(text, row, btbb_link_rows_side(row->link, device), 0);
    return take(row, text);
}

static void append_version(GString *text, const struct btbb_link_side *side)
{
    const char *name = btbb_lmp_version_name(side->version);

    if (name)
        g_string_append(text, name);
    else
        g_string_append_printf(text, "number %u", side->version);
}

CELL(version)
{
    const struct btbb_link_side *side = side_of(row, device);
    GString *text = g_string_new(NULL);

    if (side->version_frame != 0)
        append_version(text, side);
    return take(row, text);
}

CELL(company)
{
    GString *text = g_string_new(NULL);

    if (side_of(row, device)->version_frame != 0)
        btbb_link_rows_append_company(text, row, btbb_link_rows_side(row->link, device));
    return take(row, text);
}

static bool has_features(const struct btbb_link_side *side)
{
    bool any = false;

    for (unsigned page = 0; page < BTBB_FEATURE_PAGES; page++)
        any = any || side->features_frame[page] != 0;
    return any;
}

CELL(features)
{
    const struct btbb_link_side *side = side_of(row, device);
    GString *text = g_string_new(NULL);

    for (int i = 0; i < BTBB_FEATURE_COUNT && has_features(side); i++) {
        const enum btbb_tristate state = btbb_link_feature(side, (enum btbb_feature)i);

        if (state != BTBB_NO)
            g_string_append_printf(text, "%s%s%s", text->len ? ", " : "", btbb_feature_name((enum btbb_feature)i),
                                   state == BTBB_UNKNOWN ? "?" : "");
    }
    return take(row, text);
}

CELL(io)
{
    const struct btbb_link_side *side = side_of(row, device);
    const char *name = side->io_frame != 0 ? btbb_lmp_io_capability_name(side->io) : NULL;

    return btbb_value_text(side->io_frame != 0 && !name ? "reserved" : name);
}

static struct btbb_value lt_addr_of(const struct btbb_acl_link *link)
{
    return IF(link->lt_addr < BTBB_LT_ADDR_UNKNOWN, btbb_value_count(link->lt_addr));
}

static struct btbb_value side_value(const struct btbb_acl_link *link, bool seen, uint8_t side)
{
    return btbb_value_text(seen ? btbb_link_side_name(link, side) : NULL);
}

static struct btbb_moment encryption_start(const struct btbb_acl_link *link)
{
    const struct btbb_encryption_session *session = btbb_link_first_encryption(link);

    return session ? session->accepted : (struct btbb_moment){0};
}

static struct btbb_moment encryption_stop(const struct btbb_acl_link *link)
{
    const struct btbb_encryption_session *session = btbb_link_last_encryption(link);

    return session ? session->stopped : (struct btbb_moment){0};
}

CELL(refusal)
{
    const struct btbb_acl_link *link = row->link;
    GString *text = g_string_new(NULL);

    (void)device;
    if (link->refused.frame != 0) {
        const struct btbb_lmp_info *pdu = btbb_lmp_find(link->refused_code);

        g_string_append_printf(text, "%s: ", pdu ? pdu->name : "LMP");
        btbb_link_rows_append_error(text, link->refused_error);
    }
    return take(row, text);
}

CELL(detach_reason)
{
    GString *text = g_string_new(NULL);

    (void)device;
    if (row->link->detached.frame != 0)
        btbb_link_rows_append_error(text, row->link->detach_error);
    return take(row, text);
}

CELL(findings)
{
    struct btbb_finding findings[BTBB_FINDING_COUNT];
    const size_t count = btbb_link_findings(row->link, findings);
    GString *text = g_string_new(NULL);

    (void)device;
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", btbb_finding_key((enum btbb_finding_kind)findings[i].kind));
    return take(row, text);
}

CELL(gaps)
{
    enum btbb_gap gaps[BTBB_GAP_COUNT];
    const size_t count = btbb_link_gaps(row->link, gaps);
    GString *text = g_string_new(NULL);

    (void)device;
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", btbb_gap_key(gaps[i]));
    return take(row, text);
}

/* What would be needed to decrypt a link without keys, as far as the capture shows it. */
static void append_needed(GString *text, const struct btbb_encryption_session *session)
{
    g_string_append(text, "the link key");
    if (session->authentication.response_frame == 0)
        g_string_append_printf(text, "; %s", btbb_decrypt_reason_text(BTBB_REASON_NO_AUTHENTICATION));
    if (session->key_size == 0)
        g_string_append_printf(text, "; %s", btbb_decrypt_reason_text(BTBB_REASON_NO_SIZE));
}

/* "3 payloads: there is no key for these devices; 1 payload: ..." */
static void append_missing(GString *text, const struct btbb_acl_link *link)
{
    const struct btbb_encryption_session *session = btbb_link_last_request(link);
    const gsize start = text->len;

    for (int reason = 0; reason < BTBB_REASONS; reason++) {
        const uint32_t count = link->payloads[reason];

        if (count == 0 || reason == BTBB_REASON_GOOD || !btbb_decrypt_is_encrypted((enum btbb_decrypt_reason)reason))
            continue;
        g_string_append_printf(text, "%s%" G_GUINT32_FORMAT " %s: %s", text->len > start ? "; " : "", count,
                               count == 1 ? "payload" : "payloads",
                               btbb_decrypt_reason_text((enum btbb_decrypt_reason)reason));
    }
    if (session && g_strcmp0(btbb_link_decryption_name(link), "no keys given") == 0)
        append_needed(text, session);
}

CELL(missing)
{
    GString *text = g_string_new(NULL);

    (void)device;
    append_missing(text, row->link);
    return take(row, text);
}

LINK_CELL(number, btbb_value_count(link->number + UINT64_C(1)))
LINK_CELL(first, MOMENT(first))
LINK_CELL(last, MOMENT(last))
LINK_CELL(from_start, btbb_value_text(link->from_start ? "yes" : "no"))
LINK_CELL(lt_addr, lt_addr_of(link))
LINK_CELL(pairing, btbb_value_text(btbb_pairing_method_name(btbb_link_pairing_method(link))))
LINK_CELL(pairing_result,
          btbb_value_text(link->pairings > 0 ? btbb_pairing_result_name((enum btbb_pairing_result)link->pairing.result)
                                             : NULL))
LINK_CELL(pairing_started, MOMENT(pairing.started))
LINK_CELL(pairing_finished, MOMENT(pairing.finished))
LINK_CELL(authentication, btbb_value_text(btbb_authenticated_name(btbb_link_authenticated(link))))
LINK_CELL(authentication_kind, btbb_value_text(btbb_link_authenticated(link) != BTBB_AUTHENTICATED_NONE
                                                   ? btbb_authentication_kind_name(btbb_link_authentication_kind(link))
                                                   : NULL))
LINK_CELL(encryption, btbb_value_text(btbb_link_encryption_name(link)))
LINK_CELL(encryption_state, btbb_value_text(btbb_encryption_state_name((enum btbb_encryption_state)link->encryption)))
LINK_CELL(key_asked, IF(link->asked_size_frame != 0, COUNT(asked_size)))
LINK_CELL(key_asked_by, side_value(link, link->asked_size_frame != 0, link->asked_side))
LINK_CELL(key_size, IF(link->agreed_size != 0, COUNT(agreed_size)))
LINK_CELL(encryption_started, btbb_link_rows_moment(encryption_start(link)))
LINK_CELL(encryption_stopped, btbb_link_rows_moment(encryption_stop(link)))
LINK_CELL(decryption, btbb_value_text(btbb_link_decryption_name(link)))
LINK_CELL(encrypted, IF(link->has_keys, btbb_value_count(btbb_link_encrypted(link))))
LINK_CELL(decrypted, IF(link->has_keys, btbb_value_count(btbb_link_decrypted(link))))
LINK_CELL(pauses, COUNT(pauses))
LINK_CELL(paused, MOMENT(paused))
LINK_CELL(resumed, MOMENT(resumed))
LINK_CELL(refused, MOMENT(refused))
LINK_CELL(role_switches, COUNT(role_switches))
LINK_CELL(role_switched, MOMENT(role_switch))
LINK_CELL(sniff, MOMENT(sniff))
LINK_CELL(end, btbb_value_text(btbb_link_end_name((enum btbb_link_end)link->end)))
LINK_CELL(detached, MOMENT(detached))
LINK_CELL(detached_by, side_value(link, link->detached.frame != 0, link->detach_side))
LINK_CELL(lmp, COUNT(lmp_packets))
LINK_CELL(data, COUNT(data_packets))
LINK_CELL(clear_data, COUNT(clear_data_packets))
LINK_CELL(retransmissions, COUNT(retransmissions))
LINK_CELL(faulty, COUNT(faulty_packets))

/* clang-format off */
static const struct btbb_link_column columns[] = {
    {"link", make_number, 0}, {"first", make_first, 0}, {"last", make_last, 0}, {"from_start", make_from_start, 0},
    {"lt_addr", make_lt_addr, 0},
    {"role1", make_role, 0}, {"device1", make_address, 0}, {"name1", make_name, 0}, {"version1", make_version, 0},
    {"company1", make_company, 0}, {"features1", make_features, 0}, {"io1", make_io, 0},
    {"role2", make_role, 1}, {"device2", make_address, 1}, {"name2", make_name, 1}, {"version2", make_version, 1},
    {"company2", make_company, 1}, {"features2", make_features, 1}, {"io2", make_io, 1},
    {"pairing", make_pairing, 0}, {"pairing_result", make_pairing_result, 0},
    {"pairing_started", make_pairing_started, 0}, {"pairing_finished", make_pairing_finished, 0},
    {"authentication", make_authentication, 0}, {"authentication_kind", make_authentication_kind, 0},
    {"encryption", make_encryption, 0}, {"encryption_state", make_encryption_state, 0},
    {"key_asked", make_key_asked, 0}, {"key_asked_by", make_key_asked_by, 0}, {"key_size", make_key_size, 0},
    {"encryption_started", make_encryption_started, 0}, {"encryption_stopped", make_encryption_stopped, 0},
    {"decryption", make_decryption, 0}, {"encrypted", make_encrypted, 0}, {"decrypted", make_decrypted, 0},
    {"missing", make_missing, 0},
    {"pauses", make_pauses, 0}, {"paused", make_paused, 0}, {"resumed", make_resumed, 0},
    {"refused", make_refused, 0}, {"refusal", make_refusal, 0},
    {"role_switches", make_role_switches, 0}, {"role_switched", make_role_switched, 0}, {"sniff", make_sniff, 0},
    {"end", make_end, 0}, {"detached", make_detached, 0}, {"detached_by", make_detached_by, 0},
    {"detach_reason", make_detach_reason, 0},
    {"lmp", make_lmp, 0}, {"data", make_data, 0}, {"clear_data", make_clear_data, 0},
    {"retransmissions", make_retransmissions, 0}, {"faulty", make_faulty, 0},
    {"findings", make_findings, 0}, {"gaps", make_gaps, 0},
};
/* clang-format on */

static void find_links(const struct btbb_rows_state *state, uint32_t capture, GArray *places)
{
    const struct btbb_links *links = state->source.captures[capture].log->links;

    for (uint32_t i = 0; i < btbb_links_count(links); i++) {
        const struct btbb_link_place place = {.capture = capture, .number = i};

        if (btbb_link_rows_select(state, btbb_links_at(links, i)))
            g_array_append_val(places, place);
    }
}

static void open_link(const struct btbb_link_place *place, struct btbb_link_row *row)
{
    row->link = btbb_links_at(row->capture->log->links, place->number);
}

/* --- lines below the table -------------------------------------------------------------------------------------- */

/* "link 1", or with the capture that it is of. */
static GString *begin_note(const struct btbb_link_row *row)
{
    GString *note = g_string_new(NULL);

    g_string_append_printf(note, "%s%sink %" G_GUINT32_FORMAT, row->capture->file ? row->capture->file : "",
                           row->capture->file ? ", l" : "L", row->link->number + 1);
    return note;
}

static void add_note(struct btbb_rows *rows, GString *note)
{
    g_ptr_array_add(rows->state->notes, g_string_free(note, FALSE));
}

/* "Central 00:02:72:51:e0:c3 "Sample phone", LMP 5.0, Broadcom Corporation" */
static void append_device(GString *note, const struct btbb_link_row *row, unsigned device)
{
    const uint8_t number = btbb_link_rows_side(row->link, device);
    const struct btbb_link_side *side = &row->link->side[number];
    const gsize start = note->len;

    g_string_append_printf(note, "%s ", btbb_link_side_name(row->link, number));
    if (!btbb_link_rows_append_address(note, &side->address))
        g_string_append(note, "of unknown address");
    g_string_append(note, " \"");
    if (btbb_link_rows_append_name(note, row, number, NOTE_NAME_CHARACTERS))
        g_string_append_c(note, '"');
    else
        g_string_truncate(note, note->len - strlen(" \""));
    if (side->version_frame != 0) {
        g_string_append(note, ", LMP ");
        append_version(note, side);
        g_string_append(note, ", ");
        btbb_link_rows_append_company(note, row, number);
    }
    if (device == 0)
        note->str[start] = g_ascii_toupper(note->str[start]);
}

static void append_end(GString *note, const struct btbb_acl_link *link)
{
    if (link->detached.frame == 0)
        return;
    g_string_append_printf(note, "; ended by the %s: ",
                           link->detach_side == BTBB_SIDE_UNKNOWN ? "unknown sender of LMP_detach"
                                                                  : btbb_link_side_name(link, link->detach_side));
    btbb_link_rows_append_error(note, link->detach_error);
}

static void note_devices(struct btbb_rows *rows, const struct btbb_link_row *row)
{
    GString *note = begin_note(row);

    g_string_append(note, ": ");
    append_device(note, row, 0);
    g_string_append(note, "; ");
    append_device(note, row, 1);
    append_end(note, row->link);
    add_note(rows, note);
}

static void note_decryption(struct btbb_rows *rows, const struct btbb_link_row *row)
{
    const struct btbb_acl_link *link = row->link;
    const char *name = btbb_link_decryption_name(link);

    if (!name || strcmp(name, "not encrypted") == 0)
        return;
    GString *note = begin_note(row);

    g_string_append_printf(note, ", decryption: %s", name);
    if (link->has_keys && btbb_link_encrypted(link) > 0)
        g_string_append_printf(note, ", %" G_GUINT32_FORMAT " of %" G_GUINT32_FORMAT " payloads",
                               btbb_link_decrypted(link), btbb_link_encrypted(link));
    GString *missing = g_string_new(NULL);

    append_missing(missing, link);
    if (missing->len > 0)
        g_string_append_printf(note, "; missing: %s", missing->str);
    g_string_free(missing, TRUE);
    add_note(rows, note);
}

/* Encrypted payloads that no row counts. A bad CRC alone shows no encryption: where the user has no key, it is not
 * mentioned. */
static void note_unplaced(struct btbb_rows *rows, const struct btbb_links *links)
{
    for (int i = BTBB_REASON_NO_KEY + 1; i < BTBB_REASONS; i++) {
        const enum btbb_decrypt_reason reason = (enum btbb_decrypt_reason)i;
        const uint32_t count = btbb_links_unplaced(links, reason);

        if (count > 0)
            g_ptr_array_add(rows->state->notes,
                            g_strdup_printf("%" G_GUINT32_FORMAT " encrypted %s of no connection listed here: %s",
                                            count, count == 1 ? "payload" : "payloads",
                                            btbb_decrypt_reason_text(reason)));
    }
}

static void note_findings(struct btbb_rows *rows, const struct btbb_link_row *row)
{
    struct btbb_finding findings[BTBB_FINDING_COUNT];
    const size_t count = btbb_link_findings(row->link, findings);
    char text[FINDING_TEXT_BYTES];

    for (size_t i = 0; i < count; i++) {
        const enum btbb_finding_kind kind = (enum btbb_finding_kind)findings[i].kind;
        GString *note = begin_note(row);

        btbb_finding_text(row->link, &findings[i], text, sizeof text);
        g_string_append_printf(note, ", %s: %s %s", btbb_finding_key(kind), text, btbb_finding_limit(kind));
        add_note(rows, note);
    }
}

static void note_gaps(struct btbb_rows *rows, const struct btbb_link_row *row)
{
    enum btbb_gap gaps[BTBB_GAP_COUNT];
    const size_t count = btbb_link_gaps(row->link, gaps);

    for (size_t i = 0; i < count; i++) {
        GString *note = begin_note(row);

        g_string_append_printf(note, ", not known: %s", btbb_gap_text(gaps[i]));
        add_note(rows, note);
    }
}

static void note_link(struct btbb_rows *rows, const struct btbb_link_place *place)
{
    struct btbb_rows_state *state = rows->state;
    struct btbb_link_row row = {.capture = &state->source.captures[place->capture], .vendors = state->vendors};

    open_link(place, &row);
    note_devices(rows, &row);
    note_decryption(rows, &row);
    note_findings(rows, &row);
    note_gaps(rows, &row);
}

/* Name the devices by their roles where those of all connections are known. */
static void set_titles(struct btbb_rows *rows, bool are_roles_known)
{
    static const struct {
        const char *key, *title;
    } titles[] = {{"role1", NULL}, {"role2", NULL}, {"device1", "Central"}, {"device2", "Peripheral"}};
    GArray *all = rows->state->columns;

    for (guint i = 0; i < all->len; i++) {
        struct btbb_column *column = &g_array_index(all, struct btbb_column, i);

        for (size_t k = 0; k < G_N_ELEMENTS(titles) && are_roles_known; k++) {
            if (strcmp(column->key, titles[k].key) != 0)
                continue;
            if (titles[k].title)
                column->title = titles[k].title;
            else
                column->only = BTBB_ONLY_MACHINES;
        }
    }
}

static bool are_roles_known(const struct btbb_rows_state *state, const GArray *places)
{
    for (guint i = 0; i < places->len; i++) {
        const struct btbb_link_place *place = &g_array_index(places, struct btbb_link_place, i);
        const struct btbb_link_log *log = state->source.captures[place->capture].log;

        if (btbb_links_at(log->links, place->number)->central == BTBB_SIDE_UNKNOWN)
            return false;
    }
    return true;
}

bool btbb_rows_links(struct btbb_rows *rows, char **error)
{
    static const struct btbb_link_view view = {columns, G_N_ELEMENTS(columns), find_links, open_link};
    struct btbb_rows_state *state = rows->state;
    GArray *places = g_array_new(FALSE, FALSE, sizeof(struct btbb_link_place));

    (void)error;
    btbb_link_rows_make(rows, &view);
    for (uint32_t i = 0; i < state->source.capture_count; i++)
        find_links(state, i, places);
    set_titles(rows, are_roles_known(state, places));
    for (guint i = 0; i < places->len && state->options.format == BTBB_OUTPUT_TABLE; i++)
        note_link(rows, &g_array_index(places, struct btbb_link_place, i));
    for (uint32_t i = 0; i < state->source.capture_count && state->options.format == BTBB_OUTPUT_TABLE; i++)
        note_unplaced(rows, state->source.captures[i].log->links);
    g_array_free(places, TRUE);
    return true;
}
