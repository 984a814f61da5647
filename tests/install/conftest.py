"""Fixtures of the tests that install. SPDX-License-Identifier: GPL-2.0-or-later"""
import subprocess
from pathlib import Path

import pytest

import btbbtest


class PrivateSystem:
    """A copy of this system in which btbb is not installed; what is changed there does not change the real one."""

    def __init__(self, pid):
        self.enter = ["nsenter", f"--mount=/proc/{pid}/ns/mnt", f"--root=/proc/{pid}/root",
                      f"--wd=/proc/{pid}/cwd"]

    def as_user(self, *command, **options):
        """btbbtest.run() in the private system, as the ordinary user of the tests."""
        return btbbtest.run(*command, prefix=self.enter + btbbtest.AS_USER, **options)

    def as_root(self, *command, **options):
        return btbbtest.run(*command, prefix=self.enter, **options)


@pytest.fixture
def private_system():
    """Skips the test where a private system is impossible: not root, or no mount namespaces."""
    script = Path(__file__).with_name("private-system.sh")
    with subprocess.Popen([script, "sh", "-c", "echo $$; exec sleep infinity"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        pid = process.stdout.readline()
        if not pid:
            errors = process.communicate()[1]
            assert process.returncode == 77, errors
            pytest.skip(errors.strip())
        try:
            yield PrivateSystem(int(pid))
        finally:
            subprocess.run(["kill", str(int(pid))], check=True)
