"""What the tests of the command `btbb` share: running it, comparing it with tshark, and files to read.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import gzip
import shutil
import struct
import subprocess

import btbb_encode as encode
import pytest

import btbbtest
from btbbtest import BUILD, run, tshark

BTBB = BUILD / "command" / "btbb"
VIEW_NAMES = "summary, lap, type, lap-type, io, channel, signal, vendors, links, findings, timeline, piconets, report, packets"
FORMATS = ("table", "csv", "json")
VIEWS = ("summary", "lap", "lap,min=1", "lap,min=1,sort=first,ids=no", "lap,top=1,sort=lap", "type", "type,ids=yes,top=2",
         "lap-type", "lap-type,ids=yes,min=2,top=2", "io,interval=0.5", "io,by=lap,min=2", "io,by=type,interval=10",
         "io,by=channel,cumulative=yes", "io,by=lap,top=1,sort=lap,cumulative=yes", "channel", "vendors", "signal",
         "signal,by=channel", "io,value=signal,by=lap", "lap,min=1,lap=ed:1d:9c/48:31:dd,from=1", "packets",
         "vendors,min=1,sort=lap", "links", "findings", "timeline", "piconets")
DM1 = encode.legacy(0x4831DD, "DM1", 0x61, body=b"hello")
ID = encode.access_code(0x123456)
RF = encode.rf(0x4831DD, "DM1", 0x61, body=b"hello")


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


def pcap(*records, link=1, magic=0xA1B2C3D4, order="<", version=(2, 4)):
    """A classic pcap file. A record is its bytes, or (bytes, options): wire, seconds, fraction, captured."""
    out = struct.pack(order + "IHHiIII", magic, *version, 0, 0, 65535, link)
    for record in records:
        data, options = record if isinstance(record, tuple) else (record, {})
        out += struct.pack(order + "IIII", options.get("seconds", 1_600_000_000), options.get("fraction", 0),
                           options.get("captured", len(data)), options.get("wire", len(data))) + data
    return out


def records_of(name):
    data = btbbtest.sample(name).read_bytes()
    assert struct.unpack_from("<I", data)[0] == 0xA1B2C3D4
    at, out = 24, []
    while at < len(data):
        seconds, fraction, captured, wire = struct.unpack_from("<IIII", data, at)
        out.append((data[at + 16:at + 16 + captured], {"seconds": seconds, "fraction": fraction, "wire": wire}))
        at += 16 + captured
    return out


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


@contextlib.contextmanager
def spawn(*args, **options):
    """The command as a process of its own, with text pipes. Ended with the block, however that ends."""
    with subprocess.Popen([str(word) for word in (BTBB, *args)], env=btbbtest.environment(), text=True,
                          **options) as command:
        try:
            yield command
        finally:
            command.kill()
