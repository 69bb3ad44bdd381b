"""Agents that ask the server: the SDK's own client, over standard input and output or in memory."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from typing import Any, TextIO, TypeVar, cast

import anyio
import httpx
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent

from outlogger_cli.cli.commands.mcp import PageSource
from outlogger_cli.cli.options import NetworkOptions
from outlogger_cli.mcp import server
from outlogger_cli.mcp.source import Source
from outlogger_cli.system.runtime import Clock, Runtime
from tests.support import NOW

Result = TypeVar("Result")


def source(
    transport: httpx.BaseTransport | None = None, *, watchlist: Path | None = None
) -> PageSource:
    """What the command reads with, on a network in memory."""
    runtime = Runtime(
        stdin=StringIO(),
        stdout=StringIO(),
        stderr=StringIO(),
        environ=os.environ,
        cwd=Path.cwd(),
        clock=Clock(now=lambda: NOW, sleep=lambda _seconds: None),
        transport=transport,
    )
    return PageSource(runtime, watchlist, NetworkOptions(retries=0), None, quiet=False)


def ask(
    tool: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    transport: httpx.BaseTransport | None = None,
    watchlist: Path | None = None,
    using: Source | None = None,
) -> CallToolResult:
    """The answer of a server in this process."""
    built = server.build(using or source(transport, watchlist=watchlist))

    async def call() -> CallToolResult:
        async with Client(built) as client:
            return await client.call_tool(tool, dict(arguments or {}))

    return anyio.run(call)


@asynccontextmanager
async def connected(
    *argv: str,
    stderr: TextIO | None = None,
    command: Sequence[str] = (sys.executable, "-m", "outlogger_cli", "mcp"),
    mode: str = "auto",
) -> AsyncIterator[Client]:
    """A client of a server that runs as a process of its own."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as unread:
        program, *words = [*command, *argv]
        parameters = StdioServerParameters(
            command=program, args=words, env=dict(os.environ), cwd=Path.cwd()
        )
        transport = stdio_client(parameters, errlog=stderr or cast(TextIO, unread))
        async with Client(transport, mode=mode) as client:
            yield client


def with_client(use: Callable[[Client], Awaitable[Result]], *argv: str, **options: Any) -> Result:
    """What `use` makes of a client of a server process."""

    async def run() -> Result:
        with anyio.fail_after(50):
            async with connected(*argv, **options) as client:
                return await use(client)

    return anyio.run(run)


def text_of(result: CallToolResult) -> str:
    """The one text of an answer."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text
