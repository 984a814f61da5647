"""NEWS.md and the one place of the version. SPDX-License-Identifier: GPL-2.0-or-later"""
import re
import subprocess

import btbbtest

VERSION = btbbtest.run(btbbtest.REPO / "packaging/version.sh").stdout.strip()


def test_news_begin_with_the_version():
    text = (btbbtest.REPO / "NEWS.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", text, re.M)
    assert versions[0] == VERSION
    assert versions == sorted(set(versions), key=lambda version: tuple(map(int, version.split("."))), reverse=True)


def test_version_is_written_in_one_place():
    """Everything else is made from the line in CMakeLists.txt."""
    listed = btbbtest.run("git", "-c", f"safe.directory={btbbtest.REPO}", "-C", btbbtest.REPO, "ls-files", check=False).stdout
    names = listed.split() or [path.relative_to(btbbtest.REPO) for folder in ("command", "compat", "core", "extcap", "man",
                               "packaging", "plugin", "stats") for path in (btbbtest.REPO / folder).rglob("*.*")]
    found = []
    for name in names:
        path = btbbtest.REPO / name
        if path.is_file() and path.suffix not in (".pcapng", ".pcap", ".pcapbtbb", ".png"):
            if re.search(rf"\b{re.escape(VERSION)}\b", path.read_text(encoding="utf-8", errors="replace")):
                found.append(str(name))
    assert set(found) - {"NEWS.md"} <= {"CMakeLists.txt"}


def test_programs_print_it():
    assert f"btbb {VERSION}, " in btbbtest.run(btbbtest.BUILD / "command/btbb", "--version").stdout
    assert btbbtest.run(btbbtest.BUILD / "extcap/ubertooth-btbb", "--version").stdout == f"ubertooth-btbb {VERSION}\n"
    listed = btbbtest.tshark("-G", "plugins").stdout
    assert re.findall(r"^btbb(?:-stats)?\.so *\t([^\t]*?) *\t", listed, re.M) == [VERSION, VERSION]


def test_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)]+)\)", (btbbtest.REPO / "NEWS.md").read_text(encoding="utf-8")):
        assert (btbbtest.REPO / link).exists()


def test_release_refuses_other_news(tmp_path):
    """Before anything is built."""
    for path in ("packaging/release.sh", "packaging/version.sh", "CMakeLists.txt"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes((btbbtest.REPO / path).read_bytes())
        (tmp_path / path).chmod(0o755)
    (tmp_path / "NEWS.md").write_text("# News\n\n## 9.9.9\n", encoding="utf-8")
    done = subprocess.run([tmp_path / "packaging/release.sh", tmp_path / "out"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        1, f"release: NEWS.md begins with version 9.9.9, CMakeLists.txt has {VERSION}\n")
