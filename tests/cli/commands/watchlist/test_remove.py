"""`outlogger watchlist remove`."""

from pathlib import Path

import pytest

from outlogger_cli.watchlist.store import load
from tests.cli.commands.watchlist.lists import ACME, added, refused, watchlist


@pytest.mark.parametrize("name", ["acme", "ACME", "Acme", ACME, f"{ACME}/"])
def test_remove_knows_slugs_names_and_pages(team: Path, name: str) -> None:
    assert watchlist("remove", name) == added("Removed Acme")
    assert [entry.slug for entry in load(team).vendors] == ["github", "openai"]


def test_remove_knows_aliases_and_takes_each_once(team: Path) -> None:
    assert watchlist("remove", "chatgpt", "GitHub", "openai") == added(
        "Removed OpenAI", "Removed GitHub"
    )
    assert [entry.slug for entry in load(team).vendors] == ["acme"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("github", "opnai"), "'opnai' is not on the watchlist {}: did you mean openai?"),
        (("stripe",), "'stripe' is not on the watchlist {}"),
        (
            ("stripe", "github,opnai", "x\x1b[2Jy"),
            "'stripe' is not on the watchlist {0}\n"
            "outlogger: 'opnai' is not on the watchlist {0}: did you mean openai?\n"
            "outlogger: 'xy' is not on the watchlist {0}",
        ),
    ],
)
def test_remove_takes_all_that_are_named_or_none(
    team: Path, names: tuple[str, ...], message: str
) -> None:
    before = team.read_text()
    assert watchlist("remove", *names) == refused(message.format(team))
    assert team.read_text() == before


def test_a_comma_separates_names_unless_it_is_part_of_one(path: Path) -> None:
    path.write_text("[vendors.github]\nname = 'Git, Hub'\n[vendors.openai]\n[vendors.stripe]\n")
    assert watchlist("remove", "git, hub", " openai, https://www.stripestatus.com ,") == added(
        "Removed Git, Hub", "Removed OpenAI", "Removed Stripe"
    )


def test_remove_of_thousands_takes_linear_time(path: Path) -> None:
    slugs = [f"v{number}" for number in range(3000)]
    path.write_text("".join(f"[vendors.{slug}]\nurl = '{ACME}/{slug}'\n\n" for slug in slugs))
    names = ",".join(slugs[:1000]), *(f"{ACME}/{slug}" for slug in slugs[1000:2000])
    assert watchlist("remove", *names, "-q") == added()
    assert [entry.slug for entry in load(path).vendors] == slugs[2000:]


def test_of_very_many_unknown_names_the_first_are_reported(team: Path) -> None:
    del team
    lines = watchlist("remove", *(f"zzqx{number}" for number in range(150))).err.splitlines()
    assert (len(lines), lines[-1]) == (101, "outlogger: there may be more errors")


def test_remove_makes_no_list(home: Path) -> None:
    assert watchlist("remove", "github") == refused(
        f"'github' is not on the watchlist {home / '.config' / 'outlogger' / 'watchlist.toml'}"
    )
    assert list(home.iterdir()) == []


def test_a_name_that_several_have_is_refused(path: Path) -> None:
    path.write_text("[vendors.github]\nname = 'It'\n[vendors.openai]\nname = 'it'\n")
    assert watchlist("remove", "IT") == refused(
        "'IT' is ambiguous on the watchlist: use one of github, openai"
    )
