"""The watchlist file: what it says, and what is said of one that is wrong."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import time, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.watchlist.readers import Webhook, WebhookFormat
from outlogger_cli.watchlist.schema import (
    DEFAULTS_KEYS,
    KEYS,
    NOTIFY_KEYS,
    VENDOR_KEYS,
    Defaults,
    Entry,
    Key,
    Notify,
    Shape,
    Watchlist,
    is_slug,
    parse,
)
from outlogger_cli.watchlist.store import load
from tests.support import DATA

WHOLE = DATA / "watchlist" / "whole.toml"
HERE = Path("w.toml")
DRAFT: Any = import_module("jsonschema").Draft202012Validator  # jsonschema ships no types


def refusal(text: str) -> str:
    """What is said of the file `w.toml` that holds `text`."""
    with pytest.raises(ConfigError) as caught:
        parse(text, HERE)
    return str(caught.value)


def test_a_file_is_read_whole_and_in_its_order() -> None:
    assert load(WHOLE) == Watchlist(
        path=WHOLE,
        vendors=(
            Entry(slug="northwind"),
            Entry(
                slug="contoso",
                components=("Payments", "EU/*"),
                exclude=("EU / Reports",),
                tags=("shop", "ci"),
                fail_on=FailOn.NEVER,
                on_unknown=OnUnknown.IGNORE,
                count_incidents=CountIncidents.NONE,
                timeout=timedelta(seconds=5.5),
            ),
            Entry(
                slug="acme.eu",
                name="Acme Europe",
                url="http://status.acme.example/eu",
                platform="statuspage",
                headers=(("Authorization", "OAuth ${ACME_KEY}"), ("X-Team", "shop")),
            ),
        ),
        defaults=Defaults(
            fail_on=FailOn.MAJOR,
            on_unknown=OnUnknown.WARN,
            count_incidents=CountIncidents.ALL,
            timeout=timedelta(seconds=90),
            deadline=timedelta(seconds=90),
            jobs=8,
            retries=0,
            max_age=timedelta(0),
            tz="Europe/Berlin",
        ),
        notify=Notify(
            command="printf '\\a'\n",
            webhooks=(
                Webhook(url="${HOOK_URL}"),
                Webhook(url="https://hooks.acme.example/${HOOK_ID}", format=WebhookFormat.TEAMS),
                Webhook(url="http://localhost:8080/in"),
            ),
            urls=("${CHAT_URL}", "mailto://ops@acme.example"),
            quiet=(time(22, 0), time(7, 30)),
            on=("opened", "recovered"),
            remind=timedelta(hours=4),
        ),
    )


@pytest.mark.parametrize("text", ["", "version = 1", "# nothing\n", "[vendors]\n[defaults]\n"])
def test_a_file_that_says_nothing_is_an_empty_watchlist(text: str) -> None:
    assert parse(text, HERE) == Watchlist(path=HERE)


@pytest.mark.parametrize(
    ("keys", "kind"),
    [(DEFAULTS_KEYS, Defaults), (VENDOR_KEYS, Entry), (NOTIFY_KEYS, Notify)],
    ids=["defaults", "vendors", "notify"],
)
def test_every_key_has_a_field_and_every_field_a_key(keys: tuple[Key, ...], kind: Any) -> None:
    assert [key.name for key in keys] == [f.name for f in fields(kind) if f.name != "slug"]
    assert [key.name for key in keys if key.secret] == [f.name for f in fields(kind) if not f.repr]
    assert all(key.help.endswith(".") for key in keys)


def test_what_a_key_writes_is_read_back() -> None:
    known = load(WHOLE)
    assert known.notify
    tables = {
        "defaults": written(DEFAULTS_KEYS, known.defaults),
        "vendors": {entry.slug: written(VENDOR_KEYS, entry) for entry in known.vendors},
        "notify": written(NOTIFY_KEYS, known.notify),
    }
    assert tables["defaults"]["timeout"] == "90s"
    assert tables["notify"]["quiet"] == "22:00-07:30"
    assert parse(tomli_w.dumps(tables), WHOLE) == known


def written(keys: tuple[Key, ...], values: Any) -> dict[str, Any]:
    given = [(key, getattr(values, key.name)) for key in keys]
    return {key.name: key.write(value) for key, value in given if value is not None}


def test_the_type_of_a_key_describes_what_is_allowed() -> None:
    root = tomllib.loads(WHOLE.read_text(encoding="utf-8"))
    for table in (*root["vendors"].values(), root["defaults"], root["notify"]):
        keys = {key.name: key for keys in KEYS.values() for key in keys}
        for name, value in table.items():
            assert is_allowed(value, keys[name])


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("[defaults]", "fail_on", "bad"),
        ("[defaults]", "timeout", "soon"),
        ("[defaults]", "timeout", -1),
        ("[defaults]", "jobs", 0),
        ("[defaults]", "tz", ""),
        ("[vendors.SLUG]", "url", "status.acme.example"),
        ("[vendors.SLUG]", "tags", "ci"),
        ("[vendors.SLUG]", "headers", {"A": "caf\u00e9"}),
        ("[notify]", "quiet", "7-8"),
        ("[notify]", "on", ["open"]),
        ("[notify]", "webhooks", ["TOKEN"]),
        ("[notify]", "webhooks", [{"url": "https://hooks.example", "format": "irc"}]),
        ("[notify]", "webhooks", [{"format": "slack"}]),
        ("[notify]", "webhooks", [{"url": "https://hooks.example", "kind": "slack"}]),
    ],
)
def test_the_type_of_a_key_refuses_what_its_reader_refuses(
    table: str, name: str, value: object
) -> None:
    (key,) = (key for key in KEYS[table] if key.name == name)
    assert not is_allowed(value, key)
    where = table.replace("SLUG", "x")
    assert refusal(f"{where}\n{tomli_w.dumps({name: value})}").startswith("w.toml:")


def is_allowed(value: object, key: Key) -> bool:
    """Whether `value` is valid by the JSON Schema that the type of `key` makes."""
    one = key.kind.schema
    schemas: dict[Shape, Mapping[str, Any]] = {
        "value": one,
        "list": {"type": "array", "items": one},
        "table": {"type": "object", "additionalProperties": one},
    }
    return bool(DRAFT(schemas[key.shape]).is_valid(value))


def test_a_notify_table_that_says_nothing_is_not_a_missing_one() -> None:
    assert parse("[notify]", HERE).notify == Notify()
    assert parse("[notify]\non = []", HERE).notify == Notify(on=())


def test_a_byte_order_mark_and_other_line_ends_change_nothing(tmp_path: Path) -> None:
    plain = WHOLE.read_bytes().replace(b"command = '''\nprintf '\\a'\n'''\n", b"")
    path = tmp_path / "outlogger.toml"
    path.write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))
    assert load(path) == parse(plain.decode(), path)


def test_secrets_are_not_in_what_a_debugger_shows() -> None:
    assert "ACME_KEY" not in repr(load(WHOLE))
    assert "HOOK" not in repr(load(WHOLE))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a b]", "1: not valid TOML: Expected ']' at the end of a table declaration (column 4)"),
        ("a = 1\nb = @\n", "2: not valid TOML: Invalid value (column 5)"),
        ("[vendors.x]\n\n[vendors.x]", "3: not valid TOML: Cannot declare ('vendors', 'x') twice"
         " (column 11)"),
        ("version = 2", "1: version = 2: must be 1, the only supported version"),
        ("\n version = true",
         "2: version = true: must be 1, the only supported version"),
        ("version = '1'", '1: version = "1": must be 1, the only supported version'),
        ("#\n[vendor.x]", "2: vendor: unknown table, did you mean vendors? "
         "(allowed: version, defaults, vendors, notify)"),
        ("zzz = 1", "1: zzz: unknown key (allowed: version, defaults, vendors, notify)"),
        ("defaults = 3", "1: defaults = 3: must be a table"),
        ("[[vendors]]", "1: vendors: must be a table"),
        ("[vendors]\nx = 'y'", '2: [vendors] x = "y": must be a table'),
        ("[vendors.x]\nheaders = []", "2: [vendors.x] headers: must be a table"),
        ("[vendors.x]\nfailon = 1", "2: [vendors.x] failon: unknown key, did you mean fail_on? "
         "(allowed: name, url, platform, components, exclude, tags, fail_on, on_unknown, "
         "count_incidents, timeout, headers)"),
        ("[vendors.x]\nslug = 'y'", "2: [vendors.x] slug: unknown key (allowed: name, url, "
         "platform, components, exclude, tags, fail_on, on_unknown, count_incidents, timeout, "
         "headers)"),
        ("[defaults]\ntimeouts = 1", "2: [defaults] timeouts: unknown key, did you mean timeout? "
         "(allowed: fail_on, on_unknown, count_incidents, timeout, deadline, jobs, retries, "
         "max_age, tz)"),
        ("[notify]\nwebhook = 1", "2: [notify] webhook: unknown key, did you mean webhooks? "
         "(allowed: command, webhooks, urls, quiet, on, remind)"),
        ("[vendors.'a b']", '1: [vendors] "a b": use only A-Z a-z 0-9 . _ - in a slug'),
        ("[vendors.'']", '1: [vendors] "": use only A-Z a-z 0-9 . _ - in a slug'),
        ("[vendors.x]\n[vendors.y]\n[vendors.X]",
         "3: [vendors] X: differs from x only in upper case"),
        ("[vendors.'x.y']\nname = ''", '2: [vendors."x.y"] name = "": must not be empty'),
        ("[vendors.x]\nname = '\\u001b'\n[vendors.x.headers]\nA = ''",
         '4: [vendors.x.headers] A: must not be empty'),
        ('[vendors.x]\nname = "\\u001b[1m"', '2: [vendors.x] name = "": must not be empty'),
        ("[vendors.x]\nname = 7", "2: [vendors.x] name = 7: must be a string"),
        ("[vendors.x]\ntags = 'ci'",
         '2: [vendors.x] tags = "ci": must be a list, such as ["one", "two"]'),
        ("[vendors.x]\ncomponents = [\n  'a',\n  # b\n  3,\n]",
         "5: [vendors.x] components[1] = 3: must be a string"),
        ("[vendors.x]\nexclude = [['a']]", "2: [vendors.x] exclude[0]: must be a string"),
        ("[vendors.x]\nfail_on = 'bad'", '2: [vendors.x] fail_on = "bad": must be one of never, '
         "maintenance, minor, major, critical"),
        ("[vendors.x]\non_unknown = ''",
         '2: [vendors.x] on_unknown = "": must be one of fail, warn, ignore'),
        ("[vendors.x]\ncount_incidents = 1",
         "2: [vendors.x] count_incidents = 1: must be one of auto, all, none"),
        ("[defaults]\ntimeout = '10 s'", '2: [defaults] timeout = "10 s": must be a duration such '
         "as 45s, 10m, 2h, 30d or plain seconds"),
        ("[defaults]\ndeadline = true", "2: [defaults] deadline = true: must be a duration such "
         "as 45s, 10m, 2h, 30d or plain seconds"),
        ("[defaults]\nmax_age = -1", "2: [defaults] max_age = -1: must be a duration such "
         "as 45s, 10m, 2h, 30d or plain seconds"),
        ("[defaults]\nmax_age = 1979-05-27", "2: [defaults] max_age: must be a duration such "
         "as 45s, 10m, 2h, 30d or plain seconds"),
        ("[defaults]\ntimeout = 0", "2: [defaults] timeout = 0: must be longer than 0s"),
        ("[defaults]\njobs = 0", "2: [defaults] jobs = 0: must be a whole number from 1 to 1000"),
        ("[defaults]\njobs = true",
         "2: [defaults] jobs = true: must be a whole number from 1 to 1000"),
        ("[defaults]\nretries = 11",
         "2: [defaults] retries = 11: must be a whole number from 0 to 10"),
        (f"[defaults]\njobs = 0x{'f' * 5000}",
         "2: [defaults] jobs: must be a whole number from 1 to 1000"),
        (f"[defaults]\ntimeout = 0x{'f' * 5000}",
         "2: [defaults] timeout: must be a duration such as 45s, 10m, 2h, 30d or plain seconds"),
        ("[notify]\nquiet = '7-8'",
         '2: [notify] quiet = "7-8": must be a time range such as "22:00-07:00"'),
        ("[notify]\nquiet = '22:00-24:00'",
         '2: [notify] quiet = "22:00-24:00": must be a time range such as "22:00-07:00"'),
        ("[notify]\nquiet = '2200Z-0700Z'",
         '2: [notify] quiet = "2200Z-0700Z": must be a time range such as "22:00-07:00"'),
        ("[notify]\nquiet = '22:00-x-07:00'",
         '2: [notify] quiet = "22:00-x-07:00": must be a time range such as "22:00-07:00"'),
        ("[notify]\nquiet = '22:00-22:00'",
         '2: [notify] quiet = "22:00-22:00": must have different start and end times'),
        ("[notify]\non = [\n'opened', 'open']", '3: [notify] on[1] = "open": must be one of '
         "opened, worsened, eased, recovered, updated, maintenance_started, maintenance_ended, "
         "unreadable, readable, reminder"),
        ("[notify]\ncommand = 'x'\non = ['opened', 'reminder']",
         '3: [notify] on: reminder needs the key remind, such as remind = "4h"'),
        ("[vendors.x]\nplatform = 'nobody'",
         '2: [vendors.x] platform = "nobody": must be one of PLATFORMS, or an installed '
         "plug-in's"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line_and_what_is_allowed(text: str, said: str) -> None:
    from outlogger_cli.platforms import BUILT_IN

    assert refusal(text) == f"w.toml:{said.replace('PLATFORMS', ', '.join(BUILT_IN))}"


TOO_MUCH = "not valid TOML: a number is too long, or lists or keys are nested too deeply"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "w.toml: not valid TOML: Invalid value (end of document)"),
        ("a = " + "9" * 5000, f"w.toml: {TOO_MUCH}"),
        ("a = " + "[" * 50_000, f"w.toml: {TOO_MUCH}"),
    ],
)
def test_without_a_known_line_none_is_claimed(text: str, said: str) -> None:
    assert refusal(text) == said


def test_a_key_of_too_many_parts_is_refused_before_it_is_read() -> None:
    assert refusal(f"# {'x' * 9000}\n\n{'a.' * 500_000}a = 1") == (
        "w.toml:3: a key has more than 32 parts"
    )


def test_all_errors_of_a_file_are_said_in_its_order() -> None:
    text = """\
