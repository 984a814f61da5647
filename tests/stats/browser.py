"""Headless Chromium for tests that look at a page as a reader does.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import shutil
import tempfile
import time

import pytest

PROGRAMS = {"browser": ("chromium", "chromium-browser"), "driver": ("chromedriver", "chromium-driver")}
QUIET = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--force-device-scale-factor=1")


def program(names):
    return next((path for path in map(shutil.which, names) if path), None)


class Browser:
    """One Chromium. `open` loads a page and fails on any script error; close() ends it."""

    def __init__(self):
        selenium = pytest.importorskip("selenium", reason="python3-selenium is not installed")
        found = {name: program(names) for name, names in PROGRAMS.items()}
        missing = [PROGRAMS[name][0] for name, path in found.items() if not path]
        if missing:
            pytest.skip(f"not installed: {', '.join(missing)}")
        del selenium
        from selenium import webdriver
        from selenium.webdriver.chrome.options import Options
        from selenium.webdriver.chrome.service import Service
        self.folder = tempfile.mkdtemp(prefix="btbb-browser-")
        self.downloads = tempfile.mkdtemp(prefix="btbb-downloads-")
        options = Options()
        options.binary_location = found["browser"]
        for argument in (*QUIET, f"--user-data-dir={self.folder}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(found["driver"]), options=options)
        self.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=self.downloads)
        self.size(1400, 1000)

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def size(self, width, height):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, scheme):
        """Pretend that the system prefers "light" or "dark"."""
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, path):
        self.driver.get_log("browser")
        self.driver.get(path.resolve().as_uri())
        self.check()

    def check(self):
        errors = [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        assert not errors, errors

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition, what, seconds=20):
        end = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            assert time.monotonic() < end, f"no {what} within {seconds} s"
            time.sleep(0.05)

    def close(self):
        self.driver.quit()
        for folder in (self.folder, self.downloads):
            shutil.rmtree(folder, ignore_errors=True)
