"""The JSON Schema of listings, against what every command that lists something prints."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.cli.commands.help import SCHEMAS
from tests.cli.commands.pages import FINE, serving
from tests.running import run_command

DRAFT: Any = import_module("jsonschema").Draft202012Validator  # jsonschema ships no types
WORKFLOW = "on: push\njobs:\n  a:\n    steps:\n    - uses: actions/checkout@v4\n"
LISTINGS = [
    ("vendors", "list"),
    ("vendors", "search", "github"),
    ("vendors", "show", "github", "permutive"),
    ("vendors", "detect", FINE, "https://gone.example"),
    ("vendors", "doctor", "github"),
    ("watchlist", "list"),
    ("watchlist", "show", "github"),
    ("watchlist", "suggest", "."),
    ("mute", "--list"),
]


@pytest.fixture(autouse=True)
def _project(home: Path) -> None:
    """A folder with a watchlist, a mute, and a file from which a vendor can be suggested."""
    (home / ".github" / "workflows").mkdir(parents=True)
    (home / ".github" / "workflows" / "test.yml").write_text(WORKFLOW)
    assert run_command("watchlist", "add", "github", "-c", "Actions", "--no-check").code == 0
    assert run_command("mute", "github", "--for", "2h").code == 0


def validator() -> Any:
    return DRAFT(json.loads(run_command("help", "json-schema", "listing").out))


@pytest.mark.parametrize("argv", LISTINGS)
def test_every_listing_passes_and_none_with_another_key(argv: tuple[str, ...]) -> None:
    found = json.loads(run_command(*argv, "--json", transport=serving({})).out)
    assert found["items"]
    validator().validate(found)
    for change in ({"schema_version": 2}, {"command": "vendors"}, {"more": 1}):
        assert not validator().is_valid({**found, **change})
    item = found["items"][0]
    assert not validator().is_valid({**found, "items": [{**item, "more": 1}]})
    assert not validator().is_valid({**found, "items": [dict(list(item.items())[1:])]})


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_printed_and_valid(name: str) -> None:
    schema = json.loads(run_command("help", "json-schema", name).out)
    import_module("jsonschema").validators.validator_for(schema).check_schema(schema)


def test_an_unknown_schema_is_refused_with_those_there_are() -> None:
    finished = run_command("help", "json-schema", "verdict")
    assert finished.code == 2
    assert "unknown JSON Schema 'verdict'" in finished.err
    assert "listing" in finished.err
