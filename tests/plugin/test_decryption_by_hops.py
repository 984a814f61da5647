"""Decryption of LINKTYPE 255, whose clock only hops show: keys of 16, 7 and 1 bytes, pause and resume, a role switch.

The encrypted capture and its clear twin are those of sample-captures without the FHS packets of the pages, which would show
the clock. A search of the clocks comes later than the first encrypted packets: two passes of tshark and the command know
them, one pass does not. SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import csv
import io
import struct

import btbb_encode as e
import pytest

import btbbtest
import sample_encrypted
import scene_formats
from btbbtest import fields, run, sample, tshark
from link_procedures import Link
from scenario import Scene, clear_twin
from test_decryption import KEYS, NAMES, PLAIN, VERDICT, WRONG, key_options, plain

PAGES = (4, 275)                # frames
CLOCK = ("btbb.clk.source", "btbb.clk27", "btbb.dir")
LINK = ("btbb.link", "btbb.link.event", "btbb.link.sender", "btbb.link.details", "btbb.link.encryption")


def without_pages(name):
    data, kept, at, number = sample(name).read_bytes(), [], 24, 0
    while at < len(data):
        size, number = 16 + struct.unpack_from("<I", data, at + 8)[0], number + 1
        if number not in PAGES:
            kept.append(data[at:at + size])
        at += size
    path = btbbtest.tmpdir() / ("hops_" + name)
    path.write_bytes(data[:24] + b"".join(kept))
    return path


@pytest.fixture(scope="module")
def encrypted():
    return without_pages("encrypted_e0_rf.pcap")


@pytest.fixture(scope="module")
def clear():
    return without_pages("encrypted_e0_rf_clear.pcap")


def dissect(capture, keys, *extra):
    return fields(capture, *VERDICT, *PLAIN, *CLOCK, *LINK, extra=[*(key_options(keys) if keys else ()), *extra])


@pytest.fixture(scope="module")
def twice(encrypted):
    return dissect(encrypted, KEYS, "-2")


@pytest.fixture(scope="module")
def twin(clear):
    return dissect(clear, None, "-2")


def verdicts(rows):
    return collections.Counter(NAMES[row[VERDICT[0]]] for row in rows)


def test_two_passes_give_the_twin(twice, twin):
    assert len(twice) == len(twin) == 358
    assert verdicts(twice) == {"": 188, "not encrypted": 62, "good": 101, "no CRC": 2, "key unknown": 5}
    for mine, theirs in zip(twice, twin):
        if mine["btbb.decrypted"] == "2":
            assert plain(mine) == plain(theirs)
            assert [mine[name] for name in CLOCK + LINK] == [theirs[name] for name in CLOCK + LINK]


def test_the_clock_is_that_of_hops(twice):
    """And of the FHS packet of the role switch."""
    sources = collections.Counter(row["btbb.clk.source"] for row in twice if row["btbb.decrypted"] == "2")
    assert sources == {"4": 95, "3": 6}


def test_one_pass_decrypts_from_the_lock_on(encrypted, twice):
    once = dissect(encrypted, KEYS)
    assert verdicts(once) == {"": 188, "not encrypted": 62, "good": 90, "clock unknown": 11, "no CRC": 2, "key unknown": 5}
    for first, second in zip(once, twice):
        assert first["btbb.decrypted"] in ("5", second["btbb.decrypted"])


def test_wrong_keys(encrypted):
    wrong = dissect(encrypted, WRONG, "-2")
    assert verdicts(wrong) == {"": 188, "not encrypted": 62, "wrong key": 103, "key unknown": 5}


def test_the_command_knows_what_two_passes_know(encrypted, clear):
    folder = btbbtest.tmpdir()
    views = ("packets", "links", "timeline", "findings")
    keys = sample(KEYS)
    tshark("-2", "-q", "-r", encrypted, *(word for view in views for word in (
        "-z", f"btbb,{view},clock=auto,format=csv,keys={keys},file={folder}/{view}")))
    printed = {view: run(btbbtest.BUILD / "command" / "btbb", f"{view},clock=auto,format=csv", f"--keys={keys}", encrypted).stdout
               for view in views}
    assert {view: (folder / view).read_text() for view in views} == printed
    rows = [line.split(",") for line in printed["packets"].splitlines()]
    theirs = [line.split(",") for line in run(btbbtest.BUILD / "command" / "btbb", "packets,clock=auto,format=csv",
                                              clear).stdout.splitlines()]
    assert [row[0] for row, twin in zip(rows, theirs) if row != twin] == ["140", "143", "350", "352", "354", "356", "358"]


# ------ Clocks that are known to candidates only ------

@pytest.fixture(scope="module")
def one_direction():
    """Packets of one device: two clocks explain their channels equally well, so that no packet has a clock."""
    captures = {}
    for name, twin_of in (("encrypted", lambda scene: scene), ("clear", clear_twin)):
        scene = twin_of(sample_encrypted.scene()[0])
        scene.sent = [sent for sent in scene.sent if sent.central is sample_encrypted.CAR and sent.sender is not sent.central][-20:]
        captures[name] = btbbtest.tmpdir() / f"one_direction_{name}.pcap"
        captures[name].write_bytes(scene_formats.capture(scene, "255"))
    return captures


def rows(view, capture, *keys):
    clock = "" if view == "piconets" else ",clock=auto"
    done = run(btbbtest.BUILD / "command" / "btbb", f"{view}{clock},format=csv", *keys, capture)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_the_crc_decides_between_candidates(one_direction):
    keys = f"--keys={sample(KEYS)}"
    packets, twin = rows("packets", one_direction["encrypted"], keys), rows("packets", one_direction["clear"])
    assert packets == twin and len(packets) == 19
    assert {row["clk"] for row in packets} == {""}
    link, = rows("links", one_direction["encrypted"], keys)
    assert (link["decryption"], link["encrypted"], link["decrypted"], link["missing"]) == ("good", "15", "15", "")
    decrypted = fields(one_direction["encrypted"], "btbb.decrypted", "btbb.clk27", extra=[*key_options(KEYS), "-2"])
    assert collections.Counter(row["btbb.decrypted"] for row in decrypted) == {"2": 15, "": 4}
    assert {row["btbb.clk27"] for row in decrypted} == {""}


def test_a_wrong_key_fits_no_candidate(one_direction):
    path = btbbtest.tmpdir() / "wrong_encryption_key.csv"
    path.write_text('"00:1b:a8:41:c6:f3","*","encryption key","000102030405060708090a0b0c0d0e0f",""\n', encoding="ascii")
    done = run(btbbtest.BUILD / "command" / "btbb", "links,clock=auto", f"--keys={path}", one_direction["encrypted"])
    assert "15 encrypted payloads of no connection listed here: no key gives a good CRC" in done.stdout.splitlines()


# ------ A channel map that only the key shows; clocks of six bits ------

CENTRAL, PERIPHERAL = sample_encrypted.CAR, sample_encrypted.WATCH
USED = frozenset(range(79)) - set(range(20, 50))
MAP, ALL = (f"{sum(1 << channel for channel in channels):020x}" for channels in (USED, range(79)))


def connection():
    """The Central sends two LMP_set_AFH: all channels before the encryption starts, fewer after it. Its page is not captured."""
    scene = Scene()
    link = Link(scene, CENTRAL, PERIPHERAL, sample_encrypted.key_of(CENTRAL, PERIPHERAL))
    sample_encrypted.connect(link, is_paged=False)
    link.authenticate(link.central)
    link.encrypt(16)
    link.set_afh(USED)
    sample_encrypted.search_service(link)
    sample_encrypted.moves(link, 12)
    return scene


def legacy_of_six_bits(scene):
    """A legacy file of an old writer: CLK6-1 and the channel of every packet, no NAP."""
    return e.pcap([e.Packet(scene_formats.time_of(scene, sent), e.legacy(
        sent.access.lap, sent.kind, uap=sent.access.uap, clk=sent.clk % 64, channel=sent.channel, lt_addr=sent.lt_addr,
        flow=sent.flow, arqn=sent.arqn, seqn=sent.seqn, raw_payload=scene_formats.air_payload(sent) or b""))
        for sent in scene_formats.heard(scene)])


FORMATS = {"255": lambda scene: scene_formats.capture(scene, "255"), "six_bits": legacy_of_six_bits}


def written(name, scene, form):
    """The capture and its clear twin."""
    paths = [btbbtest.tmpdir() / f"{name}_{form}_{kind}.pcap" for kind in ("encrypted", "clear")]
    for path, which in zip(paths, (scene, clear_twin(scene))):
        path.write_bytes(FORMATS[form](which))
    return paths


def key_file(kind, key, peripheral):
    path = btbbtest.tmpdir() / f"{kind.replace(' ', '_')}.csv"
    path.write_text(sample_encrypted.key_line(sample_encrypted.colons(CENTRAL), peripheral, kind, key, ""), encoding="ascii")
    return path


@pytest.mark.parametrize("form", FORMATS)
def test_views_with_keys_and_found_clocks(form):
    """Views `piconets`, which always looks for clocks, and others with clock=auto: in the command and in tshark they are those of
    the clear twin."""
    encrypted, clear = written("maps", connection(), form)
    keys = key_file("link key", sample_encrypted.key_of(CENTRAL, PERIPHERAL), sample_encrypted.colons(PERIPHERAL))
    views = {"piconets": "piconets,format=csv", "packets": "packets,clock=auto,format=csv", "lap": "lap,clock=auto,format=csv"}
    command, folder = btbbtest.BUILD / "command" / "btbb", btbbtest.tmpdir()
    printed = {name: run(command, view, f"--keys={keys}", encrypted).stdout for name, view in views.items()}
    assert printed == {name: run(command, view, clear).stdout for name, view in views.items()}
    tshark("-2", "-q", "-r", encrypted, *(word for name, view in views.items()
                                          for word in ("-z", f"btbb,{view},keys={keys},file={folder}/{form}_{name}")))
    assert {name: (folder / f"{form}_{name}").read_text() for name in views} == printed
    row, = csv.DictReader(io.StringIO(printed["piconets"]))
    assert [row[key] for key in ("packets", "source", "clk", "lmp_map", "lmp_frame", "lmp_instant", "lmp_maps")] == [
        "77", "hops", "94741924", MAP, "31", "94741978", "2"]
    without, = csv.DictReader(io.StringIO(run(command, "piconets,format=csv", encrypted).stdout))
    assert [without[key] for key in ("clk", "lmp_map", "lmp_frame", "lmp_maps")] == ["94741924", ALL, "9", "1"]
    link, = csv.DictReader(io.StringIO(run(command, "links,clock=auto,format=csv", f"--keys={keys}", encrypted).stdout))
    assert (link["decryption"], link["encrypted"], link["decrypted"]) == ("good", "24", "24")


def test_six_bits_and_candidates():
    """Six bits of the clock, and packets of the Peripheral alone: three clocks are left, and the CRC decides."""
    scene = connection()
    cipher = next(sent.cipher for sent in scene.sent if sent.cipher)
    scene.sent = [sent for sent in scene.sent if sent.sender is PERIPHERAL][-20:]
    encrypted, clear = written("few", scene, "six_bits")
    keys = key_file("encryption key", cipher.key, "*")
    row, = rows("piconets", encrypted)
    assert (row["packets"], row["source"], row["clk"], row["clks"]) == ("19", "hops", "", "27603339 94741963 128318859")
    assert scene.sent[0].clk == 94741963
    packets = rows("packets", encrypted, f"--keys={keys}")
    assert packets == rows("packets", clear) and len(packets) == 19
    assert sum(row["crc"] == "good" for row in packets) == 17 and {row["clk27"] for row in packets} == {""}
    link, = rows("links", encrypted, f"--keys={keys}")
    assert (link["decryption"], link["encrypted"], link["decrypted"], link["missing"]) == ("good", "17", "17", "")
    options = [word for line in keys.read_text(encoding="ascii").splitlines() for word in ("-o", "uat:btbb_keys:" + line)]
    decrypted = fields(encrypted, "btbb.decrypted", "btbb.clk27", extra=[*options, "-2"])
    assert collections.Counter((row["btbb.decrypted"], row["btbb.clk27"]) for row in decrypted) == {("2", ""): 17, ("", ""): 2}


def test_clear_packets_of_the_peripheral_alone():
    """One LMP PDU proves the sender, which the hops show as well. Two clocks are left."""
    scene = connection()
    scene.sent = [sent for sent in scene.sent if sent.sender is PERIPHERAL]
    _, clear = written("peripheral", scene, "255")
    row, = rows("piconets", clear)
    assert [row[key] for key in ("packets", "source", "clk", "twins", "clks")] == ["38", "hops", "", "1", "94741925 129173283"]
    assert collections.Counter(row["to_master"] for row in rows("packets", clear)) == {"true": 38}
