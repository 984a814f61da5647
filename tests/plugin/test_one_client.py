"""Field btbb.lap, display filter, view `lap` and Wireshark's Endpoints name the same client for every frame.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import io
import random
import re
from collections import Counter

import btbb_encode as e
import pytest
from random_capture import BREDR_BB, ETHERNET, random_capture

import btbbtest
from dissected import capture_of, column

NUMBERS = ("-o", 'gui.column.format:"No.","%m"')
AT_ONCE = 25        # filtered statistics in one run


def random_addresses(seed):
    """Frames of ethertype 0xfff0 with every mixture of known and unknown addresses, meta data and lengths."""
    rng = random.Random(seed)
    parts = (0, 0x21, 0x4831DD, 0x9E8B33)
    frames = []
    for _ in range(400):
        src, dst = (e.mac(rng.choice((0, 2)), rng.choice((0, 0x61)), rng.choice(parts)) for _ in range(2))
        content = rng.randbytes(rng.choice((0, 0, 1, 5, 6, 8, 9, 12, 20, 46)))
        frames.append(e.ethernet(src, content, rng.choice((bytes(6), dst))))
    return e.pcap(e.stamped(frames))


CAPTURES = {
    "samples": btbbtest.merge_samples,
    "legacy frames": lambda: capture_of(random_capture(1, ETHERNET)),
    "LINKTYPE 255": lambda: capture_of(random_capture(2, BREDR_BB)),
    "random addresses": lambda: capture_of(random_addresses(3)),
    **{name: lambda name=name: btbbtest.shared(f"captures/{name}.pcap") for name in
       ("btbb-sample-mouse", "btbredr_test", "reports/grbluetooth-tap", "reports/bluedragon-255", "reports/rootcanal",
        "reports/netsim", "reports/cooked")},
}


def rows(text):
    """[{client: packets}] of the views in the output of one run; the last statistic is printed first."""
    tables = []
    for cells in csv.reader(io.StringIO(text)):
        if cells[:1] == ["lap"]:
            tables.append({})
        elif tables and len(cells) > 5:
            tables[-1][cells[0]] = int(cells[5])
    return tables[::-1]


def filtered(capture, clients):
    """Client -> the rows of the view with the filter that its name makes."""
    found = {}
    for start in range(0, len(clients), AT_ONCE):
        chosen = clients[start:start + AT_ONCE]
        words = [word for client in chosen for word in ("-z", f"btbb,lap,min=1,format=csv,btbb.lap == {client}")]
        found.update(zip(chosen, rows(btbbtest.tshark("-q", "-r", capture, *words).stdout), strict=True))
    return found


def endpoints(capture):
    out = btbbtest.tshark("-n", "-q", "-r", capture, "-z", "endpoints,btbb").stdout
    return {client: int(packets) for client, packets in re.findall(r"^([0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}) +(\d+) ", out, re.M)}


@pytest.mark.parametrize("name", CAPTURES)
def test_field_filter_view_and_endpoints_agree(name):
    capture = CAPTURES[name]()
    fields = column(capture, "btbb.lap")
    counted = Counter(field for field in fields if field)
    clients = sorted(counted)
    assert clients and all(re.fullmatch("(..:){2}..", client) for client in clients), "one LAP per frame"
    [listed] = rows(btbbtest.tshark("-q", "-r", capture, "-z", "btbb,lap,min=1,format=csv").stdout)
    listed.pop("unknown", None)     # packets without a LAP, which have no field
    assert listed == counted
    assert endpoints(capture) == counted
    assert filtered(capture, clients) == {client: {client: counted[client]} for client in clients}
    most = counted.most_common(1)[0][0]
    numbers = btbbtest.tshark("-r", capture, *NUMBERS, "-Y", f"btbb.lap == {most}").stdout.split()
    assert numbers == [str(number) for number, field in enumerate(fields, 1) if field == most]
