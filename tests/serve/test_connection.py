"""Connections of clients that are too slow: they end, and others are not held up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from outlogger_cli.serve import connection
from outlogger_cli.serve.connection import Connection

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HUGE = PlainTextResponse(b"a" * 50_000_000)
"""More than the buffers of a connection hold."""


@asynccontextmanager
async def connected(application: ASGIApp) -> AsyncIterator[Client]:
    config = Config(application, http=Connection, log_config=None, lifespan="off")
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(config=config, server_state=state, app_state={}), "127.0.0.1"
    )
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        yield reader, writer
        writer.close()
        await asyncio.gather(*state.tasks)


def run(application: ASGIApp, talk: Callable[[Client], Awaitable[None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(20), connected(application) as client:
            await talk(client)

    asyncio.run(main())


async def ended(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("sent", [b"", REQUEST[:20]])
def test_a_request_that_does_not_arrive_ends(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.05)

    async def talk(client: Client) -> None:
        reader, writer = client
        writer.write(sent)
        assert await ended(reader)

    run(PlainTextResponse("fine"), talk)


@pytest.mark.parametrize("header", ["", "Connection: close\r\n"])
def test_a_connection_ends_after_its_last_request(
    header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.05)

    async def talk(client: Client) -> None:
        reader, writer = client
        writer.write(REQUEST.replace(b"Host", f"{header}Host".encode()))
        assert (await reader.readuntil(b"fine")).startswith(b"HTTP/1.1 200 ")
        assert await ended(reader)

    run(PlainTextResponse("fine"), talk)


def test_an_answer_that_takes_long_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.01)

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        later = asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, later.set)
        await later.wait()
        await PlainTextResponse("fine")(scope, receive, send)

    async def talk(client: Client) -> None:
        reader, writer = client
        writer.write(REQUEST)
        assert b"fine" in await reader.read()

    run(slow, talk)


def test_an_answer_that_is_not_read_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.05)
    given_up = asyncio.Event()

    async def huge(scope: Scope, receive: Receive, send: Send) -> None:
        await HUGE(scope, receive, send)
        given_up.set()

    async def talk(client: Client) -> None:
        client[1].write(REQUEST)
        await given_up.wait()

    run(huge, talk)
