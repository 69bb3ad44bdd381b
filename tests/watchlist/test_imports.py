"""Lists of vendors of other programs, read."""

import json
from datetime import timedelta

import pytest

from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.watchlist.imports import Found, read
from outlogger_cli.watchlist.schema import Entry
from tests.support import DATA


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


@pytest.mark.parametrize("piece", ["\n", " ", "\t\n"])
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
        found('slug,name\ngithub,"' + "x\n" * 65_535 + "xyz")
    assert str(caught.value) == (
        "list:65537: not valid CSV: field larger than field limit (131072)"
    )


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


def test_a_platform_that_the_catalogue_has_for_the_page_is_left_out() -> None:
    text = '[{"url": "https://www.githubstatus.com", "type": "statuspage"}]'
    assert entries(text) == [GITHUB_PAGE]


def test_json_may_be_an_array_of_texts_and_objects() -> None:
    text = '["github", "https://status.acme.example", {"name": "Bolt"}, 5, null]'
    assert found(text) == Found(
        entries=(
            ("list: item 1", Entry(slug="github")),
            ("list: item 2", Entry(slug="", url="https://status.acme.example")),
            ("list: item 3", Entry(slug="", name="Bolt")),
        ),
        refused=(
            "list: item 4: must be a name, an address, or an object that has one of them",
            "list: item 5: must be a name, an address, or an object that has one of them",
        ),
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"slug": "a", "tags": ["ci", None]}, "tags: must be a string or a list of strings"),
        ({"slug": "a", "url": {"href": "x"}}, "url: must be a string or a list of strings"),
        ({"slug": "a", "tags": "ci"}, 'tags = "ci": must be a list, such as ["one", "two"]'),
        ({"slug": "a", "name": 5}, "name = 5: must be a string"),
        (
            {"slug": "a", "url": "ftp://status.acme.example"},
            'url = "ftp://status.acme.example": must be a URL that begins with https:// or http://',
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


def test_damaged_json_is_refused_with_its_place() -> None:
    with pytest.raises(ConfigError) as caught:
        found("[1, 2")
    assert str(caught.value) == (
        "list: not valid JSON: Expecting ',' delimiter: line 1 column 6 (char 5)"
    )


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        found("[" * 200_000)
    assert str(caught.value) == "list: lists or objects are nested too deeply"


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
        ),
        refused=("team.toml: the settings of [defaults] were not imported",),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[vendors.github]\nname =\n", "list:2: not valid TOML: Invalid value (column 7)"),
        ("version = 2\n", "list:1: version = 2: must be 1, the only supported version"),
        ("\n [ 'vendors'.x]\nurl = 'y'", 'list:3: [vendors.x] url = "y": must be a URL'),
        ("vendors.x.name = 5", "list:1: [vendors.x] name = 5: must be a string"),
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
            ("f.opml: 'OpenAI'", Entry(slug="", url="https://status.openai.com")),
            ("f.opml: 'Bolt'", Entry(slug="", url="https://status.bolt.example", name="Bolt")),
            ("f.opml: 'permutive'", Entry(slug="", name="permutive")),
            ("f.opml: ''", Entry(slug="", url="https://status.dent.example")),
        ),
        refused=('f.opml: "Ann\'s blog": is not the feed of a known status page',),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<rss><channel/></rss>", "list: is XML, but not OPML"),
        ("<opml><body>", "list: invalid or truncated XML"),
        ("\ufeff<!DOCTYPE html><html>", "list: is an HTML page, not a list of vendors"),
        (
            '<!DOCTYPE opml [<!ENTITY e "x">]><opml>&e;</opml>',
            "list: XML with a DOCTYPE is not supported",
        ),
    ],
)
def test_other_xml_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        found(text)
    assert str(caught.value) == message


def entries(text: str, name: str = "list") -> list[Entry]:
    return [entry for _, entry in read(text.encode(), name).entries]


