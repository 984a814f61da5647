"""Fixtures of the GUI tests. SPDX-License-Identifier: GPL-2.0-or-later"""
import pytest

from desktop import Desktop, Wireshark


@pytest.fixture(scope="session")
def desktop():
    with Desktop() as started:
        yield started


@pytest.fixture
def wireshark(desktop):
    """wireshark(*arguments, profile=True): start Wireshark, which ends with the test."""
    running = []

    def start(*arguments, profile=False, setup=None, **options):
        shark = Wireshark(desktop, *arguments, profile="Bluetooth Baseband" if profile else None, **options)
        if profile:
            shark.install_profile()
        if setup:
            setup(shark)
        running.append(shark)
        return shark.__enter__()
    yield start
    for shark in running:
        shark.__exit__()
