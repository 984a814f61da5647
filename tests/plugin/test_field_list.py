"""plugin/FIELDS.md lists every field of the dissector.

    BTBB_UPDATE_GOLDEN=1 /usr/bin/python3 -m pytest tests/plugin/test_field_list.py

updates name, type and meaning of the rows that exist. A new field needs a row "| `btbb.new` |" in its section first.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re

import btbbtest
import pytest
from dissected import described_fields

FIELDS_MD = btbbtest.REPO / "plugin" / "FIELDS.md"


def documented_fields():
    rows = re.findall(r"^\| `([a-z0-9_.]+)` \| (.+?) \| (FT_[A-Z0-9_]+) \| (.+) \|$", FIELDS_MD.read_text(), re.M)
    assert len({row[0] for row in rows}) == len(rows), "a field is listed twice"
    return {name: (label, kind, meaning) for name, label, kind, meaning in rows}


def test_field_list_is_true():
    """FIELDS.md lists every field with the name, type and description that Wireshark shows, and no other field."""
    registered = described_fields()
    if os.environ.get("BTBB_UPDATE_GOLDEN"):
        def row(match):
            label, kind, description = registered[match[1]]
            return f"| `{match[1]}` | {label} | {kind} | {description} |" if description else match[0]
        FIELDS_MD.write_text(re.sub(r"^\| `(btbb\.[a-z0-9_.]+)` \|(?:.*\| FT_.*)?$", row, FIELDS_MD.read_text(), flags=re.M))
        pytest.skip("rows written anew: read git diff plugin/FIELDS.md")
    documented = documented_fields()
    assert sorted(documented) == sorted(registered)
    for name, (label, kind, description) in registered.items():
        expected = (label, kind, description or documented[name][2])  # expert items have no description in Wireshark
        assert documented[name] == expected, name
