"""install.sh: what it installs, shows, keeps and removes. SPDX-License-Identifier: GPL-2.0-or-later"""
import os

import btbbtest
import pytest

pytestmark = pytest.mark.xdist_group("installs")

INSTALL = btbbtest.REPO / "install.sh"
PROFILE = ".config/wireshark/profiles/Bluetooth Baseband"
SHOWN = "-z btbb,lap\n"
REAL = {"WIRESHARK_PLUGIN_DIR": None, "WIRESHARK_EXTCAP_DIR": None}     # what is installed in the system
UBERTOOTH = btbbtest.REPO / "tests/extcap/standin"     # a stand-in for ubertooth-rx


def files_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


@pytest.fixture(scope="module")
def build():
    """One build folder for all tests of this file; the first of them fills it."""
    return btbbtest.tmpdir()


@pytest.fixture
def home(workdir):
    """A home folder of an ordinary user, with a space in its name."""
    path = workdir / "my home"
    path.mkdir()
    if os.geteuid() == 0:
        os.chown(path, btbbtest.USER, btbbtest.USER)
    return path


def user(home):
    """Environment of a user with this home folder."""
    return {"HOME": home, "XDG_CONFIG_HOME": None, "WIRESHARK_PLUGIN_DIR": btbbtest.no_plugins()}


def install(home, build, *args, check=True, **env):
    """Run install.sh as an ordinary user of a system without btbb: plugins that are installed here are hidden."""
    return btbbtest.run(INSTALL, *args, env={**user(home), "BTBB_INSTALL_BUILD": build, **env}, timeout=600, check=check)


def test_for_one_user(home, build):
    done = install(home, build)
    assert "ed:1d:9c" in done.stdout.split(SHOWN)[1] and "e0:55:55" in done.stdout.split(SHOWN)[1]
    reported = {line.split("installed ", 1)[1] for line in done.stdout.splitlines() if line.startswith("install: installed ")}
    assert reported == {str(home / name) for name in files_below(home)} - {str(home / ".local/share/btbb/installed.sha256")}
    names = {os.path.basename(name) for name in reported}
    assert {"btbb.so", "btbb-stats.so", "btbb", "colorfilters", "preferences", "ubertooth-btbb"} <= names
    listed = btbbtest.run("tshark", "-G", "plugins", env=user(home)).stdout
    assert all(f"{home}/.local/lib/wireshark/plugins/{'.'.join(map(str, btbbtest.version()[:2]))}/epan/{name}" in listed
               for name in ("btbb.so", "btbb-stats.so"))
    listed = btbbtest.run("tshark", "-D", env={**user(home), "PATH": f"{UBERTOOTH}:{os.environ['PATH']}"}).stdout
    assert " ubertooth-btbb (Ubertooth: Bluetooth BR/EDR)\n" in listed

    before = files_below(home)
    again = install(home, build)                            # once more: the same files, the same table
    assert files_below(home) == before and again.stdout.split(SHOWN)[1] == done.stdout.split(SHOWN)[1]

    done = install(home, build, "--uninstall")
    assert "removed what was installed" in done.stdout
    assert list(home.iterdir()) == [], "everything is gone, the folders too"
    done = install(home, build, "--uninstall", check=False)
    assert done.returncode == 1 and "nothing to remove" in done.stderr


def test_what_the_user_changed_stays(home, build):
    install(home, build)
    colours, own = home / PROFILE / "colorfilters", home / ".local/lib/own.txt"
    for path in (colours, own):
        btbbtest.run("sh", "-c", f"echo mine > '{path}'")
    done = install(home, build)
    assert f"kept, not replaced: {colours}" in done.stdout and colours.read_text() == "mine\n"
    install(home, build, "--uninstall")
    assert files_below(home) == sorted([str(colours.relative_to(home)), ".local/lib/own.txt"])


def test_another_capture_from_another_folder(home, build, workdir):
    link = workdir / "a capture.pcap"
    os.symlink(btbbtest.sample("every_type.pcapbtbb"), link)
    done = btbbtest.run(INSTALL, "a capture.pcap", env={**user(home), "BTBB_INSTALL_BUILD": build}, cwd=workdir, timeout=600)
    table = done.stdout.split(SHOWN)[1]
    assert "5a:3c:21" in table and " 27" in table


def test_a_build_folder_from_another_place(home, build, workdir):
    """Like that of a moved or copied checkout."""
    install(home, build)
    moved = workdir / "moved"
    btbbtest.run("cp", "-a", build, moved)
    assert "ed:1d:9c" in install(home, moved).stdout.split(SHOWN)[1]
    install(home, moved, "--uninstall")


def test_below_another_root(home, build, workdir):
    done = install(home, build, "--system", DESTDIR=workdir / "root", **REAL)
    names = files_below(workdir / "root")
    assert any(name.endswith(f"wireshark/plugins/{'.'.join(map(str, btbbtest.version()[:2]))}/epan/btbb.so")
               for name in names)
    assert any(name.endswith("/wireshark/extcap/ubertooth-btbb") for name in names)
    assert "usr/local/bin/btbb" in names and "usr/share/wireshark/profiles/Bluetooth Baseband/colorfilters" in names
    assert SHOWN not in done.stdout and files_below(home) == []
    install(home, build, "--system", "--uninstall", DESTDIR=workdir / "root")
    assert list((workdir / "root").iterdir()) == []


