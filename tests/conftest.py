"""Run every test in an empty home, without environment variables that change the output."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_KEPT = {"OUTLOGGER_RECORDED"}
_PREFIXES = ("OUTLOGGER_", "SSL_", "XDG_", "GITHUB_", "CLICOLOR")
_NAMES = {
    "COLORTERM",
    "COLUMNS",
    "CURL_CA_BUNDLE",
    "FORCE_COLOR",
    "LANG",
    "LANGUAGE",
    "LINES",
    "NODE_EXTRA_CA_CERTS",
    "NO_COLOR",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "SSLKEYLOGFILE",
    "TERM",
}


signal.signal(signal.SIGINT, signal.default_int_handler)
"""A shell makes its background jobs, and all their child processes, ignore Ctrl-C."""


settings.register_profile("search", deadline=None)
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")
"""The same examples each time; `--hypothesis-profile=search` tries new ones."""


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder as home and current folder; times are UTC, text is UTF-8."""
    with tempfile.TemporaryDirectory(
        prefix="outlogger-home-", ignore_cleanup_errors=True
    ) as folder:
        for name in [name for name in os.environ if _changes_answers(name)]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("HOME", str(Path(folder).resolve()))
        monkeypatch.setenv("TZ", "UTC")
        monkeypatch.setenv("LC_ALL", "C.UTF-8")
        monkeypatch.chdir(folder)
        yield Path(folder).resolve()


@pytest.fixture(autouse=True)
def styles() -> Iterator[None]:
    """Rich keeps a style as the first terminal that needed it writes it: with 16 or 256 colours."""
    yield
    if rich := sys.modules.get("rich.style"):
        rich.Style.parse.cache_clear()
        rich.Style._add.cache_clear()


def _changes_answers(name: str) -> bool:
    if name in _KEPT:
        return False
    return name in _NAMES or name.startswith(("LC_", *_PREFIXES)) or name.lower().endswith("_proxy")
