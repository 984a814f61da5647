"""`btbb keys`: link keys in captures of HCI and in folders of BlueZ, as a key file.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import pytest

import btbbtest
from companion import btbb

OWN, PHONE, WATCH = "00:1b:dc:0f:40:b8", "0c:c4:13:f7:67:95", "00:02:72:0e:5d:22"
KEY, OTHER = "75fc7a5988b3529473858a10f947156a", "000102030405060708090a0b0c0d0e0f"
COMMAND, EVENT = 1, 4


def octets(address):
    return bytes.fromhex(address.replace(":", ""))[::-1]


def command(opcode, data):
    return COMMAND, struct.pack("<HB", opcode, len(data)) + data


def event(code, data):
    return EVENT, bytes((code, len(data))) + data


def pair(address, key):
    return octets(address) + bytes.fromhex(key)


READ_BD_ADDR = event(0x0e, b"\x01" + struct.pack("<H", 0x1009) + b"\0" + octets(OWN))
PACKETS = (
    event(0x18, pair(PHONE, KEY) + b"\x04"),                            # before the own address is known
    READ_BD_ADDR,
    command(0x040b, pair(PHONE, KEY)),
    command(0x0c11, b"\x02" + pair(PHONE, KEY) + pair(WATCH, OTHER)),   # the first one was listed
    event(0x15, b"\x02" + pair(PHONE, "00" * 16) + pair(WATCH, OTHER)), # zero: the controller hides it
    event(0x18, pair(WATCH, KEY) + b"\x08"),
    event(0x18, pair(WATCH, KEY)[:-1]),                                 # cut
    event(0x0e, b"\x01" + struct.pack("<H", 0x1009) + b"\x0c" + octets(WATCH)),     # failed
    (2, pair(PHONE, OTHER)),                                            # data
)


def line(first, second, key, comment):
    return f'"{first}","{second}","link key","{key}","{comment}"\n'


def expected(name, numbers=(1, 3, 4, 6)):
    first, reply, stored, last = numbers
    return (line("*", PHONE, KEY, f"{name}, frame {first}: Link Key Notification") +
            line(OWN, PHONE, KEY, f"{name}, frame {reply}: Link Key Request Reply") +
            line(OWN, WATCH, OTHER, f"{name}, frame {stored}: Write Stored Link Key") +
            line(OWN, WATCH, KEY, f"{name}, frame {last}: Link Key Notification, Secure Connections: such links may use "
                                  "AES-CCM, which is not supported"))


def pcap(linktype, frames):
    records = b"".join(struct.pack("<IIII", i, 0, len(frame), len(frame)) + frame for i, frame in enumerate(frames))
    return struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, linktype) + records


def btsnoop(kind, frames):
    records = b"".join(struct.pack(">IIIIq", len(frame), len(frame), flags, 0, 0x00dcddb30f2f8000 + i) + frame
                       for i, (flags, frame) in enumerate(frames))
    return b"btsnoop\0" + struct.pack(">II", 1, kind) + records


def packetlogger(frames):
    """Apple's: length of what follows, seconds, microseconds, type."""
    return b"".join(struct.pack(">III", 8 + len(frame), 1_600_000_000 + i, 0) + frame for i, frame in enumerate(frames))


def h4(packets):
    return [bytes((kind,)) + data for kind, data in packets]


MONITOR = {COMMAND: 2, EVENT: 3, 2: 4}
FORMATS = {
    "h4.pcap": pcap(187, h4(PACKETS)),
    "direction.pcap": pcap(201, [struct.pack(">I", i % 2) + frame for i, frame in enumerate(h4(PACKETS))]),
    "monitor.pcap": pcap(254, [struct.pack(">HH", 3, MONITOR[kind]) + data for kind, data in PACKETS]),
    "android.log": btsnoop(1002, [(0, frame) for frame in h4(PACKETS)]),
    "apple.pklg": packetlogger([bytes(({COMMAND: 0, EVENT: 1, 2: 2}[kind],)) + data for kind, data in PACKETS]),
    "btmon.log": btsnoop(2001, [(3 << 16 | MONITOR[kind], data) for kind, data in PACKETS]),
    "bare.log": btsnoop(1001, [({COMMAND: 2, EVENT: 3, 2: 0}[kind], data) for kind, data in PACKETS]),
}


