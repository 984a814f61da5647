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
    (): "which view, and of which file? btbb --help lists the views",
    ("lap",): "no capture file given (- is standard input)",
    ("lapx", "f"): f'there is no view "lapx"; valid: {VIEW_NAMES}',
    ("lap", "--min=x", "f"): None,
    ("lap", "--interval=1", "f"): None,
    ("io", "--by=day", "f"): None,
    ("report", "f"): None,
    ("lap,min=0", "f"): None,
    ("lap", "--nothing", "f"): "there is no option '--nothing', or it takes no value",
    ("lap", "--follow=1", "f"): "there is no option '--follow=1', or it takes no value",
    ("lap", "-x", "f"): "there is no option '-x'",
    ("lap", "f", "--min"): "option '--min' needs a value",
    ("lap", "f", "-o"): "option '-o' needs a value",
    ("lap", "-j", "0", "f"): "'0' is no number of files to read at a time (1 to 1024)",
    ("lap", "-Y", "btbb.type == 1", "f"):
        "display filters need Wireshark's dissectors: tshark -q -r FILE -z 'btbb,VIEW,btbb.type == 1'",
    ("lap,btbb.type == 1", "f"):
        "display filters need Wireshark's dissectors: tshark -q -r FILE -z 'btbb,VIEW,btbb.type == 1'",
}


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_usage_errors(args):
    """Messages of views and keys are those of -z; the others are the command's own. The file is never looked at."""
    done = btbb(*args, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    message = USAGE[args]
    if message is None or "no view" in message:
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
