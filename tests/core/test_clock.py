"""The clock of a piconet from its hops: real captures, and simulated ones.

The full run is tests/core/clock_trials.py (docs/clock.md has its table).
"""

import json
import struct
import subprocess

import pytest

import btbbtest
import clock_trials as ct
import sim_piconet as sim


def pcap_records(path):
    """(frame number, time in ns, bytes) of a little-endian pcap file. A fraction beyond a second's microseconds counts ns."""
    data = path.read_bytes()
    nanoseconds = struct.unpack_from("<I", data)[0] == 0xA1B23C4D
    at, frame = 24, 0
    while at < len(data):
        second, fraction, captured, _ = struct.unpack_from("<IIII", data, at)
        frame += 1
        yield frame, second * 10**9 + (fraction if nanoseconds or fraction >= 10**6 else 1000 * fraction), \
            data[at + 16:at + 16 + captured]
        at += 16 + captured


def hec(uap, header10):
    """Core Specification Vol 2 Part B, 7.1.1."""
    state = int(f"{uap:08b}"[::-1], 2)
    for i in range(10):
        feedback = (state ^ header10 >> i) & 1
        state = state >> 1 ^ 0xE5 * feedback
    return state


def rf_lines(path, lap, uap, polls=True):
    """The packets of a LAP of a LINKTYPE 255 capture."""
    lines = [ct.new_line(lap, uap)]
    for frame, ns, record in pcap_records(path):
        header = int.from_bytes(record[16:20], "little") & 0x3FFFF
        good = header != 0 and hec(uap, header & 0x3FF) == header >> 10
        poll = polls and good and header >> 3 & 15 == 1
        if int.from_bytes(record[8:11], "little") == lap:
            lines.append(ct.hear_line(frame, ns, record[0], int(poll), int(good)))
    return lines + ["end"]


def legacy_lines(path, lap, uap, with_clk6=True):
    """The packets of a LAP of a legacy capture; access codes have no channel."""
    lines = [ct.new_line(lap, uap)]
    for frame, ns, record in pcap_records(path):
        if int.from_bytes(record[9:12], "big") != lap:
            continue
        if len(record) < 23:
            lines.append(ct.hear_line(frame, ns))
        else:
            clk6 = record[14] & 63 if with_clk6 else -1
            lines.append(ct.hear_line(frame, ns, record[18], int(record[20] >> 3 & 15 == 1), 1, clk6))
    return lines + ["end"]


def solve(lines):
    return ct.Result.read(ct.trace(lines)[0])


def test_kernel_of_the_specification():
    """All sample data of the specification, in C (basic hops) and in the simulator."""
    tables = json.loads(btbbtest.shared("vectors/hop.json").read_text())["tables"]
    values = 0
    for table in tables:
        address = int(table["uap_lap"], 16)
        hop = sim.Hop(address & 0xFFFFFF, address >> 24)
        mask = table["used_channels_mask"]
        used = mask and {channel for channel in range(sim.CHANNELS) if int(mask, 16) >> channel & 1}
        lines = []
        for clk, channel in zip(table["clk"], table["channel"]):
            clk27_1 = int(clk, 16) >> 1
            assert (hop.adapted(clk27_1, used) if used else hop.basic(clk27_1)) == channel
            lines.append(f"hop {clk27_1} {mask[2:] if mask else '-'}")
            values += 1
        assert [int(line) for line in ct.trace([ct.new_line(address & 0xFFFFFF, address >> 24)] + lines + ["hops"])[0]] == \
            table["channel"]
    assert values == 480


def test_ubertooth_capture():
    """49 packets of a real piconet, 45 of them plain hops, 4 answers to packets of 3 slots; before them a survey whose time
    stamps are too coarse, and a packet between two jumps."""
    vectors = json.loads(btbbtest.shared("vectors/btbredr-clock.json").read_text())
    result = solve(rf_lines(btbbtest.shared("captures/btbredr_test.pcap"), 0x60A53A, 0x70))
    for packet in vectors["packets"]:
        answer = result.whole[packet["packet"]]
        assert (answer.clk, answer.direction, answer.source) == (packet["clk27_1"], 1 + packet["clk1"], ct.HOPS)
    assert all(result.whole[frame].clk is None and result.whole[frame].direction == 0 for frame in range(1, 22))
    assert [segment["packets"] for segment in result.segments] == [20, 1, 49]
    assert result.segments[2]["explained"] == 49 and result.segments[2]["unexplained"] == 0
    assert abs(result.segments[2]["drift"] - vectors["ppm"]) < 3
    assert result.segments[2]["chance"] < 1e-6 and result.segments[2]["adapted"] == 1
    first = min(frame for frame, answer in result.so_far.items() if answer.clk is not None)
    assert first == 33  # with 12 packets
    assert all(result.so_far[frame] == result.whole[frame] for frame in range(first, 71))


