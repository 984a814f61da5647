"""A live capture from a pipe: open windows follow it or count again, and nothing of it is left in the next one.

Wireshark's generic tables and statistics trees count when they are opened and when Apply is pressed, and are attached
to no packets in between. Endpoints and Conversations follow.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import struct

import btbbtest
import pytest
from desktop import wait
from test_tables import DEMO, LAP, OTHER, agree, clients, menu_path, title, view
from test_window import TREE

pytestmark = pytest.mark.gui

CLIENTS = title("Clients")


def beginning(capture, packets):
    """The bytes of a little-endian pcap file up to a packet."""
    data = capture.read_bytes()
    end = 24
    for _ in range(packets):
        end += 16 + struct.unpack_from("<I", data, end + 8)[0]
    return data[:end]


class Pipe:
    """A named pipe that Wireshark captures from."""

    def __init__(self):
        self.path = btbbtest.tmpdir() / "pipe"
        os.mkfifo(self.path)
        self.path.chmod(0o666)
        self.end = None

    def __enter__(self):
        self.end = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)    # to open it for writing only would wait for a reader
        return self

    def __exit__(self, *_):
        os.close(self.end)

    def feed(self, data):
        while data:
            data = data[wait("room in the pipe", lambda: self.write(data)):]

    def write(self, data):
        try:
            return os.write(self.end, data)
        except BlockingIOError:
            return 0


def test_live_capture(wireshark, capture):
    first, both = beginning(DEMO, 1000), beginning(DEMO, 2000)
    saved = {1000: capture(first, "first.pcap"), 2000: capture(both, "both.pcap")}
    pipe = Pipe()
    shark = wireshark("-k", "-i", pipe.path, "-o", "gui.ask_unsaved:FALSE", profile=True)

    def endpoints_show(packets):
        printed = {row["lap"]: row["packets"] for row in view(saved[packets], "lap,min=1,format=csv")}
        shark.table("Endpoints", lambda rows: {row["Address"]: row["Packets"].replace(",", "") for row in rows} == printed,
                    name="Address")

    def clients_show(packets):
        printed = view(saved[packets], "lap,format=csv")
        rows = shark.table(CLIENTS, lambda rows: sum(int(row["Packets"]) for row in rows) == packets)
        agree(clients(rows), printed, LAP)

    def tree_shows(packets):
        shark.table(TREE, lambda rows: rows and rows[0]["Count"] == str(packets))

    with pipe:
        pipe.feed(first)
        shark.loaded(1000)
        shark.open_window(CLIENTS, *menu_path("Clients"))
        clients_show(1000)
        shark.open_window(TREE, "Statistics", TREE)
        tree_shows(1000)
        shark.open_window("Endpoints", "Statistics", "Endpoints")
        endpoints_show(1000)

        pipe.feed(both[len(first):])
        shark.loaded(2000)
        endpoints_show(2000)
        shark.until("Apply", lambda: shark.ask("press", CLIENTS, "Apply") is None)
        clients_show(2000)
        shark.until("Apply", lambda: shark.ask("press", TREE, "Apply") is None)
        tree_shows(2000)

        shark.choose("Capture", "Stop")
        shark.until("the end", lambda: shark.ask("enabled", "", "Capture", "Start"))
        clients_show(2000)

    with pipe:
        shark.choose("Capture", "Start")
        pipe.feed(OTHER.read_bytes())
        shark.loaded(27)
        shark.close_all(CLIENTS)
        shark.open_window(CLIENTS, *menu_path("Clients"))
        rows = shark.table(CLIENTS, lambda found: found)
        agree(clients(rows), view(OTHER, "lap,format=csv"), LAP)
        shark.close_all(TREE)
        shark.open_window(TREE, "Statistics", TREE)
        tree_shows(27)
        laps = [row["Topic / Item"] for row in shark.table(TREE) if ":" in row["Topic / Item"]]
        assert laps == ["5a:3c:21"]
