"""`outlogger watchlist add --pick`: components chosen at the keyboard."""

from pathlib import Path
from typing import Any

import pytest

from outlogger_cli.watchlist.store import load
from tests import running
from tests.cli.commands.watchlist.lists import ACME, Keyboard, page, refused, serving, watchlist
from tests.running import Finished


def picking(answer: str, body: object, monkeypatch: pytest.MonkeyPatch, *argv: str) -> Finished:
    monkeypatch.setattr(running, "StringIO", Keyboard)
    return watchlist("add", ACME, "--pick", *argv, stdin=answer, transport=serving(acme=body))


PROMPT = "Numbers (1,3-5), a group, text to filter the list, or Enter for all: "
LIST = """\
  1  Web
  2  W?b
  EU
    3  API
  US
    4  API
"""
QUESTION = f"Acme has 4 components:\n{LIST}{PROMPT}"


def choices() -> dict[str, Any]:
    """A page where no name but `Web` stands for one component alone."""
    body = page("API", "Web", "API.", "W?b", groups={"API": "EU", "API.": "US"})
    body["components"][2]["name"] = "API"
    return body


def listed_components(path: Path) -> tuple[str, ...]:
    (entry,) = load(path).vendors
    return entry.components


@pytest.mark.parametrize(
    ("answer", "components"),
    [
        ("1\n", ("Web",)),
        ("1,3-4\n", ("Web", "EU/API", "US/API")),
        (" 4 , 1 1-2\n", ("Web", "id3", "US/API")),
        ("1-4", ("Web", "id3", "EU/API", "US/API")),
        ("\n", ()),
    ],
)
def test_pick_writes_the_components_chosen_by_number(
    path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, components: tuple[str, ...]
) -> None:
    path.touch()
    finished = picking(answer, choices(), monkeypatch)
    assert finished == Finished(
        code=0,
        out=f"Added Acme ({ACME}, statuspage, 4 components in 2 groups)\n",
        err=QUESTION,
    )
    assert listed_components(path) == components


def test_pick_takes_a_name_where_nothing_tells_two_components_apart(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.touch()
    body = page("API", "API")
    body["components"][0]["id"] = body["components"][1]["id"] = ""
    assert picking("2\n", body, monkeypatch).code == 0
    assert listed_components(path) == ("API",)


def test_all_replaces_a_choice_made_before(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(f"[vendors.acme]\nurl = '{ACME}'\ncomponents = ['Web']\n")
    finished = picking("\n", choices(), monkeypatch)
    assert finished.out == "Changed acme: components\n"
    assert listed_components(path) == ("*",)


def test_all_leaves_an_entry_without_a_choice_as_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text(f"[vendors.acme]\nurl = '{ACME}'\n")
    assert picking("\n", choices(), monkeypatch).out == "acme is already on the watchlist\n"


def test_a_group_is_chosen_by_its_name(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.touch()
    assert picking("eu\n", choices(), monkeypatch).err == QUESTION
    assert listed_components(path) == ("EU",)


def test_text_filters_the_list_and_the_question_is_asked_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.touch()
    finished = picking("api\nzzz\n3\n", choices(), monkeypatch)
    assert finished.err == (
        f"{QUESTION}Matching 'api':\n  EU\n    3  API\n  US\n    4  API\n{PROMPT}"
        f"No component matches 'zzz'.\n{LIST}{PROMPT}"
    )
    assert listed_components(path) == ("EU/API",)


@pytest.mark.parametrize("answer", ["", *(f"1 {w}\n" for w in ("0", "5", "3-2", "1-", "²"))])
def test_without_a_choice_nothing_is_added(
    path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    path.touch()
    finished = picking(answer, choices(), monkeypatch)
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.endswith("outlogger: --pick: no answer, so nothing was added\n")
    assert path.read_text() == ""


def test_there_is_nothing_to_pick_from_a_page_without_components(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert picking("1\n", page(), monkeypatch) == refused(
        "--pick: the page of Acme has no components"
    )


@pytest.mark.parametrize("other", ["--no-check", "--quiet"])
def test_pick_and_what_rules_it_out_are_refused(
    monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    assert picking("1\n", page("API"), monkeypatch, other) == refused(
        f"--pick and {other} cannot be used together"
    )
