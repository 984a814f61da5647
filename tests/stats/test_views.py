"""-z btbb,... in the real tshark: what it prints, where it prints it, and how it refuses.

The numbers themselves are computed independently in tests/notebook/; the layout of every view is in
tests/core/test-print.c.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import json
import re
import shutil
import signal
import subprocess

import pytest

import btbb_encode as encode
import btbbtest

VIEWS = "summary, lap, type, lap-type, io, channel, signal, vendors, links, findings, timeline, piconets, report, packets"
LAP_KEYS = "min, top, sort, ids, lap, from, to, clock, keys, format, file"
LAP_HEADER = "lap,uap,nap,vendor,name,packets,id,non_id,undecoded,to_master,from_master,first,last"


def z(capture, *arguments, extra=(), **options):
    """What tshark prints for one -z btbb,... each."""
    words = [word for argument in arguments for word in ("-z", "btbb," + argument)]
    return btbbtest.tshark("-r", capture, "-q", *words, *extra, **options).stdout


def rows(capture, argument, **options):
    return list(csv.DictReader(z(capture, argument + ",format=csv", **options).splitlines()))


# The main job

MOUSE = """\
LAP       UAP  NAP    Vendor  Packets  ID  Header  To Central  From Central  First     Last
48:31:dd  61   00:00               57   7      50          18            32  17:52:42  17:53:07
"""
MOUSE_STRAYS = """\
0f:7e:e3  00   00:00                1   1       0           0             0  17:53:06  17:53:06
3f:e3:76  00   00:00                1   1       0           0             0  17:52:56  17:52:56
7c:78:04  00   00:00                1   1       0           0             0  17:53:07  17:53:07
8c:03:c0  00   00:00                1   1       0           0             0  17:52:51  17:52:51
91:69:9f  00   00:00                1   1       0           0             0  17:53:08  17:53:08
bc:98:8c  00   00:00                1   1       0           0             0  17:52:56  17:52:56
bd:a0:81  00   00:00                1   1       0           0             0  17:53:03  17:53:03
c3:11:de  00   00:00                1   1       0           0             0  17:52:59  17:52:59
"""
MOUSE_DAY = "Local time, 2011-10-17, UTC+00:00\n"


def test_real_capture():
    mouse = btbbtest.shared("captures/btbb-sample-mouse.pcap")
    assert z(mouse, "lap,min=1") == MOUSE + MOUSE_STRAYS + MOUSE_DAY
    assert z(mouse, "lap") == MOUSE + "8 clients seen once are not shown\n" + MOUSE_DAY
    assert z(mouse, "lap,format=csv") == (LAP_HEADER + "\n48:31:dd,61,00:00,,,57,7,50,0,18,32,"
                                          "1318873962.330676,1318873987.704418\n")
    assert {row["key"]: row["value"] for row in rows(mouse, "summary")} == {
        "packets": "65", "access_codes": "15", "headers": "50", "undecoded": "0", "retransmissions": "0",
        "laps": "9",
        "strays": "8", "laps_with_header": "1", "first": "1318873962.330676", "last": "1318873988.386510",
        "duration": "26.055834", "hec_good": "50", "hec_bad": "0", "hec_unknown": "0", "crc_good": "9", "crc_bad": "0",
        "crc_unknown": "0", "clock_jumps": "0", "clock_lost": "", "no_time": "0", "no_lap": "0",
        "other_records": "0", "other_frames": "0"}
    assert z(mouse, "type,format=csv") == "type,name,packets,percent\n1,POLL,32,64\n0,NULL,9,18\n3,DM1,9,18\n"


def test_frames_of_something_else():
    """All 78 frames of a capture are in one count; a selection of packets leaves the last one open."""
    capture = btbbtest.sample("broadcom.pcapng")
    keys = ("packets", "no_lap", "other_records", "other_frames")

    def counts(view):
        numbers = {row["key"]: row["value"] for row in rows(capture, view)}
        return [numbers[key] for key in keys]
    assert len(btbbtest.fields(capture, "frame.number")) == 56 + 5 + 9 + 8
    assert counts("summary") == ["56", "5", "9", "8"]
    assert counts("summary,from=1")[3] == ""
    assert "other_records,9\nother_frames,\n" in z(capture, "summary,format=csv,frame.number > 0")
    assert '{"key": "other_frames", "value": 8}' in z(capture, "summary,format=json")


DEMO_LAP = """\
LAP       UAP  NAP    Vendor  Packets   ID  Header  To Central  From Central  First     Last
ed:1d:9c  36   00:00            2,715  499   2,216       1,108         1,108  21:06:11  21:11:08
e0:55:55  8c   00:00            1,899  345   1,554         799           755  21:06:11  21:11:07
94 clients seen once are not shown
Local time, 2012-06-13, UTC-04:00
"""
DEMO_TYPES = """\
LAP       NULL  POLL  FHS  DM1  DH1/2-DH1  Total
ed:1d:9c   737   741    2  535        201  2,216
e0:55:55   598   317    1  138        500  1,554
94 clients without packet header are not shown
"""


def test_demo():
    demo = btbbtest.sample("pandas_demo.pcapbtbb")
    assert z(demo, "lap", env={"TZ": "America/New_York"}) == DEMO_LAP
    assert z(demo, "lap-type") == DEMO_TYPES
    growth = rows(demo, "io,by=type,interval=60,cumulative=yes", env={"TZ": "America/New_York"})
    assert growth[0] == {"epoch": "1339635960", "time": "2012-06-13T21:06:00-04:00", "NULL": "223", "POLL": "221",
                         "FHS": "0", "DM1": "152", "DH1/2-DH1": "82"}
    assert growth[-1] == {"epoch": "1339636260", "time": "2012-06-13T21:11:00-04:00", "NULL": "1335", "POLL": "1058",
                          "FHS": "3", "DM1": "673", "DH1/2-DH1": "701"}


def test_clock_jumps():
    """A capturing device whose clock jumped forwards by 564 seconds and backwards by 396.5."""
    jumps = btbbtest.shared("captures/reports/clock-wrap.pcapng")
    summary = {row["key"]: row["value"] for row in rows(jumps, "summary")}
    assert (summary["clock_jumps"], summary["clock_lost"]) == ("1", "396.500")
    assert "Clock jumps backwards                  1\n" in z(jumps, "summary")


@pytest.mark.parametrize("name", ["bluedragon-255.pcap", "libbtbb-pr66.pcap", "rootcanal.pcap", "grbluetooth-tap.pcap",
                                  "l2cap-255.pcap"])
def test_classes_add_up(name):
    """Every packet is in exactly one class, in every view."""
    capture = btbbtest.shared("captures/reports/" + name)
    summary = {row["key"]: row["value"] for row in rows(capture, "summary")}
    packets = int(summary["packets"])
    assert packets == int(summary["access_codes"]) + int(summary["headers"]) + int(summary["undecoded"]) > 0
    for row in rows(capture, "lap,min=1"):
        assert int(row["packets"]) == int(row["id"]) + int(row["non_id"]) + int(row["undecoded"])
        assert int(row["to_master"]) + int(row["from_master"]) <= int(row["packets"])
    types = {row["name"]: int(row["packets"]) for row in rows(capture, "type,ids=yes")}
    assert sum(types.values()) == packets
    assert types.get("ID", 0) == int(summary["access_codes"]) and types.get("undecoded", 0) == int(summary["undecoded"])
    assert sum(int(row["total"]) for row in rows(capture, "lap-type,ids=yes")) == packets
    listed = rows(capture, "packets")
    assert {name: sum(row["class"] == name for row in listed) for name in ("id", "header", "undecoded")} == {
        "id": int(summary["access_codes"]), "header": int(summary["headers"]), "undecoded": int(summary["undecoded"])}


# Ways to run it

def test_csv_and_json_agree():
    """The same rows, keys and values; JSON has numbers and texts."""
    for name, views in (("pandas_demo.pcapbtbb", ("lap,min=1", "type", "lap-type", "io,by=lap", "channel", "vendors")),
                        ("every_type_rf.pcap", ("lap", "channel", "summary")), ("empty.pcapbtbb", ("lap", "io"))):
        capture = btbbtest.sample(name)
        for view in views:
            plain = [{key: "" if value is None else str(value) for key, value in row.items()}
                     for row in json.loads(z(capture, view + ",format=json"), parse_float=str)]
            assert plain == rows(capture, view), view


def test_several_at_once():
    """Each has its own counts, its own file, and on the screen a heading; the last -z is drawn first."""
    demo, folder = btbbtest.sample("pandas_demo.pcapbtbb"), btbbtest.tmpdir()
    assert z(demo, "lap", "lap", "lap-type", env={"TZ": "America/New_York"}) == (
        f"\n-z btbb,lap-type\n{DEMO_TYPES}\n-z btbb,lap\n{DEMO_LAP}\n-z btbb,lap\n{DEMO_LAP}")
    only = "btbb.lap == ed:1d:9c"
    assert z(demo, f"lap,format=csv,file={folder}/a.csv", f"lap,format=csv,file={folder}/b.csv,{only}") == ""
    assert (folder / "a.csv").read_text() == z(demo, "lap,format=csv")
    assert (folder / "b.csv").read_text().splitlines() == z(demo, "lap,format=csv").splitlines()[:2]
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "b.csv"]


def test_two_passes():
    for name in ("pandas_demo.pcapbtbb", "fhs.pcapbtbb", "uap_recovery.pcap", "every_type_rf.pcap"):
        capture = btbbtest.sample(name)
        for view in ("lap,min=1", "summary", "type,ids=yes"):
            assert z(capture, view, extra=["-2"]) == z(capture, view)


def test_pipes():
    demo = btbbtest.sample("pandas_demo.pcapbtbb")
    for source in (["-r", "-"], ["-i", "-"]):
        out = btbbtest.tshark(*source, "-q", "-z", "btbb,lap", input=demo.read_bytes(), env={"TZ": "America/New_York"}).stdout
        assert out == DEMO_LAP


def test_interrupted_capture():
    """Ctrl-C ends a live capture: the table is that of the packets so far."""
    data = btbbtest.sample("order.pcapbtbb").read_bytes()
    btbbtest.prove_plugins()
    tshark = subprocess.Popen([*btbbtest.AS_USER, "tshark", "-l", "-i", "-", "-z", "btbb,lap,min=1,format=csv"], cwd="/",
                              env=btbbtest.environment(), text=False, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    try:
        tshark.stdin.write(data)
        tshark.stdin.flush()
        for _ in range(9):
            assert b"BTBB" in tshark.stdout.readline()
        tshark.send_signal(signal.SIGINT)
        out, _ = tshark.communicate(timeout=60)
    finally:
        tshark.kill()
    lines = out.decode().splitlines()
    assert lines[0] == LAP_HEADER
    assert lines[1].split(",")[5] == "9"
    assert tshark.returncode == 0


@pytest.mark.parametrize("name", ["empty.pcapbtbb", "foreign.pcap"])
def test_nothing_to_count(name):
    """An empty table with its header, and no failure."""
    capture = btbbtest.sample(name)
    assert z(capture, "lap") == ("LAP  UAP  NAP  Vendor  Packets  ID  Header  To Central  From Central  First  Last\n")
    assert z(capture, "lap,format=csv") == LAP_HEADER + "\n"
    assert z(capture, "lap,format=json") == "[\n]\n"
    assert z(capture, "io,by=lap,format=csv") == "epoch,time\n"
    assert z(capture, "vendors,format=csv") == "lap,nap,uap,oui,vendor\n"
    assert rows(capture, "summary")[0] == {"key": "packets", "value": "0"}


def test_filters_with_commas_quotes_and_spaces():
    demo = btbbtest.sample("pandas_demo.pcapbtbb")
    assert [row["packets"] for row in rows(demo, "type")] == ["1335", "1058", "701", "673", "3"]

    def types(condition):
        return [(row["name"], row["packets"]) for row in csv.DictReader(
            z(demo, "type,format=csv," + condition).splitlines())]

    assert types("btbb.type in {1, 2}") == [("POLL", "1058"), ("FHS", "3")]
    assert types("btbb.type in {1,2}&&btbb.lap==ed:1d:9c") == [("POLL", "741"), ("FHS", "2")]
    assert types('btbb.type_name == "DH1/2-DH1"') == [("DH1/2-DH1", "701")]
    assert types('btbb.type_name matches "^D[MH]1,?"') == [("DH1/2-DH1", "701"), ("DM1", "673")]


def test_gap_of_years():
    """Refused with advice, at once, and what was advised works."""
    years = btbbtest.sample("years.pcapbtbb")
    done = btbbtest.tshark("-r", years, "-q", "-z", "btbb,io,format=csv", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("tshark: -z btbb,io,format=csv: the time from first to last packet gives 220752001 rows, "
                                "more than 1000000; interval=500 would fit\n")
    series = rows(years, "io,interval=500")
    assert len(series) == 441505 and sum(int(row["packets"]) for row in series) == 6


def test_order_of_times_does_not_matter():
    """Time stamps that go back, and equal ones."""
    assert [(row["epoch"], row["packets"]) for row in rows(btbbtest.sample("order.pcapbtbb"), "io")] == [
        ("1600000000", "1"), ("1600000001", "0"), ("1600000002", "0"), ("1600000003", "1"), ("1600000004", "1"),
        ("1600000005", "3"), ("1600000006", "0"), ("1600000007", "0"), ("1600000008", "0"), ("1600000009", "3")]


def test_1970_and_nanoseconds():
    assert rows(btbbtest.sample("epoch_1970.pcapbtbb"), "lap")[0]["first"] == "0"
    summary = {row["key"]: row["value"] for row in rows(btbbtest.sample("every_type_rf.pcap"), "summary")}
    assert summary["last"] == "1600000000.056250045"


FILTERS = ("btbb.type == 3", "btbb.fragment.fate", "btbb.fragment.lost", "btbb.fragments", "btbb.src", "btl2cap", "btlmp", "_ws.expert",
           "btbb.class == 1 && frame.number > 3", 'frame.protocols contains "btl2cap"')


@pytest.mark.parametrize("name", ("l2cap.pcapbtbb", "esp32.pcap"))
def test_filters_see_what_they_see_elsewhere(name):
    """A statistic with a filter hands payloads to other dissectors where its filter depends on them."""
    capture = btbbtest.sample(name)
    folder = btbbtest.tmpdir()
    words = [word for number, condition in enumerate(FILTERS)
             for word in ("-z", f"btbb,lap,min=1,format=csv,file={folder}/{number},{condition}")]
    btbbtest.tshark("-q", "-r", capture, *words)
    alone = btbbtest.tshark("-q", "-r", capture, "-z", f"btbb,lap,min=1,format=csv,{FILTERS[0]}").stdout
    assert alone == (folder / "0").read_text()
    seen = 0
    for number, condition in enumerate(FILTERS):
        one = btbbtest.tshark("-q", "-r", capture, "-z", f"btbb,lap,min=1,format=csv,{condition}").stdout
        assert one == (folder / str(number)).read_text(), condition
        counted = sum(int(row["packets"]) for row in csv.DictReader(one.splitlines()))
        assert counted == btbbtest.tshark("-r", capture, "-Y", f"btbb && !btbb.malformed && ({condition})").stdout.count("\n"), condition
        seen += counted > 0
    assert seen >= 5


# Vendors

def manufacturers():
    """[(prefix as bits, short name)] of Wireshark's own data, read by nothing of ours."""
    if btbbtest.version() >= (4, 4):
        text = btbbtest.run("tshark", "-G", "manuf").stdout
    else:
        folders = btbbtest.run("tshark", "-G", "folders").stdout
        folder = re.search(r"^Global configuration:\s*(\S+)$", folders, re.M).group(1)
        text = open(folder + "/manuf", encoding="utf-8").read()
    found = []
    for line in text.splitlines():
        match = re.match(r"([0-9A-Fa-f:]+)(?:/(\d+))?\s+(\S+)", line)
        if match and not line.startswith("#"):
            address = bytes.fromhex(match[1].replace(":", ""))
            bits = int(match[2] or len(address) * 8)
            found.append(("".join(f"{byte:08b}" for byte in address)[:bits], match[3]))
    assert len(found) > 30000
    return found


