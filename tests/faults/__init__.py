"""Faults of the network, the disk and the terminal, tested with the command as a process."""

import pytest

pytest.register_assert_rewrite("tests.faults.pages")