GITHUB = Entry(slug="github")
GITHUB_PAGE = Entry(slug="", url="https://www.githubstatus.com")
NORTH = Entry(slug="", name="North", url="https://status.north.example")
NORTH_PAGE = Entry(slug="", url="https://status.north.example")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("- GitHub", [Entry(slug="GitHub")]),
        ("* **GitHub**", [Entry(slug="GitHub")]),
        ("12) `GitHub`", [Entry(slug="GitHub")]),
        ("– GitHub", [Entry(slug="GitHub")]),
        ("- [x] GitHub # the code", [Entry(slug="GitHub")]),
        ("1password", [Entry(slug="1password")]),
        ("github, openai; stripe", [GITHUB, Entry(slug="openai"), Entry(slug="stripe")]),
        ("North, Inc., github", [Entry(slug="North"), Entry(slug="Inc."), GITHUB]),
        ("status.north.example", [NORTH_PAGE]),
        ("www.githubstatus.com", [GITHUB]),
        ("githubstatus.com/api/v2/summary.json", [GITHUB]),
        ("github.com", [GITHUB]),
        ("Node.js", [Entry(slug="Node.js")]),
        ("North: https://status.north.example", [NORTH]),
        ("North - <https://status.north.example>", [NORTH]),
        ("1. **North** – <https://status.north.example>", [NORTH]),
        ("- **North:** https://status.north.example", [NORTH]),
        ("- North (https://status.north.example)", [NORTH]),
        ("[North]: https://status.north.example", [NORTH]),
        ("[1]: https://status.north.example", [NORTH_PAGE]),
        ("North | high | https://status.north.example", [NORTH]),
        ("North,high,https://status.north.example", [NORTH]),
        ("North,https://status.north.example,gold", [NORTH]),
        ("- **North** — [status page](https://status.north.example)", [NORTH]),
        ("- [Status](https://status.north.example)", [NORTH_PAGE]),
        ("- [North](https://status.north.example) (EU)", [NORTH]),
        (
            "[North](https://status.north.example), [](https://www.githubstatus.com)",
            [NORTH, GITHUB_PAGE],
        ),
        (
            "https://status.north.example, https://www.githubstatus.com",
            [NORTH_PAGE, GITHUB_PAGE],
        ),
        ('https://status.north.example/history.atom "~North" mail', [NORTH]),
        ("north\tNorth\t\thttps://status.north.example\tx",
         [Entry(slug="north", name="North", url="https://status.north.example")]),
        ("See [our wiki](https://wiki.example/x) first.", []),
        ("See [it](https://status.north.example) first.",
         [Entry(slug="", name="it", url="https://status.north.example")]),
        ("x " + "[x](https://a" * 1500, []),
        ("north\tNorth\tstatuspage\thttps://status.north.example\tai",
         [Entry(slug="north", name="North", platform="statuspage",
                url="https://status.north.example")]),
        ("# Vendors", []),
        ("---", []),
        ("```", []),
    ],
)  # fmt: skip
def test_a_line_may_be_a_name_an_address_or_markdown(row: str, expected: list[Entry]) -> None:
    assert entries(f"{row}\n") == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://www.githubstatus.com",
        "https://githubstatus.com/",
        "https://www.githubstatus.com/api/v2/components.json",
        "https://www.githubstatus.com/history.rss",
        "http://githubstatus.com/feed.rss",
    ],
)
def test_an_address_is_compared_without_scheme_www_and_paths_of_data(url: str) -> None:
    assert entries(url) == [GITHUB_PAGE]


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://status.slack.com/feed/rss", "https://slack-status.com"),
        ("https://status.aws.amazon.com/rss/s3.rss", "https://health.aws.amazon.com/health/status"),
        ("https://status.cloud.google.com/en/feed.atom", "https://status.cloud.google.com"),
        ("https://status.azure.com/en-gb/status/feed/", "https://azure.status.microsoft/en-us/status"),
        ("https://status.north.example/eu/history.atom", "https://status.north.example/eu"),
        ("https://status.north.example:8443/api/v2/x.json", "https://status.north.example:8443"),
        ("https://north.example/status/feed.xml", "https://north.example/status"),
        ("https://north.example/team/api/v2/status.json", "https://north.example/team"),
        ("https://north.example/up", "https://north.example/up"),
        ("https://www.githubstatus.com/team", "https://www.githubstatus.com/team"),
        ("http://status.north.example", "http://status.north.example"),
    ],
)  # fmt: skip
def test_the_address_of_a_feed_or_an_api_becomes_that_of_its_page(url: str, page: str) -> None:
    assert [entry.url for entry in entries(url)] == [page]


