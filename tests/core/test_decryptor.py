"""The decryptor of core/learn against the clear twins of encrypted samples, which btbb_crypt.py has encrypted; with packets
that are missing, clocks that are not known, and captures that begin late.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import functools
import struct
import subprocess

import btbbtest
import link_procedures
import sample_encrypted
import scene_formats
from scenario import Scene

KEYS, WRONG = "keys/encrypted_e0.csv", "keys/encrypted_e0_wrong.csv"
GOOD = "the CRC is good after decryption"
Frame = collections.namedtuple("Frame", "head data")     # what stands before the bytes in a line, and the bytes
Result = collections.namedtuple("Result", "status reason again payload")


@functools.lru_cache(maxsize=None)
def frames(name):
    """Frames of a classic pcap file of link type 1 or 255."""
    data = (name if hasattr(name, "read_bytes") else btbbtest.sample(name)).read_bytes()
    unit = {b"\xd4\xc3\xb2\xa1": 1000, b"\x4d\x3c\xb2\xa1": 1}[data[:4]]
    link, out, at = struct.unpack_from("<I", data, 20)[0], [], 24
    while at < len(data):
        seconds, fraction, length, _ = struct.unpack_from("<IIII", data, at)
        frame, time = data[at + 16:at + 16 + length], seconds * 10**9 + fraction * unit
        at += 16 + length
        if link == 1:
            out.append(Frame(f"legacy {frame[:6].hex()} {frame[6:12].hex()} {time}", frame[14:]))
        else:
            out.append(Frame(f"rf - - {time}", frame))
    return out


def decrypt(packets, keys=KEYS):
    """A result for each; the program fails unless it recalls the same."""
    path = btbbtest.sample(keys) if isinstance(keys, str) else keys
    lines = "".join(f"{packet.head} {packet.data.hex()}\n" for packet in packets)
    done = subprocess.run([*btbbtest.core_program("decrypt-capture"), path], input=lines, text=True, capture_output=True,
                          check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [Result(*line.split("|")) for line in done.stdout.splitlines()]


def count(results):
    return collections.Counter(result.reason for result in results
                               if result.status not in ("not known to be encrypted", "not encrypted"))


@functools.lru_cache(maxsize=None)
def of_sample():
    return decrypt(frames("encrypted_e0.pcapbtbb"))


@functools.lru_cache(maxsize=None)
def of_twin():
    return decrypt(frames("encrypted_e0_clear.pcapbtbb"))


def good(results):
    return [number for number, result in enumerate(results) if result.status == "good"]


def test_payloads_and_retransmissions_are_those_of_the_twin():
    assert len(good(of_sample())) == 101
    for number in good(of_sample()):
        assert of_sample()[number][2:] == of_twin()[number][2:], number + 1


def test_a_missing_packet_costs_only_itself():
    """Each packet of the first connection in turn, unless it holds what the key needs."""
    all_frames, whole = frames("encrypted_e0.pcapbtbb"), of_sample()
    needed = {}
    for missing in range(0, 180):
        if not whole[missing].payload:
            continue
        results = decrypt(all_frames[:missing] + all_frames[missing + 1:200])
        expected = whole[:missing] + whole[missing + 1:200]
        lost = {results[number].reason for number in good(expected) if results[number].status != "good"}
        if lost:
            needed[missing + 1] = lost
    assert needed == {frame: {reason} for frame, reason in NEEDED.items()}


# LMP_au_rand, LMP_sres, the size, its acceptance, LMP_start_encryption_req; that of the resumption; the acceptance of
# LMP_switch_req, LMP_start_encryption_req of the new Central.
STALE = ("the link key is right, but no payload can be decrypted: an authentication or a key size before the encryption was "
         "not captured")
NO_SIZE = "the negotiation of the key size was not captured"
DAMAGED = ("the CRC is bad, although the key decrypts other packets of this connection: bit errors, or the start of another "
           "encryption was not captured")
NEEDED = {27: STALE, 28: STALE, 34: NO_SIZE, 37: NO_SIZE, 38: "the start of the encryption was not captured", 89: DAMAGED,
          165: "the authentication before the encryption was not captured", 175: STALE}


def test_the_clock_must_be_known():
    """The same packets with six bits of the clock, and in a format without clock."""
    six_bits = [Frame(frame.head, struct.pack("<I", frame.data[0] & 0x3f) + frame.data[4:5] + bytes((frame.data[5] & 0xfe,)) +
                      frame.data[6:]) if frame.data else frame for frame in frames("encrypted_e0.pcapbtbb")]
    unknown = "the piconet's clock is not known at this packet"
    for packets in (six_bits, frames("encrypted_e0_rf.pcap")):
        assert count(decrypt(packets))[unknown] == 101


def test_a_capture_that_begins_in_the_middle():
    """Nothing is known of the encryption; the user's encryption key needs nothing else."""
    start = next(number for number in good(of_sample()) if number > 300)
    results = decrypt(frames("encrypted_e0.pcapbtbb")[start:])
    assert count(results)[GOOD] == len([number for number in good(of_sample()) if number >= start])
    first = good(of_sample())[10]
    reasons = count(decrypt(frames("encrypted_e0.pcapbtbb")[first:80]))
    assert set(reasons) == {"the start of the encryption was not captured"}


