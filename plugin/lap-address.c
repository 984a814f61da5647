/* lap-address.c: the address type of a LAP, for tables of endpoints.
 *
 * Wireshark shows an address of this type as text, and with the name of its device where names are resolved.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "lap-address.h"

#include <epan/addr_resolv.h>
#include <epan/address_types.h>

#include "dissect-links.h"

#include "decode/address-text.h"
#include "decode/printable.h"

#define LAP_BYTES 3

/* A LAP, a space, a name. */
#define TEXT_BYTES (BTBB_LAP_TEXT_BYTES + BTBB_PRINTABLE_BYTES(BTBB_LMP_NAME_BYTES))

static uint32_t lap_of(const address *addr)
{
    const uint8_t *lap = (const uint8_t *)addr->data;

    return (uint32_t)lap[0] << 16 | (uint32_t)lap[1] << 8 | lap[2];
}

static int lap_to_text(const address *addr, char *text, int size)
{
    char lap_text[BTBB_LAP_TEXT_BYTES];

    btbb_lap_text(lap_of(addr), lap_text);
    return (int)g_strlcpy(text, lap_text, (gsize)size) + 1;
}

static int lap_text_bytes(const address *addr _U_)
{
    return (int)BTBB_LAP_TEXT_BYTES;
}

static int lap_bytes(void)
{
    return LAP_BYTES;
}

static const char *lap_field(const address *addr _U_, ws_address_bool is_source _U_)
{
    return "btbb.lap";
}

/* "24:98:7c Mouse": two devices may have the same name. Valid until the next call. */
static const char *resolve(const address *addr)
{
    static char text[TEXT_BYTES];
    const struct btbb_name *name = gbl_resolv_flags.mac_name ? btbb_name_of(lap_of(addr)) : NULL;

    lap_to_text(addr, text, sizeof text);
    if (!name)
        return text;
    const size_t length = strlen(text);

    text[length] = ' ';
    btbb_printable(name->bytes, name->length, BTBB_PRINTABLE_ALL, text + length + 1, sizeof text - length - 1);
    return text;
}

static int resolved_bytes(void)
{
    return (int)TEXT_BYTES;
}

void btbb_register_lap_address(void)
{
    address_type_dissector_register(BTBB_LAP_ADDRESS_TYPE, "Bluetooth LAP", lap_to_text, lap_text_bytes, NULL,
                                    lap_field, lap_bytes, resolve, resolved_bytes);
}
