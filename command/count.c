/* count.c: see count.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "count.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "count/printable-copy.h"
#include "decode/decode.h"
#include "learn/decryptor.h"
#include "learn/link-feed.h"
#include "learn/name-filter.h"

#include "clocks.h"
#include "contents.h"
#include "message.h"

struct worker {
    _Alignas(BTBB_CACHE_LINE) struct btbb_count *count;
    GThread *thread;
    struct btbb_capture *capture;     /* of the file being read */
    struct btbb_link_log *log;        /* of the same file; NULL: not needed */
    struct btbb_clock_log *clocks;    /* of the same file; NULL: not needed */
    struct btbb_decryptor *decryptor; /* of the same file; NULL: there are no keys */
    GMutex lock;                      /* of `totals` and `log`; taken only when following */
    struct btbb_totals *totals;
};

struct btbb_count {
    const struct btbb_options *options;
    const struct btbb_keyring *keys;
    bool follow;
    unsigned file_count;
    struct btbb_reading *files;
    enum btbb_read_result *results;
    struct btbb_capture_links *captures; /* by file */
    atomic_uint next;                    /* the first file that no worker has started */
    atomic_uint done;                    /* files */
    unsigned worker_count;
    struct worker *workers;
    GMutex lock; /* of `running` */
    GCond finished;
    unsigned running; /* workers */
};

/* Learns from a decoded frame, and decrypts it when there are keys. */
static void learn_frame(struct worker *worker, const struct btbb_read_frame *in, struct btbb_facts *facts,
                        struct btbb_verdict *verdict, struct btbb_plain *plain)
{
    plain->status = BTBB_DECRYPT_NONE;
    plain->reason = BTBB_REASON_NONE;
    btbb_capture_learn(worker->capture, in->number, &in->frame, facts, verdict);
    if (worker->decryptor)
        btbb_decryptor_learn(worker->decryptor, worker->capture, in->number, &in->frame, (struct btbb_clk27){NULL, 0},
                             facts, verdict, plain);
}

/* Out of line, so that usual frames avoid the cost of its large variables. */
static G_GNUC_NO_INLINE void record_any(struct worker *worker, const struct btbb_read_frame *in, bool brief,
                                        struct btbb_record *record)
{
    const struct btbb_frame *frame = &in->frame;
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    struct btbb_plain plain;
    if (brief)
        btbb_decode_briefly(frame, &facts);
    else
        btbb_decode(frame, &facts);
    learn_frame(worker, in, &facts, &verdict, &plain);
    btbb_record_fill(&facts, &verdict, record);
}

/* What is needed of each packet. The decryptor follows all of them. */
static enum btbb_fast need_of(const struct worker *worker)
{
    if (worker->decryptor || (worker->log && worker->log->timeline))
        return BTBB_FAST_ALL;
    return (worker->totals->needs & BTBB_NEED_PAYLOAD) ? BTBB_FAST_RECORD : BTBB_FAST_BRIEF;
}

/* What a frame shows of the clock of its piconet. */
static void follow_clock(struct worker *worker, const struct btbb_read_frame *in, const struct btbb_facts *facts,
                         const struct btbb_verdict *verdict, const struct btbb_plain *plain)
{
    struct btbb_piconet_packet packet;
    btbb_piconet_packet_fill(in->number, plain->status == BTBB_DECRYPT_GOOD ? &plain->frame : &in->frame, facts,
                             verdict, &packet);
    btbb_clock_log_add(worker->clocks, &packet);
}

/* What a frame shows of connections, names and clocks. Counts it, too. */
static G_GNUC_NO_INLINE void follow_links(struct worker *worker, const struct btbb_read_frame *in,
                                          struct btbb_record *record)
{
    const struct btbb_frame *frame = &in->frame;
    struct btbb_facts facts;
    struct btbb_verdict verdict;
    struct btbb_plain plain;
    btbb_decode(frame, &facts);
    learn_frame(worker, in, &facts, &verdict, &plain);
    btbb_record_fill(&facts, &verdict, record);
    if (worker->clocks)
        follow_clock(worker, in, &facts, &verdict, &plain);
    if (!worker->log)
        return;
    enum btbb_link_packet_kind kind = btbb_link_packet_kind_with(&facts, &verdict, plain.reason);
    bool names = kind != BTBB_LINK_PACKET_DATA && kind != BTBB_LINK_PACKET_SEALED;
    if (kind == BTBB_LINK_PACKET_NONE || !(names || worker->log->timeline))
        return;
    struct btbb_link_packet packet = {
        .frame = in->number, .time_ns = in->frame.time_ns, .has_time = in->frame.has_time};
    bool decrypted = plain.status == BTBB_DECRYPT_GOOD;
    btbb_link_packet_fill(kind, decrypted ? &plain.frame : frame, &facts, &verdict, &packet);
    btbb_link_packet_set_decryption(&packet, worker->decryptor != NULL, plain.reason);
    btbb_link_log_add(worker->log, &packet, NULL);
}

