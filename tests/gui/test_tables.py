"""The tables of the Statistics menu show what the CSV views print. SPDX-License-Identifier: GPL-2.0-or-later"""
import csv
import io
import re

import btbbtest
import encode_upper as upper
import pytest
import scene_formats
from companion import pcap, records_of
from desktop import Failure, wait
from link_procedures import Link
from sample_esp32 import PHONE, SNIFFER
from scenario import Scene

pytestmark = pytest.mark.gui

DEMO = btbbtest.sample("pandas_demo.pcapbtbb")
DEMO_PACKETS = 4708
OTHER = btbbtest.sample("every_type.pcapbtbb")
CUT = btbbtest.CUT
EMPTY = "empty.pcapbtbb"

# CSV column -> column of the window
LAP = {"lap": "LAP", "uap": "UAP", "nap": "NAP", "vendor": "Vendor", "name": "Name", "packets": "Packets", "id": "ID", "non_id": "Header", "undecoded": "Not decoded",
      
       "to_master": "To Central", "from_master": "From Central", "first": "First", "last": "Last"}
TYPE = {"type": "TYPE", "name": "Name", "packets": "Packets", "percent": "%"}


# All tables, in the order in which a message lists them.
TABLES = ", ".join(f"-z btbb,{name}" for name in ("lap", "type", "lap-type", "signal", "links", "findings", "timeline", "piconets"))

NAME_CHARACTERS = 24    # of a device name in a table


def title(name):
    """Wireshark 4.6 makes a submenu of the part before the slash."""
    return f"Bluetooth Baseband/{name}" if btbbtest.version() >= (4, 6) else f"BTBB {name}"


def menu_path(name):
    return ("Statistics", *title(name).split("/"))


def view(capture, text, check=True):
    """Rows of a CSV view."""
    done = btbbtest.tshark("-q", "-2", "-r", capture, "-z", f"btbb,{text}", check=check)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def local_time(epoch):
    """As the tables show a time; the tests run in UTC."""
    seconds, _, fraction = epoch.partition(".")
    whole = btbbtest.run("date", "-u", "-d", f"@{seconds}", "+%Y-%m-%d %H:%M:%S").stdout.strip()
    return f"{whole}{'.' + fraction if fraction else ''}"


def as_shown(key, printed):
    """What the window shows of a text that CSV has."""
    if key == "percent":
        return f"{float(printed):.2f}"
    if key == "name" and len(printed) > NAME_CHARACTERS:
        pieces = re.findall(r"\\x[0-9a-f]{2}|\\u\{[0-9a-f]+\}|.", printed)       # an escape is never cut in two
        while len("".join(pieces)) > NAME_CHARACTERS - 3:
            pieces.pop()
        return "".join(pieces) + "..."
    return local_time(printed) if key in ("first", "last") and printed else printed


def agree(shown, printed, names):
    """Every row that CSV has is in the window, no other is, and every cell agrees. Order does not matter."""
    first = next(iter(names))
    assert sorted(row[names[first]] for row in shown) == sorted(row[first] for row in printed)
    by_name = {row[names[first]]: row for row in shown}
    for row in printed:
        for key, value in row.items():
            cell = by_name[row[first]][names[key]]
            assert cell == as_shown(key, value), f"{row[first]}, {key}: the window shows {cell!r}, CSV {value!r}"


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
    for key in ("packets", "id", "non_id", "undecoded", "to_master", "from_master"):
        assert int(left_out[LAP[key]]) == sum(int(row[key]) for row in once), key


def test_packet_types(wireshark):
    shark = wireshark("-r", OTHER)
    shark.loaded(27)
    shark.choose(*menu_path("Packet Types"))
    shark.window("Packet Types")
    rows = shark.table("Packet Types", lambda found: len(found) == 16)
    agree(rows, view(OTHER, "type,format=csv"), TYPE)


def test_signal_levels(wireshark):
    """Blank where a client has no level; decimals as in the other tables."""
    capture = btbbtest.sample("every_type_rf.pcap")
    shark = wireshark("-r", capture)
    shark.loaded(46)
    shark.choose(*menu_path("Signal Levels"))
    shark.window("Signal Levels")
    rows = shark.table("Signal Levels", lambda found: len(found) == 2)
    names = {"lap": "LAP", "packets": "Packets", "signal_min": "Signal min", "signal_mean": "Signal mean",
             "signal_max": "Signal max", "noise_mean": "Noise mean", "snr_mean": "SNR mean"}
    printed = view(capture, "signal,format=csv")
    assert sorted(row["LAP"] for row in rows) == sorted(row["lap"] for row in printed)
    for row in printed:
        [shown] = [found for found in rows if found["LAP"] == row["lap"]]
        for key, value in row.items():
            expected = f"{float(value):.2f}" if value and key not in ("lap", "packets") else value
            assert shown[names[key]] == expected, key


