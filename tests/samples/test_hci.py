"""The encoder of controllers' logs against real captures (where they are at hand) and Wireshark's own dissectors.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import btbb_encode as e
import capture_rows
import encode_hci as hci
import encode_lmp as lmp
import encode_upper as upper
import pytest

import btbbtest

STOCK = {"WIRESHARK_PLUGIN_DIR": str(btbbtest.no_plugins())}


def stock_fields(path, *names):
    """Fields that Wireshark's own dissectors find, a list of values for each frame."""
    wanted = [word for name in names for word in ("-e", name)]
    lines = btbbtest.run("tshark", "-r", path, "-T", "fields", "-E", "separator=;", *wanted, env=STOCK).stdout.splitlines()
    return [line.split(";") for line in lines]


def real_records(name, kind):
    """(direction, content) of the records of one H4 type in a real capture."""
    frames = [frame for link, _, frame in capture_rows.frames(btbbtest.shared(f"captures/{name}").read_bytes())
              if link == hci.LINKTYPE_HCI_H4_PHDR and frame[4] == kind]
    return [(struct.unpack_from(">I", frame)[0], frame[5:]) for frame in frames]


# --- ESP32 ----------------------------------------------------------------------------------------------------------

def esp32_again(direction, content):
    """A record built anew from its fields."""
    clk, channel, flags, low, high = struct.unpack_from("<IBBBB", content)
    code, body = low >> 3 & 15, content[8:]
    header = {"flow": low >> 7, "arqn": high & 1, "seqn": high >> 1}
    if code == e.KINDS["FHS"].code:
        return hci.esp32(direction, "FHS", body, clk, channel, flags, low & 7, **header)
    start, = struct.unpack_from("<H", body)
    payload = hci.esp32_payload(code, body[2:], start & 3, start >> 2 & 1)
    return hci.esp32(direction, code, payload, clk, channel, flags, low & 7, **header)


def test_esp32_records_are_those_of_a_real_capture():
    records = real_records("esp32-sniffer.pcap", hci.H4_ESP32)
    assert len(records) == 114
    assert [esp32_again(*record)[5:] for record in records] == [content for _, content in records]
    assert sum(content[6] >> 3 & 15 == 2 for _, content in records) == 3


def test_fhs_is_that_of_a_real_capture():
    """Its parity bits too. The third FHS of the file is damaged."""
    bodies = [content[8:] for _, content in real_records("esp32-sniffer.pcap", hci.H4_ESP32) if content[6] >> 3 & 15 == 2]
    for raw in bodies[:2]:
        low, uap, nap = struct.unpack_from("<QBH", raw)
        high, = struct.unpack_from("<I", raw, 14)
        assert raw == e.fhs_body(low >> 34 & 0xFFFFFF, uap, nap, int.from_bytes(raw[11:14], "little"), high & 7,
                                 high >> 3 & 0x3FFFFFF, eir=bool(low >> 58 & 1))


@pytest.mark.parametrize("kind, payload", [("DM1", "4a00"), ("3-DH5", "4a00"), ("AUX1", "4a00"), ("NULL", ""), ("FHS", "")])
def test_esp32_payload_headers(kind, payload):
    body = b"nine byte" if payload else b""
    assert hci.esp32_payload(kind, body, llid=2, flow=0) == bytes.fromhex(payload) + body


def test_esp32_record_byte_for_byte():
    record = hci.esp32(hci.RECEIVED, "DM1", hci.esp32_payload("DM1", b"\x66", e.LLID_LMP), 0x4CA4, 2,
                       hci.ESP32_PERIPHERAL, 1, flow=1, arqn=1)
    assert record.hex(" ") == "00 00 00 01 09 a4 4c 00 00 02 02 99 01 0f 00 66"


# --- Broadcom -------------------------------------------------------------------------------------------------------

def test_broadcom_records_are_those_of_a_real_capture():
    """Up to the connection index, after which stale memory follows; also the direction word of the link type."""
    checked = 0
    for direction, content in real_records("bluffs-lsc-pixelbuds.pcapng", hci.H4_BROADCOM):
        if len(content) != hci.BROADCOM_BYTES or content[0] > 1:
            continue
        way, clock, peer = struct.unpack_from(">BII", content)
        pdu = content[10:10 + content[29]] if way == hci.SENT else content[13:30]
        again = hci.broadcom_lmp(way, pdu, peer, content[31], clock)
        same = slice(0, 10 + content[29]) if way == hci.SENT else slice(0, 9)
        assert direction == hci.SENT and again[same] == content[same] and again[29:32] == content[29:32], content.hex()
        assert len(again) == hci.BROADCOM_BYTES
        assert way == hci.SENT or (again[12:30] == content[12:30] and again[30] == content[30])
        checked += 1
    assert checked == 387


