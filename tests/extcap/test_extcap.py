"""The extcap program ubertooth-btbb, alone and in tshark, with a stand-in for ubertooth-rx.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import select
import signal
import struct
import subprocess
import time

import pytest

import btbbtest
from ubertooth import NAME, NO_DEVICE, PROGRAM, RF, RF_PACKETS, STANDIN, Runs, environment, extcap_folder

ON_INTERFACE = ("--extcap-interface", NAME)
CAPTURE = ("--capture", *ON_INTERFACE)


@pytest.fixture
def runs():
    found = Runs()
    yield found
    for pid in found.alive():
        os.kill(pid, signal.SIGKILL)


def extcap(*arguments, check=True, path=None):
    """Run the program, with this PATH."""
    return btbbtest.run(*with_path(path), PROGRAM, *arguments, check=check)


def with_path(path):
    """The beginning of a command that has this PATH; the program that changes the user needs the usual one."""
    return [] if path is None else ["/usr/bin/env", f"PATH={path}"]


# ---- what Wireshark reads at its start


def test_interface_is_listed_where_ubertooth_rx_is_installed(workdir):
    lines = extcap("--extcap-interfaces", "--extcap-version=4.0", path=f"/nowhere::{STANDIN}").stdout.splitlines()
    assert re.fullmatch(r"extcap \{version=\d+\.\d+\.\d+\}\{help=file:///\S+/docs/capturing\.md\}", lines[0])
    assert lines[1:] == ["interface {value=ubertooth-btbb}{display=Ubertooth: Bluetooth BR/EDR}"]
    (workdir / "ubertooth-rx").mkdir()              # a folder of that name, and a file that cannot be run
    (workdir / "plain").mkdir()
    (workdir / "plain/ubertooth-rx").write_text("#!/bin/sh\n", encoding="utf-8")
    for path in ("", workdir, workdir / "plain", "/nowhere"):
        assert extcap("--extcap-interfaces", path=path).stdout.splitlines() == lines[:1]


def test_link_type_and_options():
    assert extcap("--extcap-dlts", *ON_INTERFACE).stdout == \
        "dlt {number=255}{name=BLUETOOTH_BREDR_BB}{display=Bluetooth BR/EDR baseband}\n"
    config = extcap("--extcap-config", *ON_INTERFACE).stdout
    calls = re.findall(r"^arg \{number=(\d)\}\{call=(--\w+)\}\{display=[^}]+\}\{type=(\w+)\}", config, re.M)
    assert calls == [("0", "--lap", "string"), ("1", "--uap", "string"), ("2", "--mode", "selector"),
                     ("3", "--channel", "string"), ("4", "--seconds", "unsigned"), ("5", "--device", "string")]
    assert re.findall(r"^value \{arg=2\}\{value=(\w+)\}\{display=[^}]+\}\{default=(\w+)\}$", config, re.M) == \
        [("follow", "true"), ("survey", "false")]
    assert len(config.splitlines()) == 8


def test_validation_in_the_dialog():
    """Its patterns accept what the parser accepts."""
    config = extcap("--extcap-config", *ON_INTERFACE).stdout
    patterns = dict(re.findall(r"\{call=--(\w+)\}.*\{validation=(.*?)\}(?=\{|$)", config, re.M))
    for option, texts in {"lap": ("4831dd", "48:31:DD", "4831d", "48:31", "4831dg", "48:31:dd:"), "uap": ("61", "6", "611"),
                          "channel": ("0", "39", "78", "79", "100", "-1"), "device": ("0", "7", "8")}.items():
        for text in texts:
            lap = () if option == "lap" else ("--lap", "4831dd")
            done = extcap(*CAPTURE, "--fifo", "/nowhere", *lap, f"--{option}", text, check=False)
            assert (done.returncode != 2) == bool(re.fullmatch(patterns[option], text)), (option, text)


@pytest.mark.parametrize("argument", ["--extcap-version", "--version"])
def test_version(argument):
    assert re.fullmatch(r"ubertooth-btbb \d+\.\d+\.\d+\n", extcap(argument).stdout)


def test_help():
    assert extcap().stdout == extcap("--help").stdout
    for option in re.findall(r"call=(--\w+)", extcap("--extcap-config", *ON_INTERFACE).stdout):
        assert option in extcap("--help").stdout


def test_capture_filters_are_refused():
    assert extcap("--extcap-capture-filter", "", *ON_INTERFACE, check=False).stdout == ""
    assert extcap("--extcap-capture-filter", "port 80", *ON_INTERFACE).stdout == \
        "Capture filters are not supported for this interface; use a display filter.\n"


@pytest.mark.parametrize("arguments, message", [
    (["--extcap-dlts"], "--extcap-interface: must be ubertooth-btbb"),
    (["--extcap-config", "--extcap-interface", "eth0"], "--extcap-interface=eth0: must be ubertooth-btbb"),
    ([*CAPTURE], "--fifo: is needed for --capture: the named pipe to write to"),
    ([*CAPTURE, "--fifo"], "--fifo: needs a value"),
    ([*CAPTURE, "--fifo=x", "--fifo=y"], "--fifo: is given twice"),
    (["--capture=yes", *ON_INTERFACE], "--capture=yes: takes no value"),
    ([*CAPTURE, "--fif", "x"], "--fif: is not a valid option; see --help"),
    (["capture.pcap"], "capture.pcap: is not a valid option; see --help"),
    (["--\x1b[31m"], "--?[31m: is not a valid option; see --help"),
    ([*CAPTURE, "--fifo=x", "--lap=4831d"], "--lap=4831d: must be six hexadecimal digits, like 4831dd"),
    ([*CAPTURE, "--fifo=x", "--lap=483:1dd"], "--lap=483:1dd: must be six hexadecimal digits, like 4831dd"),
    ([*CAPTURE, "--fifo=x", "--lap=48:31dd"], "--lap=48:31dd: must be six hexadecimal digits, like 4831dd"),
    ([*CAPTURE, "--fifo=x", "--lap=-4831d"], "--lap=-4831d: must be six hexadecimal digits, like 4831dd"),
    ([*CAPTURE, "--fifo=x", "--lap=\x1b]0;x"], "--lap=?]0;x: must be six hexadecimal digits, like 4831dd"),
    ([*CAPTURE, "--fifo=x", "--lap=4831dd", "--uap=0x61"], "--uap=0x61: must be two hexadecimal digits"),
    ([*CAPTURE, "--fifo=x", "--uap=61"], "--uap: needs --lap: an UAP alone names no piconet"),
    ([*CAPTURE, "--fifo=x", "--mode=watch"], "--mode=watch: must be follow or survey"),
    ([*CAPTURE, "--fifo=x", "--mode=survey", "--lap=4831dd"],
     "--lap: cannot be given with --mode=survey, which looks for every LAP"),
    ([*CAPTURE, "--fifo=x", "--channel=79"], "--channel=79: must be 0 to 78"),
    ([*CAPTURE, "--fifo=x", "--channel= 1"], "--channel= 1: must be 0 to 78"),
    ([*CAPTURE, "--fifo=x", "--channel=4294967297"], "--channel=4294967297: must be 0 to 78"),
    ([*CAPTURE, "--fifo=x", "--seconds=86401"], "--seconds=86401: must be 0 to 86400"),
    ([*CAPTURE, "--fifo=x", "--seconds=1.5"], "--seconds=1.5: must be 0 to 86400"),
    ([*CAPTURE, "--fifo=x", "--device=8"], "--device=8: must be 0 to 7"),
    ([*CAPTURE, "--fifo=x", "--extcap-capture-filter=tcp"],
     "--extcap-capture-filter: capture filters are not supported for this interface; "
     "use a display filter, like btbb.lap == 48:31:dd"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_wrong_arguments(arguments, message):
    done = extcap(*arguments, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"ubertooth-btbb: {message}\n")


# ---- a capture, with a named pipe of our own


class Capture:
    """The program at work, and the reading end of its pipe."""

    def __init__(self, runs, *arguments, mode="", capture=RF, path=None, **extra):
        self.pipe = btbbtest.tmpdir() / "pipe"
        os.mkfifo(self.pipe)
        self.pipe.chmod(0o666)
        self.end = os.open(self.pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.process = subprocess.Popen(
            btbbtest.AS_USER + [*with_path(path), str(PROGRAM), *CAPTURE, "--fifo", str(self.pipe), *arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/",
            env=btbbtest.environment(environment(runs, mode, capture, **extra)))

    def close(self):
        os.close(self.end)
        self.end = None

    def read(self, count=None, seconds=10):
        """This number of bytes; without one, all until the program closes the pipe."""
        data, end = b"", time.monotonic() + seconds
        while (count is None or len(data) < count) and time.monotonic() < end:
            if not select.select([self.end], [], [], 0.1)[0]:
                continue
            more = os.read(self.end, 65536 if count is None else count - len(data))
            if not more and data:
                break
            data += more
            time.sleep(0 if more else 0.01)     # no writer yet
        assert count is None or len(data) == count
        return data

    def ends(self, seconds=1):
        """(status, what it printed) of the program."""
        try:
            out, err = self.process.communicate(timeout=seconds)
        finally:
            self.process.kill()
        assert out == b""
        return self.process.returncode, err.decode()


HEADER = struct.pack("=IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 4096, 255)


def packets(data):
    """(nanoseconds, bytes, length on air) of each packet of a capture by the program."""
    assert data[:24] == HEADER
    found, offset = [], 24
    while offset < len(data):
        seconds, fraction, length, original = struct.unpack_from("=IIII", data, offset)
        assert len(data) >= offset + 16 + length
        found.append((seconds * 10**9 + fraction, data[offset + 16:offset + 16 + length], original))
        offset += 16 + length
    return found


def packets_of(path):
    data = path.read_bytes()
    assert data[:4] == b"\x4d\x3c\xb2\xa1"
    return packets(HEADER + data[24:])


def test_every_packet_arrives(runs):
    capture = Capture(runs)
    assert packets(capture.read()) == packets_of(RF)
    assert capture.ends() == (0, "")
    assert list(runs.noted().values()) == ["-q /dev/fd/3"] and not runs.alive()


@pytest.mark.parametrize("arguments, passed", [
    (["--lap", "48:31:DD", "--uap=61"], "-l 4831dd -u 61"),
    (["--lap=00000a", "--channel=0", "--seconds=0"], "-l 00000a -c 0"),
    (["--mode=survey", "--seconds", "86400", "--device", "7"], "-z -U 7 -t 86400"),
    (["--mode=follow", "--lap=", "--uap=", "--channel=", "--seconds=", "--device=", "--extcap-capture-filter="], ""),
])
def test_options_become_those_of_ubertooth_rx(runs, arguments, passed):
    capture = Capture(runs, *arguments)
    capture.read()
    assert capture.ends() == (0, "")
    assert list(runs.noted().values()) == [f"-q /dev/fd/3 {passed}".strip()]


def test_header_comes_before_the_first_packet(runs):
    """ubertooth-rx itself writes it with the first packet: Wireshark could not be stopped before."""
    capture = Capture(runs, mode="stay", STANDIN_CAPTURE=None)
    assert capture.read(24) == HEADER
    runs.wait()
    capture.process.terminate()
    assert capture.ends() == (0, "")
    runs.all_end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_it_and_its_child(runs, number):
    capture = Capture(runs, mode="stay")
    capture.read(24 + 16)
    runs.wait()
    capture.process.send_signal(number)
    assert capture.ends() == (0, "") and not runs.alive()


def test_closed_pipe_ends_it_though_nothing_is_received(runs):
    capture = Capture(runs, mode="stay", STANDIN_CAPTURE=None)
    capture.read(24)
    runs.wait()
    capture.close()
    assert capture.ends() == (0, "") and not runs.alive()


def test_child_that_ignores_signals_is_killed(runs):
    capture = Capture(runs, mode="deaf", STANDIN_CAPTURE=None)
    capture.read(24)
    runs.wait()
    start = time.monotonic()
    capture.process.terminate()
    assert capture.ends(seconds=4) == (0, "") and not runs.alive()
    assert 2 <= time.monotonic() - start < 3


def test_nothing_survives_that_the_child_has_started(runs):
    capture = Capture(runs, mode="helper", STANDIN_CAPTURE=None)
    capture.read(24)
    runs.wait(count=2)
    capture.process.terminate()
    assert capture.ends() == (0, "")
    runs.all_end()


def test_child_does_not_survive_a_killed_program(runs):
    capture = Capture(runs, mode="deaf", STANDIN_CAPTURE=None)     # silent: it never notices that nobody reads
    capture.read(24)
    runs.wait()
    capture.process.kill()
    capture.process.communicate()
    runs.all_end()


def test_reader_that_does_not_read_cannot_block_it(runs, capture):
    many = capture(RF.read_bytes()[:24] + 5000 * RF.read_bytes()[24:], "many.pcap")     # 10 MB: more than all buffers hold
    slow = Capture(runs, mode="deaf", capture=many, STANDIN_SPEED="1e9")
    slow.read(24)
    runs.wait()
    time.sleep(0.5)
    slow.process.terminate()
    assert slow.ends(seconds=5) == (0, "") and not runs.alive()


def test_slow_reader_gets_every_packet(runs, capture):
    """Also what is on its way when ubertooth-rx ends, and later than a stopped capture would wait for it."""
    data = RF.read_bytes()
    many = capture(data[:24] + 12 * data[24:], "many.pcap")      # 85 kB: more than the pipe holds, less than all buffers
    slow = Capture(runs, capture=many, STANDIN_SPEED="1e9")
    runs.wait()
    runs.all_end()
    time.sleep(1.5)
    assert packets(slow.read()) == 12 * packets_of(RF)
    assert slow.ends() == (0, "")


def test_no_device(runs):
    capture = Capture(runs, mode="no-device")
    assert capture.read() == HEADER
    assert capture.ends() == (1, NO_DEVICE)


def test_messages_are_passed_on_line_by_line(runs):
    """Printable, and no line twice in a row; a line that is too long is split."""
    capture = Capture(runs, mode="noisy", STANDIN_SPEED="1e9")
    capture.read()
    status, messages = capture.ends()
    lines = messages.splitlines()
    start = "ubertooth-btbb: ubertooth-rx: "
    assert status == 0 and all(line.startswith(start) for line in lines)
    assert lines[0] == start + "uh oh, full_usb_buf not emptied" and lines[1] == start + "?[31mred?"
    assert lines[2] == start + 255 * "x" and lines[3].startswith(start + 90 * "x" + "uh oh")


def test_crash_of_the_child(runs):
    capture = Capture(runs, mode="crash", STANDIN_SPEED="1e9")
    assert packets(capture.read()) == packets_of(RF)
    assert capture.ends() == (1, f"ubertooth-btbb: ubertooth-rx was ended by signal {signal.SIGABRT:d}\n")


def test_half_a_record_is_kept_back(runs):
    capture = Capture(runs, mode="torn", STANDIN_SPEED="1e9")
    assert packets(capture.read()) == packets_of(RF)
    assert capture.ends() == (0, "")


def test_another_link_type(runs):
    capture = Capture(runs, mode="foreign", STANDIN_SPEED="1e9")
    assert capture.read() == HEADER
    assert capture.ends() == (1, "ubertooth-btbb: ubertooth-rx does not write LINKTYPE_BLUETOOTH_BREDR_BB; "
                                 "version 2018-12-R1 or later is needed\n")


def test_without_ubertooth_rx(runs):
    capture = Capture(runs, path="/nowhere")
    assert capture.ends() == (1, "ubertooth-btbb: ubertooth-rx is not in PATH: install it (on Debian: package ubertooth)\n")


def test_fifo_must_be_a_named_pipe(workdir):
    plain = workdir / "a.pcap"
    plain.write_bytes(b"data")
    for path in (plain, workdir / "missing"):
        done = extcap(*CAPTURE, "--fifo", path, check=False)
        assert (done.returncode, done.stderr) == (1, "ubertooth-btbb: --fifo: is not a named pipe\n")
    assert plain.read_bytes() == b"data"


# ---- in tshark


@pytest.fixture
def home():
    """A home folder with the program in its folder for extcap programs."""
    path = btbbtest.tmpdir()
    folder = extcap_folder(path)
    btbbtest.run("mkdir", "-p", folder)
    btbbtest.run("cp", PROGRAM, folder)
    return path


def tshark(home, runs, *arguments, mode="", check=True, **extra):
    env = environment(runs, mode, HOME=home, XDG_CONFIG_HOME=None, WIRESHARK_EXTCAP_DIR=home, **extra)
    return btbbtest.tshark(*arguments, env=env, check=check)


def test_tshark_lists_the_interface(home, runs):
    listed = tshark(home, runs, "-D").stdout
    assert re.search(r"^\d+\. ubertooth-btbb \(Ubertooth: Bluetooth BR/EDR\)$", listed, re.M), listed
    types = tshark(home, runs, "-i", NAME, "-L")
    assert re.search(r"^ +BLUETOOTH_BREDR_BB\b", types.stdout + types.stderr, re.M)


def test_tshark_captures_every_packet(home, runs):
    wanted = ("frame.time_epoch", "btbb.lap", "btbb.type", "btbb.channel", "btbb.payload")
    shown = [word for name in wanted for word in ("-e", name)]
    done = tshark(home, runs, "-i", NAME, "-T", "fields", *shown)
    assert done.stdout == btbbtest.tshark("-r", RF, "-T", "fields", *shown).stdout
    assert len(done.stdout.splitlines()) == RF_PACKETS and not runs.alive()
    assert "rror" not in done.stderr, done.stderr


def test_tshark_stops_after_some_packets(home, runs):
    done = tshark(home, runs, "-i", NAME, "-c", "5", mode="stay")
    assert len(done.stdout.splitlines()) == 5
    runs.all_end(seconds=5)
    assert "rror" not in done.stderr, done.stderr


def test_tshark_stops_before_the_first_packet(home, runs):
    done = tshark(home, runs, "-i", NAME, "-a", "duration:2", mode="stay", STANDIN_CAPTURE=None)
    assert done.stdout == "" and "rror" not in done.stderr, done.stderr
    runs.all_end(seconds=5)


def test_tshark_passes_preferences_as_options(home, runs):
    settings = {"lap": "4831dd", "uap": "61", "channel": "12", "seconds": "30", "device": "1"}
    chosen = [word for name, value in settings.items() for word in ("-o", f"extcap.ubertooth_btbb.{name}:{value}")]
    tshark(home, runs, "-i", NAME, *chosen)
    assert list(runs.noted().values()) == ["-q /dev/fd/3 -l 4831dd -u 61 -c 12 -U 1 -t 30"]
    tshark(home, runs, "-i", NAME, "-o", "extcap.ubertooth_btbb.mode:survey")
    assert "-q /dev/fd/3 -z" in runs.noted().values()


def test_tshark_reports_a_missing_device(home, runs):
    done = tshark(home, runs, "-i", NAME, mode="no-device", check=False)
    assert done.stdout == "" and NO_DEVICE.strip() in done.stderr
