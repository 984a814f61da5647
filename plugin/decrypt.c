/* decrypt.c: decrypts payloads with the keys of the preferences; see decrypt.h.
 *
 * The table of keys is saved in the profile as btbb_keys, in the format of core/crypt/key-file.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decrypt.h"

#include "dissect-links.h"
#include "tree.h"

#include "learn/decryptor.h"

#include <epan/uat.h>

/* A row of the table, as it is edited. */
struct key_row {
    char *address_1, *address_2;
    unsigned type; /* enum btbb_key_type */
    char *key, *comment;
};

static struct key_row *rows;
static unsigned row_count;
static uat_t *table;

/* NULL: there is no key, or no capture is open. */
static struct btbb_decryptor *decryptor;
static bool is_new; /* no packet of the open capture was dissected yet */

static int hf_decrypted = -1;
static int hf_reason = -1;

static value_string statuses[BTBB_DECRYPT_STATUSES + 1];

static hf_register_info fields[] = {
    {&hf_decrypted,
     {"Decrypted", "btbb.decrypted", FT_UINT8, BASE_DEC, VALS(statuses), 0,
      "Whether the payload was decrypted with a key of the preferences; absent where nothing is known to be encrypted",
      HFILL}},
    {&hf_reason,
     {"Reason", "btbb.decrypted.reason", FT_STRING, BASE_NONE, NULL, 0, "Why the payload was or was not decrypted",
      HFILL}},
};

/* ------ The table of keys ------ */

static const value_string key_types[] = {
    {BTBB_LINK_KEY, "link key"},
    {BTBB_ENCRYPTION_KEY, "encryption key"},
    {0, NULL},
};

UAT_CSTRING_CB_DEF(keys, address_1, struct key_row)
UAT_CSTRING_CB_DEF(keys, address_2, struct key_row)
UAT_VS_DEF(keys, type, struct key_row, unsigned, BTBB_LINK_KEY, "link key")
UAT_CSTRING_CB_DEF(keys, key, struct key_row)
UAT_CSTRING_CB_DEF(keys, comment, struct key_row)

static void *copy_row(void *to, const void *from, size_t size _U_)
{
    const struct key_row *old = (const struct key_row *)from;
    struct key_row *row = (struct key_row *)to;

    *row = (struct key_row){g_strdup(old->address_1), g_strdup(old->address_2), old->type, g_strdup(old->key),
                            g_strdup(old->comment)};
    return row;
}

static void free_row(void *record)
{
    const struct key_row *row = (const struct key_row *)record;

    g_free(row->address_1);
    g_free(row->address_2);
    g_free(row->key);
    g_free(row->comment);
}

static struct btbb_span span_of(const char *text)
{
    return (struct btbb_span){(const uint8_t *)text, text ? (uint32_t)strlen(text) : 0};
}

/* Returns NULL, or what is wrong. */
static const char *make_key(const struct key_row *row, struct btbb_user_key *key)
{
    const char *type = row->type < BTBB_KEY_TYPES ? btbb_key_type_names[row->type] : "";
    const struct btbb_key_fields parts = {
        {span_of(row->address_1), span_of(row->address_2)}, span_of(type), span_of(row->key)};

    return btbb_key_make(parts, key);
}

static ws_table_bool check_row(void *record, char **error)
{
    struct btbb_user_key key;
    const char *problem = make_key((const struct key_row *)record, &key);

    *error = g_strdup(problem);
    return !problem;
}

static void register_table(module_t *preferences)
{
    static uat_field_t columns[] = {
        UAT_FLD_CSTRING(keys, address_1, "Address", "BD_ADDR of one device, or * for any"),
        UAT_FLD_CSTRING(keys, address_2, "Other address", "BD_ADDR of the other device, or * for any"),
        UAT_FLD_VS(keys, type, "Type", key_types, "Link key, or shortened encryption key of one connection"),
        UAT_FLD_CSTRING(keys, key, "Key", "32 hexadecimal digits, as BlueZ and HCI traces show them"),
        UAT_FLD_CSTRING(keys, comment, "Comment", "Anything"),
        UAT_END_FIELDS,
    };

    table = uat_new("BTBB keys", sizeof(struct key_row), "btbb_keys", TRUE, &rows, &row_count, UAT_AFFECTS_DISSECTION,
                    NULL, copy_row, check_row, free_row, NULL, NULL, columns);
    prefs_register_uat_preference(preferences, "keys", "Keys",
                                  "Keys of connections, to decrypt payloads that are encrypted with E0", table);
}

/* ------ Packets ------ */

void btbb_open_decryption(void)
{
    is_new = true;
}

