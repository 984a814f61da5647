"""The companion command `btbb`: the same output as `tshark -z btbb`, from every kind of file.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import fcntl
import gzip
import itertools
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import termios
import time
from decimal import Decimal

import pytest

import btbb_encode as encode
import btbbtest
from btbbtest import BUILD, REPO, run, tshark

BTBB = shutil.which("btbb") if btbbtest.INSTALLED else BUILD / "command" / "btbb"
SAMPLES = sorted(path.name for path in (REPO / "sample-captures").iterdir() if ".pcap" in path.name)
FORMATS = ("table", "csv", "json")
VIEWS = ("summary", "lap", "lap,min=1", "lap,min=1,sort=first,ids=no", "lap,top=1,sort=lap", "type", "type,ids=yes,top=2",
         "lap-type", "lap-type,ids=yes,min=2,top=2", "io,interval=0.5", "io,by=lap,min=2", "io,by=type,interval=10",
         "io,by=channel,cumulative=yes", "io,by=lap,top=1,sort=lap,cumulative=yes", "channel", "vendors",
         "vendors,min=1,sort=lap")


def btbb(*args, **options):
    return run(BTBB, *args, **options)


def same(capture, views, code=0, turn=None):
    """tshark and the command write the same bytes for all `views`, in all formats or in those whose turn it is; both end
    with `code`."""
    folder = btbbtest.tmpdir()
    wanted = [(f"{view},format={form}", f"{number}.{form}") for number, view in enumerate(views)
              for form in (FORMATS if turn is None else [FORMATS[(number + turn) % len(FORMATS)]])]
    arguments = [word for view, name in wanted for word in ("-z", f"btbb,{view},file={folder}/tshark-{name}")]
    done = tshark("-q", "-r", capture, *arguments, check=False)
    theirs = 14 if code == 2 and btbbtest.version() >= (4, 6) else code    # 4.6 has a code of its own for damaged files
    assert done.returncode == theirs, done.stderr
    for view, name in wanted:
        mine = btbb(view, "-o", folder / f"btbb-{name}", capture, check=False)
        assert mine.returncode == code, (view, mine.stderr)
        assert mine.stdout == ""
        expected = (folder / f"tshark-{name}").read_bytes()
        assert (folder / f"btbb-{name}").read_bytes() == expected, view
        assert expected.strip(), view


# --- The same as tshark ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("turn, name", enumerate(SAMPLES))
def test_every_view_of_every_sample(turn, name):
    views = [view for view in VIEWS if name != "years.pcapbtbb" or not view.startswith("io")]
    same(btbbtest.sample(name), views, code=2 if name == "cut.pcapbtbb" else 0, turn=turn)


@pytest.mark.parametrize("name", ["btbb-sample-mouse.pcap", "btbredr_test.pcap"])
def test_every_view_of_real_captures(name):
    same(btbbtest.shared(f"captures/{name}"), VIEWS)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/St_Johns"])
def test_standard_output_in_local_time(zone):
    capture = btbbtest.sample("pandas_demo.pcapbtbb")
    for view, *options in (["lap"], ["io", "--by=lap", "--interval=60"], ["summary"], ["io", "-F", "csv", "-i", "60"]):
        mine = btbb(view, *options, capture, env={"TZ": zone}).stdout
        argument = ",".join(["btbb", view] + {"-F": ["format=csv", "interval=60"]}.get(
            options[0] if options else "", [option[2:] for option in options]))
        assert mine == tshark("-q", "-r", capture, "-z", argument, env={"TZ": zone}).stdout
        assert mine.count("\n") > 2


def test_too_many_rows_is_the_same_message():
    capture = btbbtest.sample("years.pcapbtbb")
    message = "the time from first to last packet gives 220752001 rows, more than 1000000; interval=500 would fit"
    mine = btbb("io", capture, check=False)
    assert (mine.returncode, mine.stdout, mine.stderr) == (2, "", f"btbb: {message}\n")
    assert message in tshark("-q", "-r", capture, "-z", "btbb,io").stderr


# --- Frames that are cut, padded, tagged, or no BTBB frames ---------------------------------------------------------

DM1 = encode.legacy(0x4831DD, "DM1", 0x61, body=b"hello")
ID = encode.access_code(0x123456)
RF = encode.rf(0x4831DD, "DM1", 0x61, body=b"hello")


def pcap(*records, link=1, magic=0xA1B2C3D4, order="<", version=(2, 4)):
    """A classic pcap file. A record is its bytes, or (bytes, options): wire, seconds, fraction, captured."""
    out = struct.pack(order + "IHHiIII", magic, *version, 0, 0, 65535, link)
    for record in records:
        data, options = record if isinstance(record, tuple) else (record, {})
        out += struct.pack(order + "IIII", options.get("seconds", 1_600_000_000), options.get("fraction", 0),
                           options.get("captured", len(data)), options.get("wire", len(data))) + data
    return out


def tagged(*types):
    return DM1[:12] + b"".join(struct.pack(">HH", kind, 5) for kind in types) + DM1[12:]


ODD = {
    "cut anywhere": pcap(*[(DM1[:size], {"wire": len(DM1)}) for size in range(len(DM1) + 1)]),
    "short anywhere": pcap(*[DM1[:size] for size in range(len(DM1) + 1)]),
    "longer than on the wire": pcap(*[(DM1, {"wire": size}) for size in (0, 10, 13, 14, 15, 20)]),
    "huge on the wire": pcap(*[(DM1, {"wire": size}) for size in (0x10000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)]),
    "padded": pcap(DM1.ljust(60, b"\0"), ID.ljust(60, b"\0")),
    "other ethertypes": pcap(DM1[:12] + b"\x08\x00" + DM1[14:], DM1[:12] + b"\xff\xf1" + DM1[14:],
                             DM1[:12] + b"\x00\x10" + DM1[14:], DM1),
    "VLAN tags": pcap(tagged(0x8100), tagged(0x88A8), tagged(0x9100), tagged(0x8100, 0x8100), tagged(0x9200),
                      tagged(0x8100)[:16], tagged(0x8100)[:18]),
    "no sequence to check": pcap(DM1, link=1 | 0x04000000),
    "check sequence of 4": pcap(DM1, DM1 + b"abcd", (DM1 + b"ab", {"wire": len(DM1) + 4}), (DM1[:-3], {"wire": len(DM1)}),
                                ID, ID + b"abcd", link=1 | 0x24000000),
    "check sequence of 2": pcap(DM1, DM1 + b"ab", ID, link=1 | 0x14000000),
    "Linux cooked": pcap(b"\0\0\0\1\0\6" + DM1[6:12] + b"\0\0\xff\xf0" + DM1[14:], link=113),
    "microseconds beyond a second": pcap(*[(DM1, {"fraction": us}) for us in (1_500_000, 999_999_999, 3_000_000_000)]),
    "nanoseconds beyond a second": pcap(*[(DM1, {"fraction": ns}) for ns in (1_500_000_000, 3_000_000_000)],
                                        magic=0xA1B23C4D),
    "the last second": pcap((DM1, {"seconds": 0xFFFFFFFF}), (DM1, {"seconds": 0})),
    "version 2.3": pcap(DM1, version=(2, 3)),
    "version 2.2": pcap(DM1, version=(2, 2)),
    "version 3.0": pcap(DM1, version=(3, 0)),
    "the longest packet": pcap(DM1.ljust(262144, b"\0"), ID),
    "255 short anywhere": pcap(*[RF[:size] for size in range(len(RF) + 1)], link=255),
    "255 cut anywhere": pcap(*[(RF[:size], {"wire": len(RF)}) for size in range(len(RF) + 1)], link=255),
    "255 longer than on the wire": pcap((RF, {"wire": 10}), (RF, {"wire": 23}), link=255),
    "255 with a check sequence": pcap(RF, link=255 | 0x24000000),
}


@pytest.mark.parametrize("turn, case", enumerate(ODD))
def test_odd_frames(turn, case, capture):
    same(capture(ODD[case]), ("summary", "lap,min=1", "type"), turn=turn)


def test_odd_frames_are_counted(capture):
    """So that equality is not that of nothing."""
    counts = {case: int(re.search(r"^packets,(\d+)$", btbb("summary,format=csv", capture(ODD[case])).stdout, re.M)[1])
              for case in ("cut anywhere", "padded", "other ethertypes", "VLAN tags", "check sequence of 4")}
    assert counts == {"cut anywhere": len(DM1) - 13, "padded": 2, "other ethertypes": 1, "VLAN tags": 5,
                      "check sequence of 4": 6}


# --- Kinds of files -------------------------------------------------------------------------------------------------

def records_of(name):
    data = btbbtest.sample(name).read_bytes()
    assert struct.unpack_from("<I", data)[0] == 0xA1B2C3D4
    at, out = 24, []
    while at < len(data):
        seconds, fraction, captured, wire = struct.unpack_from("<IIII", data, at)
        out.append((data[at + 16:at + 16 + captured], {"seconds": seconds, "fraction": fraction, "wire": wire}))
        at += 16 + captured
    return out


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("magic", [0xA1B2C3D4, 0xA1B23C4D])
def test_byte_orders_and_resolutions(order, magic, capture):
    nano = magic == 0xA1B23C4D
    records = records_of("pandas_demo.pcapbtbb")
    for number, (_, options) in enumerate(records):
        options["fraction"] = options["fraction"] * 1000 + number % 1000 if nano else options["fraction"]
    path = capture(pcap(*records, order=order, magic=magic))
    same(path, ("lap", "io,interval=0.001,by=type", "summary") if not nano else ("lap", "summary"))
    first = re.search(r"^first,(\S+)$", btbb("summary,format=csv", path).stdout, re.M)[1]
    options = records[0][1]
    assert Decimal(first) == options["seconds"] + Decimal(options["fraction"]).scaleb(-9 if nano else -6)


def stored(form, workdir):
    """pandas_demo in another form; the path of the file."""
    plain = btbbtest.sample("pandas_demo.pcapbtbb")
    path = workdir / f"demo.{form}"
    if form == "gz":
        path.write_bytes(gzip.compress(plain.read_bytes()))
    elif form == "zst":
        if not shutil.which("zstd"):
            pytest.skip("zstd is not installed")
        run("zstd", "-q", plain, "-o", path)
    elif form == "lz4":
        if not shutil.which("lz4"):
            pytest.skip("lz4 is not installed")
        run("lz4", "-q", plain, path)
    elif form == "pcap":
        path.write_bytes(plain.read_bytes())
    else:
        run("editcap", "-F", form, plain, path)
    return path


@pytest.mark.parametrize("form", ["gz", "zst", "lz4", "pcapng", "modpcap", "nsecpcap"])
def test_other_forms_of_a_file(form, workdir):
    path = stored(form, workdir)
    expected = btbb("lap", btbbtest.sample("pandas_demo.pcapbtbb")).stdout
    assert "2,715" in expected
    assert btbb("lap", path).stdout == expected
    same(path, ("lap", "summary"))


@pytest.mark.parametrize("form", ["pcap", "gz", "pcapng"])
def test_standard_input(form, workdir):
    path = stored(form, workdir)
    expected = btbb("lap", path).stdout
    assert btbb("lap", "-", input=path.read_bytes()).stdout == expected
    with path.open("rb") as file:
        assert subprocess.run([BTBB, "lap", "-"], stdin=file, env=btbbtest.environment(), capture_output=True,
                              check=True, text=True).stdout == expected


@contextlib.contextmanager
def spawn(*args, **options):
    """The command as a process of its own, with text pipes. Ended with the block, however that ends."""
    with subprocess.Popen([str(word) for word in (BTBB, *args)], env=btbbtest.environment(), text=True,
                          **options) as command:
        try:
            yield command
        finally:
            command.kill()


@pytest.mark.parametrize("form", ["pcap", "pcapng"])
def test_named_pipe(form, workdir):
    path, pipe = stored(form, workdir), workdir / "pipe"
    os.mkfifo(pipe)
    with spawn("lap", pipe, stdout=subprocess.PIPE) as command:
        pipe.write_bytes(path.read_bytes())
        out, _ = command.communicate(timeout=60)
    assert command.returncode == 0
    assert out == btbb("lap", path).stdout


def test_empty_captures(capture):
    same(capture(pcap()), ("summary", "lap", "type", "io"))
    same(capture(b""), ("summary", "lap"))


# --- Damage and errors ----------------------------------------------------------------------------------------------

WHOLE = pcap(DM1, ID)
FIRST_END = 24 + 16 + len(DM1)


@pytest.mark.parametrize("size, frames", [(25, 0), (39, 0), (40, 0), (41, 0), (FIRST_END - 1, 0), (FIRST_END + 1, 1),
                                          (FIRST_END + 16, 1), (len(WHOLE) - 1, 1)])
def test_a_file_cut_short(size, frames, capture):
    path = capture(WHOLE[:size])
    same(path, ("summary", "lap,min=1"), code=2)
    done = btbb("summary,format=csv", path, check=False)
    assert done.stderr == f"btbb: {path}: cut short in the middle of a frame; the {frames} before it are counted\n"
    assert f"packets,{frames}\n" in done.stdout


@pytest.mark.parametrize("compress", [False, True])
def test_a_cut_stream(compress):
    data = records_of("pandas_demo.pcapbtbb")
    whole = pcap(*data)
    cut = gzip.compress(whole, mtime=0)[:5000] if compress else whole[:5000]
    done = btbb("summary,format=csv", "-", input=cut, check=False)
    frames = int(re.search(r"^packets,(\d+)$", done.stdout, re.M)[1])
    assert done.returncode == 2
    assert done.stderr == f"btbb: -: cut short in the middle of a frame; the {frames} before it are counted\n"
    assert 50 < frames < len(data)


def test_an_impossible_length(capture):
    """Behind three good frames: before, Wireshark's library takes the file for a variant of the format."""
    path = capture(pcap(ID, ID, DM1, (DM1, {"captured": 262145}), ID))
    same(path, ("summary",), code=2)
    done = btbb("summary,format=csv", path, check=False)
    assert done.stderr == f"btbb: {path}: damaged: frame 4 cannot be as long as it says\n"
    assert "packets,3\n" in done.stdout


