"""Legacy security: the C code and its independent twin against published values, and against each other.

tests/vectors/crypt.json is part of the project; ../shared/vectors/{e0,e1,e3}.json hold the same values and more where
they are at hand. SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import random
import re
import shutil
import subprocess

import btbb_crypt as twin
import pytest

import btbbtest

VECTORS = json.loads((btbbtest.REPO / "tests" / "vectors" / "crypt.json").read_text(encoding="utf-8"))


def ask(lines):
    """The results of core/crypt for questions to crypt-vectors."""
    done = subprocess.run(btbbtest.core_program("crypt-vectors"), input="\n".join(lines) + "\n", text=True,
                          capture_output=True, check=True)
    return done.stdout.splitlines()


def address(text):
    return int(text.replace(":", ""), 16)


def octets(text):
    """A displayed address, least significant byte first."""
    return address(text).to_bytes(6, "little").hex()


def symbols(data):
    return "".join(str(byte >> i & 1) for byte in bytes.fromhex(data) for i in range(8))


def check(questions, expected):
    assert len(questions) == len(expected) > 0
    assert ask(questions) == expected


def test_the_vectors_are_all_there():
    assert {name: len(values) for name, values in VECTORS.items() if name != "about"} == {
        "e1": 5, "e3": 5, "shorten": 16, "keystream": 4, "controller": 18}


def test_e1():
    check([f"e1 {v['link_key']} {v['au_rand']} {octets(v['claimant'])}" for v in VECTORS["e1"]],
          [f"{v['sres']} {v['aco']}" for v in VECTORS["e1"]])


def test_e3():
    check([f"e3 {v['link_key']} {v['en_rand']} {v['cof']}" for v in VECTORS["e3"]], [v["kc"] for v in VECTORS["e3"]])


def test_shortened_keys():
    check([f"shorten {v['kc']} {v['size']}" for v in VECTORS["shorten"]], [v["key"] for v in VECTORS["shorten"]])
    check([f"shorten {'00' * 16} {size}" for size in (0, 17, 255)], ["refused"] * 3)


def test_keystream():
    for v in VECTORS["keystream"]:
        out, = ask([f"e0 {v['key']} {octets(v['central'])} {v['clock']} {'00' * 16}"])
        assert symbols(out)[:125] == v["symbols"]


def test_keys_of_real_controllers():
    """E1, E3 and the shortening behind each other: octet 0 of E3's output is the low end of the polynomial."""
    controllers = VECTORS["controller"]
    acos = [line.split()[1] for line in
            ask([f"e1 {v['link_key']} {v['au_rand']} {octets(v['claimant'])}" for v in controllers])]
    keys = ask([f"e3 {v['link_key']} {v['en_rand']} {aco}" for v, aco in zip(controllers, acos, strict=True)])
    check([f"shorten {kc} {v['size']}" for v, kc in zip(controllers, keys, strict=True)], [v["key"] for v in controllers])


def test_rounds_of_safer():
    """The first and the last value of the sample data of E1, set 1: Ar and Ar'."""
    zero = "00" * 16
    ar, = ask([f"ar {zero} {zero}"])
    other_key = "e9e5dfc1b3a79583e9e5dfc1b3a79583"
    assert ask([f"ar' {other_key} {ar}"]) == ["056c0fe648afcdd4bd40fef76693b113"]
    assert ask([f"ar {other_key} {ar}"]) != ["056c0fe648afcdd4bd40fef76693b113"]


def test_the_twin():
    unhex = bytes.fromhex
    for v in VECTORS["e1"]:
        sres, aco = twin.e1(unhex(v["link_key"]), unhex(v["au_rand"]), address(v["claimant"]))
        assert (sres.hex(), aco.hex()) == (v["sres"], v["aco"])
    for v in VECTORS["e3"]:
        assert twin.e3(unhex(v["link_key"]), unhex(v["en_rand"]), unhex(v["cof"])).hex() == v["kc"]
    for v in VECTORS["shorten"]:
        assert twin.shorten(unhex(v["kc"]), v["size"]).hex() == v["key"]
    for v in VECTORS["keystream"]:
        stream = twin.keystream(unhex(v["key"]), address(v["central"]), v["clock"], 125)
        assert "".join(map(str, stream)) == v["symbols"]
    for v in VECTORS["controller"]:
        _, aco = twin.e1(unhex(v["link_key"]), unhex(v["au_rand"]), address(v["claimant"]))
        kc = twin.e3(unhex(v["link_key"]), unhex(v["en_rand"]), aco)
        assert twin.shorten(kc, v["size"]).hex() == v["key"]


