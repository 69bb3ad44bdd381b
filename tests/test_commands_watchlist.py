"""`outlogger watchlist`: every command of it through the door, pages served in memory."""

import json
import os
import random
import shlex
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import httpx
import pytest

from outlogger_cli.commands import COMMANDS, walk
from outlogger_cli.watchlist import load
from tests import running
from tests.running import Finished, Web, finish, run_command, spawn
from tests.support import DATA

COMMAND = """
import sys
from outlogger_cli.commands import COMMANDS
COMMANDS.setdefault("watchlist", "")
from outlogger_cli.cli import run
"""
GITHUB = "https://www.githubstatus.com"
ACME = "https://status.acme.example"
SAMPLES = DATA / "exchange"


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "watchlist", "the list of vendors")


@pytest.fixture
def path(home: Path) -> Path:
    """Where the project's watchlist is; the test makes it."""
    return home / "outlogger.toml"


def page(*names: str, title: str = "Acme", groups: dict[str, str] | None = None) -> dict[str, Any]:
    """A healthy Statuspage summary with these components; `groups` says which stand in one."""
    groups = groups or {}
    rows = [
        {
            "id": f"id{at}",
            "name": name,
            "status": "operational",
            "position": at,
            "group": False,
            "group_id": groups.get(name),
        }
        for at, name in enumerate(names)
    ]
    heads = [
        {"id": group, "name": group, "status": "operational", "position": 99, "group": True}
        for group in dict.fromkeys(groups.values())
    ]
    return {
        "page": {"id": "page00000001", "name": title, "url": ACME, "time_zone": "Etc/UTC"},
        "components": rows + heads,
        "incidents": [],
        "scheduled_maintenances": [],
        "status": {"indicator": "none", "description": "All Systems Operational"},
    }


def serving(**pages: object) -> httpx.MockTransport:
    """A network with the pages of `github`, `acme` and others by slug; all else is a 404."""
    hosts = {"github": "www.githubstatus.com", "openai": "status.openai.com"}
    bodies = {hosts.get(name, f"status.{name}.example"): body for name, body in pages.items()}

    def answer(request: httpx.Request) -> httpx.Response:
        body = bodies.get(request.url.host)
        if isinstance(body, Exception):
            raise body
        if body is None or request.url.path != "/api/v2/summary.json":
            return httpx.Response(404, stream=httpx.ByteStream(b""))
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(body).encode()))

    return httpx.MockTransport(answer)


def watchlist(*argv: str, **options: Any) -> Finished:
    return run_command("watchlist", *argv, **options)


def added(*lines: str) -> Finished:
    return Finished(code=0, out="".join(f"{line}\n" for line in lines), err="")


def refused(message: str) -> Finished:
    return Finished(code=2, out="", err=f"outlogger: {message}\n")


# add


def test_add_says_what_the_page_is_and_where_the_list_was_made(home: Path) -> None:
    finished = watchlist("add", "github", transport=serving(github=page("API", "Web")))
    own = home / ".config" / "outlogger" / "watchlist.toml"
    assert finished == Finished(
        code=0,
        out=f"Added GitHub ({GITHUB}, statuspage, 2 components)\n",
        err=f"Made the watchlist {own}\n",
    )
    assert own.read_text() == "version = 1\n\n[vendors.github]\n"


def test_add_writes_the_projects_list_where_there_is_one(path: Path) -> None:
    path.write_text("# ours\n")
    finished = watchlist("add", "github", transport=serving(github=page("API")))
    assert finished == added(f"Added GitHub ({GITHUB}, statuspage, 1 component)")
    assert path.read_text() == "# ours\n\n[vendors.github]\n"


def test_add_makes_the_list_that_is_named(home: Path) -> None:
    finished = watchlist("add", "github", "--no-check", "--watchlist", "new.toml")
    assert (finished.code, finished.err) == (0, "Made the watchlist new.toml\n")
    assert (home / "new.toml").read_text() == "version = 1\n\n[vendors.github]\n"


def test_add_counts_groups_too(path: Path) -> None:
    path.touch()
    body = page("API", "Web", "Docs", groups={"API": "EU", "Web": "US"})
    finished = watchlist("add", ACME, transport=serving(acme=body))
    assert finished == added(f"Added Acme ({ACME}, statuspage, 3 components in 2 groups)")


def test_add_says_that_a_page_has_no_components(path: Path) -> None:
    path.touch()
    finished = watchlist("add", ACME, transport=serving(acme=page()))
    assert finished == added(f"Added Acme ({ACME}, statuspage, no components)")


def test_add_takes_several_in_one_edit_and_each_once(path: Path) -> None:
    path.touch()
    transport = serving(github=page("API"), acme=page("API"))
    finished = watchlist("add", "github", ACME, "GitHub", "--tag", "ci", transport=transport)
    assert finished == added(
        f"Added GitHub ({GITHUB}, statuspage, 1 component)",
        f"Added Acme ({ACME}, statuspage, 1 component)",
    )
    assert path.read_text() == (
        '[vendors.github]\ntags = ["ci"]\n\n[vendors."status.acme.example"]\n'
        f'url = "{ACME}"\nplatform = "statuspage"\ntags = ["ci"]\n'
    )


def test_nothing_is_written_where_a_page_cannot_be_read(path: Path) -> None:
    path.write_text("# ours\n")
    finished = watchlist("add", "github", ACME, transport=serving(github=page("API")))
    assert finished == Finished(
        code=3,
        out="",
        err="status.acme.example: HTTP 404 Not Found: there is no status page at this address,"
        f" {ACME}\n"
        "nothing was added; --no-check adds without reading the page\n",
    )
    assert path.read_text() == "# ours\n"


@pytest.mark.parametrize(
    ("defaults", "argv", "asked"),
    [
        ("", (), 2),
        ("retries = 0", (), 1),
        ("retries = 0", ("--retries", "3"), 4),
    ],
)
def test_the_defaults_of_the_list_count_where_no_option_does(
    path: Path, defaults: str, argv: tuple[str, ...], asked: int
) -> None:
    path.write_text(f"[defaults]\nmax_age = '1h'\n{defaults}\n")
    down = Web({f"{ACME}/api/v2/summary.json": httpx.Response(503)})
    assert watchlist("add", ACME, *argv, transport=down).code == 3
    assert len(down.asked) == asked


