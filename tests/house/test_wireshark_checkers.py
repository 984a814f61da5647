"""tests/wireshark_checkers.py finds what Wireshark's reviewers would. SPDX-License-Identifier: GPL-2.0-or-later"""
import subprocess
import sys

import pytest

import btbbtest

CHECKERS = btbbtest.REPO / "tests/wireshark_checkers.py"
GOOD = """/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/packet.h>
"""
BAD = """#include <epan/packet.h>
static int hf_bad_unused = -1;
static int hf_bad_name = -1;
static int proto_bad;
void proto_register_bad(void)
{
    static hf_register_info hf[] = {
        {&hf_bad_name, {"Name", "other.name", FT_UINT8, BASE_DEC, NULL, 0x0, NULL, HFILL}},
    };
    proto_bad = proto_register_protocol("Bad", "BAD", "bad");
    proto_register_field_array(proto_bad, hf, array_length(hf));
}
static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    char *p = malloc(3);
    proto_tree_add_item(tree, hf_bad_name, tvb, 0, 2, TRUE);
    exit(1);
}
"""


def check(path):
    done = subprocess.run([sys.executable, CHECKERS, btbbtest.BUILD / "wireshark-tools", path], capture_output=True, text=True)
    if done.returncode == 77:
        pytest.skip("Wireshark's source package cannot be fetched")
    return done.returncode, done.stdout


def test_findings(tmp_path):
    path = tmp_path / "packet-bad.c"
    path.write_text(BAD, encoding="utf-8")
    status, found = check(path)
    assert status == 1
    for expected in ("malloc: prohibited (checkAPIs.pl)", "exit: dissectors-prohibited (checkAPIs.pl)", "(checkhf.pl)",
                     "(checkfiltername.pl)", "(fix-encoding-args.pl)", "(check_typed_item_calls.py)", "(licensecheck.pl)"):
        assert expected in found, found


def test_nothing_to_find(tmp_path):
    path = tmp_path / "packet-good.c"
    path.write_text(GOOD, encoding="utf-8")
    assert check(path) == (0, "\n")
