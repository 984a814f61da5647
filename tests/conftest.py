"""Fixtures of all Python tests. SPDX-License-Identifier: GPL-2.0-or-later"""
import sys

import pytest

sys.dont_write_bytecode = True

import btbbtest  # noqa: E402  (writes no bytecode)


def pytest_itemcollected(item):
    """Where several tests run at once, those of a file do not, nor those of files that name one group."""
    if not item.get_closest_marker("xdist_group"):
        item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture
def workdir():
    """A temporary folder that tshark may read and write."""
    return btbbtest.tmpdir()


@pytest.fixture
def capture(workdir):
    """capture(data, name="test.pcap"): writes a capture file for tshark and returns its path."""
    def write(data, name="test.pcap"):
        path = workdir / name
        path.write_bytes(data)
        return path
    return write
