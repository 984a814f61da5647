/* ws-wiretap.h: reading capture files with Wireshark's wiretap library, the same for all versions since 4.0.
 *
 * Apart from ws-compat.h because the companion command uses wiretap without the rest of Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_WS_WIRETAP_H
#define BTBB_WS_WIRETAP_H

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "compat/ws-config.h"

struct btbb_ws_record {
    wtap_rec header;
#if !BTBB_WS_RECORD_HOLDS_DATA
    Buffer data;
#endif
};

static inline void btbb_ws_record_init(struct btbb_ws_record *record)
{
#if BTBB_WS_RECORD_HOLDS_DATA
    wtap_rec_init(&record->header, 2048);
#else
    wtap_rec_init(&record->header);
    ws_buffer_init(&record->data, 2048);
#endif
}

static inline void btbb_ws_record_free(struct btbb_ws_record *record)
{
    wtap_rec_cleanup(&record->header);
#if !BTBB_WS_RECORD_HOLDS_DATA
    ws_buffer_free(&record->data);
#endif
}

/* False at the end of the file (*err is 0) and on errors; *info is to be freed with g_free(). */
static inline bool btbb_ws_read(wtap *file, struct btbb_ws_record *record, int *err, char **info)
{
    gint64 offset;
#if BTBB_WS_RECORD_HOLDS_DATA
    return wtap_read(file, &record->header, err, info, &offset);
#else
    return wtap_read(file, &record->header, &record->data, err, info, &offset);
#endif
}

static inline const uint8_t *btbb_ws_bytes(const struct btbb_ws_record *record)
{
#if BTBB_WS_RECORD_HOLDS_DATA
    return ws_buffer_start_ptr(&record->header.data);
#else
    return ws_buffer_start_ptr(&record->data);
#endif
}

#endif
