"""Several files are counted as one capture.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import itertools

import btbbtest
from companion import ID, btbb, pcap, records_of


def test_order_and_threads_do_not_matter():
    files = [btbbtest.sample(name) for name in ("pandas_demo.pcapbtbb", "fhs.pcapbtbb", "uap_recovery.pcap",
                                                "interfaces.pcapng", "contradiction.pcapbtbb")]
    for view in ("lap,min=1,format=csv", "type,ids=yes", "channel,format=json", "summary", "lap-type"):
        expected = btbb(view, "-j", "1", *files).stdout
        for number, order in enumerate(itertools.islice(itertools.permutations(files), 0, 120, 17)):
            assert btbb(view, "-j", number % 5 + 1, *order).stdout == expected, (view, order)


def test_halves_add_up_to_the_whole(capture):
    records = records_of("pandas_demo.pcapbtbb")
    middle = len(records) // 2
    halves = [capture(pcap(*records[:middle]), "one.pcap"), capture(pcap(*records[middle:]), "two.pcap")]
    for view in ("lap,min=1", "type,ids=yes", "lap-type,format=csv", "io,by=lap,interval=10", "channel"):
        assert btbb(view, *halves).stdout == btbb(view, btbbtest.sample("pandas_demo.pcapbtbb")).stdout, view


def test_each_file_has_its_own_clock(capture):
    """The second file is older than the first one. Its first packet may have any frame number."""
    arp = bytes(12) + b"\x08\x06" + bytes(30)
    new = capture(pcap(*[(ID, {"seconds": 2000 + i}) for i in range(3)]), "new.pcap")
    old = capture(pcap(*[arp] * 5, (ID, {"seconds": 1000}), (ID, {"seconds": 1001})), "old.pcap")
    first, second = (btbb("summary,format=csv", "-j", "1", *files).stdout for files in ((new, old), (old, new)))
    assert first == second and "\nclock_jumps,0\nclock_lost,\n" in first
    back = capture(pcap(*[(ID, {"seconds": seconds}) for seconds in (1000, 900)]), "back.pcap")
    assert "\nclock_jumps,1\nclock_lost,100\n" in btbb("summary,format=csv", "-j", "1", new, back).stdout


def test_a_file_named_twice_counts_twice():
    capture = btbbtest.sample("pandas_demo.pcapbtbb")
    once, twice = (btbb("type,format=csv", *[capture] * times).stdout.splitlines() for times in (1, 2))
    assert [line.split(",")[1:3] for line in twice[1:]] == \
        [[name, str(2 * int(packets))] for _, name, packets, _ in (line.split(",") for line in once[1:])]
