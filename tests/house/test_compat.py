"""compat/checks.cmake: what it finds in this Wireshark, and in headers made for this test.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import subprocess

import pytest

import btbbtest

# (preferences are bool, address callbacks take bool, tables are checked by a bool, init can fail, records hold data,
# tvb_get_uint8) of each version
KNOWN = {(4, 0): "000000", (4, 2): "000000", (4, 4): "111001", (4, 6): "111111"}
PROJECT = f"""cmake_minimum_required(VERSION 3.16)
project(fake VERSION 1.2.3 LANGUAGES C)
set(Wireshark_VERSION 9.9.9)
add_library(epan INTERFACE IMPORTED)
target_include_directories(epan INTERFACE ${{CMAKE_SOURCE_DIR}}/include)
add_library(core-vendors INTERFACE)
add_subdirectory({btbbtest.REPO}/compat compat)
"""
HEADERS = {
    "wireshark.h": "#include <stdbool.h>\n#include <stdint.h>\ntypedef int gboolean;\n",
    "epan/packet.h": "",
    "epan/plugin_if.h": "",
    "epan/prefs.h": "typedef int module_t;\n"
                    "void prefs_register_bool_preference(module_t *, const char *, const char *, const char *, bool *);\n",
    "epan/address_types.h": "typedef int address;\ntypedef const char *field_cb(const address *, bool);\n"
                            "int address_type_dissector_register(const char *, const char *, void *, void *, void *, "
                            "field_cb *, void *, void *, void *);\n",
    "epan/stat_tap_ui.h": "typedef struct { bool (*tap_init_cb)(const char *, void *); } stat_tap_ui;\n",
    "epan/uat.h": "typedef bool (*uat_update_cb_t)(void *, char **);\n",
    "epan/tvbuff.h": "typedef int tvbuff_t;\nuint8_t tvb_get_uint8(tvbuff_t *, int);\n",
    "wiretap/wtap.h": "typedef struct { void *data; } Buffer;\ntypedef int wtap;\ntypedef struct { Buffer data; } wtap_rec;\n"
                      "bool wtap_read(wtap *, wtap_rec *, int *, char **, int64_t *);\n",
    "wsutil/filesystem.h": "char *get_datafile_path(const char *);\n",
}


def found(folder):
    text = (folder / "compat/ws-config.h").read_text(encoding="utf-8")
    return "".join(re.findall(r"^#define BTBB_WS_\w+ +([01])\b", text, re.M))


def test_what_was_found_in_this_wireshark():
    series = btbbtest.version()[:2]
    if series not in KNOWN:
        pytest.skip(f"Wireshark {series} is not known to this test")
    assert found(btbbtest.BUILD) == KNOWN[series]


@pytest.fixture
def configure(tmp_path):
    """configure({header: text}): run CMake on the made-up headers; a text of None removes one."""
    def run(changes=None):
        (tmp_path / "CMakeLists.txt").write_text(PROJECT, encoding="utf-8")
        for name, text in {**HEADERS, **(changes or {})}.items():
            if text is not None:
                path = tmp_path / "include" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return subprocess.run(["cmake", "-S", tmp_path, "-B", tmp_path / "build"], capture_output=True, text=True)
    return run


def test_a_future_version(configure, tmp_path):
    done = configure()
    assert done.returncode == 0, done.stderr
    assert found(tmp_path / "build") == "111111"
    assert "Vendor names: Wireshark's file manuf" in done.stdout


def test_missing_vendor_names_are_reported(configure):
    done = configure({"wsutil/filesystem.h": None})
    assert done.returncode == 0 and "Vendor names: not available" in done.stdout
    assert "vendor names will be missing" in done.stderr


def test_a_header_that_is_not_installed(configure, tmp_path):
    done = configure({"epan/plugin_if.h": '#include "dfilter-loc.h"\ndf_loc_t there;\n'})
    assert done.returncode == 0 and f"using {btbbtest.REPO}/compat/missing" in done.stdout, done.stderr


@pytest.mark.parametrize("name, text, message", [
    ("epan/packet.h", "#error broken\n", "Wireshark's headers do not compile"),
    ("epan/plugin_if.h", "#error broken\n", "Wireshark's <epan/plugin_if.h> does not compile"),
    ("epan/prefs.h", HEADERS["epan/prefs.h"].replace("bool *", "char *"), "preferences are stored as bool"),
    ("epan/address_types.h", HEADERS["epan/address_types.h"].replace(", bool", ", char *"), "address callbacks take a bool"),
    ("epan/uat.h", HEADERS["epan/uat.h"].replace("bool", "double"), "tables of preferences are checked by a bool"),
    ("epan/stat_tap_ui.h", HEADERS["epan/stat_tap_ui.h"].replace("{ bool", "{ double"), "init callbacks of statistics can fail"),
    ("wiretap/wtap.h", HEADERS["wiretap/wtap.h"].replace("int *,", ""), "records hold their bytes"),
])
def test_what_is_not_known_stops_the_configuration(configure, name, text, message):
    done = configure({name: text})
    assert done.returncode != 0 and message in re.sub(r"\s+", " ", done.stderr), done.stderr


def test_an_upgrade_is_noticed(configure, tmp_path):
    """The build folder stays, Wireshark becomes another version."""
    assert configure().returncode == 0
    upgraded = PROJECT.replace("9.9.9", "10.0.0")
    (tmp_path / "include/epan/tvbuff.h").write_text("typedef int tvbuff_t;\n", encoding="utf-8")
    (tmp_path / "CMakeLists.txt").write_text(upgraded, encoding="utf-8")
    subprocess.run(["cmake", "-S", tmp_path, "-B", tmp_path / "build"], check=True, capture_output=True)
    assert found(tmp_path / "build") == "111110"
