"""`outlogger watchlist add`: what is read first, what it says, what it leaves alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from outlogger_cli.engine import run
from outlogger_cli.watchlist.store import load
from tests.cli.commands.watchlist.lists import (
    ACME,
    GITHUB,
    added,
    page,
    refused,
    serving,
    watchlist,
)
from tests.running import Finished, Web, run_command


def test_add_says_what_the_page_is_and_where_the_list_was_made(home: Path) -> None:
    finished = watchlist("add", "github", transport=serving(github=page("API", "Web")))
    own = home / ".config" / "outlogger" / "watchlist.toml"
    assert finished == Finished(
        code=0,
        out=f"Added GitHub ({GITHUB}, statuspage, 2 components)\n",
        err=f"Created watchlist {own}\n",
    )
    assert own.read_text() == "version = 1\n\n[vendors.github]\n"


def test_add_writes_the_projects_list_where_there_is_one(path: Path) -> None:
    path.write_text("# ours\n")
    finished = watchlist("add", "github", transport=serving(github=page("API")))
    assert finished == added(f"Added GitHub ({GITHUB}, statuspage, 1 component)")
    assert path.read_text() == "# ours\n\n[vendors.github]\n"


def test_add_makes_the_list_that_is_named(home: Path) -> None:
    finished = watchlist("add", "github", "--no-check", "--watchlist", "new.toml")
    assert (finished.code, finished.err) == (0, "Created watchlist new.toml\n")
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
        err="status.acme.example: HTTP 404: no status page at this address,"
        f" {ACME}\n"
        "nothing was added; to add without reading the page: --no-check\n",
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
        "It's this machine: none of 2 status pages could be reached (connection refused)."
        " Check network, VPN or proxy.\n"
        "nothing was added; to add without reading the page: --no-check\n"
    )


def test_a_run_that_is_interrupted_writes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_args: object, **_options: object) -> Iterator[Any]:
        raise KeyboardInterrupt

    path.touch()
    monkeypatch.setattr(run, "read", interrupt)
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
        " no component 'zzz', to list them: --pick"
    )
    assert path.read_text() == ""


def incidentio(*, names: int) -> dict[str, Any]:
    rows = [
        {"id": f"01HACME{number:019}", "name": f"Part {number}", "status": "operational"}
        for number in range(names)
    ]
    return {
        "page": {"id": "01HACME0000000000000000000", "name": "Acme", "url": ACME},
        "components": rows,
        "status": {"indicator": "none", "description": ""},
    }


@pytest.mark.parametrize("platform", [(), ("--platform", "statuspage")])
def test_a_component_beyond_the_summary_of_incidentio_is_found(
    path: Path, platform: tuple[str, ...]
) -> None:
    path.touch()
    web = Web(
        {
            f"{ACME}/api/v2/summary.json": httpx.Response(200, json=incidentio(names=25)),
            f"{ACME}/api/v2/components.json": httpx.Response(200, json=incidentio(names=27)),
        }
    )
    argv = ("add", ACME, "-c", "Part 26", "--as", "acme", *platform)
    finished = watchlist(*argv, transport=web)
    assert finished.out == f"Added Acme ({ACME}, incidentio, 27 components)\n"
    check = run_command("check", "-v", "--watchlist", str(path), transport=web)
    assert (check.code, check.err) == (0, "acme: ok: 1 selected component operational\n")


def test_a_pattern_may_be_of_a_part_that_could_not_be_read(path: Path) -> None:
    path.touch()
    summary = httpx.Response(200, json=incidentio(names=25))
    finished = watchlist(
        *("add", ACME, "-c", "Part 26", "--as", "acme"),
        transport=Web({f"{ACME}/api/v2/summary.json": summary}),
    )
    assert finished == added(f"Added Acme ({ACME}, incidentio, 25 components)")


def test_add_says_what_pages_of_the_platform_never_show(path: Path) -> None:
    path.touch()
    body = {
        "result": {
            "status_overall": {"status": "Operational", "status_code": 100},
            "status": [
                {
                    "id": "c1",
                    "name": "API",
                    "status": "Operational",
                    "status_code": 100,
                    "containers": [{"id": "p1", "name": "EU", "status_code": 100}],
                }
            ],
            "incidents": [],
            "maintenance": {"active": [], "upcoming": []},
        }
    }
    address = "https://api.status.io/1.0/status/5f0c0000000000000000000a"
    web = Web({address: httpx.Response(200, json=body)})
    finished = watchlist("add", address, "--as", "acme", transport=web)
    assert finished.code == 0
    assert finished.out.endswith(" in 1 group, without history)\n")


def test_a_pattern_for_a_page_without_components_is_refused() -> None:
    finished = watchlist("add", "github", "-c", "API", transport=serving(github=page()))
    assert finished == refused("GitHub has no component 'API', its page has no components")


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
        f"{slug}: uses the platform statuspage, not instatus;"
        " to use --platform without reading the page: --no-check\n",
    )
    assert finished.out.endswith(", statuspage, 1 component)\n")
    assert path.read_text().endswith(f']\n{url}platform = "statuspage"\n')
    again = watchlist("add", name, "--platform", "statuspage", transport=transport)
    assert (again.out.endswith(" is already on the watchlist\n"), again.err) == (True, "")


def test_adding_twice_changes_only_what_the_options_say(path: Path) -> None:
    path.write_text("[vendors.github] # ours\nfail_on = 'minor' # low\n")
    transport = serving(github=page("API"))
    argv = ("add", "github", "--fail-on", "major", "--tag", "ci")
    assert watchlist(*argv, transport=transport) == added("Changed GitHub: tags, fail_on")
    changed = '[vendors.github] # ours\nfail_on = "major" # low\ntags = ["ci"]\n'
    assert path.read_text() == changed
    assert watchlist(*argv, transport=transport) == added("GitHub is already on the watchlist")
    assert path.read_text() == changed


def test_tags_are_added_to_the_tags_there_are(path: Path) -> None:
    path.write_text("[vendors.github]\ntags = ['b', 'a'] # ours\n")
    argv = ("add", "github", "--no-check", "--tag", "c", "--tag", "a")
    assert watchlist(*argv) == added("Changed GitHub: tags")
    assert path.read_text() == '[vendors.github]\ntags = ["b", "a", "c"] # ours\n'
    assert watchlist(*argv) == added("GitHub is already on the watchlist")


def test_a_vendor_on_the_list_is_read_as_the_list_says(path: Path) -> None:
    path.write_text(
        f"[vendors.acme]\nname = 'Ours'\nurl = '{ACME}'\nheaders = {{ A = '${{NOT_SET}}' }}\n"
    )
    assert watchlist("add", "Ours", "--watchlist", str(path)) == refused(
        f"{path}: [vendors.acme] headers: the environment variable NOT_SET is not set"
    )
    assert watchlist("add", "Ours", "--no-check") == added("Ours is already on the watchlist")


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
        ("https://status.exämple.de", "status.xn--exmple-cua.de"),
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


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (
            ["actions"],
            "actions: read as github: Actions (whole page; only this component: -c 'Actions')\n",
        ),
        (["actions", "-c", "Actions"], ""),
        (["github"], ""),
    ],
)
def test_a_product_is_said_to_add_the_whole_page(path: Path, argv: list[str], said: str) -> None:
    path.touch()
    assert watchlist("add", *argv, "--no-check").err == said


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
        f"'{GITHUB}' is ambiguous on the watchlist: use one of gh-ci, GitHub"
    )


def test_a_vendor_of_the_list_alone_may_stand_on_it_under_several_slugs(path: Path) -> None:
    path.write_text(f"[vendors.hub]\nname = 'Our Hub'\nurl = '{ACME}'\n")
    for name, slug in (("HUB", "hub2"), ("our hub", "hub3")):
        assert watchlist("add", name, "--as", slug, "--no-check") == added(
            f"Added {slug} ({ACME}, not checked)"
        )
    assert watchlist("add", "hub", "--as", "hub", "--no-check") == added(
        "Our Hub is already on the watchlist"
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
            "status.acme.example is already on the watchlist"
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
        "status.acme.example is already on the watchlist with https://other.example;"
        f" to add {ACME} under another slug: --as SLUG"
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
        (["githb"], "unknown vendor 'githb': did you mean github?"),
        (
            ["qzxv-qzxv"],
            "unknown vendor 'qzxv-qzxv': try outlogger vendors search TEXT, or the"
            " page's https:// URL",
        ),
        (
            ["ftp://acme.example"],
            "'ftp://acme.example' is not a valid page URL: write https://HOST/PATH",
        ),
        (
            ["https://me:secret@acme.example"],
            "a page URL must not contain a user name or password: write https://HOST/PATH",
        ),
        (
            [f"https://{'ä' * 64}.de"],
            f"https://{'ä' * 64}.de needs a slug: --as SLUG (only A-Z a-z 0-9 . _ -)",
        ),
        (["https://[::1]"], "https://[::1] needs a slug: --as SLUG (only A-Z a-z 0-9 . _ -)"),
        ([ACME, "--as", "a b"], "'a b' is not a valid slug: use only A-Z a-z 0-9 . _ -"),
        ([ACME, "--as", ""], "'' is not a valid slug: use only A-Z a-z 0-9 . _ -"),
        ([ACME, "--name", " "], "--name must not be empty"),
        ([ACME, "--tag", ""], "--tag must not be empty"),
        (
            ["github", ACME, "-c", "x"],
            "--component needs exactly one vendor: add the others separately",
        ),
        (
            ["github", ACME, "--name", "x"],
            "--name needs exactly one vendor: add the others separately",
        ),
        (
            ["github", "--pick", "-x", "y"],
            "--pick and --exclude cannot be used together",
        ),
        (
            ["github", "--pick"],
            "--pick needs a terminal on standard input;"
            " without one, use --component PATTERN",
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
    assert finished.err == "DRILL: simulated data (a page on loopback)\n"
    assert seen[0].startswith("http://127.0.0.1:9/")
