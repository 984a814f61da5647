/* timeline-text.c: events in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "decode/address-text.h"
#include "decode/lmp-names.h"
#include "decode/printable.h"
#include "learn/link-facts.h"
#include "learn/timeline.h"

#define FRAGMENT_CHARACTERS 56u /* of a name: 14 bytes, all of them escaped */
#define NAME_TEXT_BYTES     48u /* of a PDU: "LMP_encryption_key_size_mask_req" */

static size_t length_of(int printed)
{
    return printed < 0 ? 0 : (size_t)printed;
}

static size_t name_of(uint16_t code, char *out, size_t size)
{
    const struct btbb_lmp_info *info = btbb_lmp_find(code);

    if (info)
        return length_of(snprintf(out, size, "%s", info->name));
    if (code < BTBB_LMP_ESCAPE_FIRST << 8)
        return length_of(snprintf(out, size, "LMP opcode %u", code));
    return length_of(snprintf(out, size, "LMP opcode %u/%u", (unsigned)code >> 8, code & 0xffu));
}

static size_t error_of(uint8_t error, char *out, size_t size)
{
    const char *name = btbb_lmp_error_name(error);

    if (name)
        return length_of(snprintf(out, size, "%s (0x%02x)", name, error));
    return length_of(snprintf(out, size, "error 0x%02x", error));
}

