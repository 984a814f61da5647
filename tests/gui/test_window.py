"""What Wireshark's window offers besides the tables. SPDX-License-Identifier: GPL-2.0-or-later"""
import os

import btbbtest
import pytest
from desktop import wait
from test_tables import DEMO, DEMO_PACKETS, OTHER, menu_path, view

pytestmark = pytest.mark.gui

TREE = "BTBB Rates and Bursts"
CONTRADICTION = btbbtest.sample("contradiction.pcapbtbb")


def demo(wireshark, **options):
    shark = wireshark("-r", DEMO, **options)
    shark.loaded(DEMO_PACKETS)
    return shark


def test_packet_details(wireshark):
    shark = demo(wireshark)
    lines = shark.table("", lambda rows: len(rows) > 2, name="Packet details")
    assert any(next(iter(line.values())).startswith("Bluetooth Baseband") for line in lines)
    first = shark.table("", name="Packet list")[0]
    assert (first["Protocol"], first["Info"]) == ("BTBB", "ID ed:1d:9c")


def test_profile_in_the_packet_list(wireshark):
    shark = demo(wireshark, profile=True)
    rows = shark.table("", name="Packet list")
    assert list(rows[0]) == ["No.", "Time", "LAP", "Type", "Direction", "Info", "Channel", "UAP", "HEC"]
    expected = btbbtest.fields(DEMO, "btbb.lap", "btbb.uap.best", "btbb.type_name", "btbb.channel", extra=("-c", "20"))
    for row, packet in zip(rows, expected):
        assert (row["LAP"], row["UAP"], row["Type"], row["Channel"]) == tuple(packet.values())
    assert (rows[3]["Direction"], rows[3]["HEC"]) == ("Central to Peripheral", "Good")
    buttons = shark.ask("names", "", "push button")
    for button in ("ID", "With header", "LMP"):
        assert button in buttons


def test_profile_in_a_narrow_window(wireshark):
    """700 pixels: every column before Info, and the first 20 characters of it."""
    shark = demo(wireshark, profile=True)
    shark.fill(DEMO.name, 700, 640)
    wait("the new size", lambda: shark.desktop.xdotool("getwindowgeometry", shark.number(DEMO.name)).split()[-1] == "700x640")
    columns = shark.ask("columns", "", "Packet list")
    left = columns["No."][0]
    assert [name for name, (x, _) in columns.items() if x - left < 700][:6] == ["No.", "Time", "LAP", "Type", "Direction", "Info"]
    assert columns["Info"][0] - left <= 700 - 20 * 8 - 30, "8 pixels a character, 30 for the scroll bar and the frame"


def test_menu(wireshark):
    shark = demo(wireshark)
    for name in ("Clients", "Packet Types", "Clients x Types", "Report..."):
        path = menu_path(name)
        assert shark.ask("menu", "", *path[:-1]).count(path[-1]) == 1
    assert shark.ask("menu", "", "Statistics").count(TREE) == 1


def test_statistics_tree(wireshark):
    """It counts what the CSV view does, and what is open only."""
    shark = wireshark("-r", CONTRADICTION)
    shark.loaded(42)
    shark.choose("Statistics", TREE)
    shark.window(TREE)
    item, count = "Topic / Item", "Count"

    def counts(rows):
        return {row[item]: int(row[count]) for row in rows if ":" in row[item]}

    def shows(capture):
        printed = {row["lap"]: int(row["packets"]) for row in view(capture, "lap,min=1,format=csv")}
        rows = shark.table(TREE, lambda found: counts(found) == printed)
        assert rows[0][item] == "Bluetooth Baseband" and int(rows[0][count]) == sum(printed.values())
    shows(CONTRADICTION)
    shark.open(DEMO)
    shark.loaded(DEMO_PACKETS)
    shark.close_all(TREE)
    shark.open_window(TREE, "Statistics", TREE)
    rows = shark.table(TREE, lambda found: found and found[0][count] == str(DEMO_PACKETS))
    clients = [(row[item], row[count]) for row in rows if ":" in row[item]]
    assert clients[:2] == [("ed:1d:9c", "2715"), ("e0:55:55", "1899")]      # with a header: above all strays


