"""The configuration for AI agents: each client's own format starts the server."""

import json
import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from mcp import Client

from tests.mcp.agents import with_client
from tests.tools.check_docs import ROOT

AGENTS = ROOT / "examples" / "agents"
README = (AGENTS / "README.md").read_text(encoding="utf-8")


def of_json(key: str) -> Callable[[str], Mapping[str, Any]]:
    return lambda text: json.loads(text)[key]


@pytest.mark.parametrize(
    ("name", "servers"),
    [
        ("mcp.json", of_json("mcpServers")),
        ("vscode.json", of_json("servers")),
        ("codex.toml", lambda text: tomllib.loads(text)["mcp_servers"]),
    ],
)
def test_a_client_starts_the_server(name: str, servers: Callable[[str], Mapping[str, Any]]) -> None:
    found = servers((AGENTS / name).read_text(encoding="utf-8"))
    assert [*found] == ["outlogger"]
    server = found["outlogger"]
    assert server.get("type", "stdio") == "stdio"
    assert f"[{name}]({name})" in README
    # uvx installs the distribution with its extra and runs the rest
    assert [server["command"], *server["args"][:3]] == [
        *("uvx", "--from", "outlogger-cli[mcp]", "outlogger")
    ]

    async def tools(client: Client) -> list[str]:
        return [tool.name for tool in (await client.list_tools()).tools]

    command = (sys.executable, "-m", "outlogger_cli", *server["args"][3:])
    assert with_client(tools, command=command) == re.findall(r"^\| `(\w+)` \|", README, re.M)


def test_the_extra_exists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "mcp" in project["optional-dependencies"]
