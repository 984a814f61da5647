"""The proof that the plugins under test are the ones that run. SPDX-License-Identifier: GPL-2.0-or-later"""
import pytest

import btbbtest


def test_the_plugins_under_test_are_loaded():
    btbbtest.prove_plugins()


def test_the_proof_fails_without_the_plugins(monkeypatch, workdir):
    monkeypatch.setattr(btbbtest, "BUILD", workdir)
    with pytest.raises(AssertionError, match="does not run the plugins under test"):
        btbbtest.prove_plugins.__wrapped__()


def test_a_failing_tshark_is_an_error(workdir):
    with pytest.raises(AssertionError, match="exited with"):
        btbbtest.run("tshark", "-r", workdir / "absent.pcap")
