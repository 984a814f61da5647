"""The views links, findings and timeline in tshark and in the command, on real captures and samples.

What the tracker learns of these captures is compared with `tshark -V` in tests/core/test_links.py; here are the rows
that users see. SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import functools

import btbbtest
from companion import btbb

VIEWS = ("links", "findings", "timeline")


@functools.lru_cache(maxsize=None)
def views(capture, *keys):
    """{view: rows} of both programs, which must print the same."""
    arguments = [",".join((view, "format=csv", *keys)) for view in VIEWS]
    folder = btbbtest.tmpdir()
    words = [word for view, argument in zip(VIEWS, arguments) for word in ("-z", f"btbb,{argument},file={folder}/{view}")]
    btbbtest.tshark("-r", capture, "-q", *words)
    read = {}
    for view, argument in zip(VIEWS, arguments):
        text = btbb(argument, capture).stdout
        assert text == (folder / view).read_text(encoding="utf-8")
        read[view] = list(csv.DictReader(text.splitlines()))
    return read


def keep(rows, *keys):
    return [tuple(row[key] for key in keys) for row in rows]


def found(capture):
    """{(link, key): frames} of findings, and the keys of gaps."""
    rows = views(capture)["findings"]
    return ({(row["link"], row["key"]): row["frames"] for row in rows if row["kind"] == "finding"},
            [(row["link"], row["key"]) for row in rows if row["kind"] == "gap"])


# ------ BLUFFS: seven connections of a phone and earbuds ------

def test_bluffs_links():
    rows = views(btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng"))["links"]
    assert len(rows) == 7
    phone = "20:81:9a:09:3e:41"
    assert keep(rows, "device1", "device2", "pairing", "authentication", "encryption", "key_asked", "key_size") == [
        ("", "13:f7:67:95", "Just Works", "mutual", "E0", "16", "16"),
        ("", "13:f7:67:95", "none", "one-sided", "E0", "7", "7"),
        ("", "13:f7:67:95", "none", "one-sided", "E0", "7", "7"),
        (phone, "13:f7:67:95", "none", "mutual", "E0", "7", "7"),
        (phone, "13:f7:67:95", "none", "one-sided", "E0", "7", "7"),
        (phone, "13:f7:67:95", "none", "one-sided", "E0", "7", "7"),
        (phone, "13:f7:67:95", "none", "one-sided", "E0", "7", "7")]
    same = ("role1", "role2", "name2", "version1", "company1", "version2", "company2", "from_start", "end", "detached_by",
            "detach_reason", "authentication_kind", "key_asked_by", "gaps")
    assert set(keep(rows, *same)) == {
        ("Central", "Peripheral", "Pixel Buds A-Series di Daniele", "5.0", "Cypress Semiconductor", "5.2",
         "Bestechnic(Shanghai),Ltd", "yes", "detached", "Peripheral", "Remote User Terminated Connection (0x13)", "legacy",
         "Central", "")}
    assert keep(rows, "role_switches", "lmp", "faulty") == [
        ("0", "83", "0"), ("0", "43", "0"), ("0", "42", "0"), ("1", "57", "0"), ("1", "58", "0"), ("1", "52", "0"),
        ("1", "52", "0")]


def test_bluffs_findings():
    """The whole table. The same EN_RAND and AU_RAND from the third connection on."""
    findings, gaps = found(btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng"))
    assert gaps == []
    assert findings == {
        ("1", "legacy-authentication"): "186 190 198",
        ("2", "key-below-16"): "874 875",
        ("2", "legacy-authentication"): "870 871 876", ("2", "one-sided-authentication"): "871 876",
        ("3", "key-below-16"): "1253 1254",
        ("3", "legacy-authentication"): "1248 1249 1255", ("3", "one-sided-authentication"): "1249 1255",
        ("3", "repeated-diversifiers"): "876 1248 1255",
        ("4", "key-below-16"): "1655 1656",
        ("4", "legacy-authentication"): "1649 1650 1657", ("4", "repeated-diversifiers"): "1255 1649 1657",
        ("5", "key-below-16"): "2067 2068",
        ("5", "legacy-authentication"): "2060 2064 2069", ("5", "one-sided-authentication"): "2064 2063 2069",
        ("5", "repeated-diversifiers"): "1657 2060 2069",
        ("6", "key-below-16"): "2532 2533",
        ("6", "legacy-authentication"): "2525 2528 2534", ("6", "one-sided-authentication"): "2528 2529 2534",
        ("6", "repeated-diversifiers"): "2069 2525 2534",
        ("7", "key-below-16"): "2909 2910",
        ("7", "legacy-authentication"): "2902 2906 2911", ("7", "one-sided-authentication"): "2906 2905 2911",
        ("7", "repeated-diversifiers"): "2534 2902 2911"}


def test_bluffs_timeline():
    rows = {row["frame"]: row for row in views(btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng"))["timeline"]}
    assert len(rows) == 387
    assert keep([rows["874"], rows["875"], rows["876"], rows["878"]], "who", "event", "request", "details", "encryption",
                "key_size", "findings") == [
        ("Central", "LMP_encryption_key_size_req", "", "7 bytes", "off", "", ""),
        ("Peripheral", "LMP_accepted", "874", "LMP_encryption_key_size_req", "off", "7", "key-below-16"),
        ("Central", "LMP_start_encryption_req", "", "EN_RAND " + "0" * 32, "off", "", ""),
        ("Peripheral", "LMP_accepted", "876", "LMP_start_encryption_req", "on", "",
         "legacy-authentication one-sided-authentication")]


# ------ ESP32: paged, role switch, Secure Connections ------

def test_esp32():
    capture = btbbtest.shared("captures/esp32-sniffer.pcap")
    [row] = views(capture)["links"]
    assert keep([row], "role1", "device1", "name1", "role2", "device2", "name2", "lt_addr", "from_start") == [
        ("Central", "e0:d4:e8:19:c7:68", "SPP Counter E0:D4:E8:19:C7:68", "Peripheral", "e0:d4:e8:19:c7:69", "", "1",
         "yes")]
    assert keep([row], "pairing", "pairing_result", "io1", "io2", "authentication", "authentication_kind", "encryption",
                "encryption_state", "key_asked", "key_size", "role_switches", "data", "clear_data", "lmp", "findings",
                "gaps") == [
        ("numeric comparison", "done", "DisplayYesNo", "DisplayYesNo", "mutual", "secure", "AES-CCM", "on", "16", "16",
         "1", "19", "0", "91", "", "")]
    timeline = views(capture)["timeline"]
    assert sum(row["event"].startswith("LMP") for row in timeline) == 91
    assert keep(timeline[:2], "frame", "who", "event", "details") == [
        ("3", "Central", "FHS", "BD_ADDR e0:d4:e8:19:c7:69, class 0x3c010c, LT_ADDR 1"),
        ("4", "Central", "LMP_features_req", timeline[1]["details"])]


# ------ Samples ------

def test_lmp_sample():
    capture = btbbtest.sample("lmp.pcapbtbb")
    [row] = views(capture)["links"]
    assert keep([row], "device1", "name2", "version1", "version2", "authentication", "encryption", "key_asked", "key_size",
                "refusal") == [
        ("00:10:c7:3d:51:b7", "Sample headset", "5.0", "4.0", "one-sided", "E0", "16", "7",
         "LMP_encryption_key_size_req: Unsupported LMP Parameter Value (0x20)")]
    assert found(capture) == ({("1", "key-below-16"): "34 35", ("1", "legacy-authentication"): "21 24 37",
                               ("1", "one-sided-authentication"): "24 37"}, [])


def test_internalblue_sample():
    """The format of the KNOB captures: LMP of two connections with both addresses, no clock, no direction."""
    capture = btbbtest.sample("internalblue.pcapng")
    rows = views(capture)["links"]
    assert keep(rows, "device1", "name1", "device2", "name2") == [
        ("00:02:72:51:e0:c3", "Sample headset", "00:10:c7:6a:0f:19", "Sample headset"),
        ("00:02:72:77:b2:e8", "", "00:02:72:51:e0:c3", "Sample headset")]
    assert set(keep(rows, "role1", "role2", "version1", "version2", "pairing", "authentication", "encryption", "key_asked",
                    "key_asked_by", "key_size", "refusal", "end", "detached_by", "lmp", "data", "faulty", "findings", "gaps")) == {
        ("Central", "Peripheral", "5.0", "4.0", "none", "one-sided", "E0", "16", "Central", "7",
         "LMP_encryption_key_size_req: Unsupported LMP Parameter Value (0x20)", "detached", "Peripheral", "27", "0", "0",
         "key-below-16 legacy-authentication one-sided-authentication", "")}
    assert found(capture) == ({
        ("1", "key-below-16"): "33 35", ("1", "legacy-authentication"): "21 23 37", ("1", "one-sided-authentication"): "23 37",
        ("2", "key-below-16"): "34 36", ("2", "legacy-authentication"): "22 24 38", ("2", "one-sided-authentication"): "24 38"}, [])


def test_selection():
    """The keys lap, from and to select connections and events."""
    capture = btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng")
    assert keep(views(capture, "lap=f7:67:95", "from=2022-09-16T09:51:00Z", "to=2022-09-16T09:52:10Z")["links"], "link") == [
        ("4",), ("5",), ("6",)]     # the fourth ends at 09:51:14
    assert views(capture, "lap=00:00:01") == {"links": [], "findings": [], "timeline": []}


def test_several_files(tmp_path):
    """Each capture has its own connections; a name in one of them is shown for the client in all."""
    captures = [btbbtest.sample("lmp.pcapbtbb"), btbbtest.sample("internalblue.pcapng")]
    rows = list(csv.DictReader(btbb("links,format=csv", *captures).stdout.splitlines()))
    one, two = map(str, captures)
    assert keep(rows, "file", "link", "name2") == [(one, "1", "Sample headset"), (two, "1", "Sample headset"),
                                                   (two, "2", "Sample headset")]
    assert "Sample headset" in btbb("lap", *captures).stdout


# ------ KNOB: a key of one byte, in a log of a Broadcom controller and in what a sniffer heard ------

def test_knob_in_a_log_of_a_controller():
    """The frames are those of LMP_encryption_key_size_req with one byte and of its acceptance, as Wireshark's own dissector reads them."""
    capture = btbbtest.sample("broadcom.pcapng")
    first = views(capture)["links"][0]
    keys = ("device2", "authentication", "encryption", "key_asked", "key_size", "refusal", "decryption", "findings")
    assert keep([first], *keys) == [("c7:4b:31:f7", "mutual", "E0", "16", "1",
                                     "LMP_encryption_key_size_req: Unsupported LMP Parameter Value (0x20)", "by controller",
                                     "key-below-7 legacy-authentication")]
    assert found(capture) == ({("1", "key-below-7"): "20 21", ("1", "legacy-authentication"): "14 15 22"},
                              [("2", "features"), ("3", "start"), ("3", "features"), ("3", "end")])
    fields = btbbtest.fields(capture, "btlmp.opcode.opcode", "btlmp.encryptionkeysize", "btlmp.accept_opcode",
                             extra=["-Y", "frame.number in {14, 15, 20, 21, 22}"])
    assert [tuple(int(value, 0) if value else None for value in row.values()) for row in fields] == [
        (11, None, None), (12, None, None), (16, 1, None), (3, None, 16), (17, None, None)]


def test_knob_on_the_air():
    """The last frame is the start of encryption; with the key of one byte the rest can be read."""
    capture = btbbtest.sample("encrypted_e0.pcapbtbb")
    rows = list(csv.DictReader(btbb("findings", "--format=csv", "--lap=41:c6:f3", f"--keys={btbbtest.sample('keys/encrypted_e0.csv')}",
                                    capture).stdout.splitlines()))
    assert keep([row for row in rows if row["kind"] == "finding"], "key", "frames") == [
        ("key-below-7", "306 307"), ("legacy-authentication", "293 296 309"), ("one-sided-authentication", "296 309")]