def expected_candidates(uap, lap):
    """{first 24 bits: name of the longest prefix that fits}, without group and local addresses."""
    tail = f"{uap:08b}{lap:024b}"
    best = {}
    for bits, name in manufacturers():
        whole = bits[:16] + tail
        if len(bits) in (24, 28, 36) and bits[6:8] == "00" and whole.startswith(bits):
            best[bits[:24]] = max(best.get(bits[:24], (0, "")), (len(bits), name))
    return {prefix: name for prefix, (_, name) in best.items()}


def test_vendor_candidates():
    """Only the UAP is known: every vendor that Wireshark's data have for it, and nothing else."""
    demo = btbbtest.sample("pandas_demo.pcapbtbb")
    for lap, uap in (("ed:1d:9c", 0x36), ("e0:55:55", 0x8c)):
        found = [row for row in rows(demo, "vendors,min=2") if row["lap"] == lap]
        names = {"".join(f"{int(byte, 16):08b}" for byte in row["oui"][:8].split(":")): row["vendor"] for row in found}
        assert len(names) == len(found) > 100
        assert names == expected_candidates(uap, int(lap.replace(":", ""), 16))
    strays = [row for row in rows(demo, "vendors") if row["oui"] == ""]
    assert len(strays) == 94 and all(row["vendor"] == "" and row["uap"] == "00" for row in strays)