static void hex_of(const uint8_t *bytes, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* ------ Parameters of each PDU, as by snprintf() ------ */

static size_t write_name_req(const struct btbb_lmp *pdu, char *out, size_t size)
{
    return length_of(snprintf(out, size, "from byte %u", pdu->value));
}

static size_t write_name_res(const struct btbb_lmp *pdu, char *out, size_t size)
{
    char text[4 * FRAGMENT_CHARACTERS + 1];
    uint32_t bytes = pdu->name.length > pdu->name.offset ? pdu->name.length - pdu->name.offset : 0;

    if (bytes > BTBB_LMP_FRAGMENT_BYTES)
        bytes = BTBB_LMP_FRAGMENT_BYTES;
    btbb_printable(pdu->bytes + 3, bytes, FRAGMENT_CHARACTERS, text, sizeof text);
    return length_of(snprintf(out, size, "\"%s\", %" PRIu32 " bytes from byte %u of %u", text, bytes, pdu->name.offset,
                              pdu->name.length));
}

static size_t write_answer(const struct btbb_lmp *pdu, char *out, size_t size)
{
    char name[NAME_TEXT_BYTES], error[96];

    name_of(pdu->answer.code, name, sizeof name);
    if (pdu->code == BTBB_LMP_ACCEPTED || pdu->code == BTBB_LMP_ACCEPTED_EXT)
        return length_of(snprintf(out, size, "%s", name));
    error_of(pdu->answer.error, error, sizeof error);
    return length_of(snprintf(out, size, "%s: %s", name, error));
}

static size_t write_error(const struct btbb_lmp *pdu, char *out, size_t size)
{
    return error_of(pdu->error, out, size);
}

static size_t write_random(const struct btbb_lmp *pdu, char *out, size_t size)
{
    char hex[2 * BTBB_LMP_RANDOM_BYTES + 1];

    hex_of(pdu->bytes + 1, BTBB_LMP_RANDOM_BYTES, hex);
    return length_of(snprintf(out, size, "%s %s", pdu->code == BTBB_LMP_AU_RAND ? "AU_RAND" : "EN_RAND", hex));
}

static size_t write_sres(const struct btbb_lmp *pdu, char *out, size_t size)
{
    char hex[2 * BTBB_LMP_SRES_BYTES + 1];

    hex_of(pdu->bytes + 1, BTBB_LMP_SRES_BYTES, hex);
    return length_of(snprintf(out, size, "SRES %s", hex));
}

static size_t write_mode(const struct btbb_lmp *pdu, char *out, size_t size)
{
    static const char *const modes[] = {"off", "on"};

    if (pdu->mode < 2)
        return length_of(snprintf(out, size, "%s", modes[pdu->mode]));
    return length_of(snprintf(out, size, "mode %u", pdu->mode));
}

static size_t write_key_size(const struct btbb_lmp *pdu, char *out, size_t size)
{
    return length_of(snprintf(out, size, "%u byte%s", pdu->key_size, pdu->key_size == 1 ? "" : "s"));
}

static size_t write_version(const struct btbb_lmp *pdu, char *out, size_t size)
{
    const char *name = btbb_lmp_version_name(pdu->version.version);

    return length_of(snprintf(out, size, "version %s (%u), company 0x%04x, subversion 0x%04x", name ? name : "unknown",
                              pdu->version.version, pdu->version.company, pdu->version.subversion));
}

static size_t write_features(const struct btbb_lmp *pdu, char *out, size_t size)
{
    const uint8_t page = pdu->features.page;
    struct btbb_link_side side = {0};
    char list[192] = "";
    size_t length = 0;

    if (page < BTBB_FEATURE_PAGES) {
        side.features[page] = pdu->features.bits;
        side.features_frame[page] = 1;
    }
    for (int i = 0; i < BTBB_FEATURE_COUNT && length < sizeof list; i++)
        if (btbb_link_feature(&side, (enum btbb_feature)i) == BTBB_YES)
            length += length_of(snprintf(list + length, sizeof list - length, "%s%s", length ? ", " : ": ",
                                         btbb_feature_name((enum btbb_feature)i)));
    return length_of(snprintf(out, size, "page %u%s", page, list));
}

static size_t write_slots(const struct btbb_lmp *pdu, char *out, size_t size)
{
    return length_of(snprintf(out, size, "%u slot%s", pdu->value, pdu->value == 1 ? "" : "s"));
}

static size_t write_timeout(const struct btbb_lmp *pdu, char *out, size_t size)
{
    if (pdu->value == 0)
        return length_of(snprintf(out, size, "none"));
    return length_of(snprintf(out, size, "%u slots", pdu->value));
}

static size_t write_interval(const struct btbb_lmp *pdu, char *out, size_t size)
{
    return length_of(snprintf(out, size, "interval of %u slots", pdu->value));
}

static size_t write_accuracy(const struct btbb_lmp *pdu, char *out, size_t size)
{
    return length_of(
        snprintf(out, size, "drift %u ppm, jitter %u us", pdu->accuracy.drift_ppm, pdu->accuracy.jitter_us));
}

static size_t write_clock_offset(const struct btbb_lmp *pdu, char *out, size_t size)
{
    return length_of(snprintf(out, size, "%u x 1.25 ms", pdu->value & 0x7fffu));
}

static size_t write_slot_offset(const struct btbb_lmp *pdu, char *out, size_t size)
{
    char address[BTBB_BD_ADDR_TEXT_BYTES];

    btbb_bd_addr_text(pdu->slot_offset.nap, pdu->slot_offset.uap, pdu->slot_offset.lap, address);
    return length_of(snprintf(out, size, "%u us, BD_ADDR %s", pdu->slot_offset.offset_us, address));
}

static size_t write_switch(const struct btbb_lmp *pdu, char *out, size_t size)
{
    return length_of(snprintf(out, size, "at CLK 0x%" PRIx32, pdu->change.instant));
}

static size_t write_afh(const struct btbb_lmp *pdu, char *out, size_t size)
{
    const unsigned channels = pdu->change.mode == 1 ? pdu->change.channels : BTBB_CHANNELS;

    return length_of(snprintf(out, size, "%u channels from CLK 0x%" PRIx32 " on", channels, pdu->change.instant));
}

static size_t write_encapsulated(const struct btbb_lmp *pdu, char *out, size_t size)
{
    static const char *const curves[] = {[BTBB_LMP_KEY_MINOR_P192] = "P-192", [BTBB_LMP_KEY_MINOR_P256] = "P-256"};
    const uint8_t minor = pdu->encapsulated.minor;

    if (pdu->encapsulated.major == BTBB_LMP_KEY_MAJOR && minor >= 1 && minor <= 2)
        return length_of(snprintf(out, size, "%s public key, %u bytes", curves[minor], pdu->encapsulated.length));
    return length_of(
        snprintf(out, size, "type %u/%u, %u bytes", pdu->encapsulated.major, minor, pdu->encapsulated.length));
}

static size_t write_packet_types(const struct btbb_lmp *pdu, char *out, size_t size)
{
    static const char *const tables[] = {"Basic Rate", "Enhanced Data Rate"};

    if (pdu->value < 2)
        return length_of(snprintf(out, size, "%s", tables[pdu->value]));
    return length_of(snprintf(out, size, "table %u", pdu->value));
}

static size_t write_power(const struct btbb_lmp *pdu, char *out, size_t size)
{
    static const char *const changes[] = {"one step down", "one step up", "to the maximum"};

    if (pdu->value < 3)
        return length_of(snprintf(out, size, "%s", changes[pdu->value]));
    return length_of(snprintf(out, size, "change %u", pdu->value));
}

static size_t write_io_capability(const struct btbb_lmp *pdu, char *out, size_t size)
{
    static const char *const bonding[] = {"no bonding", "dedicated bonding", "general bonding", "reserved bonding"};
    const char *io = btbb_lmp_io_capability_name(pdu->io_capability.io);
    const uint8_t requirements = pdu->io_capability.authentication;

    return length_of(snprintf(out, size, "%s%s%s, %s", io ? io : "reserved capability",
                              pdu->io_capability.oob == 1 ? ", out-of-band data" : "",
                              requirements & BTBB_LMP_AUTH_MITM ? ", MITM protection required" : "",
                              bonding[requirements / 2 < 3 ? requirements / 2 : 3]));
}

static const struct {
    uint16_t code;
    size_t (*write)(const struct btbb_lmp *pdu, char *out, size_t size);
} writers[] = {
    {BTBB_LMP_NAME_REQ, write_name_req},
    {BTBB_LMP_NAME_RES, write_name_res},
    {BTBB_LMP_ACCEPTED, write_answer},
    {BTBB_LMP_NOT_ACCEPTED, write_answer},
    {BTBB_LMP_CLKOFFSET_RES, write_clock_offset},
    {BTBB_LMP_DETACH, write_error},
    {BTBB_LMP_AU_RAND, write_random},
    {BTBB_LMP_SRES, write_sres},
    {BTBB_LMP_ENCRYPTION_MODE_REQ, write_mode},
    {BTBB_LMP_ENCRYPTION_KEY_SIZE_REQ, write_key_size},
    {BTBB_LMP_START_ENCRYPTION_REQ, write_random},
    {BTBB_LMP_SWITCH_REQ, write_switch},
    {BTBB_LMP_SNIFF_REQ, write_interval},
    {BTBB_LMP_VERSION_REQ, write_version},
    {BTBB_LMP_VERSION_RES, write_version},
    {BTBB_LMP_FEATURES_REQ, write_features},
    {BTBB_LMP_FEATURES_RES, write_features},
    {BTBB_LMP_MAX_SLOT, write_slots},
    {BTBB_LMP_MAX_SLOT_REQ, write_slots},
    {BTBB_LMP_TIMING_ACCURACY_RES, write_accuracy},
    {BTBB_LMP_SLOT_OFFSET, write_slot_offset},
    {BTBB_LMP_SUPERVISION_TIMEOUT, write_timeout},
    {BTBB_LMP_SET_AFH, write_afh},
    {BTBB_LMP_ENCAPSULATED_HEADER, write_encapsulated},
    {BTBB_LMP_ACCEPTED_EXT, write_answer},
    {BTBB_LMP_NOT_ACCEPTED_EXT, write_answer},
    {BTBB_LMP_FEATURES_REQ_EXT, write_features},
    {BTBB_LMP_FEATURES_RES_EXT, write_features},
    {BTBB_LMP_PACKET_TYPE_TABLE_REQ, write_packet_types},
    {BTBB_LMP_IO_CAPABILITY_REQ, write_io_capability},
    {BTBB_LMP_IO_CAPABILITY_RES, write_io_capability},
    {BTBB_LMP_POWER_CONTROL_REQ, write_power},
};

/* ------ Events ------ */

static struct btbb_lmp pdu_of(const struct btbb_link_event *event)
{
    struct btbb_lmp pdu;

    btbb_lmp_read((struct btbb_span){event->bytes, event->length}, true, &pdu);
    return pdu;
}

static size_t lmp_details(const struct btbb_link_event *event, char *out, size_t size)
{
    const struct btbb_lmp pdu = pdu_of(event);

    if (event->fault == BTBB_LMP_SHORT && pdu.info)
        return length_of(snprintf(out, size, "cut short: %u of %u bytes", event->length, pdu.info->bytes));
    if (event->fault == BTBB_LMP_LONG && pdu.info)
        return length_of(snprintf(out, size, "too long: more than its %u bytes", pdu.info->bytes));
    for (size_t i = 0; event->fault == BTBB_LMP_OK && i < sizeof writers / sizeof *writers; i++)
        if (writers[i].code == pdu.code)
            return writers[i].write(&pdu, out, size);
    return length_of(snprintf(out, size, "%s", ""));
}

static size_t fhs_details(const struct btbb_link_event *event, char *out, size_t size)
{
    char address[BTBB_BD_ADDR_TEXT_BYTES];

    btbb_bd_addr_text(event->nap, event->uap, event->lap, address);
    return length_of(snprintf(out, size, "BD_ADDR %s, class 0x%06" PRIx32 ", LT_ADDR %u", address,
                              event->class_of_device, event->lt_addr));
}

size_t btbb_event_what(const struct btbb_link_event *event, char *out, size_t size)
{
    static const char *const names[] = {
        [BTBB_EVENT_NONE] = "", [BTBB_EVENT_LMP] = "LMP", [BTBB_EVENT_DATA] = "L2CAP data", [BTBB_EVENT_FHS] = "FHS"};

    if (event->kind == BTBB_EVENT_LMP && event->fault != BTBB_LMP_EMPTY)
        return name_of(pdu_of(event).code, out, size);
    return length_of(snprintf(out, size, "%s", names[event->kind]));
}

size_t btbb_event_details(const struct btbb_link_event *event, char *out, size_t size)
{
    if (event->kind == BTBB_EVENT_LMP)
        return lmp_details(event, out, size);
    if (event->kind == BTBB_EVENT_FHS)
        return fhs_details(event, out, size);
    return length_of(snprintf(out, size, "encryption %s",
                              btbb_encryption_state_name((enum btbb_encryption_state)event->encryption)));
}

const char *btbb_event_who(const struct btbb_link_event *event)
{
    if (event->dir != BTBB_DIR_UNKNOWN)
        return event->dir == BTBB_DIR_TO_PERIPHERAL ? "Central" : "Peripheral";
    if (event->own != BTBB_OWN_UNKNOWN)
        return event->own == BTBB_OWN_SENT ? "capturing device" : "other device";
    return "unknown";
}

bool btbb_event_elapsed(const struct btbb_link_event *event, int64_t *ns)
{
    if (event->request.frame == 0 || !event->request.has_time || !event->moment.has_time)
        return false;
    *ns = (int64_t)((uint64_t)event->moment.time_ns - (uint64_t)event->request.time_ns);
    return true;
}
