"""`outlogger watchlist import` and `export`."""

import csv
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from outlogger_cli.cli.commands.watchlist.exchanging import FORMATS, HINTS
from outlogger_cli.watchlist.store import load
from tests import running
from tests.cli.commands.watchlist.lists import ACME, GITHUB, SAMPLES, added, refused, watchlist
from tests.running import Finished


def test_import_says_what_it_added_and_what_it_could_not_place(path: Path) -> None:
    path.write_text("[vendors.github]\n")
    source = SAMPLES / "vendors.csv"
    assert watchlist("import", str(source)) == Finished(
        code=0,
        out=f"Added Acme, Inc. ({ACME}, not checked)\nGitHub is already on the watchlist\n",
        err=f'{source}:5: fail_on = "soon": must be one of never, maintenance, minor, major,'
        f" critical\n{source}:6: unknown vendor 'Qzxv': try outlogger vendors search"
        " TEXT, or the page's https:// URL\n",
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
        err=f"{source}: the settings of [defaults] were not imported\n"
        f"{source}: [vendors.acme]: the headers of acme were not imported\n",
    )
    assert path.read_text() == (
        f'[vendors.github]\nfail_on = \'minor\'\ntags = ["ci"]\n\n[vendors.acme]\nurl = "{ACME}"\n'
    )


def test_import_says_what_it_does_not_take_over(path: Path) -> None:
    path.touch()
    text = "[vendors.github]\n[notify]\ncommand = 'true'\n"
    assert watchlist("import", "-", stdin=text).err == (
        "standard input: the settings of [notify] were not imported\n"
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
        err=f'{source}: "Ann\'s blog": is not the feed of a known status page\n',
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
        err="standard input:2: 'our acme' is not a valid slug: use only A-Z a-z 0-9 . _ -\n",
    )


def test_import_of_nothing_that_can_be_placed_writes_nothing(home: Path) -> None:
    finished = watchlist("import", "-", stdin="githb\n\x1b[2Jx://y\n")
    assert finished == Finished(
        code=2,
        out="",
        err='standard input:2: url = "x://y": must be a URL that begins with https:// or'
        " http://\n"
        "standard input:1: unknown vendor 'githb': did you mean github?\n"
        "outlogger: standard input: no vendors found, nothing was written; expected names"
        " or addresses one a line; CSV or TSV with a header such as name,url; JSON, YAML or TOML"
        " with names and addresses; OPML; a Markdown list; or a watchlist\n",
    )
    assert list(home.iterdir()) == []


def test_a_slug_in_a_listing_that_stands_for_another_page_is_not_placed(path: Path) -> None:
    path.write_text("[vendors.acme]\nurl = 'https://other.example'\n")
    finished = watchlist("import", "-", stdin=f"slug,url\nacme,{ACME}\ngithub,\n")
    assert (finished.code, finished.err) == (
        0,
        "standard input:2: acme is already on the watchlist with https://other.example;"
        f" to add {ACME} under another slug: --as SLUG\n",
    )


def test_a_file_that_cannot_be_imported_is_named(home: Path) -> None:
    assert watchlist("import", "none.csv") == refused(
        "none.csv: cannot be read: No such file or directory"
    )
    (home / "large").write_bytes(b"x" * (8 * 1024 * 1024 + 1))
    assert watchlist("import", "large") == refused(
        "large: larger than 8 MiB, the limit for a list of vendors"
    )
    assert watchlist("import", "-", stdin="x\n" * 5001) == refused(
        "standard input: names more than 5000: not a list of vendors"
    )


def test_export_is_a_watchlist_without_headers(team: Path) -> None:
    del team
    assert watchlist("export") == Finished(
        code=0,
        out='version = 1\n\n[vendors.github]\ntags = ["ci"]\n\n[vendors.openai]\n\n'
        f'[vendors.acme]\nname = "Acme"\nurl = "{ACME}"\ncomponents = ["EU/*", "Web"]\n'
        'fail_on = "major"\ntimeout = "90s"\n',
        err="the headers of acme were not exported\n",
    )


WHOLE = f"""
[vendors.github]
tags = ['ci']
[vendors.acme]
name = 'Acme "Europe" & Co'
url = '{ACME}'
platform = 'instatus'
components = ['API', 'EU/*']
exclude = ['Docs']
tags = ['-ci', 'prod']
fail_on = 'maintenance'
on_unknown = 'warn'
count_incidents = 'all'
timeout = 90
headers = {{ Authorization = 'OAuth s3cret' }}
"""


def test_csv_has_the_catalogues_values_and_no_cell_that_calculates(path: Path) -> None:
    path.write_text(WHOLE)
    rows = list(csv.reader(StringIO(watchlist("export", "-f", "csv").out, newline="")))
    assert rows == [
        [
            *("slug", "name", "platform", "url", "tags", "fail_on", "components"),
            *("exclude", "on_unknown", "count_incidents", "timeout"),
        ],
        ["github", "GitHub", "statuspage", GITHUB, "ci", *[""] * 6],
        [
            *("acme", 'Acme "Europe" & Co', "instatus", ACME),
            *("'-ci; prod", "maintenance", "API; EU/*", "Docs", "warn", "all", "90s"),
        ],
    ]


