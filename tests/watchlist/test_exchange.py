"""Lists of vendors in the formats of other programs, read and written."""

import json
from datetime import timedelta

import pytest

from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.watchlist.exchange import COLUMNS, Found, as_opml, as_toml, read, record
from outlogger_cli.watchlist.schema import Entry
from tests.support import DATA

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


def sample(name: str) -> bytes:
    return (DATA / "exchange" / name).read_bytes()


def found(text: str) -> Found:
    return read(text.encode(), "list")


def test_names_stand_one_a_line() -> None:
    assert read(sample("names.txt"), "names.txt") == Found(
        entries=(
            ("names.txt:2", Entry(slug="github")),
            ("names.txt:4", Entry(slug="chatgpt")),
            ("names.txt:5", Entry(slug="", url="https://status.acme.example")),
            ("names.txt:6", Entry(slug="permutive")),
        )
    )


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_names_are_read_as_utf_8_or_as_their_mark_says(codec: str) -> None:
    assert read("Zoë\r\n".encode(codec), "list") == Found(entries=(("list:1", Entry(slug="Zoë")),))


def test_an_empty_list_names_nobody() -> None:
    assert found("\n\n") == Found(entries=())


@pytest.mark.parametrize("piece", ["\n", " ", "\t\n", "version "])
def test_a_list_is_told_from_a_watchlist_in_one_pass(piece: str) -> None:
    """Starting over at each line would take minutes here."""
    names = found(f"{piece * (500_000 // len(piece))}\nacme").entries
    assert names[-1][1] == Entry(slug="acme")


def test_text_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        read(b"caf\xe9\n", "list")
    assert str(caught.value) == "list: is not UTF-8 text; save it as UTF-8"


def test_csv_is_read_by_its_heads_in_any_case() -> None:
    assert read(sample("vendors.csv"), "v.csv") == Found(
        entries=(
            (
                "v.csv:2",
                Entry(
                    slug="",
                    name="Acme, Inc.",
                    url="https://status.acme.example",
                    tags=("-ci", "prod"),
                    components=("API", "'Web"),
                    fail_on=FailOn.MAJOR,
                ),
            ),
            ("v.csv:3", Entry(slug="", name="GitHub")),
            ("v.csv:6", Entry(slug="", name="Qzxv")),
        ),
        refused=(
            'v.csv:5: fail_on = "soon": must be one of never, maintenance, minor, major, critical',
        ),
    )


@pytest.mark.parametrize(
    "text", ["slug;tags\r\ngithub;ci\r\n", "\nslug\ttags\ngithub\tci\n", '"Slug" ,tags\ngithub,ci']
)
def test_csv_may_be_parted_by_other_signs(text: str) -> None:
    entries = found(text).entries
    assert [entry for _, entry in entries] == [Entry(slug="github", tags=("ci",))]


def test_damaged_csv_is_refused_with_its_line() -> None:
    with pytest.raises(ConfigError) as caught:
        found("slug,name\ngithub," + "x" * 200_000)
    assert str(caught.value) == ("list:2: not valid CSV: field larger than field limit (131072)")


def test_json_of_our_own_listing_leaves_out_what_the_catalogue_knows() -> None:
    assert read(sample("listing.json"), "l.json") == Found(
        entries=(
            (
                "l.json: item 1",
                Entry(
                    slug="github",
                    tags=("ci",),
                    fail_on=FailOn.MAJOR,
                    components=("Actions",),
                    on_unknown=OnUnknown.WARN,
                    count_incidents=CountIncidents.NONE,
                    timeout=timedelta(seconds=20),
                ),
            ),
            (
                "l.json: item 2",
                Entry(
                    slug="acme",
                    name="Acme",
                    platform="instatus",
                    url="https://status.acme.example",
                    exclude=("Beta",),
                ),
            ),
        )
    )


