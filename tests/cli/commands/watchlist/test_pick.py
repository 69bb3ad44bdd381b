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


QUESTION = """\
Acme has 4 components:
  1  Web
  2  W?b
  3  EU/API
  4  US/API
Components to watch, such as 1,3-5 (all): """


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


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("", "--pick: no input; nothing was added"),
        (",\n", "--pick: enter numbers from 1 to 4, such as 1,3-5; nothing was added"),
        *(
            (f"1 {word}\n", f"--pick: '{word}' is invalid: enter numbers from 1 to 4,"
             " such as 1,3-5; nothing was added")
            for word in ("0", "5", "3-2", "2-5", "x", "1-", "²")
        ),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_choice_adds_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, message: str
) -> None:
    path.touch()
    finished = picking(answer, choices(), monkeypatch)
    assert finished == Finished(code=2, out="", err=f"{QUESTION}outlogger: {message}\n")
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
