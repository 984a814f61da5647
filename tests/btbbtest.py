"""Helpers of all Python tests: the real tshark with the plugins under test, and files to test with.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import atexit
import functools
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("BTBB_BUILD") or REPO / "build").resolve()

# root's tshark ignores WIRESHARK_PLUGIN_DIR and the personal folder, so root runs it as this user and group. The D-Bus
# daemon that Wireshark uses requires a user with a name.
USER = 1000 if any(entry.pw_uid == 1000 for entry in pwd.getpwall()) else pwd.getpwnam("nobody").pw_uid
AS_USER = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if os.geteuid() == 0 else []
_SEPARATOR = "\x1f"

# Folders with helpers, which all tests can import.
HELPERS = ("sample-captures", "bench", "tests/command", "tests/core", "tests/extcap", "tests/fuzz", "tests/gui", "tests/notebook",
           "tests/plugin", "tests/stats")
sys.path += [str(REPO / folder) for folder in HELPERS]

SAMPLES = sorted(path.name for path in (REPO / "sample-captures").glob("*.pcap*"))
CUT = "cut.pcapbtbb"        # ends inside its last record: tshark reports an error


def tmpdir():
    """A new temporary folder that tshark can read and write, also when root runs the tests. Removed at the end."""
    path = Path(tempfile.mkdtemp(prefix="btbb-test-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    if os.geteuid() == 0:
        os.chown(path, USER, USER)
    path.chmod(0o755)
    return path


@functools.lru_cache(maxsize=None)
def _home():
    return tmpdir()


def environment(extra=None):
    """Environment for a program with the plugins under test: clean home, UTC, C.UTF-8. A value of None removes a name."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("WIRESHARK_", "XDG_", "LC_"))}
    home = str(_home())
    env.update(HOME=home, XDG_CONFIG_HOME=home + "/.config", XDG_RUNTIME_DIR=home, TMPDIR=home, TZ="UTC", LANG="C.UTF-8",
               LC_ALL="C.UTF-8")
    # Instead of the folders where plugins and extcap programs are installed.
    env.update(WIRESHARK_PLUGIN_DIR=str(BUILD / "plugins"), WIRESHARK_EXTCAP_DIR=home)
    for name, value in (extra or {}).items():
        env.pop(name, None) if value is None else env.update({name: str(value)})
    return env


@functools.lru_cache(maxsize=None)
def no_plugins():
    """A folder for WIRESHARK_PLUGIN_DIR that has no plugins: tshark then loads personal plugins only, if any."""
    return tmpdir()


def run(*command, input=None, env=None, timeout=120, check=True, cwd=None, prefix=AS_USER):
    """Run a program as tshark() does, without the proof of the plugins. `input` is text or bytes; `prefix`: words before
    the command, by default those that make root an ordinary user."""
    if isinstance(input, str):
        input = input.encode()
    done = subprocess.run([str(word) for word in (*prefix, *command)], env=environment(env), timeout=timeout, cwd=cwd or "/",
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **({"stdin": subprocess.DEVNULL} if input is None else {"input": input}))
    done.stdout, done.stderr = (out.decode("utf-8", "surrogateescape") for out in (done.stdout, done.stderr))
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\nexited with {done.returncode}:\n{done.stderr}{done.stdout}")
    return done


@functools.lru_cache(maxsize=None)
def prove_plugins():
    """Fail unless tshark loads the plugins under test and no other plugin of their names."""
    listed = run("tshark", "-G", "plugins").stdout
    found = {name: Path(path) for name, path in re.findall(r"^(btbb\S*\.so) *\t.*\t(\S.*)$", listed, re.M)}
    built = {path.name: path.resolve() for path in (BUILD / "plugins").glob("*/epan/*.so")}
    expected = set(built) | {"btbb.so"}
    wrong = [str(path) for name, path in found.items() if path.resolve() != built.get(name)]
    missing = sorted(expected - set(found))
    if missing or wrong:
        raise AssertionError(f"tshark does not run the plugins under test ({BUILD}): "
                             f"missing {missing}, from elsewhere {wrong}; is the folder readable for uid {USER}?\n{listed}")


@functools.lru_cache(maxsize=None)
def version():
    """Version of tshark, e.g. (4, 0, 17)."""
    return tuple(map(int, re.search(r"TShark \(Wireshark\) (\d+)\.(\d+)\.(\d+)", run("tshark", "--version").stdout).groups()))


def tshark(*args, input=None, env=None, timeout=120, check=True):
    """Run tshark with the plugins under test; CompletedProcess with text. `check`: a failure is an AssertionError."""
    prove_plugins()
    return run("tshark", *args, input=input, env=env, timeout=timeout, check=check)


def fields(capture, *names, extra=(), **options):
    """One dict per frame: field name -> text, several values joined by commas, "" where the frame lacks the field."""
    wanted = [word for name in names for word in ("-e", name)]
    out = tshark("-r", capture, "-T", "fields", "-E", "separator=" + _SEPARATOR, *wanted, *extra, **options).stdout
    return [dict(zip(names, map(_unescaped, line.split(_SEPARATOR)))) for line in out.splitlines()]


def _unescaped(text):
    """The value of a field: Wireshark 4.2 and newer print it with escapes."""
    meant = {"n": "\n", "r": "\r", "t": "\t"}
    return text if version() < (4, 2) else re.sub(r"\\(.)", lambda found: meant.get(found[1], found[1]), text)


def sample(name):
    """Path of a sample capture."""
    path = REPO / "sample-captures" / name
    assert path.is_file(), f"no sample capture {name}"
    return path


@functools.lru_cache(maxsize=None)
def merge_samples(*captures):
    """Path of a new file with these captures (names of samples, or paths), one after the other. Default: all samples but CUT."""
    path = tmpdir() / "merged.pcapng"
    captures = captures or [name for name in SAMPLES if name != CUT]
    run("mergecap", "-a", "-F", "pcapng", "-w", path, *(sample(item) if isinstance(item, str) else item for item in captures))
    return path


def core_program(name):
    """The words that run a program of tests/core. tests/windows.sh runs them in an emulator, BTBB_CORE_RUNNER."""
    runner = os.environ.get("BTBB_CORE_RUNNER", "").split()
    return [*runner, str(BUILD / "tests" / "core" / name) + (".exe" if runner else "")]


def wait_for(condition, what, seconds=30):
    """Repeat until the condition holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s for {what}")


def shell_blocks(document, language="sh"):
    """The commands that a page of docs/ shows in its ```sh blocks, or code of another language; a text each."""
    return re.findall(rf"```{language}\n(.*?)\n```", (REPO / "docs" / document).read_text(encoding="utf-8"), re.S)


def _use_shared(what):
    """Note for tests/run.sh what of ../shared was used."""
    if os.environ.get("BTBB_SHARED_LOG"):
        with open(os.environ["BTBB_SHARED_LOG"], "a", encoding="utf-8") as log:
            log.write(what + "\n")


def shared(name):
    """Path of ../shared/name; skips the test where that is not there."""
    path = REPO.parent / "shared" / name
    if not path.exists():
        pytest.skip(f"../shared/{name} is not there")
    if path.suffix.startswith(".pcap"):
        _use_shared(f"capture {path.name}")
    return path


def shared_vectors(name):
    """The vectors of ../shared/vectors/name, a list of dicts; skips the test where they are not there."""
    vectors = json.loads(shared(f"vectors/{name}").read_text(encoding="utf-8"))
    for vector in vectors:
        _use_shared(f"vector {vector['name']}")
    return vectors