def test_json_may_be_an_array_of_texts_and_objects() -> None:
    text = '["github", "https://status.acme.example", {"name": "Bolt"}, 5, null]'
    assert found(text) == Found(
        entries=(
            ("list: item 1", Entry(slug="github")),
            ("list: item 2", Entry(slug="", url="https://status.acme.example")),
            ("list: item 3", Entry(slug="", name="Bolt")),
        ),
        refused=(
            "list: item 4: must be text or an object",
            "list: item 5: must be text or an object",
        ),
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"slug": "a", "tags": ["ci", None]}, "tags: must be text or a list of texts"),
        ({"slug": "a", "url": {"href": "x"}}, "url: must be text or a list of texts"),
        ({"slug": "a", "tags": "ci"}, 'tags = "ci": must be a list, such as ["one", "two"]'),
        ({"slug": "a", "name": 5}, "name = 5: must be text in quotes"),
        (
            {"slug": "a", "url": "status.acme.example"},
            'url = "status.acme.example": must be an address that begins with https:// or http://',
        ),
        ({"slug": "a", "tags": [" "]}, 'tags[0] = "": must not be empty'),
        (
            {"slug": "a", "timeout": "soon"},
            'timeout = "soon": must be a duration such as 45s, 10m, 2h, 30d or plain seconds',
        ),
    ],
)
def test_what_no_watchlist_may_hold_is_refused_with_the_reason(value: object, reason: str) -> None:
    assert found(json.dumps([value])) == Found(entries=(), refused=(f"list: item 1: {reason}",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2", "list: not valid JSON: Expecting ',' delimiter: line 1 column 6 (char 5)"),
        ('{"vendors": []}', 'list: must be a list, or an object with a list at "items"'),
        ('{"items": {}}', 'list: must be a list, or an object with a list at "items"'),
    ],
)
def test_json_without_a_list_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        found(text)
    assert str(caught.value) == message


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        found("[" * 200_000)
    assert str(caught.value) == "list: not valid JSON: lists too deep"


def test_another_watchlist_is_read_with_everything_it_says_of_vendors() -> None:
    assert read(sample("team.toml"), "team.toml") == Found(
        entries=(
            ("team.toml: [vendors.github]", Entry(slug="github", tags=("ci",))),
            (
                "team.toml: [vendors.acme]",
                Entry(
                    slug="acme",
                    url="https://status.acme.example",
                    headers=(("Authorization", "OAuth ${ACME_KEY}"),),
                ),
            ),
        )
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[vendors.github]\nname =\n", "list:2: not valid TOML: Invalid value (column 7)"),
        ("version = 2\n", "list:1: version = 2: must be 1, the only version this outlogger reads"),
        ("\n [ 'vendors'.x]\nurl = 'y'", 'list:3: [vendors.x] url = "y": must be an address'),
        ("vendors.x.name = 5", "list:1: [vendors.x] name = 5: must be text in quotes"),
    ],
)
def test_a_bad_watchlist_is_refused_as_a_whole(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        found(text)
    assert str(caught.value).startswith(message)


def test_opml_is_read_by_the_addresses_of_feeds_and_pages() -> None:
    assert read(sample("feeds.opml"), "f.opml") == Found(
        entries=(
            (
                "f.opml: 'GitHub Status - Incident History'",
                Entry(slug="", url="https://www.githubstatus.com"),
            ),
            (
                "f.opml: 'Café Acme'",
                Entry(slug="", url="https://status.acme.example", name="Café Acme"),
            ),
            ("f.opml: 'OpenAI'", Entry(slug="", url="https://status.openai.com/")),
            ("f.opml: 'Bolt'", Entry(slug="", url="https://status.bolt.example", name="Bolt")),
            ("f.opml: 'permutive'", Entry(slug="permutive")),
            ("f.opml: ''", Entry(slug="", url="https://status.dent.example")),
        ),
        refused=('f.opml: "Ann\'s blog": is not the feed of a status page that is known',),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<rss><channel/></rss>", "list: is XML, but not OPML"),
        ("<opml><body>", "list: the XML breaks off or is damaged"),
        ("\ufeff<!DOCTYPE html><html>", "list: the answer is an HTML page, not a feed"),
        (
            '<!DOCTYPE opml [<!ENTITY e "x">]><opml>&e;</opml>',
            "list: the XML has a DOCTYPE, which is not read",
        ),
    ],
)
def test_other_xml_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        found(text)
    assert str(caught.value) == message


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
    assert found(as_toml([GITHUB, entry])).entries == (
        ("list: [vendors.github]", GITHUB),
        ("list: [vendors.acme]", entry),
    )
    assert [one for _, one in found(as_opml([GITHUB, entry])).entries] == [
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