/* Frames that show nothing of connections, names and clocks, or of which nothing of that kind is needed, are counted
 * alone. */
static inline void count_each(struct worker *worker, const struct btbb_read_frame *frames, unsigned count,
                              enum btbb_fast need)
{
    const bool clocks = worker->clocks, follows = worker->log || clocks;
    const struct btbb_links *names = worker->log && need == BTBB_FAST_BRIEF ? worker->log->links : NULL;
    for (const struct btbb_read_frame *in = frames; in < frames + count; in++) {
        struct btbb_record record = {.version = BTBB_RECORD_VERSION,
                                     .frame = in->number,
                                     .wire_bytes = in->wire_bytes,
                                     .time_ns = in->frame.time_ns,
                                     .has_time = in->frame.has_time};
        if (clocks || (names && btbb_may_show_name(&in->frame, names)) ||
            !btbb_capture_learn_fast(worker->capture, &in->frame, need, &record)) {
            if (follows)
                follow_links(worker, in, &record);
            else
                record_any(worker, in, need == BTBB_FAST_BRIEF, &record);
        }
        btbb_totals_add(worker->totals, &record);
    }
}

/* All that usual frames need is inlined ("flatten"), for the usual need as a constant: calls and tests would cost a
 * tenth of the instructions. */
static __attribute__((flatten)) void count_frames(void *user, const struct btbb_read_frame *frames, unsigned count)
{
    struct worker *worker = user;
    const enum btbb_fast need = need_of(worker);
    if (need == BTBB_FAST_BRIEF)
        count_each(worker, frames, count, BTBB_FAST_BRIEF);
    else
        count_each(worker, frames, count, need);
}

/* For --follow, where the main thread reads the totals now and then. */
static void count_frames_locked(void *user, const struct btbb_read_frame *frames, unsigned count)
{
    struct worker *worker = user;
    g_mutex_lock(&worker->lock);
    count_frames(user, frames, count);
    g_mutex_unlock(&worker->lock);
}

/* Which of connections and their timeline a view shows; lap shows the names that are learned with them. */
static bool needs_links(const struct btbb_count *count)
{
    const enum btbb_view view = count->options->view;
    return btbb_view_is_of_links(view) || view == BTBB_VIEW_LAP || view == BTBB_VIEW_REPORT;
}

static bool needs_clocks(const struct btbb_count *count)
{
    const enum btbb_view view = count->options->view;
    return view == BTBB_VIEW_PICONETS || (view == BTBB_VIEW_REPORT && count->options->clock);
}

/* Whether clocks are learned before the file is counted. Payloads are decrypted by them. */
static bool learns_clocks(const struct btbb_count *count)
{
    return count->options->clock || (needs_clocks(count) && count->keys->count > 0);
}

static bool needs_timeline(const struct btbb_count *count)
{
    return count->options->view != BTBB_VIEW_LAP;
}

/* Begins what is learned of a file. Returns false when memory is exhausted. */
static bool begin_file(struct worker *worker, struct btbb_capture_links *links)
{
    const struct btbb_keyring *keys = worker->count->keys;
    bool wanted = needs_links(worker->count);
    worker->decryptor = keys->count > 0 ? btbb_decryptor_new(keys, false) : NULL;
    worker->capture = btbb_capture_new();
    worker->log = wanted ? btbb_link_log_new(needs_timeline(worker->count)) : NULL;
    if (worker->log && !needs_timeline(worker->count))
        btbb_links_only_names(worker->log->links);
    worker->clocks = needs_clocks(worker->count) ? btbb_clock_log_new() : NULL;
    g_mutex_lock(&worker->lock);
    links->log = worker->log;
    links->clocks = worker->clocks;
    links->names = worker->log ? btbb_links_names(worker->log->links) : NULL;
    g_mutex_unlock(&worker->lock);
    return worker->capture && (worker->log || !wanted) && (worker->clocks || !needs_clocks(worker->count)) &&
           (worker->decryptor || keys->count == 0);
}