@pytest.fixture
def stubs(workdir):
    """stubs({name: shell text}): PATH with these programs first; each call of sudo or apt-get is noted in `calls`."""
    folder = workdir / "bin"
    folder.mkdir()

    def write(programs):
        for name, text in programs.items():
            (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
            (folder / name).chmod(0o755)
        return f"{folder}:{os.environ['PATH']}"
    return write


@pytest.mark.parametrize("arguments", [(), ("--system",)])
def test_without_root_and_sudo_missing_packages_are_listed(home, build, stubs, arguments):
    path = stubs({"dpkg-query": "exit 1", "sudo": "exit 1", "id": "echo 1000"})
    done = install(home, build, *arguments, check=False, PATH=path)
    assert done.returncode == 1 and files_below(home) == []
    if arguments:
        assert "--system needs root" in done.stderr
    else:
        packages = btbbtest.run(btbbtest.REPO / "packaging/packages.sh", "build", "run").stdout.split()
        assert f"apt-get install {' '.join(packages)}" in done.stderr


def test_missing_packages_are_installed_by_sudo(home, build, stubs, workdir):
    note = workdir / "calls"
    path = stubs({"dpkg-query": f'case "$*" in *tshark) [ -e "{note}" ] && printf installed;; *) printf installed;; esac',
                  "sudo": '[ "$1" = -n ] && shift; exec "$@"', "id": "echo 1000",
                  "apt-get": f'echo "$@" >> "{note}"'})
    done = install(home, build, PATH=path)
    assert note.read_text().splitlines() == ["-q update", "-q -y --no-install-recommends install tshark"]
    assert "missing Debian packages: tshark" in done.stdout and SHOWN in done.stdout


@pytest.mark.parametrize("arguments, status, message", [
    (("--sytem",), 2, "usage: ./install.sh"),
    (("one.pcap", "two.pcap"), 2, "usage: ./install.sh"),
    (("/nowhere/at.pcap",), 1, "cannot read the capture /nowhere/at.pcap"),
])
def test_wrong_arguments(home, build, arguments, status, message):
    done = install(home, build, *arguments, check=False)
    assert done.returncode == status and message in done.stderr and files_below(home) == []


GLOBAL = r"btbb.so\t{0}\tdissector\t/usr/lib/btbb.so\nbtbb-stats.so\t{0}\tdissector\t/usr/lib/btbb-stats.so\n"


VERSION = btbbtest.run(btbbtest.REPO / "packaging/version.sh").stdout.strip()


@pytest.mark.parametrize("version, status", [(VERSION, 0), ("0.9.9", 1)])
def test_a_user_gets_no_second_copy(home, build, stubs, version, status):
    """Of the plugins that tshark loads for all users; but only if they have the version of this checkout."""
    tshark = btbbtest.run("sh", "-c", "command -v tshark").stdout.strip()
    path = stubs({"tshark": f"""[ "$*" = "-G plugins" ] && printf '{GLOBAL.format(version)}' && exit
[ "$1" = -q ] && echo "the table of $3" && exit
exec {tshark} "$@" """})
    done = install(home, build, check=False, PATH=path)
    assert done.returncode == status and files_below(home) == []
    if status == 0:
        assert "already installed for all users: /usr/lib/btbb.so" in done.stdout
        assert done.stdout.endswith(f"{SHOWN}the table of {btbbtest.sample('pandas_demo.pcapbtbb')}\n")
    else:
        assert done.stderr == (f"install: version {version} is installed for all users (/usr/lib/btbb.so), this is {VERSION}. "
                               "To update it: ./install.sh --system\n")
    done = install(home, build, "--uninstall", check=False, PATH=path)
    assert done.returncode == 1 and "nothing is installed for you alone" in done.stderr


def test_for_all_users_and_removed_again(home, private_system, workdir):
    """In the real places of a private copy of this system, by root."""
    places = ["/usr/local", *[line.split("\t")[1] for line in btbbtest.run("tshark", "-G", "folders", env=REAL).stdout.splitlines()
                              if line.startswith(("Global Plugins:", "Global configuration:"))]]
    job = ("tshark", "-q", "-r", btbbtest.sample("pandas_demo.pcapbtbb"), "-z", "btbb,lap")
    roots = {**user(workdir), **REAL, "BTBB_INSTALL_BUILD": workdir / "build"}

    def listing():
        return private_system.as_root("find", *places).stdout

    before = listing()
    table = private_system.as_root(INSTALL, env=roots, timeout=600).stdout.split(SHOWN)[1]
    assert "ed:1d:9c" in table and listing() != before
    assert private_system.as_root(*job, env=roots).stdout == table
    assert private_system.as_user(*job, env={**user(home), **REAL}).stdout == table
    assert "btbb" in private_system.as_user("/usr/local/bin/btbb", "--version").stdout
    done = private_system.as_user(INSTALL, env={**user(home), **REAL}, timeout=600)
    assert "already installed for all users: " in done.stdout and done.stdout.split(SHOWN)[1] == table
    assert files_below(home) == []
    private_system.as_root(INSTALL, "--uninstall", env=roots)
    assert listing() == before
