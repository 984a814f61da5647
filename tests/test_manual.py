"""The manual pages: they render cleanly and name what the parser takes. SPDX-License-Identifier: GPL-2.0-or-later"""
import re
import subprocess

import btbbtest
import pytest

PAGES = sorted((btbbtest.REPO / "man").glob("*.1")) + [btbbtest.BUILD / "man/wireshark-btbb.1"]


def text_of(page):
    done = subprocess.run(["groff", "-ww", "-man", "-Tutf8", "-P-c", page], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return re.sub(".\b", "", done.stdout)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_renders_without_a_warning(page):
    text = text_of(page)
    assert text.startswith(page.stem.upper() + "(1)") and "NAME" in text
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True)
    assert (lint.returncode, lint.stdout) == (0, "")


def names_in(section):
    """The names that head the paragraphs of a section of the page."""
    page = (btbbtest.BUILD / "man/wireshark-btbb.1").read_text(encoding="utf-8")
    text = re.search(rf"^\.SH {section}\n(.*?)^\.SH", page, re.M | re.S)[1]
    return [name.replace("\\-", "-") for name in re.findall(r"^\.TP\n\\fB(.*?)\\fR", text, re.M)]


def test_views_and_keys_are_those_of_the_parser():
    """The parser names all views, and the keys of a view, where it refuses one."""
    capture = btbbtest.sample("pandas_demo.pcapbtbb")

    def refusal(argument):
        done = btbbtest.tshark("-r", capture, "-q", "-z", f"btbb,{argument}", check=False)
        assert done.returncode != 0 and done.stdout == ""
        return done.stderr

    views = names_in("VIEWS")
    assert refusal("nosuchview").strip().endswith("; valid: " + ", ".join(views))
    keys = names_in("KEYS")
    named = {key for view in views for key in refusal(f"{view},nosuchkey=1").strip().split("valid: ")[1].split(", ")}
    assert sorted(keys) == sorted(named)
