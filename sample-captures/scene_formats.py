#!/usr/bin/env python3
"""Writes a scene as each kind of writer would: the same packets, and of each what that format can hold.

    scene_formats.py SCENE FORMAT FILE      SCENE: a name of make_samples.SCENES; FORMAT: a name of FORMATS

SPDX-License-Identifier: GPL-2.0-or-later
"""
import sys
from collections import namedtuple

import btbb_encode as e
import encode_hci as hci
from scenario import SLOT, SLOTS_OF


def time_of(scene, sent):
    return scene.start + sent.slot * SLOT


def heard(scene):
    return [sent for sent in scene.sent if sent.heard]


def air_payload(sent):
    """Payload as it is on the air, without FEC and whitening; None for a packet that has none."""
    if sent.kind in ("ID", "NULL", "POLL"):
        return None
    if sent.cipher:
        return sent.cipher.payload(sent.kind, sent.access.uap, sent.clk, sent.body, sent.llid, sent.flow)
    return e.payload(sent.kind, sent.access.uap, sent.body, sent.llid, sent.flow)


def packets_of(scene, device):
    """Those that a device sends or receives, as (sent or received, packet). Access codes are not logged by controllers."""
    for sent in scene.sent:
        if sent.kind != "ID" and device in (sent.sender, sent.receiver):
            if sent.sender is device or sent.heard:
                yield (hci.SENT if sent.sender is device else hci.RECEIVED), sent


def lmp_of(scene, device):
    """LMP PDUs that a device sends or receives."""
    return [(way, sent) for way, sent in packets_of(scene, device)
            if sent.llid == e.LLID_LMP and e.KINDS[sent.kind].header and not sent.is_eir]


# --- Baseband formats -----------------------------------------------------------------------------------------------

def legacy_frame(sent):
    """27 clock bits and the NAP known."""
    if sent.kind == "ID":
        return e.access_code(sent.access.lap)
    return e.legacy(sent.access.lap, sent.kind, uap=sent.access.uap, nap=sent.access.nap, clk=sent.clk, channel=sent.channel,
                    meta_flags=3 if sent.access.nap else 1, lt_addr=sent.lt_addr, flow=sent.flow, arqn=sent.arqn,
                    seqn=sent.seqn, raw_payload=air_payload(sent) or b"")


def legacy(scene):
    return [e.Packet(time_of(scene, sent), legacy_frame(sent)) for sent in heard(scene)]


def rf_record(sent):
    """A record of LINKTYPE 255; the UAP is known but in access codes."""
    if sent.kind == "ID":
        return e.rf_record(sent.access.lap, rate=e.RF_ID_RATE, channel=sent.channel)
    k = e.KINDS[sent.kind]
    header = e.header18(k.code, sent.access.uap, sent.lt_addr, sent.flow, sent.arqn, sent.seqn)
    return e.rf_record(sent.access.lap, header, air_payload(sent) or b"", sent.channel, rate=k.transport << 4 | k.modulation,
                       ref_lap=sent.access.lap, ref_uap=sent.access.uap)


def rf(scene, stamp=time_of):
    """`stamp`: function(scene, sent) that gives the time in nanoseconds."""
    return [e.Packet(stamp(scene, sent), rf_record(sent)) for sent in heard(scene)]


def tap(scene):
    """As gr-bluetooth writes it: the address in the destination, no source, no channel, the clock's six bits."""
    out = []
    for sent in heard(scene):
        frame = e.access_code(sent.access.lap) if sent.kind == "ID" else \
            e.legacy(sent.access.lap, sent.kind, uap=sent.access.uap, clk=sent.clk & 0x3F, channel=0, lt_addr=sent.lt_addr,
                     flow=sent.flow, arqn=sent.arqn, seqn=sent.seqn, raw_payload=air_payload(sent) or b"")
        out.append(e.Packet(time_of(scene, sent), frame[6:12] + frame[:6] + frame[12:]))
    return out


# --- Logs of a controller -------------------------------------------------------------------------------------------

def esp32_flags(sent, device):
    central = sent.central is device or sent.central is None and sent.sender is device
    flags = hci.ESP32_EDR if sent.kind[1] == "-" else 0
    flags |= 0 if central or sent.kind == "FHS" else hci.ESP32_PERIPHERAL
    flags |= hci.ESP32_EIR if sent.is_eir else 0
    flags |= hci.ESP32_TX_ENCRYPTED if device in sent.ciphering else 0
    flags |= hci.ESP32_RETRY if sent.again and sent.sender is device else 0
    return flags | (hci.ESP32_RX_ENCRYPTED if any(other is not device for other in sent.ciphering) else 0)


def esp32_record(scene, way, sent, device):
    """Payloads are clear even where they are encrypted on the air.

    A received record has the device's own clock when the packet has ended, now and then one slot later. A sent one has the
    clock of when it was queued, and neither channel nor FLOW, ARQN and SEQN.
    """
    flags, clock = esp32_flags(sent, device), scene.clock(device, sent.slot)
    if sent.kind == "FHS":
        return hci.esp32_fhs(way, sent.body, clock, flags)
    payload = hci.esp32_payload(sent.kind, sent.body, sent.llid, 1)
    if way == hci.SENT:
        return hci.esp32(way, sent.kind, payload, clock - 4, 0, flags | hci.ESP32_INTERCEPT, sent.lt_addr)
    late = e.KINDS[sent.kind].header and sent.slot // 8 % 2
    ended = (clock + SLOTS_OF[sent.kind] - 1 + late) % (1 << 27)
    return hci.esp32(way, sent.kind, payload, ended, sent.channel, flags, sent.lt_addr, sent.flow, sent.arqn, sent.seqn)


