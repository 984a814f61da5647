"""The extcap program ubertooth-btbb for tests, and what its stand-in for ubertooth-rx wrote down.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re

import btbbtest

PROGRAM = btbbtest.BUILD / "extcap/ubertooth-btbb"
STANDIN = btbbtest.REPO / "tests/extcap/standin"
NAME = "ubertooth-btbb"
RF = btbbtest.sample("every_type_rf.pcap")
RF_PACKETS = 46
NO_DEVICE = ("ubertooth-btbb: no Ubertooth can be opened: connect one, and give your user access to it "
             "(on Debian: group plugdev); `ubertooth-util -v` checks both\n")


def is_alive(pid):
    """A process that has ended but that nobody has waited for counts as ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as status:
            return status.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Runs:
    """What the stand-in wrote down: its processes, with their arguments."""

    def __init__(self):
        self.folder = btbbtest.tmpdir()

    def noted(self):
        return {int(path.name): path.read_text(encoding="utf-8").strip() for path in self.folder.iterdir()}

    def wait(self, count=1):
        btbbtest.wait_for(lambda: len(self.noted()) >= count and all(self.noted().values()), "the stand-in")
        return self.noted()

    def alive(self):
        return [pid for pid in self.noted() if is_alive(pid)]

    def all_end(self, seconds=1):
        btbbtest.wait_for(lambda: not self.alive(), "the end of the stand-in", seconds)


def environment(runs, mode="", capture=RF, **extra):
    """PATH begins with the stand-in; `extra` as for btbbtest.environment()."""
    return {"PATH": f"{STANDIN}:{os.environ['PATH']}", "STANDIN_FOLDER": runs.folder, "STANDIN_MODE": mode,
            "STANDIN_CAPTURE": capture, **extra}


def extcap_folder(home):
    """The user's own folder for extcap programs, as this Wireshark names it. 4.0 has one but does not name it."""
    listed = btbbtest.run("tshark", "-G", "folders", env={"HOME": home, "XDG_CONFIG_HOME": None}).stdout
    folders = dict(re.findall(r"^(.*?):\s+(.*)$", listed, re.M))
    path = folders.get("Personal Extcap path") or folders["Personal configuration"] + "/extcap"
    assert path.startswith(str(home))
    return path
