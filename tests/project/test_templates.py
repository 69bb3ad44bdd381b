"""The issue forms of the repository, its own hooks, and those that it offers."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from outlogger_cli.platforms import BUILT_IN
from tests.running import run_command
from tests.tools.check_catalog import CATEGORIES
from tests.tools.check_docs import ROOT, command_lines

FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
ELEMENTS = {"markdown", "input", "textarea", "dropdown"}


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def fields(form: str) -> dict[str, Any]:
    body = read(f".github/ISSUE_TEMPLATE/{form}")["body"]
    return {field["id"]: field for field in body if "id" in field}


def test_the_repository_has_two_forms() -> None:
    assert [form.name for form in FORMS] == ["add-vendor.yml", "bug.yml"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_form_is_valid(form: Path) -> None:
    definition = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert (
        {"name", "description", "body"}
        <= definition.keys()
        <= {"name", "description", "body", "title", "labels"}
    )
    assert {field["type"] for field in definition["body"]} <= ELEMENTS
    questions = [field for field in definition["body"] if field["type"] != "markdown"]
    assert all(field["attributes"]["label"] for field in questions)
    for key in ("id", "label"):
        names = [field.get(key) or field["attributes"][key] for field in questions]
        assert len(names) == len({*names})


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_the_commands_in_a_form_exist(form: Path) -> None:
    for words in command_lines(form.read_text(encoding="utf-8")):
        assert run_command(*words, "--help").code == 0


def test_the_form_for_a_vendor_has_every_platform_and_category() -> None:
    form = fields("add-vendor.yml")
    assert form["platform"]["attributes"]["options"] == ["unknown", *BUILT_IN]
    assert form["category"]["attributes"]["options"] == [*CATEGORIES]
    assert [*form] == ["name", "url", "platform", "aliases", "domains", "category"]


def test_vulnerabilities_are_reported_privately() -> None:
    (link,) = read(".github/ISSUE_TEMPLATE/config.yml")["contact_links"]
    assert link["url"].endswith("/outlogger/outlogger-cli/security/policy")
    assert {*link} == {"name", "url", "about"}


def test_the_projects_own_hooks_need_no_index_and_their_commands_exist() -> None:
    (repository,) = read(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        program, *words = hook["entry"].split()
        assert program in {"ruff", "python"}
        if program == "python":
            assert (ROOT / f"{words[1].replace('.', '/')}.py").is_file()
