"""Scenes: what is sent obeys the rules of the air, and is the same in each format.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import struct

import btbb_crypt
import btbb_encode as e
import capture_rows
import encode_hci as hci
import encode_lmp as lmp
import make_samples
import pytest
import sample_encrypted
import sample_esp32
import sample_hops
import sample_security
import scene_formats
from scenario import CLOCKS, SLOT, SLOTS_OF, clear_twin
from sim_piconet import Hop

import btbbtest

SCENES = sorted(make_samples.SCENES)
OF_ALL = ("legacy", "255", "tap", "ppi", "ppi-ethernet", "cooked")       # formats of a receiver, not of a device's controller


def frames_in(scene, name, device=None):
    """Frames of a scene in a format; of a .pklg file type and content."""
    data = scene_formats.capture(scene, name, device)
    if scene_formats.FORMATS[name].linktype is None:
        return [(kind, content) for _, kind, content in hci.packetlogger_records(data)]
    return [frame for _, _, frame in capture_rows.frames(data)]


# --- The air --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", SCENES)
def test_packets_follow_each_other(name):
    """No packet begins before the one before it has ended; the Central begins when CLK1 is 0, the Peripheral when it is 1."""
    scene, _ = make_samples.SCENES[name]()
    end = 0
    for sent in scene.sent:
        assert sent.slot >= end
        end = sent.slot + SLOTS_OF.get(sent.kind, 1)
        if sent.central and sent.kind not in ("ID", "FHS"):
            assert sent.clk & 1 == (sent.sender is not sent.central), sent
            assert sent.clk == (sent.central.clock + sent.slot) % CLOCKS


@pytest.mark.parametrize("name", SCENES)
def test_channels_are_those_of_the_hop_sequence(name):
    """Basic, or adapted with the map of the last LMP_set_AFH; an answer comes where the Central sent."""
    scene, _ = make_samples.SCENES[name]()
    maps, before, adapted = {}, None, 0
    for sent in scene.sent:
        if not sent.central or sent.kind in ("ID", "FHS"):
            if sent.kind == "FHS":      # a page or a role switch
                maps.pop(sent.sender, None)
            continue
        hop = Hop(sent.central.lap, sent.central.uap)
        instant, used = maps.get(sent.central, (None, None))
        if instant is None or (sent.clk - instant) % CLOCKS >= CLOCKS // 2:
            assert sent.channel == hop.basic(sent.clk)
        else:
            answers = sent.sender is not sent.central
            follows = answers and before.sender is before.central is sent.central and before.slot + SLOTS_OF[before.kind] == sent.slot
            start = before.clk if follows else sent.clk - answers
            assert sent.channel == hop.adapted(start, used)
            adapted += 1
        if sent.body[:1] == bytes((60 << 1,)) and sent.llid == e.LLID_LMP:
            bits = int.from_bytes(sent.body[6:16], "little")
            maps[sent.central] = struct.unpack_from("<I", sent.body, 1)[0], {c for c in range(79) if bits >> c & 1}
        before = sent
    assert adapted or name not in ("encrypted", "esp32")


@pytest.mark.parametrize("name", SCENES)
def test_seqn_changes_with_each_new_packet(name):
    """It starts anew with a connection and with a role switch."""
    scene, _ = make_samples.SCENES[name]()
    last = {}
    for sent in scene.sent:
        way = (sent.sender, sent.receiver, sent.lt_addr)
        if sent.kind == "FHS":
            last = {way: seqn for way, seqn in last.items() if sent.sender not in way}
        elif sent.kind != "ID" and e.KINDS[sent.kind].crc and not sent.is_eir:
            assert way not in last or (sent.seqn == last[way]) == sent.again, sent
            last[way] = sent.seqn


# --- Formats --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", SCENES)
def test_every_format_has_the_same_packets(name):
    scene, device = make_samples.SCENES[name]()
    heard = [sent for sent in scene.sent if sent.heard]
    for form in OF_ALL:
        assert len(frames_in(scene, form)) == len(heard)
    own = [sent for sent in scene.sent if sent.kind != "ID" and device in (sent.sender, sent.receiver)]
    own = [sent for sent in own if sent.heard or sent.sender is device]
    records = frames_in(scene, "esp32", device)
    assert len(records) == len(own) > 0
    assert [record[13 if sent.kind in hci.WITHOUT_PAYLOAD_HEADER else 15:] for record, sent in zip(records, own)] == \
        [sent.body for sent in own]
    pdus = [sent.body for sent in own if sent.llid == e.LLID_LMP]
    for form in ("broadcom", "monitor", "packetlogger", "internalblue"):
        assert len(frames_in(scene, form, device)) == len(pdus)
    assert [content for _, content in frames_in(scene, "packetlogger", device)] == pdus


def test_pdus_are_the_same_in_each_format():
    """The same link's LMP, read back from the bytes of each format."""
    scene, device = make_samples.SCENES["controllers"]()
    pdus = [sent.body for _, sent in scene_formats.lmp_of(scene, device)]
    way = [direction for direction, _ in scene_formats.lmp_of(scene, device)]
    internalblue = [frame[24:24 + (frame[23] >> 3)] for frame in frames_in(scene, "internalblue", device)]
    esp32 = [frame[15:] for frame in frames_in(scene, "esp32", device) if frame[11] >> 3 & 15 == 3]
    broadcom = [frame[5:] for frame in frames_in(scene, "broadcom", device)]
    monitor = [frame[4:] for frame in frames_in(scene, "monitor", device)]
    assert internalblue == esp32 == pdus and monitor == broadcom and [record[0] for record in broadcom] == way
    assert [record[10 + 3 * record[0]:][:len(pdu)] for record, pdu in zip(broadcom, pdus)] == pdus


