"""`outlogger watchlist import` and `export`."""

import csv
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from outlogger_cli.cli.commands.watchlist.exchanging import FORMATS
from outlogger_cli.watchlist.store import load
from tests import running
from tests.cli.commands.watchlist.lists import ACME, GITHUB, SAMPLES, added, refused, watchlist
from tests.running import Finished


def test_import_says_what_it_added_and_what_it_could_not_place(path: Path) -> None:
    path.write_text("[vendors.github]\n")
    source = SAMPLES / "vendors.csv"
    assert watchlist("import", str(source)) == Finished(
        code=0,
        out=f"Added Acme, Inc. ({ACME}, not checked)\nGitHub is on the list already\n",
        err=f'{source}:5: fail_on = "soon": must be one of never, maintenance, minor, major,'
        f" critical\n{source}:6: unknown vendor 'Qzxv': outlogger vendors search TEXT finds"
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
        err="standard input:1: unknown vendor 'githb': did you mean github?\n"
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
