"""The positions of tables, keys and items in a TOML file."""

import tomllib
from typing import Any

import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.watchlist.positions import lines_of, parts

ODD = '''\
vendors."x.y" . fail_on = "minor" # [vendors.z]
a.b = [ # one
  """
[vendors.z]
""""", 'it''s'.b, { c.d = "\\\\", 'e' = """\\""""}
]
'''.replace("'it''s'.b", "'x = 1'")

PLACES = [
    (("vendors",), 1),
    (("vendors", "x.y", "fail_on"), 1),
    (("a",), 2),
    (("a", "b", 0), 3),
    (("a", "b", 1), 5),
    (("a", "b", 2, "e"), 5),
    (("vendors", "z"), None),
    (("x",), None),
    (("last", "k\tk"), 9),
    (("last",), 7),
]


def test_lines_are_found_however_the_file_is_laid_out() -> None:
    text = ODD + '[ last ]\n\n"k\\tk" = 1979-05-27 07:32:00\n'
    assert tomllib.loads(text)["a"]["b"][2] == {"c": {"d": "\\"}, "e": '"'}
    lines = {place: line for place, line in PLACES if line}
    assert lines_of(text, [place for place, _ in PLACES]) == lines
    assert lines_of(text.replace("\n", "\r\n"), [place for place, _ in PLACES]) == lines


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.text(alphabet="a\"'#[]{}=,.\\\n é") | st.integers() | st.booleans() | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("a.\"' #]", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=4), st.booleans())
def test_what_stands_at_a_place_is_what_the_file_says_there(
    document: dict[str, Any], multiline: bool
) -> None:
    text = tomli_w.dumps(document, multiline_strings=multiline)
    said = tomllib.loads(text)
    for part in parts(text):
        if not part.header and "[[" not in text:
            value: Any = said
            for key in part.place:
                value = value[key]
            assert tomllib.loads(f"x = {text[part.value : part.end]}")["x"] == value
