"""Everything that the plain CMake build makes is hardened. SPDX-License-Identifier: GPL-2.0-or-later"""
import re
import subprocess

import pytest

import btbbtest

BUILT = sorted([*btbbtest.BUILD.glob("plugins/*/epan/*.so"), btbbtest.BUILD / "command/btbb", btbbtest.BUILD / "command/btbb-vendors.so"])


def readelf(*arguments):
    return subprocess.run(["readelf", "-W", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def missing(path):
    """Names of the protections that a program or a shared object lacks."""
    segments, dynamic, symbols = readelf("-l", path), readelf("-d", path), readelf("--dyn-syms", path)
    has = {
        "read-only relocations": "GNU_RELRO" in segments,
        "immediate binding": re.search(r"\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*NOW", dynamic),
        "no executable stack": re.search(r"GNU_STACK.* RW +0x", segments),
        "stack protector": "__stack_chk_fail" in symbols,
        "position-independent": re.search(r"Type: +DYN", readelf("-h", path)),
    }
    return {name for name, found in has.items() if not found}


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name)
def test_hardened(path):
    assert missing(path) == set()


def test_calls_of_the_c_library_are_fortified():
    """In the plugins and the command; the vendor names call no function that has a checked form."""
    assert len(BUILT) == 4
    fortified = [path.name for path in BUILT if re.search(r"__\w+_chk\b", readelf("--dyn-syms", path).replace("__stack_chk_fail", ""))]
    assert fortified == ["btbb", "btbb-stats.so", "btbb.so"]


def test_a_program_without_protections_is_noticed(tmp_path):
    source = tmp_path / "x.c"
    source.write_text("int main(void) { return 0; }\n")
    plain = ["-fno-stack-protector", "-no-pie", "-Wl,-z,norelro", "-Wl,-z,lazy", "-Wl,-z,execstack"]
    subprocess.run(["cc", *plain, "-o", tmp_path / "x", source], check=True, capture_output=True)
    assert missing(tmp_path / "x") == {"read-only relocations", "immediate binding", "no executable stack", "stack protector",
                                       "position-independent"}
