#!/usr/bin/python3
"""What a packet costs: instructions (callgrind), wall time and peak memory of the statistics and of their yardsticks.

Every figure of one table comes from one run on one machine; read the ratios, not the seconds. Instructions are those of
a capture of --count packets minus those of an empty one, divided by the packets: start-up is out. Wall times are medians
of --runs whole processes at --wall packets, taken in turns, so that whatever else the machine does falls on all alike.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parent
sys.path.insert(0, str(REPO / "tests"))
import btbbtest

FLOOR = "-z credentials"
# name, encapsulations it runs on, command; {f} is the capture. Rows named in TARGETS carry a bound against the floor.
TSHARK = [
    (FLOOR, "lr", "-z credentials"),
    ("-z btbb,lap", "lr", "-z btbb,lap"),
    ("-z btbb,summary", "lr", "-z btbb,summary"),
    ("-z btbb,type", "lr", "-z btbb,type"),
    ("-z btbb,lap-type", "lr", "-z btbb,lap-type"),
    ("-z btbb,io", "lr", "-z btbb,io"),
    ("-z btbb,io,by=lap", "lr", "-z btbb,io,by=lap,min=2"),
    ("-z btbb,io,by=type", "lr", "-z btbb,io,by=type"),
    ("-z btbb,channel", "lr", "-z btbb,channel"),
    ("-z btbb,report", "lr", "-z btbb,report,file={t}/report.html"),
    ("-z btbb,lap with a filter", "lr", "-z btbb,lap,btbb.type==3"),
    ("-z io,stat,1", "lr", "-z io,stat,1"),
    ("-z endpoints,eth", "l", "-z endpoints,eth"),
]
TARGETS = {("l", "-z btbb,lap"): 1.00, ("r", "-z btbb,lap"): 1.03}
TARGET_VIEW, TARGET_FILTER = 1.05, 1.20
OTHERS = [
    ("btbb lap", "lr", "{btbb} lap {f}"),
    ("btbb io --by=lap", "lr", "{btbb} io --by=lap --min=2 {f}"),
    ("bare C reader", "lr", "{bare} {f}"),
    ("struct and pandas", "l", "/usr/bin/python3 {here}/struct_pandas.py {f}"),
    ("the notebook (scapy, pandas)", "l", "/usr/bin/python3 {here}/notebook_way.py {f}"),
]
NAMES = {"l": "legacy", "r": "LINKTYPE 255"}
FORMATS = {"l": "legacy", "r": "bredr"}


class Bench:
    def __init__(self, args):
        self.args = args
        self.folder = btbbtest.tmpdir()
        self.words = {"t": self.folder, "here": HERE, "btbb": btbbtest.BUILD / "command" / "btbb", "bare": self.folder / "bare"}
        subprocess.run(["cc", "-O2", "-o", self.words["bare"], HERE / "bare_reader.c"], check=True)
        self.stock, self.ours = self.folder / "stock", self.folder / "ours"
        stock = subprocess.run(["pkg-config", "--variable=plugindir", "wireshark"], check=True, capture_output=True, text=True)
        for folder in (self.stock, self.ours):
            shutil.copytree(stock.stdout.strip(), folder / Path(stock.stdout.strip()).name,
                            ignore=shutil.ignore_patterns("btbb*.so"))
        shutil.copytree(btbbtest.BUILD / "plugins", self.ours, dirs_exist_ok=True)

    def capture(self, encapsulation, packets):
        path = self.folder / f"{encapsulation}{packets}.pcap"
        if not path.exists():
            hours = {100_000: (300, 1, 4), 1_000_000: (3600, 2, 5), 10_000_000: (86400, 3, 6)}
            seconds, seed, busy = hours.get(packets, (max(1, packets // 300), 1, 4))
            subprocess.run(["/usr/bin/python3", HERE / "gen_capture.py", "-n", str(packets), "-d", str(seconds), "--seed", str(seed),
                            "--busy", str(busy), "-f", FORMATS[encapsulation], "-o", path], check=True)
            path.chmod(0o644)
        return path

    def command(self, name, template, capture):
        """(environment, words) of a row."""
        if template.startswith("-z"):
            template = "tshark -q -r {f} " + template
        plugins = self.stock if name == FLOOR else self.ours
        env = btbbtest.environment({"WIRESHARK_PLUGIN_DIR": plugins})
        return env, [word.format(f=capture, **self.words) for word in template.split()]

    def instructions(self, name, template, encapsulation):
        counts = []
        for packets in (0, self.args.count):
            env, words = self.command(name, template, self.capture(encapsulation, packets))
            valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.folder}/callgrind"]
            done = subprocess.run(btbbtest.AS_USER + valgrind + words, env=env, cwd=self.folder, capture_output=True, text=True)
            collected = re.search(r"Collected : (\d+)", done.stderr)
            if done.returncode != 0 or not collected:
                raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr}")
            counts.append(int(collected.group(1)))
        return (counts[1] - counts[0]) / self.args.count

    def wall_once(self, name, template, capture):
        """(seconds, peak MiB) of one run."""
        env, words = self.command(name, template, capture)
        start = time.monotonic()
        with open(os.devnull, "wb") as null:
            child = subprocess.Popen(btbbtest.AS_USER + words, env=env, cwd=self.folder, stdout=null, stderr=null)
            _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            raise SystemExit(f"{' '.join(words)} failed with {status}")
        return time.monotonic() - start, usage.ru_maxrss / 1024

    def wall(self, rows, encapsulation):
        """{name: (median seconds, largest peak MiB)}, the rows taken in turns."""
        capture = self.capture(encapsulation, self.args.wall)
        taken = {name: [] for name, _ in rows}
        for _ in range(self.args.runs):
            for name, template in rows:
                taken[name].append(self.wall_once(name, template, capture))
        return {name: (statistics.median(s for s, _ in runs), max(m for _, m in runs)) for name, runs in taken.items()}

    def table(self, encapsulation):
        rows = [(name, template) for name, where, template in TSHARK + OTHERS
                if encapsulation in where and not self.missing(name)]
        counts = {name: self.instructions(name, template, encapsulation) for name, template in rows} if self.args.count else {}
        walls = self.wall(rows, encapsulation) if self.args.wall else {}
        print(f"\n### {NAMES[encapsulation]}\n")
        print("| command | instructions per packet | of the floor | bound | seconds | of the floor | peak MiB |")
        print("|---|---|---|---|---|---|---|")
        failed = False
        for name, _ in rows:
            ratio = counts[name] / counts[FLOOR] if counts else None
            bound = self.bound(encapsulation, name)
            failed |= bool(ratio and bound and ratio > bound)
            cells = [f"`{name}`" if name[0] == "-" else name]
            cells += [f"{counts[name]:,.0f}", f"{ratio:.3f}"] if counts else ["", ""]
            cells += [f"{bound:.2f}" if bound else ""]
            cells += [f"{walls[name][0]:.2f}", f"{walls[name][0] / walls[FLOOR][0]:.3f}", f"{walls[name][1]:.0f}"] if walls else [""] * 3
            print("| " + " | ".join(cells) + " |", flush=True)
        return not failed

    @staticmethod
    def bound(encapsulation, name):
        if not name.startswith("-z btbb"):
            return None
        return TARGETS.get((encapsulation, name)) or (TARGET_FILTER if "filter" in name else TARGET_VIEW)

    def missing(self, name):
        if not name.startswith("the notebook"):
            return False
        found = self.args.notebook and subprocess.run(["/usr/bin/python3", "-c", "import scapy"], stderr=subprocess.DEVNULL).returncode == 0
        if not found:
            print(f"left out: {name}: {'Debian package python3-scapy is not installed' if self.args.notebook else 'ask with --notebook'}",
                  file=sys.stderr)
        return not found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000, help="packets for counting instructions; 0: do not count")
    parser.add_argument("--wall", type=int, default=1_000_000, help="packets for wall time and memory; 0: do not time")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command for wall time")
    parser.add_argument("--encapsulation", choices=("l", "r", "lr"), default="lr", help="legacy, LINKTYPE 255, or both")
    parser.add_argument("--notebook", action="store_true", help="time the notebook's way too (scapy: slow)")
    bench = Bench(parser.parse_args())
    print(f"{bench.args.count:,} packets for instructions, {bench.args.wall:,} for seconds and memory; "
          f"TShark {'.'.join(map(str, btbbtest.version()))}")
    good = [bench.table(encapsulation) for encapsulation in bench.args.encapsulation]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