def test_esp32_clock_gives_the_start_slot():
    """As capture-sources describes it: clock and offset give the piconet's clock, 0 or 1 slots late."""
    scene, device = sample_esp32.scene()
    fhs = next(sent for sent in scene.sent if sent.kind == "FHS" and sent.sender is sample_esp32.PHONE and sent.access is device)
    records = list(zip(scene_formats.packets_of(scene, device), frames_in(scene, "esp32", device)))
    clk = next(struct.unpack_from("<I", record, 5)[0] for (_, sent), record in records if sent is fhs)
    offset = 2 * (struct.unpack_from("<I", fhs.body, 14)[0] >> 3 & 0x3FFFFFF) - clk
    late = set()
    for (way, sent), record in records:
        if way == hci.RECEIVED and sent.central and e.KINDS[sent.kind].header:
            piconet = struct.unpack_from("<I", record, 5)[0] + (offset if sent.central is sample_esp32.PHONE else 0)
            ended = (piconet - (SLOTS_OF[sent.kind] - 1)) % CLOCKS
            late.add(ended - sent.clk)
            assert ended - ((ended ^ (sent.sender is not sent.central)) & 1) == sent.clk
    assert late == {0, 1} and offset % 2 == 1


def test_esp32_shows_direction_role_and_encryption():
    scene, device = sample_esp32.scene()
    flags = [(record[10], way, sent) for (way, sent), record in
             zip(scene_formats.packets_of(scene, device), frames_in(scene, "esp32", device))]
    both = hci.ESP32_TX_ENCRYPTED | hci.ESP32_RX_ENCRYPTED
    in_piconet = [entry for entry in flags if entry[2].central and entry[2].kind != "FHS"]
    assert all(bool(value & hci.ESP32_PERIPHERAL) == (sent.central is not device) for value, _, sent in in_piconet)
    assert [value & both for value, _, sent in in_piconet if sent.llid == e.LLID_START and sent.kind == "DM1"][:1] == [both]
    assert sum(bool(value & hci.ESP32_EIR) for value, _, _ in flags) == 2
    assert {sent.kind for value, _, sent in flags if value & hci.ESP32_EDR} == {"2-DH1", "3-DH1", "2-DH3", "3-DH3", "2-DH5", "3-DH5"}


def test_scene_formats_from_the_shell(workdir):
    for arguments, code in ((("controllers", "monitor"), 0), (("nothing", "monitor"), 1), (("esp32", "nothing"), 1)):
        path = workdir / "out.pcap"
        done = btbbtest.run("/usr/bin/python3", btbbtest.REPO / "sample-captures" / "scene_formats.py", *arguments, path, check=False)
        assert done.returncode == code and ("formats:" in done.stderr) == (code == 1)
    scene, device = make_samples.SCENES["controllers"]()
    assert path.read_bytes() == scene_formats.capture(scene, "monitor", device)


# --- Security -------------------------------------------------------------------------------------------------------

