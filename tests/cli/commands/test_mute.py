"""`outlogger mute` and `unmute`: who is silenced, for how long, and how that is shown."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.running import Finished, run_command
from tests.support import NOW

LATER = NOW + timedelta(hours=3)
WATCHLIST = """\
version = 1
[vendors.shop]
name = "The Shop"
url = "https://status.shop.example"
headers = { Authorization = "OAuth ${NOT_SET}" }
"""
UNTIL_RESOLVED = "until resolved"


def muted(*, at: str = "json") -> list[tuple[str, str | None, str | None]]:
    finished = run_command("mute", "--list", "-f", at)
    assert finished.code == 0
    assert set(finished.json) == {"schema_version", "command", "items"}
    return [(row["vendor"], row["component"], row["until"]) for row in finished.json["items"]]


def lines(finished: Finished) -> str:
    assert (finished.code, finished.err) == (0, "")
    return finished.out


def test_a_vendor_is_muted_until_resolved_unless_told_otherwise() -> None:
    assert lines(run_command("mute", "github")) == f"Muted github {UNTIL_RESOLVED}\n"
    assert lines(run_command("mute", "permutive", "--until-resolved")) == (
        f"Muted permutive {UNTIL_RESOLVED}\n"
    )
    assert muted() == [("github", None, None), ("permutive", None, None)]


def test_a_component_is_muted_for_a_time_and_that_passes_by_itself() -> None:
    finished = run_command("mute", "github/Git Operations", "--for", "2h")
    assert lines(finished) == "Muted github/Git Operations until 15 Jan 14:00 UTC\n"
    assert muted() == [("github", "Git Operations", "2026-01-15T14:00:00Z")]
    assert run_command("mute", "--list", "-f", "plain", now=LATER).out == ""


def test_a_group_and_its_component_are_one_pattern() -> None:
    lines(run_command("mute", "github/Europe/API"))
    assert muted() == [("github", "Europe/API", None)]


def test_several_are_muted_at_once() -> None:
    lines(run_command("mute", "github/Actions", "permutive", "--for", "30m"))
    assert [(vendor, component) for vendor, component, _ in muted()] == [
        ("github", "Actions"),
        ("permutive", None),
    ]


def test_a_comma_separates_vendors_but_not_in_the_name_of_a_component() -> None:
    lines(run_command("mute", "github/Git, API", "permutive,npm"))
    assert [(vendor, component) for vendor, component, _ in muted()] == [
        ("github", "Git, API"),
        ("permutive", None),
        ("npm", None),
    ]
    assert lines(run_command("unmute", "permutive,npm")) == "Unmuted permutive\nUnmuted npm\n"


def test_all_names_that_are_wrong_are_reported() -> None:
    muting = run_command("mute", "permutiv,github", "gihtub/API")
    assert (muting.code, muted()) == (2, [])
    assert [line.split(":")[1] for line in muting.err.splitlines()] == [
        " unknown vendor 'permutiv'",
        " unknown vendor 'gihtub'",
    ]
    unmuting = run_command("unmute", "github,permutiv")
    assert unmuting.err.count("\n") == 2


def test_muting_again_changes_for_how_long() -> None:
    lines(run_command("mute", "github/Actions", "--for", "2h"))
    lines(run_command("mute", "github", "--for", "1h"))
    lines(run_command("mute", "github/actions"))
    assert muted() == [("github", None, "2026-01-15T13:00:00Z"), ("github", "actions", None)]


def test_names_are_those_of_the_other_commands(home: Path) -> None:
    (home / "outlogger.toml").write_text(WATCHLIST)
    for name in ("github-actions", "SHOP", "https://status.acme.example/eu"):
        assert run_command("mute", name).code == 0
    assert [vendor for vendor, _, _ in muted()] == ["github", "shop", "status.acme.example"]
    assert run_command("unmute", "The Shop").out == "Unmuted shop\n"


def test_a_watchlist_that_is_named_is_used(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(WATCHLIST)
    finished = run_command("mute", "shop", "--watchlist", str(tmp_path / "mine.toml"))
    assert finished.code == 0
    assert run_command("mute", "shop").code == 2


def test_the_list_for_people_and_for_pipes() -> None:
    lines(run_command("mute", "github/Actions", "--for", "2h"))
    lines(run_command("mute", "permutive"))
    assert run_command("mute", "--list").out == (
        "github\tActions\tuntil 2026-01-15T14:00:00Z\npermutive\t\tuntil resolved\n"
    )
    assert run_command("mute", "--list", "-f", "table").out == (
        "VENDOR     COMPONENT  LASTS\n"
        "github     Actions    until 15 Jan 14:00 UTC\n"
        "permutive             until resolved\n"
    )
    assert json.loads(run_command("mute", "--list", "--json").out) == {
        "schema_version": 1,
        "command": "mute",
        "items": [
            {
                "vendor": "github",
                "component": "Actions",
                "until": "2026-01-15T14:00:00Z",
                "lasts": "until 2026-01-15T14:00:00Z",
                "url": "https://www.githubstatus.com",
            },
            {
                "vendor": "permutive",
                "component": None,
                "until": None,
                "lasts": "until resolved",
                "url": "https://status.permutive.com",
            },
        ],
    }


def test_nothing_muted_is_an_empty_list() -> None:
    assert lines(run_command("mute", "--list", "-f", "table")) == ""
    assert muted() == []


def test_quiet_says_nothing() -> None:
    assert lines(run_command("mute", "github", "-q")) == ""
    assert lines(run_command("unmute", "github", "-q")) == ""
    assert muted() == []


# Unmute.


def test_unmuting_a_component_leaves_the_vendor_muted() -> None:
    lines(run_command("mute", "github", "github/Actions", "github/Pages"))
    assert lines(run_command("unmute", "github/ACTIONS")) == "Unmuted github/Actions\n"
    assert [component for _, component, _ in muted()] == [None, "Pages"]


def test_unmuting_a_vendor_unmutes_all_of_it() -> None:
    lines(run_command("mute", "github", "github/Actions", "permutive"))
    assert (
        lines(run_command("unmute", "github-actions", "github"))
        == "Unmuted github\nUnmuted github/Actions\n"
    )
    assert muted() == [("permutive", None, None)]


def test_what_was_muted_by_its_address_is_unmuted_by_it_or_by_its_host() -> None:
    for name in ("https://status.acme.example", "status.acme.example"):
        lines(run_command("mute", "https://status.acme.example"))
        assert lines(run_command("unmute", name)) == "Unmuted status.acme.example\n"


def test_a_vendor_that_is_on_no_list_any_more_can_be_unmuted(home: Path) -> None:
    (home / "outlogger.toml").write_text(WATCHLIST)
    lines(run_command("mute", "shop"))
    (home / "outlogger.toml").unlink()
    assert lines(run_command("unmute", "Shop")) == "Unmuted shop\n"


@pytest.mark.parametrize("name", ["github", "github/Actions"])
def test_what_is_not_muted_cannot_be_unmuted(name: str) -> None:
    lines(run_command("mute", "github/Pages", "--for", "1h"))
    finished = run_command("unmute", name, now=LATER)
    assert (finished.code, finished.out, finished.err) == (
        2,
        "",
        f"outlogger: '{name}' is not muted (see outlogger mute --list)\n",
    )


def test_one_that_is_not_muted_leaves_the_others_muted() -> None:
    lines(run_command("mute", "github"))
    assert run_command("unmute", "github", "permutive").code == 2
    assert muted() == [("github", None, None)]


# What they do not take.


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["mute"], "name a vendor to mute, or list active mutes with --list"),
        (
            ["mute", "github", "--list"],
            "--list takes no vendor, --for or --until-resolved",
        ),
        (
            ["mute", "github", "--for", "1h", "--until-resolved"],
            "--for and --until-resolved cannot be used together",
        ),
        (["mute", "permutiv/API"], "unknown vendor 'permutiv': did you mean permutive"),
        (["unmute", "permutiv"], "unknown vendor 'permutiv': did you mean permutive"),
    ],
)
def test_a_wrong_command_line_mutes_nothing(argv: list[str], message: str) -> None:
    finished = run_command(*argv)
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith(f"outlogger: {message}")
    assert muted() == []


def test_no_time_is_no_mute() -> None:
    finished = run_command("mute", "github", "--for", "0s")
    assert finished.code == 2
    assert "must be longer than 0s" in finished.err


@pytest.mark.parametrize("argv", [["mute", "github"], ["mute", "--list"], ["unmute", "github"]])
def test_a_drill_leaves_the_real_mutes_alone(argv: list[str]) -> None:
    finished = run_command(*argv, env={"OUTLOGGER_DRILL": "http://127.0.0.1:9"})
    assert (finished.code, finished.err) == (
        2,
        "outlogger: mutes cannot be changed during a drill\n",
    )


def test_a_slash_with_nothing_behind_it_mutes_nobody() -> None:
    assert run_command("mute", "github/ ") == Finished(
        code=2, out="", err="outlogger: github/: component name missing after the slash\n"
    )
    assert run_command("mute", "--list").out == ""