def test_both_agree_on_random_inputs():
    """Payloads of every length class up to the longest: the published keystreams end after 125 symbols."""
    seed = random.randrange(1 << 32)
    print("seed", seed)
    rng = random.Random(seed)
    lengths = [0, 1, 7, 8, 9, 15, 16, 17, 341, 1025, 1029, 1056] + [rng.randrange(1057) for _ in range(20)]
    questions, expected = [], []
    for length in lengths:
        key, data = rng.randbytes(16), rng.randbytes(length) or b"\0"
        central, clock = rng.getrandbits(48), rng.getrandbits(26)
        questions.append(f"e0 {key.hex()} {central.to_bytes(6, 'little').hex()} {clock} {data.hex()}")
        expected.append(twin.crypt(key, central, clock, data).hex())
    for size in range(1, 17):
        key, rand, cof = rng.randbytes(16), rng.randbytes(16), rng.randbytes(12)
        claimant = rng.getrandbits(48)
        sres, aco = twin.e1(key, rand, claimant)
        questions += [f"e1 {key.hex()} {rand.hex()} {claimant.to_bytes(6, 'little').hex()}",
                      f"e3 {key.hex()} {rand.hex()} {cof.hex()}", f"shorten {key.hex()} {size}"]
        expected += [f"{sres.hex()} {aco.hex()}", twin.e3(key, rand, cof).hex(), twin.shorten(key, size).hex()]
    check(questions, expected)


def test_clocks_with_the_same_keystream():
    """Bits 16 and 25 of CLK26-1 cancel each other: the first bit has left the third register when the 34th enters."""
    key, central, clock = bytes(range(16)), 0x123456789ABC, 0x1234567
    same = clock ^ (1 << 16 | 1 << 25)
    stream = twin.keystream(key, central, clock, 200)
    assert twin.keystream(key, central, same, 200) == stream
    for bit in range(26):
        assert twin.keystream(key, central, clock ^ 1 << bit, 200) != stream
    line = "e0 %s %s %%d %s" % (key.hex(), central.to_bytes(6, "little").hex(), "00" * 25)
    outputs = ask([line % clock, line % same])
    assert outputs[0] == outputs[1]
    assert symbols(outputs[0]) == "".join(map(str, stream))


def test_instructions_of_a_dh5_packet():
    """At most 5 microseconds, which depend on the machine and its load: counted in instructions, 34,400 as measured."""
    if not shutil.which("valgrind"):
        pytest.skip("valgrind is not installed")
    program = btbbtest.core_program("crypt-vectors")
    totals = []
    for count in (10, 110):
        done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *program],
                              input=f"speed {count}\n", text=True, capture_output=True, check=True)
        assert done.stdout.split()[1] == str(count)
        totals.append(int(re.search(r"Collected : (\d+)", done.stderr)[1]))
    instructions = (totals[1] - totals[0]) / 100
    print(f"{instructions:.0f} instructions for a DH5 packet")
    assert instructions < 40_000


@pytest.mark.parametrize("name", ["e1.json", "e3.json", "e0.json"])
def test_the_shared_vectors(name):
    """What ../shared holds is what the project holds."""
    shared = json.loads(btbbtest.shared(f"vectors/{name}").read_text(encoding="utf-8"))
    turned = lambda text: bytes.fromhex(text)[::-1].hex()
    if name == "e1.json":
        assert [(v["link_key"], v["au_rand"], v["bd_addr_lsb_first"], v["sres"], v["aco"]) for v in shared["vectors"]] == \
            [(v["link_key"], v["au_rand"], octets(v["claimant"]), v["sres"], v["aco"]) for v in VECTORS["e1"]]
    elif name == "e3.json":
        assert [[v[key] for key in ("link_key", "en_rand", "cof", "kc")] for v in shared["vectors"]] == \
            [[v[key] for key in ("link_key", "en_rand", "cof", "kc")] for v in VECTORS["e3"]]
    else:
        assert [(v["L"], turned(v["kc"]), turned(v["kc_prime"])) for v in shared["kc_prime_vectors"]] == \
            [(v["size"], v["kc"], v["key"]) for v in VECTORS["shorten"]]
        assert [v["keystream_bits_125"] for v in shared["keystream"]] == [v["symbols"] for v in VECTORS["keystream"]]
        assert {size: (int(g1, 16), int(g2, 16)) for size, (g1, g2) in enumerate(zip(shared["g1"], shared["g2"])) if g1} == \
            twin.POLYNOMIALS