/* With the first packet, because tshark adds keys of statistics when the capture is open already. */
static void start(const struct btbb_capture *capture)
{
    struct btbb_keyring keyring = {0};

    for (unsigned i = 0; i < row_count; i++) {
        struct btbb_user_key key;

        if (!make_key(&rows[i], &key))
            btbb_keyring_add(&keyring, &key);
    }
    decryptor = keyring.count > 0 ? btbb_decryptor_new(&keyring, true) : NULL;
    btbb_keyring_clear(&keyring);
    if (btbb_capture_clocks(capture))
        btbb_decryptor_keep(decryptor);
    is_new = false;
}

void btbb_close_decryption(void)
{
    btbb_decryptor_free(decryptor);
    decryptor = NULL;
}

/* The plain payload gets a data source of its own. */
static void take_over(struct btbb_packet *packet, const struct btbb_plain *plain)
{
    packet_info *pinfo = packet->pinfo;
    const uint32_t offset = packet->facts.payload.offset;
    uint8_t *bytes = (uint8_t *)wmem_memdup(pinfo->pool, plain->frame.bytes, plain->frame.captured);

    packet->frame.bytes = bytes;
    packet->payload_tvb = tvb_new_child_real_data(packet->tvb, bytes + offset, plain->bytes, (int)plain->bytes);
    packet->payload_start = 0;
    add_new_data_source(pinfo, packet->payload_tvb, "Decrypted payload");
}

static bool is_problem(enum btbb_decrypt_status status)
{
    return status != BTBB_DECRYPT_NONE && status != BTBB_DECRYPT_CLEAR && status != BTBB_DECRYPT_GOOD;
}

static void relearn_links(void *user, uint32_t number, const struct btbb_facts *facts,
                          const struct btbb_verdict *verdict, const struct btbb_plain *plain)
{
    bool *begun = (bool *)user;

    if (!*begun)
        btbb_forget_links();
    *begun = true;
    const struct btbb_packet packet = {
        .frame = plain->frame, .facts = *facts, .verdict = *verdict, .has_keys = true, .decrypted = plain->reason};

    btbb_learn_links(&packet, number);
}

/* What clocks were missing for is decrypted as soon as a frame is shown again. Returns whether that was done. */
static bool decrypt_anew(struct btbb_capture *capture)
{
    bool begun = false;

    return btbb_decryptor_redo(&decryptor, capture, relearn_links, &begun);
}

void btbb_decrypt_payload(struct btbb_packet *packet, struct btbb_capture *capture)
{
    struct btbb_plain plain;

    packet->payload_tvb = packet->tvb;
    packet->payload_start = packet->facts.payload.offset;
    packet->decrypted = BTBB_REASON_NONE;
    if (G_UNLIKELY(is_new))
        start(capture);
    packet->has_keys = decryptor != NULL;
    if (!decryptor)
        return;
    if (PINFO_FD_VISITED(packet->pinfo) && decrypt_anew(capture))
        btbb_capture_recall(capture, packet->pinfo->num, &packet->frame, &packet->facts, &packet->verdict);
    if (PINFO_FD_VISITED(packet->pinfo))
        btbb_decryptor_recall(decryptor, packet->pinfo->num, &packet->frame, &packet->facts, &plain);
    else
        btbb_decryptor_learn(decryptor, capture, packet->pinfo->num, &packet->frame, (struct btbb_clk27){NULL, 0},
                             &packet->facts, &packet->verdict, &plain);
    packet->decrypted = plain.reason;
    if (plain.status == BTBB_DECRYPT_GOOD)
        take_over(packet, &plain);
}

bool btbb_has_decryption_problem(const struct btbb_packet *packet)
{
    return is_problem(btbb_decrypt_status_of(packet->decrypted));
}

void btbb_show_decryption(const struct btbb_packet *packet, proto_tree *tree)
{
    if (packet->decrypted == BTBB_REASON_NONE || !BTBB_IS_WANTED(packet, tree, fields))
        return;
    const enum btbb_decrypt_status status = btbb_decrypt_status_of(packet->decrypted);
    const char *reason = btbb_decrypt_reason_text(packet->decrypted);
    proto_item *item = btbb_add_generated_uint(packet, tree, hf_decrypted, status);

    btbb_add_generated_text(packet, tree, hf_reason, reason);
    if (is_problem(status))
        btbb_remark_text(packet, item, BTBB_REMARK_ENCRYPTED,
                         wmem_strdup_printf(packet->pinfo->pool, "Not decrypted: %s", reason));
}

void btbb_register_decryption(int proto, module_t *preferences)
{
    for (unsigned status = 0; status < BTBB_DECRYPT_STATUSES; status++)
        statuses[status] = (value_string){status, btbb_decrypt_status_name((enum btbb_decrypt_status)status)};
    proto_register_field_array(proto, fields, array_length(fields));
    register_table(preferences);
}
