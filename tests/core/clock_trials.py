"""Simulated captures in which core/learn finds the clock, and how often it is right. With --help: the table of docs/clock.md.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2] / "sample-captures")]

import btbbtest
import sim_piconet as sim

TRACE = btbbtest.BUILD / "tests" / "core" / "clock-trace"
FIXED, SURVEY, ALL = sim.Listener(fixed=39), sim.Listener(dwell=0.1), sim.Listener()
DIRECTIONS = {None: 0, "central": 1, "peripheral": 2}
UNKNOWN, FILE, OFFSET, FHS, HOPS, PHASE = range(6)
(KNOWN, TOO_FEW, NO_UAP, NO_CHANNEL, TIME_BASE, NO_MATCH, ONE_DIRECTION, TIED, OFF_SLOT, OFF_HOP, LIMIT) = range(11)


@dataclass
class Answer:
    """What is known of a packet; clk is None where it is not."""

    clk: int
    direction: int
    source: int
    reason: int
    twins: int
    contradiction: int

    @classmethod
    def read(cls, words):
        numbers = [int(word) for word in words]
        return cls(numbers[0] if numbers[0] >= 0 else None, *numbers[1:])


@dataclass
class Result:
    """What clock-trace printed after "end"."""

    segments: list  # dicts
    maps: list      # (frame, text)
    so_far: dict    # frame -> Answer
    whole: dict
    possible: dict  # frame -> list of clocks

    @classmethod
    def read(cls, lines):
        names = ("first", "last", "packets", "explained", "unexplained", "source", "reason", "twins", "clk", "drift", "chance",
                 "adapted", "end")
        result = cls([], [], {}, {}, {})
        for line in lines:
            kind, *words = line.split()
            if kind == "segment":
                result.segments.append({name: float(word) for name, word in zip(names, words)})
            elif kind == "map":
                result.maps.append((int(words[0]), words[1]))
            else:
                result.so_far[int(words[0])] = Answer.read(words[1:7])
                result.whole[int(words[0])] = Answer.read(words[7:13])
                result.possible[int(words[0])] = [int(word) for word in words[13:]]
        return result


def trace(lines):
    """Run clock-trace; the lines of output before each "done"."""
    done = subprocess.run([TRACE], input="\n".join(lines) + "\n", text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    blocks = done.stdout.split("done\n")
    return [block.splitlines() for block in blocks[:-1]]


def hear_line(frame, ns, channel=-1, sender=0, proven=0, clk6=-1, fhs=-1, slots=0):
    return f"hear {frame} {ns} {channel} {sender} {proven} {clk6} {fhs} {slots}"


def new_line(lap, uap):
    return f"new {lap:06x} " + ("-" if uap is None else f"{uap:02x}")


@dataclass
class Trial:
    lap: int
    uap: int
    clk: int
    heard: list  # of sim.Heard
    lines: list  # for clock-trace: from "new" on, without "end"

    def truth(self):
        return {frame: packet for frame, packet in enumerate(self.heard, 1)}

    def slots(self):
        """The true packets, placed by their true slots: for the rank of the right clock."""
        lines = [new_line(self.lap, self.uap)]
        for frame, packet in self.truth().items():
            if packet.clk is not None:
                lines.append(hear_line(frame, (packet.clk - self.clk) % sim.CLOCKS, packet.channel))
        return lines + ["slots"]


@dataclass
class Case:
    name: str
    listener: sim.Listener
    counts: tuple
    piconet: dict
    air: dict
    used: int = 0     # how many channels the map has; 0: all
    clk6: bool = False
    kinds: bool = False  # the packets' lengths are known

    def trial(self, count, seed, defer=True):
        chance = random.Random(f"{self.name} {count} {seed}")
        lap, uap, clk = chance.randrange(1 << 24), chance.randrange(256), chance.randrange(sim.CLOCKS)
        used = self.piconet.get("used")
        if self.used:
            others = [channel for channel in range(sim.CHANNELS) if channel != 39]
            used = {39, *chance.sample(others, self.used - 1)}
        piconet = sim.Piconet(lap, uap, clk, **{**self.piconet, "used": used})
        heard = sim.hear(piconet, self.listener, count, chance.random(), drift_ppm=chance.uniform(-40, 40),
                         start_ns=chance.randrange(10**18, 2 * 10**18), **self.air)
        lines = [new_line(lap, uap)] + ["defer"] * defer
        for frame, packet in enumerate(heard, 1):
            low, late = -1, 0
            if self.clk6:
                low = chance.randrange(64) if packet.clk is None else packet.clk % 64
                late = int(chance.random() * 3e6)
            slots = packet.slots if self.kinds and packet.clk is not None else 0
            lines.append(hear_line(frame, packet.ns + late, packet.channel, clk6=low, slots=slots))
        return Trial(lap, uap, clk, heard, lines)


def case(name, listener, counts, adapted=False, used=0, directions="both", clk6=False, kinds=False, **air):
    return Case(name, listener, counts, {"adapted": adapted, "directions": directions}, air, used, clk6, kinds)


CASES = (
    case("one channel, basic", FIXED, (8, 12, 16, 30)),
    case("one channel, basic, 90 % missed, 5 % false", FIXED, (8, 12, 30), miss=0.9, false=0.05),
    case("one channel, basic, CLK6-1 known", FIXED, (8, 10, 12), clk6=True),
    case("one channel, adapted, all 79 used", FIXED, (12, 16, 30), adapted=True),
    case("one channel, adapted, 75 used", FIXED, (20, 40, 60), adapted=True, used=75),
    case("one channel, adapted, 40 used", FIXED, (30, 60, 120), adapted=True, used=40),
    case("one channel, adapted, 20 used", FIXED, (60, 80, 120), adapted=True, used=20),
    case("survey, 0.1 s on each channel, basic", SURVEY, (8, 12, 16, 30)),
    case("survey, adapted, 40 used", SURVEY, (60, 120), adapted=True, used=40),
    case("all channels at once, basic", ALL, (30, 120, 240)),
    case("all channels at once, adapted, 40 used", ALL, (60, 120, 240), adapted=True, used=40),
    case("all channels at once, adapted, all 79 used, kinds known", ALL, (30, 120), adapted=True, kinds=True),
    case("one channel, basic, Central only", FIXED, (16, 30), directions="central"),
    case("one channel, adapted, Peripheral only", FIXED, (30, 60), adapted=True, used=75, directions="peripheral"),
)

RIGHT, DIRECTION, NOTHING, WRONG = "right", "direction", "nothing", "wrong"


def outcome(trial, result):
    """Of the whole capture: is the clock right; if there is none, the direction; or nothing; any error is WRONG."""
    clocks = directions = 0
    for frame, packet in trial.truth().items():
        for answer in (result.whole[frame], result.so_far[frame]):
            if packet.clk is None:
                continue
            if answer.clk not in (None, packet.clk) or answer.direction not in (0, 1 + packet.clk % 2):
                return WRONG
        clocks += packet.clk is not None and result.whole[frame].clk is not None
        directions += packet.clk is not None and result.whole[frame].direction != 0
    return RIGHT if clocks else DIRECTION if directions else NOTHING


def known_share(trial, result):
    """Share of the piconet's packets whose direction is known."""
    true = [frame for frame, packet in trial.truth().items() if packet.clk is not None]
    return sum(result.whole[frame].direction != 0 for frame in true) / len(true)


