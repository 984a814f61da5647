#!/usr/bin/python3
"""Seeds for the fuzzers, from the sample captures and the documented options: make_corpus.py FOLDER

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import re
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parent.parent
sys.path[:0] = [str(REPO / folder) for folder in ("tests/notebook", "tests/core", "sample-captures")]
import capture_rows
import lmp_packets
import sim_piconet

FRAMES_PER_SEED = 40
SEEDS_PER_SAMPLE = 5
VIEWS, VIEW_IO = 8, 4  # core/count/options.h
MANY_CLIENTS = b"".join(bytes((0, 0, 0, 0, 0, 0, 1, 0, 7, number)) for number in range(48))
DOCUMENTS = ("README.md", "docs/notebook.md", "docs/many-captures.md", "stats/OPTIONS.md")
COMMANDS = ("README.md", "docs/many-captures.md")


def decode_seed(frames, own):
    """The input of fuzz-decode.c for (link type, bytes) frames; `own`: 1, sent and received in turns."""
    out = bytearray()
    for number, (link_type, frame) in enumerate(frames):
        rf = link_type == capture_rows.BREDR_BB
        body = frame if rf else frame[14:]
        both = not rf and any(frame[:6])
        out += bytes((1 if rf else 0, own * (1 + number % 2) | (8 if both else 0), len(body) & 255, len(body) >> 8))
        out += b"" if rf else frame[6:12] + (frame[:6] if both else b"")
        out += body
    return bytes(out)


def totals_record(row, number):
    """One record of fuzz-totals.c."""
    typed = row["type"] is not None
    lap = int(row["lap"].replace(":", ""), 16)
    uap, nap = int(row["uap"], 16), int(row["nap"].replace(":", ""), 16)
    flags = 1 | 2 | (8 if typed else 4) | 16 | (32 if number % 2 else 0)
    kind = (capture_rows.TYPES.index(row["type"]) if typed else 0) | (number % 4) << 4
    checks = (2 if typed else 0) | (2 if row["payload"] else 0) << 2 | (3 if nap else 1 if uap else 0) << 4
    return struct.pack("<BBBBbBHIII4x", flags, kind, checks, number % 79, -40 - number % 40, uap, nap, lap, 0,
                       row["time"] * 10**9 // 7 & 0xffffffff)


def links_packet(line, clients):
    """One packet of fuzz-links.c from a line of lmp_packets.py."""
    words = dict(word.split("=") for word in line.split())
    number = {key: int(words.get(key, "0"), 0) for key in ("kind", "own", "dir", "exact", "lt_addr", "client")}
    client = clients.setdefault(number["client"], len(clients) & 7)
    payload = bytes.fromhex(words.get("bytes", ""))[:31]
    return bytes((number["kind"] | number["own"] << 2 | number["dir"] << 4 | number["exact"] << 7,
                  client | 8 | number["lt_addr"] << 4 | (128 if "lt_addr" in words else 0), 4 | 1 << 3,
                  len(payload))) + payload


def seeds_of(path):
    """(fuzzer, name, bytes) of one capture."""
    data = path.read_bytes()
    frames = [(link_type, frame) for link_type, _, frame in capture_rows.frames(data)
              if link_type in (capture_rows.ETHERNET, capture_rows.BREDR_BB) and len(frame) >= 14]
    rows = capture_rows.rows(data)
    clients = {}
    yield "links", path.name, b"".join(links_packet(line, clients) for line in lmp_packets.packets(path))[:8000]
    for number in range(SEEDS_PER_SAMPLE):
        part = slice(number * FRAMES_PER_SEED, (number + 1) * FRAMES_PER_SEED)
        if frames[part]:
            yield "decode", f"{path.name}-{number}", decode_seed(frames[part], own=0)
            yield "decode", f"{path.name}-{number}-own", decode_seed(frames[part], own=1)
    for view, keys in [(view, view * 37) for view in range(VIEWS)] + [(VIEW_IO, number * 16 + number) for number in range(8)]:
        records = b"".join(totals_record(row, number) for number, row in enumerate(rows[:4 * FRAMES_PER_SEED]))
        yield "totals", f"{path.name}-{view}-{keys}", bytes((view, keys & 255, (view + keys) * 53 & 255)) + records
    if data[:4] in capture_rows.PCAP_MAGIC:
        for piece in (0, 15, 255):
            yield "read", f"{path.name}-{piece}", bytes((piece,)) + data[:4000]


def option_texts():
    texts = set()
    for document in DOCUMENTS:
        texts.update(re.findall(r"-z ['\"]?btbb,([^'\"`\n]+)", (REPO / document).read_text(encoding="utf-8")))
    for document in COMMANDS:
        lines = re.findall(r"^(?:\$ )?btbb ([a-z].*)$", (REPO / document).read_text(encoding="utf-8"), re.M)
        texts.update("\n".join(line.split()) for line in lines)
    return sorted(texts)


def key_texts():
    """A key file, an info file of BlueZ, and the path of one, with addresses and keys of the published values."""
    vector = json.loads((REPO / "tests" / "vectors" / "crypt.json").read_text(encoding="utf-8"))["controller"][0]
    address, key = vector["claimant"], vector["link_key"]
    yield f'# note\n"{address}","*","link key","{key}","a \\x22 note"\n\n"*","{address}","encryption key","{key}",""\n'
    yield f"[General]\nName=x\n\n[LinkKey]\nKey={key.upper()}\nType=4\nPINLength=0\n"
    yield f"/var/lib/bluetooth/{address}/{address}/info"


def decrypt_seeds():
    """Inputs of fuzz-decrypt.c: parts of the encrypted samples, with their keys and with wrong ones."""
    folder = REPO / "sample-captures"
    for sample in ("encrypted_e0.pcapbtbb", "encrypted_e0_rf.pcap"):
        frames = [(link_type == capture_rows.BREDR_BB, frame)
                  for link_type, _, frame in capture_rows.frames((folder / sample).read_bytes())]
        for keys in ("encrypted_e0.csv", "encrypted_e0_wrong.csv"):
            text = (folder / "keys" / keys).read_bytes()
            for first, last, flags in ((0, 120, 0), (120, 220, 0), (220, 290, 2), (290, 360, 0), (300, 330, 4)):
                parts = (bytes((rf | flags,)) + struct.pack("<H", len(frame)) + frame for rf, frame in frames[first:last])
                yield "decrypt", f"{sample}-{keys}-{first}", struct.pack("<H", len(text)) + text + b"".join(parts)


def clock_seeds():
    """Inputs of fuzz-clock.c: piconets whose clock is found, by hops, by six bits of it, or not at all."""
    listener = sim_piconet.Listener()
    for name, adapted, flags, step in (("basic", False, 4, 0), ("adapted", True, 4, 0), ("clk6", False, 4 | 8, 0),
                                       ("proven", True, 4 | 32, 0), ("jumps", False, 4, 5), ("no-channel", False, 0, 0)):
        piconet = sim_piconet.Piconet(0x60A53A, 0x70, 0x0123, adapted=adapted, load=0.2)
        before, out = 0, bytearray((1, 0))
        for number, packet in enumerate(sim_piconet.hear(piconet, listener, 150, name)):
            since, before = max(packet.ns - before, 0), packet.ns
            sender = (packet.sender == "peripheral") + 1 if flags & 32 and packet.sender else 0
            back = 128 if step and number % 40 == 39 else 0
            out += bytes((flags | sender | back, packet.channel, (packet.clk or 0) % 64))
            out += (since // 1000 & 0xFFFFFF).to_bytes(3, "little") + bytes((since % 256, 0))
        yield "clock", name, bytes(out)
        yield "clock", name + "-late", bytes((3, 0)) + bytes(out[2:])


def main():
    target = Path(sys.argv[1])
    seeds = [seed for path in sorted((REPO / "sample-captures").glob("*.pcap*")) for seed in seeds_of(path)]
    seeds.append(("decode", "many-clients", MANY_CLIENTS))
    seeds += [("options", str(number), text.encode()) for number, text in enumerate(option_texts())]
    seeds += [("keys", str(number), text.encode()) for number, text in enumerate(key_texts())]
    seeds += clock_seeds()
    seeds += decrypt_seeds()
    counts = dict.fromkeys(("clock", "decode", "decrypt", "keys", "links", "options", "read", "totals"), 0)
    for fuzzer, name, data in seeds:
        (target / fuzzer).mkdir(parents=True, exist_ok=True)
        (target / fuzzer / name).write_bytes(data)
        counts[fuzzer] += 1
    assert all(counts.values())
    print("seeds:", ", ".join(f"{count} {fuzzer}" for fuzzer, count in counts.items()))


main()
