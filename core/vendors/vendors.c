/* vendors.c: see vendors.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "vendors/vendors.h"

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>

/* First byte of an address: not of a single device, or not assigned by the IEEE. */
#define GROUP_OR_LOCAL UINT64_C(0x030000000000)

struct entry {
    uint64_t prefix; /* first bits of a 48-bit address */
    unsigned bits;
    const char *name;
};

/* What `data` of struct btbb_vendors points at. */
struct source {
    struct btbb_vendors vendors;
    const struct btbb_manuf *manuf;
    void *for_names;       /* of manuf->name() */
    bool loaded;           /* what follows, which only candidates need */
    struct entry *entries; /* by prefix, then bits */
    size_t count;
    void *names;            /* what the names lie in; NULL: nothing to free */
    size_t *by_uap;         /* NULL until candidates are asked for: first entries of a 24-bit prefix, by UAP */
    size_t uap_starts[257]; /* in by_uap */
};

static unsigned uap_of(uint64_t prefix)
{
    return prefix >> 24 & 0xff;
}

static int compare(const void *va, const void *vb)
{
    const struct entry *a = va, *b = vb;

    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    return a->bits < b->bits ? -1 : a->bits > b->bits;
}

static void add_entry(void *context, uint64_t prefix, unsigned bits, const char *name)
{
    struct source *source = context;

    if (prefix & GROUP_OR_LOCAL)
        return;
    if ((source->count & (source->count - 1)) == 0)
        source->entries = g_renew(struct entry, source->entries, source->count ? source->count * 2 : 1);
    source->entries[source->count++] = (struct entry){prefix, bits, name};
}

/* Data in order need no sorting, which is the most expensive part of loading. */
static bool is_ordered(const struct source *source)
{
    for (size_t i = 1; i < source->count; i++)
        if (compare(&source->entries[i - 1], &source->entries[i]) > 0)
            return false;
    return true;
}

static void load(struct source *source)
{
    if (source->loaded)
        return;
    source->loaded = true;
    source->names = source->manuf->each(add_entry, source);
    if (!is_ordered(source))
        qsort(source->entries, source->count, sizeof *source->entries, compare);
}

/* Whether this is the first entry of its first 24 bits. */
static bool starts_prefix(const struct source *source, size_t at)
{
    return at == 0 || source->entries[at - 1].prefix >> 24 != source->entries[at].prefix >> 24;
}

static void index_uaps(struct source *source)
{
    size_t next[256];

    if (source->by_uap)
        return;
    source->by_uap = g_new(size_t, source->count + 1);
    for (size_t i = 0; i < source->count; i++)
        source->uap_starts[uap_of(source->entries[i].prefix) + 1] += starts_prefix(source, i);
    for (unsigned uap = 0; uap < 256; uap++) {
        next[uap] = source->uap_starts[uap];
        source->uap_starts[uap + 1] += source->uap_starts[uap];
    }
    for (size_t i = 0; i < source->count; i++)
        if (starts_prefix(source, i))
            source->by_uap[next[uap_of(source->entries[i].prefix)]++] = i;
}

/* The entry with the longest prefix of this address, among those from index `at` on that share its first 24 bits. NULL
 * when none fits. */
static const struct entry *longest(const struct source *source, size_t at, uint64_t address)
{
    const struct entry *best = NULL;

    for (; at < source->count && source->entries[at].prefix >> 24 == address >> 24; at++) {
        const struct entry *entry = &source->entries[at];

        if ((entry->prefix ^ address) >> (48 - entry->bits) == 0 && (!best || entry->bits > best->bits))
            best = entry;
    }
    return best;
}

static const char *name_of(void *data, uint16_t nap, uint8_t uap, uint32_t lap)
{
    struct source *source = data;
    const uint64_t address = (uint64_t)nap << 32 | (uint64_t)uap << 24 | (lap & 0xffffff);

    return (address & GROUP_OR_LOCAL) ? NULL : source->manuf->name(&source->for_names, address);
}

static void candidates_of(void *data, uint32_t nap, uint8_t uap, uint32_t lap, btbb_vendor_each each, void *context)
{
    struct source *source = data;

    load(source);
    index_uaps(source);
    for (size_t i = source->uap_starts[uap]; i < source->uap_starts[uap + 1u]; i++) {
        uint64_t oui = source->entries[source->by_uap[i]].prefix & ~UINT64_C(0xffffff);
        const struct entry *best =
            nap == BTBB_NAP_ANY || nap == oui >> 32 ? longest(source, source->by_uap[i], oui | (lap & 0xffffff)) : NULL;

        if (best)
            each(context, best->prefix, best->bits, best->name);
    }
}

static const char *company_of(void *data, uint16_t identifier)
{
    const struct source *source = data;

    return source->manuf->company ? source->manuf->company(identifier) : NULL;
}

struct btbb_vendors *btbb_vendors_new(const struct btbb_manuf *manuf)
{
    struct source *source = g_new0(struct source, 1);

    source->manuf = manuf;
    source->vendors =
        (struct btbb_vendors){.name = name_of, .candidates = candidates_of, .company = company_of, .data = source};
    return &source->vendors;
}

void btbb_vendors_free(struct btbb_vendors *vendors)
{
    struct source *source = vendors ? vendors->data : NULL;

    if (!source)
        return;
    g_free(source->for_names);
    g_free(source->entries);
    g_free(source->by_uap);
    g_free(source->names);
    g_free(source);
}
