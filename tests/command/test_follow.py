"""The command while it runs: --follow, Ctrl-C, and the progress on a terminal.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import fcntl
import itertools
import os
import pty
import random
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pytest

import btbb_encode as e
import btbbtest
from companion import btbb, pcap, records_of, spawn, stored


def counted(path):
    """Packets in a summary written as CSV, or None."""
    found = re.search(r"^packets,(\d+)$", path.read_text(encoding="utf-8"), re.M) if path.exists() else None
    return int(found[1]) if found else None


@pytest.mark.parametrize("form", ["pcap", "pcapng"])
def test_follow_a_growing_file(form, workdir):
    """In steps that end inside a frame; the output file holds what is whole. Ctrl-C is the normal end."""
    data = stored(form, workdir).read_bytes()
    growing, out = workdir / f"growing.{form}", workdir / "summary.csv"
    growing.write_bytes(data[:10])
    with spawn("summary", "--follow", "-F", "csv", "-o", out, growing, stderr=subprocess.PIPE) as command:
        seen = []
        for start, end in ((10, len(data) // 3), (len(data) // 3, len(data) - 1), (len(data) - 1, len(data))):
            with growing.open("ab") as file:
                file.write(data[start:end])
            btbbtest.wait_for(lambda: (counted(out) or 0) > (seen[-1] if seen else 0), f"more than {seen} packets")
            seen.append(counted(out))
        btbbtest.wait_for(lambda: counted(out) == 4708, "all packets")
        command.send_signal(signal.SIGINT)
        _, errors = command.communicate(timeout=30)
    assert (command.returncode, errors) == (0, "")
    assert seen[0] < seen[1] <= 4708
    assert counted(out) == 4708


def terminal(rows=24, columns=80):
    """A new terminal: (master, slave)."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    return master, slave


class Screen:
    """What was written on a terminal so far."""

    def __init__(self, master):
        self.master, self.text = master, ""

    def shows(self, pattern):
        while select.select([self.master], [], [], 0)[0]:
            try:
                self.text += os.read(self.master, 65536).decode()
            except OSError:
                break
        return re.search(pattern, self.text, re.S)


def test_follow_on_a_terminal(workdir):
    """The table is written over itself, cut to the screen; at the end it stands there whole."""
    records = records_of("pandas_demo.pcapbtbb")
    growing = workdir / "growing.pcap"
    growing.write_bytes(pcap(*records[:1000]))
    master, slave = terminal(rows=5)
    with spawn("lap,min=1", "-f", growing, stdout=slave, stderr=subprocess.PIPE) as command:
        screen = Screen(master)
        btbbtest.wait_for(lambda: screen.shows(r"\x1b\[H\s*LAP .*\x1b\[J"), "the first table")
        first = screen.text
        assert first.count("\n") == 4
        with growing.open("ab") as file:
            file.write(pcap(*records[1000:])[24:])
        btbbtest.wait_for(lambda: screen.shows(r"\x1b\[Hed:1d:9c|ed:1d:9c [^\n]*2,715"), "the second table")
        command.send_signal(signal.SIGINT)
        _, errors = command.communicate(timeout=30)
        screen.shows("$")
    os.close(slave)
    os.close(master)
    assert (command.returncode, errors) == (0, "")
    whole = btbb("lap,min=1", btbbtest.sample("pandas_demo.pcapbtbb")).stdout
    assert screen.text.replace("\r\n", "\n").endswith("\x1b[H\x1b[J" + whole)


@pytest.mark.parametrize("form", ["pcap", "pcapng"])
def test_interrupt_shows_what_was_counted(form, workdir):
    data = stored(form, workdir).read_bytes()
    with spawn("summary", "-F", "csv", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
               stderr=subprocess.PIPE) as command:
        os.write(command.stdin.fileno(), data[:30000])
        btbbtest.wait_for(lambda: fcntl.ioctl(command.stdin, termios.FIONREAD, b"    ") == b"\0\0\0\0", "the pipe to be read")
        time.sleep(0.3)     # until the reader has counted what it was sent
        command.send_signal(signal.SIGINT)
        command.wait(30)
        out, errors = command.stdout.read(), command.stderr.read()
    assert errors == "btbb: interrupted: only what was read until then is counted\n"
    assert command.returncode == 2
    (workdir / "cut").write_bytes(data[:30000])
    assert out == btbb("summary", "-F", "csv", workdir / "cut", check=False).stdout


def test_interrupt_of_a_named_pipe_without_a_writer(workdir):
    os.mkfifo(workdir / "pipe")
    with spawn("lap", "-F", "csv", workdir / "pipe", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as command:
        time.sleep(0.5)     # until the command waits for a writer
        command.send_signal(signal.SIGINT)
        out, errors = command.communicate(timeout=5)
    assert command.returncode == 2
    assert errors == "btbb: interrupted: only what was read until then is counted\n"
    assert out == "lap,uap,nap,vendor,name,packets,id,non_id,undecoded,to_master,from_master,first,last\n"


@pytest.mark.parametrize("kind", ["pipe", "file"])
def test_progress_on_a_terminal(kind, workdir):
    """Only when it takes longer than a second, and nothing of it stays."""
    data = pcap(*records_of("pandas_demo.pcapbtbb"))
    pipe = workdir / "pipe"
    os.mkfifo(pipe)
    names = [pipe] if kind == "pipe" else [btbbtest.sample("pandas_demo.pcapbtbb"), pipe]
    master, slave = terminal()
    with spawn("lap", *names, stdout=subprocess.PIPE, stderr=slave) as command:
        screen = Screen(master)
        with pipe.open("wb", buffering=0) as file:
            file.write(data[:30000])
            btbbtest.wait_for(lambda: screen.shows("0 MB read"), "the progress")
            file.write(data[30000:])
        out, _ = command.communicate(timeout=30)
        screen.shows("$")
    os.close(slave)
    os.close(master)
    assert command.returncode == 0
    assert out == btbb("lap", *[btbbtest.sample("pandas_demo.pcapbtbb")] * len(names)).stdout
    assert screen.text.endswith("\r\x1b[K")
    quick = btbb("lap", btbbtest.sample("pandas_demo.pcapbtbb"))
    assert quick.stderr == ""


def test_progress_of_two_passes(workdir):
    """One bar for a file that is read twice: half of it is the search for clocks, of packets that have none."""
    chance = random.Random(1)
    slots = itertools.accumulate(chance.randrange(20, 100) for _ in range(3 * 128))
    packets = [e.Packet(1_600_000_000 * e.NS + 625_000 * slot, e.rf(0x111100 + i // 128, "NULL", 0x22, channel=chance.randrange(79)))
               for i, slot in enumerate(slots)]
    (workdir / "random.pcap").write_bytes(e.pcap(packets, e.LINKTYPE_BREDR_BB, nano=True))
    master, slave = terminal()
    with spawn("lap", "--clock=auto", workdir / "random.pcap", stdout=subprocess.PIPE, stderr=slave) as command:
        screen = Screen(master)
        out, _ = command.communicate(timeout=60)
        screen.shows("$")
    os.close(slave)
    os.close(master)
    shown = [int(share) for share in re.findall(r"(\d+) %", screen.text)]
    assert command.returncode == 0 and out.count("\n11:11:0") == 3
    assert shown == sorted(shown) and 50 in shown
