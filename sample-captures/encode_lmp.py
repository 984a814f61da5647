"""Builds PDUs of the Link Manager Protocol by their names.

The table is written after the Core Specification, Vol 2 Part C, section 4 and table 5.1, without the C code that the
samples serve to test.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct
from collections import namedtuple

ESCAPE = 127            # opcode of PDUs that have a second one
BYTES = 17              # the longest PDU, opcode included

# Error codes (Vol 1 Part F, 1.3) that PDUs of samples carry.
AUTHENTICATION_FAILURE, KEY_MISSING, USER_ENDED, LOW_RESOURCES, POWER_OFF = 0x05, 0x06, 0x13, 0x14, 0x15
PAIRING_NOT_ALLOWED, UNSUPPORTED_PARAMETER, UNSUPPORTED_FEATURE, TRANSACTION_COLLISION = 0x18, 0x20, 0x1A, 0x23
KEY_CANNOT_BE_CHANGED, INSUFFICIENT_SECURITY = 0x26, 0x2F

# Code: the opcode, or ESCAPE << 8 | extended opcode. Parameters: "name:code" of the struct module, little-endian.
Pdu = namedtuple("Pdu", "code parameters")


def _pdu(code, parameters=""):
    return Pdu(code, tuple(tuple(parameter.split(":")) for parameter in parameters.split()))


def _extended(opcode, parameters=""):
    return _pdu(ESCAPE << 8 | opcode, parameters)


# Names are those of the specification without "LMP_".
PDUS = {
    "name_req": _pdu(1, "offset:B"),
    "name_res": _pdu(2, "offset:B length:B fragment:14s"),
    "accepted": _pdu(3, "opcode:B"),
    "not_accepted": _pdu(4, "opcode:B error:B"),
    "clkoffset_req": _pdu(5),
    "clkoffset_res": _pdu(6, "offset:H"),
    "detach": _pdu(7, "error:B"),
    "in_rand": _pdu(8, "random:16s"),
    "comb_key": _pdu(9, "random:16s"),
    "unit_key": _pdu(10, "key:16s"),
    "au_rand": _pdu(11, "random:16s"),
    "sres": _pdu(12, "response:4s"),
    "temp_rand": _pdu(13, "random:16s"),
    "temp_key": _pdu(14, "key:16s"),
    "encryption_mode_req": _pdu(15, "mode:B"),
    "encryption_key_size_req": _pdu(16, "size:B"),
    "start_encryption_req": _pdu(17, "random:16s"),
    "stop_encryption_req": _pdu(18),
    "switch_req": _pdu(19, "instant:I"),
    "hold": _pdu(20, "time:H instant:I"),
    "hold_req": _pdu(21, "time:H instant:I"),
    "sniff_req": _pdu(23, "flags:B offset:H interval:H attempt:H timeout:H"),
    "unsniff_req": _pdu(24),
    "incr_power_req": _pdu(31, "reserved:B"),
    "decr_power_req": _pdu(32, "reserved:B"),
    "max_power": _pdu(33),
    "min_power": _pdu(34),
    "auto_rate": _pdu(35),
    "preferred_rate": _pdu(36, "rate:B"),
    "version_req": _pdu(37, "version:B company:H subversion:H"),
    "version_res": _pdu(38, "version:B company:H subversion:H"),
    "features_req": _pdu(39, "features:Q"),
    "features_res": _pdu(40, "features:Q"),
    "quality_of_service": _pdu(41, "poll_interval:H repetitions:B"),
    "quality_of_service_req": _pdu(42, "poll_interval:H repetitions:B"),
    "SCO_link_req": _pdu(43, "handle:B flags:B offset:B interval:B packet:B air_mode:B"),
    "remove_SCO_link_req": _pdu(44, "handle:B error:B"),
    "max_slot": _pdu(45, "slots:B"),
    "max_slot_req": _pdu(46, "slots:B"),
    "timing_accuracy_req": _pdu(47),
    "timing_accuracy_res": _pdu(48, "drift:B jitter:B"),
    "setup_complete": _pdu(49),
    "use_semi_permanent_key": _pdu(50),
    "host_connection_req": _pdu(51),
    "slot_offset": _pdu(52, "offset:H address:6s"),
    "page_mode_req": _pdu(53, "scheme:B settings:B"),
    "page_scan_mode_req": _pdu(54, "scheme:B settings:B"),
    "supervision_timeout": _pdu(55, "slots:H"),
    "test_activate": _pdu(56),
    "test_control": _pdu(57, "scenario:B hopping:B tx:B rx:B power:B poll_period:B packet:B length:H"),
    "encryption_key_size_mask_req": _pdu(58),
    "encryption_key_size_mask_res": _pdu(59, "mask:H"),
    "set_AFH": _pdu(60, "instant:I mode:B map:10s"),
    "encapsulated_header": _pdu(61, "major:B minor:B length:B"),
    "encapsulated_payload": _pdu(62, "data:16s"),
    "simple_pairing_confirm": _pdu(63, "commitment:16s"),
    "simple_pairing_number": _pdu(64, "nonce:16s"),
    "DHkey_check": _pdu(65, "check:16s"),
    "pause_encryption_aes_req": _pdu(66, "random:16s"),
    "accepted_ext": _extended(1, "escape:B opcode:B"),
    "not_accepted_ext": _extended(2, "escape:B opcode:B error:B"),
    "features_req_ext": _extended(3, "page:B last_page:B features:Q"),
    "features_res_ext": _extended(4, "page:B last_page:B features:Q"),
    "clk_adj": _extended(5, "id:B instant:I us:H slots:B mode:B clock:I"),
    "clk_adj_ack": _extended(6, "id:B"),
    "clk_adj_req": _extended(7, "us:H slots:B period:B"),
    "packet_type_table_req": _extended(11, "table:B"),
    "eSCO_link_req": _extended(12, "handle:B lt_addr:B flags:B offset:B interval:B window:B to_peripheral:B "
                                   "to_central:B length_to_peripheral:H length_to_central:H air_mode:B state:B"),
    "remove_eSCO_link_req": _extended(13, "handle:B error:B"),
    "channel_classification_req": _extended(16, "mode:B shortest:H longest:H"),
    "channel_classification": _extended(17, "map:10s"),
    "sniff_subrating_req": _extended(21, "subrate:B timeout:H instant:I"),
    "sniff_subrating_res": _extended(22, "subrate:B timeout:H instant:I"),
    "pause_encryption_req": _extended(23),
    "resume_encryption_req": _extended(24),
    "IO_capability_req": _extended(25, "io:B oob:B authentication:B"),
    "IO_capability_res": _extended(26, "io:B oob:B authentication:B"),
    "numeric_comparison_failed": _extended(27),
    "passkey_failed": _extended(28),
    "oob_failed": _extended(29),
    "keypress_notification": _extended(30, "type:B"),
    "power_control_req": _extended(31, "adjustment:B"),
    "power_control_res": _extended(32, "adjustment:B"),
    "ping_req": _extended(33),
    "ping_res": _extended(34),
    "SAM_set_type0": _extended(35, "parameters:15s"),
    "SAM_define_map": _extended(36, "parameters:15s"),
    "SAM_switch": _extended(37, "parameters:7s"),
}


def opcodes(name):
    """(opcode, extended opcode or None) of a PDU."""
    code = PDUS[name].code
    return (ESCAPE, code & 0xFF) if code >> 8 else (code, None)


def raw(tid, opcode, parameters=b"", extended=None):
    """A PDU of any opcode (2.3). TID: 0 when the Central started the transaction, 1 when the Peripheral did."""
    return bytes((tid | opcode << 1,)) + (b"" if extended is None else bytes((extended,))) + parameters


def pdu(name, tid, *values):
    """A PDU by its name; `values` in the order of its parameters, bytes are filled up with zeros."""
    parameters = PDUS[name].parameters
    if len(values) != len(parameters):
        raise ValueError(f"LMP_{name}: parameters are {', '.join(p for p, _ in parameters) or 'none'}")
    opcode, extended = opcodes(name)
    packed = struct.pack("<" + "".join(form for _, form in parameters), *values)
    return raw(tid, opcode, packed, extended)


def size(name):
    """Bytes of a PDU, opcode included."""
    return len(pdu(name, 0, *(b"" if form.endswith("s") else 0 for _, form in PDUS[name].parameters)))


def accept(name, tid):
    """LMP_accepted, or LMP_accepted_ext, for a PDU of that name."""
    opcode, extended = opcodes(name)
    return pdu("accepted", tid, opcode) if extended is None else pdu("accepted_ext", tid, opcode, extended)


def refuse(name, tid, error):
    """LMP_not_accepted, or LMP_not_accepted_ext."""
    opcode, extended = opcodes(name)
    if extended is None:
        return pdu("not_accepted", tid, opcode, error)
    return pdu("not_accepted_ext", tid, opcode, extended, error)


def name_of(data):
    """The name of a PDU by its opcodes; None when the specification has none."""
    opcode = data[0] >> 1
    code = opcode << 8 | data[1] if opcode == ESCAPE and len(data) > 1 else opcode
    return next((name for name, entry in PDUS.items() if entry.code == code), None)


def name_fragments(name, tid, length=None):
    """LMP_name_res for each fragment of a name (4.3.5). `length`: the length that they announce."""
    announced = len(name) if length is None else length
    return [pdu("name_res", tid, at, announced, name[at:at + 14]) for at in range(0, max(len(name), 1), 14)]
