"""What happens on the air: devices, their piconets, and every packet that they send.

A scene is independent of any capture format; scene_formats.py writes it as each kind of writer would.
Chapters are those of the Bluetooth Core Specification, Vol 2 Part B, unless said otherwise.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import hashlib
from collections import namedtuple

import btbb_crypt
import btbb_encode as e
import encode_lmp as lmp
from sim_piconet import CLOCKS, SLOT, Hop

START = 1_600_000_000 * e.NS
GIAC = 0x9E8B33

# By TYPE (6.5).
SLOTS_OF = {name: {10: 3, 11: 3, 12: 3, 13: 3, 14: 5, 15: 5}.get(kind.code, 1) for name, kind in e.KINDS.items()}


class Device(namedtuple("Device", "lap uap nap clock name device_class", defaults=(0, b"", 0))):
    """clock: CLKN27-1 of the device in slot 0 of the scene."""

    @property
    def address(self):
        """The BD_ADDR as a number."""
        return self.nap << 32 | self.uap << 24 | self.lap

    @property
    def octets(self):
        """The BD_ADDR as PDUs carry it."""
        return self.address.to_bytes(6, "little")

    def fhs(self, clk, lt_addr=0):
        """The body of an FHS about the device itself; `clk`: its CLK27-1 in the first slot of the packet."""
        return e.fhs_body(self.lap, self.uap, self.nap, self.device_class, lt_addr, clk >> 1)


# The device of an access code that belongs to no device.
INQUIRY = Device(GIAC, 0, 0)

# slot: of the scene; clk: CLK27-1 of the piconet, or of the device that pages or inquires, in the first slot of the packet;
# access: the device whose access code and UAP the packet has; central: of the piconet, None outside a connection;
# cipher: E0, AesCcm or None; ciphering: devices whose packets are encrypted at that time;
# heard: a receiver that is no part of the piconet has it; kind: a name of e.KINDS, or "ID"; is_eir: an inquiry response.
Sent = namedtuple("Sent", "slot clk sender receiver access central kind body llid lt_addr flow arqn seqn channel cipher "
                          "ciphering heard again is_eir")


def made_up(size, *seeds):
    """Bytes that look random and are always the same: keys, random numbers, what AES-CCM would give."""
    out = b""
    while len(out) < size:
        out += hashlib.sha256(repr((seeds, len(out))).encode()).digest()
    return out[:size]


class E0:
    """Encryption with a shortened key in the piconet of a Central: payload header, body and CRC."""

    def __init__(self, key, central):
        self.key, self.central = key, central

    def payload(self, kind, uap, clk, body, llid, flow):
        clear = e.payload(kind, uap, body, llid, flow)
        return btbb_crypt.crypt(self.key, self.central.address, clk & 0x3FFFFFF, clear)


class AesCcm:
    """Stands in for AES-CCM: a body that nobody can decrypt, a MIC; payload header and CRC are clear (Vol 2 Part B, 7.1)."""

    def __init__(self, key):
        self.key = key

    def payload(self, kind, uap, clk, body, llid, flow):
        return e.payload(kind, uap, made_up(len(body), self.key, clk), llid, flow, made_up(4, self.key, clk, "MIC"))


class Scene:
    """Packets in the order in which they are sent. All devices' slots begin at the same time."""

    def __init__(self, start=START):
        self.start, self.slot, self.sent = start, 0, []

    def wait(self, slots):
        self.slot += slots

    def clock(self, device, slot=None):
        """CLKN27-1 of a device in a slot, by default the next one."""
        return (device.clock + (self.slot if slot is None else slot)) % CLOCKS

    def add(self, sender, receiver, kind, access, clk, body=b"", central=None, channel=0, llid=e.LLID_START, lt_addr=0, flow=1,
            arqn=0, seqn=0, cipher=None, ciphering=(), heard=True, again=False, is_eir=False):
        """A packet in the next slot."""
        self.sent.append(Sent(self.slot, clk, sender, receiver, access, central, kind, body, llid, lt_addr, flow, arqn, seqn,
                              channel, cipher, ciphering, heard, again, is_eir))
        self.slot += SLOTS_OF.get(kind, 1)

    # Channels of inquiry and page follow another kernel (2.6.4), which no sample needs: any will do.

    def inquiry(self, inquirer, answers):
        """A general inquiry (8.4). answers: (device, EIR data or None)."""
        for _ in range(2):
            self.add(inquirer, None, "ID", INQUIRY, self.clock(inquirer), channel=25)
            self.wait(1)
        for device, eir in answers:
            body = device.fhs(self.clock(device))
            if eir is not None:
                body = e.fhs_body(device.lap, device.uap, device.nap, device.device_class, 0, self.clock(device) >> 1, eir=True)
            self.add(device, inquirer, "FHS", INQUIRY, self.clock(inquirer), body, channel=31)
            self.wait(1)
            if eir is not None:
                kind = next(k for k in ("DM1", "DM3", "DM5") if len(eir) <= e.KINDS[k].body_max)
                self.add(device, inquirer, kind, INQUIRY, self.clock(inquirer), eir, channel=31, is_eir=True)
            self.wait(16)

    def page(self, central, peripheral, lt_addr=1):
        """A device pages another one (8.3): access codes, FHS, access code."""
        self.slot += self.clock(central) & 1
        for number in range(3):
            sender, receiver = (central, peripheral) if number != 1 else (peripheral, central)
            self.add(sender, receiver, "ID", peripheral, self.clock(central), channel=40)
        self.slot += self.clock(central) & 1
        self.add(central, peripheral, "FHS", peripheral, self.clock(central), central.fhs(self.clock(central), lt_addr),
                 channel=41)
        self.add(peripheral, central, "ID", peripheral, self.clock(central), channel=41)


