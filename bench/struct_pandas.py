#!/usr/bin/python3
"""A script for comparison: struct and pandas over a classic pcap file, with the notebook's tables of clients, types and
seconds.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct
import sys

import pandas


def columns(path):
    """[seconds], [LAPs], [TYPE codes or -1] of all BTBB frames."""
    with open(path, "rb") as capture:
        data = capture.read()
    seconds, laps, types = [], [], []
    record = struct.Struct("<IIII").unpack_from
    at, end = 24, len(data)
    rf = data[20] == 255
    while at + 16 <= end:
        second, _, captured, _ = record(data, at)
        at += 16
        if rf:
            seconds.append(second)
            laps.append(data[at + 10] << 16 | data[at + 9] << 8 | data[at + 8])
            types.append(data[at + 16] >> 3 & 15 if data[at + 16:at + 20] != b"\0\0\0\0" else -1)
        elif data[at + 12:at + 14] == b"\xff\xf0":
            seconds.append(second)
            laps.append(data[at + 9] << 16 | data[at + 10] << 8 | data[at + 11])
            types.append(data[at + 20] >> 3 & 15 if captured > 20 else -1)
        at += captured
    return seconds, laps, types


def main():
    df = pandas.DataFrame(dict(zip(("time", "lap", "type"), columns(sys.argv[1]))))
    clients = df.groupby("lap").size()
    headers = df[df["type"] >= 0]
    print(clients[clients > 1].sort_values(ascending=False).head(10))
    print(headers.groupby("type").size())
    print(headers.groupby(["lap", "type"]).size().unstack(1).fillna(0))
    print(df.groupby("time").size().tail(3))


main()