def test_bit_errors_are_no_wrong_key():
    packets = list(frames("encrypted_e0.pcapbtbb"))
    hit = good(of_sample())[5]
    packets[hit] = Frame(packets[hit].head, packets[hit].data[:-1] + bytes((packets[hit].data[-1] ^ 4,)))
    assert decrypt(packets)[hit].reason == DAMAGED
    packets[hit] = Frame(packets[hit].head, packets[hit].data[:12])
    assert decrypt(packets)[hit].status == "damaged"


def test_bytes_after_the_payload_do_not_matter():
    """Writers that read LENGTH in the clear add noise."""
    packets = [Frame(frame.head, frame.data + b"noise") if len(frame.data) > 9 else frame
               for frame in frames("encrypted_e0.pcapbtbb")]
    results = decrypt(packets)
    for number in good(of_sample()):
        if results[number].status == "good":
            assert results[number].payload == of_sample()[number].payload + b"noise".hex()
    assert len(good(results)) == 101 - 4     # EV3 and 2-EV3 have no payload header: their CRC must end the payload


def test_wrong_keys():
    results = decrypt(frames("encrypted_e0.pcapbtbb"), WRONG)
    assert count(results) == {"the link key does not give the SRES of the authentication": 103,
                              "the start of the encryption was not captured": 5}
    assert [result.payload for result in results] == [
        frame.data[9:].hex() if len(frame.data) > 9 else "" for frame in frames("encrypted_e0.pcapbtbb")]


def test_secure_connections_are_not_supported():
    """A link key that fits any device; most authentications of the sample have no key that gives their SRES."""
    path = btbbtest.tmpdir() / "any.csv"
    path.write_text(f'"*","*","link key","{bytes(16).hex()}",""\n', encoding="ascii")
    for name in ("links.pcapbtbb", "links_rf.pcap"):
        reasons = count(decrypt(frames(name), path))
        assert reasons["AES-CCM (Secure Connections) is not supported"] == 3
        assert GOOD not in reasons


BROADCAST = 47      # index of the packet with LT_ADDR 0


def test_temporary_keys_are_not_supported():
    """LMP_temp_key, until LMP_use_semi_permanent_key is accepted; and a broadcast packet that is no plain one."""
    scene = Scene()
    link = link_procedures.Link(scene, sample_encrypted.PHONE, sample_encrypted.HEADSET,
                                sample_encrypted.key_of(sample_encrypted.PHONE, sample_encrypted.HEADSET))
    sample_encrypted.connect(link)
    link.authenticate(link.central)
    link.ask(link.central, "temp_rand", bytes(16))
    link.ask(link.central, "temp_key", bytes(range(16)))
    link.encrypt(16)
    sample_encrypted.moves(link, 3)
    link.send(link.central, "DM1", bytes(range(9)), lt_addr=0)
    link.stop()
    link.ask_and_accept(link.central, "use_semi_permanent_key")
    link.authenticate(link.central)
    link.encrypt(16)
    sample_encrypted.moves(link, 2)
    path = btbbtest.tmpdir() / "temporary.pcap"
    path.write_bytes(scene_formats.capture(scene, "legacy"))
    packets = list(frames(path))
    temporary = "a temporary link key, for broadcast, is in use, which is not supported"
    assert count(decrypt(packets)) == {temporary: 5, GOOD: 3}
    assert not decrypt(packets)[BROADCAST].reason.startswith("a temporary")
    packets[BROADCAST] = Frame(packets[BROADCAST].head, packets[BROADCAST].data[:-1] + bytes((packets[BROADCAST].data[-1] ^ 1,)))
    results = decrypt(packets)
    assert results[BROADCAST].reason == temporary and count(results) == {temporary: 6, GOOD: 3}
