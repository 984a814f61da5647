"""What the tests of the dissector share: captures made of frames, and what tshark shows of them.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import btbb_encode as e

import btbbtest

GOOD, BAD, UNVERIFIED = "1", "0", "2"
LAP, UAP = 0x102030, 0x47

# What the columns of the packet list hold, the same in every version of Wireshark.
COLUMNS = ("-o", 'gui.column.format:"Source","%s","Destination","%d","Protocol","%p","Info","%i"')


def same(text):
    """Booleans and check status as 4.0 prints them."""
    return {"True": "1", "False": "0", "Good": GOOD, "Bad": BAD, "Unverified": UNVERIFIED}.get(text, text)


def values(capture, *names, extra=()):
    return [{name: same(text) for name, text in row.items()} for row in btbbtest.fields(capture, *names, extra=extra)]


def column(capture, name, extra=()):
    return [row[name] for row in values(capture, name, extra=extra)]


def capture_of(data):
    path = btbbtest.tmpdir() / "made.pcap"
    path.write_bytes(data)
    path.chmod(0o644)
    return path


def legacy_capture(*frames):
    return capture_of(e.pcap(e.stamped(frames)))


def rf_capture(*frames):
    return capture_of(e.pcap(e.stamped(frames), e.LINKTYPE_BREDR_BB, nano=True))


def text(capture, *args):
    """Everything that tshark shows of every frame."""
    return btbbtest.tshark("-r", capture, "-V", *args).stdout


def registered_fields():
    """Abbreviation -> (name, type) of every field that the plugin registers, expert items included."""
    return {name: about[:2] for name, about in described_fields().items()}


def described_fields():
    """Abbreviation -> (name, type, description); the description is "" for expert items."""
    rows = [line.split("\t") for line in btbbtest.tshark("-G", "fields").stdout.splitlines()]
    found = {}
    for row in rows:
        if row[0] == "F" and row[4] == "btbb":
            found.setdefault(row[2], (row[1], row[3], row[7]))  # btbb.hec is registered twice: in a byte, and in a word
    return found


def count(capture, *names):
    """Totals of `-z btbb,summary`."""
    lines = btbbtest.tshark("-q", "-r", capture, "-z", "btbb,summary,format=csv").stdout.splitlines()
    totals = dict(line.split(",", 1) for line in lines)
    return [int(totals[name]) for name in names]


def dm1(body, number=0, llid=e.LLID_START, clk=1, kind="DM1", **options):
    """A packet of the Peripheral (clk odd) or Central; SEQN alternates with `number`."""
    return e.legacy(LAP, kind, uap=UAP, body=body, llid=llid, clk=clk, seqn=number & 1, **options)


def listed(capture, *args):
    """The packet list: source, destination, protocol and Info of each frame, blanks collapsed."""
    out = btbbtest.tshark("-r", capture, *COLUMNS, *args).stdout
    return [" ".join(line.split()) for line in out.splitlines()]