def test_the_feed_of_a_blog_is_refused() -> None:
    assert found("https://north.example/feed.xml").refused == (
        "list:1: is not the feed of a known status page",
    )


TABLE = """\
Our vendors

| Team | Vendor | Status page |
|------|:------:|-------------|
| web  | [North](https://status.north.example) | x |
| ops  | GitHub | <http://githubstatus.com> |
| ops  | South | status.south.example |
| ops  | East | n/a |

| https://status.west.example | West |
"""


def test_a_markdown_table_is_read_by_its_heads_links_and_addresses() -> None:
    assert entries(TABLE) == [
        Entry(slug="Our vendors"),
        NORTH,
        Entry(slug="", name="GitHub", url="https://www.githubstatus.com"),
        Entry(slug="", name="South", url="https://status.south.example"),
        Entry(slug="", name="East"),
        Entry(slug="", name="West", url="https://status.west.example"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Status Page,Owner,Vendor\nhttps://status.north.example/,me,North\n",
        "service;statusPage\r\nNorth;status.north.example\r\n",
        "VENDOR\tLink\nNorth\thttps://status.north.example/feed.rss",
        "sep=;\nSupplier;Status_URL\nNorth;https://status.north.example\n",
        "status,product,url\nactive,North,https://status.north.example",
        "name|url\nNorth|https://status.north.example",
        "name|url\n---|---\nNorth|https://status.north.example",
        "vendor\n[North](https://status.north.example)",
        '"Tool","Page URL"\n"North","https://status.north.example"',
    ],
)
def test_csv_is_read_by_many_heads_in_any_order(text: str) -> None:
    assert entries(text) == [NORTH]


def test_a_status_that_is_no_address_is_not_read() -> None:
    assert entries("Vendor,Status\nNorth,active\n") == [Entry(slug="", name="North")]
    assert entries('[{"name": "North", "status": "operational"}]') == [Entry(slug="", name="North")]


def test_a_list_of_names_with_commas_is_not_csv() -> None:
    assert entries("github, openai\nstripe") == [
        GITHUB, Entry(slug="openai"), Entry(slug="stripe"),
    ]  # fmt: skip


NORTH_OBJECT = {"name": "North", "url": "https://status.north.example"}


@pytest.mark.parametrize(
    "value",
    [
        [NORTH_OBJECT],
        NORTH_OBJECT,
        {"anything": [NORTH_OBJECT]},
        {"version": 3, "data": {"vendors": [NORTH_OBJECT]}, "meta": {"total": 1}},
        {"North": "https://status.north.example"},
        {"North": {"url": "https://status.north.example/api/v2/summary.json"}},
        {"services": {"North": {"statusPage": "status.north.example"}}},
        {"teams": [{"name": "web", "services": [NORTH_OBJECT]}]},
        [[NORTH_OBJECT]],
        {"vendors": {"vendor": "North", "link": "https://status.north.example"}},
        [{"service": "North", "status_page": "https://status.north.example", "tags": None}],
    ],
)
def test_json_may_be_a_list_or_a_map_at_any_single_key(value: object) -> None:
    assert entries(json.dumps(value)) == [NORTH]


def test_json_without_a_list_names_nobody() -> None:
    assert entries('{"vendors": 5, "items": {}}') == []
    assert entries('{"vendors": {"a": 5}, "other": [5], "names": 5}') == []


def test_keys_of_a_map_may_be_names() -> None:
    assert entries('{"vendors": {"github": null, "openai": {"tags": ["ai"]}}}') == [
        Entry(slug="", name="github"),
        Entry(slug="", name="openai", tags=("ai",)),
    ]


def test_a_report_of_this_program_gives_its_vendors_without_their_state() -> None:
    vendor = {"slug": "github", "fail_on": "major", "components": [{"name": "API"}]}
    report = {"schema_version": 1, "verdict": "ok", "vendors": [vendor]}
    assert entries(json.dumps(report)) == [GITHUB]
    assert entries(json.dumps(report | {"vendors": 5})) == []


