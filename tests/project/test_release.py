"""The wheel and the sdist: reproducible, and with exactly the right files."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from configparser import ConfigParser
from email.parser import Parser
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from outlogger_cli import __version__
from tests.running import Finished, finish, spawn
from tests.tools.check_release import PROJECT, ROOT, SHARED, build, copy, main, oldest, sources

NAME = f"outlogger_cli-{__version__}"
CLONE = (ROOT / ".git").exists() and shutil.which("git") is not None
needs_clone = pytest.mark.skipif(not CLONE, reason="only git knows what belongs to the project")

LITTER = (
    "outlogger_cli/__pycache__/cli.cpython-311.pyc",
    "outlogger_cli/old.pyc",
    "outlogger_cli/.mypy_cache/3.11/cli.data.json",
    "tests/.hypothesis/examples",
    ".coverage.host",
    ".venv/lib/site.py",
    "dist/outlogger_cli-0.0.1.tar.gz",
    "notes.txt",
)
"""Files of other programs in the folder of a developer."""


SAFELY: Any = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""Python 3.11.3 and older have no filter; the archive is trusted."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the sdist built from a clean copy of the project."""
    tree = copy(tmp_path_factory.mktemp("clean"))
    return build(tree, tmp_path_factory.mktemp("built"))


def used(tree: Path) -> Path:
    """A copy of the project with other dates, modes and additional files."""
    copy(tree)
    for name in LITTER:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("litter", encoding="utf-8")
    for path in tree.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o700 if path.is_dir() or path.stat().st_mode & 0o100 else 0o600)
    return tree


def wheel_names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@needs_clone
def test_two_builds_are_identical(built: tuple[Path, Path], tmp_path: Path) -> None:
    again = build(used(tmp_path / "elsewhere"), tmp_path / "out")
    assert [path.name for path in again] == [f"{NAME}-py3-none-any.whl", f"{NAME}.tar.gz"]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in built]


@needs_clone
def test_the_time_of_a_build_can_be_set(tmp_path: Path) -> None:
    wheel, sdist = build(copy(tmp_path / "tree"), tmp_path, env={"SOURCE_DATE_EPOCH": "1768478400"})
    noon = (2026, 1, 15, 12, 0, 0)
    assert {file.date_time for file in zipfile.ZipFile(wheel).infolist()} == {noon}
    with tarfile.open(sdist) as archive:
        assert {file.mtime for file in archive} == {1768478400}


@needs_clone
def test_the_sdist_contains_the_project(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[1]) as archive:
        held = {PurePosixPath(file.name).relative_to(NAME) for file in archive}
    assert held == {PurePosixPath("PKG-INFO"), *(PurePosixPath(name) for name in sources())}


@needs_clone
def test_the_sdist_builds_the_same_wheel(built: tuple[Path, Path], tmp_path: Path) -> None:
    with tarfile.open(built[1]) as archive:
        archive.extractall(tmp_path, **SAFELY)
    wheel, _ = build(tmp_path / NAME, tmp_path)
    assert wheel.read_bytes() == built[0].read_bytes()


@needs_clone
def test_the_wheel_contains_the_package_and_its_metadata(built: tuple[Path, Path]) -> None:
    files = [name for name in sources() if name.parts[0] == "outlogger_cli"]
    package = {name.as_posix() for name in files if not name.is_relative_to(SHARED)}
    beside = {
        name.relative_to(SHARED.parent).as_posix() for name in files if name.is_relative_to(SHARED)
    }
    about = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
    assert wheel_names(built[0]) == {
        *package,
        *(f"{NAME}.data/data/{name}" for name in beside),
        *(f"{NAME}.dist-info/{name}" for name in about),
    }
    assert {
        "outlogger_cli/py.typed",
        "outlogger_cli/catalog/catalog.csv",
        "outlogger_cli/suggest/owners.csv",
        "outlogger_cli/render/schema.json",
        "outlogger_cli/drill/scenarios/plain.json",
    } <= package


@needs_clone
def test_the_metadata_has_the_dependencies(built: tuple[Path, Path]) -> None:
    text = zipfile.ZipFile(built[0]).read(f"{NAME}.dist-info/METADATA").decode()
    about = Parser().parsestr(text)
    assert (about["Name"], about["Version"]) == ("outlogger-cli", __version__)
    assert (about["Requires-Python"], about["License-Expression"]) == (">=3.11", "MIT")
    assert about["Description-Content-Type"] == "text/markdown"
    description = about.get_payload()
    assert isinstance(description, str)
    project = "https://github.com/outlogger/outlogger-cli"
    links = re.findall(r"\]\(([^)]+)\)|(?:src|srcset)=\"([^\"]+)\"", description)
    assert len(links) > 9
    for link in (first or second for first, second in links):
        assert link.startswith(
            (f"{project}/blob/v{__version__}/", f"{project}/raw/v{__version__}/")
        )
        kind, _, path = link.removeprefix(f"{project}/").partition(f"/v{__version__}/")
        assert (ROOT / path.partition("#")[0]).is_file()
        assert kind == ("raw" if path.endswith(".svg") else "blob")
    readme = re.sub(rf"{project}/(?:blob|raw)/v{re.escape(__version__)}/", "", description)
    assert readme == (ROOT / "README.md").read_text(encoding="utf-8")


@needs_clone
def test_the_program_has_the_name_of_the_distribution_too(built: tuple[Path, Path]) -> None:
    text = zipfile.ZipFile(built[0]).read(f"{NAME}.dist-info/entry_points.txt").decode()
    programs = ConfigParser()
    programs.read_string(text)
    assert dict(programs["console_scripts"]) == dict.fromkeys(
        ("outlogger", "outlogger-cli"), "outlogger_cli.__main__:script"
    )


@pytest.mark.parametrize(
    ("argv", "finished"),
    [
        (("--version",), Finished(code=0, out=f"outlogger {__version__}\n", err="")),
        (
            ("check", "--nope"),
            Finished(code=2, out="", err="outlogger: unknown option --nope: see --help\n"),
        ),
    ],
)
def test_under_that_name_it_says_its_own(argv: tuple[str, ...], finished: Finished) -> None:
    code = "import sys; sys.argv[0] = 'outlogger-cli'; from outlogger_cli.__main__ import script"
    with spawn("-c", f"{code}; script()", *argv, command=(sys.executable,)) as process:
        assert finish(process) == finished


def test_the_oldest_dependencies_are_the_lower_bounds() -> None:
    project = """
        [project]
        dependencies = ["a>=1.2,<2", "b[x]>=3; sys_platform == 'win32'", "c"]
        [project.optional-dependencies]
        notify = ["d>=4.5"]
        dev = ["e>=6"]
    """
    assert oldest(project) == ["a==1.2", "b==3", "d==4.5"]


def test_the_oldest_dependencies_are_printed_for_pip(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--oldest"]) == 0
    assert capsys.readouterr().out.splitlines() == oldest(PROJECT)
    assert "typer==0.26" in oldest(PROJECT)


@needs_clone
@pytest.mark.skipif(sys.platform == "win32", reason="a file there cannot be made executable")
def test_a_script_of_the_sdist_can_be_run(built: tuple[Path, Path], tmp_path: Path) -> None:
    with tarfile.open(built[1]) as archive:
        archive.extractall(tmp_path, **SAFELY)
    listed = subprocess.run(
        ("git", "ls-files", "--stage"), cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    scripts = [line.split("\t")[1] for line in listed if line.startswith("100755")]
    assert scripts
    assert all(os.access(tmp_path / NAME / script, os.X_OK) for script in scripts)
