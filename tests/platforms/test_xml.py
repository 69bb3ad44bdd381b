"""Reading XML from strangers: no entity is ever declared, no depth is endless, bytes are decoded
by what they say of themselves, and a date is read only where its zone is known."""

from datetime import datetime

import pytest

from outlogger_cli.domain.errors import PageError
from outlogger_cli.domain.model import FailureKind
from outlogger_cli.platforms.shared import times, xml
from tests.support import document, utc

FEED = "<rss><channel><title>Störung — 障害</title></channel></rss>"


def title(body: object) -> str:
    return xml.channel_of(xml.root_of(document("feed", body))).text("title")


def refusal(body: object) -> tuple[FailureKind, str]:
    with pytest.raises(PageError) as caught:
        xml.channel_of(xml.root_of(document("feed", body)))
    return caught.value.kind, caught.value.message


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><rss><channel><title>&i;</title></channel></rss>"
)


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>&x;</channel></rss>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd"><rss><channel/></rss>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]><rss><channel/></rss>',
        '<!DOCTYPE rss [<!ATTLIST channel title CDATA "fine">]><rss><channel/></rss>',
        "<!DOCTYPE rss><rss><channel/></rss>",
        BOMB.encode("utf-16"),
    ],
)
def test_a_doctype_is_refused_whatever_it_declares(body: object) -> None:
    assert refusal(body) == ("invalid", "XML with a DOCTYPE is not supported")


def test_an_entity_nobody_declared_is_damage() -> None:
    assert refusal("<rss><channel>&x;</channel></rss>") == (
        "invalid",
        "invalid or truncated XML",
    )


def test_the_five_entities_of_xml_and_numbers_are_read() -> None:
    written = "&#65; &amp; &#x42; &quot;&apos; 1 &lt; 2 &gt; 0"
    body = f"<rss><channel><title>{written}</title></channel></rss>"
    assert title(body) == "A & B \"' 1 < 2 > 0"


def test_deep_nesting_is_refused_before_it_is_built() -> None:
    body = "<rss><channel>" + "<a>" * 100_000
    assert refusal(body) == ("invalid", "XML is nested too deeply")


def test_many_elements_side_by_side_are_read() -> None:
    body = "<rss><channel>" + "<item><a/></item>" * 1_000 + "<title>x</title></channel></rss>"
    assert title(body) == "x"


def test_nesting_up_to_the_limit_is_read() -> None:
    inside = xml.DEPTH_LIMIT - 2
    body = f"<rss><channel><title>x</title>{'<a>' * inside}{'</a>' * inside}</channel></rss>"
    assert title(body) == "x"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_told_by_its_first_bytes(codec: str) -> None:
    assert title(FEED.encode(codec)) == "Störung — 障害"


@pytest.mark.parametrize(
    "mark", [b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"\xff\xfe", b"\xfe\xff"]
)
def test_every_byte_order_mark_is_known(mark: bytes) -> None:
    codec = ("utf-32" if len(mark) == 4 else "utf-16") + ("-le" if mark[0] == 0xFF else "-be")
    assert title(mark + FEED.encode(codec)) == "Störung — 障害"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("ISO-8859-1", "Störung"),
        ("windows-1252", "Störung —"),
        ("Shift_JIS", "障害"),
        ("utf-8", "障"),
    ],
)
def test_other_encodings_are_told_by_the_declaration(name: str, written: str) -> None:
    body = f"<rss><channel><title>{written}</title></channel></rss>"
    assert title(f'<?xml version="1.0" encoding="{name}"?>{body}'.encode(name)) == written


def test_a_byte_order_mark_outweighs_the_declaration() -> None:
    body = f'<?xml version="1.0" encoding="iso-8859-1"?>{FEED}'
    assert title(body.encode("utf-16")) == "Störung — 障害"


def test_utf_16_that_is_only_claimed_is_utf_8() -> None:
    body = f'<?xml version="1.0" encoding="utf-16"?>{FEED}'
    assert title(body.encode()) == "Störung — 障害"


def test_bytes_that_are_wrong_spoil_their_word_and_nothing_else() -> None:
    assert title(FEED.encode("cp1252", "ignore")) == "St�rung �"


