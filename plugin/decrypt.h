/* decrypt.h: decrypts payloads with the keys of the preferences, and shows what became of each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_DECRYPT_H
#define BTBB_DECRYPT_H

#include "packet.h"

void btbb_register_decryption(int proto, module_t *preferences);

/* To be called when a capture is opened or closed. Without keys in the preferences, there is nothing to do. */
void btbb_open_decryption(void);
void btbb_close_decryption(void);

/* Decrypts the payload of a packet that was learned or recalled. Then packet->frame and facts are those of the plain
 * packet, and the payload is in a data source of its own. `capture` may be NULL. */
void btbb_decrypt_payload(struct btbb_packet *packet, struct btbb_capture *capture);

/* Whether the payload was not decrypted because the clock is not known, which it may be in a later pass. */
static inline bool btbb_lacks_clock(const struct btbb_packet *packet)
{
    return btbb_decrypt_status_of(packet->decrypted) == BTBB_DECRYPT_NO_CLOCK;
}

/* Whether the payload is, or may be, encrypted, and was not decrypted. */
bool btbb_has_decryption_problem(const struct btbb_packet *packet);

void btbb_show_decryption(const struct btbb_packet *packet, proto_tree *tree);

#endif
