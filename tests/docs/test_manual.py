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


def paragraphs(section):
    """{name that heads a paragraph of a section of the page: its lines}."""
    page = (btbbtest.BUILD / "man/wireshark-btbb.1").read_text(encoding="utf-8")
    text = re.search(rf"^\.SH {section}\n(.*?)^(?:\.SH|\.PP)", page, re.M | re.S)[1]
    found = re.findall(r"^\.TP\n\\fB(.*?)\\fR.*\n((?:(?!\.TP).*\n)*)", text, re.M)
    return {name.replace("\\-", "-"): lines.splitlines() for name, lines in found}


def test_every_view_and_key_is_explained():
    for name, lines in paragraphs("VIEWS").items():
        statistic, text, keys = lines
        assert re.fullmatch(r"The statistic \\\(lq\w.*\\\(rq:", statistic), name
        assert re.fullmatch(r"\w.*[^.]\.", text) and keys.startswith("Keys: \\fB"), name
    for name, lines in paragraphs("KEYS").items():
        text, default = lines
        assert re.fullmatch(r"\w.*[^.]\.", text) and re.fullmatch(r"Default: \w.*\.", default), name


def test_views_and_keys_are_those_of_the_parser():
    """The parser names all views, and the keys of a view, where it refuses one."""
    capture = btbbtest.sample("pandas_demo.pcapbtbb")

    def refusal(argument):
        done = btbbtest.tshark("-r", capture, "-q", "-z", f"btbb,{argument}", check=False)
        assert done.returncode != 0 and done.stdout == ""
        return done.stderr

    views = list(paragraphs("VIEWS"))
    assert refusal("nosuchview").strip().endswith("; valid: " + ", ".join(views))
    keys = list(paragraphs("KEYS"))
    named = {key for view in views for key in refusal(f"{view},nosuchkey=1").strip().split("valid: ")[1].split(", ")}
    assert sorted(keys) == sorted(named)


def test_options_of_the_live_capture_are_those_of_its_program():
    page = (btbbtest.BUILD / "man/wireshark-btbb.1").read_text(encoding="utf-8")
    section = re.search(r"^\.SH LIVE CAPTURE\n(.*?)^\.SH", page, re.M | re.S)[1]
    config = btbbtest.run(btbbtest.BUILD / "extcap/ubertooth-btbb", "--extcap-config", "--extcap-interface", "ubertooth-btbb")
    assert re.findall(r"^\.TP\n\.B (\w+)$", section, re.M) == re.findall(r"call=--(\w+)", config.stdout)
    assert re.search(r"^\.I /.*/extcap/ubertooth\\-btbb$", page, re.M)
