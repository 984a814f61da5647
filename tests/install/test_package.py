"""The Debian package: contents, dependencies, installation, use and removal. SPDX-License-Identifier: GPL-2.0-or-later"""
import os
import re
import subprocess
from pathlib import Path

import btbbtest
import pytest

pytestmark = pytest.mark.xdist_group("installs")

MAIN_JOB = ("-r", str(btbbtest.REPO / "sample-captures/pandas_demo.pcapbtbb"), "-q", "-z", "btbb,lap")
UBERTOOTH = btbbtest.REPO / "tests/extcap/standin"     # a stand-in for ubertooth-rx
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


def test_its_name_contains_the_wireshark_version(package):
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


def test_its_files(contents):
    held = {str(path.relative_to(contents)) for path in contents.rglob("*") if not path.is_dir()}
    profile = {f"usr/share/wireshark/profiles/Bluetooth Baseband/{path.name}"
               for path in (btbbtest.REPO / "profile/Bluetooth Baseband").iterdir()}
    expected = profile | {
        "usr/bin/btbb", "usr/share/man/man1/btbb.1.gz", "usr/share/man/man1/wireshark-btbb.1.gz",
        "usr/share/bash-completion/completions/btbb", "usr/share/doc/wireshark-btbb/README.md",
        "usr/share/doc/wireshark-btbb/copyright", "usr/share/doc/wireshark-btbb/changelog.Debian.gz"}
    assert profile and expected <= held, expected - held
    extcap = [name for name in held if re.fullmatch(r"usr/lib(exec|/[^/]+)/wireshark/extcap/ubertooth-btbb", name)]
    assert len(extcap) == 1
    folders = ("usr/bin/btbb", "usr/lib/", "usr/share/wireshark/profiles/", "usr/share/man/man1/",
               "usr/share/bash-completion/completions/btbb", "usr/share/doc/wireshark-btbb/")
    assert [name for name in held if not name.startswith(folders)] in ([], extcap)


def test_lintian_finds_nothing(package):
    done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", str(package)],
                          capture_output=True, text=True)
    assert done.returncode == 0 and not re.search("^[EW]:", done.stdout, re.M), done.stdout + done.stderr


def system_files(system):
    """All files in the places that packages install to, without caches of interpreters."""
    found = system.as_root("find", "/etc", "/usr", "/opt", "/var/lib/dpkg/info").stdout.splitlines()
    return {path for path in found if "__pycache__" not in path}


def test_installed_removed_and_nothing_left(package, private_system):
    expected = btbbtest.tshark(*MAIN_JOB).stdout
    assert "ed:1d:9c" in expected
    system, run = {"WIRESHARK_PLUGIN_DIR": None, "WIRESHARK_EXTCAP_DIR": None}, private_system.as_user
    before = system_files(private_system)
    private_system.as_root("dpkg", "-i", package)
    listed = run("tshark", "-G", "plugins", env=system).stdout
    for name in ("btbb.so", "btbb-stats.so"):
        assert re.search(rf"^{name} *\t.*\t/usr/lib/\S+/{SERIES}/epan/{name}$", listed, re.M), listed
    assert run("tshark", *MAIN_JOB, env=system).stdout == expected
    assert run("tshark", "-C", "Bluetooth Baseband", "-r", MAIN_JOB[1], "-c", "1", env=system).stderr == ""
    assert run("btbb", "lap", MAIN_JOB[1], env=system).stdout == expected
    listed = run("tshark", "-D", env={**system, "PATH": f"{UBERTOOTH}:{os.environ['PATH']}"}).stdout
    assert " ubertooth-btbb (Ubertooth: Bluetooth BR/EDR)\n" in listed
    assert private_system.as_root("dpkg", "-V", "wireshark-btbb").stdout == ""
    private_system.as_root("dpkg", "--purge", "wireshark-btbb")
    assert sorted(system_files(private_system) ^ before) == []
