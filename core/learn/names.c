/* names.c: see names.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/names.h"

#include <stdlib.h>
#include <string.h>

#include "decode/printable.h"
#include "learn/key-table.h"

/* A name that is being joined. */
struct joining {
    struct btbb_name name; /* its beginning without gap; source BTBB_NAME_LMP_PART */
    uint8_t bytes[BTBB_LMP_NAME_BYTES];
    bool known[BTBB_LMP_NAME_BYTES]; /* per byte */
    uint8_t length;                  /* of the whole name, as announced */
};

struct device {
    struct btbb_name *names; /* in order of frames, each better than or different from the one before it */
    struct joining *joining; /* NULL: no fragment yet */
    uint32_t class_of_device;
    uint8_t count;
    bool has_class;
};

struct btbb_device_names {
    struct btbb_key_table numbers;
    struct device *devices;
    uint32_t count, capacity;
    uint32_t dropped;
};

const char *btbb_name_source_text(enum btbb_name_source source)
{
    static const char *const texts[] = {"none", "LMP, beginning only", "EIR, shortened", "EIR", "LMP"};

    return texts[source];
}

struct btbb_device_names *btbb_device_names_new(void)
{
    return calloc(1, sizeof(struct btbb_device_names));
}

void btbb_device_names_free(struct btbb_device_names *names)
{
    if (!names)
        return;
    for (uint32_t i = 0; i < names->count; i++) {
        free(names->devices[i].names);
        free(names->devices[i].joining);
    }
    free(names->devices);
    btbb_key_table_free(&names->numbers);
    free(names);
}

static struct device *find(const struct btbb_device_names *names, uint64_t key)
{
    const uint32_t number = btbb_key_find(&names->numbers, key);

    return number == BTBB_KEY_NONE ? NULL : &names->devices[number];
}

/* Room for one more device. */
static bool make_room(struct btbb_device_names *names)
{
    if (names->count < names->capacity)
        return true;
    if (names->count >= BTBB_NAMES_DEVICES)
        return false;
    const uint32_t capacity = names->capacity ? 2 * names->capacity : 8;
    struct device *devices = realloc(names->devices, capacity * sizeof *devices);

    if (!devices)
        return false;
    names->devices = devices;
    names->capacity = capacity;
    return true;
}

static struct device *find_or_add(struct btbb_device_names *names, uint64_t key)
{
    struct device *device = find(names, key);

    if (device)
        return device;
    if (!make_room(names) || !btbb_key_set(&names->numbers, key, names->count)) {
        names->dropped++;
        return NULL;
    }
    device = &names->devices[names->count++];
    memset(device, 0, sizeof *device);
    return device;
}

/* A complete name counts as much from either source, so that a device that is renamed gets its new name. */
static unsigned rank(const struct btbb_name *name)
{
    return name->source >= BTBB_NAME_EIR ? BTBB_NAME_EIR : name->source;
}

