"""Builds messages of the protocols above baseband and LMP: L2CAP, SDP, RFCOMM, HID, AVDTP, and the data of Extended
Inquiry Responses.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

from btbb_encode import l2cap_message as l2cap

# --- L2CAP (Core Specification, Vol 3 Part A) -----------------------------------------------------------------------

CID_SIGNAL, CID_CONNECTIONLESS = 1, 2
PSM_SDP, PSM_RFCOMM, PSM_HID_CONTROL, PSM_HID_INTERRUPT, PSM_AVDTP = 0x01, 0x03, 0x11, 0x13, 0x19

# Commands of the signalling channel (4): name -> (code, parameters as struct codes); data may follow.
SIGNALS = {
    "command_reject": (1, "H"),             # reason
    "connection_request": (2, "HH"),        # PSM, source CID
    "connection_response": (3, "HHHH"),     # destination CID, source CID, result, status
    "configure_request": (4, "HH"),         # destination CID, flags; options
    "configure_response": (5, "HHH"),       # source CID, flags, result; options
    "disconnection_request": (6, "HH"),     # destination CID, source CID
    "disconnection_response": (7, "HH"),    # destination CID, source CID
    "echo_request": (8, ""),
    "echo_response": (9, ""),
    "information_request": (10, "H"),       # type
    "information_response": (11, "HH"),     # type, result; information
}


def signal(name, identifier, *values, data=b""):
    """A command of the signalling channel, by its name."""
    code, form = SIGNALS[name]
    content = struct.pack("<" + form, *values) + data
    return l2cap(CID_SIGNAL, struct.pack("<BBH", code, identifier, len(content)) + content)


def mtu(size):
    """The configuration option of that name (5.1)."""
    return struct.pack("<BBH", 1, 2, size)


# --- SDP (Vol 3 Part B) ---------------------------------------------------------------------------------------------

UUID_RFCOMM, UUID_L2CAP, UUID_HID, UUID_AVDTP = 0x0003, 0x0100, 0x1124, 0x0019
UUID_SERIAL_PORT, UUID_AUDIO_SINK = 0x1101, 0x110B
ATTRIBUTE_HANDLE, ATTRIBUTE_CLASSES, ATTRIBUTE_PROTOCOLS, ATTRIBUTE_NAME = 0x0000, 0x0001, 0x0004, 0x0100


def uint(size, value):
    """A data element (3.2): unsigned integer of 1, 2 or 4 bytes."""
    return bytes((1 << 3 | {1: 0, 2: 1, 4: 2}[size],)) + value.to_bytes(size, "big")


def uuid(value):
    return b"\x19" + value.to_bytes(2, "big")


def text(value):
    return b"\x25" + bytes((len(value),)) + value


def sequence(*elements):
    content = b"".join(elements)
    return b"\x35" + bytes((len(content),)) + content


def attributes(values):
    """The attribute list of a service record; values: {attribute: data element}."""
    return sequence(*(uint(2, attribute) + element for attribute, element in values.items()))


def serial_port_record(channel, name):
    """A service record of a serial port on an RFCOMM channel."""
    return attributes({ATTRIBUTE_HANDLE: uint(4, 0x10001), ATTRIBUTE_CLASSES: sequence(uuid(UUID_SERIAL_PORT)),
                       ATTRIBUTE_PROTOCOLS: sequence(sequence(uuid(UUID_L2CAP)),
                                                     sequence(uuid(UUID_RFCOMM), uint(1, channel))),
                       ATTRIBUTE_NAME: text(name)})


def sdp_request(transaction, service, continuation=b""):
    """ServiceSearchAttributeRequest (4.7.1) for all attributes of a service."""
    content = sequence(uuid(service)) + struct.pack(">H", 0xFFFF) + sequence(b"\x0a" + struct.pack(">HH", 0, 0xFFFF))
    content += bytes((len(continuation),)) + continuation
    return struct.pack(">BHH", 6, transaction, len(content)) + content


def sdp_response(transaction, part, continuation=b""):
    """ServiceSearchAttributeResponse (4.7.2) with all or a part of the attribute lists."""
    content = struct.pack(">H", len(part)) + part + bytes((len(continuation),)) + continuation
    return struct.pack(">BHH", 7, transaction, len(content)) + content


def sdp_error(transaction, code):
    """ErrorResponse (4.4.1)."""
    return struct.pack(">BHHH", 1, transaction, 2, code)


# --- RFCOMM (RFCOMM with TS 07.10) ----------------------------------------------------------------------------------

SABM, UA, DM, DISC, UIH = 0x3F, 0x73, 0x1F, 0x53, 0xEF     # P/F is set but in UIH
_MSC, _PN = 0xE3, 0x83                                      # multiplexer commands; bit 1: it is a command


def _fcs(data):
    """Frame check sequence (TS 07.10, 5.2.1.6): x^8 + x^2 + x + 1, reflected."""
    register = 0xFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0xE0 if register & 1 else 0)
    return 0xFF ^ register


def rfcomm(dlci, control, data=b"", from_initiator=True):
    """A frame. `from_initiator`: sent by the device that started the session, which the C/R bit shows."""
    is_command = control in (SABM, DISC, UIH)
    address = dlci << 2 | (is_command == from_initiator) << 1 | 1
    length = bytes((len(data) << 1 | 1,)) if len(data) < 128 else struct.pack("<H", len(data) << 1)
    covered = bytes((address, control)) + (b"" if control == UIH else length)
    return bytes((address, control)) + length + data + bytes((_fcs(covered),))


def parameter_negotiation(dlci, frame_size, is_command=True, credits=7):
    """The data of a UIH frame on DLCI 0: PN (TS 07.10, 5.4.6.3.1) with credit based flow control."""
    flow = 0xF0 if is_command else 0xE0
    values = struct.pack("<BBBBHBB", dlci, flow, 0, 0, frame_size, 0, credits)
    return bytes((_PN if is_command else _PN & ~2, len(values) << 1 | 1)) + values


def modem_status(dlci, is_command=True, signals=0x8D):
    """The data of a UIH frame on DLCI 0: MSC (5.4.6.3.7)."""
    return bytes((_MSC if is_command else _MSC & ~2, 2 << 1 | 1, dlci << 2 | 3, signals))


# --- HID (Human Interface Device Profile, 3.1) ----------------------------------------------------------------------

HID_SET_REPORT_PROTOCOL, HID_HANDSHAKE_SUCCESSFUL = b"\x71", b"\x00"


def hid_input(data):
    """DATA, Input; the report's identifier comes first in `data`."""
    return b"\xa1" + data


