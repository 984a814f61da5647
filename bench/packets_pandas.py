#!/usr/bin/python3
"""The notebook's DataFrame from `btbb packets`, and three of its cells: packets_pandas.py BTBB CAPTURE.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import io
import subprocess
import sys

import pandas

TEXTS = {"nap": str, "uap": str, "lap": str, "type": str}


def main():
    table = subprocess.check_output([sys.argv[1], "packets", "--columns=notebook", "--format=csv", sys.argv[2]])
    df = pandas.read_csv(io.BytesIO(table), dtype=TEXTS, parse_dates=["time"], keep_default_na=False, na_values=[""])
    clients = df.groupby("lap").size()
    typed = df[df["type"].notnull()]
    print(clients[clients > 1].sort_values(ascending=False).head(10))
    print(typed.groupby("type").size())
    print(df.groupby("time").size().asfreq("1s").fillna(value=0))


if __name__ == "__main__":
    main()
