/* names.c: see names.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "names.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "message.h"
#include "names-module.h"

static void *module;
static bool tried;
static struct btbb_vendors *loaded;

/* ISO C has no cast from an object pointer to a function pointer. POSIX guarantees that both have the same shape. */
static void *function_of(const char *name, void *function, size_t bytes)
{
    void *symbol = dlsym(module, name);
    memcpy(function, &symbol, bytes);
    return symbol;
}

static const struct btbb_vendors *load(void)
{
    if (tried)
        return loaded;
    tried = true;
    struct btbb_vendors *(*create)(void);
    module = dlopen(BTBB_NAMES_MODULE, RTLD_LAZY | RTLD_LOCAL);
    if (module && function_of("btbb_names_open", &create, sizeof create))
        loaded = create();
    if (!loaded)
        btbb_message("no vendor names: %s", module ? "wrong " BTBB_NAMES_MODULE : dlerror());
    return loaded;
}

static const char *name_of(void *data, uint16_t nap, uint8_t uap, uint32_t lap)
{
    (void)data;
    const struct btbb_vendors *vendors = load();
    return vendors ? vendors->name(vendors->data, nap, uap, lap) : NULL;
}

static void candidates_of(void *data, uint32_t nap, uint8_t uap, uint32_t lap, btbb_vendor_each each, void *context)
{
    (void)data;
    const struct btbb_vendors *vendors = load();
    if (vendors)
        vendors->candidates(vendors->data, nap, uap, lap, each, context);
}

static const char *company_of(void *data, uint16_t identifier)
{
    (void)data;
    const struct btbb_vendors *vendors = load();
    return vendors && vendors->company ? vendors->company(vendors->data, identifier) : NULL;
}

const struct btbb_vendors *btbb_names(void)
{
    static const struct btbb_vendors names = {.name = name_of, .candidates = candidates_of, .company = company_of};
    return &names;
}

void btbb_names_free(void)
{
    void (*destroy)(struct btbb_vendors *);
    if (loaded && function_of("btbb_names_close", &destroy, sizeof destroy))
        destroy(loaded);
    loaded = NULL;
    tried = false;
    if (module)
        dlclose(module);
    module = NULL;
}