@pytest.mark.parametrize("name", ["unicode_escape", "punycode", "zip", "rot13", "nobody"])
def test_an_encoding_no_feed_uses_is_refused(name: str) -> None:
    body = f'<?xml version="1.0" encoding="{name}"?>{FEED}'
    assert refusal(body.encode()) == ("invalid", "unsupported XML encoding")


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("", "not_a_status_page", "empty response"),
        (" \n", "not_a_status_page", "empty response"),
        ("<!DOCTYPE html><p>", "not_a_status_page", "HTML instead of a feed"),
        ("<HTML><body>", "not_a_status_page", "HTML instead of a feed"),
        ('{"a": 1}', "not_a_status_page", "JSON instead of a feed"),
        ("[]", "not_a_status_page", "JSON instead of a feed"),
        ("blocked", "not_a_status_page", "not XML"),
        ("<rss><channel>", "invalid", "invalid or truncated XML"),
        ("<rss><channel>\x1b[2J</channel></rss>", "invalid", "invalid or truncated XML"),
        ("<svg/>", "not_a_status_page", "XML, but not an RSS feed"),
        ("<rss/>", "not_a_status_page", "XML, but not an RSS feed"),
        ("<x><channel/></x>", "not_a_status_page", "XML, but not an RSS feed"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: str, kind: str, message: str) -> None:
    assert refusal(body) == (kind, message)


def test_white_space_before_the_declaration_is_forgiven() -> None:
    assert title(f'\n <?xml version="1.0"?>{FEED}') == "Störung — 障害"


def test_a_name_is_looked_for_in_the_elements_own_namespace() -> None:
    inside = "<m:title>Other</m:title><title>Mine</title>"
    body = f'<rss xmlns:m="urn:media"><channel>{inside}</channel></rss>'
    channel = xml.channel_of(xml.root_of(document("feed", body)))
    assert (channel.text("title"), channel.text("{urn:media}title")) == ("Mine", "Other")


def test_what_is_not_there_is_empty() -> None:
    channel = xml.channel_of(xml.root_of(document("feed", "<rss><channel/></rss>")))
    assert (channel.text("a"), channel.body("a"), channel.content("a"), channel.url("a")) == (
        *("", "", "", ""),
    )
    assert channel.time("a") is None
    assert channel.attribute("a") == ""


def test_text_is_clean_and_a_link_is_safe() -> None:
    body = (
        "<rss><channel><title>a &lt;b&gt;b&lt;/b&gt;\u202e\nc</title><d>&lt;p&gt;x&lt;/p&gt;y</d>"
        "<link> https://a.example/ </link><bad>javascript:alert(1)</bad></channel></rss>"
    )
    channel = xml.channel_of(xml.root_of(document("feed", body)))
    assert (channel.text("title"), channel.body("d")) == ("a b c", "x\ny")
    assert (channel.url("link"), channel.url("bad")) == ("https://a.example/", "")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-01-15T12:00:00+01:00", utc("2026-01-15 11:00")),
        ("2026-01-15T12:00:00.250Z", utc("2026-01-15 12:00:00.250")),
        ("Thu, 15 Jan 2026 12:00:00 Z", utc("2026-01-15 12:00")),
        ("Thu, 15 Jan 2026 12:00:00 GMT", utc("2026-01-15 12:00")),
        ("Thu, 15 Jan 2026 12:00:00", utc("2026-01-15 12:00")),
        ("Thu, 15 Jan 2026 12:00:00 +0130", utc("2026-01-15 10:30")),
        ("Thu, 15 Jan 2026 12:00:00 -08:00", utc("2026-01-15 20:00")),
        ("15 January 26 8:05 pst", utc("2026-01-15 16:05")),
        (" Thu,\n 5 Feb 2026 08:00 CEST ", utc("2026-02-05 06:00")),
        ("5 Feb 2026 8:00:07 GMT+2", utc("2026-02-05 06:00:07")),
        ("Thu, 15 Jan 2026 12:00:00 IST", None),
        ("Thu, 15 Jan 2026 12:00:00 +9900", None),
        ("Thu, 15 Foo 2026 12:00:00 Z", None),
        ("Thu, 31 Feb 2026 12:00:00 Z", None),
        ("Thu, 15 Jan 2026 25:00:00 Z", None),
        ("Thu, 15 Jan 0001 12:00:00 +1400", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_of_both_kinds_are_read_in_utc(written: str, expected: datetime | None) -> None:
    assert times.parse_any(written) == expected
