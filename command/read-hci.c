/* read-hci.c: see read-hci.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "read-hci.h"

#include "compat/ws-wiretap.h"

#include <glib.h>

#include "wiretap-file.h"

/* Opcodes of the BlueZ monitor (monitor/bt.h). */
#define MONITOR_NEW_INDEX 0u
#define MONITOR_COMMAND   2u
#define MONITOR_EVENT     3u

/* Types of Apple PacketLogger records. */
#define LOGGER_COMMAND 0u
#define LOGGER_EVENT   1u

/* The first byte of H4 is the kind of the packet. */
static bool find_h4(struct btbb_hci_packet *packet)
{
    const uint8_t type = btbb_u8(packet->bytes, 0);

    packet->kind = (enum btbb_hci)type;
    packet->bytes = btbb_part(packet->bytes, 1, packet->bytes.length);
    return type == BTBB_HCI_COMMAND || type == BTBB_HCI_EVENT;
}

static bool find_logged(struct btbb_hci_packet *packet)
{
    const uint8_t type = btbb_u8(packet->bytes, 0);

    packet->kind = type == LOGGER_COMMAND ? BTBB_HCI_COMMAND : BTBB_HCI_EVENT;
    packet->bytes = btbb_part(packet->bytes, 1, packet->bytes.length);
    return type == LOGGER_COMMAND || type == LOGGER_EVENT;
}

static bool find_monitored(struct btbb_hci_packet *packet, const struct btmon_phdr *header)
{
    packet->adapter = header->adapter_id;
    packet->kind = header->opcode == MONITOR_NEW_INDEX ? BTBB_HCI_NEW_INDEX
                   : header->opcode == MONITOR_COMMAND ? BTBB_HCI_COMMAND
                                                       : BTBB_HCI_EVENT;
    return header->opcode == MONITOR_NEW_INDEX || header->opcode == MONITOR_COMMAND || header->opcode == MONITOR_EVENT;
}

static bool find_bare(struct btbb_hci_packet *packet, const struct bthci_phdr *header)
{
    packet->kind = header->channel == BTHCI_CHANNEL_COMMAND ? BTBB_HCI_COMMAND : BTBB_HCI_EVENT;
    return header->channel == BTHCI_CHANNEL_COMMAND || header->channel == BTHCI_CHANNEL_EVENT;
}

/* The HCI packet of a record. Returns false when there is none. */
static bool find_packet(const struct btbb_ws_record *record, struct btbb_hci_packet *packet)
{
    const wtap_packet_header *header = &record->header.rec_header.packet_header;

    if (record->header.rec_type != REC_TYPE_PACKET)
        return false;
    packet->bytes = (struct btbb_span){btbb_ws_bytes(record), header->caplen};
    switch (header->pkt_encap) {
    case WTAP_ENCAP_BLUETOOTH_H4:
    case WTAP_ENCAP_BLUETOOTH_H4_WITH_PHDR:
        return find_h4(packet);
    case WTAP_ENCAP_BLUETOOTH_HCI:
        return find_bare(packet, &header->pseudo_header.bthci);
    case WTAP_ENCAP_BLUETOOTH_LINUX_MONITOR:
        return find_monitored(packet, &header->pseudo_header.btmon);
    case WTAP_ENCAP_PACKETLOGGER:
        return find_logged(packet);
    default:
        return false;
    }
}

bool btbb_read_hci(const char *path, const atomic_bool *stop, btbb_hci_fn *fn, void *user, char **error)
{
    struct btbb_hci_keys state = {0};
    struct btbb_ws_record record;
    uint32_t number = 0;
    char *info = NULL;
    int err = 0;

    wtap *file = btbb_wiretap_open(path, &record, &err, &info);

    if (file) {
        while (!atomic_load(stop) && btbb_ws_read(file, &record, &err, &info)) {
            number++;
            struct btbb_hci_packet packet = {.state = &state, .number = number};

            if (find_packet(&record, &packet))
                fn(user, &packet);
            wtap_rec_reset(&record.header);
        }
        btbb_wiretap_close(file, &record);
    }
    *error = err ? btbb_wiretap_error(err, info) : NULL;
    g_free(info);
    return file && !err && !atomic_load(stop);
}
