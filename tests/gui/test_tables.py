"""The tables of the Statistics menu show what the CSV views print. SPDX-License-Identifier: GPL-2.0-or-later"""
import csv
import io

import btbbtest
import pytest
from desktop import wait

pytestmark = pytest.mark.gui

DEMO = btbbtest.sample("pandas_demo.pcapbtbb")
DEMO_PACKETS = 4708
OTHER = btbbtest.sample("every_type.pcapbtbb")

# CSV column -> column of the window
LAP = {"lap": "LAP", "uap": "UAP", "nap": "NAP", "vendor": "Vendor", "packets": "Packets", "id": "ID", "non_id": "Non-ID",
       "to_master": "To Central", "from_master": "From Central", "first": "First", "last": "Last"}
TYPE = {"type": "Code", "name": "Type", "packets": "Packets", "percent": "Percent"}


def title(name):
    """Wireshark 4.6 makes a submenu of the part before the slash."""
    return f"Bluetooth Baseband/{name}" if btbbtest.version() >= (4, 6) else f"BTBB {name}"


def menu_path(name):
    return ("Statistics", *title(name).split("/"))


def view(capture, text):
    """Rows of a CSV view."""
    return list(csv.DictReader(io.StringIO(btbbtest.tshark("-q", "-r", capture, "-z", f"btbb,{text}").stdout)))


def local_time(epoch):
    """As the tables show a time; the tests run in UTC."""
    seconds, _, fraction = epoch.partition(".")
    whole = btbbtest.run("date", "-u", "-d", f"@{seconds}", "+%Y-%m-%dT%H:%M:%S").stdout.strip()
    return f"{whole}{'.' + fraction if fraction else ''}+00:00"


def same_cell(key, shown, printed):
    """The window shows times as local time and percentages with two or six decimals, CSV with six digits."""
    if key == "percent":
        return abs(float(shown) - float(printed)) < 0.006
    if key in ("first", "last"):
        return shown == local_time(printed)
    return shown == printed


def agree(shown, printed, names):
    """Every row that CSV has is in the window, no other is, and every cell agrees. Order does not matter."""
    first = next(iter(names))
    assert sorted(row[names[first]] for row in shown) == sorted(row[first] for row in printed)
    by_name = {row[names[first]]: row for row in shown}
    for row in printed:
        for key, value in row.items():
            cell = by_name[row[first]][names[key]]
            assert same_cell(key, cell, value), f"{row[first]}, {key}: the window shows {cell!r}, CSV {value!r}"


def strays(rows):
    return [row for row in rows if row["LAP"].startswith("(")]


def clients(rows):
    return [row for row in rows if not row["LAP"].startswith("(")]


def test_clients(wireshark):
    shark = wireshark("-r", DEMO)
    shark.loaded(DEMO_PACKETS)
    shark.choose(*menu_path("Clients"))
    shark.window("Clients")
    rows = shark.table("Clients", lambda found: len(found) == 3)
    agree(clients(rows), view(DEMO, "lap,format=csv"), LAP)

    every = view(DEMO, "lap,min=1,format=csv")
    once = [row for row in every if row["packets"] == "1"]
    [left_out] = strays(rows)
    assert left_out["LAP"] == f"({len(once)} seen once)"
    for key in ("packets", "id", "non_id", "to_master", "from_master"):
        assert int(left_out[LAP[key]]) == sum(int(row[key]) for row in once), key


def test_packet_types(wireshark):
    shark = wireshark("-r", OTHER)
    shark.loaded(27)
    shark.choose(*menu_path("Packet Types"))
    shark.window("Packet Types")
    rows = shark.table("Packet Types", lambda found: len(found) == 16)
    agree(rows, view(OTHER, "type,format=csv"), TYPE)