CONNECTIONS = {"link": "Link", "device1": "Device 1", "name1": "Name 1", "name2": "Name 2", "authentication": "Authentication",
               "encryption": "Encryption", "key_size": "Key", "end": "End", "findings": "Findings"}
TIMELINE = {"frame": "Frame", "link": "Link", "who": "Sender", "event": "Event", "request": "Request", "elapsed": "After (s)",
            "details": "Details", "findings": "Findings"}


def cells_of(capture, of_view, names):
    """What a table shows of a view. Cells have 47 bytes of a text."""
    head, _, condition = of_view.partition(",")
    return [[row[key].encode()[:47].decode(errors="ignore") for key in names]
            for row in view(capture, f"{head},format=csv{condition and ','}{condition}")]


def test_connections_and_timeline(wireshark):
    """What is not known is blank. Rows are in the order of their numbers: 10 after 9."""
    capture = btbbtest.sample("links.pcapbtbb")
    shark = wireshark("-r", capture)
    shark.loaded(len(records_of("links.pcapbtbb")))
    for name, of_view, condition, names, blank in (("Connections", "links", "", CONNECTIONS, "key_size"),
                                                   ("Timeline", "timeline", "frame.number < 110", TIMELINE, "link")):
        printed = cells_of(capture, f"{of_view},{condition}", names)
        assert len(printed) > 10 and {row[list(names).index(blank)] for row in printed} > {"", "1"}
        shark.choose(*menu_path(name))
        shark.window(name)
        apply(shark, name, condition)
        rows = shark.table(name, lambda found, count=len(printed): len(found) == count)
        assert [[row[column] for column in names.values()] for row in rows] == printed


def renamed():
    """Two connections of the same devices, then an inquiry: the first connection has no name, the second one that of the
    Peripheral, and the Extended Inquiry Response has that of the Central."""
    scene = Scene()
    for has_name in (False, True):
        link = Link(scene, PHONE, SNIFFER, polls=False)
        link.page()
        link.features()
        link.ask_and_accept(link.central, "host_connection_req")
        link.complete()
        if has_name:
            link.name(link.central, SNIFFER.name)
        link.detach(link.peripheral)
        scene.wait(3000)
    scene.inquiry(SNIFFER, ((PHONE, upper.eir((upper.EIR_NAME, b"Old phone"))),))
    return scene_formats.capture(scene, "legacy")


def test_names_that_come_later(wireshark, workdir):
    """The name of a device is in the rows of all its connections, wherever it was learned."""
    capture = workdir / "renamed.pcap"
    capture.write_bytes(renamed())
    printed = cells_of(capture, "links", CONNECTIONS)
    assert [row[2:4] for row in printed] == [["Old phone", "Serial port made up for samples"]] * 2
    shark = wireshark("-r", capture, "-z", "btbb,links")
    shark.window("Connections")
    rows = shark.table("Connections", lambda found: len(found) == 2)
    assert [[row[column] for column in CONNECTIONS.values()] for row in rows] == printed


FINDINGS = {"link": "Link", "kind": "Kind", "key": "Key", "frames": "Frames", "text": "Meaning", "limit": "Limit"}


def test_findings(wireshark):
    """Whole sentences, in the order of the view: what was not known at first and is known later leaves no row, also with a
    filter that lets only one connection through."""
    capture = btbbtest.sample("links.pcapbtbb")
    printed = view(capture, "findings,format=csv")
    assert len(printed) == 56 and len({row["key"] for row in printed if row["kind"] == "finding"}) == 8
    shark = wireshark("-r", capture, "-z", "btbb,findings")
    shark.window("Findings")
    rows = shark.table("Findings", lambda found: len(found) == 56)
    assert [[row[title] for title in FINDINGS.values()] for row in rows] == [list(row.values()) for row in printed]
    narrow = "btbb.link == 1"
    printed = view(capture, f"findings,format=csv,{narrow}")
    apply(shark, "Findings", narrow)
    rows = shark.table("Findings", lambda found: len(found) == len(printed))
    assert [[row[title] for title in FINDINGS.values()] for row in rows] == [list(row.values()) for row in printed] != []


