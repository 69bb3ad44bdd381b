"""Connections that are refused, reset, cut or half closed, at every stage of an answer.

A connection that ends without an answer is retried once; one that breaks within a body is not.
"""

import re
from functools import cache, partial

import pytest

from tests.cli.commands.pages import HEALTHY
from tests.faults.pages import (
    ANSWER,
    GOOD,
    Broken,
    assert_read,
    assert_unknown,
    check,
    served,
    vendors,
)
from tests.origin import Connection, Fault, Origin, Reply, Route, closed_port, faults
from tests.origin.faults import after_hello, send
from tests.running import Finished

SOME_HEADERS = b"HTTP/1.1 200 OK\r\nContent-"
RESET = "connection reset by peer"
NO_ANSWER = "connection closed without a response"
RESET_IN_TLS = re.compile(f"connection closed .+|{RESET}")
"""The message depends on how much was read before the reset, and on the Python version."""

broken = partial(Broken, kind="connect")
without_tls = partial(broken, origin={"tls": False})


BROKEN = {
    "refused": broken(said="connection refused", url=f"https://127.0.0.1:{closed_port()}"),
    "reset-in-the-handshake": broken(
        said=f"{RESET}", origin={"on_connect": after_hello(faults.reset)}
    ),
    "cut-in-the-handshake": Broken(
        kind="tls",
        said="TLS handshake failed: connection closed",
        origin={"on_connect": after_hello(faults.cut)},
    ),
    "half-closed-in-the-handshake": Broken(
        kind="tls",
        said="TLS handshake failed: connection closed",
        origin={"on_connect": after_hello(faults.half_close)},
    ),
    "reset-before-an-answer": broken(said=RESET_IN_TLS, route=faults.reset),
    "reset-before-an-answer-without-tls": without_tls(said=f"{RESET}", route=faults.reset),
    "reset-in-the-headers": broken(said=RESET_IN_TLS, route=send(SOME_HEADERS, then=faults.reset)),
    "reset-in-the-headers-without-tls": without_tls(
        said=f"{RESET}", route=send(SOME_HEADERS, then=faults.reset)
    ),
    "reset-in-the-body": broken(said=RESET_IN_TLS, route=faults.reset_mid_body),
    "cut-in-the-headers": broken(said=NO_ANSWER, route=send(SOME_HEADERS, then=faults.cut)),
    "cut-between-two-headers": broken(
        said=NO_ANSWER, route=send(b"HTTP/1.1 200 OK\r\nServer: acme\r\n", then=faults.cut)
    ),
    "cut-in-the-address-of-a-redirect": broken(
        said=NO_ANSWER,
        route=send(b"HTTP/1.1 302 Found\r\nLocation: /api/v2", then=faults.cut),
    ),
    "half-closed-in-the-headers": broken(
        said=NO_ANSWER, route=send(SOME_HEADERS, then=faults.half_close)
    ),
    "closed-in-the-headers": broken(said=NO_ANSWER, route=send(SOME_HEADERS)),
    "cut-after-an-interim-answer": broken(
        said=NO_ANSWER, route=send(b"HTTP/1.1 100 Continue\r\n\r\n", then=faults.cut)
    ),
}


@cache
def finished() -> Finished:
    with served(BROKEN) as urls:
        return check(urls, BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_connection_is_unknown_with_its_reason(name: str) -> None:
    assert_unknown(finished(), name, BROKEN[name])


@pytest.mark.parametrize(
    "fault",
    [faults.reset, faults.empty_answer, send(SOME_HEADERS)],
    ids=["reset", "no answer", "half of the headers"],
)
def test_a_connection_that_breaks_before_an_answer_is_retried_once(fault: Fault) -> None:
    with Origin(routes={"*": [fault, GOOD]}) as origin:
        finished = check({"acme": origin.url})
    assert_read(vendors(finished)["acme"])
    assert len(origin.connections) == 2


class Slow(Origin):
    """An origin that waits before it answers the handshake."""

    def serve(self, connection: Connection) -> None:
        connection.pause(1.5)
        super().serve(connection)


def test_a_handshake_may_take_longer_than_a_connection() -> None:
    with Slow(routes={"*": GOOD}) as origin:
        finished = check({"acme": origin.url}, {}, "--timeout", "3s")
    assert_read(vendors(finished)["acme"])


def test_an_answer_sent_before_the_request_is_read() -> None:
    def hasty(connection: Connection) -> None:
        connection.send(ANSWER)
        next(connection.requests(), None)

    with Origin(tls=False, on_connect=hasty) as origin:
        finished = check({"acme": origin.url})
    assert_read(vendors(finished)["acme"])


def test_a_connection_closed_between_two_documents_is_opened_again() -> None:
    routes: dict[str, Route] = {
        "/api/v2/summary.json": send(ANSWER, then=faults.cut),
        "/api/v2/incidents.json": Reply(body={**HEALTHY, "incidents": []}),
    }
    with Origin(routes=routes) as origin:
        finished = check({"acme": origin.url}, command="status")
    acme = vendors(finished)["acme"]
    assert_read(acme)
    assert acme["reasons"] == []
    assert len(origin.connections) == 2
