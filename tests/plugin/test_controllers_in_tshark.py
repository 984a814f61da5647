"""Captures of controllers in tshark: fields, and the payloads that reach Wireshark's dissectors.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections

import btbbtest
import dissected

FIELDS = ("frame.number", "btbb.lap", "btbb.dir", "btbb.dir.source", "btbb.clk27", "btbb.channel", "btbb.own",
          "btbb.esp32.tx_encrypted", "btbb.uap.source", "frame.protocols", "btcommon.eir_ad.entry.device_name",
          "btbb.malformed", "_ws.col.Info", "btbb.src", "btbb.dst", "btbb.diagnostic", "btbb.fragment.fate")
ROLE = "2"


def by_protocol(frames):
    return collections.Counter(frame["frame.protocols"].split(":", 2)[2] for frame in frames)


def test_esp32():
    frames = dissected.values(btbbtest.shared("captures/esp32-sniffer.pcap"), *FIELDS)
    assert len(frames) == 114
    assert by_protocol(frames) == {"btbb:btlmp": 91, "btbb:btbredr_fhs": 2, "btbb:btcommon": 1, "btbb": 2,
                                   "btbb:btl2cap": 14, "btbb:btl2cap:btsdp": 4}
    assert [frame["frame.number"] for frame in frames if not frame["btbb.lap"]] == ["1", "2", "17"]
    for frame in frames:
        known = frame["frame.number"] not in ("1", "2", "14", "15", "16", "17")
        assert (frame["btbb.dir.source"], bool(frame["btbb.dir"])) == (ROLE if known else "", known)
        assert "00:00:00" not in frame["btbb.src"] + frame["btbb.dst"]
        assert frame["btbb.esp32.tx_encrypted"] == ("1" if int(frame["frame.number"]) >= 90 else "0")
    assert frames[1]["btcommon.eir_ad.entry.device_name"] == "SPP Counter E0:D4:E8:19:C7:68"
    assert (frames[3]["btbb.clk27"], frames[3]["btbb.channel"]) == ("0x0093ecfe", "71")
    assert (frames[3]["btbb.src"], frames[3]["btbb.dst"]) == ("19:c7:69 Central", "19:c7:69 LT_ADDR 1")
    assert frames[98]["_ws.col.Info"].endswith("Rcvd Connection Request (SDP, SCID: 0x0040)")
    assert sum("btsdp" in frame["frame.protocols"] for frame in frames) == 4


def test_broadcom():
    frames = dissected.values(btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng"), *FIELDS, extra=("-Y", "btbb"))
    assert by_protocol(frames) == {"btbb:btlmp": 387, "btbb": 3}
    foreign = [frame for frame in frames if frame["frame.protocols"].endswith("btbb")]
    assert {(frame["_ws.col.Info"], frame["btbb.diagnostic"], frame["btbb.lap"], frame["btbb.malformed"])
            for frame in foreign} == {("Diagnostics: LMP log: on or off", "0xf0", "", "")}
    assert {frame["btbb.lap"] for frame in frames if frame not in foreign} == {"f7:67:95"}
    sent = [frame for frame in frames if frame["btbb.own"] == "1"]
    assert all((frame["btbb.src"], frame["btbb.dst"]) == ("", "f7:67:95") for frame in sent)
    assert frames[1 + 1]["_ws.col.Info"] == "LMP sent | LMP_features_req"


def test_frames_of_hci_are_untouched():
    """The same dissection of HCI with and without the plugins."""
    capture = btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng")
    names = ("frame.number", "frame.protocols", "_ws.col.Protocol", "_ws.col.Info", "_ws.col.Source")
    others = ("-Y", "!(hci_h4.type == 7)")
    ours = btbbtest.fields(capture, *names, extra=others)
    assert len(ours) > 500 and ours == btbbtest.fields(capture, *names, extra=others, env={"WIRESHARK_PLUGIN_DIR": btbbtest.no_plugins()})
