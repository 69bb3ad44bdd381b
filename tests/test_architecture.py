"""The architecture: what packages import, what `check` loads, and what type checkers see."""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import outlogger_cli
from tests.origin import Origin, Reply
from tests.reports import component, page
from tests.running import finish, spawn, trusting

PACKAGE = Path(outlogger_cli.__file__).parent

LOADED = [
    "outlogger_cli",
    "outlogger_cli.__main__",
    "outlogger_cli.catalog",
    "outlogger_cli.catalog.catalog",
    "outlogger_cli.cli",
    "outlogger_cli.cli.app",
    "outlogger_cli.cli.command_line",
    "outlogger_cli.cli.commands",
    "outlogger_cli.cli.commands.check",
    "outlogger_cli.cli.display",
    "outlogger_cli.cli.options",
    "outlogger_cli.cli.output",
    "outlogger_cli.cli.session",
    "outlogger_cli.cli.writing",
    "outlogger_cli.domain",
    "outlogger_cli.domain.durations",
    "outlogger_cli.domain.errors",
    "outlogger_cli.domain.history",
    "outlogger_cli.domain.model",
    "outlogger_cli.domain.report",
    "outlogger_cli.domain.selection",
    "outlogger_cli.domain.similar",
    "outlogger_cli.domain.text",
    "outlogger_cli.domain.toml",
    "outlogger_cli.domain.values",
    "outlogger_cli.domain.verdict",
    "outlogger_cli.domain.version",
    "outlogger_cli.engine",
    "outlogger_cli.engine.cache",
    "outlogger_cli.engine.page",
    "outlogger_cli.engine.page_reader",
    "outlogger_cli.engine.pool",
    "outlogger_cli.engine.run",
    "outlogger_cli.net",
    "outlogger_cli.net.client",
    "outlogger_cli.net.errors",
    "outlogger_cli.net.local",
    "outlogger_cli.net.log",
    "outlogger_cli.net.proxy",
    "outlogger_cli.net.tls",
    "outlogger_cli.net.transport",
    "outlogger_cli.platforms",
    "outlogger_cli.platforms.shared",
    "outlogger_cli.platforms.shared.addresses",
    "outlogger_cli.platforms.shared.build",
    "outlogger_cli.platforms.shared.documents",
    "outlogger_cli.platforms.shared.fields",
    "outlogger_cli.platforms.shared.times",
    "outlogger_cli.platforms.statuspage",
    "outlogger_cli.render",
    "outlogger_cli.render.json",
    "outlogger_cli.render.records",
    "outlogger_cli.system",
    "outlogger_cli.system.files",
    "outlogger_cli.system.paths",
    "outlogger_cli.system.runtime",
    "outlogger_cli.system.terminal",
    "outlogger_cli.watchlist",
    "outlogger_cli.watchlist.pages",
    "outlogger_cli.watchlist.placeholders",
    "outlogger_cli.watchlist.readers",
    "outlogger_cli.watchlist.resolve",
    "outlogger_cli.watchlist.schema",
    "outlogger_cli.watchlist.store",
]
"""The modules that `check --json` loads for one Statuspage vendor."""

THIRD_PARTY = ["annotated_doc", "httpx", "idna", "shellingham", "typer"]
"""The packages of others that it loads."""

NOT_LOADED = (
    "anyio", "asyncio", "difflib", "h11", "httpcore", "outlogger_cli.cli.completion",
    "platformdirs", "rich", "textual",
)  # fmt: skip
"""Modules of other commands and other transports, all slow to import."""

CHECK = """
import json, sys
before = {*sys.modules}
import typer
del sys.modules["difflib"]  # typer itself imports it
from outlogger_cli.__main__ import main
code = main()
print(json.dumps(sorted(sys.modules.keys() - before)), file=sys.stderr)
sys.exit(code)
"""


def imports(path: Path) -> Iterator[str]:
    """The absolute names that a module imports anywhere, lazily too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    ("part", "forbidden"),
    [
        ("api.py", ["cli"]),
        ("domain", ["cli"]),
        ("engine", ["cli"]),
        ("net", ["cli"]),
        ("platforms", ["cli"]),
        ("suggest", ["cli", "render", "watchlist"]),
    ],
)
def test_packages_do_not_import_what_is_above_them(part: str, forbidden: list[str]) -> None:
    modules = [PACKAGE / part] if part.endswith(".py") else sorted((PACKAGE / part).rglob("*.py"))
    assert modules
    above = tuple(f"outlogger_cli.{name}." for name in forbidden)
    for path in modules:
        upward = [name for name in imports(path) if f"{name}.".startswith(above)]
        assert not upward, f"{path} imports {upward}"


def test_the_root_of_the_package_holds_at_most_four_modules() -> None:
    assert len([*PACKAGE.glob("*.py")]) <= 4


@cache
def loaded_by_check() -> tuple[str, ...]:
    """The modules of a process that checks one Statuspage vendor of a watchlist."""
    routes = {"/api/v2/summary.json": Reply(body=page(component("API")))}
    with Origin(routes=routes) as origin:
        Path("outlogger.toml").write_text(
            f'version = 1\n[vendors.acme]\nurl = "{origin.url}"\nplatform = "statuspage"\n'
        )
        argv = ["check", "acme", "--json", *trusting()]
        with spawn(*argv, command=[sys.executable, "-c", CHECK], env={"TZ": ""}) as process:
            finished = finish(process)
    assert finished.json["verdict"] == "ok", finished.err
    return tuple(json.loads(finished.err.splitlines()[-1]))


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems load other modules")


@on_linux
def test_check_loads_exactly_these_modules() -> None:
    """A new module here delays every start: add it to the list only on purpose."""
    own = [name for name in loaded_by_check() if name.startswith("outlogger_cli")]
    assert own == LOADED, "the modules are now:\n" + "".join(f'    "{name}",\n' for name in own)


@on_linux
def test_check_loads_exactly_these_packages_of_others() -> None:
    packages = {name.partition(".")[0] for name in loaded_by_check()}
    assert sorted(packages - sys.stdlib_module_names - {"outlogger_cli"}) == THIRD_PARTY


@pytest.mark.parametrize("name", NOT_LOADED)
def test_check_does_not_load_slow_modules_it_does_not_need(name: str) -> None:
    assert name not in loaded_by_check()


PUBLIC = "\n".join(f"from outlogger_cli import {name}" for name in outlogger_cli.__all__)
USE = f"{PUBLIC}\nreport: Report = read('acme')\nversion: str = __version__\n"
UNKNOWN_NAME = "from outlogger_cli import Nonsense\n"


def test_mypy_knows_each_public_name_and_no_other(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(USE)
    bad.write_text(UNKNOWN_NAME)
    command = [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={tmp_path}"]
    finished = subprocess.run(
        [*command, "--follow-imports=silent", "good.py", "bad.py"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.stdout == (
        'bad.py:1: error: Module "outlogger_cli" has no attribute "Nonsense"  [attr-defined]\n'
        "Found 1 error in 1 file (checked 2 source files)\n"
    )


@pytest.mark.skipif(not shutil.which("pyright"), reason="pyright is not installed")
@pytest.mark.parametrize(("program", "code"), [(USE, 0), (UNKNOWN_NAME, 1)])
def test_pyright_knows_each_public_name_and_no_other(
    program: str, code: int, tmp_path: Path
) -> None:
    (tmp_path / "program.py").write_text(program)
    command = ["pyright", "--pythonpath", sys.executable, "program.py"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert finished.returncode == code
