#!/usr/bin/python3
"""The notebook without its pictures: every frame through scapy, a list of dicts, a DataFrame, its aggregations.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import datetime
import sys

import pandas
from scapy.fields import BitField, ByteField, LEShortField, StrLenField, XIntField
from scapy.layers.l2 import Ether
from scapy.packet import Packet, bind_layers
from scapy.utils import RawPcapReader


class Meta(Packet):
    fields_desc = [XIntField("CLK", 0), ByteField("channel", 0), ByteField("flags", 0)]


class Header(Packet):
    fields_desc = [BitField("type", 0, 5), BitField("lt_addr", 0, 3), ByteField("flags", 0), ByteField("hec", 0)]


class Payload(Packet):
    fields_desc = [BitField("length", 0, 5), BitField("flow", 0, 1), BitField("llid", 0, 2),
                   StrLenField("body", b"", length_from=lambda packet: packet.length), LEShortField("crc", 0)]


bind_layers(Ether, Meta, type=0xfff0)
bind_layers(Meta, Header)
bind_layers(Header, Payload)


def row(data, stamp):
    packet = Ether(data)
    address = packet.src.split(":")
    return {"time": datetime.datetime.fromtimestamp(stamp), "nap": ":".join(address[:2]), "uap": address[2],
            "lap": ":".join(address[3:]), "type": packet[Header].type & 15 if packet.haslayer(Header) else None,
            "payload": bool(packet.haslayer(Payload))}


def main():
    df = pandas.DataFrame([row(data, meta.sec) for data, meta in RawPcapReader(sys.argv[1])])
    headers = df[df["type"].notnull()]
    print(df.groupby("lap").size().sort_values().tail(3))
    print(headers.groupby("type").size())
    print(headers.groupby(["lap", "type"]).size().unstack(1))
    print(df.groupby(["time", "lap"]).size().unstack(1).asfreq("1s").fillna(0).shape)
    print(headers.groupby(["time", "type"]).size().unstack(1).asfreq("1s").fillna(0).shape)


main()