def test_vendor_of_known_address():
    """The NAP is known, from the file or from an FHS: one vendor, in `lap` and in `vendors`."""
    names = dict(manufacturers())
    for name in ("internalblue.pcapng", "fhs.pcapbtbb"):
        known = [row for row in rows(btbbtest.sample(name), "lap,min=1") if row["nap"] != "00:00"]
        assert known
        for row in known:
            prefix = "".join(f"{int(byte, 16):08b}" for byte in f"{row['nap']}:{row['uap']}".split(":"))
            assert row["vendor"] == names[prefix]
        vendors = {row["lap"]: row for row in rows(btbbtest.sample(name), "vendors") if row["nap"] != "00:00"}
        assert {lap: row["vendor"] for lap, row in vendors.items()} == {row["lap"]: row["vendor"] for row in known}


def test_vendor_of_longer_prefix(workdir):
    """The row and the field have the prefix that was assigned, not the first 24 bits, which belong to the IEEE."""
    longest = {len(bits): (bits, name) for bits, name in manufacturers() if len(bits) in (28, 36) and bits[6:8] == "00"}
    addresses = [int(bits.ljust(48, "0"), 2) | 5 for bits, _ in longest.values()]
    path = workdir / "vendors.pcap"
    path.write_bytes(encode.pcap([(0, encode.legacy(address & 0xFFFFFF, "NULL", address >> 24 & 0xFF, address >> 32))
                                  for address in addresses]))
    path.chmod(0o644)
    prefixes = {":".join(f"{(address & -1 << 48 - bits) >> shift & 0xFF:02x}" for shift in range(40, -8, -8)) + f"/{bits}"
                for bits, address in zip(longest, addresses)}
    assert {row["oui"] for row in rows(path, "vendors")} == prefixes
    shown = btbbtest.tshark("-r", path, "-V").stdout
    assert set(re.findall(r"\[Vendor: (\S+) ", shown)) == prefixes


