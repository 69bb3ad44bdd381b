"""What the network logs at level DEBUG: never a header, a query, a user name or a password."""

import logging
import time
from urllib.parse import urlsplit

import httpx

from outlogger_cli.domain import text

log = logging.getLogger("outlogger.net")


class RequestLog:
    """Logs how one request ends, and after how long. Does nothing unless DEBUG is enabled."""

    def __init__(self, request: httpx.Request) -> None:
        self._enabled = log.isEnabledFor(logging.DEBUG)
        if self._enabled:
            self._started = time.monotonic()
            self._request = f"{request.method} {without_secrets(str(request.url))}"

    def answered(self, status: int, size: int) -> None:
        """`size` is that of the decompressed body, in bytes."""
        if self._enabled:
            log.debug("%s -> %d, %d ms, %s bytes", self._request, status, self._ms(), f"{size:,}")

    def failed(self, message: str) -> None:
        if self._enabled:
            log.debug("%s -> failed, %d ms: %s", self._request, self._ms(), message)

    def _ms(self) -> int:
        return round((time.monotonic() - self._started) * 1000)


def log_redirect(status: int, url: str) -> None:
    if log.isEnabledFor(logging.DEBUG):
        log.debug("redirect %d to %s", status, without_secrets(url))


def without_secrets(url: str) -> str:
    """`url` without user name, password, query and fragment."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return text.line(f"{parts.scheme}://{host}{parts.path}" + ("?..." if parts.query else ""))
