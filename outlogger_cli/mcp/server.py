"""The server: tools over standard input and output, with the official SDK."""

import logging
import sys
import traceback
from contextlib import redirect_stdout
from functools import partial
from typing import Any

import anyio
from anyio.to_thread import run_sync
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as ToolInfo

from outlogger_cli.domain.errors import OutloggerError
from outlogger_cli.domain.text import whole_line
from outlogger_cli.domain.version import __version__
from outlogger_cli.mcp.source import Source
from outlogger_cli.mcp.tools import INSTRUCTIONS, TOOLS, Tool, input_schema, output_schema

CALLS = 16
"""Calls that are answered at a time; others wait."""

_ERROR_LIMIT = 2000

_logger = logging.getLogger("outlogger.mcp")
_logger.addHandler(logging.NullHandler())


def serve(source: Source) -> None:
    """Answer until standard input ends.

    Standard output carries the protocol only: what is printed meanwhile goes to standard error.
    """
    try:
        anyio.run(partial(_serve, build(source)))
    except* BrokenPipeError:
        pass  # the client has gone


async def _serve(server: "Server[Any]") -> None:
    async with stdio_server() as (received, sent):
        with redirect_stdout(sys.stderr):
            await server.run(received, sent, server.create_initialization_options())


def build(source: Source) -> "Server[Any]":
    """Build the server with all tools."""
    limiter = anyio.CapacityLimiter(CALLS)

    async def list_tools(_context: Any, _params: Any) -> ListToolsResult:
        return ListToolsResult(tools=[_info(tool) for tool in TOOLS])

    async def call_tool(_context: Any, params: CallToolRequestParams) -> CallToolResult:
        call = partial(_called, source, params.name, params.arguments or {})
        # A call that the client cancels is abandoned; its pages have time limits.
        return await run_sync(call, abandon_on_cancel=True, limiter=limiter)

    return Server(
        "outlogger",
        title="outlogger: status pages of vendors",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _info(tool: Tool) -> ToolInfo:
    return ToolInfo(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=input_schema(tool),
        output_schema=output_schema(tool),
        annotations=ToolAnnotations(
            title=tool.title,
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=tool.open_world,
        ),
    )


def _called(source: Source, name: str, arguments: dict[str, Any]) -> CallToolResult:
    """Call a tool; what went wrong is a result, too, so that the agent can read it."""
    tool = next((one for one in TOOLS if one.name == name), None)
    if tool is None:
        return _failed(f"unknown tool; tools: {', '.join(one.name for one in TOOLS)}")
    try:
        answer = tool.call(source, arguments)
    except OutloggerError as error:
        return _failed(str(error))
    except Exception as error:
        # Its text may hold a part of a log: it is written by --debug alone.
        _logger.exception("%s: %s", name, traceback.format_exc())
        kind = type(error).__name__
        return _failed(f"this is a bug ({kind}), not a verdict; please report it to outlogger")
    return CallToolResult(
        content=[TextContent(type="text", text=answer.text)],
        structured_content=dict(answer.document),
    )


def _failed(message: str) -> CallToolResult:
    text = whole_line(message[:_ERROR_LIMIT])
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)
