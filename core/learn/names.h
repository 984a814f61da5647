/* names.h: what devices are called, and where that comes from: LMP_name_res (Core Specification Vol 2 Part C, 4.3.5),
 * whose fragments are joined, and Extended Inquiry Responses.
 *
 * Names are learned once, in file order; the name at any frame may be looked up at any time. Names are bytes from the
 * air: callers make them printable with btbb_printable() before they show them.
 *
 * Memory is bounded: BTBB_NAMES_DEVICES devices, each with at most BTBB_NAMES_CHANGES names and one name that is being
 * joined, 1.6 KiB in all. What did not fit is counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_CORE_NAMES_H
#define BTBB_CORE_NAMES_H

#include "decode/eir.h"
#include "decode/lmp.h"

#define BTBB_NAMES_DEVICES 65536u
#define BTBB_NAMES_CHANGES 4u

/* The devices of which no LAP is known have keys above the LAPs. */
#define BTBB_NAMES_KEY_LAPS 0x1000000u

enum btbb_name_source {
    BTBB_NAME_NONE = 0,
    BTBB_NAME_LMP_PART,  /* the beginning of a name: LMP_name_res fragments are missing */
    BTBB_NAME_EIR_SHORT, /* shortened, of an Extended Inquiry Response */
    BTBB_NAME_EIR,       /* complete, of an Extended Inquiry Response */
    BTBB_NAME_LMP        /* all fragments */
};

struct btbb_name {
    uint32_t frame; /* the name is known from this frame on */
    uint8_t source; /* enum btbb_name_source, never BTBB_NAME_NONE */
    bool utf8;      /* the bytes are valid UTF-8 */
    uint8_t length; /* above 0: a device with an empty name has none. NULs at the end do not count */
    uint8_t bytes[BTBB_LMP_NAME_BYTES];
};

/* The source in words: "LMP", "EIR"; static text. */
const char *btbb_name_source_text(enum btbb_name_source source);

struct btbb_device_names;

/* NULL only when memory is exhausted; free with btbb_device_names_free(), which takes NULL. */
struct btbb_device_names *btbb_device_names_new(void);
void btbb_device_names_free(struct btbb_device_names *names);

/* Take in LMP_name_res of the device with that key: its LAP, or a number from BTBB_NAMES_KEY_LAPS on where that is not
 * known. Faulty and other PDUs change nothing. A fragment that contradicts those before it starts the name anew. */
void btbb_device_names_add_lmp(struct btbb_device_names *names, uint64_t key, uint32_t frame,
                               const struct btbb_lmp *pdu);

/* Take in name and class of device of an Extended Inquiry Response. */
void btbb_device_names_add_eir(struct btbb_device_names *names, uint64_t key, uint32_t frame,
                               const struct btbb_eir *eir);

/* Take in a class of device, as FHS packets hold it. */
void btbb_device_names_add_class(struct btbb_device_names *names, uint64_t key, uint32_t class_of_device);

/* The LAP of the device with key `from_key` became known in frame `frame`: what is known of both keys is joined under
 * `to_key`. Names of `from_key` are names of `to_key` from that frame on. */
void btbb_device_names_move(struct btbb_device_names *names, uint64_t from_key, uint64_t to_key, uint32_t frame);

/* The best name that was known at frame `frame`, complete or shortened; NULL when none was. Valid until names are added
 * or freed. */
const struct btbb_name *btbb_device_names_at(const struct btbb_device_names *names, uint64_t key, uint32_t frame);

/* The best name of the whole capture. Where no name is complete and there is no shortened one, the beginning of one
 * (BTBB_NAME_LMP_PART). NULL: none. */
const struct btbb_name *btbb_device_names_best(const struct btbb_device_names *names, uint64_t key);

/* Whether a device with a known LAP has a name. */
bool btbb_device_names_any(const struct btbb_device_names *names);

/* The class of device, 24 bits; false when it is not known. */
bool btbb_device_names_class(const struct btbb_device_names *names, uint64_t key, uint32_t *class_of_device);

/* Devices and changes of name that were not kept for lack of room or memory. */
uint32_t btbb_device_names_dropped(const struct btbb_device_names *names);

#endif
