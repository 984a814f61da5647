/* find-keys.c: see find-keys.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "find-keys.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "crypt/bluez.h"

#include "message.h"
#include "read-hci.h"

#define INFO_FILE       "info" /* of BlueZ */
#define INFO_BYTES_MOST (1u << 20)
#define INFO_DEPTH      2 /* folders of an adapter, of a device */
#define LINE_BYTES      512u

struct search {
    GHashTable *listed; /* records without comment */
    const char *name;   /* of the file that is read */
    unsigned found;     /* keys in it */
    const atomic_bool *stop;
};

/* What a key's type says of the cipher: nothing shorter is worth a note. */
static const char *note_of(int hci_type)
{
    return hci_type == BTBB_KEY_TYPE_P256_UNAUTHENTICATED || hci_type == BTBB_KEY_TYPE_P256_AUTHENTICATED
               ? ", Secure Connections: such links may use AES-CCM, which is not supported"
               : "";
}

/* Lists a key once, with the place where it was found first. */
static void list_key(struct search *search, const struct btbb_user_key *key, const char *where, int hci_type)
{
    char line[LINE_BYTES];
    char *comment = g_strdup_printf("%.100s%s", where, note_of(hci_type));

    search->found++;
    if (btbb_key_write(key, "", line, sizeof line) && g_hash_table_add(search->listed, g_strdup(line)) &&
        btbb_key_write(key, comment, line, sizeof line))
        fputs(line, stdout);
    g_free(comment);
}

static void take_packet(void *user, const struct btbb_hci_packet *packet)
{
    struct search *search = user;
    struct btbb_hci_key found[BTBB_HCI_KEYS_MOST];
    const unsigned count = btbb_hci_keys_add(packet->state, packet->adapter, packet->kind, packet->bytes, found);

    for (unsigned i = 0; i < count; i++) {
        char *base = g_path_get_basename(search->name);
        char *where =
            g_strdup_printf("%.40s, frame %u: %s", base, packet->number, btbb_hci_source_name(found[i].source));

        list_key(search, &found[i].key, where, found[i].hci_type);
        g_free(where);
        g_free(base);
    }
}

static bool read_info(struct search *search, const char *path)
{
    uint64_t addresses[2];
    struct btbb_key_error error;
    struct btbb_user_key key;
    int hci_type;
    char *text = NULL;
    gsize length;

    if (!btbb_bluez_addresses(path, addresses)) {
        btbb_message("%s: the two folders above must be the addresses of adapter and device", path);
        return false;
    }
    if (!g_file_get_contents(path, &text, &length, NULL) || length > INFO_BYTES_MOST) {
        btbb_message("%s: cannot be read", path);
        g_free(text);
        return false;
    }
    const struct btbb_span span = {(const uint8_t *)text, (uint32_t)length};
    const enum btbb_bluez result = btbb_bluez_link_key(span, addresses, &key, &hci_type, &error);

    if (result == BTBB_BLUEZ_KEY)
        list_key(search, &key, "BlueZ", hci_type);
    else if (result == BTBB_BLUEZ_FAULTY)
        btbb_message("%s: line %u: %s", path, error.line, error.problem);
    g_free(text);
    return result != BTBB_BLUEZ_FAULTY;
}

/* The info files in a folder, and in its folders. */
static bool read_folder(struct search *search, const char *path, int depth)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    const char *name;
    bool good = folder != NULL;

    if (!folder)
        btbb_message("%s: cannot be read", path);
    while (folder && (name = g_dir_read_name(folder))) {
        char *below = g_build_filename(path, name, NULL);

        if (strcmp(name, INFO_FILE) == 0 && g_file_test(below, G_FILE_TEST_IS_REGULAR))
            good = read_info(search, below) && good;
        else if (depth > 0 && g_file_test(below, G_FILE_TEST_IS_DIR) && !g_file_test(below, G_FILE_TEST_IS_SYMLINK))
            good = read_folder(search, below, depth - 1) && good;
        g_free(below);
    }
    if (folder)
        g_dir_close(folder);
    return good;
}

static bool read_capture(struct search *search, const char *path)
{
    char *error = NULL;
    const bool good = btbb_read_hci(path, search->stop, take_packet, search, &error);

    if (error)
        btbb_message("%s: %s", path, error);
    g_free(error);
    return good;
}

static bool read_file(struct search *search, const char *path)
{
    char *base = g_path_get_basename(path), *absolute = g_canonicalize_filename(path, NULL);
    const bool info = strcmp(base, INFO_FILE) == 0;
    bool good;

    search->name = path;
    search->found = 0;
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        good = read_folder(search, absolute, INFO_DEPTH);
    else
        good = info ? read_info(search, absolute) : read_capture(search, path);
    if (good && search->found == 0)
        btbb_message("%s: no link key found", path);
    g_free(absolute);
    g_free(base);
    return good;
}

bool btbb_find_keys(char **files, const atomic_bool *stop)
{
    struct search search = {.listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), .stop = stop};
    bool good = true;

    for (; *files && !atomic_load(stop); files++)
        good = read_file(&search, *files) && good;
    g_hash_table_destroy(search.listed);
    return good && !atomic_load(stop);
}
