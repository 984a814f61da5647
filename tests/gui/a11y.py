"""Reads and operates Wireshark's windows through the accessibility bus; answers one JSON line per JSON line.

Runs as the user who owns the desktop: the bus refuses everybody else. A request is [function, argument...]; the answer
is {"value": ...} or {"error": text}. Windows are named by a part of their title, the main window by "".

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

FUNCTIONS = {}
ROWS = 100      # read at most; every cell is a question to the program
TABLES = ("tree", "tree table", "table")
CLOSED = (*TABLES, "menu bar")     # so many things are in them that to go through them takes seconds


def offered(function):
    FUNCTIONS[function.__name__] = function
    return function


def children(node):
    found = (node.get_child_at_index(number) for number in range(node.get_child_count()))
    return [child for child in found if child is not None]


def role(node):
    """Name of a node's role as at-spi 2.46 gives it; later versions say "button"."""
    name = node.get_role_name()
    return "push button" if name == "button" else name


def showing(node):
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


def walk(node):
    """The node and what shows below it; not what is inside tables and menu bars."""
    yield node
    if role(node) not in CLOSED:
        for child in children(node):
            if showing(child):
                yield from walk(child)


def program(name="Wireshark"):
    desktop = Atspi.get_desktop(0)
    desktop.set_cache_mask(Atspi.Cache.NONE)    # ask the bus each time: nobody here listens to its events
    desktop.clear_cache()
    for child in children(desktop):
        child.set_cache_mask(Atspi.Cache.NONE)
        if child.get_name() == name:
            return child
    raise LookupError(f"no program {name}")


def all_windows():
    return [window for window in children(program()) if showing(window)]


def window_of(title):
    found = [window for window in all_windows()
             if (title in window.get_name() if title else role(window) == "frame")]
    if not found:
        raise LookupError(f"no window {title!r} among {[window.get_name() for window in all_windows()]}")
    return found[-1] if title else found[0]


def find(title, wanted, name=None, number=0):
    found = [node for node in walk(window_of(title))
             if role(node) == wanted and (name is None or node.get_name().startswith(name))]
    if len(found) <= number:
        raise LookupError(f"no {wanted} {name!r} number {number} in {title!r}")
    return found[number]


def act(node, *names):
    """Do the first of the named actions that the node has."""
    actions = [Atspi.Action.get_action_name(node, number) for number in range(Atspi.Action.get_n_actions(node))]
    for name in names:
        if name in actions:
            return Atspi.Action.do_action(node, actions.index(name))
    raise LookupError(f"{role(node)} {node.get_name()!r} has only the actions {actions}")


@offered
def windows():
    """Titles of the visible windows."""
    return [window.get_name() for window in all_windows()]


@offered
def outline(title):
    """Everything in a window, for people: an indented line each."""
    lines = []

    def add(node, depth):
        lines.append("  " * depth + f"{role(node)} {node.get_name()!r}" + ("" if showing(node) else " (hidden)"))
        for child in children(node):
            add(child, depth + 1)
    add(window_of(title), 0)
    return lines


def menu_entries(node):
    """Entries of a menu bar, a menu or a popup menu."""
    found = children(node)
    if len(found) == 1 and role(found[0]) == "popup menu":
        found = children(found[0])
    return [entry for entry in found if role(entry) in ("menu item", "check menu item", "menu", "check box")]


def menu_node(title, path):
    node = next(node for node in walk(window_of(title)) if role(node) == "menu bar")
    for name in path:
        found = [entry for entry in menu_entries(node) if entry.get_name() == name]
        if not found:
            raise LookupError(f"no entry {name!r} in the menu: {[entry.get_name() for entry in menu_entries(node)]}")
        node = found[0]
    return node


@offered
def menu(title, *path):
    """Names of the entries of a menu."""
    return [entry.get_name() for entry in menu_entries(menu_node(title, path))]


@offered
def choose(title, *path):
    """Choose an entry of a window's menu bar."""
    node = menu_node(title, path)
    if not node.get_state_set().contains(Atspi.StateType.ENABLED):
        raise LookupError(f"the entry {path} cannot be chosen now")
    act(node, "Press", "Toggle")


@offered
def press(title, name):
    act(find(title, "push button", name), "Press")


@offered
def set_text(title, text, number=0, name=None):
    if not find(title, "text", name, number).set_text_contents(text):
        raise LookupError("the text cannot be changed")


@offered
def text(title, number=0, name=None):
    node = find(title, "text", name, number)
    return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))


@offered
def labels(title):
    return [node.get_name() for node in walk(window_of(title)) if role(node) == "label"]


@offered
def names(title, wanted):
    """Names of the visible things of a kind."""
    return [node.get_name() for node in walk(window_of(title)) if role(node) == wanted]


@offered
def messages():
    """The texts of message boxes."""
    return [node.get_name() for window in all_windows() if role(window) == "alert" for node in walk(window)]


@offered
def enabled(title, *path):
    """Whether a menu entry can be chosen."""
    return menu_node(title, path).get_state_set().contains(Atspi.StateType.ENABLED)


def first_column(node):
    first = node.get_child_at_index(0)
    return first and first.get_name()


def table_node(title, name=None):
    """The table with this name or with a first column of this title; without a name the first table."""
    for node in walk(window_of(title)):
        if role(node) in TABLES and name in (None, node.get_name(), first_column(node)):
            return node
    raise LookupError(f"no table {name!r} in {title!r}")


@offered
def table(title, name=None):
    """[titles of the columns, [texts of a row]...] of a table or tree, ROWS of them; of a tree what is unfolded."""
    node = table_node(title, name)
    columns, values = [], []
    for index in range(node.get_child_count()):
        cell = node.get_child_at_index(index)
        (columns if role(cell) == "table column header" else values).append(cell.get_name())
        if len(values) >= ROWS * len(columns) > 0:
            break
    width = max(1, len(columns))
    return [columns] + [values[start:start + width] for start in range(0, len(values), width)]


@offered
def place(title, cell, name=None):
    """Middle of the first cell with this text, on the screen."""
    cells = table_node(title, name)
    for node in map(cells.get_child_at_index, range(cells.get_child_count())):
        if node.get_name() == cell and role(node) != "table column header":
            box = node.get_extents(Atspi.CoordType.SCREEN)
            return [box.x + min(box.width // 2, 30), box.y + box.height // 2]
    raise LookupError(f"no cell {cell!r} in {title!r}")


@offered
def columns(title, name=None):
    """{title of a column: [left edge on the screen, width]}."""
    node, found = table_node(title, name), {}
    for index in range(node.get_child_count()):
        cell = node.get_child_at_index(index)
        if role(cell) != "table column header":
            break
        box = cell.get_extents(Atspi.CoordType.SCREEN)
        found[cell.get_name()] = [box.x, box.width]
    return found


def main():
    Atspi.get_desktop(0).get_child_count()      # starts the registry if need be
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            answer = {"value": FUNCTIONS[name](*arguments)}
        except Exception as error:  # pylint: disable=broad-except; whatever went wrong, the test must hear of it
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