@pytest.mark.parametrize("capture, packets", [("pandas_demo.pcapbtbb", 4708), ("every_type.pcapbtbb", 27)])
def test_clients_x_types(wireshark, capture, packets):
    capture = btbbtest.sample(capture)
    printed = view(capture, "lap-type,format=csv")
    shark = wireshark("-r", capture)
    shark.loaded(packets)
    shark.choose(*menu_path("Clients x Types"))
    shark.window("Clients x Types")
    rows = shark.table("Clients x Types", lambda found: len(found) == len(printed))
    same = {name: name for name in rows[0]} | {"lap": "LAP", "total": "Total"}
    agree(rows, printed, {"lap": "LAP"} | same)
    for row in rows:
        assert all(cell == "0" for name, cell in row.items() if name not in ("LAP", "Total") and name not in printed[0])


def test_command_line_opens_the_table(wireshark):
    shark = wireshark("-r", DEMO, "-z", "btbb,lap")
    shark.window("Clients")
    agree(clients(shark.table("Clients", lambda found: len(found) == 3)), view(DEMO, "lap,format=csv"), LAP)


def apply(shark, window, text):
    shark.ask("set_text", window, text)
    shark.until("Apply", lambda: shark.ask("press", window, "Apply") is None)


def test_filter_in_the_window(wireshark):
    shark = wireshark("-r", DEMO, "-z", "btbb,lap")
    shark.window("Clients")
    shark.table("Clients", lambda found: len(found) == 3)

    narrow = "btbb.lap == ed:1d:9c && btbb.type == 1"
    apply(shark, "Clients", narrow)
    rows = shark.table("Clients", lambda found: len(found) == 1)
    agree(rows, view(DEMO, f"lap,format=csv,{narrow}"), LAP)

    apply(shark, "Clients", "btbb.lap == 00:00:00")
    shark.table("Clients", lambda found: not found)

    apply(shark, "Clients", "")
    rows = shark.table("Clients", lambda found: len(found) == 3)
    agree(clients(rows), view(DEMO, "lap,format=csv"), LAP)


def test_two_windows_of_a_table(wireshark):
    """The first window keeps pointers to cells that the second one counts anew."""
    shark = wireshark("-r", DEMO, "-z", "btbb,lap,btbb.lap == ed:1d:9c")
    shark.window("Clients")
    shark.table("Clients", lambda found: len(found) == 1)
    shark.choose(*menu_path("Clients"))
    wait("two windows", lambda: sum("Clients" in name for name in shark.ask("windows")) == 2)
    shark.table("Clients", lambda found: len(found) == 3)
    shark.close_one("Clients")
    [rows] = wait("one table", lambda: [shark.table("Clients")])
    assert {row["LAP"] for row in rows} <= {"ed:1d:9c", "e0:55:55", "(94 seen once)"}
    shark.close_one("Clients")
    shark.choose(*menu_path("Clients"))
    rows = shark.table("Clients", lambda found: len(found) == 3)
    agree(clients(rows), view(DEMO, "lap,format=csv"), LAP)


def test_reload_and_other_file(wireshark):
    shark = wireshark("-r", DEMO, "-z", "btbb,lap-type")
    shark.window("Clients x Types")
    shark.table("Clients x Types", lambda found: len(found) == 2)

    shark.choose("View", "Reload")
    shark.loaded(DEMO_PACKETS)
    shark.close_all("Clients x Types")
    shark.open_window("Clients x Types", *menu_path("Clients x Types"))
    rows = shark.table("Clients x Types", lambda found: len(found) == 2)
    assert sorted(row["Total"] for row in rows) == ["1554", "2216"]

    shark.open(OTHER)
    shark.loaded(27)
    shark.close_all("Clients x Types")
    shark.open_window("Clients x Types", *menu_path("Clients x Types"))
    [row] = shark.table("Clients x Types", lambda found: len(found) == 1)
    printed = view(OTHER, "lap-type,format=csv")
    assert (row["LAP"], row["Total"]) == (printed[0]["lap"], printed[0]["total"])
