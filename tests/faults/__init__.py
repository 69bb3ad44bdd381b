"""Faults on the wire, acted out against the command as a process of its own."""

import pytest

pytest.register_assert_rewrite("tests.faults.pages")
