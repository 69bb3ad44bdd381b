"""A connection that ends if its client is too slow, so that idle ones do not keep others out."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 30.0
"""Seconds for a request to arrive; an answer that is not read is given up after as many or twice
as many."""


class Connection(H11Protocol):
    """The protocol of Uvicorn, which waits forever for the first request and for slow readers."""

    _timer: asyncio.TimerHandle

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def on_response_complete(self) -> None:
        self._timer.cancel()
        super().on_response_complete()
        if not self.transport.is_closing():
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(PATIENCE, self._late)

    def _late(self) -> None:
        cycle: Any = self.cycle  # None before the first request
        if cycle and not cycle.response_complete and not self.flow.write_paused:
            self._wait()
        else:
            self.transport.abort()
