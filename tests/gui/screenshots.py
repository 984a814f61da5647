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
from test_tables import menu_path  # noqa: E402

LIMIT = 200_000     # bytes
DEMO = btbbtest.sample("pandas_demo.pcapbtbb")


def take(shark, folder, name, title):
    """The window with this title and its frame, in a palette: small files."""
    desktop = shark.desktop
    raw, path = desktop.home / "raw.png", folder / f"{name}.png"
    previous = None
    for _ in range(20):     # until nothing changes any more
        desktop.picture(raw, shark.number(title))
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
    with Desktop("1400x800", manager="openbox") as desktop:
        shark = Wireshark(desktop, "-r", DEMO, profile="Bluetooth Baseband")
        shark.install_profile()
        with shark:
            shark.loaded(4708)
            shark.fill(DEMO.name, 1380, 640)
            desktop.click(shark.ask("place", "", "2.073199", "Packet list"))
            details = "Bluetooth Baseband, ed:1d:9c, DH1"
            shark.until(details, lambda: desktop.click(shark.ask("place", "", details, "Packet details")) is None)
            desktop.key("Right")
            take(shark, folder, "packet-list", DEMO.name)
            shark.choose(*menu_path("Clients"))
            shark.table("Clients", lambda rows: len(rows) == 3)
            shark.fill("Clients", 1000, 240, 20, 100)
            take(shark, folder, "clients", "Clients")
            shark.close_one("Clients")
            shark.choose("Statistics", "I/O Graphs")
            shark.table("I/O Graphs", lambda rows: len(rows) == 20)
            shark.fill("I/O Graphs", 1100, 680, 20, 40)
            take(shark, folder, "io-graph", "I/O Graphs")


main()
