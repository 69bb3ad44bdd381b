"""Lines on a terminal that are redrawn while a command works, and removed at its end."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Self, TextIO, cast

from outlogger_cli.system import terminal

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

AFTER = 0.5
"""Seconds before anything is drawn, so that a quick run does not flicker."""

PER_SECOND = 5


class Drawing:
    """Draws what `draw` returns on `stream` with Rich's Live.

    `draw` is called in a thread of its own, several times a second.
    """

    def __init__(
        self,
        stream: TextIO,
        draw: "Callable[[], Text]",
        environ: Mapping[str, str],
        *,
        after: float = AFTER,
    ) -> None:
        self._stream = stream
        self._draw = draw
        self._environ = environ
        self._live: Live | None = None
        self._is_over = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(after, self._start)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._is_over = True
            if self._live:
                self._live.stop()

    def _start(self) -> None:
        from rich.console import Console
        from rich.live import Live
        from rich.text import Text

        console = Console(
            file=cast(TextIO, _Silent(self._stream)),
            width=terminal.width(self._stream, self._environ),
            force_terminal=True,
            color_system="256",
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
            _environ={},
        )

        def frame() -> Text:
            """What is drawn now, at the present width.

            The last frame is empty: Live does not crop it, and lines that scroll out of the
            terminal cannot be removed.
            """
            if self._is_over:
                return Text()
            console.width = terminal.width(self._stream, self._environ)
            return self._draw()

        live = Live(
            console=console,
            get_renderable=frame,
            refresh_per_second=PER_SECOND,
            transient=True,
            vertical_overflow="crop",
            redirect_stdout=False,
            redirect_stderr=False,
        )
        with self._lock:
            if not self._is_over:
                self._live = live
                live.start(refresh=True)


class _Silent:
    """A stream whose errors are ignored: a drawing that cannot be written stops nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = getattr(stream, "encoding", None) or "utf-8"

    def write(self, text: str) -> int:
        terminal.tell(self._stream, text)
        return len(text)

    def flush(self) -> None:
        """`tell` has flushed it."""
