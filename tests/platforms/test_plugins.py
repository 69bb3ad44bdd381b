"""Platforms of other packages: the example installed and used, and those that misbehave.

A package is installed by hand into a folder on the path, its module and the metadata that an
installer would write from its `pyproject.toml`: that takes no network and no build tool.
"""

import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands.pages import fine
from tests.origin import Origin, Reply
from tests.running import Finished, finish, spawn, trusting

EXAMPLE = Path(__file__).parents[2] / "examples" / "platform-plugin"
LAMPS = [
    {"id": "1", "label": "API", "colour": "green"},
    {"id": "2", "label": "Queue\x1b[31m", "colour": "red"},
]


def write_metadata(site: Path, name: str, version: str, platforms: Mapping[str, str]) -> None:
    """What an installer leaves beside the modules of a package."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    info.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}")
    rows = [f"{platform} = {module}" for platform, module in platforms.items()]
    info.joinpath("entry_points.txt").write_text("\n".join(["[outlogger.platforms]", *rows, ""]))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with the example installed."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())
    folder = tmp_path / "site"
    folder.mkdir()
    for module in project["tool"]["hatch"]["build"]["targets"]["wheel"]["include"]:
        shutil.copy(EXAMPLE / module.strip("/"), folder)
    about = project["project"]
    platforms = about["entry-points"]["outlogger.platforms"]
    write_metadata(folder, about["name"], about["version"], platforms)
    return folder


@pytest.fixture
def origin() -> Iterator[Origin]:
    """A Beacon page and, at another address, a Statuspage."""
    lamps = {"title": "Acme", "lamps": LAMPS}
    routes = {
        "/beacon.json": Reply(body=lamps),
        "/other/api/v2/summary.json": Reply(body=fine()),
    }
    with Origin(routes=routes) as served:
        yield served


def install(site: Path, name: str, code: str) -> None:
    """A package of one module that brings the platform `name`."""
    (site / f"{name}_plugin.py").write_text(code)
    write_metadata(site, f"{name}-plugin", "1", {name: f"{name}_plugin"})


def run(site: Path, *argv: str) -> Finished:
    with spawn(*argv, env={"PYTHONPATH": str(site)}) as process:
        return finish(process)


def check(site: Path, origin: Origin, platform: str) -> tuple[Finished, list[Any]]:
    """`check` of a vendor that names `platform`, and of another one."""
    listed = f"""
version = 1
[vendors.acme]
url = "{origin.url}"
platform = "{platform}"
[vendors.other]
url = "{origin.url}/other"
"""
    Path("outlogger.toml").write_text(listed)
    finished = run(site, "check", "--json", *trusting())
    return finished, finished.json["vendors"] if finished.out else []


def test_a_page_of_another_packages_platform_is_read(site: Path, origin: Origin) -> None:
    finished, (acme, other) = check(site, origin, "beacon")
    assert (finished.code, acme["error"]) == (1, None)
    assert (acme["name"], acme["platform"], acme["severity"]) == ("Acme", "beacon", "critical")
    assert [(c["name"], c["status"], c["raw_status"]) for c in acme["components"]] == [
        ("API", "operational", "green"),
        ("Queue", "major_outage", "red"),
    ]
    assert (other["platform"], other["verdict"]) == ("statuspage", "ok")


@pytest.mark.parametrize(
    ("lamps", "severity", "verdict", "code"),
    [
        ([{"id": "1", "label": "API", "colour": "green"}], "none", "ok", 0),
        ([{"id": "1", "label": "API", "colour": "plaid"}], "unknown", "unknown", 3),
        ([], "unknown", "unknown", 3),
        (None, "unknown", "unknown", 3),
    ],
)
def test_the_example_never_says_fine_without_evidence(
    site: Path, origin: Origin, lamps: object, severity: str, verdict: str, code: int
) -> None:
    origin.route("/beacon.json", Reply(body={"title": "Acme", "lamps": lamps}))
    finished, (acme, _) = check(site, origin, "beacon")
    assert (finished.code, acme["severity"], acme["verdict"]) == (code, severity, verdict)


def test_it_is_remembered_and_read_again_from_what_is_stored(site: Path, origin: Origin) -> None:
    check(site, origin, "beacon")
    finished = run(site, "check", "acme", "--offline", "--json")
    (acme,) = finished.json["vendors"]
    assert (acme["platform"], acme["source"], acme["severity"]) == ("beacon", "cache", "critical")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise RuntimeError('no lamp oil')", "RuntimeError: no lamp oil"),
        ("import nothing_of_the_kind", "ModuleNotFoundError: No module named"),
        ("HOSTS = CAN = ()", "AttributeError: "),
        (
            "from outlogger_beacon import *\ndef parse(read): return 1 / 0",
            "ZeroDivisionError: division by zero",
        ),
        ("from outlogger_beacon import *\ndef recognises(document): return {}[0]", "KeyError: 0"),
        (
            "from outlogger_beacon import *\ndef endpoints(*asked): return 7",
            "TypeError: 'int' object is not subscriptable",
        ),
    ],
)
def test_a_platform_that_fails_is_unknown_and_the_others_are_read(
    site: Path, origin: Origin, code: str, said: str
) -> None:
    install(site, "broken", code)
    finished, (acme, other) = check(site, origin, "broken")
    assert (finished.code, acme["verdict"], acme["error"]["kind"]) == (3, "unknown", "invalid")
    assert acme["error"]["message"].startswith(f"the parser failed ({said}")
    assert "Traceback" not in finished.err
    assert (other["platform"], other["verdict"]) == ("statuspage", "ok")


def test_a_platform_that_is_built_in_cannot_be_replaced(site: Path, origin: Origin) -> None:
    install(site, "statuspage", "raise RuntimeError('usurped')")
    origin.route("/api/v2/summary.json", Reply(body=fine()))
    finished, (acme, other) = check(site, origin, "statuspage")
    assert (finished.code, acme["verdict"], other["verdict"]) == (0, "ok", "ok")


def test_a_platform_that_nobody_names_is_not_loaded(site: Path, origin: Origin) -> None:
    install(site, "costly", "import sys; sys.stderr.write('loaded')")
    finished, _ = check(site, origin, "beacon")
    assert "loaded" not in finished.err
    assert run(site, "help", "platforms").err == ""
    detected = run(site, "vendors", "detect", f"{origin.url}/other", *trusting())
    assert (detected.code, detected.err) == (0, "")


def test_a_platform_that_is_not_installed_is_refused(tmp_path: Path, origin: Origin) -> None:
    finished, vendors = check(tmp_path, origin, "beacon")
    assert (finished.code, vendors) == (2, [])
    assert finished.err.startswith("outlogger: ")
    assert "or an installed plug-in's" in finished.err
