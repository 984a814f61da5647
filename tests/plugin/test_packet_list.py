"""The columns of the packet list, and the vendor names.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import btbb_encode as e

import btbbtest
from dissected import LAP, UAP, column, dm1, legacy_capture, listed, text

def test_packet_list():
    frames = [e.access_code(LAP), e.access_code(0x9E8B33), e.legacy(LAP, "POLL", uap=UAP, clk=2),
              dm1(b"\x0a\x00", 0, e.LLID_LMP),
              e.legacy(LAP, "NULL", uap=UAP, clk=3, hec_value=0), dm1(e.filler(9), 1, crc_value=1),
              e.legacy(LAP, "DH5", uap=UAP, clk=2)[:22]]
    assert listed(legacy_capture(*frames)) == [
        "10:20:30 → BTBB ID 10:20:30",
        "9e:8b:33 → BTBB ID 9e:8b:33",
        "10:20:30 Central → 10:20:30 LT_ADDR 1 BTBB POLL LT_ADDR 1, Central to Peripheral, ch 39",
        "10:20:30 LT_ADDR 1 → 10:20:30 Central BT LMP DM1 LT_ADDR 1, Peripheral to Central, ch 39 | LMP_clkoffset_req",
        "10:20:30 LT_ADDR 1 → 10:20:30 Central BTBB NULL LT_ADDR 1, Peripheral to Central, ch 39, HEC bad",
        "10:20:30 LT_ADDR 1 → 10:20:30 Central BTBB DM1 LT_ADDR 1, Peripheral to Central, ch 39, CRC bad",
        "10:20:30 Central → 10:20:30 LT_ADDR 1 BTBB DH5/3-DH5 LT_ADDR 1, Central to Peripheral, ch 39",
    ]


def test_no_vendor_is_invented():
    """The standard resolver would name 00:00:61 "GatewayC"; nothing of ours does while the NAP is not known."""
    capture = legacy_capture(e.legacy(0x4831DD, "POLL", uap=0x61))
    assert "Gateway" not in btbbtest.tshark("-r", capture, "-O", "btbb").stdout.split("Bluetooth Baseband")[1]
    assert listed(capture)[0].startswith("48:31:dd Central")
    known = legacy_capture(e.legacy(0x4831DD, "POLL", uap=0x72, nap=0x0002, meta_flags=2))
    assert column(known, "btbb.bd_addr") == ["00:02:72:48:31:dd"]
    vendors = column(known, "btbb.vendors")
    assert len(vendors) == 1 and vendors[0] != "" and "," not in vendors[0]


def test_candidate_vendors_only_with_the_preference():
    """What the details of a packet show does not depend on the filter or column that is in use."""
    capture = legacy_capture(e.legacy(0x4831DD, "POLL", uap=0x61), e.access_code(0x010203))
    wanted, gateway = ("-o", "btbb.vendors:TRUE"), ("-Y", 'btbb.vendors contains "Gateway"')
    named = re.findall(r"\[Vendor: (\S+) (.+)\]", text(capture, *wanted))
    assert len(named) > 50 and {prefix[6:8] for prefix, _ in named} == {"61"}
    assert "Vendor" not in text(capture)
    assert column(capture, "btbb.vendors") == ["", ""]
    assert listed(capture, *gateway) == [] and len(listed(capture, *wanted, *gateway)) == 1
