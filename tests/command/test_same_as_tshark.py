"""The command prints the same bytes as `tshark -z btbb,...`.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

import btbbtest
from btbbtest import SAMPLES, tshark
from companion import VIEWS, btbb, same


@pytest.mark.parametrize("turn, name", enumerate([*SAMPLES, "packetlogger.pklg"]))
def test_every_view_of_every_sample(turn, name):
    views = [view for view in VIEWS if name != "years.pcapbtbb" or not view.startswith("io")]
    same(btbbtest.sample(name), views, code=2 if name == "cut.pcapbtbb" else 0, turn=turn)


@pytest.mark.parametrize("name", ["btbb-sample-mouse.pcap", "btbredr_test.pcap", "esp32-sniffer.pcap",
                                  "bluffs-lsc-pixelbuds.pcapng"])
def test_every_view_of_real_captures(name):
    same(btbbtest.shared(f"captures/{name}"), VIEWS)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/St_Johns", "XYZ5ABC"])
def test_standard_output_in_local_time(zone):
    capture = btbbtest.sample("pandas_demo.pcapbtbb")
    for view, *options in (["lap"], ["io", "--by=lap", "--interval=60"], ["summary"], ["io", "-F", "csv", "-i", "60"]):
        mine = btbb(view, *options, capture, env={"TZ": zone}).stdout
        argument = ",".join(["btbb", view] + {"-F": ["format=csv", "interval=60"]}.get(
            options[0] if options else "", [option[2:] for option in options]))
        assert mine == tshark("-q", "-r", capture, "-z", argument, env={"TZ": zone}).stdout
        assert mine.count("\n") > 2
    listed = tshark("-r", capture, "-t", "ad", "-c", "1", "-o", 'gui.column.format:"Time","%t"', env={"TZ": zone}).stdout
    packets = btbb("packets", "--columns=time", "--format=csv", capture, env={"TZ": zone}).stdout.splitlines()
    assert packets[1][:19].replace("T", " ") == listed.strip()[:19]


def test_too_many_rows_is_the_same_message():
    capture = btbbtest.sample("years.pcapbtbb")
    message = "the time from first to last packet gives 220752001 rows, more than 1000000; interval=500 would fit"
    mine = btbb("io", capture, check=False)
    assert (mine.returncode, mine.stdout, mine.stderr) == (2, "", f"btbb: {message}\n")
    done = tshark("-q", "-r", capture, "-z", "btbb,io", check=False)
    assert (done.returncode, done.stdout) == (2, "") and message in done.stderr
