/* contents.c: see contents.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "contents.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "readers.h"

/* Link types of what a host and its controller exchange. Few such captures have baseband packets, too. */
static bool is_hci(int linktype)
{
    return linktype == BTBB_LINKTYPE_H4 || linktype == BTBB_LINKTYPE_H4_PHDR || linktype == BTBB_LINKTYPE_MONITOR ||
           linktype == (int)BTBB_LINKTYPE_LOGGER;
}

/* Whether a file with frames of the link type is one for this program, even if it has no baseband packets. */
static bool is_read(const struct btbb_link_count *link)
{
    return link->linktype >= 0 && !is_hci(link->linktype) && btbb_linktype_is_read((uint32_t)link->linktype);
}

enum btbb_read_result btbb_contents_classify(const struct btbb_reading *reading, enum btbb_read_result result)
{
    if (result != BTBB_READ_WHOLE || reading->frames == 0 || reading->found > 0)
        return result;
    for (unsigned i = 0; i < reading->link_count; i++)
        if (is_read(&reading->links[i]))
            return result;
    return BTBB_READ_FOREIGN;
}

/* Digits in groups of three. */
static void append_count(GString *text, uint32_t count)
{
    char *digits = g_strdup_printf("%" PRIu32, count);
    for (size_t i = 0, length = strlen(digits); i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            g_string_append_c(text, ',');
        g_string_append_c(text, digits[i]);
    }
    g_free(digits);
}

static void append_frames(GString *text, uint32_t count)
{
    append_count(text, count);
    g_string_append(text, count == 1 ? " frame" : " frames");
}

/* "link type 201 (Bluetooth H4 with linux header)" */
static void append_link(GString *text, const struct btbb_link_count *link)
{
    const char *description = btbb_wiretap_describe(link);
    if (link->linktype >= 0 && link->linktype != (int)BTBB_LINKTYPE_LOGGER)
        g_string_append_printf(text, "link type %d (%s)", link->linktype, description);
    else
        g_string_append(text, description);
}

static uint32_t count_tunnels(const struct btbb_reading *reading)
{
    uint32_t count = 0;
    for (int i = 0; i < BTBB_TUNNELS; i++)
        count += reading->tunnels[i];
    return count;
}

static int compare_links(const void *va, const void *vb)
{
    const struct btbb_link_count *a = va, *b = vb;
    return a->frames > b->frames ? -1 : a->frames < b->frames;
}

char *btbb_contents_foreign(const struct btbb_reading *reading)
{
    if (reading->found > 0 || reading->frames == 0 || count_tunnels(reading) > 0)
        return NULL;
    struct btbb_link_count links[BTBB_LINK_COUNTS];
    memcpy(links, reading->links, sizeof links);
    qsort(links, reading->link_count, sizeof *links, compare_links);
    GString *text = g_string_new("no baseband packets among ");
    append_frames(text, reading->frames);
    for (unsigned i = 0; i < reading->link_count; i++) {
        g_string_append(text, i == 0 ? " of " : i + 1 < reading->link_count ? ", " : " and ");
        append_link(text, &links[i]);
    }
    g_string_append(text, "; tshark or Wireshark shows what they are");
    return g_string_free(text, FALSE);
}

char *btbb_contents_tunnels(const struct btbb_reading *reading, const char *view)
{
    const uint32_t all = count_tunnels(reading);
    GString *names = g_string_new(NULL);
    for (int i = 0; i < BTBB_TUNNELS; i++)
        if (reading->tunnels[i] > 0)
            g_string_append_printf(names, "%s%s", names->len > 0 ? "; " : "", btbb_tunnel_names[i]);
    char *message = NULL;
    if (all > 0) {
        GString *text = g_string_new(NULL);
        append_frames(text, all);
        g_string_append_printf(text,
                               " of tunnels (%s) %s not searched for baseband packets; this does: tshark -q -r FILE "
                               "-z btbb,%s",
                               names->str, all == 1 ? "was" : "were", view);
        message = g_string_free(text, FALSE);
    }
    g_string_free(names, TRUE);
    return message;
}