@pytest.mark.parametrize("name, content, message", [
    ("text", b"no capture at all\n" * 100, "not a capture file that Wireshark knows"),
    ("missing", None, "No such file or directory"),
])
def test_what_cannot_be_read(name, content, message, workdir):
    path = workdir / name
    if content:
        path.write_bytes(content)
    good = btbbtest.sample("fhs.pcapbtbb")
    alone = btbb("lap", path, check=False)
    assert (alone.returncode, alone.stdout, alone.stderr) == (2, "", f"btbb: {path}: {message}\n")
    beside = btbb("lap", good, path, good, check=False)
    assert (beside.returncode, beside.stderr) == (2, f"btbb: {path}: {message}\n")
    assert beside.stdout == btbb("lap", good, good).stdout


def test_a_folder_is_no_capture(workdir):
    done = btbb("lap", workdir, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"btbb: {workdir}: Is a directory\n")


def test_output_that_cannot_be_written(workdir):
    done = btbb("lap", "-o", workdir / "no" / "such.csv", btbbtest.sample("fhs.pcapbtbb"), check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r'btbb: cannot write ".*/no/such.csv": No such file or directory\n', done.stderr)
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([BTBB, "lap", btbbtest.sample("fhs.pcapbtbb")], stdout=full, stderr=subprocess.PIPE,
                              text=True, env=btbbtest.environment(), check=False)
    assert (done.returncode, done.stderr) == (2, "btbb: cannot write: No space left on device\n")


