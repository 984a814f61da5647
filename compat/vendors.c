/* vendors.c: vendor names from Wireshark's manufacturer data.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "vendors.h"

#include <glib.h>
#include <stdlib.h>

#include "manuf.h"

/* First byte of an address: not of a single device, or not assigned by the IEEE. */
#define GROUP_OR_LOCAL UINT64_C(0x030000000000)

struct entry {
    uint64_t prefix;            /* first bits of a 48-bit address */
    unsigned bits;
    const char *name;
};

/* What `data` of struct btbb_vendors points at. */
struct source {
    struct btbb_vendors vendors;
    GArray *entries;            /* NULL until the first look-up; by UAP, then prefix, then bits */
    GStringChunk *names;
};

static unsigned uap_of(uint64_t prefix)
{
    return prefix >> 24 & 0xff;
}

static int compare(const void *va, const void *vb)
{
    const struct entry *a = va, *b = vb;

    if (uap_of(a->prefix) != uap_of(b->prefix))
        return uap_of(a->prefix) < uap_of(b->prefix) ? -1 : 1;
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    return a->bits < b->bits ? -1 : a->bits > b->bits;
}

static void add_entry(void *context, uint64_t prefix, unsigned bits, const char *name)
{
    struct source *source = context;
    struct entry entry = {prefix, bits, NULL};

    if (prefix & GROUP_OR_LOCAL)
        return;
    entry.name = g_string_chunk_insert_const(source->names, name);
    g_array_append_val(source->entries, entry);
}

static void load(struct source *source)
{
    if (source->entries)
        return;
    source->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
    source->names = g_string_chunk_new(1 << 16);
    btbb_manuf_each(add_entry, source);
    g_array_sort(source->entries, compare);
}

/* Index of the first entry that is not before `entry`. */
static guint find(const struct source *source, const struct entry *entry)
{
    guint low = 0, high = source->entries->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (compare(&g_array_index(source->entries, struct entry, middle), entry) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The entry with the longest prefix of this address among those that share its first 24 bits, from index *at on, which
 * is left at the first entry behind them. NULL when none fits. */
static const struct entry *longest(const struct source *source, guint *at, uint64_t address)
{
    const struct entry *best = NULL;

    for (; *at < source->entries->len; ++*at) {
        const struct entry *entry = &g_array_index(source->entries, struct entry, *at);

        if (entry->prefix >> 24 != address >> 24)
            break;
        if ((entry->prefix ^ address) >> (48 - entry->bits) == 0 && (!best || entry->bits > best->bits))
            best = entry;
    }
    return best;
}

static const char *name_of(void *data, uint16_t nap, uint8_t uap, uint32_t lap)
{
    struct source *source = data;
    uint64_t address = (uint64_t)nap << 32 | (uint64_t)uap << 24 | (lap & 0xffffff);
    const struct entry first = {address & ~UINT64_C(0xffffff), 0, NULL};
    const struct entry *best;
    guint at;

    load(source);
    at = find(source, &first);
    best = longest(source, &at, address);
    return best ? best->name : NULL;
}

static void candidates_of(void *data, uint8_t uap, uint32_t lap, btbb_vendor_each each, void *context)
{
    struct source *source = data;
    const struct entry first = {(uint64_t)uap << 24, 0, NULL};
    guint at;

    load(source);
    at = find(source, &first);
    while (at < source->entries->len) {
        uint64_t prefix = g_array_index(source->entries, struct entry, at).prefix;
        const struct entry *best;

        if (uap_of(prefix) != uap)
            break;
        best = longest(source, &at, (prefix & ~UINT64_C(0xffffff)) | (lap & 0xffffff));
        if (best)
            each(context, best->prefix, best->bits, best->name);
    }
}

struct btbb_vendors *btbb_vendors_new(void)
{
    struct source *source = g_new0(struct source, 1);

    source->vendors = (struct btbb_vendors){.name = name_of, .candidates = candidates_of, .data = source};
    return &source->vendors;
}

void btbb_vendors_free(struct btbb_vendors *vendors)
{
    struct source *source = vendors ? vendors->data : NULL;

    if (!source)
        return;
    if (source->entries) {
        g_array_free(source->entries, TRUE);
        g_string_chunk_free(source->names);
    }
    g_free(source);
}
