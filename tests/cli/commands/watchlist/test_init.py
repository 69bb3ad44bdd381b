"""`outlogger watchlist init`, and the JSON Schema it names."""

import json
from pathlib import Path

import pytest

from outlogger_cli.domain.version import __version__
from outlogger_cli.watchlist import json_schema
from tests.cli.commands.watchlist.lists import added, refused, watchlist
from tests.running import Finished, run_command

HINT = "add vendors: outlogger watchlist add NAME\n"
PUBLIC = f"#:schema {json_schema.address(__version__)}"


def first_line(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0]


def test_init_writes_the_list_at_the_root_of_the_repository(home: Path) -> None:
    (home / "repository" / ".git").mkdir(parents=True)
    folder = home / "repository" / "src"
    folder.mkdir()
    path = home / "repository" / "outlogger.toml"
    assert watchlist("init", cwd=folder) == Finished(code=0, out=f"Created {path}\n", err=HINT)
    assert first_line(path) == PUBLIC
    assert run_command("watchlist", "validate", cwd=folder) == added(f"{path}: ok, 0 vendors")


@pytest.mark.parametrize("below", ["", "folder"])
def test_init_writes_the_users_list_outside_of_a_repository(home: Path, below: str) -> None:
    folder = home / below
    folder.mkdir(exist_ok=True)
    path = home / ".config" / "outlogger" / "watchlist.toml"
    assert watchlist("init", cwd=folder).out == f"Created {path}\n"
    assert first_line(path) == PUBLIC


def test_init_writes_the_users_list_outside_of_the_home(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    path = home / ".config" / "outlogger" / "watchlist.toml"
    assert watchlist("init", cwd=folder).out == f"Created {path}\n"


def test_init_writes_the_list_that_is_named_and_takes_vendors_then(home: Path) -> None:
    assert watchlist("init", "--watchlist", "my.toml", "-q") == added()
    text = (home / "my.toml").read_text()
    assert watchlist("add", "github", "--no-check", "--watchlist", "my.toml", "-q") == added()
    assert (home / "my.toml").read_text() == f"{text}\n[vendors.github]\n"


def test_init_never_overwrites(path: Path, home: Path) -> None:
    (home / ".git").mkdir()
    path.write_text("")
    message = f"{path} already exists; to change it: outlogger watchlist edit"
    assert watchlist("init") == refused(message)
    assert watchlist("init", "--watchlist", str(home)) == refused(
        message.replace(str(path), str(home))
    )
    assert path.read_text() == ""


def test_init_writes_the_schema_beside_the_list(path: Path, home: Path) -> None:
    (home / ".git").mkdir()
    assert watchlist("init", "--schema", "etc/outlogger.schema.json").code == 0
    assert first_line(path) == "#:schema ./etc/outlogger.schema.json"
    schema = home / "etc" / "outlogger.schema.json"
    assert schema.read_text() == json_schema.text()
    path.unlink()
    assert watchlist("init", "--schema", str(schema)).code == 0
    assert first_line(path) == "#:schema ./etc/outlogger.schema.json"
    schema.write_text("mine")
    assert watchlist("init", "--schema", str(schema), "--watchlist", "a/b.toml") == refused(
        f"{schema} already exists; use another path for --schema"
    )
    assert not (home / "a" / "b.toml").exists()
    assert watchlist("init", "--schema", "../c.json", "--watchlist", "a/b.toml").code == 0
    assert first_line(home / "a" / "b.toml") == "#:schema ../c.json"


def test_help_prints_the_schema_of_the_watchlist() -> None:
    finished = run_command("help", "json-schema", "watchlist")
    assert json.loads(finished.out)["title"] == "Watchlist"
    assert (finished.code, finished.out) == (0, json_schema.text())
