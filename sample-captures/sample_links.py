"""Samples of links as they are set up and used: paging, LMP, L2CAP.

All addresses are made up. Opcodes of LMP: Core Specification, Vol 2 Part C, table 5.1; codes of L2CAP: Vol 3 Part A,
section 4; SDP: Vol 3 Part B, section 4.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import btbb_encode as e

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

def lmp_pdu(tid, opcode, parameters=b"", extended=None):
    """TID (0: the Central began the transaction), opcode, escape's second opcode, parameters (Part C, 2.3)."""
    return bytes((tid | opcode << 1,)) + (b"" if extended is None else bytes((extended,))) + parameters


FEATURES = bytes.fromhex("fffe8ffedbff5b87")

# (sender, TID, opcode, parameters, second opcode): a link is made, secured, used and closed.
LMP_EXCHANGE = (
    (CENTRAL, 0, 39, FEATURES, None),                                        # LMP_features_req
    (PERIPHERAL, 0, 40, bytes.fromhex("bffe0ffedbff7b87"), None),            # LMP_features_res
    (CENTRAL, 0, 127, bytes((1, 2)) + bytes(8), 3),                          # LMP_features_req_ext
    (PERIPHERAL, 0, 127, bytes((1, 2, 1)) + bytes(7), 4),                    # LMP_features_res_ext
    (CENTRAL, 0, 37, struct.pack("<BHH", 9, 15, 0x220E), None),              # LMP_version_req
    (PERIPHERAL, 0, 38, struct.pack("<BHH", 6, 10, 0x1AB3), None),           # LMP_version_res
    (CENTRAL, 0, 51, b"", None),                                             # LMP_host_connection_req
    (PERIPHERAL, 0, 3, bytes((51,)), None),                                  # LMP_accepted
    (CENTRAL, 0, 1, b"\0", None),                                            # LMP_name_req
    (PERIPHERAL, 0, 2, b"\0\x0e" + b"Sample headset"[:14], None),            # LMP_name_res
    (CENTRAL, 0, 11, bytes(range(0x10, 0x20)), None),                        # LMP_au_rand
    (PERIPHERAL, 0, 12, bytes.fromhex("8c5a1e77"), None),                    # LMP_sres
    (CENTRAL, 0, 15, b"\1", None),                                           # LMP_encryption_mode_req
    (PERIPHERAL, 0, 3, bytes((15,)), None),                                  # LMP_accepted
    (CENTRAL, 0, 16, bytes((16,)), None),                                    # LMP_encryption_key_size_req
    (PERIPHERAL, 0, 4, bytes((16, 0x20)), None),                             # LMP_not_accepted
    (PERIPHERAL, 1, 16, bytes((7,)), None),                                  # LMP_encryption_key_size_req
    (CENTRAL, 1, 3, bytes((16,)), None),                                     # LMP_accepted
    (CENTRAL, 0, 17, bytes(range(0x30, 0x40)), None),                        # LMP_start_encryption_req
    (PERIPHERAL, 0, 3, bytes((17,)), None),                                  # LMP_accepted
    (CENTRAL, 0, 49, b"", None),                                             # LMP_setup_complete
    (PERIPHERAL, 1, 49, b"", None),                                          # LMP_setup_complete
    (CENTRAL, 0, 45, b"\5", None),                                           # LMP_max_slot
    (PERIPHERAL, 1, 36, b"\x6d", None),                                      # LMP_preferred_rate
    (CENTRAL, 0, 5, b"", None),                                              # LMP_clkoffset_req
    (PERIPHERAL, 0, 6, struct.pack("<H", 0x3A7C), None),                     # LMP_clkoffset_res
    (PERIPHERAL, 1, 7, b"\x13", None),                                       # LMP_detach
)


def lmp():
    link = Link(0x3D51B7, 0xC7, 0x0010)
    for sender, tid, opcode, parameters, extended in LMP_EXCHANGE:
        if sender == PERIPHERAL:
            link.send(CENTRAL, "POLL")
        link.send(sender, "DM1", lmp_pdu(tid, opcode, parameters, extended), e.LLID_LMP)
        if sender == CENTRAL:
            link.send(PERIPHERAL, "NULL")
    return e.pcap(link.packets)


# InternalBlue runs on a phone whose chip reports each LMP packet sent and received, without clock and channel.
OWN, FIRST_PEER, SECOND_PEER = e.mac(0x0002, 0x72, 0x51E0C3), e.mac(0x0010, 0xC7, 0x6A0F19), e.mac(0x0002, 0x72, 0x77B2E8)