def ranks_alone(trial, line):
    """Whether the right clock explains the packets better than every other one, accepted or not."""
    found = [word.split(":") for word in line.split()[5:]]
    return bool(found) and int(found[0][0]) == trial.clk and (len(found) == 1 or float(found[0][1]) > float(found[1][1]))


def run(trials):
    return [Result.read(block) for block in trace([line for trial in trials for line in trial.lines + ["end"]])]


def table(trials, only=""):
    print("| case | packets | ranks alone | clock | direction only | nothing | wrong |\n|---|---|---|---|---|---|---|", flush=True)
    wrong = 0
    for one in CASES:
        for count in one.counts if only in one.name else ():
            made = [one.trial(count, seed) for seed in range(trials)]
            outcomes = [outcome(trial, result) for trial, result in zip(made, run(made))]
            ranks = [] if one.clk6 else [ranks_alone(trial, trace(trial.slots())[0][0]) for trial in made]
            share = [f"{outcomes.count(kind) / trials:.2f}" for kind in (RIGHT, DIRECTION, NOTHING)]
            rank = f"{sum(ranks) / trials:.2f}" if ranks else ""
            print(f"| {one.name} | {count} | {rank} | {' | '.join(share)} | {outcomes.count(WRONG)} |", flush=True)
            wrong += outcomes.count(WRONG)
    return wrong


def random_trials(tries, first=0):
    """Captures of no piconet: slot-exact or not, on one channel or all, few packets or many. How many locked."""
    locked = 0
    for seed in range(first, first + tries):
        chance = random.Random(f"random {seed}")
        heard = sim.random_hearing(chance.choice((8, 12, 20, 40, 80, 200)), seed, channel=chance.choice((None, 39)),
                                   seconds=chance.uniform(3, 60), on_slots=chance.random() < 0.8)
        lines = [new_line(chance.randrange(1 << 24), chance.randrange(256)), "defer"]
        lines += [hear_line(frame, 10**18 + packet.ns, packet.channel) for frame, packet in enumerate(heard, 1)]
        result = Result.read(trace(lines + ["end"])[0])
        found = any(answer.direction for answer in result.whole.values())
        locked += found
        if found:
            print(f"random capture {seed} locked")
    return locked


def main():
    parser = argparse.ArgumentParser(description="Print how often the clock is found in simulated captures.")
    parser.add_argument("--trials", type=int, default=20, help="for each row of the table (20)")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="instead: N captures of no piconet")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the first of them (0)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only rows that contain the text")
    options = parser.parse_args()
    if options.random:
        locked = random_trials(options.random, options.first)
        print(f"{options.random} captures of no piconet, {locked} locked")
        return locked > 0
    return table(options.trials, options.only) > 0


if __name__ == "__main__":
    sys.exit(main())