def test_a_page_is_read_whatever_age_of_readings_the_list_allows(path: Path) -> None:
    path.write_text("[defaults]\nmax_age = '1h'\n")
    transport = serving(acme=page("API"))
    assert run_command("check", ACME, transport=transport).code == 0
    assert watchlist("add", ACME, transport=serving()).code == 3


def test_one_line_says_that_no_page_at_all_could_be_reached() -> None:
    down = httpx.ConnectError("connection refused")
    finished = watchlist("add", "github", ACME, transport=serving(github=down, acme=down))
    assert (finished.code, finished.out) == (3, "")
    assert finished.err == (
        "no page could be reached (no connection: connection refused): probably this"
        " machine's network or proxy; outlogger drill works without one\n"
        "nothing was added; --no-check adds without reading the page\n"
    )


def test_a_run_that_is_interrupted_writes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_args: object, **_options: object) -> Iterator[Any]:
        raise KeyboardInterrupt

    path.touch()
    monkeypatch.setattr(walk, "collect", interrupt)
    assert watchlist("add", "github") == Finished(code=130, out="", err="")
    assert path.read_text() == ""


def test_a_pattern_that_matches_no_component_is_refused_with_the_closest(path: Path) -> None:
    path.touch()
    finished = watchlist(
        *("add", "github", "-c", "Actoins", "-c", "Web", "-x", "zzz"),
        transport=serving(github=page("Actions", "Web")),
    )
    assert finished == refused(
        "GitHub has no component 'Actoins', did you mean Actions?;"
        " no component 'zzz', --pick lists them on a terminal"
    )
    assert path.read_text() == ""


def test_a_pattern_for_a_page_without_components_is_refused() -> None:
    finished = watchlist("add", "github", "-c", "API", transport=serving(github=page()))
    assert finished == refused("GitHub has no component 'API', its page lists none")


def test_every_option_is_written(path: Path) -> None:
    path.touch()
    finished = watchlist(
        *("add", ACME, "-c", "EU/*", "-c", "Web", "-x", "API", "--tag", "ci", "--tag", "prod"),
        *("--fail-on", "major", "--name", "Our  Acme", "--as", "acme", "--platform", "statuspage"),
        transport=serving(acme=page("API", "Web", groups={"API": "EU"})),
    )
    assert finished == added(f"Added Our Acme ({ACME}, statuspage, 2 components in 1 group)")
    assert path.read_text() == (
        "[vendors.acme]\n"
        'name = "Our Acme"\n'
        f'url = "{ACME}"\n'
        'platform = "statuspage"\n'
        'components = ["EU/*", "Web"]\n'
        'exclude = ["API"]\n'
        'tags = ["ci", "prod"]\n'
        'fail_on = "major"\n'
    )


@pytest.mark.parametrize(
    ("name", "slug", "url"),
    [(ACME, "status.acme.example", f'url = "{ACME}"\n'), ("github", "github", "")],
)
def test_the_platform_that_answered_is_written_and_said(
    path: Path, name: str, slug: str, url: str
) -> None:
    path.touch()
    transport = serving(acme=page("API"), github=page("API"))
    finished = watchlist("add", name, "--platform", "instatus", transport=transport)
    assert (finished.code, finished.err) == (
        0,
        f"{slug}: runs on statuspage, not on instatus; --no-check takes --platform unread\n",
    )
    assert finished.out.endswith(", statuspage, 1 component)\n")
    assert path.read_text().endswith(f']\n{url}platform = "statuspage"\n')
    again = watchlist("add", name, "--platform", "statuspage", transport=transport)
    assert (again.out.endswith(" is on the list already\n"), again.err) == (True, "")


def test_adding_twice_changes_only_what_the_options_say(path: Path) -> None:
    path.write_text("[vendors.github] # ours\nfail_on = 'minor' # low\n")
    transport = serving(github=page("API"))
    argv = ("add", "github", "--fail-on", "major", "--tag", "ci")
    assert watchlist(*argv, transport=transport) == added("Changed GitHub: tags, fail_on")
    changed = '[vendors.github] # ours\nfail_on = "major" # low\ntags = ["ci"]\n'
    assert path.read_text() == changed
    assert watchlist(*argv, transport=transport) == added("GitHub is on the list already")
    assert path.read_text() == changed


def test_a_vendor_on_the_list_is_read_as_the_list_says(path: Path) -> None:
    path.write_text(
        f"[vendors.acme]\nname = 'Ours'\nurl = '{ACME}'\nheaders = {{ A = '${{NOT_SET}}' }}\n"
    )
    assert watchlist("add", "Ours", "--watchlist", str(path)) == refused(
        f"{path}: [vendors.acme] headers: the environment variable NOT_SET is not set"
    )
    assert watchlist("add", "Ours", "--no-check") == added("Ours is on the list already")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("chatgpt", "openai"),
        ("Amazon Web Services", "aws"),
        (GITHUB, "github"),
        (f"{GITHUB.upper().replace('HTTPS', 'https')}/", "github"),
        (f"{GITHUB}/incidents/abc?x=1#y", "github"),
        ("https://github.com", "github.com"),
        (f"{GITHUB}/team", "www.githubstatus.com"),
        ("http://www.githubstatus.com", "www.githubstatus.com"),
    ],
)
def test_a_name_or_an_address_becomes_the_vendor_it_means(path: Path, name: str, slug: str) -> None:
    path.touch()
    assert watchlist("add", name, "--no-check").code == 0
    assert [entry.slug for entry in load(path).vendors] == [slug]


def test_without_a_check_only_what_is_known_is_said(path: Path) -> None:
    path.touch()
    assert watchlist("add", "github", f"{ACME}/", "--no-check") == added(
        f"Added GitHub ({GITHUB}, statuspage, not checked)",
        f"Added status.acme.example ({ACME}, not checked)",
    )


def test_one_vendor_may_stand_on_the_list_under_several_slugs(path: Path) -> None:
    path.touch()
    assert watchlist("add", "github", "--as", "gh-ci", "--no-check").code == 0
    assert watchlist("add", "github", "--as", "GitHub", "--no-check").code == 0
    assert watchlist("add", "github", "--as", "gh-ci", "--tag", "ci", "--no-check") == added(
        "Changed gh-ci: tags"
    )
    assert path.read_text() == (
        f'[vendors.gh-ci]\nurl = "{GITHUB}"\ntags = ["ci"]\n\n[vendors.GitHub]\nurl = "{GITHUB}"\n'
    )
    assert watchlist("add", GITHUB, "--no-check") == refused(
        f"'{GITHUB}' stands for gh-ci, GitHub on the list: give one of these"
    )