def internalblue():
    """Two links of the own device, Central of the first and Peripheral of the second, at 13:45 of an unknown day."""
    packets = []
    for i, (sender, tid, opcode, parameters, extended) in enumerate(LMP_EXCHANGE):
        for peer, own_role in ((FIRST_PEER, CENTRAL), (SECOND_PEER, PERIPHERAL)):
            own_sent = sender == own_role
            src, dst = (OWN, peer) if own_sent else (peer, OWN)
            body = lmp_pdu(tid, opcode, parameters, extended)
            content = struct.pack("<IBB", 0 if own_sent else 1, 0, 0) + b"\x19\0\0" + \
                e.payload("DM1", 0, body, e.LLID_LMP, crc_value=0)
            time = (13 * 3600 + 45 * 60 + i) * e.NS + (250_000_000 if peer is SECOND_PEER else 0)
            packets.append(e.Packet(time, e.ethernet(src, content, dst)))
    return e.pcapng([e.Interface(e.LINKTYPE_ETHERNET)], packets)


# --- L2CAP ----------------------------------------------------------------------------------------------------------

def signal(code, identifier, data):
    """A command on the signalling channel."""
    return e.l2cap_message(1, struct.pack("<BBH", code, identifier, len(data)) + data)


CONNECT, CONNECTED, CONFIGURE, CONFIGURED, DISCONNECT, DISCONNECTED, INFO_REQUEST, INFO_RESPONSE = 2, 3, 4, 5, 6, 7, 10, 11
PSM_SDP, PSM_HID_CONTROL, PSM_HID_INTERRUPT = 0x01, 0x11, 0x13


def open_channel(link, identifier, psm, central_cid, peripheral_cid):
    """The Central connects to a PSM of the Peripheral; both configure their MTU."""
    mtu = b"\1\2" + struct.pack("<H", 672)
    for sender, code, data in (
            (CENTRAL, CONNECT, struct.pack("<HH", psm, central_cid)),
            (PERIPHERAL, CONNECTED, struct.pack("<HHHH", peripheral_cid, central_cid, 0, 0)),
            (CENTRAL, CONFIGURE, struct.pack("<HH", peripheral_cid, 0) + mtu),
            (PERIPHERAL, CONFIGURED, struct.pack("<HHH", central_cid, 0, 0) + mtu),
            (PERIPHERAL, CONFIGURE, struct.pack("<HH", central_cid, 0) + mtu),
            (CENTRAL, CONFIGURED, struct.pack("<HHH", peripheral_cid, 0, 0) + mtu)):
        own = identifier + (1 if code == CONFIGURE or code == CONFIGURED else 0)
        link.fragments(sender, "DM1", signal(code, own, data))


def close_channel(link, identifier, central_cid, peripheral_cid):
    link.fragments(CENTRAL, "DM1", signal(DISCONNECT, identifier, struct.pack("<HH", peripheral_cid, central_cid)))
    link.fragments(PERIPHERAL, "DM1", signal(DISCONNECTED, identifier, struct.pack("<HH", peripheral_cid, central_cid)))


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
    link.fragments(CENTRAL, "DM1", signal(INFO_REQUEST, 1, struct.pack("<H", 2)))
    link.fragments(PERIPHERAL, "DM1", signal(INFO_RESPONSE, 1, struct.pack("<HHI", 2, 0, 0x280)))
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
               for kind, clk, body in (("POLL", 0x02, b""), ("NULL", 0x03, b""), ("DM1", 0x08, lmp_pdu(0, 51)))]
    frames += [e.access_code(paged[0]), e.access_code(paged[0]),
               e.legacy(paged[0], "FHS", uap=paged[1], body=e.fhs_body(*central, 0x5A020C, 1, 0x0123456), clk=0x14,
                        lt_addr=0),
               e.access_code(paged[0])]
    frames += [e.legacy(central[0], kind, check_uap=central[1], clk=clk, body=body)
               for kind, clk, body in (("POLL", 0x20, b""), ("NULL", 0x21, b""), ("DM1", 0x24, lmp_pdu(0, 51)),
                                       ("DM1", 0x2F, lmp_pdu(0, 3, bytes((51,)))))]
    return e.pcap([e.Packet(START + i * 20_000_000, frame) for i, frame in enumerate(frames)])