static bool same_text(const struct btbb_name *a, const struct btbb_name *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Enter a name, unless it is empty, or a better one or this one is known already. */
static void enter(struct btbb_device_names *names, struct device *device, const struct btbb_name *name)
{
    const struct btbb_name *last = device->count > 0 ? &device->names[device->count - 1] : NULL;

    if (name->length == 0 || (last && (rank(name) < rank(last) || (rank(name) == rank(last) && same_text(name, last)))))
        return;
    struct btbb_name *entered =
        device->count < BTBB_NAMES_CHANGES ? realloc(device->names, (device->count + 1u) * sizeof *entered) : NULL;

    if (!entered) {
        names->dropped++;
        return;
    }
    device->names = entered;
    device->names[device->count++] = *name;
}

static struct btbb_name make_name(const uint8_t *bytes, size_t length, enum btbb_name_source source, uint32_t frame)
{
    struct btbb_name name = {.frame = frame, .source = (uint8_t)source};

    while (length > 0 && bytes[length - 1] == 0)
        length--;
    name.length = (uint8_t)(length < sizeof name.bytes ? length : sizeof name.bytes);
    for (size_t i = 0; i < name.length; i++)
        name.bytes[i] = bytes[i];
    name.utf8 = btbb_utf8_valid(name.bytes, name.length);
    return name;
}

/* Enter one byte of the name. False: another one is known. */
static bool join_byte(struct joining *joining, uint32_t at, uint8_t byte)
{
    if (joining->known[at] && joining->bytes[at] != byte)
        return false;
    joining->bytes[at] = byte;
    joining->known[at] = true;
    return true;
}

/* Enter the fragment. False: it contradicts what is known. */
static bool join(struct joining *joining, const struct btbb_lmp *pdu)
{
    if (joining->length != pdu->name.length)
        return false;
    for (uint32_t i = 0; i < BTBB_LMP_FRAGMENT_BYTES && pdu->name.offset + i < joining->length; i++)
        if (!join_byte(joining, pdu->name.offset + i, pdu->bytes[3 + i]))
            return false;
    return true;
}

static uint32_t known_from_start(const struct joining *joining)
{
    uint32_t bytes = 0;

    while (bytes < joining->length && joining->known[bytes])
        bytes++;
    return bytes;
}

void btbb_device_names_add_lmp(struct btbb_device_names *names, uint64_t key, uint32_t frame,
                               const struct btbb_lmp *pdu)
{
    if (pdu->fault != BTBB_LMP_OK || pdu->code != BTBB_LMP_NAME_RES || pdu->name.length > BTBB_LMP_NAME_BYTES ||
        pdu->name.offset > pdu->name.length)
        return;
    struct device *device = find_or_add(names, key);

    if (!device)
        return;
    if (!device->joining)
        device->joining = calloc(1, sizeof *device->joining);
    struct joining *joining = device->joining;

    if (!joining) {
        names->dropped++;
        return;
    }
    if (!join(joining, pdu)) {
        *joining = (struct joining){.length = pdu->name.length};
        join(joining, pdu);
    }
    const uint32_t known = known_from_start(joining);
    const bool whole = known == joining->length;

    joining->name = make_name(joining->bytes, known, whole ? BTBB_NAME_LMP : BTBB_NAME_LMP_PART, frame);
    if (whole)
        enter(names, device, &joining->name);
}

void btbb_device_names_add_eir(struct btbb_device_names *names, uint64_t key, uint32_t frame,
                               const struct btbb_eir *eir)
{
    struct device *device = eir->has_name ? find_or_add(names, key) : NULL;

    if (device) {
        const struct btbb_name name = make_name(eir->name.bytes, eir->name.length,
                                                eir->name_complete ? BTBB_NAME_EIR : BTBB_NAME_EIR_SHORT, frame);

        enter(names, device, &name);
    }
    if (eir->has_class)
        btbb_device_names_add_class(names, key, eir->class_of_device);
}

void btbb_device_names_add_class(struct btbb_device_names *names, uint64_t key, uint32_t class_of_device)
{
    struct device *device = find_or_add(names, key);

    if (!device)
        return;
    device->class_of_device = class_of_device;
    device->has_class = true;
}

static void delay_names(struct device *device, uint32_t frame)
{
    for (uint8_t i = 0; i < device->count; i++)
        if (device->names[i].frame < frame)
            device->names[i].frame = frame;
}

/* Enter the names of `from`, unless `to` has a later one that is as good. */
static void merge_names(struct btbb_device_names *names, struct device *to, const struct device *from, uint32_t frame)
{
    const struct btbb_name *last = to->count > 0 ? &to->names[to->count - 1] : NULL;
    const uint32_t last_frame = last ? last->frame : 0;
    const unsigned last_rank = last ? rank(last) : BTBB_NAME_NONE;

    for (uint8_t i = 0; i < from->count; i++) {
        struct btbb_name name = from->names[i];

        if (rank(&name) == last_rank && name.frame < last_frame)
            continue;
        name.frame = name.frame < frame ? frame : name.frame;
        enter(names, to, &name);
    }
}

void btbb_device_names_move(struct btbb_device_names *names, uint64_t from_key, uint64_t to_key, uint32_t frame)
{
    struct device *from = find(names, from_key);
    struct device *to = find(names, to_key);

    if (!from || from == to)
        return;
    if (!to) {
        delay_names(from, frame);
        if (btbb_key_set(&names->numbers, to_key, (uint32_t)(from - names->devices)))
            btbb_key_set(&names->numbers, from_key, BTBB_KEY_NONE);
        return;
    }
    merge_names(names, to, from, frame);
    if (!to->joining) {
        to->joining = from->joining;
        from->joining = NULL;
    }
    if (!to->has_class) {
        to->has_class = from->has_class;
        to->class_of_device = from->class_of_device;
    }
    btbb_key_set(&names->numbers, from_key, BTBB_KEY_NONE);
}

const struct btbb_name *btbb_device_names_at(const struct btbb_device_names *names, uint64_t key, uint32_t frame)
{
    const struct device *device = find(names, key);
    const struct btbb_name *best = NULL;

    for (uint8_t i = 0; device && i < device->count && device->names[i].frame <= frame; i++)
        best = &device->names[i];
    return best;
}

const struct btbb_name *btbb_device_names_best(const struct btbb_device_names *names, uint64_t key)
{
    const struct device *device = find(names, key);

    if (!device)
        return NULL;
    if (device->count > 0)
        return &device->names[device->count - 1];
    return device->joining && device->joining->name.length > 0 ? &device->joining->name : NULL;
}

bool btbb_device_names_any(const struct btbb_device_names *names)
{
    const struct btbb_key_table *table = &names->numbers;

    for (size_t i = 0; i < (table->bits ? (size_t)1 << table->bits : 0); i++) {
        const struct btbb_key_slot *slot = &table->slots[i];

        if (slot->used && slot->number != BTBB_KEY_NONE && slot->key < BTBB_NAMES_KEY_LAPS &&
            btbb_device_names_best(names, slot->key))
            return true;
    }
    return false;
}

bool btbb_device_names_class(const struct btbb_device_names *names, uint64_t key, uint32_t *class_of_device)
{
    const struct device *device = find(names, key);

    if (!device || !device->has_class)
        return false;
    *class_of_device = device->class_of_device;
    return true;
}

uint32_t btbb_device_names_dropped(const struct btbb_device_names *names)
{
    return names->dropped;
}