def mouse_report(buttons, x, y):
    return hid_input(struct.pack("<BBbbb", 2, buttons, x, y, 0))


def keyboard_report(modifiers, *keys):
    return hid_input(bytes((1, modifiers, 0, *keys)).ljust(9, b"\0"))


# --- AVDTP (Audio/Video Distribution Transport Protocol, 8) ---------------------------------------------------------

AVDTP = {"discover": 1, "get_capabilities": 2, "set_configuration": 3, "open": 6, "start": 7, "close": 8, "suspend": 9}
AVDTP_COMMAND, AVDTP_ACCEPT, AVDTP_REJECT = 0, 2, 3
# Service capabilities (8.21): media transport; media codec SBC, audio, all its variants.
TRANSPORT, SBC_ALL = b"\x01\x00", b"\x07\x06\x00\x00\xff\xff\x02\x35"
SBC_CHOSEN = b"\x07\x06\x00\x00\x21\x15\x02\x35"            # 44.1 kHz, joint stereo, 16 blocks, 8 subbands, loudness


def avdtp(name, label, kind=AVDTP_COMMAND, data=b""):
    """A single signalling message."""
    return bytes((label << 4 | kind, AVDTP[name])) + data


def endpoint(identifier, is_sink, in_use=False):
    """A stream end point in the answer to "discover" (8.6.2): audio."""
    return bytes((identifier << 2 | in_use << 1, is_sink << 3))


def media_packet(sequence_number, timestamp, frames):
    """RTP header and the header byte of SBC (A2DP, 4.3.4); frames: their bytes."""
    header = struct.pack(">BBHII", 0x80, 0x60, sequence_number, timestamp, 1)
    return header + bytes((len(frames),)) + b"".join(frames)


# --- Extended Inquiry Response (Vol 3 Part C, 8) --------------------------------------------------------------------

EIR_UUIDS_SOME, EIR_UUIDS, EIR_SHORT_NAME, EIR_NAME, EIR_TX_POWER, EIR_DEVICE_ID = 0x02, 0x03, 0x08, 0x09, 0x0A, 0x10


def eir(*structures, size=None):
    """Data of an EIR from (type, bytes); zeros up to `size`. A type of None stands for bytes that are taken as they are."""
    data = b"".join(value if kind is None else bytes((1 + len(value), kind)) + value for kind, value in structures)
    return data if size is None else data.ljust(size, b"\0")


def eir_uuids(*values):
    return EIR_UUIDS, struct.pack(f"<{len(values)}H", *values)
