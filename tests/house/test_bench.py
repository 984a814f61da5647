"""The benchmark runs, its captures hold what they should, and docs/performance.md has its rows and bounds.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import re
import shlex
import subprocess

import pytest

import btbbtest

import bench
import capture_rows
import gen_capture

PAGE = btbbtest.REPO / "docs" / "performance.md"
NUMBER = r"-?[\d,]+(\.\d+)?(e[+-]\d+)?"


def generate(path, *arguments):
    gen_capture.main([*map(str, arguments), "-o", str(path)])
    return path.read_bytes()


def tables(text):
    """{heading: [table, ...]}; a table is a list of rows, the titles first, each a list of cells."""
    found, heading, inside = collections.defaultdict(list), None, False
    for line in text.splitlines():
        if line.startswith("### "):
            heading = line[4:]
        if line.startswith("| "):
            if not inside:
                found[heading].append([])
            found[heading][-1].append(line[2:-2].split(" | "))
        inside = line.startswith("|")
    return dict(found)


def names(table):
    return [row[0].strip("`") for row in table[1:]]


# --- Captures

def test_traffic_is_the_same_every_time(workdir):
    once, again, other = (generate(workdir / "a.pcap", "-n", 2000, "-d", 60, "--seed", seed) for seed in (1, 1, 2))
    assert once == again != other


def test_traffic_is_as_the_page_describes(workdir):
    """Packets, LAPs and access codes of the capture that instructions are counted with."""
    rows = capture_rows.rows(generate(workdir / "l.pcap", "-n", 100_000, "-d", 300))
    packets = collections.Counter(row["lap"] for row in rows)
    assert len(rows) == 100_000
    assert len(packets) == 2075 and list(packets.values()).count(1) == 2035
    assert sum(row["type"] is None for row in rows) == 59_928
    assert len({row["lap"] for row in rows if row["type"]}) == 4
    assert rows[-1]["time"] - rows[0]["time"] == 301


def test_both_link_types_hold_the_same_packets(workdir):
    legacy, rf = ([(row["time"], row["lap"], row["type"]) for row in
                   capture_rows.rows(generate(workdir / form, "-n", 3000, "-d", 9, "-f", form))] for form in ("legacy", "bredr"))
    assert len(legacy) == 3000 and legacy == rf


def test_an_esp32_logs_one_connection_after_the_other(workdir):
    """Ten connections of 5,000 packets with four devices, whose names and addresses the command finds."""
    path = workdir / "esp32.pcap"
    data = generate(path, "-n", 50_000, "-d", 100, "-f", "esp32")
    kinds = collections.Counter((frame[11] >> 3 & 15, frame[13] & 3) for _, _, frame in capture_rows.frames(data))
    lmp = sum(count for (code, llid), count in kinds.items() if code != 2 and llid == 3)
    assert sum(count for (code, _), count in kinds.items() if code == 2) == 20 and 14_000 < lmp < 16_000
    printed = btbbtest.run(btbbtest.BUILD / "command" / "btbb", "lap", "--format=csv", path).stdout.splitlines()
    titles, *clients = [line.split(",") for line in printed]
    found = {row[titles.index("name")]: int(row[titles.index("packets")]) for row in clients}
    assert found == {"Device number 0": 14_994, "Device number 1": 14_994, "Device number 2": 9_996, "Device number 3": 9_996, "": 20}


@pytest.mark.parametrize("form", ["legacy", "bredr"])
@pytest.mark.parametrize("share", [0, 1])
def test_a_survey_has_each_client_once(form, share, workdir):
    path = workdir / "survey.pcap"
    data = generate(path, "--even", "-n", 5_000, "--laps", 5_000, "-d", 100, "--id-share", share, "-f", form)
    rows = capture_rows.rows(data)
    assert len(rows) == len({row["lap"] for row in rows}) == 5_000
    assert sum(row["type"] is None for row in rows) == (5_000 if share else 0)
    times = [time_ns for _, time_ns, _ in capture_rows.frames(data)]
    assert times[0] == 1339621571 * 10**9 and {later - earlier for earlier, later in zip(times, times[1:])} == {20_000_000}
    summary = dict(line.split(",", 1) for line in
                   btbbtest.tshark("-q", "-r", path, "-z", "btbb,summary,format=csv").stdout.splitlines())
    assert (summary["hec_good"], summary["hec_bad"], summary["crc_good"], summary["crc_bad"]) == \
        (("0", "0", "0", "0") if share else ("5000", "0", "2500", "0"))


def test_no_lap_of_a_survey_comes_twice():
    """Not even of the largest: the multiplier and the range have no common divisor."""
    assert gen_capture.LAP_RANGE % 7919 and all(7919 % divisor for divisor in range(2, 89))
    with pytest.raises(SystemExit):
        gen_capture.parse_args(["-o", "x", "--even", "--id-share", "1", "--laps", str(gen_capture.LAP_RANGE + 1)])


def test_a_packet_a_day(workdir):
    data = generate(workdir / "days.pcap", "--even", "-n", 3653, "--laps", 1, "-d", 3653 * 86400, "--id-share", 0)
    times = [time_ns for _, time_ns, _ in capture_rows.frames(data)]
    assert {later - earlier for earlier, later in zip(times, times[1:])} == {86400 * 10**9}
    assert len(times) == 3653 and len({row["lap"] for row in capture_rows.rows(data)}) == 1


# --- The command

@pytest.fixture(scope="module")
def small():
    """(page, what was printed) of a small run."""
    page = btbbtest.tmpdir() / "page.md"
    page.write_text(f"before\n{bench.BEGIN}what was there\n{bench.END}after\n", encoding="utf-8")
    done = subprocess.run(["/usr/bin/python3", bench.HERE / "bench.py", "--count", "2000", "--wall", "20000", "--runs", "1", "--scenes",
                           "2000", "--packets", "2000", "--encapsulation", "r", "--rows", "^btbb io", "--write", page], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return page.read_text(encoding="utf-8"), done.stdout


def test_small_run(small):
    found = tables(small[1])
    assert list(found) == ["LINKTYPE 255: instructions", "LINKTYPE 255: seconds and memory",
                           "LINKTYPE 255: 2,000 packets as rows", "2,000 clients, each seen once", "One packet a day for ten years", "One client, 20,000 packets in one second"]
    [instructions] = found["LINKTYPE 255: instructions"]
    times, limits = found["LINKTYPE 255: seconds and memory"]
    assert names(instructions) == ["btbb io --by=lap", "bare C reader"]
    assert names(times) == ["-z credentials", "btbb io --by=lap"]
    assert names(limits) == ["btbb io --by=lap"]
    command, bare = ([float(cell.split()[0].replace(",", "")) for cell in (row[1], row[2], row[4])] for row in instructions[1:])
    assert 40 < bare[0] < 200 < command[0] < 4_000 and command[1] == pytest.approx(command[0] / bare[0], rel=0.01)
    assert bare[2] < 1 < command[2] < 50
    assert [row[3] for row in instructions] == ["bound", "4.00", ""]
    floor, command = ([float(cell) for cell in row[1:]] for row in times[1:])
    assert floor[2] > 50 > command[2] > 4
    assert floor[1] == 1 > command[1]


def test_small_listing(small):
    [table] = tables(small[1])["LINKTYPE 255: 2,000 packets as rows"]
    assert names(table) == [one.row.name for one in bench.LISTINGS]
    cells = {row[0]: row[1:] for row in table[1:]}
    class_only, numbers, bare = (float(cells[name][0].replace(",", "")) for name in
                                 ("btbb packets --columns=class", "btbb packets", bench.BARE))
    assert 40 < bare < class_only < numbers < 10_000
    assert float(cells["btbb packets --columns=class"][1]) == pytest.approx(class_only / bare, rel=0.05)
    assert [row[3] for row in table[1:]] == ["8", "", "", "", ""] and [row[6] for row in table[1:]] == ["", "1.5", "2.5", "", ""]
    assert all(float(row[4]) > 0 and float(row[7]) > 1 for row in table[1:])


def test_small_scenes(small):
    found = tables(small[1])
    for heading, views in (("2,000 clients, each seen once", bench.SURVEY), ("One packet a day for ten years", bench.DAYS),
                           ("One client, 20,000 packets in one second", bench.SECOND)):
        [table] = found[heading]
        assert names(table) == ["-z credentials"] * ("One client" in heading) + \
            [f"btbb {view}" for view in views if view.startswith("io")]
    days = {row[0]: row[1] for row in found["One packet a day for ten years"][0]}
    assert days["btbb io"] == "refused: 315,532,801 rows"
    assert days["btbb io,interval=86400"] == "3,655 lines"


def test_write_leaves_the_rest(small):
    page, printed = small
    before, section, after = re.fullmatch(rf"(.*){bench.BEGIN}(.*){bench.END}(.*)", page, re.S).groups()
    assert (before, after) == ("before\n", "after\n")
    assert section.strip() == re.sub(r"\n{3,}", "\n\n", printed).strip() and "what was there" not in page


@pytest.mark.parametrize("text", ["nothing\n", bench.BEGIN, bench.BEGIN + bench.END + bench.END])
def test_a_page_without_marks_stays_as_it_is(text, workdir):
    page = workdir / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match="does not have the lines"):
        bench.replace_section(page, ["new"])
    assert page.read_text(encoding="utf-8") == text


def test_more_than_the_bound_fails():
    check = bench.Bench.check
    class Some:
        failed = []
    assert check(Some, "this", 1.05, 1.05, ".2f") == "1.05" and check(Some, "that", None, 1.05, ".2f") == "1.05" and not Some.failed
    assert check(Some, "that", 1.051, 1.05, ".2f") == "1.05 **exceeded**"
    assert Some.failed == ["that: 1.051, the bound is 1.05"]


def test_memory_is_that_of_the_command_alone(workdir):
    """Python takes more than true, and its peak must not count."""
    subprocess.run(["cc", "-O2", "-o", workdir / "measure", bench.HERE / "measure.c"], check=True)
    ballast = bytearray(100 << 20)
    for command, status in ((["true"], "0"), (["sh", "-c", "exit 3"], "3"), (["/no/such/program"], "127")):
        subprocess.run([workdir / "measure", workdir / "out", *command], check=True)
        seconds, cpu, kib, code = (workdir / "out").read_text(encoding="utf-8").split()
        assert float(cpu) <= 5 and 0 < float(seconds) < 30 and int(kib) < 10_000 and code == status
    assert len(ballast)


# --- The page

def on_the_page():
    return PAGE.read_text(encoding="utf-8").partition(bench.BEGIN)[2].partition(bench.END)[0]


def test_the_command_of_the_page_exists():
    [command] = btbbtest.shell_blocks("performance.md")
    program, *arguments = shlex.split(command)
    assert (btbbtest.REPO / program).samefile(bench.__file__) and (btbbtest.REPO / program).stat().st_mode & 0o111
    assert bench.parser_of_arguments().parse_args(arguments).write.name == "performance.md"


def may_be_left_out(rows, text):
    return [row for row in rows if row.name != bench.NOTEBOOK or f"Left out: {row.name}" not in text]


@pytest.mark.parametrize("encapsulation", "lr")
def test_listings_of_the_page(encapsulation):
    [table] = tables(on_the_page())[f"{bench.NAMES[encapsulation]}: {bench.LISTED:,} packets as rows"]
    assert names(table) == [one.row.name for one in bench.LISTINGS]
    for row, one in zip(table[1:], bench.LISTINGS):
        bounds = [cell.split(" ")[0] for cell in (row[3], row[6], row[8])]
        assert bounds == ["" if most is None else f"{most:g}" for most in (one.instructions, one.seconds, one.mib)]


@pytest.mark.parametrize("encapsulation", "lre")
def test_rows_and_bounds_of_the_page(encapsulation):
    text = on_the_page()
    found = tables(text)
    if not any(heading.startswith(bench.NAMES[encapsulation]) for heading in found):
        pytest.skip(f"docs/performance.md has no tables of {bench.NAMES[encapsulation]}")
    rows = may_be_left_out([row for row in bench.ROWS if encapsulation in row.where], text)
    heading = f"{bench.NAMES[encapsulation]}: instructions"
    assert (heading in found) == ("Instructions at" in text)
    [instructions] = found.get(heading, [[["command"]]])
    counted = [row for row in rows if row.of] if heading in found else []
    assert names(instructions) == [row.name for row in counted]
    for row, cells in zip(counted, instructions[1:]):
        most = row.bound[row.where.index(encapsulation)] if row.bound else None
        assert re.fullmatch(NUMBER, cells[1]) and re.fullmatch(NUMBER, cells[4])
        ratio, of = re.fullmatch(r"([\d.]+) of `?(.*?)`?", cells[2]).groups()
        assert of == row.of
        assert cells[3] == ("" if most is None else f"{most:.2f}" if float(ratio) <= most else f"{most:.2f} **exceeded**")
    times, limits = found[f"{bench.NAMES[encapsulation]}: seconds and memory"]
    assert names(times) == [row.name for row in rows]
    sizes = [int(title.split()[0].replace(",", "")) for title in times[0] if "packets: s" in title]
    limited = [limit for limit in bench.LIMITS if not limit.of or limit.of in names(times) for _ in sizes]
    assert names(limits) == [limit.name for limit in limited]
    for limit, (_, packets, value, bound) in zip(limited, limits[1:]):
        checked = int(packets.replace(",", "")) >= limit.packets
        assert bound.split(" ")[0] == (f"{limit.most:g}" if checked else "")
        assert not checked or (float(value.split()[0]) > limit.most) == ("exceeded" in bound)


def test_scenes_of_the_page():
    found = tables(on_the_page())
    for pattern, views in (("clients, each seen once", bench.SURVEY), ("One packet a day", bench.DAYS), ("packets in one second", bench.SECOND)):
        [heading] = [heading for heading in found if pattern in heading]
        [table] = found[heading]
        assert names(table) == [bench.FLOOR] * ("second" in pattern) + [f"{program} {view}".replace("-z btbb ", "-z btbb,")
                                                                        for program in ("-z btbb", "btbb") for view in views]
    bounds = {cell.split()[0] for row in found[[heading for heading in found if "each seen once" in heading][0]][0][1:]
              for cell in (row[2], row[7])}
    assert bounds == {str(bench.CLIENT_BYTES)}


def test_exceeded_bounds_are_listed():
    text = on_the_page()
    listed = re.findall(r"^- .*: [\d.]+, the bound is ", text, re.M)
    assert ("No bound is exceeded." in text) == (not listed)
    assert len(listed) >= text.count("**exceeded**")
