"""A virtual display with an accessibility bus, and the real Wireshark on it.

    with Desktop() as desktop, Wireshark(desktop, "-r", capture) as shark:
        shark.loaded(65)
        shark.choose("Statistics", "Endpoints")
        shark.window("Endpoints")
        print(shark.ask("table", "Endpoints"))

Every wait polls until what it waits for is there, and fails with what is there instead when that takes too long.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import select
import subprocess
import time
from pathlib import Path

import btbbtest

PATIENCE = 60       # seconds until a wait gives up; machines that run tests can be slow
AGENT = Path(__file__).with_name("a11y.py")
LAUNCHER = "/usr/libexec/at-spi-bus-launcher"


class Failure(AssertionError):
    """Something on the desktop is not as required."""


def wait(what, condition, seconds=PATIENCE):
    """The first true answer of condition(), which may raise Failure until then."""
    end = time.monotonic() + seconds
    while True:
        last = None
        try:
            answer = condition()
            if answer:
                return answer
        except Failure as error:
            last = error
        if time.monotonic() > end:
            raise Failure(f"waited {seconds} s in vain for {what}; last: {last or answer!r}") from last
        time.sleep(0.05)


class Desktop:
    """Xvfb, a session bus and the accessibility bus. Window managers are not needed, save for nicer pictures."""

    def __init__(self, size="1400x1000", manager=None):
        self.home = btbbtest.tmpdir()
        self.home.chmod(0o700)
        self.size = size
        self.manager = manager
        self.processes = []
        (self.home / "extcap").mkdir()
        self.environment = btbbtest.environment({
            "HOME": self.home, "XDG_CONFIG_HOME": None, "XDG_RUNTIME_DIR": self.home, "TMPDIR": self.home,
            "DBUS_SESSION_BUS_ADDRESS": None, "DISPLAY": None, "WAYLAND_DISPLAY": None, "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": "1", "QT_ACCESSIBILITY": None, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "AT_SPI_BUS_ADDRESS": None, "NO_AT_BRIDGE": None, "WIRESHARK_EXTCAP_DIR": self.home / "extcap"})

    def __enter__(self):
        try:
            return self.start_all()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        for process in reversed(self.processes):
            stop(process)

    def start(self, *command, **options):
        process = subprocess.Popen(btbbtest.AS_USER + [str(word) for word in command], env=self.environment, cwd="/",
                                   **{"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options})
        self.processes.append(process)
        return process

    def start_all(self):
        reader, writer = os.pipe()
        display = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", self.size + "x24", "-noreset", "-nolisten",
                                    "tcp"], pass_fds=[writer], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.processes.append(display)
        os.close(writer)
        with os.fdopen(reader) as answer:
            self.environment["DISPLAY"] = ":" + first_line(answer, "Xvfb")
        wait("the display", lambda: self.xdotool("getdisplaygeometry", check=False))
        bus = self.start("dbus-daemon", "--session", "--nofork", "--print-address", stdout=subprocess.PIPE, text=True)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = first_line(bus.stdout, "dbus-daemon")
        if self.manager:
            self.start(self.manager, stdout=subprocess.DEVNULL)
        return self

    def start_accessibility(self):
        """Start the accessibility bus. Qt notices when it appears; when it is there first, Qt often fails to register."""
        for old in (self.home / "at-spi").glob("bus*"):
            old.unlink()
        launcher = self.start(LAUNCHER, "--launch-immediately", stdout=subprocess.DEVNULL)
        wait("the accessibility bus", lambda: list((self.home / "at-spi").glob("bus*")))
        return launcher

    def xdotool(self, *words, check=True):
        """What xdotool prints."""
        return subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=check, timeout=PATIENCE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout

    def key(self, *names):
        self.xdotool("key", "--clearmodifiers", *names)

    def click(self, point, button=1):
        self.xdotool("mousemove", "--sync", *point, "click", button)

    def picture(self, path, window="root"):
        subprocess.run(["import", "-window", window, "-frame", "-strip", str(path)], env=self.environment, check=True,
                       timeout=PATIENCE)


def first_line(stream, program):
    if not select.select([stream], [], [], PATIENCE)[0]:
        raise Failure(f"{program} prints nothing")
    line = stream.readline().strip()
    if not line:
        raise Failure(f"{program} did not start")
    return line


def stop(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Wireshark:
    """One running Wireshark. What it prints is kept in .log; what it may open in a browser, in .opened()."""

    def __init__(self, desktop, *arguments, env=None, profile=None):
        btbbtest.prove_plugins()
        self.desktop = desktop
        self.arguments = (["-C", profile] if profile else []) + [str(word) for word in arguments]
        self.home = btbbtest.tmpdir()
        self.extra = env or {}
        self.process = self.agent = self.launcher = None
        self.waiting = []       # agents whose answer comes when a dialog is closed

    @property
    def log(self):
        return (self.home / "log").read_text(encoding="utf-8", errors="replace")

    @property
    def config(self):
        return self.home / ".config" / "wireshark"

    def opened(self):
        """Addresses handed to xdg-open."""
        note = self.home / "opened"
        return note.read_text(encoding="utf-8").splitlines() if note.exists() else []

    def own(self, *paths):
        """Make the user that runs Wireshark the owner of files."""
        if os.geteuid() == 0:
            for path in paths:
                os.chown(path, btbbtest.USER, btbbtest.USER)

    def install_profile(self, name="Bluetooth Baseband"):
        """Copy the profile of the checkout into the user's profiles."""
        target = self.config / "profiles" / name
        target.mkdir(parents=True)
        for source in (btbbtest.REPO / "profile" / name).iterdir():
            (target / source.name).write_bytes(source.read_bytes())
        self.own(*[path for path in self.home.rglob("*")])

    def __enter__(self):
        binaries = self.home / "bin"
        binaries.mkdir()
        browser = binaries / "xdg-open"
        browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{self.home}/opened"\n', encoding="utf-8")
        browser.chmod(0o755)
        log = (self.home / "log").open("wb")
        environment = {**self.desktop.environment, "HOME": str(self.home), "TMPDIR": str(self.home),
                       "PATH": f"{binaries}:{os.environ['PATH']}", "BROWSER": str(browser), **self.extra}
        with log:
            self.process = subprocess.Popen(btbbtest.AS_USER + ["wireshark", *self.arguments], env=environment, cwd="/",
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.environment = environment
        wait("a window", self.has_window)
        self.launcher = self.desktop.start_accessibility()
        return self

    def visible(self):
        """Numbers of all visible windows of the display, popup menus included."""
        found = self.desktop.xdotool("search", "--onlyvisible", "--class", "wireshark", check=False).split()
        return sorted(set(found))

    def context_menu(self, point, *keys):
        """Open the context menu at a point and choose by keys: the accessibility bus does not have it. A menu that opens
        takes keys a moment after it is seen: where one was lost, all is closed and done again."""
        base = len(self.visible())

        def attempt():
            while len(self.visible()) > base:
                self.desktop.key("Escape")
                time.sleep(0.2)
            before = base
            self.desktop.click(point, 3)
            for key in keys:
                wait("a menu", lambda: len(self.visible()) > before, 5)
                before = len(self.visible()) if key == "Right" else before
                self.desktop.key(key)
            return wait("the menus to close", lambda: len(self.visible()) == base, 5)
        self.until(f"{keys} in the context menu", attempt)

    def has_window(self):
        if self.process.poll() is not None:
            raise AssertionError(f"Wireshark has ended with {self.process.returncode}:\n{self.log}")
        return self.visible()

    def __exit__(self, *_):
        self.dismiss_agent()
        stop(self.process)
        if self.launcher:
            stop(self.launcher)

    def call_agent(self):
        return subprocess.Popen(btbbtest.AS_USER + ["/usr/bin/python3", "-W", "ignore", str(AGENT)], cwd="/",
                                env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, text=True)

    def dismiss_agent(self):
        for agent in [self.agent, *self.waiting]:
            if agent:
                stop(agent)
                agent.stdin.close()
                agent.stdout.close()
        self.agent = None
        self.waiting = []

    def ask(self, *request):
        """Answer of a function of a11y.py; Failure when it has none."""
        if self.process.poll() is not None:
            raise AssertionError(f"Wireshark has ended with {self.process.returncode}:\n{self.log}")
        if not self.agent:
            self.agent = self.call_agent()
        self.agent.stdin.write(json.dumps(request) + "\n")
        self.agent.stdin.flush()
        if not select.select([self.agent.stdout], [], [], PATIENCE)[0]:
            raise AssertionError(f"no answer to {request}")
        line = self.agent.stdout.readline()
        if not line:
            raise AssertionError(f"a11y.py died of {request}")
        answer = json.loads(line)
        if "error" in answer:
            if "no program" in answer["error"]:
                self.dismiss_agent()    # what it saw before the program came, it would see for ever
            raise Failure(f"{request}: {answer['error']}")
        return answer["value"]

    def until(self, what, condition):
        return wait(what, condition)

    def loaded(self, packets):
        """Wait until the status bar shows this number of packets."""
        text = f"Packets: {packets}" if packets else "No Packets"
        self.until(text, lambda: [label for label in self.ask("labels", "") if (label + " ").startswith(text + " ")])

    def displayed(self, packets):
        """Wait until the status bar shows this number of displayed packets."""
        text = f"Displayed: {packets} "
        self.until(text, lambda: [label for label in self.ask("labels", "") if text in label])

    def window(self, title):
        """Wait for a window."""
        self.until(f"window {title}", lambda: any(title in name for name in self.ask("windows")))

    def message(self, text):
        """Wait for a message box with this text, and close it."""
        def shown():
            return [line for line in self.ask("messages") if text in line]
        self.until(f"the message {text!r}", shown)
        self.until(f"the message {text!r} to go", lambda: (self.desktop.key("Return"), not shown())[1])

    def choose(self, *path):
        self.until(f"menu entry {path}", lambda: self.ask("choose", "", *path) is None)

    def open_window(self, title, *path):
        """Choose the entry until the window is there: Wireshark drops it while a file is being loaded."""
        def attempt():
            self.choose(*path)
            return wait(f"window {title}", lambda: self.count(title), 5)
        self.until(f"window {title}", attempt)

    def choose_modal(self, *path):
        """Choose an entry that opens a dialog which nothing is answered before it is closed."""
        self.until(f"menu entry {path}", lambda: self.ask("menu", "", *path[:-1]))
        self.waiting.append(self.call_agent())
        self.waiting[-1].stdin.write(json.dumps(["choose", "", *path]) + "\n")
        self.waiting[-1].stdin.flush()

    def number(self, title):
        """The display's number of the window with this title."""
        return self.until(f"window {title}", lambda: self.desktop.xdotool("search", "--onlyvisible", "--name", title,
                                                                          check=False).split())[-1]

    def fill(self, title, width, height, left=0, top=0):
        """Give the window with this title a size and a place."""
        number = self.number(title)
        self.desktop.xdotool("windowsize", "--sync", number, width, height)
        self.desktop.xdotool("windowmove", number, left, top)

    def change_preference(self, name, old, new):
        """Change the preference on the page Advanced of the dialog, by a double click on its value."""
        title, table = "Preferences", "Name"
        [entry] = [entry for entry in self.ask("menu", "", "Edit") if entry.startswith(title)]
        self.choose_modal("Edit", entry)
        self.window(title)
        self.fill(title, 1200, 600)     # else Wireshark 4.4 hides the column of the values
        self.until("the page Advanced", lambda: (self.desktop.key("End"), "Search:" in self.ask("labels", title))[1])
        self.desktop.key("Tab")
        self.desktop.xdotool("type", name)

        def value():
            rows = [row for row in self.ask("table", title, table) if row[0] == name]
            return len(rows) == 1 and rows[0][-1]
        self.until(f"{name} {old}", lambda: value() == old)
        point = self.ask("place", title, old, table)
        self.desktop.xdotool("mousemove", "--sync", *point, "click", "--repeat", 2, "--delay", 50, 1)
        self.until(f"{name} {new}", lambda: value() == new)
        self.ask("press", title, "OK")
        self.until("the dialog to close", lambda: not self.count(title))

    def table(self, title, condition=lambda rows: True, name=None):
        """Wait until the rows of a table fulfil the condition: list of dicts by column title, without the blanks before
        numbers."""
        def read():
            columns, *cells = self.ask("table", title, name)
            return [dict(zip(columns, [cell.lstrip() for cell in row])) for row in cells]

        def rows():
            found = read()
            if not condition(found) or read() != found:     # what is read while Wireshark fills a table may lack cells
                raise Failure(f"{title} shows {found}")
            return [found]
        return self.until(f"rows in {title}", rows)[0]

    def count(self, title):
        return sum(title in name for name in self.ask("windows"))

    def close_one(self, title):
        """Close the newest window with this title."""
        before = self.count(title)
        self.ask("press", title, "Close")
        self.until(f"{title} to close", lambda: self.count(title) < before)

    def close_all(self, title):
        while self.count(title):
            self.close_one(title)

    def open(self, capture):
        """Open another capture, as a file dragged from a file manager would; the dialog File > Open requires its name."""
        self.choose_modal("File", "Open")
        self.window("Open Capture File")

        def attempt():      # again, should the dialog have shown the folder's files only after the name was typed
            self.ask("set_text", "Open Capture File", str(capture))
            return self.ask("press", "Open Capture File", "Open") is None
        self.until("the button Open", attempt)
        self.until("the file dialog to close", lambda: not self.count("Open Capture File"))
