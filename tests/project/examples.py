"""What the tests of examples share: their text, pages on loopback, and shells."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.cli.commands.pages import HEALTHY
from tests.origin import Reply
from tests.running import Finished, finish, spawn
from tests.tools.check_docs import ROOT

EXAMPLES = ROOT / "examples"
RUNNER = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
"""How GitHub runs a step in bash."""

Show = Callable[[object], None]


def text(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def page(**statuses: str) -> Mapping[str, Any]:
    """A page with components of GitHub, operational except for `statuses`."""
    names = ("Git Operations", "API Requests", "Actions")
    components = [
        {"id": name, "name": name, "status": statuses.get(name, "operational")} for name in names
    ]
    return {**HEALTHY, "components": components}


FINE = page()
OUT = page(Actions="major_outage")
UNREADABLE = Reply(status=403)


def sh(script: str, *words: str, shell: tuple[str, ...] = ("sh", "-c"), **env: str) -> Finished:
    with spawn(script, *words, command=shell, env=env) as process:
        return finish(process)
