"""The origin of the benchmark: one process with many Statuspage hosts on loopback.

`python -m tests.bench.origin FOLDER HOSTS` writes `cacert.pem` to FOLDER, listens at the first
HOSTS addresses of `track.address`, prints its port, and ends with its standard input.
"""

import asyncio
import gzip
import hashlib
import json
import random
import resource
import ssl
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme

from tests.bench.track import NAMES, address

DELAY_SECONDS = 0.05
SHARED_BY = 16  # addresses per certificate, so that its size is realistic

_PROSE = (
    "we are currently investigating elevated error rates and increased latency for a subset of "
    "customers using the API dashboard engineers have identified the cause as a saturated queue "
    "in one region a fix has been deployed and results are being monitored requests may time out "
    "or return errors until recovery is complete no data was lost and all services operate normally"
)
_WORDS = _PROSE.split()


def documents(now: datetime) -> dict[str, bytes]:
    """The documents of a healthy page with 11 components and 50 past incidents, by path."""
    words = random.Random(1)
    incidents = [_incident(words, now - timedelta(hours=30 * n + 9)) for n in range(50)]
    page = {
        "id": "bench0000001",
        "name": "Bench",
        "url": "https://status.bench.example",
        "time_zone": "Etc/UTC",
        "updated_at": _time(now),
    }
    summary = {
        "page": page,
        "components": [_component(words, n, now) for n in range(11)],
        "incidents": [],
        "scheduled_maintenances": [],
        "status": {"indicator": "none", "description": "All Systems Operational"},
    }
    return {
        "/api/v2/summary.json": json.dumps(summary).encode(),
        "/api/v2/incidents.json": json.dumps({"page": page, "incidents": incidents}).encode(),
    }


def _component(words: random.Random, position: int, now: datetime) -> dict[str, Any]:
    return {
        "id": _id(words),
        "name": f"{words.choice(_WORDS)} {words.choice(_WORDS)}".title(),
        "status": "operational",
        "created_at": _time(now - timedelta(days=900)),
        "updated_at": _time(now - timedelta(days=position)),
        "position": position,
        "description": _text(words, 12),
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": "bench0000001",
        "group": False,
        "only_show_if_degraded": False,
    }


def _incident(words: random.Random, began: datetime) -> dict[str, Any]:
    identity, component = _id(words), _id(words)
    stages = ("resolved", "monitoring", "investigating")
    updates = [
        {
            "id": _id(words),
            "status": stage,
            "body": _text(words, 35),
            "incident_id": identity,
            "created_at": _time(began + timedelta(minutes=20 * (2 - order))),
            "updated_at": _time(began + timedelta(minutes=20 * (2 - order))),
            "display_at": _time(began + timedelta(minutes=20 * (2 - order))),
            "affected_components": [
                {
                    "code": component,
                    "name": _text(words, 2),
                    "old_status": "operational",
                    "new_status": "degraded_performance",
                }
            ],
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }
        for order, stage in enumerate(stages)
    ]
    return {
        "id": identity,
        "name": _text(words, 5).capitalize(),
        "status": "resolved",
        "created_at": _time(began),
        "updated_at": _time(began + timedelta(hours=1)),
        "monitoring_at": _time(began + timedelta(minutes=40)),
        "resolved_at": _time(began + timedelta(hours=1)),
        "impact": words.choice(("none", "minor", "minor", "major")),
        "shortlink": f"https://stspg.io/{identity}",
        "started_at": _time(began),
        "page_id": "bench0000001",
        "incident_updates": updates,
        "components": [],
        "reminder_intervals": None,
    }


def _id(words: random.Random) -> str:
    return "".join(words.choices("0123456789abcdfghjklmnpqrstvwxyz", k=12))


def _text(words: random.Random, length: int) -> str:
    return " ".join(words.choices(_WORDS, k=length))


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Answers:
    """The answers as bytes, made once."""

    def __init__(self, bodies: dict[str, bytes]) -> None:
        self._plain = {path.encode(): _wire(body) for path, body in bodies.items()}
        self._packed = {path.encode(): _wire(body, packed=True) for path, body in bodies.items()}
        self._unchanged = {
            path.encode(): (
                tag := _etag(body),
                b"HTTP/1.1 304 Not Modified\r\nETag: %b\r\n\r\n" % tag,
            )
            for path, body in bodies.items()
        }

    def to(self, head: bytes) -> bytes:
        """The answer to a request; `head` is its bytes up to the empty line."""
        path = head.split(b" ", 2)[1]
        if path not in self._plain:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        tag, unchanged = self._unchanged[path]
        if tag in head:
            return unchanged
        return (self._packed if b"gzip" in head else self._plain)[path]


def _etag(body: bytes) -> bytes:
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'.encode()


def _wire(body: bytes, *, packed: bool = False) -> bytes:
    sent = gzip.compress(body, mtime=0) if packed else body
    lines = [
        b"HTTP/1.1 200 OK",
        b"Content-Type: application/json; charset=utf-8",
        b"Content-Length: %d" % len(sent),
        b"ETag: " + _etag(body),
        b"Cache-Control: max-age=0, private, must-revalidate",
        b"Vary: Accept-Encoding",
    ]
    if packed:
        lines.append(b"Content-Encoding: gzip")
    return b"\r\n".join([*lines, b"", sent])


class Client(asyncio.Protocol):
    """A connection that is kept alive; every answer is delayed by `DELAY_SECONDS`."""

    def __init__(self, answers: Answers, loop: asyncio.AbstractEventLoop) -> None:
        self._answers = answers
        self._loop = loop
        self._waiting = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for head in heads:
            self._loop.call_later(DELAY_SECONDS, self._answer, head)

    def _answer(self, head: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._answers.to(head))


def _contexts(folder: Path, hosts: int) -> list[ssl.SSLContext]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "cacert.pem"))
    contexts = []
    for first in range(0, hosts, SHARED_BY):
        addresses = [address(number) for number in range(first, first + SHARED_BY)]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*addresses, f"*.{NAMES}").configure_cert(context)
        contexts.append(context)
    return contexts


async def serve(folder: Path, hosts: int) -> None:
    """Listen at every address on one port, print it, and wait for the end of standard input."""
    loop = asyncio.get_running_loop()
    answers = Answers(documents(datetime.now(UTC)))
    contexts = _contexts(folder, hosts)
    port = 0
    for number in range(hosts):
        server = await loop.create_server(
            lambda: Client(answers, loop),
            address(number),
            port,
            ssl=contexts[number // SHARED_BY],
            backlog=8,
        )
        port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    threading.Thread(target=_watch, args=(loop, ended), daemon=True).start()
    await ended.wait()


def _watch(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    sys.stdin.read()
    loop.call_soon_threadsafe(ended.set)


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
