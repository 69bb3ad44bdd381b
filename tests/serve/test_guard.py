"""The guard: what it says of an application that fails, and addresses in other forms."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from outlogger_cli.serve.guard import Guard


async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ValueError("two\nlines")


def test_an_error_is_said_in_one_line_and_the_request_logged() -> None:
    said: list[str] = []
    logged: list[str] = []
    guard = Guard(failing, (), say=said.append, log=logged.append)
    client = TestClient(guard, raise_server_exceptions=False)
    assert client.get("/x").status_code == 500
    assert said == ["GET /x: this is a bug (ValueError: two lines)"]
    assert [row.rpartition(" 500 ")[0] for row in logged] == ["testclient GET /x"]


@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1:8469", 200),
        ("192.0.2.1", "[::ffff:192.0.2.1]", 200),
        ("fe80::1%eth0", "[fe80::1]:80", 200),
        ("2001:db8::1", "[2001:DB8:0::1]", 200),
        ("192.0.2.1", "192.0.2.2", 421),
        ("192.0.2.1", "192.0.2.1.evil.example", 421),
        ("192.0.2.1", "evil.example:192.0.2.1", 421),
        ("192.0.2.1", "evil@192.0.2.1", 421),
        ("192.0.2.1", "192.0.2.1:8469:1", 421),
        ("192.0.2.1", "3221225985", 421),
    ],
)
def test_the_address_a_request_arrived_at_is_answered_for(
    address: str, host: str, status: int
) -> None:
    guard = Guard(PlainTextResponse("fine"), (), say=print, log=None)

    async def arriving(scope: Scope, receive: Receive, send: Send) -> None:
        await guard({**scope, "server": (address, 8469)}, receive, send)

    assert TestClient(arriving).get("/", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("http://192.0.2.1:8469/metrics", "192.0.2.1", 200),
        ("http://localhost", "localhost", 200),
        ("http://evil.example/metrics", "localhost", 421),
        ("http://localhost@evil.example/", "localhost", 421),
        ("http://localhost/metrics", "evil.example", 421),
    ],
)
def test_a_whole_address_is_taken_apart(path: str, host: str, status: int) -> None:
    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(scope["path"])(scope, receive, send)

    guard = Guard(asked, (), say=print, log=None)

    async def arriving(scope: Scope, receive: Receive, send: Send) -> None:
        await guard({**scope, "path": path, "server": ("192.0.2.1", 8469)}, receive, send)

    answer = TestClient(arriving).get("/", headers={"Host": host})
    assert answer.status_code == status
    assert status != 200 or answer.text == ("/metrics" if "metrics" in path else "/")
