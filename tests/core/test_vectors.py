"""The decoding core against frames with expected facts: every key of every vector.

tests/vectors/vectors-handmade.json is part of the project; ../shared/vectors/vectors-captures.json (frames of real
captures) is used where it is at hand. Single frames: nothing is known from other frames.
"""

import json
import runpy
import subprocess

import pytest

import btbbtest

LINE = runpy.run_path(str(btbbtest.REPO / "tests/core/vectors-as-lines.py"))["line"]
HANDMADE = btbbtest.REPO / "tests" / "vectors" / "vectors-handmade.json"


def run_decoder(vectors):
    """Decode all vectors at once: a list of dict key -> text, in their order."""
    lines = "".join(map(LINE, vectors))
    done = subprocess.run(btbbtest.core_program("decode-vectors"), input=lines, text=True,
                          capture_output=True, check=True)
    return [dict(item.split("=", 1) for item in line.split("\t")) for line in done.stdout.splitlines()]


def as_text(value):
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    return str(value)


def expected(vector):
    return {key: as_text(value) for key, value in vector["expect"].items()}


def check_all(vectors):
    decoded = run_decoder(vectors)
    assert len(decoded) == len(vectors)
    wrong = []
    for vector, facts in zip(vectors, decoded):
        want = expected(vector)
        got = {key: facts.get(key, "missing") for key in want}
        wrong += [f"{vector['name']}: {key} is {got[key]}, expected {want[key]}" for key in want if got[key] != want[key]]
    failed = len({line.split(": ")[0] for line in wrong})
    print(f"{len(vectors) - failed} of {len(vectors)} vectors agree in every key")
    assert not wrong, "\n".join(wrong)


def test_handmade_vectors():
    """The file here is also ../shared/vectors/vectors-handmade.json."""
    vectors = json.loads(HANDMADE.read_text())
    assert len(vectors) == 70
    check_all(vectors)


def test_capture_vectors():
    vectors = btbbtest.shared_vectors("vectors-captures.json")
    assert len(vectors) == 26
    check_all(vectors)


def test_every_expected_key_is_known():
    """A key that the decoder does not print must not pass unseen."""
    keys = {key for vector in json.loads(HANDMADE.read_text()) for key in vector["expect"]}
    printed = set(run_decoder([{"encap": "bredr_bb", "bytes_hex": "00" * 22, "orig_len": 22}])[0])
    assert keys - printed == set()


def test_a_wrong_expectation_is_noticed():
    vector = json.loads(HANDMADE.read_text())[0]
    vector["expect"]["hec"] ^= 1
    with pytest.raises(AssertionError, match="hec is 54, expected 55"):
        check_all([vector])
