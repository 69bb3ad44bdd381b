"""Untrusted text made safe to show: on one line, in paragraphs, and from HTML."""

import re

import pytest
from hypothesis import given

from outlogger_cli.domain.text import BODY_LIMIT, LINE_LIMIT, body, line
from tests.shown import assert_shown, written


@pytest.mark.parametrize(
    ("wire", "shown"),
    [
        ("API", "API"),
        ("  API \t Requests\n", "API Requests"),
        ("one\r\ntwo\rthree\x0bfour\x0cfive\x85six\u2028seven\u2029eight", "one two three four"
         " five six seven eight"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b[38;2;255;0;0mred", "red"),
        ("\x1b[2J\x1b[HAll fine", "All fine"),
        ("\x1b]0;title\x07API", "API"),
        ("\x1b]8;;https://evil.example\x1b\\API\x1b]8;;\x1b\\", "API"),
        ("\x9d0;title\x9cAPI", "API"),
        ("\x1bPq#0\x1b\\API", "API"),
        ("\x1b(0API", "API"),
        ("\x1b\x1b[m[31mAPI", "[31mAPI"),
        ("\x1bAPI", "PI"),
        ("fine\x08\x08\x08\x08down", "finedown"),
        ("fine\rdown", "fine down"),
        ("\x00\x01\x7fAPI\x07", "API"),
        ("\u202eenif\u202c", "enif"),
        ("\u2066API\u2069\u200e\u200f\u061c", "API"),
        ("A\u200bP\u2060I\ufeff\xad", "API"),
        ("A\U000e0041\U000e007fPI", "API"),
        ("A\ufffe\uffffPI", "API"),
        ("\ud83dAPI\ude00", "\ufffdAPI\ufffd"),
        ("família 👩‍👩‍👧 नमस्ते پشتیبانی", "família 👩‍👩‍👧 नमस्ते پشتیبانی"),
        ("<b>API</b> &amp; more", "<b>API</b> &amp; more"),
        ("\x1b[31m\u200b \n", ""),
        ("::error::forged", ": :error::forged"),
        (" \u200b::error::forged", ": :error::forged"),
        ("std::error ##vsoft # #[", "std::error ##vsoft # #["),
        ("x ##[error]forged ##\x1b[m[error]", "x # #[error]forged # #[error]"),
        ("###VSO[task.setvariable]forged", "## #VSO[task.setvariable]forged"),
        ("x ##teamcity[message]", "x # #teamcity[message]"),
        ("##Team\u200bCity[message]", "# #TeamCity[message]"),
        ("--- forged", "- -- forged"),
        (" \x1b[1m+++\x1b[0m forged", "+ ++ forged"),
        ("~~~\tforged", "~ ~~ forged"),
        ("^^^  +++", "^ ^^ +++"),
        ("---", "- --"),
        ("-\x1b_bk;t=1700000000000\x07-- x", "- -- x"),
        ("---- +++x a --- b", "---- +++x a --- b"),
    ],
)  # fmt: skip
def test_a_line_is_one_line_of_visible_text(wire: str, shown: str) -> None:
    assert line(wire) == shown


def test_a_long_line_is_cut() -> None:
    assert line("x" * LINE_LIMIT) == "x" * LINE_LIMIT
    assert line("x" * (LINE_LIMIT + 1)) == "x" * (LINE_LIMIT - 1) + "…"


@given(written)
def test_a_line_is_safe_and_short_and_does_not_change_again(wire: str) -> None:
    shown = line(wire)
    assert_shown(shown)
    assert len(shown) <= LINE_LIMIT
    assert shown == " ".join(shown.split())
    assert line(shown) == shown


@pytest.mark.parametrize(
    ("wire", "shown"),
    [
        ("One.\n\n\n\n Two. \r\nThree.", "One.\n\nTwo.\nThree."),
        ("a \t\xa0 b", "a b"),
        ("\n\n", ""),
        ("\x1b[31mred\x1b[0m\r\x1b[2Kgone", "red\ngone"),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br>Two.<br/>Three.<br />", "One.\nTwo.\nThree."),
        ("Hit:<ul><li>API</li><li>Web</li></ul>Sorry.", "Hit:\n\n• API\n• Web\nSorry."),
        ('<a href="javascript:alert(1)">our page</a>', "our page"),
        ('<a title="a > b" data-x=\'"\'>our page</a>', "our page"),
        ("<A HREF=x>our</A> <STRONG>page</STRONG>", "our page"),
        ("<small>Jan <var data-var='date'>15</var></small>", "Jan 15"),
        ("<script>alert('<b>')</script>Fine.", "Fine."),
        ("<style>p { color: red }</style><title>No</title>Fine.", "Fine."),
        ("<script>alert(1)", ""),
        ("</script>Fine.", "Fine."),
        ("<html><head><meta charset=x><title>No</title><body>Fine.", "Fine."),
        ("<!-- <b>No</b> --> Fine. <!-- no -->", "Fine."),
        ("Fine.<!-- never closed", "Fine.<!-- never closed"),
        ("<!DOCTYPE html>Fine.", "Fine."),
        ("<![CDATA[No]]>Fine.", "Fine."),
        ("<![endif]>Fine.<?php no ?>", "Fine."),
        ("A &amp; B &lt;b&gt; caf&eacute; &#8364;", "A & B <b> café €"),
        ("Fine.\n ::error::forged\n##[group]forged", "Fine.\n: :error::forged\n# #[group]forged"),
        ("Fine.<br>&#58;:error::forged", "Fine.\n: :error::forged"),
        ("Fine.\n--- forged<p>+++ forged ##teamcity[x", "Fine.\n- -- forged\n+ ++ forged"
         " # #teamcity[x"),
        ("&#27;[31m&#x9b;31m&#x202e;&#0;&#xD800;fine", "[31m›31m\ufffd\ufffdfine"),
        (f"&#{'9' * 5000};&#x{'9' * 5000};fine", "\ufffd\ufffdfine"),
        (f"<b>&#{'0' * 5000}65", "\ufffd"),
        ("\x1b<b>[31m</b>red", "red"),
        ("<name@example.com> wrote <https://acme.example>", "<name@example.com> wrote"
         " <https://acme.example>"),
        ("<service> is down</service>", "<service> is down"),
        ("p99 < 5 s & a > b, R&D", "p99 < 5 s & a > b, R&D"),
        ("<3 and 5<a and </", "<3 and 5<a and </"),
        ("<p class='broken\">Fine.", "<p class='broken\">Fine."),
        ("see https://acme.example/?a=1&region=eu&copy=2", "see https://acme.example/?a=1&region=eu"
         "&copy=2"),
    ],
)  # fmt: skip
def test_a_body_is_paragraphs_of_plain_text(wire: str, shown: str) -> None:
    assert body(wire) == shown


BLOCKS = ["p", "div", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "hr", "pre", "br"]
INLINE = [
    "a", "b", "i", "u", "em", "strong", "span", "code", "small", "var", "td", "th", "img", "tbody",
    "thead", "font", "sub", "sup", "blockquote", "html", "body", "time", "s", "head", "meta",
    "link",
]  # fmt: skip
HIDDEN = ["script", "style", "title", "template", "noscript"]


@pytest.mark.parametrize("tag", [*BLOCKS, *map(str.upper, BLOCKS)])
def test_a_block_breaks_the_line(tag: str) -> None:
    assert body(f"one<{tag}>two</{tag}>three") == "one\ntwo\nthree"
    assert body(f'one<{tag} class="x">two<{tag}/>three') == "one\ntwo\nthree"


@pytest.mark.parametrize("tag", [*INLINE, *map(str.upper, INLINE)])
def test_an_inline_tag_is_removed(tag: str) -> None:
    assert body(f'one <{tag} class="x">two</{tag}>, three') == "one two, three"


@pytest.mark.parametrize("tag", [*HIDDEN, *map(str.upper, HIDDEN)])
def test_hidden_elements_are_removed(tag: str) -> None:
    assert body(f"one <{tag}>no <b>not</b> </p>this</{tag}>two") == "one two"


def test_a_long_body_is_cut() -> None:
    assert body("x" * BODY_LIMIT) == "x" * BODY_LIMIT
    assert body("x" * (BODY_LIMIT + 1)) == "x" * (BODY_LIMIT - 1) + "…"
    assert body("<b>" + "x" * (9 * BODY_LIMIT)) == "x" * (BODY_LIMIT - 1) + "…"


@given(written)
def test_a_body_is_safe_and_short(wire: str) -> None:
    shown = body(wire)
    assert_shown(shown, lines=True)
    assert len(shown) <= BODY_LIMIT
    assert not re.search(r"\n{3}|^\s|\s$|\t", shown)


@given(written)
def test_a_body_without_markup_does_not_change_again(wire: str) -> None:
    shown = body(wire.translate(str.maketrans("", "", "<&")))
    assert body(shown) == shown


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<a <", "<x\n", '<a x="', "<a x=", "<!--", "<!-- --!", "</", "<![x", "<? ", "&a"],
)  # fmt: skip
def test_markup_is_parsed_in_one_pass(piece: str) -> None:
    """A parser that starts over at each tag would need minutes for these texts."""
    assert len(body(piece * (4 * BODY_LIMIT // len(piece)))) <= BODY_LIMIT
    assert body("<b>-->" + piece * 20_000).startswith("-->")
