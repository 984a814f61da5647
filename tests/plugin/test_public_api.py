"""The shortcuts of plugin/ws-internals.c change nothing that can be seen.

The build makes the dissector twice: with the shortcuts, and with documented functions of Wireshark only (plugins-public/).
Both show the sample captures in every way in which Wireshark builds a tree, or none.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools

import pytest

import btbbtest

NUMBERS = ("-o", 'gui.column.format:"No.","%m"')
COLUMNS = ("-T", "tabs", "-o", 'gui.column.format:"No.","%m","Info","%i","LAP","%Cus:btbb.lap:0:U","HEC","%Cus:btbb.hec:0:U",'
           '"CRC","%Cus:btbb.crc.status:0:U","Channel","%Cus:btbredr_rf.rf_channel:0:U"')
NO_CLOCKS = ("-o", "btbb.clock:FALSE")       # a search takes longer than everything else
WAYS = {
    "list": (),
    "whole tree": ("-V",),
    "fields": ("-T", "fields", "-e", "frame.protocols", "-e", "btbb.lap", "-e", "btbb.src", "-e", "_ws.expert.message"),
    "custom columns": COLUMNS,
    "filter on a field": (*NUMBERS, "-Y", "btbb.type == 3"),
    "filter on our protocol": (*NUMBERS, "-Y", "btbb"),
    "filter on a branch": (*NUMBERS, "-Y", "btbb.pkthdr && btbb.rf"),
    "filter on the stock protocol": (*NUMBERS, "-Y", "btbredr_rf"),
    "filter on a layer": (*NUMBERS, "-Y", 'frame.protocols contains "btbb"'),
    "filter on expert items": (*NUMBERS, "-Y", "_ws.expert"),
    "foreign filter": (*NUMBERS, "-Y", "frame.len > 30"),
    "two passes": ("-2", *NUMBERS, "-Y", "btbb.retransmission"),
    "protocol hierarchy": ("-q", "-z", "io,phs"),
    "statistics": ("-q", "-z", "btbb,lap,min=1,format=csv", "-z", "btbb,summary,format=csv"),
    "filtered statistics": ("-q", "-z", "btbb,type,format=csv,btbb.crc.status == 1", "-z", "io,phs"),
}


@functools.lru_cache(maxsize=None)
def public_plugins():
    """A folder with the public twin of the dissector and the statistics under test."""
    twins = list((btbbtest.BUILD / "plugins-public").glob("*/epan/btbb.so"))
    if not twins:
        pytest.skip("the dissector without shortcuts is not built here")
    folder = btbbtest.tmpdir()
    place = folder / twins[0].relative_to(btbbtest.BUILD / "plugins-public").parent
    place.mkdir(parents=True)
    (place / "btbb.so").symlink_to(twins[0])
    (place / "btbb-stats.so").symlink_to(next((btbbtest.BUILD / "plugins").glob("*/epan/btbb-stats.so")))
    return folder


@pytest.mark.parametrize("way", WAYS)
def test_shortcuts_change_nothing(way):
    capture, twin = btbbtest.merge_samples(), {"WIRESHARK_PLUGIN_DIR": public_plugins()}
    assert str(twin["WIRESHARK_PLUGIN_DIR"]) in btbbtest.run("tshark", "-G", "plugins", env=twin).stdout
    clocks = () if way == "fields" else NO_CLOCKS
    shown = btbbtest.tshark("-r", capture, *clocks, *WAYS[way]).stdout
    assert shown.strip() and btbbtest.run("tshark", "-r", capture, *clocks, *WAYS[way], env=twin).stdout == shown
