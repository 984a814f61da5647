/* gui-groups.c: see gui-groups.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gui-groups.h"

void btbb_gui_groups_init(struct btbb_gui_groups *groups)
{
    groups->groups = g_array_new(FALSE, TRUE, sizeof(struct btbb_gui_group));
    groups->owners = g_array_new(FALSE, FALSE, sizeof(guint32));
}

void btbb_gui_groups_clear(struct btbb_gui_groups *groups)
{
    g_array_set_size(groups->groups, 0);
    g_array_set_size(groups->owners, 0);
}

void btbb_gui_groups_free(struct btbb_gui_groups *groups)
{
    g_array_free(groups->groups, TRUE);
    g_array_free(groups->owners, TRUE);
}

static struct btbb_gui_group *find_group(struct btbb_gui_groups *groups, guint32 number)
{
    if (number >= groups->groups->len)
        g_array_set_size(groups->groups, number + 1); /* new elements are zero */
    return &g_array_index(groups->groups, struct btbb_gui_group, number);
}

const struct btbb_gui_group *btbb_gui_groups_at(struct btbb_gui_groups *groups, guint32 number)
{
    return find_group(groups, number);
}

void btbb_gui_groups_add(struct btbb_gui_groups *groups, guint32 number)
{
    struct btbb_gui_group *group = find_group(groups, number);

    group->rows[group->count++] = groups->owners->len;
    g_array_append_val(groups->owners, number);
}

/* The last row of the group, which is the last one of the window, moves to another place. */
static void move_last(struct btbb_gui_group *group, guint to)
{
    guint place = group->count - 1;

    for (; place > 0 && group->rows[place - 1] > to; place--)
        group->rows[place] = group->rows[place - 1];
    group->rows[place] = to;
}

guint32 btbb_gui_groups_remove(struct btbb_gui_groups *groups, guint32 number)
{
    const guint last = groups->owners->len - 1;
    const guint32 owner = g_array_index(groups->owners, guint32, last);
    struct btbb_gui_group *group = find_group(groups, number);
    const guint lost = group->rows[--group->count];

    if (lost != last) {
        move_last(find_group(groups, owner), lost);
        g_array_index(groups->owners, guint32, lost) = owner;
    }
    g_array_set_size(groups->owners, last);
    return owner;
}
