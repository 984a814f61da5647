"""Connections that are encrypted with E0, their clear twins, and the files of their keys.

No such capture was recorded: encryption is that of btbb_crypt.py, channels are those of the hop sequence.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import btbb_crypt
import btbb_encode as e
import encode_upper as upper
import scene_formats
from link_procedures import Link
from scenario import Device, Scene, clear_twin, made_up

# Central, Peripheral, link key. Of the third one the NAP is known to nobody but the key file.
PHONE, HEADSET = Device(0x63A1E5, 0x72, 0x0002, 0x0456789, b"Phone"), Device(0x18F07C, 0xC7, 0x0010, 0x0123457, b"Headset")
LAPTOP, MOUSE = Device(0x2D9B40, 0x5B, 0x001B, 0x2468ACE, b"Laptop"), Device(0x7788D1, 0xC7, 0x0010, 0x0777777, b"Mouse")
CAR, WATCH = Device(0x41C6F3, 0xA8, 0x001B, 0x5A5A5A4, b"Car"), Device(0x0E5D22, 0x72, 0x0002, 0x1111111, b"Watch")
TABLET, PEN = Device(0x55AA19, 0x72, 0x0002, 0x3333333, b"Tablet"), Device(0x6C0FF1, 0xC7, 0x0010, 0x4444444, b"Pen")


def key_of(*devices):
    return made_up(16, "sample link key", *sorted(device.address for device in devices))


def connect(link, is_paged=True):
    if is_paged:
        link.page()
    link.features()
    link.connect()
    link.set_afh(None)
    link.complete()


def search_service(link):
    """SDP: the answer needs several DH1 packets. One is sent twice, with another clock and so with other bytes; one of the
    second answer is missing."""
    record = upper.sequence(upper.serial_port_record(5, b"A service made up"))
    for number in (1, 2):
        link.message(link.central, "DM1", upper.l2cap(0x41, upper.sdp_request(number, upper.UUID_SERIAL_PORT)))
        answer = upper.l2cap(0x40, upper.sdp_response(number, record))
        if number == 2:
            link.message(link.peripheral, "DH1", answer, lost=(1,))
            continue
        for at in range(0, len(answer), 27):
            llid = e.LLID_CONTINUE if at else e.LLID_START
            link.packet(link.peripheral, "DH1", answer[at:at + 27], llid)
            if at == 27:
                link.packet(link.peripheral, "DH1", answer[at:at + 27], llid, again=True)


def search_service_again(link):
    """The channel is as before; the roles are not."""
    answer = upper.l2cap(0x40, upper.sdp_response(3, upper.sequence(upper.serial_port_record(5, b"Another one"))))
    link.message(link.peripheral, "DM1", upper.l2cap(0x41, upper.sdp_request(3, upper.UUID_SERIAL_PORT)))
    link.message(link.central, "2-DH1", answer)


# Kinds and the bytes of their bodies: those of one, three and five slots, with payload headers of one and two bytes and none.
KINDS = (("DM1", 17), ("DH1", 27), ("2-DH1", 40), ("3-DH1", 83), ("DM3", 60), ("DH3", 80), ("2-DH3", 100), ("3-DH3", 50),
         ("DM5", 90), ("DH5", 180), ("2-DH5", 70), ("3-DH5", 200), ("AUX1", 20), ("EV3", 30), ("2-EV3", 50))


def every_kind(link):
    """AUX1 has no CRC, so nothing can prove its decryption; EV3 has no payload header."""
    for kind, size in KINDS:
        body = upper.l2cap(0x44, bytes(0x20 + i % 64 for i in range(size - 4))) if e.KINDS[kind].header else bytes(range(size))
        for sender in (link.central, link.peripheral):
            link.packet(sender, kind, body)
    link.packet(link.central, "DM1", b"", e.LLID_CONTINUE)
    link.send(link.central, "DM1", upper.l2cap(upper.CID_CONNECTIONLESS, b"\x13\0clear: to all"), lt_addr=0)


def moves(link, count=4):
    for number in range(1, count + 1):
        link.message(link.peripheral, "DM1", upper.l2cap(0x42, upper.mouse_report(number & 1, number, -number)))


def full_key(scene):
    """16 bytes: all kinds of packets, pause and resume, a role switch, and a clear end."""
    link = Link(scene, PHONE, HEADSET, key_of(PHONE, HEADSET))
    connect(link)
    link.authenticate(link.central)
    link.authenticate(link.peripheral)
    link.encrypt(16)
    link.open_channel(link.central, 1, upper.PSM_SDP, 0x40, 0x41)
    search_service(link)
    link.pause()
    link.resume()
    every_kind(link)
    link.pause(link.peripheral)
    link.switch_roles()
    link.set_afh(frozenset(range(79)) - set(range(30, 50)))
    link.resume()
    search_service_again(link)
    link.stop()
    moves(link, 1)
    link.detach(link.central)


def shortened_key(scene):
    """7 bytes; its page is not in the file. The Peripheral verifies the Central."""
    link = Link(scene, LAPTOP, MOUSE, key_of(LAPTOP, MOUSE))
    connect(link, is_paged=False)
    link.authenticate(link.peripheral)
    link.encrypt(16, 7)
    search_service(link)
    moves(link, 8)
    link.name(link.central, MOUSE.name)
    link.detach(link.peripheral)


def one_byte(scene):
    """The key file has the encryption key of this connection, not the link key."""
    link = Link(scene, CAR, WATCH, key_of(CAR, WATCH))
    connect(link)
    link.authenticate(link.central)
    link.encrypt(16, 1)
    search_service(link)
    moves(link, 8)


def without_key(scene):
    """No key of these devices is in the key file; where the capture begins, they are encrypted already."""
    link = Link(scene, TABLET, PEN, key_of(TABLET, PEN))
    link.size = 16
    link.set_afh(None)
    scene.sent.pop()
    first = len(scene.sent)
    link.start()
    scene.sent[first:] = []
    moves(link, 5)


LINKS = (full_key, shortened_key, one_byte, without_key)


def scene():
    """All connections; the second value is the device of the first one whose controller logs."""
    new = Scene()
    for build in LINKS:
        build(new)
        new.wait(200)
    return new, PHONE


def encrypted_e0():
    return scene_formats.capture(scene()[0], "legacy")


def encrypted_e0_clear():
    return scene_formats.capture(clear_twin(scene()[0]), "legacy")


def encrypted_e0_rf():
    return scene_formats.capture(scene()[0], "255")


def encrypted_e0_rf_clear():
    return scene_formats.capture(clear_twin(scene()[0]), "255")


# --- Key files ------------------------------------------------------------------------------------------------------

def colons(device):
    return device.address.to_bytes(6, "big").hex(":")


def key_line(first, second, kind, key, comment):
    return ",".join(f'"{field}"' for field in (first, second, kind, key.hex(), comment)) + "\n"


def keys():
    """The keys of all connections but the last: addresses in either order, any device, a link key and an encryption key."""
    encryption_key = next(sent.cipher.key for sent in scene()[0].sent if sent.cipher and sent.central is CAR)
    return ("# Keys of encrypted_e0.pcapbtbb and encrypted_e0_rf.pcap; all are made up.\n" +
            key_line(colons(PHONE), colons(HEADSET), "link key", key_of(PHONE, HEADSET), "16 bytes") +
            key_line(colons(MOUSE), colons(LAPTOP), "link key", key_of(LAPTOP, MOUSE), "7 bytes") +
            key_line(colons(CAR), "*", "encryption key", encryption_key, "1 byte")).encode()


def wrong_keys():
    """A wrong key for every connection: nothing may be decrypted with them."""
    return "".join(key_line(colons(first), colons(second), "link key", made_up(16, "wrong", first.lap), "wrong")
                   for first, second in ((PHONE, HEADSET), (LAPTOP, MOUSE), (CAR, WATCH), (TABLET, PEN))).encode()


def decrypt(sent):
    """The clear payload of a packet from its encrypted one, for tests."""
    encrypted = scene_formats.air_payload(sent)
    return btbb_crypt.crypt(sent.cipher.key, sent.cipher.central.address, sent.clk & 0x3FFFFFF, encrypted)
