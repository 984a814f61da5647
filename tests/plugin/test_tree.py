"""A tree of which only some fields are used, and no tree at all: both report what the whole tree shows.

The dissector leaves unused items out of the tree. Here every field of ours is used once, together with few others.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import re
from collections import Counter

import pytest

import btbbtest

CUT = [btbbtest.CUT]

# One number per line: the tree is not shown, and none of its fields is used.
NUMBERS = ("-o", 'gui.column.format:"No.","%m"')

# Clocks are not sought, which takes ten times as long as everything else here.
NO_CLOCKS = ("-o", "btbb.clock:FALSE")

# Number of fields that are used in one run, one of each part of the tree.
AT_ONCE = 12

# Fields of Wireshark's reassembly that in-order messages, shown where they are complete, do not have.
NEVER = {"btbb.fragment.error", "btbb.fragment.multipletails", "btbb.fragment.overlap", "btbb.fragment.overlap.conflict",
         "btbb.fragment.toolongfragment", "btbb.reassembled.in",
         "btbb.clk.contradiction", "btbb.decrypted", "btbb.decrypted.reason", "btbb.encrypted"}   # test_clocks.py, test_decryption.py


@functools.lru_cache(maxsize=None)
def our_fields():
    """Fields and expert items, in the order of their registration."""
    rows = [line.split("\t") for line in btbbtest.tshark("-G", "fields").stdout.splitlines()]
    return list(dict.fromkeys(row[2] for row in rows if row[0] == "F" and re.match(r"btbb\.", row[2])))


@functools.lru_cache(maxsize=None)
def all_samples():
    """All samples in one file. The first has what is noted of a capture by its first packets."""
    return btbbtest.merge_samples("emulator.pcap", *(name for name in btbbtest.SAMPLES
                                                     if name not in (btbbtest.CUT, "emulator.pcap")))


@functools.lru_cache(maxsize=None)
def frames_with(*options):
    """Field -> numbers of the frames whose whole tree has it."""
    fields = our_fields()
    found = {name: [] for name in fields}
    for row in btbbtest.fields(all_samples(), "frame.number", *fields, extra=options):
        for name in fields:
            if row[name] != "":
                found[name].append(int(row["frame.number"]))
    return found


def test_samples_have_every_field():
    assert {name for name, frames in frames_with().items() if not frames} == NEVER


def columns_with(names, *options):
    """Field -> numbers of the frames whose column shows it. The tree is not shown, and only these fields are used."""
    columns = '"No.","%m",' + ",".join(f'"{name}","%Cus:{name}:0:U"' for name in names)
    found = {name: [] for name in names}
    listed = btbbtest.tshark("-r", all_samples(), "-T", "tabs", "-o", f"gui.column.format:{columns}", *options).stdout
    for line in listed.splitlines():
        number, *cells = line.split("\t")
        for name, cell in zip(names, cells, strict=True):
            if cell.strip():
                found[name].append(int(number))
    return found


def assert_columns(names, *options):
    parts = -(-len(names) // AT_ONCE)
    wrong = {}
    for part in range(parts):
        for name, frames in columns_with(names[part::parts], *options).items():
            if frames != frames_with(*options)[name]:
                wrong[name] = (len(frames), len(frames_with(*options)[name]))
    assert wrong == {}


def test_columns_show_what_the_tree_shows():
    assert_columns(our_fields(), *NO_CLOCKS)


def test_columns_of_found_clocks():
    found, none = frames_with(), frames_with(*NO_CLOCKS)
    names = [name for name in our_fields() if found[name] != none[name]]
    assert {"btbb.clk27", "btbb.clk.source", "btbb.dir", "btbb.dir.source", "btbb.dst", "btbb.fragments"} <= set(names)
    assert_columns(names)


@pytest.mark.parametrize("name", ["btbb.nap", "btbb.clk", "btbb.rf.flags.ref_uap", "btbb.seqn", "btbb.length",
                                  "btbb.fhs.class", "btbb.dst"])
def test_filter_finds_what_the_tree_shows(name):
    numbers = btbbtest.tshark("-r", all_samples(), *NUMBERS, *NO_CLOCKS, "-Y", name).stdout.split()
    assert list(map(int, numbers)) == frames_with(*NO_CLOCKS)[name]


@pytest.mark.parametrize("name", ["btbb.src", "btbb.addr", "btbb.type", "btbb.hec.bad", "btbb.channel", "btbb.crc"])
def test_filter_of_a_statistic_finds_the_same(name):
    """No columns either: the addresses of the two ends are made for the filter alone."""
    clocks = () if name == "btbb.src" else NO_CLOCKS
    packets = btbbtest.tshark("-q", "-r", all_samples(), *clocks, "-z", f"btbb,summary,format=csv,{name}").stdout
    assert re.search(r"^packets,(\d+)$", packets, re.M).group(1) == str(len(frames_with(*clocks)[name]))


@functools.lru_cache(maxsize=None)
def our_summaries():
    """How the texts of our expert items begin."""
    sources = "".join(path.read_text() for path in (btbbtest.REPO / "plugin").glob("*.c"))
    return tuple(re.findall(r'"btbb\.[a-z_.0-9]+",\s*PI_\w+,\s*PI_\w+,\s*"([^"]+)"', sources))


def expert_items(capture, *options):
    """Text of each expert item of ours -> how often, as `-z expert` counts. Other dissectors report less without a tree."""
    items = Counter()
    for line in btbbtest.tshark("-q", "-r", capture, "-z", "expert", *options, check=False).stdout.splitlines():
        match = re.match(r"\s+(\d+)\s+\S+\s+(?:BTBB|Bluetooth)\s+(\S.*)$", line)
        if match and match.group(2).startswith(our_summaries()):
            items[match.group(2)] += int(match.group(1))
    return items


def shown_items(capture):
    items = Counter()
    shown = btbbtest.tshark("-r", capture, "-T", "fields", "-E", "aggregator=|", "-e", "_ws.expert.message", check=False)
    for line in shown.stdout.splitlines():
        items.update(text for text in line.split("|") if text.startswith(our_summaries()))
    return items


def test_samples_have_expert_items():
    found = shown_items(all_samples())
    elsewhere = ("The payload was not decrypted",                               # only with keys: test_decryption.py
                 "The packet was not sent by the device whose slot it is")      # no sample contradicts a clock
    missing = [name for name in our_summaries()
               if not name.startswith(elsewhere) and not any(text.startswith(name) for text in found)]
    assert missing == [] and len(our_summaries()) == 24


@pytest.fixture(params=["all samples", *CUT])
def capture(request):
    return btbbtest.sample(request.param) if request.param in CUT else all_samples()


def test_expert_items_need_no_tree(capture):
    """Without a tree, with one that is not shown (-z io,phs asks for it), and in two passes: what the whole tree shows."""
    shown = shown_items(capture)
    assert expert_items(capture) == shown
    assert expert_items(capture, "-z", "btbb,lap") == shown
    assert expert_items(capture, "-z", "io,phs") == shown
    assert expert_items(capture, "-2") == shown


def test_statistics_need_neither_tree_nor_columns(capture):
    """Usual frames that nobody looks at are counted without being taken apart."""
    views = [word for view in ("summary", "lap,min=1", "lap-type,min=1", "channel", "io,by=type,interval=864000")
             for word in ("-z", f"btbb,{view},format=csv")]
    counted = btbbtest.tshark("-q", "-r", capture, *views, check=False)
    assert counted.stdout.count("\n") > 20 and "-z btbb" not in counted.stderr
    for seen in ([], ["-V"]):
        listed = btbbtest.tshark(*seen, "-r", capture, *views, check=False)
        assert listed.stdout.endswith(counted.stdout)


@pytest.mark.parametrize("protocol, name, frames, counted", [
    ("btbb", "pandas_demo.pcapbtbb", 4708, 4708), ("btl2cap", "pandas_demo.pcapbtbb", 1374, 1374),
    ("btbb", "every_type_rf.pcap", 46, 45), ("btbredr_rf", "every_type_rf.pcap", 46, 45)])
def test_layers_of_a_tree_that_is_not_shown(protocol, name, frames, counted):
    """Wireshark takes back a layer that adds nothing to a tree: frame.protocols and the protocol hierarchy would lose it."""
    capture = btbbtest.sample(name)
    layer = f'frame.protocols contains "{protocol}"'
    layers = btbbtest.fields(capture, "frame.protocols")
    assert len([row for row in layers if protocol in row["frame.protocols"].split(":")]) == frames
    assert len(btbbtest.tshark("-r", capture, *NUMBERS, "-Y", layer).stdout.split()) == frames
    summary = btbbtest.tshark("-q", "-r", capture, "-z", f"btbb,summary,format=csv,{layer}").stdout
    assert re.search(r"^packets,(\d+)$", summary, re.M).group(1) == str(counted)
    hierarchy = btbbtest.tshark("-q", "-r", capture, "-z", "io,phs").stdout
    assert sum(map(int, re.findall(rf"^ +{protocol} +frames:(\d+) ", hierarchy, re.M))) == frames


@functools.lru_cache(maxsize=None)
def shown_frames(capture):
    """Names of all protocols and fields of each frame's whole tree."""
    frames = btbbtest.tshark("-r", capture, "-T", "pdml").stdout.split("<packet>")[1:]
    return [set(re.findall(r'<(?:proto|field) name="([^"]+)"', frame)) for frame in frames]