def test_mouse_capture():
    """A real piconet of 2011 on one channel. Its file holds CLK6-1; the rest of its clock follows from hops of the basic
    sequence, of which 37 are on channel 39; 13 POLLs were sent 8, 16 or 32 MHz away and heard all the same."""
    path = btbbtest.shared("captures/btbb-sample-mouse.pcap")
    result = solve(legacy_lines(path, 0x4831DD, 0x61))
    hop, away = sim.Hop(0x4831DD, 0x61), []
    for frame, _, record in pcap_records(path):
        if frame not in result.whole or len(record) < 23:
            continue
        answer = result.whole[frame]
        assert answer.clk % 64 == record[14] and not answer.contradiction
        away.append(abs(hop.basic(answer.clk) - 39))
    assert result.whole[4].clk == 10711227 and result.whole[64].clk == 10747808
    assert sorted(away) == 37 * [0] + [8] + 2 * [16] + 10 * [32]
    assert result.segments[0]["explained"] == 50 and not result.segments[0]["adapted"]


def test_mouse_capture_without_clk6():
    """Its time stamps were made when Kismet emptied a queue: they do not show slots."""
    result = solve(legacy_lines(btbbtest.shared("captures/btbb-sample-mouse.pcap"), 0x4831DD, 0x61, with_clk6=False))
    assert {answer.clk for answer in result.whole.values()} == {None}


def test_channels_that_do_not_hop():
    """Slot-exact times on random channels: no clock, but POLLs show whose slots are whose."""
    legacy = btbbtest.sample("l2cap.pcapbtbb")
    path = btbbtest.shared("captures/reports/l2cap-255.pcap")
    lines = rf_lines(path, 0x6B2E40, 0x72)
    result = solve(lines[:1] + ["defer"] + lines[1:])
    assert {answer.clk for answer in result.whole.values()} == {None}
    assert {answer.source for answer in result.whole.values()} == {ct.PHASE}
    expected = [1 + (record[14] & 1) for _, _, record in pcap_records(legacy)]
    assert [answer.direction for answer in result.whole.values()] == expected
    lines = rf_lines(path, 0x6B2E40, 0x72, polls=False)
    without = solve(lines[:1] + ["defer"] + lines[1:])
    assert {(answer.clk, answer.direction, answer.reason) for answer in without.whole.values()} == {(None, 0, ct.NO_MATCH)}


def esp32_result(file, central):
    """Packets that the ESP32 received in the piconet of a Central, at the times of their start slots by its own clock; the
    FHS packet of its page comes first, if there is one. The start slots by the piconet's clock are what is expected."""
    address = int(central.replace(":", ""), 16)
    offset = file["offset_piconet_minus_clk"] if central == file["frames"][3]["central"] else 0
    lines, expected = [ct.new_line(address & 0xFFFFFF, address >> 24 & 0xFF)], {}
    for frame in file["frames"]:
        fhs = frame.get("fhs")
        if frame["dir"] == "received" and fhs and fhs["parity_ok"] and int(fhs["lap"], 16) == address & 0xFFFFFF:
            lines.append(ct.hear_line(frame["frame"], frame["clk"] * sim.SLOT, proven=1, fhs=fhs["clk27_2"]))
        elif frame["dir"] == "received" and frame.get("central") == central:
            ns = (frame["start_slot"] - offset) * sim.SLOT
            lines.append(ct.hear_line(frame["frame"], ns, frame["channel"], 1 if frame["role_bit"] else 2, 1))
            expected[frame["frame"]] = frame["start_slot"]
    return solve(lines + ["end"]), expected


def test_esp32_capture_after_fhs():
    """Ground truth: the file has the clock. It is hidden; an FHS packet gives it back to five packets."""
    file = json.loads(btbbtest.shared("vectors/esp32.json").read_text())["files"]["esp32-sniffer.pcap"]
    result, expected = esp32_result(file, "E0:D4:E8:19:C7:69")
    assert len(expected) == 5
    assert {frame: result.whole[frame].clk for frame in expected} == expected
    assert {result.so_far[frame].source for frame in expected} == {ct.FHS}