@pytest.fixture(scope="module")
def folder():
    path = btbbtest.tmpdir()
    for name, data in FORMATS.items():
        (path / name).write_bytes(data)
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_every_format(folder, name):
    done = btbb("keys", folder / name)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", expected(name))


def test_several_captures(folder):
    """Each key once, and the packet logger and the monitor after each other."""
    done = btbb("keys", folder / "apple.pklg", folder / "btmon.log", folder / "h4.pcap")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", expected("apple.pklg"))


def test_the_monitor_names_its_adapter(folder):
    new_index = b"\0\x01" + octets(OWN) + b"hci1\0\0\0\0"
    frames = [struct.pack(">HH", 1, 0) + new_index] + [struct.pack(">HH", index, 3) + event(0x18, pair(PHONE, KEY) + b"\x04")[1]
                                                       for index in (1, 2, 0xffff)]
    (folder / "two.pcap").write_bytes(pcap(254, frames))
    assert btbb("keys", folder / "two.pcap").stdout == (
        line(OWN, PHONE, KEY, "two.pcap, frame 2: Link Key Notification") +
        line("*", PHONE, KEY, "two.pcap, frame 3: Link Key Notification"))


def test_bluez(folder):
    """A folder as BlueZ has it, one of its files, and a faulty one."""
    for device, text in ((PHONE, f"[General]\nName=x\n[LinkKey]\nKey={KEY.upper()}\nType=4\nPINLength=0\n"), (WATCH, "[General]\n")):
        info = folder / "bluetooth" / OWN.upper() / device.upper() / "info"
        info.parent.mkdir(parents=True)
        info.write_text(text)
    key = line(OWN, PHONE, KEY, "BlueZ")
    assert btbb("keys", folder / "bluetooth").stdout == key
    assert btbb("keys", folder / "bluetooth" / OWN.upper() / PHONE.upper() / "info").stdout == key
    other = btbb("keys", folder / "bluetooth" / OWN.upper() / WATCH.upper() / "info")
    assert (other.returncode, other.stdout) == (0, "") and other.stderr.endswith("info: no link key found\n")
    info.write_text("[LinkKey]\nKey=12\n")
    faulty = btbb("keys", folder / "bluetooth", check=False)
    assert (faulty.returncode, faulty.stdout) == (2, key)
    assert faulty.stderr.endswith("info: line 2: Key must be 32 hexadecimal digits\n")


def test_messages(folder):
    nothing = btbb("keys", btbbtest.sample("lmp.pcapbtbb"))
    assert (nothing.returncode, nothing.stdout) == (0, "") and nothing.stderr.endswith("lmp.pcapbtbb: no link key found\n")
    for arguments, message in ((("keys",), "keys needs captures"), (("keys", "-m", "2", "x"), "keys has no options")):
        done = btbb(*arguments, check=False)
        assert done.returncode == 1 and message in done.stderr
    missing = btbb("keys", folder / "missing.pcap", check=False)
    assert missing.returncode == 2 and "missing.pcap: " in missing.stderr
    (folder / "cut.pcap").write_bytes(FORMATS["h4.pcap"][:-3])
    cut = btbb("keys", folder / "cut.pcap", check=False)
    assert (cut.returncode, cut.stdout) == (2, expected("cut.pcap"))


def test_a_real_capture():
    """The host's own address is not in it."""
    capture = btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng")
    assert btbb("keys", capture).stdout == line("*", PHONE, KEY, "bluffs-lsc-pixelbuds.pcapng, frame 187: Link Key Notification")
