"""The memory of the command does not depend on the number of packets.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip

import pytest

from btbbtest import run
from companion import BTBB, DM1, pcap


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
    assert lines[1].split(",")[4] == "400000"
    assert 1024 < int(lines[2]) < 40 * 1024
