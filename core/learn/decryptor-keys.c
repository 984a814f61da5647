/* decryptor-keys.c: from the user's keys, and what the link tracker knows, to the keys of each encryption.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "learn/decryptor-int.h"

#include "learn/link-facts.h"
#include "learn/link-feed.h"

/* ------ Addresses ------ */

static struct btbb_masked_address masked(const struct btbb_device_address *address)
{
    static const uint64_t masks[] = {[BTBB_ADDRESS_NONE] = 0,
                                     [BTBB_ADDRESS_LAP] = BTBB_LAP_MASK,
                                     [BTBB_ADDRESS_UAP] = BTBB_UAP_LAP_MASK,
                                     [BTBB_ADDRESS_ALL] = BTBB_ADDRESS_MASK};
    const uint64_t all = (uint64_t)address->nap << 32 | (uint64_t)address->uap << 24 | address->lap;

    return (struct btbb_masked_address){all & masks[address->parts], masks[address->parts]};
}

/* Both devices as far as packets and key together name them. The Central, of which the LAP is always known, decides
 * which of the key's addresses belongs to whom. */
static void complete(struct btbb_masked_address devices[BTBB_SIDES], uint8_t central, const struct btbb_user_key *key)
{
    const int at = btbb_key_side(key, devices[central]);

    for (uint8_t side = 0; at >= 0 && side < BTBB_SIDES; side++) {
        const struct btbb_masked_address written = key->addresses[side == central ? at : 1 - at];

        if (devices[side].mask != BTBB_ADDRESS_MASK && written.mask == BTBB_ADDRESS_MASK)
            devices[side] = written;
    }
}

static bool is_complete(struct btbb_masked_address device)
{
    return device.mask == BTBB_ADDRESS_MASK;
}

/* ------ Keys ------ */

static void add_key(struct btbb_decryptor *decryptor, const struct btbb_encryption *encryption,
                    struct btbb_ciphering_keys *keys)
{
    if (keys->count == BTBB_CIPHER_KEYS || decryptor->derived_count == BTBB_DECRYPTOR_KEYS)
        return;
    struct btbb_cipher_key *derived =
        btbb_grow(decryptor->derived, sizeof *derived, decryptor->derived_count, &decryptor->derived_capacity);

    if (!derived)
        return;
    decryptor->derived = derived;
    derived[decryptor->derived_count] = (struct btbb_cipher_key){.encryption = *encryption};
    keys->numbers[keys->count++] = decryptor->derived_count++;
}

/* The key of an encryption by a link key, if the link key gives the SRES of a claimant. Otherwise the reason. */
static enum btbb_decrypt_reason derive(const struct btbb_encryption_session *session, const struct btbb_user_key *key,
                                       const struct btbb_masked_address devices[BTBB_SIDES], uint8_t claimant,
                                       struct btbb_encryption *encryption)
{
    uint8_t aco[BTBB_COF_BYTES];

    if (!is_complete(devices[claimant]))
        return BTBB_REASON_NO_ADDRESS;
    if (!btbb_verify_link_key(key->bytes, session->authentication.au_rand, devices[claimant].address,
                              session->authentication.sres, aco))
        return BTBB_REASON_WRONG_SRES;
    if (!btbb_encryption_key(key->bytes, session->en_rand, aco, session->key_size, encryption->key))
        return BTBB_REASON_NO_SIZE;
    if (!is_complete(devices[session->central]))
        return BTBB_REASON_NO_ADDRESS;
    encryption->central = devices[session->central].address;
    return BTBB_REASON_GOOD;
}

/* Of the reasons why several keys do not help, the one that came furthest is shown. */
static void note_missing(struct btbb_ciphering_keys *keys, enum btbb_decrypt_reason reason)
{
    if (keys->missing == BTBB_REASON_GOOD || reason > keys->missing)
        keys->missing = reason;
}

static void try_link_key(struct btbb_decryptor *decryptor, const struct btbb_encryption_session *session,
                         const struct btbb_user_key *key, const struct btbb_masked_address known[BTBB_SIDES],
                         struct btbb_ciphering_keys *keys)
{
    struct btbb_masked_address devices[BTBB_SIDES] = {known[0], known[1]};
    const uint8_t claimant = session->authentication.claimant;

    complete(devices, session->central, key);
    for (uint8_t side = 0; side < BTBB_SIDES; side++) {
        struct btbb_encryption encryption;

        if (claimant != BTBB_SIDE_UNKNOWN && claimant != side)
            continue;
        const enum btbb_decrypt_reason reason = derive(session, key, devices, side, &encryption);

        if (reason == BTBB_REASON_GOOD)
            add_key(decryptor, &encryption, keys);
        else
            note_missing(keys, reason);
    }
}

