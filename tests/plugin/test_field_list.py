"""plugin/FIELDS.md lists every field of the dissector.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import btbbtest
from dissected import registered_fields

FIELDS_MD = btbbtest.REPO / "plugin" / "FIELDS.md"


def documented_fields():
    rows = re.findall(r"^\| `([a-z0-9_.]+)` \| (.+?) \| (FT_[A-Z0-9]+) \|", FIELDS_MD.read_text(), re.M)
    return {name: (label, kind) for name, label, kind in rows}


def test_field_list_is_true():
    """FIELDS.md names every field, with its name and type, and no other."""
    documented, registered = documented_fields(), registered_fields()
    assert sorted(documented.items()) == sorted(registered.items())
