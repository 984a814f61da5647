"""The Debian package: what it holds and asks for; installed, used and removed. SPDX-License-Identifier: GPL-2.0-or-later"""
import os
import re
import subprocess
from pathlib import Path

import btbbtest
import pytest

pytestmark = pytest.mark.xdist_group("installs")

MAIN_JOB = ("-r", str(btbbtest.REPO / "sample-captures/pandas_demo.pcapbtbb"), "-q", "-z", "btbb,lap")
SERIES = ".".join(map(str, btbbtest.version()[:2]))


def output(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def package():
    """The package, made once."""
    folder = btbbtest.tmpdir()
    made = output(btbbtest.REPO / "packaging/build-deb.sh", folder).split()
    assert len(made) == 1
    return Path(made[0])


@pytest.fixture(scope="module")
def contents(package):
    """A folder with the files of the package."""
    folder = btbbtest.tmpdir()
    output("dpkg-deb", "-x", package, folder)
    return folder


def test_its_name_tells_the_wireshark_it_is_for(package):
    architecture = output("dpkg", "--print-architecture").strip()
    assert re.fullmatch(rf"wireshark-btbb_\d+\.\d+\.\d+-1\+ws{SERIES}_{architecture}\.deb", package.name)


def test_it_depends_on_the_library_it_was_linked_with(package, contents):
    plugins = sorted(contents.glob(f"usr/lib/*/wireshark/plugins/{SERIES}/epan/*.so"))
    assert [path.name for path in plugins] == ["btbb-stats.so", "btbb.so"]
    depends = re.split(r",\s*", output("dpkg-deb", "-f", package, "Depends").strip())
    for plugin in plugins:
        library = re.search(r"\[libwireshark\.so\.(\d+)\]", output("readelf", "-d", plugin))[1]
        assert any(re.match(rf"libwireshark{library}(t64)? \(>=", entry) for entry in depends), depends
    major, minor = map(int, SERIES.split("."))
    assert {f"wireshark-common (>= {SERIES})", f"wireshark-common (<< {major}.{minor + 1}~)"} <= set(depends)


def test_what_it_holds(contents):
    held = {str(path.relative_to(contents)) for path in contents.rglob("*") if not path.is_dir()}
    profile = {f"usr/share/wireshark/profiles/Bluetooth Baseband/{path.name}"
               for path in (btbbtest.REPO / "profile/Bluetooth Baseband").iterdir()}
    expected = profile | {
        "usr/bin/btbb", "usr/share/man/man1/btbb.1.gz", "usr/share/man/man1/wireshark-btbb.1.gz",
        "usr/share/bash-completion/completions/btbb", "usr/share/doc/wireshark-btbb/README.md",
        "usr/share/doc/wireshark-btbb/copyright", "usr/share/doc/wireshark-btbb/changelog.Debian.gz"}
    assert profile and expected <= held, expected - held
    folders = ("usr/bin/btbb", "usr/lib/", "usr/share/wireshark/profiles/", "usr/share/man/man1/",
               "usr/share/bash-completion/completions/btbb", "usr/share/doc/wireshark-btbb/")
    assert [name for name in held if not name.startswith(folders)] == []


def test_lintian_has_nothing_to_say(package):
    done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", str(package)],
                          capture_output=True, text=True)
    assert done.returncode == 0 and not re.search("^[EW]:", done.stdout, re.M), done.stdout + done.stderr


def system_files():
    """What lies in the places that packages install to. Caches of interpreters are nobody's files."""
    return {os.path.join(folder, name) for top in ("/etc", "/usr", "/opt", "/var/lib/dpkg/info")
            for folder, folders, files in os.walk(top) for name in folders + files
            if "__pycache__" not in folder and name != "__pycache__"}


@pytest.mark.skipif(os.environ.get("BTBB_SYSTEM_TESTS") != "1" or os.geteuid() != 0,
                    reason="it would change this system; run as root with BTBB_SYSTEM_TESTS=1")
def test_installed_it_does_its_job_and_removed_it_leaves_nothing(package):
    assert subprocess.run(["dpkg", "-s", "wireshark-btbb"], capture_output=True).returncode != 0, "it is installed already"
    expected = btbbtest.tshark(*MAIN_JOB).stdout
    assert "ed:1d:9c" in expected
    system = {"WIRESHARK_PLUGIN_DIR": None}
    before = system_files()
    output("dpkg", "-i", package)
    try:
        listed = btbbtest.run("tshark", "-G", "plugins", env=system).stdout
        for name in ("btbb.so", "btbb-stats.so"):
            assert re.search(rf"^{name} *\t.*\t/usr/lib/\S+/{SERIES}/epan/{name}$", listed, re.M), listed
        assert btbbtest.run("tshark", *MAIN_JOB, env=system).stdout == expected
        assert btbbtest.run("tshark", "-C", "Bluetooth Baseband", "-r", MAIN_JOB[1], "-c", "1", env=system).stderr == ""
        assert btbbtest.run("btbb", "lap", MAIN_JOB[1], env=system).stdout == expected
        assert output("dpkg", "-V", "wireshark-btbb") == ""
    finally:
        output("dpkg", "--purge", "wireshark-btbb")
    assert sorted(system_files() ^ before) == []