VIEW_NAMES = "summary, lap, type, lap-type, io, channel, vendors, report"
USAGE = {
    (): "which view, and of which file? btbb --help lists the views",
    ("lap",): "no capture file is named; - is standard input",
    ("lapx", "f"): f'there is no view "lapx"; valid: {VIEW_NAMES}',
    ("lap", "--min=x", "f"): None,
    ("lap", "--interval=1", "f"): None,
    ("io", "--by=day", "f"): None,
    ("report", "f"): None,
    ("lap,min=0", "f"): None,
    ("lap", "--nothing", "f"): "there is no option '--nothing', or it takes no value",
    ("lap", "--follow=1", "f"): "there is no option '--follow=1', or it takes no value",
    ("lap", "-x", "f"): "there is no option '-x'",
    ("lap", "f", "--min"): "option '--min' needs a value",
    ("lap", "f", "-o"): "option '-o' needs a value",
    ("lap", "-j", "0", "f"): "'0' is no number of files to read at a time (1 to 1024)",
    ("lap", "-Y", "btbb.type == 1", "f"):
        "display filters need Wireshark's dissectors: tshark -q -r FILE -z 'btbb,VIEW,btbb.type == 1'",
    ("lap,btbb.type == 1", "f"):
        "display filters need Wireshark's dissectors: tshark -q -r FILE -z 'btbb,VIEW,btbb.type == 1'",
}


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_usage_errors(args):
    """Messages of views and keys are those of -z; the others are the command's own. The file is never looked at."""
    done = btbb(*args, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    message = USAGE[args]
    if message is None or "no view" in message:
        keys = [word[2:] for word in args[1:-1]]
        theirs = tshark("-q", "-r", btbbtest.sample("fhs.pcapbtbb"), "-z", ",".join(["btbb", args[0], *keys]),
                        check=False)
        assert theirs.returncode == 1
        message = re.search(r"^tshark: -z btbb,[^:]*: (.*)$", theirs.stderr, re.M)[1]
    assert done.stderr == f"btbb: {message}\n"


def test_options_stand_anywhere():
    capture = btbbtest.sample("pandas_demo.pcapbtbb")
    expected = btbb("io,by=type,cumulative=yes,interval=60,format=csv", capture).stdout
    assert expected.count("\n") == 7
    for args in (["io", "--by=type", "--cumulative", "--interval=60", "--format=csv", capture],
                 ["-b", "type", "-c", "-i60", "-Fcsv", "io", capture],
                 ["io", capture, "--by", "type", "--cumulative=yes", "--interval", "60", "-F", "csv"],
                 ["io,by=lap", "-i", "60", "-b", "type", "-cF", "csv", "--", capture]):
        assert btbb(*args).stdout == expected
    assert btbb("lap", "--ids=no", capture).stdout == btbb("lap,ids=no", capture).stdout
    assert btbb("type", "-a", capture).stdout == btbb("type,ids=yes", capture).stdout != btbb("type", capture).stdout


# --- Several files --------------------------------------------------------------------------------------------------

def test_order_and_threads_do_not_matter():
    files = [btbbtest.sample(name) for name in ("pandas_demo.pcapbtbb", "fhs.pcapbtbb", "uap_recovery.pcap",
                                                "interfaces.pcapng", "contradiction.pcapbtbb")]
    for view in ("lap,min=1,format=csv", "type,ids=yes", "channel,format=json", "summary", "lap-type"):
        expected = btbb(view, "-j", "1", *files).stdout
        for number, order in enumerate(itertools.islice(itertools.permutations(files), 0, 120, 17)):
            assert btbb(view, "-j", number % 5 + 1, *order).stdout == expected, (view, order)


def test_halves_add_up_to_the_whole(capture):
    records = records_of("pandas_demo.pcapbtbb")
    middle = len(records) // 2
    halves = [capture(pcap(*records[:middle]), "one.pcap"), capture(pcap(*records[middle:]), "two.pcap")]
    for view in ("lap,min=1", "type,ids=yes", "lap-type,format=csv", "io,by=lap,interval=10", "channel"):
        assert btbb(view, *halves).stdout == btbb(view, btbbtest.sample("pandas_demo.pcapbtbb")).stdout, view


def test_a_file_named_twice_counts_twice():
    capture = btbbtest.sample("pandas_demo.pcapbtbb")
    once, twice = (btbb("type,format=csv", *[capture] * times).stdout.splitlines() for times in (1, 2))
    assert [line.split(",")[1:3] for line in twice[1:]] == \
        [[name, str(2 * int(packets))] for _, name, packets, _ in (line.split(",") for line in once[1:])]


# --- While it runs --------------------------------------------------------------------------------------------------

def counted(path):
    """Packets in a summary written as CSV, or None."""
    found = re.search(r"^packets,(\d+)$", path.read_text(encoding="utf-8"), re.M) if path.exists() else None
    return int(found[1]) if found else None


@pytest.mark.parametrize("form", ["pcap", "pcapng"])
def test_follow_a_growing_file(form, workdir):
    """In steps that end inside a frame; the output file holds what is whole. Ctrl-C is the normal end."""
    data = stored(form, workdir).read_bytes()
    growing, out = workdir / f"growing.{form}", workdir / "summary.csv"
    growing.write_bytes(data[:10])
    with spawn("summary", "--follow", "-F", "csv", "-o", out, growing, stderr=subprocess.PIPE) as command:
        seen = []
        for start, end in ((10, len(data) // 3), (len(data) // 3, len(data) - 1), (len(data) - 1, len(data))):
            with growing.open("ab") as file:
                file.write(data[start:end])
            btbbtest.wait_for(lambda: (counted(out) or 0) > (seen[-1] if seen else 0), f"more than {seen} packets")
            seen.append(counted(out))
        btbbtest.wait_for(lambda: counted(out) == 4708, "all packets")
        command.send_signal(signal.SIGINT)
        _, errors = command.communicate(timeout=30)
    assert (command.returncode, errors) == (0, "")
    assert seen[0] < seen[1] <= 4708
    assert counted(out) == 4708


def terminal(rows=24, columns=80):
    """A new terminal: (master, slave)."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    return master, slave


class Screen:
    """What was written on a terminal so far."""

    def __init__(self, master):
        self.master, self.text = master, ""

    def shows(self, pattern):
        while select.select([self.master], [], [], 0)[0]:
            try:
                self.text += os.read(self.master, 65536).decode()
            except OSError:
                break
        return re.search(pattern, self.text, re.S)


def test_follow_on_a_terminal(workdir):
    """The table is written over itself, cut to the screen; at the end it stands there whole."""
    records = records_of("pandas_demo.pcapbtbb")
    growing = workdir / "growing.pcap"
    growing.write_bytes(pcap(*records[:1000]))
    master, slave = terminal(rows=5)
    with spawn("lap,min=1", "-f", growing, stdout=slave, stderr=subprocess.PIPE) as command:
        screen = Screen(master)
        btbbtest.wait_for(lambda: screen.shows(r"\x1b\[H\s*LAP .*\x1b\[J"), "the first table")
        first = screen.text
        assert first.count("\n") == 4
        with growing.open("ab") as file:
            file.write(pcap(*records[1000:])[24:])
        btbbtest.wait_for(lambda: screen.shows(r"\x1b\[Hed:1d:9c|ed:1d:9c [^\n]*2,715"), "the second table")
        command.send_signal(signal.SIGINT)
        _, errors = command.communicate(timeout=30)
        screen.shows("$")
    os.close(slave)
    os.close(master)
    assert (command.returncode, errors) == (0, "")
    whole = btbb("lap,min=1", btbbtest.sample("pandas_demo.pcapbtbb")).stdout
    assert screen.text.replace("\r\n", "\n").endswith("\x1b[H\x1b[J" + whole)


@pytest.mark.parametrize("form", ["pcap", "pcapng"])
def test_interrupt_shows_what_was_counted(form, workdir):
    data = stored(form, workdir).read_bytes()
    with spawn("summary", "-F", "csv", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
               stderr=subprocess.PIPE) as command:
        os.write(command.stdin.fileno(), data[:30000])
        btbbtest.wait_for(lambda: fcntl.ioctl(command.stdin, termios.FIONREAD, b"    ") == b"\0\0\0\0", "the pipe to be read")
        time.sleep(0.3)     # until the reader has counted what it was sent
        command.send_signal(signal.SIGINT)
        command.wait(30)
        out, errors = command.stdout.read(), command.stderr.read()
    assert errors == "btbb: interrupted: only what was read until then is counted\n"
    assert command.returncode == 2
    (workdir / "cut").write_bytes(data[:30000])
    assert out == btbb("summary", "-F", "csv", workdir / "cut", check=False).stdout


@pytest.mark.parametrize("kind", ["pipe", "file"])
def test_progress_on_a_terminal(kind, workdir):
    """Only when it takes longer than a second, and nothing of it stays."""
    data = pcap(*records_of("pandas_demo.pcapbtbb"))
    pipe = workdir / "pipe"
    os.mkfifo(pipe)
    names = [pipe] if kind == "pipe" else [btbbtest.sample("pandas_demo.pcapbtbb"), pipe]
    master, slave = terminal()
    with spawn("lap", *names, stdout=subprocess.PIPE, stderr=slave) as command:
        screen = Screen(master)
        with pipe.open("wb", buffering=0) as file:
            file.write(data[:30000])
            btbbtest.wait_for(lambda: screen.shows("0 MB read"), "the progress")
            file.write(data[30000:])
        out, _ = command.communicate(timeout=30)
        screen.shows("$")
    os.close(slave)
    os.close(master)
    assert command.returncode == 0
    assert out == btbb("lap", *[btbbtest.sample("pandas_demo.pcapbtbb")] * len(names)).stdout
    assert screen.text.endswith("\r\x1b[K")
    quick = btbb("lap", btbbtest.sample("pandas_demo.pcapbtbb"))
    assert quick.stderr == ""


# --- Help, manual, completion ---------------------------------------------------------------------------------------

def table_of_options():
    """Views, and keys with their values, from the messages of the parser."""
    views = re.search(r"valid: (.*)$", btbb("nothing", "f", check=False).stderr)[1].split(", ")
    keys = {}
    for view in views:
        message = btbb(f"{view},nothing=1", "f", check=False).stderr
        for key in re.search(r"valid: (.*)$", message)[1].split(", "):
            keys.setdefault(key, []).append(view)
    return views, keys


def test_help_fits_a_screen():
    shown = btbb("--help")
    lines = shown.stdout.splitlines()
    assert len(lines) <= 23 and max(map(len, lines)) <= 80
    views, keys = table_of_options()
    assert views == VIEW_NAMES.split(", ")
    for view in views:
        assert any(line.startswith(f"  {view} ") for line in lines)
    for key in keys:
        assert any(re.match(rf"  -\w, --{key}\b", line) for line in lines)
    assert btbb("-h", "anything").stdout == shown.stdout


def test_version():
    assert re.fullmatch(r"btbb \d+\.\d+\.\d+, with wiretap of Wireshark \d+\.\d+\.\d+\n", btbb("--version").stdout)
    assert btbb("-V").stdout == btbb("--version").stdout


def test_manual_names_everything():
    source = (REPO / "man" / "btbb.1").read_text(encoding="utf-8")
    plain = source.replace("\\-", "-")
    views, _ = table_of_options()
    for view in views:
        assert re.search(rf"^\.BR? {view}( ,|$| \.)", plain, re.M), view
    for letter, name in re.findall(r"^  -(\w), --([a-z]+)", btbb("--help").stdout, re.M):
        assert re.search(rf'^\.BR -{letter} ", " --{name}( |$)', plain, re.M), name
    if not shutil.which("groff"):
        pytest.skip("groff is not installed: the manual page was not formatted")
    formatted = run("groff", "-ww", "-man", "-Tutf8", REPO / "man" / "btbb.1")
    assert formatted.stderr == ""
    assert "EXIT STATUS" in re.sub(".\b", "", formatted.stdout)


def complete(*words):
    """What bash offers for the last of these words."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _btbb; '
              '[ ${#COMPREPLY[@]} = 0 ] || printf "%s\\n" "${COMPREPLY[@]}"')
    source = REPO / "command" / "btbb.bash-completion"
    return run("bash", "-c", script, "bash", source, "btbb", *words, cwd=REPO / "sample-captures").stdout.split()


def test_completion_offers_what_the_program_takes():
    views, keys = table_of_options()
    help_text = btbb("--help").stdout
    assert complete("") == views
    assert complete("la") == ["lap", "lap-type"]
    assert {word.rstrip("=") for word in complete("lap", "--")} == set(re.findall(r"^  -\w, (--[a-z]+)", help_text, re.M))
    assert {f"--{key}" for key in keys} <= {word.rstrip("=") for word in complete("--")}
    for letter, name, values in re.findall(r"^  -(\w), --([a-z]+)\[?=([a-z|]*\|[a-z|]*)", help_text, re.M):
        assert sorted(complete("io", f"--{name}", "=", "")) == sorted(values.split("|")), name
        if values != "yes|no":
            assert complete("io", f"-{letter}", values[:1]) == [word for word in values.split("|") if word[0] == values[0]]
    assert complete("lap", "fhs") == ["fhs.pcapbtbb"]
    assert complete("lap,min=1", "-c", "fhs") == ["fhs.pcapbtbb"]
    assert complete("lap", "--min", "=", "") == []


# --- Memory ---------------------------------------------------------------------------------------------------------

# A small program in between: a process counts the memory of the one that it was forked from as its own.
PEAK = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); " \
       "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"


@pytest.mark.parametrize("form", ["pcap", "gz"])
def test_memory_does_not_grow_with_packets(form, capture):
    """400,000 packets of one client: in 40 MiB, which 100 bytes a packet would exceed."""
    data = pcap(*[DM1] * 1000)
    data = data[:24] + data[24:] * 400
    path = capture(gzip.compress(data, 1) if form == "gz" else data)
    lines = run("/usr/bin/python3", "-c", PEAK, BTBB, "lap,min=1,format=csv", path).stdout.splitlines()
    assert lines[1].split(",")[4] == "400000"
    assert 1024 < int(lines[2]) < 40 * 1024
