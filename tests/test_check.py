"""The rules of the `check` target find what breaks them. SPDX-License-Identifier: GPL-2.0-or-later"""
import check_rules
import pytest

HEAD = "/* x: a file. SPDX-License-Identifier: GPL-2.0-or-later */\n"
BODY = "int f(void)\n{\n%s    return 0;\n}\n"


@pytest.mark.parametrize("name, text, finding", [
    ("plugin/core/x.c", HEAD + "#include <glib.h>\n", "includes glib.h"),
    ("stats/core/x.c", HEAD + '#include "epan/packet.h"\n', "includes epan/packet.h"),
    ("stats/x.c", HEAD + '#include "decode.h"\n', "stats/ knows btbb-tap.h only"),
    ("plugin/x.c", HEAD + '#include "../stats/core/clients.h"\n', "nothing includes upward"),
    ("plugin/x.c", HEAD + "int " + "x" * 117 + ";\n", "122 columns"),
    ("plugin/x.c", HEAD + BODY % ("    ;\n" * 60), "function of 61 lines"),
    ("plugin/x.c", HEAD + "\n" * 600, "601 lines"),
    ("plugin/x.c", "int x;\n", "no SPDX line"),
    ("plugin/x.c", HEAD + "#if WIRESHARK_VERSION_MINOR > 0\n#endif\n", "tells Wireshark versions apart"),
])
def test_a_broken_rule_is_found(tmp_path, name, text, finding):
    for path, content in (("plugin/core/decode.h", HEAD), (name, text)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
    found = list(check_rules.findings(tmp_path))
    assert len(found) == 1 and found[0].startswith(name + ": ") and finding in found[0]


def test_what_is_allowed_is_not_found(tmp_path):
    files = {"plugin/btbb-tap.h": HEAD, "stats/core/clients.h": HEAD,
             "stats/x.c": HEAD + '#include "btbb-tap.h"\n#include "core/clients.h"\n' + BODY % ("    ;\n" * 40)}
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
    assert list(check_rules.findings(tmp_path)) == []
