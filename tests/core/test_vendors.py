"""The module of vendor names, by itself: both ways to look up must know the same.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import ctypes
import sys

import btbbtest

EACH = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint, ctypes.c_char_p)

NAP_ANY = 0x10000


class Vendors(ctypes.Structure):
    """struct btbb_vendors (core/vendors/vendors.h)."""
    _fields_ = [("name", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p, ctypes.c_uint16, ctypes.c_uint8, ctypes.c_uint32)),
                ("candidates", ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint8, ctypes.c_uint32, EACH,
                                                ctypes.c_void_p)),
                ("company", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p, ctypes.c_uint16)),
                ("data", ctypes.c_void_p)]


def compare():
    """Every name by its address against all data read: (names compared, addresses without one, differences)."""
    module = ctypes.CDLL(str(btbbtest.BUILD / "command" / "btbb-vendors.so"))
    module.btbb_names_open.restype = ctypes.POINTER(Vendors)
    vendors = module.btbb_names_open().contents
    named, nameless, wrong = 0, 0, []
    for uap in range(0, 256, 5):
        for lap in (0x000000, 0x5a1234, 0xfedcba):
            found = {}
            vendors.candidates(vendors.data, NAP_ANY, uap, lap,
                               EACH(lambda _, prefix, bits, name: found.update({prefix >> 32: name})), None)
            for nap in set(range(0, 65536, 97)) | set(found):
                name = vendors.name(vendors.data, nap, uap, lap)
                named, nameless = named + (name is not None), nameless + (name is None)
                one = []
                if nap % 50 == 0:
                    vendors.candidates(vendors.data, nap, uap, lap, EACH(lambda _, prefix, bits, name: one.append(name)), None)
                if name != found.get(nap) or (nap % 50 == 0 and one != [name] * (name is not None)):
                    wrong.append(f"{nap:04x}:{uap:02x}:{lap:06x} {name} {found.get(nap)}")
    return named, nameless, wrong


def test_name_of_an_address_is_that_of_all_data():
    out = btbbtest.run(sys.executable, __file__, env={"PYTHONPATH": str(btbbtest.REPO / "tests"), "BTBB_BUILD": str(btbbtest.BUILD)}).stdout
    named, nameless, wrong = out.splitlines()[0].split(" ", 2)
    assert wrong == "[]" and int(named) > 10000 and int(nameless) > 10000


if __name__ == "__main__":
    print(*compare())
