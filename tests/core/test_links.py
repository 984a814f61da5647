"""The link tracker on whole captures: rows, findings and gaps, each compared by hand with what `tshark -V` shows.

The frames of ../shared/captures/ with LMP were dissected by Wireshark's own btlmp (link type 147 and a DLT_USER entry),
and the expected values below were read from its output.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import json
import re
import struct
import subprocess

import btbbtest
import lmp_packets

FEATURES = ("3-slot", "5-slot", "encryption", "role switch", "sniff", "EDR 2 Mb/s", "EDR 3 Mb/s", "AFH",
            "pause encryption", "SSP", "SSP (host)", "Secure Connections", "Secure Connections (host)")


def track(lines):
    """What was learned: a dict of lists of dicts, by kind of line."""
    done = subprocess.run(btbbtest.core_program("track-links"), input="\n".join(lines), text=True,
                          capture_output=True, check=True)
    learned = {kind: [] for kind in ("link", "side", "encryption", "finding", "gap", "event", "dropped")}
    for row in done.stdout.splitlines():
        kind, number, *words = row.split("\t")
        learned[kind].append({"number": int(number), **dict(word.split("=", 1) for word in words if "=" in word),
                              "words": [word for word in words if "=" not in word]})
    return learned


def keep(rows, *keys):
    return [tuple(row.get(key) for key in keys) for row in rows]


def findings(learned):
    """{link: {kind: frames}}"""
    found = {}
    for row in learned["finding"]:
        kind, text = row["words"]
        frames = re.findall(r"\d+", re.search(r"\(frames? ([\d, and]+)\)\.$", text)[1])
        found.setdefault(row["number"], {})[kind] = [int(frame) for frame in frames]
    return found


def features(*missing, unknown=()):
    return ",".join(("?" if name in unknown else "-" if name in missing else "+") + name for name in FEATURES)


# ------ BLUFFS: a phone with a Broadcom controller, and earbuds; seven connections ------

def bluffs():
    return track(lmp_packets.packets(btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng")))


def test_bluffs_connections():
    learned = bluffs()
    keys = ("first", "last", "role_switch", "from_start", "end", "detach_error", "detach_side", "lmp", "faulty")
    assert keep(learned["link"], *keys) == [
        ("98", "607", None, "1", "detached", "0x13", "Peripheral", "83", "0"),
        ("836", "1211", None, "1", "detached", "0x13", "Peripheral", "43", "0"),
        ("1215", "1604", None, "1", "detached", "0x13", "Peripheral", "42", "0"),
        ("1606", "2018", "1620", "1", "detached", "0x13", "Peripheral", "57", "0"),
        ("2020", "2483", "2034", "1", "detached", "0x13", "Peripheral", "58", "0"),
        ("2485", "2860", "2499", "1", "detached", "0x13", "Peripheral", "52", "0"),
        ("2862", "3238", "2876", "1", "detached", "0x13", "Peripheral", "52", "0")]
    assert learned["gap"] == []
    assert learned["dropped"][0]["words"] == ["0", "0"]
    assert len(learned["event"]) == 387     # LMP packets of the capture


def test_bluffs_devices():
    sides = bluffs()["side"]
    phone, buds = sides[0::2], sides[1::2]      # side 0 is the capturing device
    keys = ("version", "company", "subversion", "features")
    assert set(keep(phone, *keys)) == {("5.0", "305", "0x220c", features("Secure Connections (host)"))}
    assert set(keep(buds, *keys)) == {("5.2", "688", "0x042c", features("EDR 3 Mb/s", "Secure Connections (host)"))}
    assert set(keep(buds, "address", "name", "name_source")) == {
        ("13:f7:67:95", "Pixel Buds A-Series di Daniele", "LMP")}
    # the phone sends its address in LMP_slot_offset, when it becomes Central
    assert [row["address"] for row in phone] == ["unknown"] * 3 + ["20:81:9a:09:3e:41"] * 4
    assert {row["words"][0] for row in phone} == {"Central"}
    assert keep(sides[:2], "io", "oob", "requirements") == [("DisplayYesNo", "0", "3"), ("NoInputNoOutput", "0", "2")]


def test_bluffs_security():
    learned = bluffs()
    keys = ("pairing", "pairing_result", "authenticated", "authentication", "asked_size", "asked_by", "agreed_size")
    paired = ("Just Works", "done", "mutual", "legacy", "16", "Central", "16")
    one_sided = ("none", None, "one-sided", "legacy", "7", "Central", "7")
    mutual = ("none", None, "mutual", "legacy", "7", "Central", "7")
    assert keep(learned["link"], *keys) == [paired, one_sided, one_sided, mutual, one_sided, one_sided, one_sided]
    assert keep(learned["link"][:1], "pairing_started", "pairing_finished") == [("152", "183")]
    keys = ("number", "cipher", "key_size", "au_rand_frame", "sres_frame", "asked", "accepted", "stopped", "repeats")
    assert keep(learned["encryption"], *keys) == [
        (0, "E0", "16", "186", "190", "198", "201", "607", None),
        (1, "E0", "7", "870", "871", "876", "878", "1211", None),
        (2, "E0", "7", "1248", "1249", "1255", "1257", "1604", "876"),
        (3, "E0", "7", "1649", "1650", "1657", "1659", "2018", "1255"),
        (4, "E0", "7", "2060", "2064", "2069", "2071", "2483", "1657"),
        (5, "E0", "7", "2525", "2528", "2534", "2536", "2860", "2069"),
        (6, "E0", "7", "2902", "2906", "2911", "2913", "3238", "2534")]
    assert keep(learned["encryption"][:2], "au_rand", "sres", "en_rand", "claimant") == [
        ("483d52bc45104ef12ba484528415d3f5", "19163b03", "9f19903f551ee3d75b48789f95b0ea85", "Central"),
        ("00" * 16, "69da1ff3", "00" * 16, "Peripheral")]
    assert learned["link"][3]["refused"] == "1653" and learned["link"][3]["refused_error"] == "0x23"


def test_bluffs_findings():
    assert findings(bluffs()) == {
        0: {"legacy-authentication": [186, 190, 198]},
        1: {"key-below-16": [874, 875], "legacy-authentication": [870, 871, 876],
            "one-sided-authentication": [871, 876]},
        2: {"key-below-16": [1253, 1254], "legacy-authentication": [1248, 1249, 1255],
            "one-sided-authentication": [1249, 1255], "repeated-diversifiers": [876, 1248, 1255]},
        3: {"key-below-16": [1655, 1656], "legacy-authentication": [1649, 1650, 1657],
            "repeated-diversifiers": [1255, 1649, 1657]},
        4: {"key-below-16": [2067, 2068], "legacy-authentication": [2060, 2064, 2069],
            "one-sided-authentication": [2064, 2063, 2069], "repeated-diversifiers": [1657, 2060, 2069]},
        5: {"key-below-16": [2532, 2533], "legacy-authentication": [2525, 2528, 2534],
            "one-sided-authentication": [2528, 2529, 2534], "repeated-diversifiers": [2069, 2525, 2534]},
        6: {"key-below-16": [2909, 2910], "legacy-authentication": [2902, 2906, 2911],
            "one-sided-authentication": [2906, 2905, 2911], "repeated-diversifiers": [2534, 2902, 2911]}}


def test_bluffs_timeline():
    """Answers belong to the request of their transaction, whatever lies between them."""
    events = {row["number"]: row for row in bluffs()["event"]}
    assert keep([events[frame] for frame in (117, 122, 123, 124)], "who", "what", "details", "answers") == [
        ("Central", "LMP_max_slot_req", "5 slots", None),
        ("Peripheral", "LMP_max_slot_req", "5 slots", None),
        ("Peripheral", "LMP_accepted", "LMP_max_slot_req", "117"),
        ("Central", "LMP_accepted", "LMP_max_slot_req", "122")]
    assert events[123]["elapsed_us"] == "16026"
    assert events[98]["who"] == "capturing device"          # before the second proof of its role
    assert events[1622]["who"] == "Central"                 # it was Peripheral until frame 1620
    assert events[1622]["answers"] == "1612"
    assert events[2063]["details"] == "LMP_au_rand: LMP Error Transaction Collision (0x23)"
    assert events[2063]["answers"] == "2061"
    assert events[2439]["details"] == "67 channels from CLK 0x77d0c on"


# ------ ESP32: paged, role switch, Secure Connections ------

def esp32():
    return track(lmp_packets.packets(btbbtest.shared("captures/esp32-sniffer.pcap")))


def test_esp32():
    learned = esp32()
    keys = ("first", "last", "paged", "host_connection", "setup_complete", "role_switch", "detached", "detach_error",
            "detach_side", "lmp", "data", "clear_data")
    assert keep(learned["link"], *keys) == [
        ("4", "114", "3", "10", "19", "13", "114", "0x13", "Peripheral", "91", "19", "0")]
    keys = ("pairing", "pairing_result", "pairing_started", "pairing_finished", "authenticated", "authentication",
            "asked_size", "agreed_size", "lt_addr", "role_switches")
    assert keep(learned["link"], *keys) == [
        ("numeric comparison", "done", "47", "77", "mutual", "secure", "16", "16", "1", "1")]
    assert keep(learned["side"], "address", "name", "features", "io", "requirements") == [
        ("e0:d4:e8:19:c7:68", "SPP Counter E0:D4:E8:19:C7:68", features(), "DisplayYesNo", "4"),
        ("e0:d4:e8:19:c7:69", None, features(), "DisplayYesNo", "3")]
    assert [row["words"] for row in learned["side"]] == [["Central"], ["Peripheral"]]
    assert keep(learned["encryption"], "cipher", "key_size", "asked", "accepted", "stopped", "authentication") == [
        ("AES-CCM", "16", "88", "89", "114", "secure")]
    assert learned["finding"] == [] and learned["gap"] == []


def esp32_senders():
    vectors = json.loads(btbbtest.shared("vectors/esp32.json").read_text(encoding="utf-8"))
    return {frame["frame"]: "Central" if frame["sender"] == frame["central"] else "Peripheral"
            for frame in vectors["files"]["esp32-sniffer.pcap"]["frames"] if frame.get("sender")}


def test_esp32_senders():
    """The sender of every LMP record, in spite of the role switch, is that of ../shared/vectors/esp32.json."""
    expected = esp32_senders()
    events = {row["number"]: row["who"] for row in esp32()["event"] if row["what"].startswith("LMP")}
    wrong = {frame: who for frame, who in events.items() if frame in expected and who != expected[frame]}
    assert len(events) == 91
    assert wrong == {}


# ------ What single PDUs prove ------

def proofs(learned, senders):
    """Number of LMP PDUs that prove their sender, and those that prove a wrong one."""
    proven = [row for row in learned["event"] if row.get("proof")]
    return len(proven), [row["number"] for row in proven if senders.get(row["number"], row["proof"]) != row["proof"]]


def test_direction_proofs():
    """No PDU of the real captures proves a sender that it does not have."""
    learned = bluffs()
    central = {0: 98, 1: 836, 2: 1215, 3: 1620, 4: 2034, 5: 2499, 6: 2876}  # the phone is Central from this frame on
    sent = {int(re.search(r"frame=(\d+)", line)[1]): "own=1" in line for line in
            lmp_packets.packets(btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng"))}
    senders = {row["number"]: "Central" if sent[row["number"]] == (row["number"] > central[int(row["link"])] - 1)
               else "Peripheral" for row in learned["event"]}
    assert proofs(learned, senders) == (200, [])
    assert proofs(esp32(), esp32_senders()) == (28, [])


# ------ The made-up samples ------

def check_sample(learned, links, found):
    """Connections of the same script."""
    keys = ("from_start", "end", "pairing", "authenticated", "authentication", "asked_size", "agreed_size",
            "refused_error")
    assert keep(learned["link"], *keys) == [("1", "detached", "none", "one-sided", "legacy", "16", "7", "0x20")] * links
    assert findings(learned) == found
    assert learned["gap"] == []


def test_internalblue_sample():
    learned = track(lmp_packets.packets(btbbtest.sample("internalblue.pcapng")))
    check_sample(learned, 2, {
        0: {"key-below-16": [33, 35], "legacy-authentication": [21, 23, 37], "one-sided-authentication": [23, 37]},
        1: {"key-below-16": [34, 36], "legacy-authentication": [22, 24, 38], "one-sided-authentication": [24, 38]}})
    assert keep(learned["side"], "address", "name", "version", "company") == [
        ("00:02:72:51:e0:c3", "Sample headset", "5.0", "15"), ("00:10:c7:6a:0f:19", "Sample headset", "4.0", "10"),
        ("00:02:72:51:e0:c3", "Sample headset", "4.0", "10"), ("00:02:72:77:b2:e8", None, "5.0", "15")]
    assert [row["words"][0] for row in learned["side"]] == ["Central", "Peripheral", "Peripheral", "Central"]


SAMPLE_FINDINGS = {0: {"key-below-16": [34, 35], "legacy-authentication": [21, 24, 37],
                       "one-sided-authentication": [24, 37]}}


def test_lmp_sample():
    learned = track(lmp_packets.packets(btbbtest.sample("lmp.pcapbtbb")))
    check_sample(learned, 1, SAMPLE_FINDINGS)
    assert keep(learned["side"], "address", "name", "version") == [
        ("00:10:c7:3d:51:b7", None, "5.0"), ("unknown", "Sample headset", "4.0")]
    assert {row["clk"] for row in learned["event"][:2]} == {"16777218", "16777221"}


def test_lmp_sample_without_direction():
    """As in a capture without clock: the transaction IDs and the pairs of request and response show who sent what."""
    with_direction = track(lmp_packets.packets(btbbtest.sample("lmp.pcapbtbb")))
    without = track(lmp_packets.packets(btbbtest.sample("lmp.pcapbtbb"), directions=False))
    assert without["side"] == with_direction["side"]
    assert findings(without) == {0: {"key-below-16": [34, 35]}}     # LMP_au_rand may be of either device
    assert [row["words"] for row in without["gap"]] == [
        ["Which device was authenticated is not known: the direction of its packets is not known."]]
    unknown = (21, 24, 29, 32, 34, 35)      # both devices may send these, and answers to them
    assert [row["who"] for row in without["event"]] == [
        "unknown" if row["number"] in unknown else row["who"] for row in with_direction["event"]]


def test_capture_that_starts_in_the_middle():
    lines = list(lmp_packets.packets(btbbtest.sample("lmp.pcapbtbb")))
    middle = [line for line in lines if int(re.search(r"frame=(\d+)", line)[1]) >= 41]
    learned = track(middle)
    assert findings(learned) == {}
    assert [row["words"][0].split(":")[0] for row in learned["gap"]] == [
        "The capture starts in the middle of this connection",
        "Whether both devices support Secure Connections is not known"]


# ------ Names, against Wireshark's ------

def table_of(*arguments):
    done = subprocess.run([*btbbtest.core_program("track-links"), *arguments], text=True,
                          capture_output=True, check=True)
    return [row.split("\t") for row in done.stdout.splitlines()]


@functools.lru_cache(maxsize=None)
def rows_of_btlmp():
    rows = (row.split("\t") for row in btbbtest.run("tshark", "-G", "values").stdout.splitlines())
    return [row[1:] for row in rows if row[0] == "V" and row[1].startswith("btlmp.")]


def wireshark_values(field):
    """{number: [text]} of a field of btlmp; escapes have several tables."""
    values = {}
    for name, number, text in rows_of_btlmp():
        if name == field:
            values.setdefault(int(number, 0), []).append(text)
    return values


def test_names_are_wiresharks():
    """But for capitals, where Wireshark differs from the specification."""
    plain, escaped = wireshark_values("btlmp.opcode.opcode"), wireshark_values("btlmp.opcode.escaped")
    removed = {22, 25, 26, 27, 28, 29, 30}
    ours = {int(code): name for code, name in table_of("--pdus")}
    assert len(ours) == 95
    for code, name in ours.items():
        theirs = escaped[code & 0xFF] if code >= 0x7F00 else plain.get(code, [])
        assert name.lower() in [text.lower() for text in theirs] or code in removed, name
    assert {code for code in plain if code < 124} - removed == {code for code in ours if code < 124} - removed
    assert {0x7F00 | code for code in escaped if code} == {code for code in ours if code >= 0x7F00}


def test_error_names_are_wiresharks():
    """Wireshark joins the names of both transports by " / ", and cuts the longest."""
    def plain(text):
        return re.sub(r"[^a-z0-9]", "", text.lower())

    theirs = wireshark_values("btlmp.errorcode")
    ours = {int(code): name for code, name in table_of("--errors")}
    for code, name in ours.items():
        texts = [theirs[code][0], *theirs[code][0].split("/")]
        assert any(plain(name).startswith(plain(text)) for text in texts if len(text) > 4), (code, name)
    assert len(ours) == 57


def test_pdus_as_wireshark_dissects_them():
    """Every PDU of both real captures: the opcode, and the PDU that an answer names."""
    for name in ("bluffs-lsc-pixelbuds.pcapng", "esp32-sniffer.pcap"):
        lines = list(lmp_packets.packets(btbbtest.shared(f"captures/{name}")))
        pdus = [bytes.fromhex(re.search(r"bytes=(\w+)", line)[1]) for line in lines if "kind=0" in line]
        events = [row for row in track(lines)["event"] if row["what"].startswith("LMP")]
        dissected = dissect(pdus)
        assert len(events) == len(dissected) == len(pdus)
        for event, (what, answered) in zip(events, dissected):
            assert event["what"].lower() == what.lower()
            assert not answered or event["details"].split(":")[0].lower() == answered.lower()


def dissect(pdus):
    """[(name, name of the PDU that is answered)] as Wireshark's btlmp has them."""
    capture = btbbtest.tmpdir() / "lmp.pcap"
    capture.write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 147) +
                        b"".join(struct.pack("<IIII", 0, 0, len(pdu), len(pdu)) + pdu for pdu in pdus))
    out = btbbtest.run("tshark", "-r", capture, "-V", "-o",
                       'uat:user_dlts:"User 0 (DLT=147)","btlmp","0","","0",""').stdout
    rows = []
    for frame in out.split("\nFrame "):
        names = re.findall(r"pcode: (LMP_\w+) \(\d+\)", frame)
        rows.append((names[0], names[1] if len(names) > 1 else None))
    return rows
