#!/usr/bin/env python3
"""Print vectors as lines "ENCAP HEX REPORTED", which decode-vectors and test-decode read.

    vectors-as-lines.py VECTORS.json > FRAMES.txt

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import sys


def line(vector):
    return f"{vector['encap']} {vector['bytes_hex'] or '-'} {vector['orig_len']}\n"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.writelines(map(line, json.load(file)))