def test_json_is_a_listing(path: Path) -> None:
    path.write_text(WHOLE)
    listing = watchlist("export", "-f", "json").json
    assert (listing["schema_version"], listing["command"]) == (1, "watchlist export")
    assert listing["items"][1] == {
        "slug": "acme",
        "name": 'Acme "Europe" & Co',
        "platform": "instatus",
        "url": ACME,
        "tags": ["-ci", "prod"],
        "fail_on": "maintenance",
        "components": ["API", "EU/*"],
        "exclude": ["Docs"],
        "on_unknown": "warn",
        "count_incidents": "all",
        "timeout": "90s",
        "headers": [],
    }


@pytest.mark.parametrize("format", FORMATS)
def test_no_export_holds_a_secret(path: Path, format: str) -> None:
    path.write_text(WHOLE)
    finished = watchlist("export", "-f", format)
    assert "acme" in finished.out
    assert "s3cret" not in finished.out + finished.err


@pytest.mark.parametrize("format", FORMATS)
def test_export_says_what_it_leaves_out(path: Path, format: str) -> None:
    path.write_text(
        "[defaults]\nfail_on = 'major'\n[notify]\ncommand = 'true'\n"
        "[vendors.github]\nheaders = { A = 's3cret' }\n"
    )
    assert watchlist("export", "-f", format).err == (
        "the settings of [defaults] were not exported\n"
        "the settings of [notify] were not exported\n"
        "the headers of github were not exported\n"
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
    assert watchlist("export", "-o", "no/out.toml") == refused("--output: no such folder: no")
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


ROUND = f"""
[vendors.github]
name = "'=Git \\"Hub\\", the = one; -x"
components = ["Actions", "-a; b", "'-c", '"d"']
tags = ["ci", "a,b", "semi;colon", "=x"]
[vendors.slack]
url = "https://slack.acme.example/team?x=1"
[vendors.own]
url = "http://www.githubstatus.com"
name = "Own"
[vendors.feed]
url = "{ACME}/feed.rss"
platform = "feed"
"""


@pytest.mark.parametrize("format", ["toml", "csv", "json"])
def test_a_round_trip_loses_nothing(path: Path, format: str) -> None:
    path.write_text(ROUND)
    exported = watchlist("export", "-f", format).out
    finished = watchlist("import", "-", "--watchlist", "back.toml", stdin=exported)
    assert (finished.code, finished.err) == (0, "Created watchlist back.toml\n")
    assert load(Path("back.toml")).vendors == load(path).vendors


def test_opml_says_what_it_does_not_hold(path: Path) -> None:
    path.write_text(
        f"[vendors.github]\nname = 'It'\ntags = ['a']\n[vendors.acme]\nurl = '{ACME}'\n"
    )
    finished = watchlist("export", "-f", "opml")
    assert finished.err == "github: OPML cannot store name, tags\nacme: OPML cannot store slug\n"


def test_what_two_lines_say_of_one_vendor_is_put_together(path: Path) -> None:
    path.touch()
    text = "vendor,tags,fail_on\ngithub,ci,\nGITHUB,,major\ngithub-actions,,\n"
    assert watchlist("import", "-", stdin=text).code == 0
    assert path.read_text() == '[vendors.github]\ntags = ["ci"]\nfail_on = "major"\n'


def test_pages_on_one_host_get_slugs_of_their_own(path: Path) -> None:
    path.write_text(f"[vendors.'status.acme.example']\nurl = '{ACME}/eu'\n")
    other = "https://status.north.example"
    text = f"{ACME}/us/east\n{ACME}/eu\n{ACME}/us\n{other}/a\n{other}/b\n"
    assert watchlist("import", "-", stdin=text).err == ""
    assert [(one.slug, one.url) for one in load(path).vendors] == [
        ("status.acme.example", f"{ACME}/eu"),
        ("status.acme.example-us-east", f"{ACME}/us/east"),
        ("status.acme.example-us", f"{ACME}/us"),
        ("status.north.example", f"{other}/a"),
        ("status.north.example-b", f"{other}/b"),
    ]


def test_a_slug_that_two_pages_of_a_list_have_is_the_first_ones(path: Path) -> None:
    path.touch()
    text = f"slug,url\nx,{ACME}\nx,{ACME}/eu\n"
    finished = watchlist("import", "-", stdin=text)
    assert finished.err == (
        f"standard input:3: x is already on the watchlist with {ACME};"
        f" to add {ACME}/eu under another slug: --as SLUG\n"
    )


def test_the_name_of_a_monitor_is_not_that_of_a_known_vendor(path: Path) -> None:
    path.touch()
    yaml = "endpoints:\n- name: GitHub API\n  url: https://githubstatus.com/api/v2/status.json\n"
    assert watchlist("import", "-", stdin=yaml) == added(
        f"Added GitHub ({GITHUB}, statuspage, not checked)"
    )


def test_every_unknown_name_is_listed_and_known_ones_are_added(path: Path) -> None:
    path.write_text("[vendors.own]\nname = 'Ours'\nurl = 'https://status.own.example'\n")
    names = [*(f"githb{number}" for number in range(HINTS + 50)), "github", "Ours"]
    finished = watchlist("import", "-", stdin="".join(f"{name}\n" for name in names))
    assert finished.out.splitlines() == [
        f"Added GitHub ({GITHUB}, statuspage, not checked)",
        "Ours is already on the watchlist",
    ]
    lines = finished.err.splitlines()
    assert len(lines) == HINTS + 50
    assert lines[-1] == f"standard input:{HINTS + 50}: unknown vendor 'githb{HINTS + 49}'"
