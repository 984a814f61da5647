/* ws-internals.c: shortcuts that rely on internals of Wireshark; see ws-internals.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws-internals.h"

#if BTBB_SHORTCUTS

bool btbb_is_any_referenced(proto_tree *tree _U_, const hf_register_info *fields, size_t count)
{
    unsigned uses = HF_REF_TYPE_NONE;

    for (size_t i = 0; i < count; i++) /* no early exit: usually no field is referenced */
        uses |= (unsigned)fields[i].hfinfo.ref_type;
    return uses != HF_REF_TYPE_NONE;
}

/* The item is seen when listeners walk through the tree, or when a filter names the protocol and not only its
 * fields. */
bool btbb_can_leave_out_protocol(proto_tree *tree, int proto)
{
    if (!PTREE_DATA(tree)->fake_protocols || (union_of_tap_listener_flags() & TL_REQUIRES_PROTO_TREE) != 0 ||
        proto_registrar_get_nth((unsigned)proto)->ref_type > HF_REF_TYPE_INDIRECT)
        return false;
    PTREE_DATA(tree)->count++;
    return true;
}

#else

bool btbb_is_any_referenced(proto_tree *tree, const hf_register_info *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (proto_field_is_referenced(tree, *fields[i].p_id))
            return true;
    return false;
}

bool btbb_can_leave_out_protocol(proto_tree *tree _U_, int proto _U_)
{
    return false;
}

#endif
