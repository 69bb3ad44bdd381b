"""Run the command: in this process with streams in memory, or as a separate process.

    finished = run_command("check", origin.url, "--json", *trusting())
    assert finished == Finished(code=0, out="...", err="")

    web = Web({"https://status.acme.example/api/v2/summary.json": httpx.Response(200, json={})})
    run_command("check", "https://status.acme.example", transport=web)

The environment, home and current folder are those that `conftest` sets for every test.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

import httpx

from outlogger_cli.cli import app
from outlogger_cli.system.runtime import Clock, Runtime
from tests.origin import cacert
from tests.support import NOW

Answer = httpx.Response | Exception

PATIENCE = 20.0
"""Seconds after which a process that has not ended fails the test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The result of a command: its exit code and output."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def trusting() -> tuple[str, str]:
    """The options that make a command trust the origins of `tests.origin`."""
    return "--cacert", str(cacert())


def run_command(
    *argv: str,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    transport: httpx.BaseTransport | None = None,
    now: datetime | Callable[[], datetime] = NOW,
    monotonic: Callable[[], float] | None = None,
    sleep: Callable[[float], None] = lambda _seconds: None,
    cwd: Path | None = None,
    terminal: bool = False,
    encoding: str = "utf-8",
) -> Finished:
    """Run one command line in this process.

    `env` adds to the environment. `sleep` does nothing by default. With `terminal` both output
    streams claim to be a terminal.
    """
    out, err = _Output(encoding, terminal=terminal), _Output(encoding, terminal=terminal)
    clocks: dict[str, Any] = {"monotonic": monotonic} if monotonic else {}
    with patch.dict(os.environ, env or {}):
        runtime = Runtime(
            stdin=StringIO(stdin),
            stdout=out,
            stderr=err,
            environ=os.environ,
            cwd=cwd or Path.cwd(),
            clock=Clock(
                now=(lambda: now) if isinstance(now, datetime) else now, sleep=sleep, **clocks
            ),
            transport=transport,
        )
        code = app.run(argv, runtime)
    return Finished(code=code, out=out.text(), err=err.text())


class Web(httpx.BaseTransport):
    """A network: the answers by address, one per request, then the last one repeatedly."""

    def __init__(self, answers: Mapping[str, Answer | list[Answer]]) -> None:
        self.seen: list[httpx.Request] = []
        self._answers = {
            url: list(answer) if isinstance(answer, list) else [answer]
            for url, answer in answers.items()
        }

    @property
    def asked(self) -> list[str]:
        return [str(request.url) for request in self.seen]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        answers = self._answers.get(str(request.url), [httpx.Response(404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        if not answer.is_stream_consumed:
            return answer
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=Pieces(answer.content)
        )


class Pieces(httpx.SyncByteStream):
    """A body that arrives in pieces; `between` is called before each."""

    def __init__(self, *pieces: bytes, between: Callable[[], None] = lambda: None) -> None:
        self._pieces = pieces
        self._between = between

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._between()
            yield piece


class _Output(TextIOWrapper):
    """A stream in memory with a real encoding, which may claim to be a terminal."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        self._bytes = BytesIO()
        self._terminal = terminal
        super().__init__(self._bytes, encoding=encoding, newline="")

    def isatty(self) -> bool:
        return self._terminal

    def text(self) -> str:
        self.flush()
        return self._bytes.getvalue().decode(self.encoding)


@contextmanager
def spawn(
    *argv: str,
    env: Mapping[str, str] | None = None,
    stdin: int | IO[Any] | None = subprocess.DEVNULL,
    stdout: int | IO[Any] = subprocess.PIPE,
    stderr: int | IO[Any] = subprocess.PIPE,
    command: Sequence[str] = (sys.executable, "-m", "outlogger_cli"),
    **options: Any,
) -> Iterator["subprocess.Popen[str]"]:
    """Run the command as a process; it is killed if it has not ended with the block."""
    with subprocess.Popen(
        [*command, *argv],
        env={**os.environ, **(env or {})},
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        encoding="utf-8",
        **options,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()


def finish(process: "subprocess.Popen[str]") -> Finished:
    """Wait for a spawned command; fails if it has not ended within `PATIENCE`."""
    out, err = process.communicate(timeout=PATIENCE)
    return Finished(code=process.returncode, out=out or "", err=err or "")