def test_esp32_capture_by_hops():
    """Packets of the Peripheral alone: two clocks explain them, the basic sequence and a twin that would be adapted (all but
    two packets fit both); the right one is among them, and the direction is right."""
    file = json.loads(btbbtest.shared("vectors/esp32.json").read_text())["files"]["esp32-sniffer.pcap"]
    result, expected = esp32_result(file, "E0:D4:E8:19:C7:68")
    assert len(expected) == 48
    for frame, clk in expected.items():
        assert clk in result.possible[frame] and len(result.possible[frame]) == 2
        assert result.whole[frame].direction == 2 and result.whole[frame].clk in (None, clk)
    assert {answer.reason for answer in result.whole.values()} == {ct.TIED}
    other = [clk for clk in result.possible[20] if clk != expected[20]]
    assert other == [expected[20] + 0x40F8000]  # CLK27 and CLK20-16 are inverted


@pytest.mark.parametrize("case", ct.CASES, ids=lambda case: case.name)
def test_simulated(case):
    """No clock and no direction is wrong; with the most packets of the row, nearly every direction is known. Hops of the
    Central alone never show the direction; those of the Peripheral may, by its answers to packets of several slots."""
    trials = [case.trial(count, seed) for count in (case.counts[0], case.counts[-1]) for seed in range(2)]
    results = ct.run(trials)
    assert ct.WRONG not in [ct.outcome(trial, result) for trial, result in zip(trials, results)]
    if "Central only" in case.name:
        assert {answer.direction for result in results for answer in result.whole.values()} == {0}
    elif "only" not in case.name:
        assert min(ct.known_share(trial, result) for trial, result in zip(trials[2:], results[2:])) > 0.9


def simulated(seed, count, piconet, listener=ct.ALL, defer=True, **air):
    heard = sim.hear(piconet, listener, count, seed, start_ns=10**18, **air)
    lap, uap, clk = 0x2A96EF, 0x5B, piconet.clk
    lines = [ct.new_line(lap, uap)] + ["defer"] * defer
    lines += [ct.hear_line(frame, packet.ns, packet.channel) for frame, packet in enumerate(heard, 1)]
    return ct.Trial(lap, uap, clk, heard, lines)


def piconet(**kwargs):
    return sim.Piconet(0x2A96EF, 0x5B, 0x3456789, **kwargs)


def test_map_that_changes():
    """LMP_set_AFH twice: the clock stays known, and the map follows."""
    maps = [(0, None), (2, set(range(20, 79))), (4, set(range(0, 40)))]
    trial = simulated(1, 2000, piconet(used=maps, load=0.5), defer=False)
    result = ct.run([trial])[0]
    assert ct.outcome(trial, result) == ct.RIGHT and ct.known_share(trial, result) > 0.95
    last = result.maps[-1][1]
    assert len(result.maps) > 3
    assert sum(last[channel] == "#" for channel in range(40)) > 35 and "#" not in last[45:]


def test_coarse_time_base():
    """Steps of 50 us do no harm; steps of 400 us show no slots, and nothing is made up."""
    fine = simulated(2, 60, piconet(), coarse_us=50, drift_ppm=-31)
    coarse = simulated(2, 60, piconet(), coarse_us=400, drift_ppm=-31)
    fine_result, coarse_result = ct.run([fine, coarse])
    assert ct.outcome(fine, fine_result) == ct.RIGHT
    assert ct.outcome(coarse, coarse_result) == ct.NOTHING
    assert {answer.reason for answer in coarse_result.whole.values()} == {ct.TIME_BASE}


def test_role_switch():
    """A device becomes Central and ceases to be: its clock runs on. The other piconet has another LAP and another clock."""
    before = simulated(3, 100, piconet(), listener=ct.FIXED)
    gap = 20 * 10**9
    slots = gap // sim.SLOT
    later = sim.Piconet(0x2A96EF, 0x5B, (before.heard[-1].clk + slots) % sim.CLOCKS)
    again = sim.hear(later, ct.FIXED, 100, 4, start_ns=before.heard[-1].ns + gap)
    trial = ct.Trial(before.lap, before.uap, before.clk, before.heard + again,
                     before.lines + [ct.hear_line(101 + i, packet.ns, packet.channel) for i, packet in enumerate(again)])
    result = ct.run([trial])[0]
    assert ct.outcome(trial, result) == ct.RIGHT and ct.known_share(trial, result) > 0.95


def test_no_piconet():
    """Random packets never lock."""
    assert ct.random_trials(12) == 0
