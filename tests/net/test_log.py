"""What `net` logs: every request and connection attempt at level DEBUG, and never a secret."""

import errno
import logging
import os
import re
import socket
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import timedelta
from typing import Any

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import Endpoint
from outlogger_cli.net import tls
from outlogger_cli.net.client import Client, Network
from tests.faults.pages import swallowing
from tests.origin import (
    Origin,
    Proxy,
    Reply,
    Route,
    cacert,
    closed_port,
    faults,
    proxied_by,
    redirect,
)

TRUSTING = tls.contexts(cacert(), {})
REFUSED = os.strerror(errno.ECONNREFUSED)


@pytest.fixture(autouse=True)
def _debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "outlogger.net")


def get(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    validators: Mapping[str, str] | None = None,
    budget: float = 10,
    **options: Any,
) -> None:
    """Make one request, however it ends."""
    network = Network(tls=TRUSTING, sleep=lambda _: None, jitter=lambda: 0.5, **options)
    client = Client(
        network,
        url,
        until=network.monotonic() + budget,
        budget=timedelta(seconds=budget),
        headers=headers or {},
    )
    with closing(client), suppress(PageError):
        client.get(Endpoint(name="summary", url=url), validators=validators)


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The lines of `outlogger.net`, with `N` for milliseconds."""
    assert {record.levelno for record in caplog.records if record.name == "outlogger.net"} <= {10}
    lines = [record.getMessage() for record in caplog.records if record.name == "outlogger.net"]
    return [re.sub(r"\b\d+ ms", "N ms", line) for line in lines]


def connected(port: int) -> str:
    return f"connecting to 127.0.0.1 port {port}: connected"


def test_a_request_is_logged_with_status_time_and_size(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Origin(routes={"*": Reply(body=b" " * 14203, gzip=True)}) as origin:
        get(f"{origin.url}/api/v2/summary.json")
    assert logged(caplog) == [
        connected(origin.port),
        f"GET {origin.url}/api/v2/summary.json -> 200, N ms, 14,203 bytes",
    ]


def test_an_unchanged_document_is_logged_as_such(caplog: pytest.LogCaptureFixture) -> None:
    with Origin(routes={"*": Reply(body={}, etag='"s3cret"')}) as origin:
        get(f"{origin.url}/page", validators={"if-none-match": '"s3cret"'})
    assert logged(caplog)[1:] == [f"GET {origin.url}/page -> 304, N ms, 0 bytes"]


def test_redirects_and_retries_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    routes: dict[str, Route] = {
        "/old": redirect("/new?key=s3cret"),
        "/new": [Reply(status=503), Reply(body={})],
    }
    with Origin(routes=routes) as origin:
        get(f"{origin.url}/old")
    assert logged(caplog) == [
        connected(origin.port),
        f"GET {origin.url}/old -> 302, N ms, 0 bytes",
        f"redirect 302 to {origin.url}/new?...",
        connected(origin.port),
        f"GET {origin.url}/new?... -> 503, N ms, 0 bytes",
        "retrying in 0.3 s: HTTP 503 from the status page",
        connected(origin.port),
        f"GET {origin.url}/new?... -> 200, N ms, 2 bytes",
    ]


def test_every_connection_attempt_is_logged_with_its_result(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = closed_port()
    with Origin(tls=False, routes={"*": Reply(body={})}) as origin:
        resolve_to(monkeypatch, ("fe80::1", 443), ("127.0.0.1", closed), ("127.0.0.1", origin.port))
        get("http://status.acme.example")
    unusable, *others = logged(caplog)
    assert unusable.startswith("connecting to fe80::1 port 443: ")
    assert others == [
        f"connecting to 127.0.0.1 port {closed}: {REFUSED}",
        connected(origin.port),
        "GET http://status.acme.example -> 200, N ms, 2 bytes",
    ]


def test_an_address_that_does_not_answer_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with swallowing("127.0.0.1") as port:
        resolve_to(monkeypatch, ("127.0.0.1", port))
        get("http://status.acme.example", budget=0.1, retries=0)
    assert logged(caplog) == [
        f"connecting to 127.0.0.1 port {port}: no answer",
        "GET http://status.acme.example -> failed, N ms: timed out after 0.1 s",
    ]


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
    """Let every host have `addresses`, in their order."""
    look_up = socket.getaddrinfo
    found = [entry for host, port in addresses for entry in look_up(host, port, type=1)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def test_a_handshake_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with Origin(certificate="self_signed", routes={"*": Reply()}) as origin:
        get(origin.url)
    _, handshake, request = logged(caplog)
    assert handshake.startswith("TLS handshake with 127.0.0.1 failed: ")
    assert request.startswith(f"GET {origin.url} -> failed, N ms: invalid certificate (")


def test_an_answer_that_breaks_off_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with Origin(routes={"*": faults.length_too_long}) as origin:
        get(origin.url)
    assert logged(caplog)[1:] == [
        f"GET {origin.url} -> failed, N ms: connection closed before the end of the response"
    ]


@pytest.mark.parametrize("proxied", [False, True])
def test_no_secret_is_logged(caplog: pytest.LogCaptureFixture, proxied: bool) -> None:
    routes: dict[str, Route] = {
        "/page": redirect("/next?token=s3cret#s3cret"),
        "/next": [Reply(status=503, headers={"X-Key": "s3cret"}), Reply(body={"key": "s3cret"})],
    }
    with Origin(names=("status.acme.example",), routes=routes) as origin, Proxy(to=origin) as proxy:
        host = f"127.0.0.1:{origin.port}"
        get(
            f"https://user:s3cret@{host}/page?key=s3cret",
            headers={"Authorization": "OAuth s3cret", "X-Key": "s3cret"},
            validators={"if-none-match": '"s3cret"'},
            proxies=proxied and proxied_by(proxy.url.replace("//", "//user:s3cret@")),
        )
        assert origin.seen[-1].headers["x-key"] == "s3cret"
    lines = logged(caplog)
    assert f"GET https://{host}/page?... -> 302, N ms, 0 bytes" in lines
    assert f"GET https://{host}/next?... -> 200, N ms, 17 bytes" in lines
    assert not [line for line in lines if "s3cret" in line or "user" in line]


def test_nothing_is_logged_above_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "outlogger.net")
    with Origin(routes={"*": [faults.reset, redirect("/x"), Reply(body={})]}) as origin:
        get(origin.url)
    assert logged(caplog) == []