def test_findings_that_move(wireshark, workdir):
    """A connection ends after the last packet of another one, whose rows take the places of its own."""
    capture = workdir / "two.pcap"
    one, other = records_of("lmp.pcapbtbb"), records_of("links.pcapbtbb")[719]
    capture.write_bytes(pcap(*one[:50], other, *one[50:]))
    printed = view(capture, "findings,format=csv")
    assert [row["link"] for row in printed] == ["1"] * 3 + ["2"] * 3
    shark = wireshark("-r", capture, "-z", "btbb,findings")
    shark.window("Findings")
    rows = shark.table("Findings", lambda found: len(found) == len(printed))
    assert [[row[title] for title in FINDINGS.values()] for row in rows] == [list(row.values()) for row in printed]


def test_piconets(wireshark):
    """A clock that is found, a jump of the capturing device's clock; what is not known is blank. With a filter, the other
    piconets are left out, also when the last packet of the capture is."""
    capture = btbbtest.sample("hops.pcap")
    names = {"lap": "LAP", "uap": "UAP", "packets": "Packets", "explained": "Explained", "unexplained": "Not explained",
             "clk": "CLK27-1", "source": "Source", "jump": "Jump (s)"}
    printed = [[row[key] for key in names] for row in view(capture, "piconets,format=csv")]
    assert [row[6] for row in printed] == ["hops"] * 4 and printed[1][7] == "-429.496722385" and printed[3][5] == ""
    shark = wireshark("-r", capture)
    shark.loaded(237)
    shark.choose(*menu_path("Piconets"))
    shark.window("Piconets")
    rows = shark.table("Piconets", lambda found: len(found) == 4)
    assert [[row[column] for column in names.values()] for row in rows] == printed
    details = "AFH map, or why there is no clock"
    assert len(rows[2][details]) == len("hops ") + 79 and rows[3][details] == "several clocks explain the RF channels: 70722957 47424905"


def test_piconets_with_a_filter(wireshark):
    """The last packet of the capture is left out."""
    capture = btbbtest.sample("encrypted_e0_rf_clear.pcap")
    shark = wireshark("-r", capture, "-z", "btbb,piconets,btbb.lap == 2d:9b:40")
    shark.window("Piconets")
    [row] = shark.table("Piconets", lambda found: len(found) == 1)
    assert (row["LAP"], row["Packets"], row["Source"]) == ("2d:9b:40", "77", "hops")


def test_tables_without_rows(wireshark):
    """Wireshark frees an empty table with its last window and calls nothing: what listens beside the window must notice.
    Freed memory is overwritten here."""
    shark = wireshark("-r", btbbtest.sample("hops.pcap"), env={"MALLOC_PERTURB_": "165"})
    shark.loaded(237)
    for name, rows in ("Piconets", 4), ("Clients", 2):
        shark.open_window(name, *menu_path(name))
        shark.table(name, lambda found, count=rows: len(found) == count)
        apply(shark, name, "btbb.lap == 00:00:00")
        shark.table(name, lambda found: not found)
        shark.close_one(name)
    for name in ("Packet Types", "Piconets"):
        shark.open_window(name, *menu_path(name))
        shark.table(name, lambda found: len(found) > 1)


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


@pytest.mark.parametrize("argument", ["btbb,nosuch", "btbb,io,by=lap", "btbb"])
def test_command_line_names_no_table(wireshark, argument):
    shark = wireshark("-r", OTHER, "-z", argument)
    shark.message(f"-z {argument}: the Wireshark window has {TABLES}, each with an optional display filter.")
    shark.loaded(27)
    shark.open_window("Clients", *menu_path("Clients"))
    shark.table("Clients", lambda rows: len(rows) == 1)


@pytest.mark.parametrize("condition", ["badkey=1", "not a filter(("])
def test_command_line_with_a_wrong_filter(wireshark, condition):
    """The table opens with the filter marked as wrong; it counts when that is put right."""
    shark = wireshark("-r", OTHER, "-z", f"btbb,lap,{condition}")
    shark.window("Clients")
    assert shark.ask("text", "Clients") == condition
    with pytest.raises(Failure):
        shark.ask("press", "Clients", "Apply")
    apply(shark, "Clients", "btbb.type == 1")
    shark.table("Clients", lambda rows: len(rows) == 1)


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
    """The first window keeps pointers to cells that the second one counts again."""
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
    shark.open_window("Clients", *menu_path("Clients"))
    rows = shark.table("Clients", lambda found: len(found) == 3)
    agree(clients(rows), view(DEMO, "lap,format=csv"), LAP)


