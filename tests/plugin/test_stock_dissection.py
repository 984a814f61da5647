"""What Wireshark shows without the plugins stays as it is.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from collections import Counter

import btbb_encode as e
import pytest

import btbbtest
from dissected import LAP, UAP, column, rf_capture, text


def without_plugins(capture, *args):
    return btbbtest.run("tshark", "-r", capture, "-V", *args, env={"WIRESHARK_PLUGIN_DIR": btbbtest.no_plugins()}).stdout


@pytest.mark.parametrize("name", ["every_type_rf.pcap", "uap_recovery.pcap", "damaged.pcapbtbb", "interfaces.pcapng"])
def test_switched_off_nothing_is_changed(name):
    capture = btbbtest.sample(name)
    stock = without_plugins(capture)
    assert text(capture, "--disable-protocol", "btbb") == stock
    assert text(capture) != stock


def test_the_preference_gives_link_type_255_back():
    capture = btbbtest.sample("every_type_rf.pcap")
    assert text(capture, "-o", "btbb.rf:FALSE") == without_plugins(capture)


def test_the_builtin_tree_of_255_stays():
    """Our tree is added; of Wireshark's own, every line stays. (Without FHS: from one that we hand on, it learns.)"""
    frames = [e.rf(LAP, kind.name, uap=UAP, body=e.filler(kind.body_max) if kind.header else bytes(kind.body_max))
              for kind in e.KINDS.values() if kind.name != "FHS"]
    capture = rf_capture(*frames, *(e.Packet(0, frames[-1][:size], len(frames[-1])) for size in (21, 22, 30)))
    stock, ours = without_plugins(capture), text(capture)
    kept = [line for line in stock.splitlines() if "Protocols in frame" not in line]
    assert len(kept) > 1000
    assert not Counter(kept) - Counter(ours.splitlines())
    assert set(column(capture, "frame.protocols")) <= {"bluetooth:btbb:btbredr_rf", "bluetooth:btbb:btl2cap:btbredr_rf"}


def test_foreign_frames_are_untouched():
    capture = btbbtest.sample("foreign.pcap")
    assert btbbtest.tshark("-r", capture, "-Y", "btbb").stdout == ""
    assert text(capture) == without_plugins(capture)