def test_a_vendor_of_the_list_alone_may_stand_on_it_under_several_slugs(path: Path) -> None:
    path.write_text(f"[vendors.hub]\nname = 'Our Hub'\nurl = '{ACME}'\n")
    for name, slug in (("HUB", "hub2"), ("our hub", "hub3")):
        assert watchlist("add", name, "--as", slug, "--no-check") == added(
            f"Added {slug} ({ACME}, not checked)"
        )
    assert watchlist("add", "hub", "--as", "hub", "--no-check") == added(
        "Our Hub is on the list already"
    )
    assert [(entry.slug, entry.url) for entry in load(path).vendors] == [
        ("hub", ACME),
        ("hub2", ACME),
        ("hub3", ACME),
    ]


def test_a_slug_that_is_named_on_purpose_follows_its_page(path: Path) -> None:
    path.write_text(f"[vendors.acme]\nurl = '{ACME}'\n")
    finished = watchlist("add", "https://other.example", "--as", "ACME", "--no-check")
    assert finished == added("Changed acme: url")
    assert load(path).vendors[0].url == "https://other.example"


def test_the_address_that_answered_is_remembered(path: Path) -> None:
    path.touch()
    transport = serving(acme=page("API"))
    assert watchlist("add", f"{ACME}/history?page=2", transport=transport) == added(
        f"Added Acme ({ACME}, statuspage, 1 component)"
    )
    for address in (ACME, f"{ACME}/incidents/1"):
        assert watchlist("add", address, transport=transport) == added(
            "status.acme.example is on the list already"
        )
    (entry,) = load(path).vendors
    assert (entry.slug, entry.url) == ("status.acme.example", ACME)


def test_a_slug_without_a_page_gets_the_one_it_is_given(path: Path) -> None:
    path.write_text("[vendors.qzxv-qzxv]\n")
    finished = watchlist("add", ACME, "--as", "qzxv-qzxv", "--no-check")
    assert finished == added("Changed qzxv-qzxv: url")


def test_a_slug_that_came_to_stand_for_another_page_meanwhile_is_refused(path: Path) -> None:
    path.touch()

    def meanwhile(request: httpx.Request) -> httpx.Response:
        path.write_text("[vendors.'status.acme.example']\nurl = 'https://other.example'\n")
        return serving(acme=page("API")).handle_request(request)

    finished = watchlist("add", ACME, transport=httpx.MockTransport(meanwhile))
    assert finished == refused(
        "status.acme.example is on the list already, with https://other.example;"
        f" give {ACME} a slug of its own: --as SLUG"
    )


