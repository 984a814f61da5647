"""Ubertooth in Wireshark's list of interfaces, with a stand-in for ubertooth-rx. SPDX-License-Identifier: GPL-2.0-or-later"""
import os
import shutil

import pytest

from ubertooth import NAME, NO_DEVICE, PROGRAM, RF_PACKETS, Runs, environment, extcap_folder

pytestmark = pytest.mark.gui

ROW = "Ubertooth: Bluetooth BR/EDR"
OPTIONS = "Interface Options"


@pytest.fixture
def runs():
    found = Runs()
    yield found
    assert not found.alive()


def install(shark):
    folder = extcap_folder(shark.home)
    os.makedirs(folder)
    shutil.copy(PROGRAM, folder)
    shark.own(*shark.home.rglob("*"))


def start(wireshark, runs, *arguments, **options):
    env = environment(runs, **options)
    env.pop("PATH")
    path = f"{environment(runs)['PATH']}"
    return wireshark(*arguments, "-o", "gui.ask_unsaved:FALSE", setup=install, env={
        **{name: str(value) for name, value in env.items() if value is not None}, "PATH": path})


def stopped(shark, runs):
    shark.until("the end", lambda: shark.ask("enabled", "", "Capture", "Start"))
    shark.until("the end of ubertooth-rx", lambda: not runs.alive())


def test_from_the_list_of_interfaces_to_packets(wireshark, desktop, runs):
    shark = start(wireshark, runs, mode="stay")
    shark.fill("Wireshark", 1300, 900)

    def cell():
        return next(text for row in shark.ask("table", "") for text in row if text.startswith(ROW))
    name = shark.until("the interface", lambda: any(ROW in text for row in shark.ask("table", "") for text in row) and cell())

    def gear():
        x, y = shark.ask("place", "", name)
        desktop.click([x - 45, y])
        return shark.until(OPTIONS, lambda: shark.count(OPTIONS))
    shark.until("the options", gear)
    labels = [label for label in shark.ask("labels", OPTIONS) if label]
    assert labels == ["LAP to follow", "UAP", "Mode", "RF channel", "Stop after (seconds)", "Ubertooth number"]
    for number, text in enumerate(("48:31:dd", "61", "12")):
        shark.ask("set_text", OPTIONS, text, number)
    shark.ask("press", OPTIONS, "Save")
    shark.until("the options to close", lambda: not shark.count(OPTIONS))

    desktop.xdotool("mousemove", "--sync", *shark.ask("place", "", name), "click", "--repeat", 2, "--delay", 50, 1)
    shark.loaded(RF_PACKETS)
    assert list(runs.noted().values()) == ["-q /dev/fd/3 -l 4831dd -u 61 -c 12"] and len(runs.alive()) == 1
    assert shark.table("", name="Packet list")[0]["Protocol"] == "BTBB"
    shark.choose("Capture", "Stop")
    stopped(shark, runs)
    shark.loaded(RF_PACKETS)
    assert shark.ask("messages") == []


def test_stopped_before_the_first_packet(wireshark, runs):
    shark = start(wireshark, runs, "-k", "-i", NAME, mode="stay", capture=None)
    runs.wait()
    shark.choose("Capture", "Stop")
    shark.message("No packets captured")
    stopped(shark, runs)
    assert not [line for line in shark.ask("messages") if line]


def test_no_device(wireshark, runs):
    shark = start(wireshark, runs, "-k", "-i", NAME, mode="no-device")
    shark.message(NO_DEVICE.strip())