/* Keeps what the view shows of a file. Many files may be read: of most only the names count, if there are any. */
static void end_file(struct worker *worker, struct btbb_capture_links *links)
{
    btbb_capture_free(worker->capture);
    btbb_decryptor_free(worker->decryptor);
    if (!worker->log || needs_timeline(worker->count))
        return;
    struct btbb_device_names *names = btbb_links_take_names(worker->log->links);
    btbb_link_log_free(worker->log);
    if (!btbb_device_names_any(names))
        g_clear_pointer(&names, btbb_device_names_free);
    g_mutex_lock(&worker->lock);
    worker->log = NULL;
    links->log = NULL;
    links->names = names;
    g_mutex_unlock(&worker->lock);
}

static enum btbb_read_result count_file(struct worker *worker, struct btbb_reading *file)
{
    struct btbb_capture_links *links = &worker->count->captures[file - worker->count->files];
    enum btbb_read_result result = BTBB_READ_NOTHING;
    file->user = worker;
    g_mutex_lock(&worker->lock);
    btbb_totals_next_capture(worker->totals);
    g_mutex_unlock(&worker->lock);
    if (begin_file(worker, links)) {
        if (learns_clocks(worker->count))
            btbb_learn_clocks(&worker->capture, file);
        result = btbb_read(file);
    } else {
        file->message = g_strdup("out of memory");
    }
    g_mutex_lock(&worker->lock);
    worker->totals->frames += file->frames;
    worker->totals->has_frames = true;
    g_mutex_unlock(&worker->lock);
    end_file(worker, links);
    return btbb_contents_classify(file, result);
}

static gpointer work(gpointer data)
{
    struct worker *worker = data;
    struct btbb_count *count = worker->count;
    unsigned file;
    while ((file = atomic_fetch_add(&count->next, 1)) < count->file_count) {
        count->results[file] = count_file(worker, &count->files[file]);
        atomic_fetch_add(&count->done, 1);
    }
    g_mutex_lock(&count->lock);
    count->running--;
    g_cond_signal(&count->finished);
    g_mutex_unlock(&count->lock);
    return NULL;
}

static struct btbb_totals *fresh_totals(const struct btbb_count *count)
{
    return btbb_totals_for(count->options);
}

