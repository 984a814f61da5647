"""All kinds of files and streams that the command reads.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess
from decimal import Decimal

import pytest

import btbbtest
from companion import BTBB, DM1, btbb, pcap, records_of, same, spawn, stored


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("magic", [0xA1B2C3D4, 0xA1B23C4D])
def test_byte_orders_and_resolutions(order, magic, capture):
    nano = magic == 0xA1B23C4D
    records = records_of("pandas_demo.pcapbtbb")
    for number, (_, options) in enumerate(records):
        options["fraction"] = options["fraction"] * 1000 + number % 1000 if nano else options["fraction"]
    path = capture(pcap(*records, order=order, magic=magic))
    same(path, ("lap", "io,interval=0.001,by=type", "summary") if not nano else ("lap", "summary"))
    first = re.search(r"^first,(\S+)$", btbb("summary,format=csv", path).stdout, re.M)[1]
    options = records[0][1]
    assert Decimal(first) == options["seconds"] + Decimal(options["fraction"]).scaleb(-9 if nano else -6)


@pytest.mark.parametrize("form", ["gz", "zst", "lz4", "pcapng", "modpcap", "nsecpcap"])
def test_other_forms_of_a_file(form, workdir):
    path = stored(form, workdir)
    expected = btbb("lap", btbbtest.sample("pandas_demo.pcapbtbb")).stdout
    assert "2,715" in expected
    assert btbb("lap", path).stdout == expected
    same(path, ("lap", "summary"))


@pytest.mark.parametrize("form", ["pcap", "gz", "pcapng"])
def test_standard_input(form, workdir):
    path = stored(form, workdir)
    expected = btbb("lap", path).stdout
    assert btbb("lap", "-", input=path.read_bytes()).stdout == expected
    with path.open("rb") as file:
        assert subprocess.run([BTBB, "lap", "-"], stdin=file, env=btbbtest.environment(), capture_output=True,
                              check=True, text=True).stdout == expected


@pytest.mark.parametrize("form", ["pcap", "pcapng"])
def test_named_pipe(form, workdir):
    path, pipe = stored(form, workdir), workdir / "pipe"
    os.mkfifo(pipe)
    with spawn("lap", pipe, stdout=subprocess.PIPE) as command:
        pipe.write_bytes(path.read_bytes())
        out, _ = command.communicate(timeout=60)
    assert command.returncode == 0
    assert out == btbb("lap", path).stdout


def test_empty_captures(capture):
    same(capture(pcap()), ("summary", "lap", "type", "io"))
    same(capture(b""), ("summary", "lap"))


@pytest.mark.parametrize("before, after", [(2, 3), (0, 1), (1, 0), (0, 0), (3, None)])
def test_frames_before_and_after_packets(before, after, capture):
    """tshark counts other frames with the first packet; without any packet, their number is not known."""
    arp = bytes(12) + b"\x08\x06" + bytes(28)
    path = capture(pcap(*[arp] * before, *([] if after is None else [DM1, arp, DM1] + [arp] * after)))
    same(path, ("summary",), turn=1)
    number = "" if after is None else before + 1 + after
    assert f"other_frames,{number}\n" in btbb("summary,format=csv", path).stdout