# Refusals

def refusal(argument, capture="empty.pcapbtbb", env=None):
    done = btbbtest.tshark("-r", btbbtest.sample(capture), "-q", "-z", argument, check=False, env=env)
    assert done.returncode == 1
    assert done.stdout == ""
    return re.sub(r"^Running as user.*\n", "", done.stderr)


@pytest.mark.parametrize("argument, message", [
    ("btbb,lapx", f'there is no view "lapx"; valid: {VIEWS}'),
    ("btbb,lap-typ", f'there is no view "lap-typ"; valid: {VIEWS}'),
    ("btbb", f"a view is missing; valid: {VIEWS}"),
    ("btbb,", f"a view is missing; valid: {VIEWS}"),
    ("btbbx", "there is no such statistic; did you mean -z btbb,VIEW?"),
    ("btbb,lap,mim=2", f'lap has no key "mim"; valid: {LAP_KEYS}'),
    ("btbb,lap,min=0", '"0" is not a valid value for min; valid: N (1 or more)'),
    ("btbb,io,by=uap", '"uap" is not a valid value for by; valid: none|lap|type|channel'),
    ("btbb,report", "report needs file=FILE.html"),
    ("btbb,lap,file=/nonexistent/x", 'cannot write "/nonexistent/x": No such file or directory'),
    ("btbb,lap,file=/usr", 'cannot write "/usr": Is a directory'),
])
def test_refused(argument, message):
    assert refusal(argument) == f"tshark: -z {argument}: {message}\n"


