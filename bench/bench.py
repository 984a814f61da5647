#!/usr/bin/python3
"""Measure what a packet and a client cost: instructions, seconds and peak memory of the statistics and of their baselines.

Prints Markdown tables; --write puts them into docs/performance.md. Compare ratios: all figures come from one run, and
seconds depend on the machine. Instructions (callgrind) are those of a capture of --count packets less those of one with a
hundredth of them, divided by the difference, so what is done once is excluded, such as loading the names of vendors.
Seconds are medians of whole processes that take turns, so that the load of the machine affects all of them. The exit
status is 1 when a bound is exceeded.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import collections
import concurrent.futures
import os
import re
import shlex
import shutil
import statistics
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parent
sys.path.insert(0, str(REPO / "tests"))
import btbbtest

PYTHON = "/usr/bin/python3"
NAMES = {"l": "legacy", "r": "LINKTYPE 255", "e": "ESP32"}
FORMATS = {"l": "legacy", "r": "bredr", "e": "esp32"}
FULL = (100_000, 1_000_000, 10_000_000)
TRAFFIC = {100_000: (300, 1, 4), 1_000_000: (3600, 2, 5), 10_000_000: (86400, 3, 6)}  # seconds, seed, busy clients
FEWER_RUNS = 1_000_000          # above: a third of the runs
CHECKED_FROM = 100_000          # packets or clients; below, the cost of the start hides everything

FLOOR, BARE, SCRIPT, NOTEBOOK = "-z credentials", "bare C reader", "struct and pandas", "the notebook (scapy, pandas)"

# `command`: arguments of tshark if it begins with "-". {f} is the capture, {halves} the same in two files. `of` is the
# baseline of the instructions and `bound` the largest allowed ratio, for each letter of `where`.
Row = collections.namedtuple("Row", "name where command of bound", defaults=(None, None))
VIEW = (1.05, 1.05, 1.05)
ROWS = (
    Row(FLOOR, "lre", "-z credentials", FLOOR),
    Row("-z btbb,lap", "lre", "-z btbb,lap", FLOOR, (1.00, 1.03, 1.03)),
    Row("-z btbb,summary", "lre", "-z btbb,summary", FLOOR, VIEW),
    Row("-z btbb,type", "lre", "-z btbb,type", FLOOR, VIEW),
    Row("-z btbb,lap-type", "lre", "-z btbb,lap-type", FLOOR, VIEW),
    Row("-z btbb,io", "lre", "-z btbb,io", FLOOR, VIEW),
    Row("-z btbb,io,by=lap", "lre", "-z btbb,io,by=lap,min=2", FLOOR, VIEW),
    Row("-z btbb,io,by=type", "lre", "-z btbb,io,by=type", FLOOR, VIEW),
    Row("-z btbb,channel", "lre", "-z btbb,channel", FLOOR, VIEW),
    Row("-z btbb,vendors", "lre", "-z btbb,vendors", FLOOR, VIEW),
    Row("-z btbb,report", "lre", "-z btbb,report,file={t}/report.html", FLOOR, VIEW),
    Row("-z btbb,lap with a filter", "lre", "-z btbb,lap,btbb.type==3", FLOOR, (1.20, 1.20, 1.20)),
    Row("-z btbb,lap with the profile", "lr", "-C 'Bluetooth Baseband' -z btbb,lap", FLOOR),
    Row("-z btbb,lap, idle protocols disabled", "lr", "-z btbb,lap --disable-protocol mate --disable-protocol transum "
        "--disable-protocol snort --disable-heuristic tte_eth --disable-heuristic fp_eth --disable-heuristic f5fileinfo", FLOOR),
    Row("-z io,stat,1", "lr", "-z io,stat,1", FLOOR),
    Row("-z endpoints,eth", "l", "-z endpoints,eth", FLOOR),
    Row("btbb lap", "lre", "{btbb} lap {f}", BARE, (4.00, 4.00, 5.00)),
    Row("btbb io --by=lap", "lre", "{btbb} io --by=lap --min=2 {f}", BARE, (4.00, 4.00, 5.00)),
    Row("btbb lap, two files, one core", "lr", "{btbb} lap -j 1 {halves}"),
    Row("btbb lap, two files, two cores", "lr", "{btbb} lap -j 2 {halves}"),
    Row(BARE, "lre", "{bare} {f}", BARE),
    Row(SCRIPT, "lr", PYTHON + " {here}/struct_pandas.py {f}", BARE),
    Row(NOTEBOOK, "l", PYTHON + " {here}/notebook_way.py {f}"),
)

# Bounds of seconds and memory: a row, the smallest capture that is checked, the unit, and the largest allowed value, or
# ratio to another row.
Limit = collections.namedtuple("Limit", "name packets unit most of", defaults=(None,))
LIMITS = (
    Limit("btbb lap", 1_000_000, "seconds", 0.10, SCRIPT),
    Limit("btbb io --by=lap", 10_000_000, "MiB", 100),
)

# Scenes: views as arguments of -z btbb and of the command.
SURVEY = ("summary", "lap", "lap,min=1,format=csv", "type", "lap-type", "io", "io,by=lap", "io,by=type", "channel", "vendors",
          "report")
DAYS = ("summary", "lap", "io", "io,interval=1000", "io,interval=86400", "io,by=lap,interval=86400", "report")
SECOND = ("summary", "lap", "io", "io,by=lap", "channel", "report")
DAYS_PACKETS, DAY = 3653, 86400     # ten years
CLIENT_BYTES, TIMES_TEN, ONE_CLIENT = 200, 20, 1.10

# Packets as rows. Bounds: of the instructions, of the CPU seconds and of the memory in MiB for a million packets. The column
# `class` is a word, so the first row shows what a packet costs before its numbers are printed.
Listing = collections.namedtuple("Listing", "row instructions seconds mib")
LISTINGS = (
    Listing(Row("btbb packets --columns=class", "lr", "{btbb} packets --columns=class --format=csv {f}", BARE), 8.0, None, None),
    Listing(Row("btbb packets", "lr", "{btbb} packets --format=csv {f}", BARE), None, 1.5, 40),
    Listing(Row("btbb packets --format=sqlite", "lr", "sh -c 'rm -f {t}/packets.db; exec {btbb} packets --format=sqlite "
                "-o {t}/packets.db {f}'"), None, 2.5, None),
    Listing(Row("btbb packets --columns=notebook, and pandas", "lr", PYTHON + " {here}/packets_pandas.py {btbb} {f}"), None, None, None),
    Listing(Row(BARE, "lr", "{bare} {f}", BARE), None, None, None),
)
LISTED = 1_000_000

# Clocks of piconets. A legacy capture of the benchmark has no clock of piconets; one of LINKTYPE 255 has channels that do not hop,
# so searches find nothing: the dearest case. The first row of each pair is without the search.
CLOCKS = (
    Row("btbb lap", "lr", "{btbb} lap {f}"),
    Row("btbb lap --clock=auto", "lr", "{btbb} lap --clock=auto {f}"),
    Row("btbb piconets", "lr", "{btbb} piconets {f}"),
    Row("-z btbb,lap", "lr", "-z btbb,lap"),
    Row("-z btbb,lap,clock=auto", "lr", "-z btbb,lap,clock=auto"),
    Row("-z btbb,piconets", "lr", "-z btbb,piconets"),
    Row("the packet list, -o btbb.clock:FALSE", "lr", "tshark -o btbb.clock:FALSE -r {f}"),
    Row("the packet list", "lr", "tshark -r {f}"),
)
CLOCKED = 20_000

Measured = collections.namedtuple("Measured", "seconds cpu mib status")


def ticks(name):
    """A row's name as the tables show it: arguments of `tshark -q -r FILE` are monospaced."""
    return f"`{name}`" if name.startswith("-") else name


