"""The fields of the sample captures, compared with the lines in tests/golden/dissector.txt.

To write the lines again after an intended change:

    BTBB_UPDATE_GOLDEN=1 /usr/bin/python3 -m pytest tests/plugin/test_golden.py

Then read `git diff tests/golden`: each changed line is either the purpose of the change or a defect.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os

import btbb_encode as e
import pytest

import btbbtest
from dissected import values

GOLDEN = btbbtest.REPO / "tests" / "golden" / "dissector.txt"


def golden_blocks():
    """name, capture, field names, expected lines of each block; blank lines stand between blocks."""
    for block in GOLDEN.read_text().split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            name, capture, names = (part.strip() for part in lines[0].split("|"))
            yield name, capture, names.split(), lines[1:]


def golden_lines(capture, names):
    return [" ; ".join(row[name] or "-" for name in names) for row in values(btbbtest.sample(capture), *names, extra=("-Y", "btbb"))]


@pytest.mark.parametrize("name, capture, names, expected", list(golden_blocks()),
                         ids=[block[0] for block in golden_blocks()])
def test_golden(name, capture, names, expected):
    found = golden_lines(capture, names)
    if os.environ.get("BTBB_UPDATE_GOLDEN"):
        content = GOLDEN.read_text()
        head = next(line for line in content.splitlines() if line.split("|")[0].strip() == name and line.count("|") == 2)
        GOLDEN.write_text(content.replace("\n".join([head, *expected]), "\n".join([head, *found])))
        pytest.skip("golden lines were rewritten: read git diff tests/golden")
    assert found == expected


def test_golden_names_every_kind_once():
    block = next(b for b in golden_blocks() if b[0] == "every kind")
    assert [line.split(" ; ")[3] for line in block[3]] == list(map(str, range(27)))
    assert [line.split(" ; ")[2] for line in block[3]] == [type_name(k.code) for k in e.KINDS.values()]


def type_name(code):
    return "/".join(k.name for k in e.KINDS.values() if k.code == code)