def test_responses_are_those_of_the_link_key():
    """Each LMP_sres of the encrypted scene is E1 of the challenge before it."""
    scene, _ = sample_encrypted.scene()
    challenge, checked = None, 0
    for sent in scene.sent:
        if sent.llid == e.LLID_LMP and sent.cipher is None and lmp.name_of(sent.body) == "au_rand":
            challenge = sent.body[1:]
        elif sent.llid == e.LLID_LMP and challenge and lmp.name_of(sent.body) == "sres":
            key = sample_encrypted.key_of(sent.sender, sent.receiver)
            assert btbb_crypt.e1(key, challenge, sent.sender.address)[0] == sent.body[1:]
            challenge, checked = None, checked + 1
    assert checked == 4


def test_encrypted_packets_become_their_twins():
    """Only payloads differ; decrypted they are the twin's, with a good CRC. A retransmission has other bytes."""
    scene, _ = sample_encrypted.scene()
    twin = clear_twin(scene)
    differing, again, last = 0, 0, None
    for one, other, sent in zip(frames_in(scene, "legacy"), frames_in(twin, "legacy"), [s for s in scene.sent if s.heard]):
        assert one[:23] == other[:23] and len(one) == len(other) and (one != other) == (sent.cipher is not None)
        if sent.cipher:
            clear = sample_encrypted.decrypt(sent)
            assert clear == other[23:]
            if e.KINDS[sent.kind].crc:
                assert e.crc(sent.access.uap, clear[:-2]) == int.from_bytes(clear[-2:], "little")
            differing += 1
            if sent.again:
                again += 1
                assert last.body == sent.body and scene_formats.air_payload(last) != one[23:]
        last = sent if sent.cipher and sent.kind not in ("NULL", "POLL") else last
    assert (differing, again) == (differing, 3) and differing > 100


def test_keys_change_between_sizes_and_after_a_pause():
    keys = {sent.cipher.key for sent in sample_encrypted.scene()[0].sent if sent.cipher}
    assert len(keys) == 6       # three of the first link, one of each other


def test_key_files():
    address = "(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"
    line = re.compile(rf'"{address}","({address}|\*)","(link|encryption) key","[0-9a-f]{{32}}","[ -~]*"')
    for name, count in (("encrypted_e0.csv", 3), ("encrypted_e0_wrong.csv", 4)):
        lines = [text for text in make_samples.KEYS[name]().decode().splitlines() if not text.startswith("#")]
        assert len(lines) == count and all(line.fullmatch(text) for text in lines)
    right, wrong = (set(re.findall("[0-9a-f]{32}", make_samples.KEYS[name]().decode())) for name in sorted(make_samples.KEYS))
    assert not right & wrong


def test_hostile_names_are_in_the_samples():
    data = b"".join(bytes(frame) for frame in frames_in(sample_security.scene()[0], "legacy"))
    assert b"\x1b[31m" in data and "\u202e".encode()[:2] in data and b"\xff\xfe" in data


# --- Hops -----------------------------------------------------------------------------------------------------------

def test_hops_sample_is_what_its_truth_says():
    truths = sample_hops.truths()
    records = list(capture_rows.frames(sample_hops.hops()))
    assert len(records) == len(truths)
    for (_, time_ns, record), truth in zip(records, truths):
        assert time_ns == truth.heard.ns and record[0] == truth.heard.channel == sample_hops.CHANNEL
        if truth.heard.clk is not None:
            hop, clk = Hop(truth.lap, truth.uap), truth.heard.clk
            if truth.lap == sample_hops.SECOND_LAP:
                assert hop.basic(clk) == sample_hops.CHANNEL
            assert clk & 1 == (truth.heard.sender == "peripheral")
            assert SLOTS_OF_TYPE[record[16] >> 3 & 15] == truth.heard.slots
    by_segment = [sum(t.lap == lap and t.segment == segment for t in truths)
                  for lap in (sample_hops.FIRST_LAP, sample_hops.SECOND_LAP) for segment in (0, 1)]
    assert min(by_segment) >= 30
    jumps = [after.heard.ns - before.heard.ns for before, after in zip(truths, truths[1:])]
    assert sum(jump < 0 for jump in jumps) == 1 and min(jumps) < -429 * e.NS
    assert max(jumps) < 2 * e.NS and SLOT == 625_000


SLOTS_OF_TYPE = {e.KINDS[kind].code: slots for kind, slots in SLOTS_OF.items()}