def test_result_that_cannot_be_written():
    """tshark ends with status 2; statistics that can be written are."""
    demo, folder = btbbtest.sample("pandas_demo.pcapbtbb"), btbbtest.tmpdir()
    done = btbbtest.tshark("-r", demo, "-q", "-z", "btbb,lap,file=/dev/full", "-z",
                           f"btbb,type,format=csv,file={folder}/types.csv", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(
        'tshark: -z btbb,lap,file=/dev/full: cannot write "/dev/full": No space left on device\n')
    assert (folder / "types.csv").read_text() == z(demo, "type,format=csv")

    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([*btbbtest.AS_USER, "tshark", "-r", demo, "-q", "-z", "btbb,lap"], stdout=full, cwd="/",
                              stderr=subprocess.PIPE, text=True, env=btbbtest.environment(), check=False)
    assert done.returncode == 2
    assert done.stderr.endswith("tshark: -z btbb,lap: cannot write to standard output: No space left on device\n")


def test_capture_is_not_replaced():
    folder = btbbtest.tmpdir()
    capture = folder / "a.pcap"
    shutil.copy(btbbtest.sample("order.pcapbtbb"), capture)
    capture.chmod(0o666)
    before = capture.read_bytes()
    done = btbbtest.tshark("-r", capture, "-q", "-z", f"btbb,lap,file={capture}", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(f'cannot write "{capture}": it is the capture that is read\n')
    assert capture.read_bytes() == before


def test_messages_are_printable():
    """Whatever the user writes: no byte of it controls the terminal."""
    argument = "btbb,lap,\x1b[31mred"
    for value in (argument, "btbb,\x1b]0;title\x07", "btbb,lap,min=\x1b[2J", "btbb,lap,file=/no/\x1b[2J"):
        assert all(c.isprintable() for c in refusal(value).rstrip("\n")), value
    assert "\\x1b[31mred" in refusal(argument)


@pytest.mark.parametrize("argument", ["btbb,lap,nosuch==3", "btbb,lap,min =2", "btbb,lap,btbb.lap ==", "btbb,io,,"])
def test_refused_filter(argument):
    """One line that has the filter; the rest is Wireshark's own words."""
    message = refusal(argument)
    assert message.startswith(f"tshark: -z {argument}: ")
    assert message.count("\n") == 1


def test_dissector_missing():
    """btbb-stats.so alone reports what is missing."""
    folder = btbbtest.tmpdir()
    for plugin in (btbbtest.BUILD / "plugins").glob("*/epan/btbb-stats.so"):
        target = folder / plugin.parent.relative_to(btbbtest.BUILD / "plugins")
        target.mkdir(parents=True)
        shutil.copy(plugin, target)
    assert refusal("btbb,lap", env={"WIRESHARK_PLUGIN_DIR": folder}) == (
        "tshark: -z btbb,lap: the dissector is missing: btbb.so is not loaded (see tshark -G plugins)\n")


def test_help_lists_views():
    listed = btbbtest.tshark("-z", "help", check=False)
    text = listed.stdout + listed.stderr
    for view in VIEWS.split(", "):
        assert re.search(rf"^\s+btbb,{view}$", text, re.M)
