"""The memory of the command does not depend on the number of packets.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import re
import struct

import pytest

from btbbtest import run
from companion import BTBB, DM1, ID, pcap


# A small program in between: a process counts the memory of the one that it was forked from as its own.
PEAK = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); " \
       "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"


@pytest.mark.parametrize("form", ["pcap", "gz"])
def test_memory_does_not_grow_with_packets(form, capture):
    """400,000 packets of one client: in 40 MiB, which 100 bytes a packet would exceed."""
    data = pcap(*[DM1] * 1000)
    data = data[:24] + data[24:] * 400
    path = capture(gzip.compress(data, 1) if form == "gz" else data)
    lines = run("/usr/bin/python3", "-c", PEAK, BTBB, "lap,min=1,format=csv", path).stdout.splitlines()
    assert lines[1].split(",")[5] == "400000"
    assert 1024 < int(lines[2]) < 40 * 1024


def test_running_out_of_memory_is_reported(capture):
    """Half a million clients need 50 MB; with less address space, those that do not fit are reported as not counted."""
    count = 500_000
    record = struct.pack("<IIII", 1, 0, len(ID), len(ID))
    data = pcap() + b"".join(record + ID[:9] + lap.to_bytes(3, "big") + ID[12:] for lap in range(count))
    path = capture(data)
    done = run("prlimit", f"--as={60 << 20}", BTBB, "summary,format=csv", path, check=False)
    assert done.returncode == 2
    lost = int(re.fullmatch(r"btbb: out of memory, or a table is full: (\d+) packets are not counted\n", done.stderr)[1])
    assert 0 < lost < count
    assert f"packets,{count - lost}\n" in done.stdout
