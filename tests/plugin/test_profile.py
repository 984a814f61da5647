"""The profile "Bluetooth Baseband" in tshark: it loads without a message, with its columns and colour rules.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import shutil

import btbbtest
import pytest

from companion import btbb

NAME = "Bluetooth Baseband"
RULES = re.findall(r"^@([^@]+)@([^@]+)@", (btbbtest.REPO / "profile" / NAME / "colorfilters").read_text("utf-8"), re.M)


@pytest.fixture
def home():
    folder = btbbtest.tmpdir()
    target = folder / ".config" / "wireshark" / "profiles" / NAME
    shutil.copytree(btbbtest.REPO / "profile" / NAME, target)
    if os.geteuid() == 0:
        for path in folder.rglob("*"):
            os.chown(path, btbbtest.USER, btbbtest.USER)
    return {"HOME": folder, "XDG_CONFIG_HOME": None}


def test_columns(home):
    done = btbbtest.tshark("-C", NAME, "-r", btbbtest.sample("every_type.pcapbtbb"), "-c", "4", "-T", "tabs", env=home)
    assert done.stderr == ""
    first = [cell.strip() for cell in done.stdout.splitlines()[0].split("\t")]
    info = "NULL LT_ADDR 1, Central to Peripheral, ch 0"
    assert first[0] == "1" and first[2:] == ["5a:3c:21", "NULL", "Central to Peripheral", info, "0", "47", "Good"]


def test_no_vendor_is_invented(home):
    """Ethernet addresses made of LAP and UAP stay numbers; BTBB names the vendor where the NAP is known."""
    done = btbbtest.tshark("-C", NAME, "-r", btbbtest.sample("pandas_demo.pcapbtbb"), "-c", "4", "-V", env=home)
    assert "Ethernet II, Src: 00:00:36:ed:1d:9c" in done.stdout
    done = btbbtest.tshark("-C", NAME, "-r", btbbtest.sample("fhs.pcapbtbb"), "-V", env=home)
    assert re.findall(r"\[BD_ADDR: .*\]|\[Vendor: [^ ]+", done.stdout)[:2] == ["[BD_ADDR: 00:10:c7:15:bb:02]", "[Vendor: 00:10:c7"]


def test_colour_rules(home):
    """Every packet gets the first rule whose filter it fits; all rules but those of no sample packet occur."""
    seen = set()
    for sample in ("every_type.pcapbtbb", "broadcom.pcapng", "damaged.pcapbtbb", "order.pcapbtbb"):
        capture = btbbtest.sample(sample)
        done = btbbtest.tshark("--color", "-C", NAME, "-r", capture, "-T", "fields", "-e", "frame.coloring_rule.name",
                               env=home)
        assert done.stderr == ""
        shown = done.stdout.splitlines()
        expected = [""] * len(shown)
        for name, condition in reversed(RULES):
            for number in btbbtest.tshark("-r", capture, "-Y", condition, "-T", "fields", "-e", "frame.number").stdout.split():
                expected[int(number) - 1] = name
        assert shown == expected, sample
        seen.update(shown)
    assert seen - {""} == {name for name, _ in RULES}


@pytest.mark.parametrize("sample", ("every_type_rf.pcap", "hops.pcap", "damaged.pcapbtbb", "esp32_damaged.pcap", "broadcom.pcapng",
                                    "interfaces.pcapng", "internalblue.pcapng"))
def test_class_is_that_of_the_summary(sample):
    """The graphs ID and Header count what the views count."""
    capture = btbbtest.sample(sample)
    summary = dict(row.split(",") for row in btbb("summary,format=csv", capture).stdout.splitlines())
    for key, name in (("access_codes", "id"), ("headers", "header"), ("undecoded", "undecoded")):
        found = btbbtest.tshark("-r", capture, "-Y", f'!btbb.malformed && btbb.class == "{name}"').stdout
        assert found.count("\n") == int(summary[key]), name


@pytest.mark.parametrize("file", ["dfilter_buttons", "io_graphs"])
def test_filters_are_valid(file):
    text = (btbbtest.REPO / "profile" / NAME / file).read_text("utf-8")
    filters = [line.split('","')[2].replace(r"\x22", '"') for line in text.splitlines() if line.startswith('"')]
    assert len(filters) >= 10
    condition = " || ".join(f"({condition})" for condition in filters if condition)
    done = btbbtest.tshark("-r", btbbtest.sample("every_type.pcapbtbb"), "-Y", condition)
    assert done.stderr == "", condition