/* The keys of one encryption of a connection. */
static struct btbb_ciphering_keys keys_of_session(struct btbb_decryptor *decryptor, const struct btbb_acl_link *link,
                                                  const struct btbb_encryption_session *session)
{
    const struct btbb_masked_address devices[BTBB_SIDES] = {masked(&link->side[0].address),
                                                            masked(&link->side[1].address)};
    struct btbb_ciphering_keys keys = {.missing = BTBB_REASON_NO_KEY};
    const struct btbb_user_key *key = NULL;

    if (btbb_link_cipher(link, session) == BTBB_CIPHER_AES_CCM) {
        keys.missing = BTBB_REASON_AES_CCM;
        return keys;
    }
    if (link->temporary_frame != 0) {
        keys.missing = BTBB_REASON_TEMPORARY;
        return keys;
    }
    while ((key = btbb_keyring_next(&decryptor->keys, BTBB_LINK_KEY, devices, key))) {
        if (session->authentication.response_frame == 0)
            note_missing(&keys, BTBB_REASON_NO_AUTHENTICATION);
        else if (session->central == BTBB_SIDE_UNKNOWN)
            note_missing(&keys, BTBB_REASON_NO_ADDRESS);
        else
            try_link_key(decryptor, session, key, devices, &keys);
    }
    return keys;
}

/* Whether a key fits only because nothing is known of the Peripheral. */
static bool is_for_another_central(const struct btbb_user_key *key,
                                   const struct btbb_masked_address devices[BTBB_SIDES])
{
    const int at = btbb_key_side(key, devices[0]);

    return key->addresses[at].mask == 0 && key->addresses[1 - at].mask != 0 && devices[1].mask == 0;
}

/* The user's encryption keys for a piconet. */
static void find_given(struct btbb_decryptor *decryptor, const struct btbb_masked_address devices[BTBB_SIDES],
                       struct btbb_ciphering_keys *keys)
{
    const struct btbb_user_key *key = NULL;

    keys->missing = BTBB_REASON_NO_KEY;
    while ((key = btbb_keyring_next(&decryptor->keys, BTBB_ENCRYPTION_KEY, devices, key))) {
        struct btbb_masked_address completed[BTBB_SIDES] = {devices[0], devices[1]};
        struct btbb_encryption encryption;

        if (is_for_another_central(key, devices))
            continue;
        complete(completed, 0, key);
        if (!is_complete(completed[0])) {
            note_missing(keys, BTBB_REASON_NO_ADDRESS);
            continue;
        }
        memcpy(encryption.key, key->bytes, sizeof encryption.key);
        encryption.central = completed[0].address;
        add_key(decryptor, &encryption, keys);
    }
}

/* ------ Connections ------ */

/* The user's encryption keys. They are looked up again when the Peripheral becomes known. */
static void look_up_given(struct btbb_decryptor *decryptor, const struct btbb_acl_link *link,
                          const struct btbb_verdict *verdict, struct btbb_ciphering *cipher)
{
    const struct btbb_device_address central = btbb_link_client_address(verdict);
    struct btbb_masked_address devices[BTBB_SIDES] = {masked(&central)};

    if (link && link->central != BTBB_SIDE_UNKNOWN)
        devices[1] = masked(&link->side[1 - link->central].address);
    if (cipher->looked_up && (cipher->given.count > 0 || cipher->peripheral_mask == devices[1].mask))
        return;
    cipher->looked_up = true;
    cipher->peripheral_mask = devices[1].mask;
    find_given(decryptor, devices, &cipher->given);
}

static void begin(struct btbb_ciphering *cipher, const struct btbb_acl_link *link)
{
    *cipher = (struct btbb_ciphering){
        .client = cipher->client, .lt_addr = cipher->lt_addr, .link = link ? link->number : UINT32_MAX};
    for (unsigned dir = 0; dir < 3; dir++)
        cipher->in_force[dir] = BTBB_CIPHER_UNKNOWN_KEY;
}

static void follow_sessions(struct btbb_decryptor *decryptor, const struct btbb_acl_link *link,
                            struct btbb_ciphering *cipher)
{
    while (cipher->sessions < link->session_count) {
        cipher->session[1] = cipher->session[0];
        cipher->session[0] = keys_of_session(decryptor, link, &link->sessions[cipher->sessions++]);
    }
}