def clear_twin(encrypted):
    """The same packets as they would be without encryption."""
    twin = Scene(encrypted.start)
    twin.sent = [sent._replace(cipher=None) for sent in encrypted.sent]
    return twin


class Piconet:
    """A Central and its Peripherals, which have the LT_ADDRs from 1 on.

    request: CLK27-1 of the first slot of the Central's last packet, and of the slot after it.
    used: set of channels, None for all. adapted: the same channel for both directions. polls: the Central's POLLs and the
    Peripherals' NULLs around LMP and data are part of the scene.
    """

    def __init__(self, scene, central, *peripherals, used=None, adapted=False, polls=True):
        self.scene, self.polls = scene, polls
        self.adapted, self.used, self.change = adapted, used, None
        self.seqn, self.answered, self.ciphers = {}, {}, {}
        self.tid = 0
        self._lead(central, peripherals)

    def _lead(self, central, peripherals):
        self.central, self.peripherals = central, list(peripherals)
        self.hop, self.request = Hop(central.lap, central.uap), (None, None)

    @property
    def peripheral(self):
        return self.peripherals[0]

    def other(self, device):
        return self.peripheral if device is self.central else self.central

    def clk(self):
        return self.scene.clock(self.central)

    def _channel(self, sender, clk):
        """Where a packet is sent (2.6.3); an answer in the adapted sequence: where the Central's packet was."""
        if self.change and (clk - self.change[0]) % CLOCKS < CLOCKS // 2:
            self.adapted, self.used, self.change = True, self.change[1], None
        if not self.adapted:
            return self.hop.basic(clk)
        if sender is self.central:
            return self.hop.adapted(clk, self.used)
        return self.hop.adapted(self.request[0] if self.request[1] == clk else (clk - 1) % CLOCKS, self.used)

    def _slot_of(self, sender):
        """Go on to the next slot in which the device may send: the Central when CLK1 is 0 (2.2.5)."""
        self.scene.slot += (self.clk() & 1) != (sender is not self.central)
        return self.clk()

    def send(self, sender, kind, body=b"", llid=e.LLID_START, to=None, lt_addr=None, again=False, heard=True):
        """A packet in the next slot of its sender. `again`: a retransmission, SEQN stays (7.6.2). `to`: which Peripheral."""
        clk = self._slot_of(sender)
        receiver = (to or self.peripheral) if sender is self.central else self.central
        if lt_addr is None:
            lt_addr = 1 + self.peripherals.index(receiver if sender is self.central else sender)
        has_crc, way = e.KINDS[kind].crc, (sender, lt_addr)
        if has_crc and not again:
            self.seqn[way] = 1 - self.seqn.get(way, 0)
        channel = self._channel(sender, clk)
        self.scene.add(sender, receiver, kind, self.central, clk, body, self.central, channel, llid, lt_addr, 1,
                       self.answered.pop((receiver, lt_addr), 0), self.seqn.get(way, 0) if has_crc else 0,
                       self.ciphers.get(sender) if kind not in ("NULL", "POLL", "FHS") and lt_addr else None,
                       tuple(self.ciphers), heard, again)
        self.answered[way] = 1 if has_crc else 0
        if sender is self.central:
            self.request = clk, self.clk()

    def packet(self, sender, kind, body=b"", llid=e.LLID_START, **options):
        """A packet with the POLL that makes room for it, or the NULL that acknowledges it."""
        if self.polls and sender is not self.central and self.request[1] != self.clk():
            self.send(self.central, "POLL", to=sender)
        self.send(sender, kind, body, llid, **options)
        if self.polls and sender is self.central and options.get("lt_addr") != 0:
            self.send(options.get("to") or self.peripheral, "NULL")

    def message(self, sender, kind, message, lost=(), **options):
        """An L2CAP message in as many packets of a kind as it needs. `lost`: numbers of those that are not heard."""
        size = e.KINDS[kind].body_max
        for number, at in enumerate(range(0, len(message), size)):
            self.packet(sender, kind, message[at:at + size], e.LLID_CONTINUE if at else e.LLID_START,
                        heard=number not in lost, **options)

    # --- LMP (Vol 2 Part C) ---

    def pdu(self, sender, data, **options):
        self.packet(sender, "DM1", data, e.LLID_LMP, **options)

    def ask(self, sender, name, *values, **options):
        """A PDU that starts a transaction."""
        self.tid = 0 if sender is self.central else 1
        self.pdu(sender, lmp.pdu(name, self.tid, *values), **options)

    def reply(self, sender, name, *values, **options):
        """A PDU within the current transaction."""
        self.pdu(sender, lmp.pdu(name, self.tid, *values), **options)

    def accept(self, sender, name, **options):
        self.pdu(sender, lmp.accept(name, self.tid), **options)

    def refuse(self, sender, name, error, **options):
        self.pdu(sender, lmp.refuse(name, self.tid, error), **options)

    def set_afh(self, used, delay=24):
        """LMP_set_AFH: the adapted sequence with these channels, from an instant on."""
        self._slot_of(self.central)
        instant = (self.clk() + delay + 1) % CLOCKS & ~1
        bits = sum(1 << channel for channel in (range(79) if used is None else used))
        self.ask(self.central, "set_AFH", instant, 1, bits.to_bytes(10, "little"))
        self.change = (instant, used)

    def switch_roles(self, delay=32):
        """The Peripheral becomes Central (4.4.2; Part B, 8.6.5). Only for one Peripheral; keys must be off."""
        old, new = self.central, self.peripheral
        offset = 625 if (self.clk() ^ self.scene.clock(new)) & 1 else 0
        self.ask(new, "slot_offset", offset, new.octets)
        instant = (self.clk() + delay + 1) % CLOCKS & ~1
        self.ask(new, "switch_req", instant)
        self.accept(old, "switch_req")
        self.scene.wait((instant - self.clk()) % CLOCKS)
        # The devices have exchanged slots, access code and clock are still the old ones.
        clk = self.clk()
        self.scene.add(new, old, "FHS", old, clk, new.fhs(self.scene.clock(new), 1), old, self.hop.basic(clk), lt_addr=0)
        self.scene.add(old, new, "ID", old, self.clk(), central=old, channel=self.hop.basic(self.clk()))
        self._lead(new, [old])
        self.adapted, self.used, self.change, self.seqn, self.answered = False, None, None, {}, {}
        self.packet(new, "POLL") if self.polls else None
