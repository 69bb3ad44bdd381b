"""`outlogger serve` as a process, and real HTTP requests to it.

with serving(origin.url) as server:
    assert server.get("/healthz").status == 200
"""

import http.client
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.running import PATIENCE, Finished, spawn

POLLS = 5000
"""Requests after which a server that is not ready fails the test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(slots=True, kw_only=True)
class Server:
    process: "subprocess.Popen[str]"
    url: str
    said: list[str] = field(default_factory=list)
    """The lines of standard error up to the one with the address."""

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """The answer to one request; `_` in names of headers stands for a hyphen."""
        return get(f"{self.url}{path}", method, **headers)

    def ready(self) -> "Server":
        """Wait until every page was read, or tried, once."""
        for _ in range(POLLS):
            if self.get("/readyz").status == 200:
                return self
        raise AssertionError("the server did not become ready")

    def stop(self, signal: int) -> Finished:
        """End the server; `err` is what it said after its address."""
        self.process.send_signal(signal)
        code = self.process.wait(PATIENCE)
        assert self.process.stdout
        assert self.process.stderr
        return Finished(code=code, out=self.process.stdout.read(), err=self.process.stderr.read())


def get(url: str, method: str = "GET", **headers: str) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        path = url.partition(parts.netloc)[2]
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        text = response.read().decode()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, headers=found, text=text)
    finally:
        connection.close()


@contextmanager
def serving(*argv: str, listen: str = "127.0.0.1:0", **options: Any) -> Iterator[Server]:
    """Run the server on a free port until the end of the block."""
    with spawn("serve", "--listen", listen, *argv, **options) as process:
        assert process.stderr
        said = []
        for row in process.stderr:
            said.append(row.rstrip("\n"))
            _, listening, url = row.partition("Listening on ")
            if listening:
                yield Server(process=process, url=url.strip(), said=said)
                process.terminate()  # a process that is killed tells not which lines ran
                process.wait(PATIENCE)
                return
    raise AssertionError(f"the server did not start: {said}")
