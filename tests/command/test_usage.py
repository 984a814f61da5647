"""The command's arguments, and the messages about wrong ones.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import pytest

import btbbtest
from btbbtest import tshark
from companion import VIEW_NAMES, btbb

USAGE = {
    ("lap", "-", "-"): "- (standard input) can be read only once",
    (): "no view given; btbb --help lists all",
    ("lap",): "no capture file given (- is standard input)",
    ("lapx", "f"): f'there is no view "lapx"; valid: {VIEW_NAMES}',
    ("lap", "--min=x", "f"): None,
    ("lap", "--interval=1", "f"): None,
    ("io", "--by=day", "f"): None,
    ("report", "f"): None,
    ("lap,min=0", "f"): None,
    ("lap", "--nothing", "f"): "--nothing: unknown option, or one without a value; btbb --help lists all",
    ("lap", "--follow=1", "f"): "--follow=1: unknown option, or one without a value; btbb --help lists all",
    ("lap", "-x", "f"): "-x: unknown option; btbb --help lists all",
    ("lap", "-zq", "f"): "-z: unknown option; btbb --help lists all",
    ("-xm", "lap", "f"): "-x: unknown option; btbb --help lists all",
    ("lap", "f", "--min"): "--min: a value is missing",
    ("lap", "f", "-o"): "-o: a value is missing",
    ("lap", "-j", "0", "f"): "jobs=0: must be 1 to 1024 files",
    ("lap", "-Y", "btbb.type == 1", "f"):
        "display filters need tshark: tshark -q -r FILE -z 'btbb,VIEW,btbb.type == 1'",
    ("lap,btbb.type == 1", "f"):
        "display filters need tshark: tshark -q -r FILE -z 'btbb,lap,btbb.type == 1'",
}


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_usage_errors(args):
    """Messages of views and keys are those of -z; the others are the command's own. The file is never looked at."""
    done = btbb(*args, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    message = USAGE[args]
    if message is None or message.startswith("there is no view"):
        keys = [word[2:] for word in args[1:-1]]
        theirs = tshark("-q", "-r", btbbtest.sample("fhs.pcapbtbb"), "-z", ",".join(["btbb", args[0], *keys]),
                        check=False)
        assert theirs.returncode == 1
        message = re.search(r"^tshark: -z btbb,[^:]*: (.*)$", theirs.stderr, re.M)[1]
    assert done.stderr == f"btbb: {message}\n"


def test_options_stand_anywhere():
    capture = btbbtest.sample("pandas_demo.pcapbtbb")
    expected = btbb("io,by=type,cumulative=yes,interval=60,format=csv", capture).stdout
    assert expected.count("\n") == 7
    for args in (["io", "--by=type", "--cumulative", "--interval=60", "--format=csv", capture],
                 ["-b", "type", "-c", "-i60", "-Fcsv", "io", capture],
                 ["io", capture, "--by", "type", "--cumulative=yes", "--interval", "60", "-F", "csv"],
                 ["io,by=lap", "-i", "60", "-b", "type", "-cF", "csv", "--", capture]):
        assert btbb(*args).stdout == expected
    assert btbb("lap", "--ids=no", capture).stdout == btbb("lap,ids=no", capture).stdout
    assert btbb("type", "-a", capture).stdout == btbb("type,ids=yes", capture).stdout != btbb("type", capture).stdout


def test_no_argument_reaches_the_terminal_raw():
    """Escape sequences in arguments and file names are shown, not sent."""
    evil = "\x1b[31mx"
    for args in (("lap", evil), ("lap", "-Y", evil, "f"), ("lap", "-j", evil, "f"), ("lap", "--" + evil, "f"),
                 ("lap", "-o", "/nowhere/" + evil, btbbtest.sample("fhs.pcapbtbb")), ("lap,min=" + evil, "f")):
        done = btbb(*args, check=False)
        assert done.returncode in (1, 2) and "[31mx" in done.stderr and "\x1b" not in done.stderr, args