static struct btbb_ciphering *find(const struct btbb_decryptor *decryptor, uint64_t client, uint8_t lt_addr)
{
    const uint32_t number = btbb_key_find(&decryptor->by_link, client * 16 + lt_addr);

    return number == BTBB_KEY_NONE ? NULL : &decryptor->ciphers[number];
}

/* NULL: no room. */
static struct btbb_ciphering *add(struct btbb_decryptor *decryptor, uint64_t client, uint8_t lt_addr)
{
    if (decryptor->cipher_count >= BTBB_LINKS_MOST)
        return NULL;
    struct btbb_ciphering *grown =
        btbb_grow(decryptor->ciphers, sizeof *grown, decryptor->cipher_count, &decryptor->cipher_capacity);

    if (!grown)
        return NULL;
    decryptor->ciphers = grown;
    if (!btbb_key_set(&decryptor->by_link, client * 16 + lt_addr, decryptor->cipher_count))
        return NULL;
    grown[decryptor->cipher_count] = (struct btbb_ciphering){.client = client, .lt_addr = lt_addr};
    return &grown[decryptor->cipher_count++];
}

struct btbb_ciphering *btbb_ciphering_of(struct btbb_decryptor *decryptor, const struct btbb_facts *facts,
                                         const struct btbb_verdict *verdict)
{
    const struct btbb_acl_link *link = btbb_links_find(decryptor->links, verdict->lap, facts->lt_addr);
    struct btbb_ciphering *cipher = find(decryptor, verdict->lap, facts->lt_addr);
    const bool is_new = !cipher;

    if (is_new)
        cipher = add(decryptor, verdict->lap, facts->lt_addr);
    if (!cipher)
        return NULL;
    if (is_new || (link && cipher->link != link->number && cipher->link != UINT32_MAX))
        begin(cipher, link);
    look_up_given(decryptor, link, verdict, cipher);
    if (link) {
        cipher->link = link->number;
        follow_sessions(decryptor, link, cipher);
    }
    return cipher;
}

bool btbb_uses_temporary_key(const struct btbb_decryptor *decryptor, uint64_t client)
{
    for (uint8_t lt_addr = 1; lt_addr < BTBB_LT_ADDR_UNKNOWN; lt_addr++) {
        const struct btbb_acl_link *link = btbb_links_find(decryptor->links, client, lt_addr);

        if (link && link->temporary_frame != 0)
            return true;
    }
    return false;
}

static const struct btbb_acl_link *link_of(const struct btbb_decryptor *decryptor, const struct btbb_ciphering *cipher)
{
    return cipher->link == UINT32_MAX ? NULL : btbb_links_at(decryptor->links, cipher->link);
}

/* Whether the user has a link key for the devices of a connection. */
static bool has_link_key(const struct btbb_decryptor *decryptor, const struct btbb_acl_link *link,
                         const struct btbb_ciphering *cipher)
{
    struct btbb_masked_address devices[BTBB_SIDES] = {{cipher->client, BTBB_LAP_MASK}};

    for (uint8_t side = 0; link && side < BTBB_SIDES; side++)
        devices[side] = masked(&link->side[side].address);
    return btbb_keyring_next(&decryptor->keys, BTBB_LINK_KEY, devices, NULL) != NULL;
}

bool btbb_may_be_encrypted(const struct btbb_decryptor *decryptor, const struct btbb_ciphering *cipher,
                           enum btbb_dir dir)
{
    const struct btbb_acl_link *link = link_of(decryptor, cipher);
    const bool started = link && link->session_count > 0 && link->sessions[link->session_count - 1].stopped.frame == 0;

    if (started)
        return true;
    if (link && link->encryption == BTBB_ENCRYPTION_OFF && link->session_count == 0)
        return link->agreed_size_frame != 0;
    if (link && link->encryption == BTBB_ENCRYPTION_PAUSED)
        return true;
    return dir == BTBB_DIR_UNKNOWN || cipher->in_force[dir] != BTBB_CIPHER_CLEAR;
}

enum btbb_decrypt_reason btbb_missing_key(const struct btbb_decryptor *decryptor, const struct btbb_ciphering *cipher)
{
    if (cipher->sessions > 0)
        return cipher->session[0].missing;
    if (cipher->given.missing > BTBB_REASON_NO_KEY)
        return cipher->given.missing;
    return has_link_key(decryptor, link_of(decryptor, cipher), cipher) ? BTBB_REASON_NO_START : BTBB_REASON_NO_KEY;
}