def test_broadcom_record_byte_for_byte():
    sent = hci.broadcom_lmp(hci.SENT, lmp.pdu("detach", 0, 0x13), 0xC712345, index=2)
    assert sent[:32].hex() == "00" + "00000000" + "0c712345" + "13" + "0e13" + "00" * 17 + "02" + "01" + "02"
    received = hci.broadcom_lmp(hci.RECEIVED, lmp.pdu("detach", 0, 0x13), 0xC712345, 1, 0x8F)
    assert received[:32].hex() == "01" + "0000008f" + "0c712345" + "0000008f" + "0e13" + "00" * 15 + "00" + "01"
    assert len(sent) == len(received) == len(hci.broadcom(0x80, b"LE")) == 63


# --- What Wireshark shows -------------------------------------------------------------------------------------------

def test_hci_is_what_wireshark_reads(capture):
    frames = [hci.h4(hci.SENT, hci.H4_COMMAND, hci.hci_command(0x0C03)),
              hci.h4(hci.RECEIVED, hci.H4_EVENT, hci.hci_event(0x0E, b"\1\3\x0c\0")),
              hci.h4(hci.RECEIVED, hci.H4_ACL, hci.hci_acl(11, upper.signal("echo_request", 3, data=b"x"))),
              hci.h4(hci.SENT, hci.H4_BROADCOM, hci.broadcom(0x16)), hci.h4(hci.RECEIVED, hci.H4_ESP32, b"")]
    rows = stock_fields(capture(e.pcap(e.stamped(frames), hci.LINKTYPE_HCI_H4_PHDR)), "hci_h4.type", "hci_h4.direction",
                        "bthci_cmd.opcode", "bthci_evt.opcode", "bthci_acl.chandle", "btl2cap.cmd_code", "_ws.malformed")
    assert rows == [["0x01", "0x00", "0x0c03", "", "", "", ""], ["0x04", "0x01", "", "0x0c03", "", "", ""],
                    ["0x02", "0x01", "", "", "0x000b", "0x08", ""], ["0x07", "0x00", "", "", "", "", ""],
                    ["0x09", "0x01", "", "", "", "", ""]]


def test_monitor_is_what_wireshark_reads(capture):
    octets = bytes.fromhex("0605040302 01")
    frames = [hci.monitor(hci.MONITOR_NEW_INDEX, b"\0\3" + octets + b"hci7\0\0\0\0", 7),
              hci.monitor(hci.MONITOR_COMMAND, hci.hci_command(0x0C03)), hci.monitor(hci.MONITOR_DIAGNOSTIC, b"\0" * 63)]
    rows = stock_fields(capture(e.pcap(e.stamped(frames), hci.LINKTYPE_LINUX_MONITOR)), "hci_mon.adapter_id", "hci_mon.opcode",
                        "hci_mon.bd_addr", "bthci_cmd.opcode", "_ws.malformed")
    assert rows == [["7", "0", "01:02:03:04:05:06", "", ""], ["0", "2", "", "0x0c03", ""], ["0", "11", "", "", ""]]


def test_packetlogger_is_what_wireshark_reads(capture):
    records = [(1_600_000_000_123_456_000, hci.LOGGER_COMMAND, hci.hci_command(0x0C03)),
               (1_600_000_001_000_001_000, hci.LOGGER_LMP_SENT, lmp.pdu("detach", 0, 0x13)),
               (1_600_000_002_000_000_000, hci.LOGGER_LMP_RECEIVED, lmp.pdu("setup_complete", 1))]
    data = hci.packetlogger(records)
    rows = stock_fields(capture(data, "test.pklg"), "frame.time_epoch", "packetlogger.type", "data.data", "bthci_cmd.opcode")
    assert rows == [["1600000000.123456000", "0x00", "", "0x0c03"], ["1600000001.000001000", "0x0a", "0e13", ""],
                    ["1600000002.000000000", "0x0b", "63", ""]]
    assert list(hci.packetlogger_records(data)) == records and list(hci.packetlogger_records(data[:-1])) == records[:2]


def test_carriers_are_what_wireshark_reads(capture):
    frame, source = e.ethernet(bytes(6), b"content", b"\1\2\3\4\5\6"), e.ethernet(b"\6\5\4\3\2\1", b"content")
    ppi = [e.ppi(e.LINKTYPE_ETHERNET, frame), e.ppi(e.LINKTYPE_BREDR_BB, e.rf_record(0x102030), ((5, b"12345678"), (5, b"")))]
    for frames, linktype, names, values in (
            (ppi, e.LINKTYPE_PPI, ("ppi.length", "ppi.dlt", "eth.type", "btbredr_rf.lower_address_part"),
             [["8", "1", "0xfff0", ""], ["24", "255", "", "0x00102030"]]),
            ([e.cooked(frame)], e.LINKTYPE_LINUX_SLL, ("sll.src.eth", "sll.etype", "data.data"),
             [["00:00:00:00:00:00", "0xfff0", b"content".hex()]]),
            ([e.cooked2(source, 5)], e.LINKTYPE_LINUX_SLL2, ("sll.src.eth", "sll.etype", "sll.ifindex", "data.data"),
             [["06:05:04:03:02:01", "0xfff0", "5", b"content".hex()]])):
        assert stock_fields(capture(e.pcap(e.stamped(frames), linktype)), *names) == values