@pytest.mark.parametrize("menu, column, text, keys, filtered", [
    ("Endpoints", "Address", "1a:2b:3c", ["Down", "Right", "Return"], "btbb.lap==1a:2b:3c"),
    ("Conversations", "Address A", "1a:2b:3c Central", ["Down", "Right", "Right", "Return"],
     'btbb.addr=="1a:2b:3c Central" && btbb.addr=="1a:2b:3c LT_ADDR 1"'),
    ("Conversations", "Address A", "2b:3c:4d", ["Down", "Right", "Right", "Return"],
     'btbb.addr=="2b:3c:4d" && btbb.addr=="2b:3c:4d"'),
])
def test_apply_as_filter(wireshark, menu, column, text, keys, filtered):
    """The first entries of the context menu are Apply as Filter, Selected and, for conversations, both directions."""
    shark = wireshark("-r", CONTRADICTION, profile=True)
    shark.loaded(42)
    shark.choose("Statistics", menu)
    shark.window(menu)
    [row] = [row for row in shark.table(menu, lambda rows: any(row[column] == text for row in rows), name=column)
             if row[column] == text]
    shark.context_menu(shark.ask("place", menu, text, column), *keys)
    shark.until("the filter", lambda: shark.ask("text", "", 0, "Display filter entry") == filtered)
    shark.displayed(row["Packets"])
    assert int(row["Packets"]) == btbbtest.tshark("-r", CONTRADICTION, "-Y", filtered).stdout.count("\n") > 0


def test_io_graph(wireshark):
    shark = demo(wireshark, profile=True)
    shark.choose("Statistics", "I/O Graphs")
    shark.window("I/O Graphs")
    rows = shark.table("I/O Graphs", lambda found: len(found) == 20)
    assert [row["Graph Name"] for row in rows[:5]] == ["All packets", "ID", "Header", "NULL", "POLL"]
    assert [row["Display Filter"] for row in rows[3:19]] == [f"btbb.type == {code}" for code in range(16)]
    assert (rows[19]["Graph Name"], rows[19]["Y Axis"], rows[19]["Y Field"]) == ("Mean signal", "AVG(Y Field)", "btbb.rf.signal")
    assert not [name for name in shark.ask("labels", "I/O Graphs") if "invalid" in name.lower()]


def answer_report(shark, file, condition, interval):
    title = "Bluetooth Baseband Report"
    shark.choose(*menu_path("Report..."))
    shark.window(title)
    for number, text in enumerate((file, condition, interval)):
        shark.ask("set_text", title, text, number)
    shark.ask("press", title, "OK")


def test_report(wireshark):
    shark = demo(wireshark)
    page = shark.home / "report.html"
    answer_report(shark, str(page), "btbb.lap == ed:1d:9c", "1")
    shark.until("the browser", shark.opened)
    assert shark.opened() == [f"file://{page}"]
    html = page.read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>") and html.rstrip().endswith("</html>")
    assert "ed:1d:9c" in html and "e0:55:55" not in html


def test_report_in_a_temporary_file(wireshark):
    shark = demo(wireshark)
    answer_report(shark, "", "", "10")
    shark.until("the browser", shark.opened)
    [address] = shark.opened()
    path = address.removeprefix("file://")
    assert os.path.dirname(path) == str(shark.home) and path.endswith(".html")
    with open(path, encoding="utf-8") as page:
        html = page.read()
    assert "e0:55:55" in html and '["other_frames","Other frames (not counted)",0]' in html


@pytest.mark.parametrize("file, condition, interval, complaint", [
    ("/nonexistent/report.html", "", "1", "/nonexistent"),
    ("", "no.such.field", "1", "no.such.field"),
    ("", "btbb.lap == 00:00:00", "1", "no Bluetooth baseband packets"),
    ("", "", "0", "interval"),
])
def test_report_refused(wireshark, file, condition, interval, complaint):
    shark = wireshark("-r", OTHER)
    shark.loaded(27)
    answer_report(shark, file, condition, interval)
    shark.message(complaint)
    assert not shark.opened()


def test_report_without_a_file(wireshark):
    shark = wireshark()
    shark.window("Wireshark Network Analyzer")
    if shark.ask("enabled", "", *menu_path("Report...")):
        answer_report(shark, "", "", "1")
        shark.message("no Bluetooth baseband packets")
    assert not shark.opened()


def test_open_dialog_shows_captures_of_kismet(wireshark):
    """Where it shows capture files only, as it does from Wireshark 4.4 on, .pcapbtbb is among their names."""
    shark = wireshark("-r", CONTRADICTION)
    shark.loaded(42)
    shark.choose_modal("File", "Open")
    shark.window("Open Capture File")
    shark.until("the folder's files", lambda: any("'lmp.pcapbtbb'" in line for line in shark.ask("outline", "Open Capture File")))
    shark.ask("press", "Open Capture File", "Cancel")
