"""The part of YAML in which people keep lists."""

import pytest
import yaml as full
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.watchlist import yaml

WHOLE = """\
%YAML 1.2
--- # first
plain: one # comment
"quoted: key": 'it''s # not'
'other': "tab\\t\\u00e9"
list:
- one
-   name: two
    flow: [1, "a, b", {k: v, 'q': [n]}, x: y]
- - deep
  - er
-
  below: yes
literal: |
  text: here
folded: >-
  more

  text
long: first
  second
address: https://x.example:8443/a#b
braces: {a: b,
  c: d, e: }
lines: "first
  second"
empty:
nothing: ~
---
last: one
...
"""


def test_maps_lists_and_values_are_read() -> None:
    assert yaml.load(WHOLE) == (
        [
            {
                "plain": "one",
                "quoted: key": "it's # not",
                "other": "tab\té",
                "list": [
                    "one",
                    {"name": "two", "flow": ["1", "a, b", {"k": "v", "q": ["n"]}, {"x": "y"}]},
                    ["deep", "er"],
                    {"below": "yes"},
                ],
                "literal": "text: here",
                "folded": "more\ntext",
                "long": "first second",
                "address": "https://x.example:8443/a#b",
                "braces": {"a": "b", "c": "d", "e": None},
                "lines": "first second",
                "empty": None,
                "nothing": None,
            },
            {"last": "one"},
        ],
        [],
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "---\n---\n"])
def test_text_that_says_nothing_is_an_empty_list(text: str) -> None:
    assert yaml.load(text) == ([], [])


def test_an_escape_that_json_lacks_is_kept_as_it_is_written() -> None:
    assert yaml.load(r'a: "\x41"') == ({"a": r"\x41"}, [])


def test_what_is_not_read_is_reported_with_its_line() -> None:
    text = "a: &x 1\nb: *x\nc: !secret y\nd: !list\n  - e\nf: g\n"
    why = "YAML anchors, aliases and tags are not supported"
    assert yaml.load(text) == (
        {"a": None, "b": None, "c": None, "d": None, "f": "g"},
        [f"{number}: {why}" for number in range(1, 5)],
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "1: unclosed bracket or quote"),
        ("a: 'b\n" + "c\n" * 200, "1: unclosed bracket or quote"),
        ("a:\n  - b\n c: d", "3: indentation does not match the lines above"),
        ("a:\n\t- b", "2: indent YAML with spaces, not tabs"),
        ("a: b\n  c: d", "1: a key has both a value and keys below it"),
        ("a: b\nc", "2: expected KEY: VALUE or a list item"),
        ("- ? a\n  : b", "1: complex keys are not supported"),
        ("[a]]", "1: unexpected text after the value in brackets"),
        ("a: [:]", "1: invalid value in brackets"),
        ("a: ['[', b}", "1: invalid value in brackets"),
        ("a: [b}", "1: invalid value in brackets"),
        ("a: {b: ] }", "1: invalid value in brackets"),
        ("a: {b: [}]", "1: invalid value in brackets"),
        ("- " * 60 + "a", "1: nested too deeply"),
        ("[" * 60 + "]" * 60, "1: invalid value in brackets"),
        ("a\n" * 50_001, "50001: more than 50000 lines are not supported"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(yaml.InvalidYamlError) as caught:
        yaml.load(text)
    assert str(caught.value) == message


letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])
texts = st.text(letters).map(lambda text: " ".join(text.split()))
values = st.recursive(
    st.none() | texts,
    lambda inner: st.lists(inner, min_size=1) | st.dictionaries(texts, inner, min_size=1),
    max_leaves=12,
)


@given(values, st.sampled_from([None, False, True]))
def test_what_another_writer_writes_is_read_as_it_was(value: object, flow: bool | None) -> None:
    written = full.safe_dump(
        {"a": value}, default_flow_style=flow, allow_unicode=True, width=10_000
    )
    try:
        found, unread = yaml.load(written)
    except yaml.InvalidYamlError:
        return
    if not unread:
        assert found == {"a": value}
