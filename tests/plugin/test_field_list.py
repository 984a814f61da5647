"""plugin/FIELDS.md lists every field of the dissector.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import btbbtest
from dissected import described_fields

FIELDS_MD = btbbtest.REPO / "plugin" / "FIELDS.md"


def documented_fields():
    rows = re.findall(r"^\| `([a-z0-9_.]+)` \| (.+?) \| (FT_[A-Z0-9]+) \| (.+) \|$", FIELDS_MD.read_text(), re.M)
    assert len({row[0] for row in rows}) == len(rows), "a field is listed twice"
    return {name: (label, kind, meaning) for name, label, kind, meaning in rows}


def test_field_list_is_true():
    """FIELDS.md lists every field with the name, type and description that Wireshark shows, and no other field."""
    documented, registered = documented_fields(), described_fields()
    assert sorted(documented) == sorted(registered)
    for name, (label, kind, description) in registered.items():
        expected = (label, kind, description or documented[name][2])  # expert items have no description in Wireshark
        assert documented[name] == expected, name