class Bench:
    def __init__(self, args):
        self.args, self.lines, self.failed = args, [], []
        self.folder = btbbtest.tmpdir()
        self.words = {"t": self.folder, "here": HERE, "btbb": btbbtest.BUILD / "command" / "btbb"}
        for word, source in (("bare", "bare-reader.c"), ("measure", "measure.c")):
            self.words[word] = self.folder / word
            subprocess.run(["cc", "-O2", "-o", self.words[word], HERE / source], check=True)
        self.stock, self.ours = self.folder / "stock", self.folder / "ours"
        stock = subprocess.run(["pkg-config", "--variable=plugindir", "wireshark"], check=True, capture_output=True, text=True)
        for folder in (self.stock, self.ours):
            shutil.copytree(stock.stdout.strip(), folder / Path(stock.stdout.strip()).name,
                            ignore=shutil.ignore_patterns("btbb*.so"))
        shutil.copytree(btbbtest.BUILD / "plugins", self.ours, dirs_exist_ok=True)
        profiles = Path(btbbtest.environment()["HOME"]) / ".config" / "wireshark" / "profiles"
        shutil.copytree(REPO / "profile", profiles, dirs_exist_ok=True)

    def print(self, *lines):
        self.lines += lines
        print(*lines, sep="\n", flush=True)

    def table(self, head, rows):
        self.print("| " + " | ".join(head) + " |", "|---" * len(head) + "|", *("| " + " | ".join(cells) + " |" for cells in rows), "")

    def check(self, what, value, most, form="g"):
        """The bound as a cell, with a mark if the value exceeds it. A value of None is not checked."""
        if value is None or value <= most:
            return f"{most:{form}}"
        self.failed.append(f"{what}: {value:.3f}, the bound is {most:{form}}")
        return f"{most:{form}} **exceeded**"

    # --- Captures and commands

    def generate(self, name, *arguments):
        path = self.folder / f"{name}.pcap"
        if not path.exists():
            subprocess.run([PYTHON, HERE / "gen_capture.py", *map(str, arguments), "-o", path], check=True)
            path.chmod(0o644)
        return path

    def traffic(self, encapsulation, packets):
        seconds, seed, busy = TRAFFIC.get(packets, (max(1, packets // 300), 1, 4))
        return self.generate(f"{encapsulation}{packets}", "-n", packets, "-d", seconds, "--seed", seed, "--busy", busy,
                             "-f", FORMATS[encapsulation])

    def even(self, name, packets, clients, seconds, headers=True):
        return self.generate(name, "--even", "-n", packets, "--laps", max(clients, 1), "-d", seconds, "--id-share",
                             0 if headers else 1)

    @staticmethod
    def halves(capture):
        """The capture as two files, half of its packets in each."""
        paths = [capture.with_suffix(f".{number}.pcap") for number in (1, 2)]
        if not paths[0].exists():
            data = capture.read_bytes()
            starts, at = [], 24
            while at < len(data):
                starts.append(at)
                at += 16 + struct.unpack_from("<I", data, at + 8)[0]
            middle = starts[len(starts) // 2] if starts else 24
            for path, part in zip(paths, (data[24:middle], data[middle:])):
                path.write_bytes(data[:24] + part)
                path.chmod(0o644)
        return paths

    def command(self, row, capture):
        """(environment, words) of a row."""
        template = "tshark -q -r {f} " + row.command if row.command.startswith("-") else row.command
        if "{halves}" in template:
            template = template.replace("{halves}", shlex.join(map(str, self.halves(capture))))
        env = btbbtest.environment({"WIRESHARK_PLUGIN_DIR": self.stock if row.name == FLOOR else self.ours})
        return env, [word.format(f=capture, **self.words) for word in shlex.split(template)]

    def instructions(self, row, capture):
        env, words = self.command(row, capture)
        valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        done = subprocess.run(btbbtest.AS_USER + valgrind + words, env=env, cwd=self.folder, capture_output=True, text=True)
        collected = re.search(r"Collected : (\d+)", done.stderr)
        if done.returncode != 0 or not collected:
            raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr}")
        return int(collected.group(1))

    def measure(self, row, capture, output=subprocess.DEVNULL, may_fail=False):
        env, words = self.command(row, capture)
        result = self.folder / "measured"
        done = subprocess.run([self.words["measure"], result, *btbbtest.AS_USER, *words], env=env, cwd=self.folder,
                              stdout=output, stderr=output)
        seconds, cpu, kib, status = result.read_text(encoding="utf-8").split() if done.returncode == 0 else (0, 0, 0, -1)
        if int(status) != 0 and not may_fail:
            raise SystemExit(f"{' '.join(words)} failed with {status}")
        return Measured(float(seconds), float(cpu), int(kib) / 1024, int(status))

    # --- Traffic: what a packet costs

    def rows(self, encapsulation, baselines):
        """The selected rows that can run, and their baselines."""
        selected = [row for row in ROWS if re.search(self.args.rows, row.name) and not self.missing(row)]
        needed = {name for row in selected for name in baselines(row)}
        return [row for row in ROWS if encapsulation in row.where and (row in selected or row.name in needed)]

    def counted_rows(self, encapsulation):
        return [row for row in self.rows(encapsulation, lambda row: {row.of}) if row.of]

    def timed_rows(self, encapsulation):
        return self.rows(encapsulation, lambda row: {FLOOR} | {limit.of for limit in LIMITS if limit.name == row.name})

    def missing(self, row):
        if row.name != NOTEBOOK:
            return False
        return subprocess.run([PYTHON, "-c", "import scapy"], stderr=subprocess.DEVNULL).returncode != 0

    def instruction_table(self, encapsulation):
        """The rows run at the same time: other programs do not change the number of instructions."""
        rows = self.counted_rows(encapsulation)
        slopes, starts = self.slopes(rows, encapsulation, self.args.count)
        cells = []
        for row in rows:
            ratio, bound = slopes[row.name] / slopes[row.of], ""
            if row.bound:
                most = row.bound[row.where.index(encapsulation)]
                bound = self.check(f"{NAMES[encapsulation]}, {row.name}", ratio if self.args.count >= CHECKED_FROM else None, most, ".2f")
            cells.append([ticks(row.name), f"{slopes[row.name]:,.0f}", f"{ratio:.3f} of {ticks(row.of)}", bound,
                          f"{starts[row.name] / 1e6:,.1f}"])
        self.print(f"### {NAMES[encapsulation]}: instructions", "")
        self.table([f"command, {self.args.count:,} packets", "instructions per packet", "ratio", "bound", "start-up, millions"], cells)

    def slopes(self, rows, encapsulation, count):
        """Instructions per packet, and of the start, by name of row."""
        few = count // 100
        captures = [self.traffic(encapsulation, packets) for packets in (few, count)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            counts = list(pool.map(lambda row: [self.instructions(row, capture) for capture in captures], rows))
        slopes = {row.name: (whole - part) / (count - few) for row, (part, whole) in zip(rows, counts)}
        return slopes, {row.name: part - few * slopes[row.name] for row, (part, _) in zip(rows, counts)}

    def times(self, encapsulation, packets):
        """{name: Measured} of a size: median seconds and largest peak, the rows taken in turns."""
        rows = [row for row in self.timed_rows(encapsulation) if row.name != NOTEBOOK or packets <= 1_000_000]
        taken = collections.defaultdict(list)
        for _ in range(self.runs(packets)):
            for row in rows:
                taken[row.name].append(self.measure(row, self.traffic(encapsulation, packets)))
        return {name: Measured(statistics.median(one.seconds for one in runs), statistics.median(one.cpu for one in runs),
                               max(one.mib for one in runs), 0)
                for name, runs in taken.items()}

    def runs(self, packets):
        return self.args.runs if packets <= FEWER_RUNS else max(1, self.args.runs // 3)

    def time_table(self, encapsulation, sizes):
        measured = {packets: self.times(encapsulation, packets) for packets in sizes}
        cells = []
        for row in self.timed_rows(encapsulation):
            line = [ticks(row.name)]
            for packets in sizes:
                one, floor = measured[packets].get(row.name), measured[packets][FLOOR]
                line += [f"{one.seconds:.3g}", f"{one.seconds / floor.seconds:.3f}", f"{one.mib:.0f}"] if one else [""] * 3
            cells.append(line)
        self.print(f"### {NAMES[encapsulation]}: seconds and memory", "")
        self.table(["command"] + [title for packets in sizes for title in
                                  (f"{packets:,} packets: s", f"of `{FLOOR}`", "MiB")], cells)
        self.limit_table(measured)

    def limit_table(self, measured):
        cells = []
        for limit in LIMITS:
            for packets, rows in measured.items():
                if limit.name not in rows or (limit.of and limit.of not in rows):
                    continue
                value, of = self.limited(limit, rows)
                checked = packets >= limit.packets
                cells.append([ticks(limit.name), f"{packets:,}", f"{value:.3g} {of}",
                              self.check(f"{limit.name} at {packets:,} packets", value, limit.most) if checked else ""])
        self.table(["command", "packets", "seconds or memory", "bound"], cells)

    @staticmethod
    def limited(limit, rows):
        one = rows[limit.name]
        value = one.seconds if limit.unit == "seconds" else one.mib
        if not limit.of:
            return value, limit.unit
        return value / rows[limit.of].seconds, f"of the seconds of {limit.of}"

    # --- Packets as rows

    def listing(self, encapsulation, packets):
        slopes, cells = self.listing_slopes(encapsulation), []
        for one in LISTINGS:
            runs = [self.measure(one.row, self.traffic(encapsulation, packets)) for _ in range(self.args.runs)]
            seconds, cpu = (statistics.median(getattr(run, what) for run in runs) for what in ("seconds", "cpu"))
            mib, slope = max(run.mib for run in runs), slopes.get(one.row.name)
            bounds = ["" if most is None else
                      self.check(f"{NAMES[encapsulation]}, {one.row.name}, {unit}", value if packets >= LISTED else None, most)
                      for unit, value, most in (("instructions", slope and slope / slopes[BARE], one.instructions),
                                                ("CPU seconds", cpu, one.seconds), ("MiB", mib, one.mib))]
            cells.append([one.row.name, *((f"{slope:,.0f}", f"{slope / slopes[BARE]:.2f}") if slope else ("", "")), bounds[0],
                          f"{seconds:.3g}", f"{cpu:.3g}", bounds[1], f"{mib:.0f}", bounds[2]])
        self.print(f"### {NAMES[encapsulation]}: {packets:,} packets as rows", "")
        self.table(["command", "instructions per packet", f"of {BARE}", "bound", "seconds", "CPU s", "bound", "MiB", "bound"], cells)

    def listing_slopes(self, encapsulation):
        """Instructions per packet of the rows that have a baseline."""
        rows = [one.row for one in LISTINGS if one.row.of]
        return self.slopes(rows, encapsulation, self.args.count or CHECKED_FROM)[0]

    # --- Clocks of piconets

    def clocks(self, encapsulation, packets):
        """In CPU seconds, because a search takes minutes where instructions are counted. Searches end after a while, so the larger
        capture shows what each packet costs, and the smaller one what the searches do."""
        sizes, cells = (packets, 10 * packets), []
        for row in CLOCKS:
            runs = [[self.measure(row, self.traffic(encapsulation, size)) for _ in range(self.args.runs)] for size in sizes]
            small, large = (statistics.median(run.cpu for run in of_size) for of_size in runs)
            cells.append([ticks(row.name), f"{small:.3g}", f"{large:.3g}", f"{(large - small) / (sizes[1] - sizes[0]) * 1e6:.2f}",
                          f"{max(run.mib for of_size in runs for run in of_size):.0f}"])
        self.print(f"### {NAMES[encapsulation]}: clocks of piconets", "")
        self.table(["command", *(f"{size:,} packets: CPU s" for size in sizes), "us per packet", "MiB"], cells)

    # --- Scenes: what a client and an interval cost

    def both(self, views):
        """The selected rows of tshark and of the command for the views of a scene."""
        file = {"report": ",file={t}/report.html"}
        rows = [Row(f"-z btbb,{view}", "l", f"-z btbb,{view}{file.get(view, '')}") for view in views] + \
               [Row(f"btbb {view}", "l", f"{{btbb}} {view}{file.get(view, '')} {{f}}") for view in views]
        return [row for row in rows if re.search(self.args.rows, row.name)]

    @staticmethod
    def tenfold(tenth, whole, noise):
        """The whole divided by the tenth; None if both are too small to measure."""
        return whole / tenth if tenth > noise else None

    def survey(self, clients):
        """Bytes per client and growth of time and memory, against tshark's floor or an empty capture."""
        sizes = (0, clients // 10, clients)
        cells = {row.name: [ticks(row.name)] for row in self.both(SURVEY)}
        for headers in (False, True):
            captures = [self.even(f"survey{headers:d}{size}", size, size, 3600, headers) for size in sizes]
            floors = [self.measure(ROWS[0], capture) for capture in captures]
            for row in self.both(SURVEY):
                cells[row.name] += self.surveyed(f"{'headers' if headers else 'access codes'}, {row.name}", clients,
                                                 [self.measure(row, capture) for capture in captures],
                                                 floors if row.command.startswith("-") else None)
        self.print(f"### {clients:,} clients, each seen once", "")
        head = ["bytes per client", "bound", "memory of a tenth", "CPU time of a tenth", "CPU s"]
        self.table(["command", *(f"{kind}: {title}" if title == head[0] else title
                                 for kind in ("access codes", "headers") for title in head)], cells.values())

    def surveyed(self, what, clients, runs, floors):
        """Cells of one row for one kind of packets."""
        empty, tenth, whole = runs
        base = [one.mib for one in floors] if floors else [empty.mib] * 3
        per_client = (whole.mib - base[2]) * 2**20 / clients
        memory = self.tenfold(tenth.mib - base[1], whole.mib - base[2], 1)
        cpu = self.tenfold(tenth.cpu - empty.cpu, whole.cpu - empty.cpu, 0.02)
        bound = self.check(f"{what}: bytes per client", per_client if clients >= CHECKED_FROM else None, CLIENT_BYTES)
        self.check(f"{what}: memory of ten times the clients", memory, TIMES_TEN)
        self.check(f"{what}: time of ten times the clients", cpu if clients >= CHECKED_FROM else None, TIMES_TEN)
        return [f"{per_client:.0f}", bound, self.times_cell(memory), self.times_cell(cpu), f"{whole.cpu:.2f}"]

    @staticmethod
    def times_cell(ratio):
        return "" if ratio is None else f"{ratio:.1f} x"

    def days(self):
        """One packet a day for ten years, against an empty capture."""
        long = self.even("days", DAYS_PACKETS, 1, DAYS_PACKETS * DAY)
        empty = self.even("survey00", 0, 0, 3600, False)
        cells = []
        for row in self.both(DAYS):
            printed = self.folder / "printed"
            with printed.open("wb") as output:
                one = self.measure(row, long, output, may_fail=True)
            text = printed.read_text(encoding="utf-8", errors="replace")
            refused = re.search(r"gives (\d+) rows, more than \d+", text)
            if one.status != 0 and not refused:
                raise SystemExit(f"{row.name} failed with {one.status}: {text}")
            start = self.measure(row, empty)
            result = "one page" if "report" in row.name else f"{text.count(chr(10)):,} lines"
            cells.append([ticks(row.name), f"refused: {int(refused[1]):,} rows" if refused else result, f"{one.cpu:.2f}",
                          f"{one.cpu - start.cpu:.2f}", f"{one.mib:.0f}", f"{one.mib - start.mib:.1f}"])
        self.print("### One packet a day for ten years", "")
        self.table(["command", "prints", "CPU s", "over an empty capture", "MiB", "over an empty capture"], cells)

    def second(self, packets):
        """One client with all packets in one second: memory does not grow, time grows with the packets."""
        captures = [self.even(f"second{size}", size, 1, 1) for size in (0, packets // 10, packets)]
        cells = []
        for row in [ROWS[0], *self.both(SECOND)]:
            empty, tenth, whole = (self.measure(row, capture) for capture in captures)
            cpu = self.tenfold(tenth.cpu - empty.cpu, whole.cpu - empty.cpu, 0.02)
            bound = self.check(f"one second, {row.name}: memory of ten times the packets",
                               whole.mib / tenth.mib if packets >= CHECKED_FROM else None, ONE_CLIENT, ".2f")
            self.check(f"one second, {row.name}: time of ten times the packets", cpu if packets >= CHECKED_FROM else None, TIMES_TEN)
            cells.append([ticks(row.name), f"{tenth.mib:.0f}", f"{whole.mib:.0f}", f"{whole.mib / tenth.mib:.2f} x", bound,
                          f"{whole.cpu:.2f}", self.times_cell(cpu)])
        self.print(f"### One client, {packets:,} packets in one second", "")
        self.table(["command", f"{packets // 10:,} packets: MiB", f"{packets:,}: MiB", "memory of a tenth", "bound", "CPU s",
                    "CPU time of a tenth"], cells)

    # --- All of it

    def machine(self):
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        model = re.search(r"^model name\s*: (.*)$", info, re.M)
        cores = len(re.findall(r"^processor\s*:", info, re.M))
        return f"{cores} cores, {model[1].strip() if model else 'of an unnamed model'}"

    def run(self):
        args = self.args
        sizes = FULL if args.full else (args.wall,) if args.wall else ()
        self.print(f"TShark {'.'.join(map(str, btbbtest.version()))}; {self.machine()}. "
                 + (f"Instructions at {args.count:,} packets. " if args.count else "")
                 + (f"Seconds: {', '.join(f'{self.runs(size)} runs at {size:,} packets' for size in sizes)}." if sizes else ""))
        for row in ROWS:
            if self.missing(row):
                self.print(f"Left out: {row.name}, because the Debian package python3-scapy is not installed.")
        self.print("")
        for encapsulation in args.encapsulation if args.count else "":
            self.instruction_table(encapsulation)
        for encapsulation in args.encapsulation if sizes else "":
            self.time_table(encapsulation, sizes)
        for encapsulation in args.encapsulation.replace("e", "") if args.packets else "":
            self.listing(encapsulation, args.packets)
        for encapsulation in args.encapsulation if args.clocks else "":
            self.clocks(encapsulation, args.clocks)
        if args.scenes:
            self.survey(args.scenes)
            self.days()
            self.second(10 * args.scenes)
        if self.failed:
            self.print("Bounds that are exceeded:", "", *(f"- {what}" for what in self.failed))
        else:
            self.print("No bound is exceeded.")


BEGIN, END = "<!-- bench.py: begin -->\n", "<!-- bench.py: end -->\n"


def replace_section(path, lines):
    """Replace the tables between the two marks of a page."""
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise SystemExit(f"{path} does not have the lines {BEGIN.strip()} and {END.strip()}, once each")
    before, _, rest = text.partition(BEGIN)
    section = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    path.write_text(before + BEGIN + "\n" + section + "\n\n" + END + rest.partition(END)[2], encoding="utf-8")


def encapsulations(letters):
    if not letters or set(letters) - set(NAMES):
        raise argparse.ArgumentTypeError(f"{letters!r}: must be some of {', '.join(NAMES)}")
    return letters


def parser_of_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                     epilog=f"Bounds of instructions and of surveys are checked from {CHECKED_FROM:,} packets or clients on.")
    parser.add_argument("--full", action="store_true", help="seconds and memory at 100 thousand, 1 million and 10 million packets")
    parser.add_argument("--scenes", type=int, nargs="?", const=1_000_000, metavar="N",
                        help="N clients seen once (default: a million), a packet a day for ten years, ten times N in a second")
    parser.add_argument("--packets", type=int, nargs="?", const=LISTED, metavar="N",
                        help="packets as rows, of captures with N of them (default: a million)")
    parser.add_argument("--clocks", type=int, nargs="?", const=CLOCKED, metavar="N",
                        help="the search for clocks, of captures with N packets (default: 20,000)")
    parser.add_argument("--count", type=int, default=100_000, help="packets for counting instructions; 0: do not count")
    parser.add_argument("--wall", type=int, default=1_000_000, help="packets for seconds and memory; 0: do not time")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command for seconds")
    parser.add_argument("--encapsulation", type=encapsulations, default="lre", metavar="LETTERS",
                        help="l: legacy, r: LINKTYPE 255, e: ESP32 (default: lre)")
    parser.add_argument("--rows", default="", metavar="REGEX", help="only these commands, and the baselines that they need")
    parser.add_argument("--write", type=Path, metavar="FILE", help="replace the tables of this page, too")
    return parser


def main():
    args = parser_of_arguments().parse_args()
    if args.write:
        replace_section(args.write, args.write.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].splitlines())
    bench = Bench(args)
    bench.run()
    if args.write:
        replace_section(args.write, bench.lines)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
