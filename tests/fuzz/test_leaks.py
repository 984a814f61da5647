"""valgrind finds no error and no leak of ours: in tshark, in the command, and (BTBB_GUI_LEAKS=1, five minutes) in Wireshark.

A leak is ours when a frame of its stack is in one of our files. What other libraries leak is theirs.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import btbbtest
from abuse_loop import VIEWS

# The search for clocks takes minutes under valgrind. AddressSanitizer sees it in the unit tests.
QUICK = [view for view in VIEWS if not view.startswith("piconets") and "clock=auto" not in view]
NO_CLOCKS = ("-o", "btbb.clock:FALSE")

SAMPLES = ("pandas_demo.pcapbtbb", "every_type.pcapbtbb", "every_type_rf.pcap", "interfaces.pcapng", "damaged.pcapbtbb",
           "lmp.pcapbtbb", "l2cap.pcapbtbb", "internalblue.pcapng", "fhs.pcapbtbb", "uap_recovery.pcap")
FRAMES = 60         # of one sample: valgrind is slow
LEAKS = ("Leak_DefinitelyLost", "Leak_IndirectlyLost", "Leak_PossiblyLost")
# Every block of Wireshark's and GLib's own allocators is one of malloc().
EACH_BLOCK = {"WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple", "G_SLICE": "always-malloc"}

pytestmark = pytest.mark.skipif(not shutil.which("valgrind"), reason="valgrind is not installed")


def valgrind(output):
    """The words to put before a command. Of a plugin that was unloaded, valgrind keeps the names."""
    return ["valgrind", "-q", "--leak-check=full", "--keep-debuginfo=yes", "--num-callers=40", "--xml=yes", f"--xml-file={output}"]


def findings(output):
    """([errors], [leaks of ours]) as texts; errors count whatever their origin."""
    errors, leaks = [], []
    for error in ElementTree.parse(output).iter("error"):
        kind = error.findtext("kind")
        frames = [[(frame.findtext("obj") or "?", frame.findtext("fn") or "?") for frame in stack.iter("frame")]
                  for stack in error.iter("stack")]
        text = kind + ": " + " < ".join(f"{function} ({Path(file).name})" for file, function in frames[0])
        if kind not in LEAKS:
            errors.append(text)
        elif any(Path(file).name == "btbb" or Path(file).name.startswith("btbb-") or Path(file).name == "btbb.so"
                 for stack in frames for file, _ in stack):
            leaks.append(text)
    return errors, leaks


def under_valgrind(folder, *command, **options):
    output = folder / "valgrind.xml"
    done = btbbtest.run(*valgrind(output), *command, env=EACH_BLOCK, timeout=900, **options)
    return done, *findings(output)


def assert_clean(errors, leaks):
    assert not errors, "\n".join(errors)
    assert not leaks, "\n".join(leaks)


@pytest.fixture(scope="module")
def captures():
    """The first frames of each sample."""
    folder = btbbtest.tmpdir()
    for name in SAMPLES:
        btbbtest.run("editcap", "-r", btbbtest.sample(name), folder / name, f"1-{FRAMES}")
    return [folder / name for name in SAMPLES]


@pytest.mark.parametrize("output", [("-V",), ("-2", "-T", "json", "-Y", "btbb.type && btbb.vendors")], ids=" ".join)
def test_tshark(output, captures, workdir):
    """All samples in one file."""
    merged, summary, report = btbbtest.merge_samples(*captures), workdir / "summary.csv", workdir / "report.html"
    views = [word for view in QUICK for word in ("-z", "btbb," + view.replace("interval=60", "interval=86400"))]   # 50 years
    done, errors, leaks = under_valgrind(workdir, "tshark", "-r", merged, *NO_CLOCKS, *output, *views, "-z", f"btbb,report,interval=60,file={report}",
                                         "-z", f"btbb,summary,format=csv,file={summary}")
    assert_clean(errors, leaks)
    assert "packets,401\n" in summary.read_text(encoding="utf-8")
    assert "ed:1d:9c" in done.stdout and report.read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_command(captures, workdir):
    command = btbbtest.BUILD / "command" / "btbb"
    for view in ("summary,format=csv", "io,by=lap,interval=864000,top=3", "vendors,format=json", "report,interval=60,file=/dev/null"):
        done, errors, leaks = under_valgrind(workdir, command, view, *captures)
        assert_clean(errors, leaks)
        if view.startswith("summary"):
            assert "packets,401\n" in done.stdout


LEAKING = """
#include <stdlib.h>
int btbb_leak(void);
int btbb_leak(void)
{
    volatile int *lost = malloc(40);
    return lost[3] > 3 ? 1 : abs(lost[4]);
}
"""
LOADING = """
#include <dlfcn.h>
int main(int argc, char **argv)
{
    void *library = dlopen(argv[argc - 1], RTLD_NOW);
    int (*leak)(void);
    *(void **)&leak = dlsym(library, "btbb_leak");
    leak();
    return dlclose(library);
}
"""


@pytest.mark.parametrize("name, ours", [("btbb-leak.so", True), ("other-leak.so", False)])
def test_the_check_finds_a_leak(name, ours, workdir):
    """Of a library that was unloaded, as plugins are before Wireshark ends."""
    for source, text, *flags in (("leak.c", LEAKING, "-O0", "-shared", "-fPIC", "-o", name), ("load.c", LOADING, "-o", "load")):
        (workdir / source).write_text(text, encoding="utf-8")
        subprocess.run(["cc", "-g", *flags, source, "-ldl"], cwd=workdir, check=True)
    _, errors, leaks = under_valgrind(workdir, workdir / "load", workdir / name)
    assert len(errors) == 1 and errors[0].startswith("UninitCondition: btbb_leak"), errors
    assert [text.startswith(f"Leak_DefinitelyLost: malloc (") and f"< btbb_leak ({name}) < main" in text for text in leaks] == [True] * ours


def open_slowly(shark, capture):
    """As shark.open(), but repeats requests that get no answer in time."""
    dialog = "Open Capture File"
    shark.choose_modal("File", "Open")
    shark.window(dialog)
    shark.until("the name", lambda: shark.ask("set_text", dialog, str(capture)) is None)
    shark.until("the capture", lambda: not shark.count(dialog) or shark.ask("press", dialog, "Open"))


def show_and_close(shark, window, path):
    """Choose the entry until the window is there, which may make several of them, and close them all."""
    shark.choose(*path)
    shark.window(window)
    shark.until(f"{window} to close", lambda: not shark.count(window) or shark.ask("press", window, "Close"))


@pytest.mark.gui
@pytest.mark.skipif(os.environ.get("BTBB_GUI_LEAKS") != "1", reason="takes five minutes; set BTBB_GUI_LEAKS=1 to run it")
def test_wireshark(captures, workdir, monkeypatch):
    """Ten files opened in a row, with the table of clients and the tree for each."""
    import desktop
    from test_tables import menu_path, title
    monkeypatch.setattr(desktop, "PATIENCE", 900)
    monkeypatch.setattr(desktop.wait, "__defaults__", (900,))
    output = workdir / "valgrind.xml"
    wrapper = workdir / "wireshark"
    wrapper.write_text(f"#!/bin/sh\nexec {' '.join(valgrind(output))} {shutil.which('wireshark')} \"$@\"\n", encoding="utf-8")
    wrapper.chmod(0o755)
    clients, tree = title("Clients"), "BTBB Rates and Bursts"
    env = {**EACH_BLOCK, "PATH": f"{workdir}:{os.environ['PATH']}"}
    with desktop.Desktop() as started, desktop.Wireshark(started, env=env) as shark:
        for capture in captures:
            open_slowly(shark, capture)
            shark.until("the capture", lambda: shark.count(capture.name))
            shark.loaded(len(btbbtest.fields(capture, "frame.number")))
            show_and_close(shark, clients, menu_path("Clients"))
            show_and_close(shark, tree, ("Statistics", tree))
            print(capture.name, flush=True)
        with contextlib.suppress(AssertionError):     # the answer ends with the program
            shark.choose("File", "Quit")
        assert shark.process.wait(900) == 0
    errors, leaks = findings(output)
    assert not leaks, "\n".join(leaks)
    assert not [text for text in errors if "btbb" in text], "\n".join(errors)
