"""The LMP encoder against the C table and against Wireshark's own dissector, without the plugins.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import btbb_encode as e
import encode_lmp as lmp
import pytest

import btbbtest

STOCK = {"WIRESHARK_PLUGIN_DIR": str(btbbtest.no_plugins())}
# LINKTYPE 255, all checks passed and payload decrypted: then Wireshark gives LMP to its dissector.
CHECKED = e.RF_DEWHITENED | e.RF_SIGNAL | e.RF_REF_LAP | e.RF_REF_UAP | e.RF_PAYLOAD | e.RF_DECRYPTED | e.RF_HEC_CHECKED | \
    e.RF_HEC_PASSED | e.RF_CRC_CHECKED | e.RF_CRC_PASSED


def example(name, tid=0):
    """A PDU with different bytes in its parameters."""
    return lmp.pdu(name, tid, *(bytes(range(1, 1 + int(form[:-1]))) if form.endswith("s") else {"B": 1, "H": 0x201, "I": 0x4030201,
                                "Q": 0x807060504030201}[form] for _, form in lmp.PDUS[name].parameters))


def c_table():
    """{name: (code, bytes)} of the rows in core/decode/lmp.c, without PDUs that the specification has removed."""
    header = (btbbtest.REPO / "core" / "decode" / "lmp.h").read_text(encoding="utf-8")
    codes = {name: int(number) | (lmp.ESCAPE << 8 if escaped else 0) for name, escaped, number in
             re.findall(r"BTBB_LMP_(\w+) = (BTBB_LMP_ESCAPED \| )?(\d+)", header)}
    table = (btbbtest.REPO / "core" / "decode" / "lmp.c").read_text(encoding="utf-8")
    rows = re.findall(r'^ +(?:START|ANSWER|WITHIN)\(\s*(\w+),\s*"(\w+)",\s*(\d+),', table, re.M)
    return {name: (codes[code], int(size)) for code, name, size in rows}


def stock_capture(capture, pdus):
    records = [e.rf(0x102030, "DM1", 0x47, pdu, flags=CHECKED, payload_options={"llid": e.LLID_LMP}) for pdu in pdus]
    return capture(e.pcap(e.stamped(records), e.LINKTYPE_BREDR_BB))


def stock_fields(capture, pdus, *names):
    """Fields that Wireshark's own dissector finds in PDUs."""
    path = stock_capture(capture, pdus)
    wanted = [word for name in names for word in ("-e", name)]
    lines = btbbtest.run("tshark", "-r", path, "-T", "fields", "-E", "separator=;", *wanted, env=STOCK).stdout.splitlines()
    return [dict(zip(names, line.split(";"))) for line in lines]


def number(text):
    """A number as tshark prints it in any base; an address stays as it is."""
    return text if ":" in text else int(text, 0)


def test_codes_and_lengths_are_those_of_the_c_table():
    assert {name: (entry.code, lmp.size(name)) for name, entry in lmp.PDUS.items()} == c_table()
    assert len(lmp.PDUS) == 88 and max(map(lmp.size, lmp.PDUS)) == lmp.BYTES


def test_wireshark_names_every_pdu(capture):
    """The first opcode, or the second one after an escape; Wireshark writes some names with other capitals."""
    path = stock_capture(capture, [example(name, i % 2) for i, name in enumerate(lmp.PDUS)])
    text = btbbtest.run("tshark", "-r", path, "-V", "-O", "btlmp", env=STOCK).stdout
    frames = re.split(r"^Frame \d+: ", text, flags=re.M)[1:]
    assert len(frames) == len(lmp.PDUS) and "Malformed" not in text
    for i, (name, frame) in enumerate(zip(lmp.PDUS, frames)):
        escaped = lmp.opcodes(name)[1] is not None
        shown = re.search((r"Escape 4 " if escaped else r"= ") + r"Opcode: LMP_(\w+)", frame)[1]
        assert shown.lower() == name.lower()
        assert re.search(rf"^ *\.\.\.\. \.\.\.{i % 2} = TID: ", frame, re.M), frame


def test_parameters_are_where_wireshark_looks(capture):
    pdus = [lmp.pdu("version_req", 0, 12, 15, 0x220E), lmp.pdu("not_accepted", 1, 16, 0x20), lmp.pdu("detach", 0, 0x13),
            lmp.pdu("encryption_key_size_req", 0, 7), lmp.pdu("slot_offset", 1, 901, bytes.fromhex("68c719e8d4e0")),
            lmp.pdu("features_res_ext", 0, 1, 2, 0x0B)]
    rows = stock_fields(capture, pdus, "btlmp.version.versnr", "btlmp.version.CompId", "btlmp.version.SubVersNr", "btlmp.errorcode",
                        "btlmp.encryptionkeysize", "btlmp.slotoffset", "btlmp.bd_addr", "btlmp.feature.features_page",
                        "btlmp.feature.max_supported_page")
    # The address is shown as it is sent.
    values = [{name: value for name, value in row.items() if value} for row in rows]
    assert [list(map(number, row.values())) for row in values] == [
        [12, 15, 0x220E], [0x20], [0x13], [7], [901, "68:c7:19:e8:d4:e0"], [1, 2]]


@pytest.mark.parametrize("name, data", [("encryption_key_size_req", "0610"), ("IO_capability_req", "fe017f19"),
                                        ("start_encryption_req", "0611")])
def test_answers_name_what_they_answer(name, data):
    assert lmp.accept(name, 0).hex() == data
    assert lmp.refuse(name, 1, 0x20).hex() == {"06": "09", "fe": "ff02"}[data[:2]] + data[2 if data[:2] == "06" else 4:] + "20"


def test_names_are_cut_into_fragments():
    name = b"A name of 30 bytes for a test."
    fragments = lmp.name_fragments(name, 1)
    assert [len(f) for f in fragments] == [17] * 3 and [f[1] for f in fragments] == [0, 14, 28]
    assert {f[2] for f in fragments} == {30} and b"".join(f[3:] for f in fragments) == name.ljust(42, b"\0")


def test_every_pdu_is_recognised():
    assert [lmp.name_of(example(name)) for name in lmp.PDUS] == list(lmp.PDUS)
    assert lmp.name_of(lmp.raw(0, 99)) is None


@pytest.mark.parametrize("values", [(), (1, 2)])
def test_wrong_parameters_are_refused(values):
    with pytest.raises(ValueError, match="LMP_detach: parameters are error"):
        lmp.pdu("detach", 0, *values)
