"""Samples of links as they are set up and used: paging, LMP, L2CAP.

All addresses are made up. SDP: Core Specification, Vol 3 Part B, section 4. The channels do not hop; links that do are those of
scenario.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import btbb_encode as e
from encode_lmp import UNSUPPORTED_PARAMETER, USER_ENDED, pdu
from encode_upper import PSM_HID_CONTROL, PSM_HID_INTERRUPT, PSM_SDP, mtu, signal

START = 1_600_000_000 * e.NS
SLOT = 625_000
CENTRAL, PERIPHERAL = 0, 1      # sender, as CLK1 shows it (2.2.5)


class Link:
    """Packets of one piconet in file order; each goes into the next slot of its sender, SEQN follows the rules (7.6.2)."""

    def __init__(self, lap, uap, nap, start=START, clock=0x1000000):
        self.lap, self.uap, self.nap, self.start, self.clock = lap, uap, nap, start, clock
        self.slot = 0
        self.seqn = {}
        self.packets = []

    def advance(self, sender, skip=0):
        self.slot += 1 + skip
        self.slot += (self.slot + self.clock & 1) != sender
        return self.clock + self.slot

    def send(self, sender, kind, body=b"", llid=e.LLID_START, lt_addr=1, again=False, lost=False):
        """`again`: a retransmission, SEQN stays. `lost`: it was sent, but is not in the file."""
        clk = self.advance(sender)
        has_crc = e.KINDS[kind].crc
        key = (sender, lt_addr)
        if has_crc and not again:
            self.seqn[key] = 1 - self.seqn.get(key, 0)
        frame = e.legacy(self.lap, kind, uap=self.uap, nap=self.nap, body=body, llid=llid, lt_addr=lt_addr,
                         clk=clk & 0x7FFFFFF, meta_flags=3 if self.nap else 1, arqn=1 if has_crc else 0,
                         seqn=self.seqn.get(key, 0) if has_crc else 0, channel=self.slot * 7 % 79)
        if not lost:
            self.packets.append(e.Packet(self.start + self.slot * SLOT, frame))

    def fragments(self, sender, kind, message, lt_addr=1, lost=()):
        """An L2CAP message in as many packets of a kind as it needs; `lost`: numbers of those not in the file."""
        size = e.KINDS[kind].body_max
        for number, at in enumerate(range(0, len(message), size)):
            self.send(sender, kind, message[at:at + size], e.LLID_CONTINUE if at else e.LLID_START, lt_addr,
                      lost=number in lost)
            self.send(1 - sender, "NULL", lt_addr=lt_addr)


# --- LMP ------------------------------------------------------------------------------------------------------------

FEATURES = 0x875BFFDBFE8FFEFF

# (sender, TID, PDU, parameters): a link is made, secured, used and closed.
LMP_EXCHANGE = (
    (CENTRAL, 0, "features_req", FEATURES),
    (PERIPHERAL, 0, "features_res", 0x877BFFDBFE0FFEBF),
    (CENTRAL, 0, "features_req_ext", 1, 2, 0),
    (PERIPHERAL, 0, "features_res_ext", 1, 2, 1),
    (CENTRAL, 0, "version_req", 9, 15, 0x220E),
    (PERIPHERAL, 0, "version_res", 6, 10, 0x1AB3),
    (CENTRAL, 0, "host_connection_req"),
    (PERIPHERAL, 0, "accepted", 51),
    (CENTRAL, 0, "name_req", 0),
    (PERIPHERAL, 0, "name_res", 0, 14, b"Sample headset"),
    (CENTRAL, 0, "au_rand", bytes(range(0x10, 0x20))),
    (PERIPHERAL, 0, "sres", bytes.fromhex("8c5a1e77")),
    (CENTRAL, 0, "encryption_mode_req", 1),
    (PERIPHERAL, 0, "accepted", 15),
    (CENTRAL, 0, "encryption_key_size_req", 16),
    (PERIPHERAL, 0, "not_accepted", 16, UNSUPPORTED_PARAMETER),
    (PERIPHERAL, 1, "encryption_key_size_req", 7),
    (CENTRAL, 1, "accepted", 16),
    (CENTRAL, 0, "start_encryption_req", bytes(range(0x30, 0x40))),
    (PERIPHERAL, 0, "accepted", 17),
    (CENTRAL, 0, "setup_complete"),
    (PERIPHERAL, 1, "setup_complete"),
    (CENTRAL, 0, "max_slot", 5),
    (PERIPHERAL, 1, "preferred_rate", 0x6D),
    (CENTRAL, 0, "clkoffset_req"),
    (PERIPHERAL, 0, "clkoffset_res", 0x3A7C),
    (PERIPHERAL, 1, "detach", USER_ENDED),
)


def lmp():
    link = Link(0x3D51B7, 0xC7, 0x0010)
    for sender, tid, name, *values in LMP_EXCHANGE:
        if sender == PERIPHERAL:
            link.send(CENTRAL, "POLL")
        link.send(sender, "DM1", pdu(name, tid, *values), e.LLID_LMP)
        if sender == CENTRAL:
            link.send(PERIPHERAL, "NULL")
    return e.pcap(link.packets)


# InternalBlue runs on a phone whose chip reports each LMP packet sent and received, without clock and channel.
OWN, FIRST_PEER, SECOND_PEER = e.mac(0x0002, 0x72, 0x51E0C3), e.mac(0x0010, 0xC7, 0x6A0F19), e.mac(0x0002, 0x72, 0x77B2E8)


def internalblue():
    """Two links of the own device, Central of the first and Peripheral of the second, at 13:45 of an unknown day."""
    packets = []
    for i, (sender, tid, name, *values) in enumerate(LMP_EXCHANGE):
        for peer, own_role in ((FIRST_PEER, CENTRAL), (SECOND_PEER, PERIPHERAL)):
            own_sent = sender == own_role
            src, dst = (OWN, peer) if own_sent else (peer, OWN)
            body = pdu(name, tid, *values)
            content = struct.pack("<IBB", 0 if own_sent else 1, 0, 0) + b"\x19\0\0" + \
                e.payload("DM1", 0, body, e.LLID_LMP, crc_value=0)
            time = (13 * 3600 + 45 * 60 + i) * e.NS + (250_000_000 if peer is SECOND_PEER else 0)
            packets.append(e.Packet(time, e.ethernet(src, content, dst)))
    return e.pcapng([e.Interface(e.LINKTYPE_ETHERNET)], packets)


# --- L2CAP ----------------------------------------------------------------------------------------------------------

def open_channel(link, identifier, psm, central_cid, peripheral_cid):
    """The Central connects to a PSM of the Peripheral; both configure their MTU."""
    for sender, name, values, options in (
            (CENTRAL, "connection_request", (psm, central_cid), b""),
            (PERIPHERAL, "connection_response", (peripheral_cid, central_cid, 0, 0), b""),
            (CENTRAL, "configure_request", (peripheral_cid, 0), mtu(672)),
            (PERIPHERAL, "configure_response", (central_cid, 0, 0), mtu(672)),
            (PERIPHERAL, "configure_request", (central_cid, 0), mtu(672)),
            (CENTRAL, "configure_response", (peripheral_cid, 0, 0), mtu(672))):
        own = identifier + name.startswith("configure")
        link.fragments(sender, "DM1", signal(name, own, *values, data=options))


def close_channel(link, identifier, central_cid, peripheral_cid):
    for sender, name in ((CENTRAL, "disconnection_request"), (PERIPHERAL, "disconnection_response")):
        link.fragments(sender, "DM1", signal(name, identifier, peripheral_cid, central_cid))


def sdp(link, central_cid, peripheral_cid):
    """The Central asks for the HID service; the answer needs several packets, one of which is sent twice."""
    request = bytes.fromhex("3503191124" "0100" "35050a0000ffff" "00")
    link.fragments(CENTRAL, "DH1", e.l2cap_message(peripheral_cid, struct.pack(">BHH", 6, 1, len(request)) + request))
    name = b"A mouse made up for samples"
    record = bytes.fromhex("0900000a00010001" "0900013503191124") + b"\x09\x01\x00\x25" + bytes((len(name),)) + name
    lists = bytes((0x35, len(record) + 2, 0x35, len(record))) + record
    parameters = struct.pack(">H", len(lists)) + lists + b"\0"
    answer = e.l2cap_message(central_cid, struct.pack(">BHH", 7, 1, len(parameters)) + parameters)
    size = e.KINDS["DH1"].body_max
    for at in range(0, len(answer), size):
        llid = e.LLID_CONTINUE if at else e.LLID_START
        link.send(CENTRAL, "POLL")
        link.send(PERIPHERAL, "DH1", answer[at:at + size], llid)
        if at == size:
            link.send(CENTRAL, "POLL")
            link.send(PERIPHERAL, "DH1", answer[at:at + size], llid, again=True)


def report(cid, number):
    """A mouse moves: DATA, Input, report 2."""
    return e.l2cap_message(cid, bytes((0xA1, 2, 0, number, 0x100 - number, 0)))


def l2cap():
    link = Link(0x6B2E40, 0x72, 0x0002)
    link.fragments(CENTRAL, "DM1", signal("information_request", 1, 2))
    link.fragments(PERIPHERAL, "DM1", signal("information_response", 1, 2, 0, data=b"\x80\2\0\0"))
    open_channel(link, 2, PSM_SDP, 0x40, 0x50)
    sdp(link, 0x40, 0x50)
    close_channel(link, 4, 0x40, 0x50)
    open_channel(link, 5, PSM_HID_CONTROL, 0x41, 0x51)
    open_channel(link, 7, PSM_HID_INTERRUPT, 0x42, 0x52)
    link.fragments(CENTRAL, "DM1", e.l2cap_message(0x51, b"\x71"))            # SET_PROTOCOL, report mode
    link.fragments(PERIPHERAL, "DM1", e.l2cap_message(0x41, b"\0"))           # HANDSHAKE, successful
    for number in range(1, 9):
        link.send(CENTRAL, "POLL")
        link.send(PERIPHERAL, "DM1", report(0x42, number))
        if number in (3, 6):                                                # the acknowledgement was lost
            link.send(CENTRAL, "POLL")
            link.send(PERIPHERAL, "DM1", report(0x42, number), again=True)
    # Messages to two Peripherals whose fragments alternate.
    first, second = (e.l2cap_message(0x52, bytes((0xA2, n)) + bytes([n]) * 38) for n in (0x11, 0x22))
    for at in (0, 27):
        llid = e.LLID_CONTINUE if at else e.LLID_START
        link.send(CENTRAL, "DH1", first[at:at + 27], llid, lt_addr=1)
        link.send(CENTRAL, "DH1", second[at:at + 27], llid, lt_addr=2)
    # The second of three fragments is not in the file; the message after it is whole again.
    link.fragments(PERIPHERAL, "DH1", e.l2cap_message(0x42, b"\xa1\x03" + bytes(74)), lost=(1,))
    link.send(PERIPHERAL, "DM1", report(0x42, 9))
    link.send(CENTRAL, "DM1", b"", e.LLID_CONTINUE)                         # the usual empty packet
    link.send(CENTRAL, "DM1", e.l2cap_message(2, b"\x13\0to all"), lt_addr=0)   # connectionless, to every Peripheral
    return e.pcap(link.packets)


# --- Inquiry and page -----------------------------------------------------------------------------------------------

GIAC = 0x9E8B33


def fhs():
    """Access codes and packets of a Central whose UAP the file does not hold, the FHS that contains it, then its packets.

    An FHS has the access code and the check values of the device that is paged, and the address of its sender.
    """
    central, paged, asked = (0x31D0A4, 0x72, 0x0002), (0x7C19E5, 0xC7, 0x0010), (0x15BB02, 0xC7, 0x0010)
    frames = [e.access_code(GIAC), e.access_code(GIAC),
              e.legacy(GIAC, "FHS", uap=0, body=e.fhs_body(*asked, 0x200404, 0, 0x0ABCDEF), clk=0x0B, lt_addr=0),
              e.access_code(asked[0])]
    frames += [e.legacy(central[0], kind, check_uap=central[1], clk=clk, body=body)
               for kind, clk, body in (("POLL", 0x02, b""), ("NULL", 0x03, b""), ("DM1", 0x08, pdu("host_connection_req", 0)))]
    frames += [e.access_code(paged[0]), e.access_code(paged[0]),
               e.legacy(paged[0], "FHS", uap=paged[1], body=e.fhs_body(*central, 0x5A020C, 1, 0x0123456), clk=0x14,
                        lt_addr=0),
               e.access_code(paged[0])]
    frames += [e.legacy(central[0], kind, check_uap=central[1], clk=clk, body=body)
               for kind, clk, body in (("POLL", 0x20, b""), ("NULL", 0x21, b""), ("DM1", 0x24, pdu("host_connection_req", 0)),
                                       ("DM1", 0x2F, pdu("accepted", 0, 51)))]
    return e.pcap([e.Packet(START + i * 20_000_000, frame) for i, frame in enumerate(frames)])
