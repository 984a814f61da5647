"""The rules of the `check` target find what breaks them. SPDX-License-Identifier: GPL-2.0-or-later"""
import check_rules
import pytest

HEAD = "/* x: a file. SPDX-License-Identifier: GPL-2.0-or-later */\n"
BODY = "int f(void)\n{\n%s    return 0;\n}\n"

# A small house with a file in every room that a rule names.
HOUSE = ("core/record.h", "core/decode/decode.h", "core/learn/capture.h", "core/count/clients.h", "core/show/rows.h",
         "core/vendors/vendors.h", "compat/ws-compat.h", "plugin/dissect.h", "stats/gui.h", "command/read.h")


def write(top, files):
    for path, content in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("name, text, finding", [
    ("core/decode/x.c", HEAD + "#include <glib.h>\n", "includes glib.h: core/decode is built without"),
    ("core/crypt/x.c", HEAD + "#include <glib.h>\n", "includes glib.h: core/crypt is built without"),
    ("core/crypt/x.c", HEAD + '#include "decode/decode.h"\n', "includes core/decode/decode.h: may include only"),
    ("core/learn/x.c", HEAD + "#include <gmodule.h>\n", "includes gmodule.h: core/learn is built without"),
    ("core/show/x.c", HEAD + '#include "epan/packet.h"\n', "includes epan/packet.h: core is built without"),
    ("core/decode/x.c", HEAD + '#include "learn/capture.h"\n', "includes core/learn/capture.h: may include only"),
    ("core/count/x.c", HEAD + '#include "show/rows.h"\n', "includes core/show/rows.h: may include only"),
    ("core/learn/x.c", HEAD + '#include "show/rows.h"\n', "includes core/show/rows.h: may include only"),
    ("core/show/x.c", HEAD + '#include "../../plugin/dissect.h"\n', "includes plugin/dissect.h: may include only"),
    ("stats/x.c", HEAD + '#include "../plugin/dissect.h"\n', "includes plugin/dissect.h: may include only"),
    ("plugin/x.c", HEAD + '#include "../stats/gui.h"\n', "includes stats/gui.h: may include only"),
    ("command/x.c", HEAD + '#include "../plugin/dissect.h"\n', "includes plugin/dissect.h: may include only"),
    ("plugin/x.c", HEAD + "int " + "x" * 117 + ";\n", "122 columns"),
    ("plugin/x.c", HEAD + BODY % ("    ;\n" * 60), "function of 61 lines"),
    ("plugin/x.c", HEAD + "\n" * 600, "601 lines"),
    ("plugin/x.c", "int x;\n", "no SPDX line"),
    ("plugin/x_y.c", HEAD, "underscore in its name"),
    ("plugin/x.c", HEAD + "#if WIRESHARK_VERSION_MINOR > 0\n#endif\n", "depends on the Wireshark version"),
])
def test_a_broken_rule_is_found(tmp_path, name, text, finding):
    write(tmp_path, {**dict.fromkeys(HOUSE, HEAD), name: text})
    found = list(check_rules.findings(tmp_path))
    assert len(found) == 1 and found[0].startswith(name + ": ") and finding in found[0]


def test_an_include_circle_is_found(tmp_path):
    write(tmp_path, {"plugin/a.h": HEAD, "plugin/a.c": HEAD + '#include "b.h"\n', "plugin/b.h": HEAD,
                     "plugin/b-int.h": HEAD + '#include "c.h"\n', "plugin/c.h": HEAD + '#include "a.h"\n'})
    assert list(check_rules.findings(tmp_path)) == [f"plugin/{n}: is part of an include circle" for n in "abc"]


def test_what_is_allowed_is_not_found(tmp_path):
    write(tmp_path, {**dict.fromkeys(HOUSE, HEAD), "stats/x.c": HEAD + BODY % ("    ;\n" * 40) +
          '#include "gui.h"\n#include "count/clients.h"\n#include "compat/ws-compat.h"\n#include <epan/tap.h>\n'})
    assert list(check_rules.findings(tmp_path)) == []
