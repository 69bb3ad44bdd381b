"""What the tests of `outlogger watchlist` share: pages in memory, and what it says."""

import json
from io import StringIO
from typing import Any

import httpx

from tests.running import Finished, run_command
from tests.support import DATA

GITHUB = "https://www.githubstatus.com"
ACME = "https://status.acme.example"
SAMPLES = DATA / "exchange"


def page(*names: str, title: str = "Acme", groups: dict[str, str] | None = None) -> dict[str, Any]:
    """A healthy Statuspage summary with these components; `groups` says which stand in one."""
    groups = groups or {}
    rows = [
        {
            "id": f"id{at}",
            "name": name,
            "status": "operational",
            "position": at,
            "group": False,
            "group_id": groups.get(name),
        }
        for at, name in enumerate(names)
    ]
    heads = [
        {"id": group, "name": group, "status": "operational", "position": 99, "group": True}
        for group in dict.fromkeys(groups.values())
    ]
    return {
        "page": {"id": "page00000001", "name": title, "url": ACME, "time_zone": "Etc/UTC"},
        "components": rows + heads,
        "incidents": [],
        "scheduled_maintenances": [],
        "status": {"indicator": "none", "description": "All Systems Operational"},
    }


def serving(**pages: object) -> httpx.MockTransport:
    """A network with the pages of `github`, `acme` and others by slug; all else is a 404."""
    hosts = {"github": "www.githubstatus.com", "openai": "status.openai.com"}
    bodies = {hosts.get(name, f"status.{name}.example"): body for name, body in pages.items()}

    def answer(request: httpx.Request) -> httpx.Response:
        body = bodies.get(request.url.host)
        if isinstance(body, Exception):
            raise body
        if body is None or request.url.path != "/api/v2/summary.json":
            return httpx.Response(404, stream=httpx.ByteStream(b""))
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(body).encode()))

    return httpx.MockTransport(answer)


def watchlist(*argv: str, **options: Any) -> Finished:
    return run_command("watchlist", *argv, **options)


def added(*lines: str) -> Finished:
    return Finished(code=0, out="".join(f"{line}\n" for line in lines), err="")


def refused(message: str) -> Finished:
    return Finished(code=2, out="", err=f"outlogger: {message}\n")


class Keyboard(StringIO):
    """Standard input that says it is a terminal."""

    def isatty(self) -> bool:
        return True