colour = "red"
[vendors.x]
tags = ["ci", 5, ""]
url = "x"
headers = { "a b" = "c", D = 5 }
[vendors."y z"]
[defaults]
jobs = 0
fail_on = "bad"
[vendors.X]
[notify]
quiet = "x"
on = ["open"]
"""
    with pytest.raises(ConfigError) as caught:
        parse(text, HERE)
    assert [one.partition(": ")[0] for one in caught.value.args] == [
        f"w.toml:{line}" for line in (1, 3, 3, 4, 5, 5, 6, 8, 9, 10, 12, 13)
    ]
    assert str(caught.value) == "; ".join(caught.value.args)
    assert [one for one in caught.value.args if "[vendors.x] tags" in one] == [
        "w.toml:3: [vendors.x] tags[1] = 5: must be a string",
        'w.toml:3: [vendors.x] tags[2] = "": must not be empty',
    ]


def test_of_very_many_errors_the_first_are_said() -> None:
    with pytest.raises(ConfigError) as caught:
        parse("".join(f"a{number} = 1\n" for number in range(50_000)), HERE)
    assert len(caught.value.args) == 101
    assert caught.value.args[-1] == "w.toml: there may be more errors"


@pytest.mark.parametrize(
    "tz", ["Mars/Olympus", "America", "../etc/passwd", "/etc/passwd", "", "\\u0000"]
)
def test_a_zone_this_machine_does_not_know_is_refused(tz: str) -> None:
    said = refusal(f'[defaults]\ntz = "{tz}"')
    assert said.startswith("w.toml:2: [defaults] tz")
    assert said.endswith(': must be a time zone such as "Europe/Berlin" or "UTC"')


ADDRESS = "must be a URL that begins with https:// or http://"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://status.acme.example", ADDRESS),
        ("status.acme.example", ADDRESS),
        ("https://", ADDRESS),
        ("https:///path", ADDRESS),
        ("https://[x", ADDRESS),
        ("https://acme.example:99999", ADDRESS),
        ("https://acme.example:0", ADDRESS),
        ("https://acme.example/a b", ADDRESS),
        ("https://acme.example/\\u202e", ADDRESS),
        ("https://me@acme.example", "must not contain a user name or password; use headers"),
        ("https://me:pw@acme.example", "must not contain a user name or password; use headers"),
        (" ", "must not be empty"),
    ],
)
def test_an_address_that_cannot_be_a_page_is_refused(url: str, why: str) -> None:
    said = refusal(f'[vendors.x]\nurl = "{url}"')
    assert said.startswith("w.toml:2: [vendors.x] url")
    assert said.endswith(f": {why}")
    assert "@" not in said


@pytest.mark.parametrize("url", ["https://a.example/x?y=@z", "HTTPS://A.example", "http://[::1]:8"])
def test_an_address_is_kept_as_it_is_written_but_for_capitals_in_https(url: str) -> None:
    written = parse(f"[vendors.x]\nurl = '{url}'", HERE).vendors[0].url
    assert written == url.replace("HTTPS", "https")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("webhooks = ['ftp://TOKEN']", f"[notify] webhooks[0]: {ADDRESS}"),
        ("webhooks = ['TOKEN']", "[notify] webhooks[0]: must be a URL or ${NAME}"),
        ("urls = ['x://a', 'TOKEN']", "[notify] urls[1]: must be a URL or ${NAME}"),
        ("urls = ['${TOKEN']", "[notify] urls[0]: ${ must be followed by a variable name and }"),
        ("urls = ['${A:-TOKEN}']", "[notify] urls[0]: ${ must be followed by a variable name "
         "and }"),
        ("webhooks = [{url = 'ftp://TOKEN'}]", f"[notify] webhooks[0]: {ADDRESS}"),
        ("webhooks = [{url = 'https://TOKEN', format = 'TOKEN'}]", "[notify] webhooks[0]: format "
         "must be one of json, slack, discord, teams, googlechat"),
        ("webhooks = [{url = 'https://TOKEN', name = 'TOKEN'}]", "[notify] webhooks[0]: must be a "
         "URL, or a table with the keys url and format"),
        ("webhooks = 'TOKEN'", '[notify] webhooks: must be a list, such as ["one", "two"]'),
        ('command = "TOKEN\\u0000"', "[notify] command: must not contain a NUL character"),
        ("command = ['TOKEN']", "[notify] command: must be a string"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_channel_is_said_without_its_value(line: str, said: str) -> None:
    assert refusal(f"[notify]\n{line}") == f"w.toml:2: {said}"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('A = "KEY\\nB: c"', "A: must be printable ASCII"),
        ("A = 'KEÝ'", "A: must be printable ASCII"),
        ("A = '${1}'", "A: ${ must be followed by a variable name and }"),
        ("A = 1", "A: must be a string"),
        ("'A b' = 'KEY'", '"A b": is not the name of an HTTP header'),
        ("'A:' = 'KEY'", '"A:": is not the name of an HTTP header'),
        ("'Ä' = 'KEY'", '"Ä": is not the name of an HTTP header'),
    ],
)
def test_a_header_nobody_can_send_is_refused_without_its_value(line: str, said: str) -> None:
    assert refusal(f"[vendors.x.headers]\n{line}") == f"w.toml:2: [vendors.x.headers] {said}"


def test_a_value_too_long_to_read_is_not_repeated() -> None:
    assert refusal(f"[vendors.x]\nfail_on = '{'x' * 61}'").startswith(
        "w.toml:2: [vendors.x] fail_on: must be one of never,"
    )


def test_nothing_a_stranger_wrote_moves_the_cursor() -> None:
    with pytest.raises(ConfigError) as caught:
        parse('["\\u001b[2J\\nx"]', Path("a\x1b[2J\n.toml"))
    assert str(caught.value) == (
        'a .toml:1: "x": unknown table (allowed: version, defaults, vendors, notify)'
    )
    assert refusal('[notify]\nquiet = "\\u202e7\\u001b]0;x\\u0007"') == (
        'w.toml:2: [notify] quiet = "7": must be a time range such as "22:00-07:00"'
    )


@pytest.mark.parametrize("text", ["a", "A-b_c.9", ".", "0"])
def test_a_slug_is_letters_digits_and_three_marks(text: str) -> None:
    assert is_slug(text)


@pytest.mark.parametrize("text", ["", "a b", "a/b", "é", "a\n", "٣"])
def test_anything_else_is_no_slug(text: str) -> None:
    assert not is_slug(text)


def test_texts_are_cleaned_as_those_of_a_page_are() -> None:
    entry = parse(
        '[vendors.a]\nname = "##teamcity[x]"\ncomponents = ["--- API"]\ntags = ["::error::x"]\n',
        Path("w.toml"),
    ).vendors[0]
    assert (entry.name, entry.components, entry.tags) == (
        "# #teamcity[x]",
        ("- -- API",),
        (": :error::x",),
    )