GATUS = """\
alerting:
  slack:
    webhook-url: "https://hooks.north.example/T0"
endpoints:
  - name: north # ours
    url: "https://status.north.example/api/v2/status.json"
    conditions:
      - "[STATUS] == 200"
  - name: home
    url: https://north.example/health
  - {name: github, url: 'https://www.githubstatus.com'}
"""
HOME_ASSISTANT = """\
http:
  base_url: https://home.north.example
rest:
  - resource: https://status.north.example/api/v2/status.json
    sensor:
      - name: "North"
        value_template: >-
          {{ value_json.status }}
sensor:
- platform: feedreader
  urls:
  - https://status.openai.com/history.atom
  - https://north.example/blog/feed
- platform: time_date
  name: !secret clock
"""
BLACKBOX = """\
global: {scrape_interval: 15s}
scrape_configs:
  - job_name: pages
    params: {module: [http_2xx]}
    static_configs:
      - targets: ['https://status.north.example',
          'localhost:9090']
    relabel_configs:
      - source_labels: [__address__]
        target_label: __param_target
"""
TUIP = """\
dashboards:
  - name: main
    providers:
      - github
      - name: North
        type: statuspage
        url: https://north.example
"""


@pytest.mark.parametrize(
    ("text", "expected", "refused"),
    [
        (
            GATUS,
            [Entry(slug="", name="north", url="https://status.north.example"), GITHUB_PAGE],
            ("f.yaml: item 2: north.example does not look like the host of a status page",),
        ),
        (
            HOME_ASSISTANT,
            [NORTH_PAGE, Entry(slug="", url="https://status.openai.com")],
            (
                "f.yaml:15: YAML anchors, aliases and tags are not supported",
                "f.yaml: item 3: is not the feed of a known status page",
            ),
        ),
        (BLACKBOX, [NORTH_PAGE, Entry(slug="localhost:9090")], ()),
        (
            TUIP,
            [
                GITHUB,
                Entry(slug="", name="North", url="https://north.example", platform="statuspage"),
            ],
            (),
        ),
        ("- github\n- North: https://status.north.example\n", [GITHUB, NORTH], ()),
    ],
    ids=["gatus", "home-assistant", "blackbox", "tuip", "list"],
)
def test_yaml_of_monitors_gives_what_looks_like_a_status_page(
    text: str, expected: list[Entry], refused: tuple[str, ...]
) -> None:
    found = read(text.encode(), "f.yaml")
    assert [entry for _, entry in found.entries] == expected
    assert found.refused == refused


def test_toml_of_another_program_is_read() -> None:
    text = (
        '[[feed]]\nurl = "http://githubstatus.com/history.atom"\n[[target]]\nurl = "${HOOK_URL}"\n'
    )
    assert entries(text) == [GITHUB_PAGE]
    assert entries(f"title = 'x'\n{text}", "feeds.toml") == [GITHUB_PAGE]


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("a: [1", "f.yaml", "f.yaml:1: unclosed bracket or quote"),
        ("[[feed]]\nurl =", "list", "list: not valid TOML: Invalid value (at end of document)"),
        ("x = 1\ny", "f.toml", "f.toml: not valid TOML: "),
    ],
)
def test_damaged_yaml_and_toml_are_refused_with_the_place(
    text: str, name: str, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text.encode(), name)
    assert str(caught.value).startswith(message)


def test_what_only_begins_like_yaml_is_read_as_lines() -> None:
    assert entries("Vendors:\n\tgithub\n") == [Entry(slug="", name="github")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version " * 60_000, "list: a line is longer than 20000 characters"),
        ("a," * 20_000, "list: a line is longer than 20000 characters"),
        ("[[a]]\n" * 200_000, "list: TOML is larger than 1 MiB, the limit for a list of vendors"),
        (
            json.dumps({str(number): [] for number in range(60_000)}),
            "list: has more than 50000 keys: not a list of vendors",
        ),
        (
            json.dumps({"a": [{"b": {"c": []}, "d": []}] * 20_000, "e": []}),
            "list: has more than 50000 keys: not a list of vendors",
        ),
        ("a\n" * 5001, "list: names more than 5000: not a list of vendors"),
    ],
)
def test_what_takes_long_to_read_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        found(text)
    assert str(caught.value) == message
