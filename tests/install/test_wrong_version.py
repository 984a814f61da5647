"""Plugins of another Wireshark version: Wireshark reports them and starts without them. SPDX-License-Identifier: GPL-2.0-or-later"""
import os
import re
import shutil
import subprocess
from pathlib import Path

import btbbtest
import pytest

FOREIGN = os.environ.get("BTBB_FOREIGN_PLUGINS")        # folder with plugins that were built for another Wireshark


def plugin_folder(source):
    """A folder for WIRESHARK_PLUGIN_DIR with copies of the plugins of `source`; and the copies."""
    folder = btbbtest.tmpdir()
    copies = folder / ".".join(map(str, btbbtest.version()[:2])) / "epan"
    copies.mkdir(parents=True)
    for plugin in Path(source).glob("*/epan/*.so"):
        shutil.copy(plugin, copies)
    names = sorted(copies.iterdir())
    assert [path.name for path in names] == ["btbb-stats.so", "btbb.so"]
    return folder, names


def readelf(*args):
    return subprocess.run(["readelf", "-W", *map(str, args)], check=True, capture_output=True, text=True).stdout


def file_offset(plugin, symbol):
    """Where the file of a shared object holds the value of an exported symbol."""
    address = int(re.search(rf"^\s*\d+: ([0-9a-f]+) .* {symbol}$", readelf("--dyn-syms", plugin), re.M)[1], 16)
    for offset, start, size in re.findall(r"^\s*LOAD\s+0x(\w+)\s+0x(\w+)\s+0x\w+\s+0x(\w+)", readelf("-l", plugin), re.M):
        if 0 <= address - int(start, 16) < int(size, 16):
            return address - int(start, 16) + int(offset, 16)
    raise AssertionError(f"{symbol} lies in no segment of {plugin}")


def refused(folder, names, pattern):
    """tshark reports each plugin with the message, has no protocol btbb, and reads the capture."""
    done = btbbtest.run("tshark", "-r", btbbtest.sample("pandas_demo.pcapbtbb"), "-T", "fields", "-e", "frame.protocols",
                        env={"WIRESHARK_PLUGIN_DIR": folder})
    for path in names:
        assert re.search(pattern.replace("NAME", re.escape(path.name)), done.stderr), done.stderr
    protocols = done.stdout.splitlines()
    expected = len(btbbtest.fields(btbbtest.sample("pandas_demo.pcapbtbb"), "frame.number"))
    assert len(protocols) == expected and not any("btbb" in line for line in protocols)


def test_the_plugins_as_built_are_loaded():
    folder, _ = plugin_folder(btbbtest.BUILD / "plugins")
    done = btbbtest.run("tshark", "-r", btbbtest.sample("pandas_demo.pcapbtbb"), "-T", "fields", "-e", "frame.protocols",
                        env={"WIRESHARK_PLUGIN_DIR": folder})
    assert done.stderr == "" and all("btbb" in line for line in done.stdout.splitlines())


def test_another_minor_version():
    folder, names = plugin_folder(btbbtest.BUILD / "plugins")
    major, minor = btbbtest.version()[:2]
    for path in names:
        content = bytearray(path.read_bytes())
        at = file_offset(path, "plugin_want_minor")
        assert content[at:at + 4] == bytes([minor, 0, 0, 0]), "a little-endian int with the minor version"
        content[at] = 2
        path.write_bytes(content)
    refused(folder, names, rf"The plugin 'NAME' was compiled for Wireshark version {major}\.2\b")


def test_the_library_of_another_version():
    folder, names = plugin_folder(btbbtest.BUILD / "plugins")
    for path in names:
        needed = re.search(r"\[(libwireshark\.so\.\d\d)\]", readelf("-d", path))[1]
        content = path.read_bytes()
        assert content.count(needed.encode() + b"\0") == 1
        path.write_bytes(content.replace(needed.encode() + b"\0", needed[:-2].encode() + b"99\0"))
    refused(folder, names, r"Couldn't load (plugin 'NAME'|module '.*/NAME'): libwireshark\.so\.99: cannot open shared object")


def test_real_plugins_of_another_version():
    series = ".".join(map(str, btbbtest.version()[:2]))
    if not FOREIGN or not [path for path in Path(FOREIGN).glob("*/epan/*.so") if path.parts[-3] != series]:
        pytest.skip("BTBB_FOREIGN_PLUGINS names no plugins of another Wireshark (tests/matrix.sh does)")
    folder, names = plugin_folder(FOREIGN)
    refused(folder, names, r"Couldn't load (plugin 'NAME'|module '.*/NAME'): libwireshark\.so\.\d+: cannot open shared object")
