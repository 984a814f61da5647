"""Profiles above L2CAP: a phone plays music in headphones (AVDTP) while a keyboard types (HID), in one piconet.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import encode_upper as upper
import scene_formats
from link_procedures import Link
from scenario import Device, Scene, made_up

PHONE = Device(0x46B0E2, 0x72, 0x0002, 0x0A0A0A0, b"Phone", 0x5A020C)
HEADPHONES = Device(0x20D97F, 0xC7, 0x0010, 0x0101010, b"Headphones", 0x240418)
KEYBOARD = Device(0x3E11C5, 0xC7, 0x0010, 0x0202020, b"Keyboard", 0x002540)

SIGNALLING, MEDIA = (0x40, 0x60), (0x41, 0x61)          # CIDs of the phone and of the headphones
CONTROL, INTERRUPT = (0x42, 0x70), (0x43, 0x71)         # of the phone and of the keyboard
SINK, SOURCE = 1, 2                                     # stream end points


def stream(link):
    """AVDTP: discover, configure, open, start; two media packets; suspend."""
    phone, headphones = link.central, link.peripheral
    link.open_channel(phone, 1, upper.PSM_AVDTP, *SIGNALLING)
    steps = (("discover", b"", upper.endpoint(SINK, True)), ("get_capabilities", bytes((SINK << 2,)), upper.TRANSPORT + upper.SBC_ALL),
             ("set_configuration", bytes((SINK << 2, SOURCE << 2)) + upper.TRANSPORT + upper.SBC_CHOSEN, b""),
             ("open", bytes((SINK << 2,)), b""), ("start", bytes((SINK << 2,)), b""), ("suspend", bytes((SINK << 2,)), b""))
    for label, (name, request, answer) in enumerate(steps, 1):
        if name == "start":
            link.open_channel(phone, 3, upper.PSM_AVDTP, *MEDIA)
        link.message(phone, "DH1", upper.l2cap(SIGNALLING[1], upper.avdtp(name, label, data=request)))
        link.message(headphones, "DH1", upper.l2cap(SIGNALLING[0], upper.avdtp(name, label, upper.AVDTP_ACCEPT, answer)))
        if name == "start":
            for number in (1, 2):
                frames = [b"\x9c\x21\x15" + made_up(41, "SBC", number, i) for i in range(3)]
                link.message(phone, "2-DH3", upper.l2cap(MEDIA[1], upper.media_packet(number, 384 * number, frames)))


def type_keys(link):
    """HID: the keyboard's reports, pressed and released."""
    link.message(link.central, "DM1", upper.l2cap(CONTROL[1], upper.HID_SET_REPORT_PROTOCOL), to=KEYBOARD)
    link.message(KEYBOARD, "DM1", upper.l2cap(CONTROL[0], upper.HID_HANDSHAKE_SUCCESSFUL))
    for key in (0x05, 0x17, 0x05, 0x05):
        for keys in ((key,), ()):
            link.message(KEYBOARD, "DM1", upper.l2cap(INTERRUPT[0], upper.keyboard_report(0, *keys)))


def scene():
    """The second value is the phone."""
    new = Scene()
    link = Link(new, PHONE, HEADPHONES)
    link.page()
    link.connect()
    link.complete()
    link.open_channel(link.peripheral, 5, upper.PSM_SDP, 0x64, 0x44)
    search = upper.sdp_request(1, 0x110A)
    link.message(link.peripheral, "DH1", upper.l2cap(0x44, search))
    link.message(link.central, "DH1", upper.l2cap(0x64, upper.sdp_response(1, upper.sequence())))
    link.message(link.peripheral, "DH1", upper.l2cap(0x44, upper.sdp_request(2, 0x110A, b"\xff\xff")))
    link.message(link.central, "DH1", upper.l2cap(0x64, upper.sdp_error(2, 5)))
    link.close_channel(link.peripheral, 7, 0x64, 0x44)
    link.peripherals.append(KEYBOARD)
    link.open_channel(KEYBOARD, 1, upper.PSM_HID_CONTROL, *reversed(CONTROL))
    link.open_channel(KEYBOARD, 3, upper.PSM_HID_INTERRUPT, *reversed(INTERRUPT))
    stream(link)
    type_keys(link)
    return new, PHONE


def profiles():
    return scene_formats.capture(scene()[0], "legacy")