/* Bytes of a regular file; 0 for anything else. */
static uint64_t size_of(const char *path)
{
    GStatBuf status;
    return strcmp(path, "-") != 0 && g_stat(path, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size
                                                                                           : 0;
}

struct btbb_count *btbb_count_start(const struct btbb_command *command, const atomic_bool *stop)
{
    struct btbb_count *count = g_new0(struct btbb_count, 1);
    count->options = &command->options;
    count->keys = &command->keys;
    count->follow = command->follow;
    count->file_count = command->file_count;
    count->files = g_aligned_alloc0(count->file_count, sizeof *count->files, BTBB_CACHE_LINE);
    count->results = g_new0(enum btbb_read_result, count->file_count);
    count->captures = g_new0(struct btbb_capture_links, count->file_count);
    for (unsigned i = 0; i < count->file_count; i++) {
        count->files[i].name = command->files[i];
        count->files[i].size = size_of(command->files[i]);
        count->files[i].follow = count->follow;
        count->files[i].stop = stop;
        count->files[i].frames_fn = count->follow ? count_frames_locked : count_frames;
        if (count->file_count > 1)
            count->captures[i].file = btbb_printable_copy(command->files[i]);
    }
    /* Followed files never end: each needs a thread. */
    unsigned jobs = count->follow ? count->file_count : command->jobs ? command->jobs : g_get_num_processors();
    count->worker_count = MIN(jobs, count->file_count);
    count->workers = g_aligned_alloc0(count->worker_count, sizeof *count->workers, BTBB_CACHE_LINE);
    count->running = count->worker_count;
    for (unsigned i = 0; i < count->worker_count; i++) {
        count->workers[i].count = count;
        count->workers[i].totals = fresh_totals(count);
        count->workers[i].thread = g_thread_new("count", work, &count->workers[i]);
    }
    return count;
}

bool btbb_count_wait(struct btbb_count *count, unsigned milliseconds)
{
    gint64 end = g_get_monotonic_time() + (gint64)milliseconds * 1000;
    g_mutex_lock(&count->lock);
    while (count->running > 0 && g_cond_wait_until(&count->finished, &count->lock, end))
        ;
    bool all = count->running == 0;
    g_mutex_unlock(&count->lock);
    return all;
}

struct btbb_progress btbb_count_progress(struct btbb_count *count)
{
    struct btbb_progress progress = {.files_done = atomic_load(&count->done), .files = count->file_count};
    bool known = true;
    for (unsigned i = 0; i < count->file_count; i++) {
        const struct btbb_reading *file = &count->files[i];
        const bool twice = learns_clocks(count) && btbb_is_read_twice(file);
        progress.bytes += atomic_load_explicit(&file->bytes, memory_order_relaxed) +
                          atomic_load_explicit(&file->learned, memory_order_relaxed);
        progress.size += file->size * (twice ? 2 : 1);
        known = known && file->size > 0;
    }
    if (!known)
        progress.size = 0;
    return progress;
}

struct btbb_totals *btbb_count_snapshot(struct btbb_count *count)
{
    struct btbb_totals *all = fresh_totals(count);
    for (unsigned i = 0; i < count->worker_count; i++)
        btbb_totals_merge(all, count->workers[i].totals);
    return all;
}

void btbb_count_hold(struct btbb_count *count)
{
    for (unsigned i = 0; i < count->worker_count; i++)
        g_mutex_lock(&count->workers[i].lock);
}

void btbb_count_release(struct btbb_count *count)
{
    for (unsigned i = 0; i < count->worker_count; i++)
        g_mutex_unlock(&count->workers[i].lock);
}

struct btbb_capture_links *btbb_count_captures(const struct btbb_count *count, size_t *captures)
{
    struct btbb_capture_links *read = g_new(struct btbb_capture_links, count->file_count);
    size_t kept = 0;
    const bool all = atomic_load(&count->done) == count->file_count;
    for (unsigned i = 0; i < count->file_count; i++) {
        if (count->captures[i].clocks)
            btbb_clock_log_finish((struct btbb_clock_log *)count->captures[i].clocks, all);
        if (count->captures[i].log || count->captures[i].names || count->captures[i].clocks)
            read[kept++] = count->captures[i];
    }
    *captures = kept;
    return read;
}

struct btbb_totals *btbb_count_take(struct btbb_count *count)
{
    struct btbb_totals *all = count->workers[0].totals;
    count->workers[0].totals = NULL;
    for (unsigned i = 1; i < count->worker_count; i++) {
        btbb_totals_merge(all, count->workers[i].totals);
        btbb_totals_free(count->workers[i].totals);
        count->workers[i].totals = NULL;
    }
    return all;
}

static void report(const struct btbb_reading *file, char *message)
{
    if (message)
        btbb_message("%s: %s", strcmp(file->name, "-") == 0 ? "standard input" : file->name, message);
    g_free(message);
}

void btbb_count_report(const struct btbb_reading *file, const char *view)
{
    report(file, g_strdup(file->message));
    report(file, btbb_contents_foreign(file));
    report(file, btbb_contents_tunnels(file, view));
}

enum btbb_read_result btbb_count_result(const struct btbb_count *count)
{
    bool something = false;
    enum btbb_read_result worst = BTBB_READ_WHOLE;
    for (unsigned i = 0; i < count->file_count; i++) {
        btbb_count_report(&count->files[i], btbb_views[count->options->view].name);
        something = something || count->results[i] != BTBB_READ_NOTHING;
        worst = MAX(worst, count->results[i]);
    }
    return worst == BTBB_READ_NOTHING && something ? BTBB_READ_PART : worst;
}

void btbb_count_free(struct btbb_count *count)
{
    for (unsigned i = 0; i < count->worker_count; i++) {
        g_thread_join(count->workers[i].thread);
        btbb_totals_free(count->workers[i].totals);
    }
    for (unsigned i = 0; i < count->file_count; i++) {
        struct btbb_capture_links *links = &count->captures[i];
        if (!links->log)
            btbb_device_names_free((struct btbb_device_names *)links->names);
        btbb_link_log_free((struct btbb_link_log *)links->log);
        btbb_clock_log_free((struct btbb_clock_log *)links->clocks);
        g_free((char *)links->file);
        g_free(count->files[i].message);
    }
    g_free(count->captures);
    g_aligned_free(count->workers);
    g_free(count->results);
    g_aligned_free(count->files);
    g_free(count);
}
