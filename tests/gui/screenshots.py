#!/usr/bin/python3
"""Makes the pictures of the README from sample captures: screenshots.py [FOLDER], by default docs/img.

Needs the build folder as the tests do (BTBB_BUILD). SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import btbbtest  # noqa: E402  (needs the path above)
from desktop import Desktop, Wireshark  # noqa: E402

LIMIT = 200_000     # bytes
DEMO = btbbtest.sample("pandas_demo.pcapbtbb")


def take(desktop, folder, name):
    """The whole display, in a palette: small files."""
    raw, path = desktop.home / "raw.png", folder / f"{name}.png"
    previous = None
    for _ in range(20):     # until nothing changes any more
        desktop.picture(raw)
        if raw.read_bytes() == previous:
            break
        previous = raw.read_bytes()
        time.sleep(0.5)
    subprocess.run(["convert", str(raw), "+dither", "-colors", "255",
                    "-define", "png:compression-level=9",
                    f"PNG8:{path}"], check=True)
    if path.stat().st_size >= LIMIT:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes, more than {LIMIT}")
    print(path, path.stat().st_size)


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else btbbtest.REPO / "docs" / "img"
    folder.mkdir(parents=True, exist_ok=True)
    with Desktop("1000x640") as desktop:
        shark = Wireshark(desktop, "-r", DEMO, profile="Bluetooth Baseband")
        shark.install_profile()
        with shark:
            shark.loaded(4708)
            shark.fill(DEMO.name, 1000, 640)
            desktop.click((300, 260))
            take(desktop, folder, "packet-list")
            shark.choose("Statistics", *(["Bluetooth Baseband", "Clients"] if btbbtest.version() >= (4, 6)
                                         else ["BTBB Clients"]))
            shark.table("Clients", lambda rows: len(rows) == 3)
            shark.fill("Clients", 960, 260, 20, 300)
            take(desktop, folder, "clients")
            shark.close_one("Clients")
            shark.choose("Statistics", "I/O Graphs")
            shark.table("I/O Graphs", lambda rows: len(rows) == 19)
            shark.fill("I/O Graphs", 960, 620, 20, 10)
            take(desktop, folder, "io-graph")


main()
