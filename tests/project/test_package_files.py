"""The files of package managers, made from the facts of a release."""

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.running import finish, spawn
from tests.tools.package_files import NAMES, TEMPLATES, main

URL = (
    "https://github.com/outlogger/outlogger-cli/releases/download/v1.2.3/outlogger_cli-1.2.3.tar.gz"
)
FILES = "https://files.pythonhosted.org/packages/37/c3"
SHA = "0123456789abcdef" * 4

HARNESS = r"""
module Language; module Python; module Virtualenv; end; end; end
class Formula
  def self.facts = (@facts ||= { "resources" => {} })
  %w[desc homepage url sha256 license depends_on].each do |name|
    define_singleton_method(name) { |value| (@inner || facts)[name] = value }
  end
  def self.resource(name)
    @inner = facts["resources"][name] = {}
    yield
    @inner = nil
  end
  def self.test; end
end
load ARGV[0]
require "json"
puts OutloggerCli.facts.to_json
"""
"""What Homebrew's classes do when they load a formula."""


def package(name: str, file: str, *requires: str) -> dict[str, Any]:
    hashes = {"sha256": SHA[::-1]}
    return {
        "metadata": {"name": name, "version": "1.0", "requires_dist": list(requires)},
        "download_info": {"url": f"{FILES}/{file}", "archive_info": {"hashes": hashes}},
    }


OWN = package(
    "outlogger-cli",
    "outlogger_cli-1.2.3-py3-none-any.whl",
    "tomli-w>=1.1",
    "truststore>=0.10; sys_platform == 'darwin' or sys_platform == 'win32'",
    "tzdata; sys_platform == 'win32'",
    "mypy; extra == 'dev'",
)
TOMLI_W = package("tomli_w", "tomli_w-1.0-py3-none-any.whl")
TRUSTSTORE = package("truststore", "truststore-1.0-py2.py3-none-any.whl")


def made(
    folder: Path, *packages: dict[str, Any], version: str = "1.2.3", url: str = URL, sha: str = SHA
) -> int:
    report = folder / "report.json"
    report.write_text(json.dumps({"install": packages}), encoding="utf-8")
    return main([version, url, sha, str(report), str(folder / "made")])


def test_a_formula_has_the_sdist_and_every_dependency_as_a_resource(tmp_path: Path) -> None:
    assert made(tmp_path, OWN, TRUSTSTORE, TOMLI_W) == 0
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == sorted(NAMES)
    text = (tmp_path / "made" / "outlogger-cli.rb").read_text(encoding="utf-8")
    assert f'  url "{URL}"\n  sha256 "{SHA}"\n' in text
    assert (
        '  depends_on "python@3.13"\n\n'
        '  resource "tomli-w" do\n'
        f'    url "{FILES}/tomli_w-1.0-py3-none-any.whl"\n'
        f'    sha256 "{SHA[::-1]}"\n'
        "  end\n\n"
        '  resource "truststore" do\n'
        f'    url "{FILES}/truststore-1.0-py2.py3-none-any.whl"\n'
        f'    sha256 "{SHA[::-1]}"\n'
        "  end\n\n"
        "  def install\n"
    ) in text
    assert "@" not in text.replace("python@3.13", "")


def test_mise_gets_the_version(tmp_path: Path) -> None:
    assert made(tmp_path, OWN, TRUSTSTORE, TOMLI_W) == 0
    text = (tmp_path / "made" / "mise.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text) == {"tools": {"pipx:outlogger-cli": "1.2.3"}}


@pytest.mark.skipif(not shutil.which("ruby"), reason="ruby is not installed")
def test_ruby_loads_the_formula(tmp_path: Path) -> None:
    assert made(tmp_path, OWN, TRUSTSTORE, TOMLI_W) == 0
    formula = str(tmp_path / "made" / "outlogger-cli.rb")
    with spawn("-wc", formula, command=("ruby",)) as process:
        assert finish(process).out == "Syntax OK\n"
    with spawn("-e", HARNESS, formula, command=("ruby",)) as process:
        facts = finish(process).json
    assert (facts["url"], facts["sha256"], facts["license"]) == (URL, SHA, "MIT")
    assert {*facts["resources"]} == {"tomli-w", "truststore"}
    assert len(facts["desc"]) < 80  # Homebrew refuses longer ones


@pytest.mark.parametrize(
    ("facts", "packages", "fault"),
    [
        ({"version": "1.2.4"}, [TRUSTSTORE, TOMLI_W], f"{URL} is not the https address of"),
        ({"url": URL.replace("https", "http")}, [TRUSTSTORE, TOMLI_W], "http://github.com/"),
        ({"sha": SHA[1:]}, [TRUSTSTORE, TOMLI_W], f"'{SHA[1:]}' is not a SHA-256"),
        ({}, [TOMLI_W], "truststore is needed on macOS, but is not in the report"),
        (
            {},
            [TRUSTSTORE, package("tomli-w", "tomli_w-1.0.tar.gz")],
            "tomli-w is not a wheel for every system: ",
        ),
        (
            {},
            [TRUSTSTORE, package("tomli-w", "tomli_w-1.0-cp313-cp313-macosx_11_0_arm64.whl")],
            "tomli-w is not a wheel for every system: ",
        ),
        (
            {},
            [
                {
                    **TOMLI_W,
                    "download_info": {
                        **TOMLI_W["download_info"],
                        "url": "file:///a-py3-none-any.whl",
                    },
                },
                TRUSTSTORE,
            ],
            "tomli-w is not from the public index, but from file:///a",
        ),
    ],
)
def test_wrong_facts_are_named_and_nothing_is_made(
    facts: dict[str, str],
    packages: list[dict[str, Any]],
    fault: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert made(tmp_path, OWN, *packages, **facts) == 1
    assert capsys.readouterr().err.startswith(fault)
    assert not (tmp_path / "made").exists()


def test_the_templates_have_the_python_of_the_release() -> None:
    formula = (TEMPLATES / "outlogger-cli.rb").read_text(encoding="utf-8")
    workflow = (TEMPLATES.parents[1] / ".github/workflows/release.yml").read_text(encoding="utf-8")
    assert re.findall(r"python@(3\.\d+)", formula) == re.findall(
        r'python-version: "(.+)"', workflow
    )