def esp32(scene, device):
    """The host stamps records one to five milliseconds after the packet."""
    return [e.Packet(time_of(scene, sent) + 1_000_000 + sent.slot % 5 * 800_000, esp32_record(scene, way, sent, device))
            for way, sent in packets_of(scene, device)]


def peers(scene, device):
    """Numbers of the device's connections, in order of their first packet."""
    found = {}
    for _, sent in lmp_of(scene, device):
        found.setdefault(sent.receiver if sent.sender is device else sent.sender, len(found) + 1)
    return found


def broadcom_records(scene, device):
    """(time, sent or received, 63 bytes) of each PDU. The clock is never valid; it is not always zero."""
    numbers = peers(scene, device)
    for way, sent in lmp_of(scene, device):
        peer = sent.receiver if way == hci.SENT else sent.sender
        yield time_of(scene, sent) + 500_000, way, hci.broadcom_lmp(way, sent.body, peer.address & 0xFFFFFFFF, numbers[peer],
                                                                    0 if way == hci.SENT else 0x8F)


def broadcom(scene, device):
    return [e.Packet(time, hci.h4(hci.SENT, hci.H4_BROADCOM, record)) for time, _, record in broadcom_records(scene, device)]


def monitor(scene, device):
    return [e.Packet(time, hci.monitor(hci.MONITOR_DIAGNOSTIC, record)) for time, _, record in broadcom_records(scene, device)]


def packetlogger(scene, device):
    kinds = (hci.LOGGER_LMP_SENT, hci.LOGGER_LMP_RECEIVED)
    return [(time_of(scene, sent) + 500_000, kinds[way], sent.body) for way, sent in lmp_of(scene, device)]


def internalblue(scene, device):
    """Both addresses, no clock, no channel, no check values; the time of day only."""
    out = []
    for way, sent in lmp_of(scene, device):
        content = bytes((way, 0, 0, 0, 0, 0)) + b"\x19\0\0" + e.payload("DM1", 0, sent.body, e.LLID_LMP, crc_value=0)
        addresses = [e.mac(d.nap, d.uap, d.lap) for d in (sent.sender, sent.receiver)]
        out.append(e.Packet(time_of(scene, sent) % (86400 * e.NS), e.ethernet(addresses[0], content, addresses[1])))
    return out


# --- All of them ----------------------------------------------------------------------------------------------------

# packets: function of a scene, and of the device whose controller logs if `of_device`, that gives packets; linktype: that of
# its capture file, None: a .pklg file; carry: function of a frame that puts it below another layer.
Format = namedtuple("Format", "packets linktype of_device carry", defaults=(False, None))
FORMATS = {
    "legacy": Format(legacy, e.LINKTYPE_ETHERNET),
    "255": Format(rf, e.LINKTYPE_BREDR_BB),
    "tap": Format(tap, e.LINKTYPE_ETHERNET),
    "ppi": Format(rf, e.LINKTYPE_PPI, carry=lambda frame: e.ppi(e.LINKTYPE_BREDR_BB, frame)),
    "ppi-ethernet": Format(legacy, e.LINKTYPE_PPI, carry=lambda frame: e.ppi(e.LINKTYPE_ETHERNET, frame)),
    "cooked": Format(legacy, e.LINKTYPE_LINUX_SLL, carry=e.cooked),
    "esp32": Format(esp32, hci.LINKTYPE_HCI_H4_PHDR, True),
    "broadcom": Format(broadcom, hci.LINKTYPE_HCI_H4_PHDR, True),
    "monitor": Format(monitor, hci.LINKTYPE_LINUX_MONITOR, True),
    "packetlogger": Format(packetlogger, None, True),
    "internalblue": Format(internalblue, e.LINKTYPE_ETHERNET, True),
}


def capture(scene, name, device=None):
    """Bytes of a capture file of a scene. `device`: whose controller logs."""
    form = FORMATS[name]
    packets = form.packets(scene, device) if form.of_device else form.packets(scene)
    if form.linktype is None:
        return hci.packetlogger(packets)
    if form.carry:
        packets = [packet._replace(data=form.carry(packet.data)) for packet in packets]
    return e.pcap(packets, form.linktype)


def main():
    import make_samples
    if len(sys.argv) != 4 or sys.argv[1] not in make_samples.SCENES or sys.argv[2] not in FORMATS:
        sys.exit(f"usage: scene_formats.py SCENE FORMAT FILE\nscenes: {', '.join(make_samples.SCENES)}\n"
                 f"formats: {', '.join(FORMATS)}")
    scene, device = make_samples.SCENES[sys.argv[1]]()
    with open(sys.argv[3], "wb") as out:
        out.write(capture(scene, sys.argv[2], device))


if __name__ == "__main__":
    main()