@pytest.mark.parametrize("name", ["btbb", "btbredr_rf", "btbredr_rf.rf_channel", "btbredr_rf.flags.crc_pass", "bluetooth", "btl2cap",
                                  "btl2cap.cid", "_ws.expert", "_ws.malformed"])
def test_filters_find_what_other_dissectors_show(name):
    """Wireshark's own dissector of link type 255 is given no tree where nobody can see one."""
    capture = btbbtest.sample("every_type_rf.pcap")
    expected = [number for number, names in enumerate(shown_frames(capture), 1) if name in names]
    assert expected
    assert list(map(int, btbbtest.tshark("-r", capture, *NUMBERS, "-Y", name).stdout.split())) == expected
    counted = [row["frame.number"] for row in btbbtest.fields(capture, "frame.number", "btbb.lap") if row["btbb.lap"]]
    summary = btbbtest.tshark("-q", "-r", capture, "-z", f"btbb,summary,format=csv,{name}").stdout
    packets = len([number for number in expected if str(number) in counted])
    assert re.search(r"^packets,(\d+)$", summary, re.M).group(1) == str(packets)


def test_protocol_hierarchy_next_to_a_filtered_statistic():
    """The filter asks for one field of ours, the hierarchy for all protocols."""
    capture = btbbtest.sample("every_type_rf.pcap")
    both = btbbtest.tshark("-q", "-r", capture, "-z", "io,phs", "-z", "btbb,type,format=csv,btbb.type==3").stdout
    alone = btbbtest.tshark("-q", "-r", capture, "-z", "io,phs").stdout
    assert alone in both and "btbredr_rf " in alone and "3,DM1," in both