def test_what_another_process_added_meanwhile_stays(path: Path) -> None:
    path.touch()

    def meanwhile(request: httpx.Request) -> httpx.Response:
        path.write_text(f"[vendors.other]\n[vendors.acme]\nurl = '{ACME}'\n")
        return serving(acme=page("API")).handle_request(request)

    finished = watchlist("add", ACME, "--as", "acme", transport=httpx.MockTransport(meanwhile))
    assert finished == added("Changed acme: platform")
    assert [entry.slug for entry in load(path).vendors] == ["other", "acme"]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["githb"], "no vendor is called 'githb'; did you mean github?"),
        (
            ["qzxv-qzxv"],
            "no vendor is called 'qzxv-qzxv'; outlogger vendors search TEXT finds vendors, and a"
            " page's https:// URL always works",
        ),
        (
            ["ftp://acme.example"],
            "'ftp://acme.example' is not the address of a page: write https://HOST/PATH",
        ),
        (
            ["https://me:secret@acme.example"],
            "the address of a page holds no user name and no password: write https://HOST/PATH",
        ),
        (["https://[::1]"], "https://[::1] needs a slug of A-Z a-z 0-9 . _ -: --as SLUG"),
        ([ACME, "--as", "a b"], "'a b' is no slug: it may hold only A-Z a-z 0-9 . _ -"),
        ([ACME, "--as", ""], "'' is no slug: it may hold only A-Z a-z 0-9 . _ -"),
        ([ACME, "--name", " "], "--name must not be empty"),
        ([ACME, "--tag", ""], "--tag must not be empty"),
        (["github", ACME, "-c", "x"], "--component needs exactly one vendor: add the others apart"),
        (["github", ACME, "--name", "x"], "--name needs exactly one vendor: add the others apart"),
        (
            ["github", "--pick", "-x", "y"],
            "--pick and --exclude contradict each other: give one of them",
        ),
        (
            ["github", "--pick"],
            "--pick needs a terminal to ask on, and standard input is none; name the components:"
            " --component PATTERN",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_refused_before_anything_is_read(
    argv: list[str], message: str
) -> None:
    assert watchlist("add", *argv) == refused(message)


def test_an_unknown_platform_is_refused() -> None:
    finished = watchlist("add", ACME, "--platform", "statuspge")
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith("outlogger: --platform must be one of statuspage, incidentio, ")


def test_a_bad_list_is_refused_before_anything_is_read(path: Path) -> None:
    path.write_text("[vendors.github]\nfailon = 'major'\n")
    finished = watchlist("add", "openai")
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith(
        f"outlogger: {path}:2: [vendors.github] failon: unknown key, did you mean fail_on?"
    )
    assert path.read_text() == "[vendors.github]\nfailon = 'major'\n"


def test_quiet_says_nothing_and_does_the_same(path: Path) -> None:
    path.touch()
    transport = serving(github=page("API"))
    assert watchlist("add", "github", "-q", transport=transport) == added()
    assert watchlist("add", ACME, "-q", transport=transport) == Finished(code=3, out="", err="")
    assert watchlist("remove", "github", "-q") == added()
    assert watchlist("remove", "github", "-q").err != ""


def test_a_hostile_page_cannot_write_on_the_terminal(path: Path) -> None:
    path.touch()
    hostile = page("A\x1b[2JPI\n::error::x\u202e", title="\x1b]0;mine\x07Ev\u202eil\r\nAdded x")
    transport = serving(acme=hostile)
    finished = watchlist("add", ACME, "-c", "API ::error::y", transport=transport)
    assert finished == refused(
        "Evil Added x has no component 'API ::error::y', did you mean API ::error::x?"
    )
    finished = watchlist("add", ACME, transport=transport)
    assert finished == added(f"Added Evil Added x ({ACME}, statuspage, 1 component)")


def test_a_linked_list_stays_a_link(home: Path, path: Path) -> None:
    real = home / "dotfiles.toml"
    real.write_text("# mine\n")
    path.symlink_to(real.name)
    assert watchlist("add", "github", "--no-check").code == 0
    assert path.readlink() == Path("dotfiles.toml")
    assert real.read_text() == "# mine\n\n[vendors.github]\n"


def test_in_a_drill_the_page_is_acted_out_and_said_to_be(path: Path) -> None:
    path.touch()
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return serving(github=page("API")).handle_request(
            httpx.Request(
                "GET", f"{GITHUB}{request.url.path.removeprefix('/www.githubstatus.com')}"
            )
        )

    finished = watchlist(
        *("add", "github"),
        env={"OUTLOGGER_DRILL": "http://127.0.0.1:9"},
        transport=httpx.MockTransport(answer),
    )
    assert finished.code == 0
    assert finished.err == "DRILL: a page on loopback; nothing of this is real\n"
    assert seen[0].startswith("http://127.0.0.1:9/")


# add --pick


class Keyboard(StringIO):
    """Standard input that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def picking(answer: str, body: object, monkeypatch: pytest.MonkeyPatch, *argv: str) -> Finished:
    monkeypatch.setattr(running, "StringIO", Keyboard)
    return watchlist("add", ACME, "--pick", *argv, stdin=answer, transport=serving(acme=body))


QUESTION = """\
Acme has 4 components:
  1  Web
  2  W?b
  3  EU/API
  4  US/API
Which of them count, such as 1,3-5? (all) """


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
    assert picking("\n", choices(), monkeypatch).out == "acme is on the list already\n"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("", "--pick: there was no answer; nothing was added"),
        (",\n", "--pick: choose from 1 to 4, such as 1,3-5; nothing was added"),
        *(
            (f"1 {word}\n", f"--pick: '{word}' is no choice from 1 to 4, such as 1,3-5;"
             " nothing was added")
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
        "--pick: the page of Acme lists no components"
    )


@pytest.mark.parametrize("other", ["--no-check", "--quiet"])
def test_pick_and_what_rules_it_out_are_refused(
    monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    assert picking("1\n", page("API"), monkeypatch, other) == refused(
        f"--pick and {other} contradict each other: give one of them"
    )


# remove


@pytest.fixture
def team(path: Path) -> Path:
    """A list with three vendors."""
    path.write_text(
        "# the team's\n"
        "[vendors.github]\n"
        "tags = ['ci']\n"
        "\n"
        "[vendors.openai]\n"
        "\n"
        "[vendors.acme]\n"
        "name = 'Acme'\n"
        f"url = '{ACME}'\n"
        "components = ['EU/*', 'Web']\n"
        "fail_on = 'major'\n"
        "timeout = 90\n"
        "headers = { A = 's3cret' }\n"
    )
    return path


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
        (("github", "opnai"), "'opnai' is not on the list {}; did you mean openai?"),
        (("stripe",), "'stripe' is not on the list {}"),
        (("stripe", "github", "x\x1b[2Jy"), "'stripe', 'xy' are not on the list {}"),
    ],
)
def test_remove_takes_all_that_are_named_or_none(
    team: Path, names: tuple[str, ...], message: str
) -> None:
    before = team.read_text()
    assert watchlist("remove", *names) == refused(message.format(team))
    assert team.read_text() == before


def test_remove_makes_no_list(home: Path) -> None:
    assert watchlist("remove", "github") == refused(
        f"'github' is not on the list {home / '.config' / 'outlogger' / 'watchlist.toml'}"
    )
    assert list(home.iterdir()) == []


def test_a_name_that_several_have_is_refused(path: Path) -> None:
    path.write_text("[vendors.github]\nname = 'It'\n[vendors.openai]\nname = 'it'\n")
    assert watchlist("remove", "IT") == refused(
        "'IT' stands for github, openai on the list: give one of these"
    )


# list, show, path, validate


def test_list_has_a_record_for_each_in_the_files_order(team: Path) -> None:
    del team
    assert watchlist("list") == added(
        f"github\tGitHub\tstatuspage\t{GITHUB}\tci\t\t",
        "openai\tOpenAI\tincidentio\thttps://status.openai.com\t\t\t",
        f"acme\tAcme\t\t{ACME}\t\tmajor\tEU/*; Web",
    )


def test_list_in_json_never_loses_a_key_and_shows_no_secret(team: Path) -> None:
    del team
    listing = watchlist("list", "--json").json
    assert (listing["schema_version"], listing["command"]) == (1, "watchlist list")
    assert listing["items"][2] == {
        "slug": "acme",
        "name": "Acme",
        "platform": None,
        "url": ACME,
        "tags": [],
        "fail_on": "major",
        "components": ["EU/*", "Web"],
        "exclude": [],
        "on_unknown": None,
        "count_incidents": None,
        "timeout": "90s",
        "headers": ["A"],
    }


def test_list_is_csv_and_a_table_too(team: Path) -> None:
    del team
    assert watchlist("list", "-f", "csv").out.split("\r\n")[:2] == [
        "slug,name,platform,url,tags,fail_on,components",
        f"github,GitHub,statuspage,{GITHUB},ci,,",
    ]
    finished = watchlist("list", terminal=True, env={"COLUMNS": "100", "NO_COLOR": "1"})
    assert finished.out.splitlines()[0].split() == (
        ["SLUG", "NAME", "PLATFORM", "URL", "TAGS", "FAIL", "ON", "COMPONENTS"]
    )


def test_list_without_a_list_is_empty_and_says_where_it_would_be(home: Path) -> None:
    own = home / ".config" / "outlogger" / "watchlist.toml"
    finished = watchlist("list", "--json")
    assert finished.json == {"schema_version": 1, "command": "watchlist list", "items": []}
    assert finished.err == f"there is no {own} yet; make it: outlogger watchlist add NAME\n"


@pytest.mark.parametrize(
    ("argv", "out"), [(("list",), ""), (("export",), "version = 1\n"), (("list", "-q"), "")]
)
def test_a_list_with_nobody_on_it_says_how_that_changes(
    path: Path, argv: tuple[str, ...], out: str
) -> None:
    path.write_text("version = 1\n")
    said = f"{path} lists no vendor; add one: outlogger watchlist add NAME\n"
    finished = watchlist(*argv, terminal=True)
    assert finished == Finished(code=0, out=out, err="" if "-q" in argv else said)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_list_that_is_a_pipe_is_there(home: Path) -> None:
    pipe = home / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_text, args=["[vendors.github]\n"])
    writing.start()
    finished = watchlist("list", "--watchlist", str(pipe))
    writing.join()
    assert finished == added(f"github\tGitHub\tstatuspage\t{GITHUB}\t\t\t")


@pytest.mark.parametrize("argv", [["list"], ["show", "github"], ["export"], ["validate"]])
def test_a_list_that_is_named_must_be_there(argv: list[str]) -> None:
    assert watchlist(*argv, "--watchlist", "none.toml") == refused(
        "none.toml: cannot be read: No such file or directory"
    )


def test_show_says_everything_of_the_vendors_named(team: Path) -> None:
    del team
    assert watchlist("show", "Acme", "github") == added(
        f"acme\tAcme\t\t{ACME}\t\tmajor\tEU/*; Web\t\t\t\t90s\tA",
        f"github\tGitHub\tstatuspage\t{GITHUB}\tci\t\t\t\t\t\t\t",
    )
    assert [item["slug"] for item in watchlist("show", "acme", "--json").json["items"]] == ["acme"]


def test_show_is_upright_in_a_table(team: Path) -> None:
    del team
    finished = watchlist("show", "acme", terminal=True, env={"NO_COLOR": "1"})
    assert finished.out.splitlines() == [
        "KEY         VALUE",
        "slug        acme",
        "name        Acme",
        f"url         {ACME}",
        "fail on     major",
        "components  EU/*; Web",
        "timeout     90s",
        "headers     A",
    ]


def test_show_of_somebody_who_is_not_on_the_list_is_refused(team: Path) -> None:
    assert watchlist("show", "stripe") == refused(f"'stripe' is not on the list {team}")


def test_path_is_where_the_list_is_or_would_be(home: Path, team: Path) -> None:
    assert watchlist("path") == added(str(team))
    assert watchlist("path", "-q") == added()
    team.unlink()
    own = home / ".config" / "outlogger" / "watchlist.toml"
    assert watchlist("path") == Finished(
        code=0,
        out=f"{own}\n",
        err=f"there is no {own} yet; make it: outlogger watchlist add NAME\n",
    )
    assert watchlist("path", env={"OUTLOGGER_WATCHLIST": "x.toml"}).out == "x.toml\n"


def test_validate_says_that_a_list_is_good(team: Path) -> None:
    assert watchlist("validate") == added(f"{team}: ok, 3 vendors")
    sample = SAMPLES / "team.toml"
    assert watchlist("validate", str(sample)) == added(f"{sample}: ok, 2 vendors")
    assert watchlist("validate", "-q") == added()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[vendors.x]\nurl = 5\n", "2: [vendors.x] url = 5: must be text in quotes"),
        (
            "\ufeff\n[vendors.githb]\n",
            "2: [vendors.githb] is not in the catalogue and has no url; did you mean github?",
        ),
        ("[vendors.qzxv-qzxv]\n", "1: [vendors.qzxv-qzxv] is not in the catalogue and has no url"),
    ],
)
def test_validate_says_what_is_wrong_and_where(path: Path, text: str, message: str) -> None:
    path.write_text(text)
    assert watchlist("validate") == refused(f"{path}:{message}")


# edit


@pytest.fixture
def copies(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    folder = home / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def editor(home: Path, copies: Path) -> Callable[[str], dict[str, str]]:
    """Makes an editor of Python code, which finds the file's path in `file`."""
    del copies

    def make(code: str, variable: str = "EDITOR") -> dict[str, str]:
        script = home / "an editor.py"
        script.write_text(
            "import os, sys\nfrom pathlib import Path\nfile = Path(sys.argv[-1])\n" + code
        )
        return {variable: shlex.join([sys.executable, str(script), "--wait"])}

    return make


def appending(text: str) -> str:
    return f"file.write_bytes(file.read_bytes() + {text.encode()!r})"


def test_edit_takes_over_what_the_editor_leaves(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    team.write_bytes(b"[vendors.github]\r\n")
    env = {"EDITOR": "false", **editor(appending("[vendors.openai]\r\n"), "VISUAL")}
    assert watchlist("edit", env=env) == added(f"Changed {team}")
    assert team.read_bytes() == b"[vendors.github]\r\n[vendors.openai]\r\n"


def test_edit_works_on_a_copy_that_is_private_and_goes_away(
    home: Path, team: Path, copies: Path, editor: Callable[..., dict[str, str]]
) -> None:
    note = "Path('seen').write_text(f'{file} {file.parent.stat().st_mode & 0o777:o}')"
    assert watchlist("edit", env=editor(note)) == added(f"{team} is as it was")
    copy, mode = (home / "seen").read_text().split()
    assert (Path(copy).name, Path(copy).parent.parent, mode) == (team.name, copies, "700")
    assert list(copies.iterdir()) == []


def test_edit_begins_a_list_where_there_is_none(
    home: Path, editor: Callable[..., dict[str, str]]
) -> None:
    own = home / ".config" / "outlogger" / "watchlist.toml"
    finished = watchlist("edit", env=editor(appending("[vendors.github]\n")))
    assert finished == added(f"Changed {own}")
    assert own.read_text() == "version = 1\n[vendors.github]\n"


def test_a_bad_result_is_kept_beside_and_the_list_stays(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    before = team.read_text()
    finished = watchlist("edit", env=editor(appending("[vendors.githb]\n")))
    side = Path(finished.err.split(" is kept in ")[1].strip())
    row = before.count("\n") + 1
    assert finished == refused(
        f"{side}:{row}: [vendors.githb] is not in the catalogue and has no url; did you mean"
        f" github?; the list is as it was, and your text is kept in {side}"
    )
    assert side.read_text() == before + "[vendors.githb]\n"
    assert team.read_text() == before


def test_an_editor_that_fails_changes_nothing(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    before = team.read_text()
    finished = watchlist("edit", env=editor("sys.exit(3)"))
    assert finished == refused(f"the editor {sys.executable} ended with 3")
    finished = watchlist("edit", env=editor(f"{appending('# more')}; sys.exit(3)"))
    side = Path(finished.err.split(" is kept in ")[1].strip())
    assert side.read_text() == before + "# more"
    assert team.read_text() == before


def test_an_editor_that_takes_the_copy_away_changes_nothing(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    before = team.read_text()
    finished = watchlist("edit", env=editor("file.unlink()"))
    assert finished.code == 2
    assert finished.err.endswith("outlogger.toml: cannot be read: No such file or directory\n")
    assert team.read_text() == before


@pytest.mark.parametrize(
    ("env", "message"),
    [
        (
            {"VISUAL": "/no/such/editor -x"},
            "the editor /no/such/editor cannot be started: No such file or directory; set EDITOR",
        ),
        ({"VISUAL": " ", "EDITOR": "vi 'x"}, "EDITOR is no command: No closing quotation"),
        (
            {"PATH": "/nowhere"},
            "the editor vi cannot be started: No such file or directory; set EDITOR",
        ),
    ],
)
def test_an_editor_that_cannot_be_started_is_named(
    team: Path, env: dict[str, str], message: str
) -> None:
    del team
    assert watchlist("edit", env=env) == refused(message)


def test_a_list_that_changed_while_it_was_edited_is_not_overwritten(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    code = f"Path({str(team)!r}).write_text('# new\\n')\n{appending('# mine')}"
    finished = watchlist("edit", env=editor(code))
    assert finished.code == 2
    assert finished.err.startswith(
        "outlogger: somebody else changed the list while you were editing; the list is as it was,"
        " and your text is kept in /"
    )
    assert team.read_text() == "# new\n"


def test_a_text_that_cannot_be_written_is_kept(
    home: Path, editor: Callable[..., dict[str, str]]
) -> None:
    (home / "file").touch()
    finished = watchlist(
        "edit", "--watchlist", "file/list.toml", env=editor(appending("[vendors.github]\n"))
    )
    assert finished.code == 70
    side = Path(finished.err.split(" is kept in ")[1].strip())
    assert side.read_text() == "version = 1\n[vendors.github]\n"


def test_a_bad_list_is_mended_where_it_is(
    path: Path, editor: Callable[..., dict[str, str]]
) -> None:
    path.write_text("[vendors.github\n")
    finished = watchlist("edit", env=editor("file.write_text('[vendors.githb]')"))
    assert finished == refused(
        f"{path}:1: [vendors.githb] is not in the catalogue and has no url; did you mean github?"
    )
    finished = watchlist("edit", env=editor("file.write_text('[vendors.github]')"))
    assert finished == added(f"Changed {path}")
    path.write_text("[vendors.github\n")
    finished = watchlist("edit", env=editor("file.write_text('[vendors.github]')"))
    assert finished == added(f"{path} is a good watchlist now")


def test_ctrl_c_in_the_editor_is_the_editors_own(
    team: Path, editor: Callable[..., dict[str, str]]
) -> None:
    code = "import signal\nos.kill(os.getppid(), signal.SIGINT)"
    assert watchlist("edit", env=editor(code)) == added(f"{team} is as it was")


# import and export


def test_import_says_what_it_added_and_what_it_could_not_place(path: Path) -> None:
    path.write_text("[vendors.github]\n")
    source = SAMPLES / "vendors.csv"
    assert watchlist("import", str(source)) == Finished(
        code=0,
        out=f"Added Acme, Inc. ({ACME}, not checked)\nGitHub is on the list already\n",
        err=f'{source}:5: fail_on = "soon": must be one of never, maintenance, minor, major,'
        f" critical\n{source}:6: no vendor is called 'Qzxv'; outlogger vendors search TEXT finds"
        " vendors, and a page's https:// URL always works\n",
    )
    assert path.read_text() == (
        "[vendors.github]\n\n"
        '[vendors."status.acme.example"]\n'
        'name = "Acme, Inc."\n'
        f'url = "{ACME}"\n'
        'components = ["API", "\'Web"]\n'
        'tags = ["-ci", "prod"]\n'
        'fail_on = "major"\n'
    )


def test_import_reads_names_on_standard_input(path: Path) -> None:
    path.touch()
    text = (SAMPLES / "names.txt").read_text()
    assert watchlist("import", "-", stdin=text) == added(
        f"Added GitHub ({GITHUB}, statuspage, not checked)",
        "Added OpenAI (https://status.openai.com, incidentio, not checked)",
        f"Added status.acme.example ({ACME}, not checked)",
        "Added Permutive (https://status.permutive.com, statuspage, not checked)",
    )


def test_import_takes_another_watchlist_without_its_headers(path: Path) -> None:
    path.write_text("[vendors.github]\nfail_on = 'minor'\n")
    source = SAMPLES / "team.toml"
    assert watchlist("import", str(source)) == Finished(
        code=0,
        out=f"Changed GitHub: tags\nAdded acme ({ACME}, not checked)\n",
        err=f"{source}: [vendors.acme]: the headers of acme were not taken over\n",
    )
    assert path.read_text() == (
        f'[vendors.github]\nfail_on = \'minor\'\ntags = ["ci"]\n\n[vendors.acme]\nurl = "{ACME}"\n'
    )


def test_import_takes_a_listing_and_keeps_its_slugs(path: Path) -> None:
    path.touch()
    assert watchlist("import", str(SAMPLES / "listing.json")).code == 0
    assert [entry.slug for entry in load(path).vendors] == ["github", "acme"]


def test_import_takes_feeds_and_leaves_blogs(path: Path) -> None:
    path.touch()
    source = SAMPLES / "feeds.opml"
    assert watchlist("import", str(source)) == Finished(
        code=0,
        out=f"Added GitHub ({GITHUB}, statuspage, not checked)\n"
        f"Added Café Acme ({ACME}, not checked)\n"
        "Added OpenAI (https://status.openai.com, incidentio, not checked)\n"
        "Added Bolt (https://status.bolt.example, not checked)\n"
        "Added Permutive (https://status.permutive.com, statuspage, not checked)\n"
        "Added status.dent.example (https://status.dent.example, not checked)\n",
        err=f'{source}: "Ann\'s blog": is not the feed of a status page that is known\n',
    )


def test_import_reads_marked_up_standard_input_in_its_own_encoding(path: Path) -> None:
    path.touch()
    text = (SAMPLES / "feeds.opml").read_text(encoding="latin-1")
    assert f"Added Café Acme ({ACME}, not checked)\n" in watchlist("import", "-", stdin=text).out


def test_import_reads_standard_input_as_bytes_where_it_has_them(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.touch()
    data = (SAMPLES / "feeds.opml").read_bytes()
    monkeypatch.setattr(running, "StringIO", lambda _text: TextIOWrapper(BytesIO(data)))
    assert f"Added Café Acme ({ACME}, not checked)\n" in watchlist("import", "-").out


def test_the_name_a_vendor_is_found_by_is_not_written(path: Path) -> None:
    path.touch()
    text = "name,tags\ngithub,ci\namazon web services,\n"
    assert watchlist("import", "-", stdin=text).code == 0
    assert path.read_text() == '[vendors.github]\ntags = ["ci"]\n\n[vendors.aws]\n'


def test_one_bad_slug_does_not_keep_the_others_out(path: Path) -> None:
    path.touch()
    text = f"slug,url\nour acme,{ACME}\ngithub,\n"
    assert watchlist("import", "-", stdin=text) == Finished(
        code=0,
        out=f"Added GitHub ({GITHUB}, statuspage, not checked)\n",
        err="standard input:2: 'our acme' is no slug: it may hold only A-Z a-z 0-9 . _ -\n",
    )


def test_import_of_nothing_that_can_be_placed_writes_nothing(home: Path) -> None:
    finished = watchlist("import", "-", stdin="githb\n\x1b[2Jx://y\n")
    assert finished == Finished(
        code=2,
        out="",
        err="standard input:1: no vendor is called 'githb'; did you mean github?\n"
        "standard input:2: 'x://y' is not the address of a page: write https://HOST/PATH\n"
        "outlogger: standard input: no vendor in it could be placed; nothing was written\n",
    )
    assert list(home.iterdir()) == []


def test_a_slug_in_a_listing_that_stands_for_another_page_is_not_placed(path: Path) -> None:
    path.write_text("[vendors.acme]\nurl = 'https://other.example'\n")
    finished = watchlist("import", "-", stdin=f"slug,url\nacme,{ACME}\ngithub,\n")
    assert (finished.code, finished.err) == (
        0,
        "standard input:2: acme is on the list already, with https://other.example;"
        f" give {ACME} a slug of its own: --as SLUG\n",
    )


def test_a_file_that_cannot_be_imported_is_named(home: Path) -> None:
    assert watchlist("import", "none.csv") == refused(
        "none.csv: cannot be read: No such file or directory"
    )
    (home / "large").write_bytes(b"x" * (8 * 1024 * 1024 + 1))
    assert watchlist("import", "large") == refused(
        "large: is larger than 8 MiB, so it is no list of vendors"
    )
    assert watchlist("import", "-", stdin="x\n" * 5001) == refused(
        "standard input: names more than 5000, so it is no list of vendors"
    )


def test_export_is_a_watchlist_without_headers(team: Path) -> None:
    del team
    assert watchlist("export") == Finished(
        code=0,
        out='version = 1\n\n[vendors.github]\ntags = ["ci"]\n\n[vendors.openai]\n\n'
        f'[vendors.acme]\nname = "Acme"\nurl = "{ACME}"\ncomponents = ["EU/*", "Web"]\n'
        'fail_on = "major"\ntimeout = "90s"\n',
        err="the headers of acme were left out\n",
    )


@pytest.mark.parametrize("format", ["toml", "csv", "json", "opml"])
def test_export_says_what_it_leaves_out(path: Path, format: str) -> None:
    path.write_text(
        "[defaults]\nfail_on = 'major'\n[notify]\ncommand = 'true'\n"
        "[vendors.github]\nheaders = { A = 's3cret' }\n"
    )
    assert watchlist("export", "-f", format).err == (
        "the settings of [defaults] were left out\n"
        "the settings of [notify] were left out\n"
        "the headers of github were left out\n"
    )


@pytest.mark.parametrize(
    ("argv", "variable", "begins"),
    [
        ((), "opml", "<?xml"),
        ((), "markdown", "version = 1"),
        (("-f", "csv"), "opml", "slug,"),
        (("--format", "json"), "", "{"),
    ],
)
def test_the_format_of_an_export_is_the_options_then_the_variables(
    team: Path, argv: tuple[str, ...], variable: str, begins: str
) -> None:
    del team
    finished = watchlist("export", *argv, env={"OUTLOGGER_FORMAT": variable})
    assert finished.out.startswith(begins)


def test_export_writes_a_file_even_where_it_is_quiet(team: Path, home: Path) -> None:
    del team
    assert watchlist("export", "-o", "out.toml", "-q") == added()
    assert watchlist("export", "-q") == added()
    assert (home / "out.toml").read_text() == watchlist("export").out
    assert watchlist("export", "-o", "no/out.toml") == refused("--output: there is no folder no")
    assert watchlist("export", "-f", "xml") == refused(
        "--format must be one of toml, csv, json, opml, not 'xml'"
    )


@pytest.mark.parametrize("format", ["toml", "csv", "json"])
def test_what_is_exported_is_imported_as_it_was(team: Path, home: Path, format: str) -> None:
    exported = watchlist("export", "-f", format).out
    expected = [watchlist("export").out]
    team.unlink()
    assert watchlist("import", "-", "--watchlist", "back.toml", stdin=exported).code == 0
    assert [(home / "back.toml").read_text()] == expected


# suggest


@pytest.fixture
def project(home: Path) -> Path:
    """A project that depends on three vendors, the one of them in many places."""
    folder = home / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "requirements.txt").write_text("stripe==9.1\nopenai\n")
    (folder / "Gemfile").write_text("gem 'stripe'\n")
    for at in range(3):
        (folder / "src" / f"{at}.py").write_text("URL = 'https://api.stripe.com/v1'\n")
    return folder


STRIPE = [
    ("Gemfile", 1, "Ruby gem stripe"),
    ("requirements.txt", 1, "Python package stripe"),
    *((f"src/{at}.py", 1, "host api.stripe.com") for at in range(3)),
]
OPENAI = [("requirements.txt", 2, "Python package openai")]


def test_suggest_names_the_vendors_with_their_evidence(project: Path) -> None:
    said = "; ".join(f"{path}:{line} {what}" for path, line, what in STRIPE)
    finished = watchlist("suggest", str(project))
    rows = [row.split("\t") for row in finished.out.splitlines()]
    assert [(slug, name, evidence) for slug, name, _, evidence in rows] == [
        ("stripe", "Stripe", said),
        ("openai", "OpenAI", "requirements.txt:2 Python package openai"),
    ]
    assert finished.err == (
        "2 vendors not on the list yet: outlogger watchlist suggest --add takes them in\n"
    )


def test_suggest_looks_into_this_folder_unless_another_is_named(project: Path) -> None:
    here = watchlist("suggest", cwd=project).out
    assert here == watchlist("suggest", str(project)).out


def test_suggest_in_json_has_the_evidence_in_parts(project: Path, path: Path) -> None:
    path.write_text("[vendors.openai]\n")
    listing = watchlist("suggest", str(project), "--json").json
    assert listing["command"] == "watchlist suggest"
    for item in listing["items"]:
        del item["score"]
    assert listing["items"] == [
        {
            "slug": "stripe",
            "name": "Stripe",
            "listed": False,
            "added": False,
            "evidence": [{"path": p, "line": line, "what": what} for p, line, what in STRIPE],
        },
        {
            "slug": "openai",
            "name": "OpenAI",
            "listed": True,
            "added": False,
            "evidence": [{"path": p, "line": line, "what": what} for p, line, what in OPENAI],
        },
    ]


def test_suggest_in_a_table_gives_the_best_evidence_a_line_each(project: Path) -> None:
    finished = watchlist("suggest", str(project), terminal=True, env={"NO_COLOR": "1"})
    assert finished.out.splitlines() == [
        "SLUG    EVIDENCE",
        "stripe  Gemfile:1 Ruby gem stripe",
        "        requirements.txt:1 Python package stripe",
        "        src/0.py:1 host api.stripe.com",
        "        and 2 more",
        "openai  requirements.txt:2 Python package openai",
    ]


def test_suggest_takes_in_what_is_not_on_the_list(project: Path, path: Path) -> None:
    path.write_text("[vendors.openai]\ntags = ['ai']\n")
    finished = watchlist("suggest", str(project), "--add", "--json")
    assert [(i["slug"], i["listed"], i["added"]) for i in finished.json["items"]] == [
        ("stripe", True, True),
        ("openai", True, False),
    ]
    assert (finished.code, finished.err) == (0, f"Added 1 vendor to {path}\n")
    assert path.read_text() == "[vendors.openai]\ntags = ['ai']\n\n[vendors.stripe]\n"
    again = watchlist("suggest", str(project), "--add")
    assert again.err == "all of them are on the list already\n"


def test_suggest_says_that_it_found_nothing(home: Path) -> None:
    (home / "empty").mkdir()
    assert watchlist("suggest", "empty", "--add") == Finished(
        code=0, out="", err="nothing in empty speaks of a vendor of the catalogue\n"
    )
    assert list((home / ".config").glob("*")) == []


def test_suggest_says_what_it_could_not_read(home: Path) -> None:
    folder = home / "project"
    folder.mkdir()
    for manifest in ("package.json", "Cargo.toml"):
        (folder / manifest).write_bytes(b" " * 1_100_000)
    said = "not everything in project was read: 2 too large files\n"
    assert watchlist("suggest", "project") == Finished(
        code=0, out="", err=f"nothing in project speaks of a vendor of the catalogue\n{said}"
    )
    (folder / "requirements.txt").write_text("stripe\n")
    assert watchlist("suggest", "project").err.endswith(f"takes them in\n{said}")
    assert watchlist("suggest", "project", "-q").err == ""


def test_suggest_says_that_it_ended_at_its_limit(project: Path) -> None:
    (project / "Cargo.toml").write_bytes(b" " * 1_100_000)
    finished = run_command(
        "watchlist", "suggest", str(project), monotonic=map(float, range(0, 99, 2)).__next__
    )
    assert finished.err.splitlines()[1:] == [
        f"not everything in {project} was read: 1 too large file, the limit of time or size was "
        "reached; search its folders one by one"
    ]


# Processes


def test_twenty_processes_at_once_are_all_on_the_list(path: Path) -> None:
    path.write_text("# ours\n")
    code = f"{COMMAND}\nsys.stdin.read()\nsys.exit(run(sys.argv[1:]))"
    slugs = [f"v{number}.example" for number in range(20)]
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                spawn(
                    *("watchlist", "add", f"https://{slug}", "--no-check"),
                    command=(sys.executable, "-c", code),
                    stdin=subprocess.PIPE,
                )
            )
            for slug in slugs
        ]
        finished = [finish(process) for process in running]
    assert finished == [added(f"Added {slug} (https://{slug}, not checked)") for slug in slugs]
    assert {entry.slug for entry in load(path).vendors} == set(slugs)
    assert path.read_text().startswith("# ours\n\n[vendors.")


@pytest.mark.parametrize("seed", range(8))
def test_a_kill_at_any_moment_leaves_a_whole_list(path: Path, seed: int) -> None:
    path.touch()
    code = f"""{COMMAND}
for number in range(10_000):
    run(["watchlist", "add", f"https://v{{number}}.example", "--no-check", "--tag", "a" * 250])
"""
    with spawn(command=(sys.executable, "-c", code)) as process:
        assert process.stdout
        for _ in range(random.Random(seed).randrange(1, 12)):
            assert process.stdout.readline()
        process.kill()
        process.wait()
    slugs = [entry.slug for entry in load(path).vendors]
    assert slugs == [f"v{number}.example" for number in range(len(slugs))]
    assert slugs
    assert watchlist("add", "github", "--no-check").code == 0
    assert [file.name for file in path.parent.iterdir()] == ["outlogger.toml"]
