"""`${NAME}` in a value of the watchlist."""

import pytest

from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.watchlist.placeholders import expand


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("plain", "plain"),
        ("", ""),
        ("OAuth ${KEY}", "OAuth s3cret"),
        ("${KEY}${_2}", "s3cret$x${KEY}"),
        ("$KEY $$ {KEY} $", "$KEY $$ {KEY} $"),
        ("$${KEY}}", "$s3cret}"),
    ],
)
def test_a_name_in_braces_is_replaced_once_and_nothing_else(text: str, expanded: str) -> None:
    assert expand(text, {"KEY": "s3cret", "_2": "$x${KEY}"}, where="w") == expanded


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${NONE}", "w.toml: the environment variable NONE is not set"),
        ("${KEY}${EMPTY}", "w.toml: the environment variable EMPTY is empty"),
        ("${BREAK}", "w.toml: the environment variable BREAK contains a character that is "
         "not printable ASCII (a line break?)"),
        ("${ACCENT}", "w.toml: the environment variable ACCENT contains a character that is "
         "not printable ASCII (a line break?)"),
        ("${", "w.toml: ${ must be followed by a variable name and }"),
        ("${KEY", "w.toml: ${ must be followed by a variable name and }"),
        ("${}", "w.toml: ${ must be followed by a variable name and }"),
    ],
)  # fmt: skip
def test_a_name_that_has_no_good_value_is_said_without_any_value(text: str, said: str) -> None:
    environ = {"KEY": "s3cret", "EMPTY": "", "BREAK": "s3cret\n", "ACCENT": "s3crét"}
    with pytest.raises(ConfigError) as caught:
        expand(text, environ, where="w.toml")
    assert str(caught.value) == said
