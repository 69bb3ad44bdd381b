"""`--debug`: the log of a run on standard error."""

import logging
import time
from typing import TextIO

from outlogger_cli.domain.text import whole_line
from outlogger_cli.system import terminal


class _Handler(logging.Handler):
    """Writes `debug +0.123 s net: GET https://...`, one line a record, to a stream."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._began = time.time()

    def emit(self, record: logging.LogRecord) -> None:
        package = record.name.removeprefix("outlogger.")
        since = record.created - self._began
        text = whole_line(record.getMessage())
        terminal.tell(self._stream, f"debug +{since:.3f} s {package}: {text}\n")


def write_to(stream: TextIO) -> None:
    """Write every record of the loggers below `outlogger` to `stream`, and to no other before."""
    logger = logging.getLogger("outlogger")
    logger.handlers = [_Handler(stream)]
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
