"""Watchlists written for other programs."""

from datetime import timedelta

from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.watchlist.exchange import COLUMNS, as_opml, as_toml, record
from outlogger_cli.watchlist.imports import read
from outlogger_cli.watchlist.schema import Entry

ACME = Entry(
    slug="acme",
    name='Acme "Europe" & Co',
    url="https://status.acme.example",
    platform="instatus",
    components=("API", "EU/*"),
    exclude=("Docs",),
    tags=("-ci", "prod"),
    fail_on=FailOn.MAINTENANCE,
    on_unknown=OnUnknown.WARN,
    count_incidents=CountIncidents.ALL,
    timeout=timedelta(seconds=90),
    headers=(("Authorization", "OAuth s3cret"),),
)
GITHUB = Entry(slug="github", tags=("ci",))


def test_toml_holds_everything_but_headers() -> None:
    assert as_toml([GITHUB, ACME]) == (
        "version = 1\n"
        "\n"
        "[vendors.github]\n"
        'tags = ["ci"]\n'
        "\n"
        "[vendors.acme]\n"
        'name = "Acme \\"Europe\\" & Co"\n'
        'url = "https://status.acme.example"\n'
        'platform = "instatus"\n'
        'components = ["API", "EU/*"]\n'
        'exclude = ["Docs"]\n'
        'tags = ["-ci", "prod"]\n'
        'fail_on = "maintenance"\n'
        'on_unknown = "warn"\n'
        'count_incidents = "all"\n'
        'timeout = "90s"\n'
    )


def test_opml_holds_the_feeds_of_pages_that_have_one() -> None:
    assert as_opml([GITHUB, ACME, Entry(slug="nobody-knows")]) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head>\n"
        "    <title>outlogger watchlist</title>\n"
        "  </head>\n"
        "  <body>\n"
        '    <outline text="GitHub" title="GitHub" type="rss"'
        ' xmlUrl="https://www.githubstatus.com/history.atom"'
        ' htmlUrl="https://www.githubstatus.com"/>\n'
        "    <outline text='Acme \"Europe\" &amp; Co' title='Acme \"Europe\" &amp; Co'"
        ' type="link" url="https://status.acme.example"/>\n'
        "  </body>\n"
        "</opml>\n"
    )


def test_what_is_exported_is_read_back() -> None:
    entry = Entry(slug="acme", name="Acme", url="https://status.acme.example", tags=("-ci",))
    assert read(as_toml([GITHUB, entry]).encode(), "list").entries == (
        ("list: [vendors.github]", GITHUB),
        ("list: [vendors.acme]", entry),
    )
    assert [one for _, one in read(as_opml([GITHUB, entry]).encode(), "list").entries] == [
        Entry(slug="", url="https://www.githubstatus.com"),
        Entry(slug="", name="Acme", url="https://status.acme.example"),
    ]


def test_a_record_names_headers_and_hides_their_values() -> None:
    shown = record(ACME)
    assert (*COLUMNS, "headers") == tuple(shown)
    assert shown == {
        "slug": "acme",
        "name": 'Acme "Europe" & Co',
        "platform": "instatus",
        "url": "https://status.acme.example",
        "tags": ["-ci", "prod"],
        "fail_on": "maintenance",
        "components": ["API", "EU/*"],
        "exclude": ["Docs"],
        "on_unknown": "warn",
        "count_incidents": "all",
        "timeout": "90s",
        "headers": ["Authorization"],
    }


def test_a_record_has_the_catalogues_values_and_every_key() -> None:
    assert record(GITHUB) == {
        "slug": "github",
        "name": "GitHub",
        "platform": "statuspage",
        "url": "https://www.githubstatus.com",
        "tags": ["ci"],
        "fail_on": None,
        "components": [],
        "exclude": [],
        "on_unknown": None,
        "count_incidents": None,
        "timeout": None,
        "headers": [],
    }
