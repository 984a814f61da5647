/* list.c: captures -> one row per packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "list.h"

#include <unistd.h>

#include "show/packets.h"

#include "clocks.h"
#include "contents.h"
#include "count.h"
#include "details.h"

struct list {
    struct btbb_packets *packets;
    struct btbb_learned learned; /* of the file that is read */
    const struct btbb_keyring *keys;
    atomic_bool *stop;
    bool follow;
    bool failed; /* writing has failed */
};

static void list_frames(void *user, const struct btbb_read_frame *frames, unsigned count)
{
    struct list *list = user;
    for (unsigned i = 0; i < count && !list->failed; i++) {
        struct btbb_details details;
        btbb_read_details(&list->learned, &frames[i], &details);
        list->failed = !btbb_packets_add(list->packets, &details);
    }
    if (list->follow)
        btbb_packets_flush(list->packets);
    if (list->failed)
        atomic_store(list->stop, true);
}

static enum btbb_read_result list_file(struct list *list, const char *name, const struct btbb_options *options)
{
    struct btbb_reading reading = {
        .name = name, .stop = list->stop, .follow = list->follow, .frames_fn = list_frames, .user = list};
    bool ready = btbb_learned_init(
        &list->learned, btbb_packets_need_names(list->packets) ? BTBB_LEARN_NAMES : BTBB_LEARN_NOTHING, list->keys);
    if (!ready)
        reading.message = g_strdup("out of memory");
    else if (options->clock)
        btbb_learn_clocks(&list->learned.capture, &reading);
    enum btbb_read_result result = ready ? btbb_read(&reading) : BTBB_READ_NOTHING;
    btbb_learned_clear(&list->learned);
    result = btbb_contents_classify(&reading, result);
    btbb_count_report(&reading, btbb_views[options->view].name);
    g_free(reading.message);
    return result;
}

enum btbb_read_result btbb_list_packets(const struct btbb_command *command, atomic_bool *stop, char **error)
{
    struct list list = {.stop = stop, .follow = command->follow, .keys = &command->keys};
    enum btbb_read_result worst = BTBB_READ_WHOLE;
    bool something = false;
    list.packets = btbb_packets_open(&command->options, stdout, error);
    if (!list.packets)
        return BTBB_READ_NOTHING;
    for (unsigned i = 0; i < command->file_count && !atomic_load(stop); i++) {
        if (command->file_count > 1)
            btbb_packets_set_file(list.packets, command->files[i]);
        enum btbb_read_result result = list_file(&list, command->files[i], &command->options);
        something = something || result != BTBB_READ_NOTHING;
        worst = MAX(worst, result);
    }
    /* A file keeps its old content when nothing could be read. */
    btbb_packets_close(list.packets, something && !list.failed, error);
    return worst == BTBB_READ_NOTHING && something ? BTBB_READ_PART : worst;
}