def stays_as_it_was(shark, window, rows):
    """Wireshark cuts a window off from a file that is closed; what it shows remains, without the file's name."""
    shark.until("the window to be cut off", lambda: any(window in name and "[no capture file]" in name
                                                        for name in shark.ask("windows")))
    assert shark.table(window) == rows
    with pytest.raises(Failure):
        shark.ask("press", window, "Apply")


def test_reload_and_other_file(wireshark):
    """A new window counts again, only for open windows; an old one stays as it was until it is closed."""
    name, path = "Clients x Types", menu_path("Clients x Types")
    shark = wireshark("-r", DEMO, "-z", "btbb,lap-type")
    shark.window(name)
    before = shark.table(name, lambda found: len(found) == 2)

    shark.choose("View", "Reload")
    shark.loaded(DEMO_PACKETS)
    stays_as_it_was(shark, name, before)
    shark.close_all(name)
    shark.open_window(name, *path)
    assert shark.table(name, lambda found: len(found) == 2) == before

    shark.open(OTHER)
    shark.loaded(27)
    stays_as_it_was(shark, name, before)
    shark.open_window("every_type", *path)
    [row] = shark.table("every_type", lambda found: len(found) == 1)
    printed = view(OTHER, "lap-type,format=csv")
    assert (row["LAP"], row["Total"]) == (printed[0]["lap"], printed[0]["total"])

    shark.choose("File", "Close")
    shark.until("the file to be closed", lambda: shark.count("[no capture file]") == 2)
    shark.close_all(name)
    shark.open(DEMO)
    shark.loaded(DEMO_PACKETS)
    shark.open_window(name, *path)
    assert shark.table(name, lambda found: len(found) == 2) == before


def test_changed_preference(wireshark):
    """The packets are dissected again: Endpoints follows at once, a table after Apply."""
    def packets(expected):
        apply(shark, "Clients", "")
        return shark.table("Clients", lambda rows: sum(int(row["Packets"]) for row in rows) == expected)

    def endpoints(expected):
        shark.table("Endpoints", lambda rows: sum(int(row["Packets"]) for row in rows) == expected, name="Address")

    capture = btbbtest.sample("every_type_rf.pcap")
    printed = view(capture, "lap,min=1,format=csv")
    total = sum(int(row["packets"]) for row in printed)
    shark = wireshark("-r", capture, profile=True)
    shark.loaded(46)
    shark.open_window("Clients", *menu_path("Clients"))
    before = packets(total)
    shark.open_window("Endpoints", "Statistics", "Endpoints")
    endpoints(total)
    shark.change_preference("btbb.rf", "TRUE", "FALSE")
    endpoints(0)
    packets(0)
    shark.change_preference("btbb.rf", "FALSE", "TRUE")
    endpoints(total)
    assert packets(total) == before


def shows(shark, capture, name, of_view, names):
    """Open a table and wait until its rows are those of the CSV view, in any order."""
    printed = view(capture, f"{of_view},clock=auto,format=csv", check=capture.name != CUT)     # as the window does
    names = names or {key: {"lap": "LAP", "total": "Total"}.get(key, key) for key in (printed[0] if printed else {})}
    expected = sorted([as_shown(key, row[key]) for key in names] for row in printed)
    shark.open_window(title(name), *menu_path(name))
    shown = []

    def complete(rows):
        shown[:] = sorted([row[column] for column in names.values()] for row in rows if not row.get("LAP", "").startswith("("))
        return shown == expected

    try:
        shark.table(title(name), complete)
    except Failure:
        assert shown == expected
        raise
    shark.close_all(title(name))
    return len(expected)


@pytest.mark.slow
def test_every_table_of_every_sample(wireshark):
    """Of all samples in one file. Nothing of them remains in the tables of a short and an empty capture."""
    shark = wireshark()
    merged = btbbtest.merge_samples()
    counted = [btbbtest.run(btbbtest.BUILD / "command" / "btbb", of_view, "--format=csv", merged).stdout.count("\n") - 1
               for of_view in ("lap", "type", "lap-type")]
    for capture, rows in (merged, counted), (btbbtest.sample(CUT), [1, 1, 1]), (btbbtest.sample(EMPTY), [0, 0, 0]):
        shark.open(capture)
        if capture.name == CUT:
            shark.message("cut short")
        shark.loaded(len(btbbtest.fields(capture, "frame.number", check=capture.name != CUT)))
        assert rows == [shows(shark, capture, "Clients", "lap", LAP),
                        shows(shark, capture, "Packet Types", "type", TYPE),
                        shows(shark, capture, "Clients x Types", "lap-type", None)]
