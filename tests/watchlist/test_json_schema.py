"""The JSON Schema of the watchlist, and the text of a new one."""

import json
import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.platforms import BUILT_IN
from outlogger_cli.watchlist import json_schema, starter
from outlogger_cli.watchlist.schema import KEYS, parse
from tests.support import DATA

HERE = Path("w.toml")
ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(json_schema.FILE.read_text(encoding="utf-8"))
VALIDATOR: Any = import_module("jsonschema").Draft7Validator(SCHEMA)  # jsonschema ships no types


def is_parsed(document: dict[str, Any]) -> bool:
    try:
        parse(tomli_w.dumps(document), HERE)
    except ConfigError:
        return False
    return True


def test_the_schema_in_the_package_is_the_one_of_the_keys() -> None:
    """If not, write it: `json_schema.FILE.write_text(json_schema.text())`."""
    assert json_schema.FILE.read_text(encoding="utf-8") == json_schema.text()
    VALIDATOR.check_schema(SCHEMA)


def test_the_public_address_is_that_of_the_file_in_the_repository() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    source = project["urls"]["Source"].replace("//github.com", "//raw.githubusercontent.com")
    where = json_schema.FILE.relative_to(ROOT).as_posix()
    assert json_schema.address("1.2.3") == f"{source}/v1.2.3/{where}"


def test_every_key_has_a_description() -> None:
    tables = SCHEMA["properties"]
    assert tables["vendors"]["additionalProperties"] == {"$ref": "#/definitions/Vendor"}
    vendor = SCHEMA["definitions"]["Vendor"]
    for table, keys in zip(
        (tables["defaults"], vendor, tables["notify"]), KEYS.values(), strict=True
    ):
        said = {name: value["description"] for name, value in table["properties"].items()}
        assert said == {key.name: key.help for key in keys}


# Only values of which JSON Schema can tell whether they are valid.
WORDS = st.sampled_from(
    ["", " ", "x", "5", "10s", "0", "0.0s", "1.5h", "9x", "minor", "fail", "auto", "never", "none",
     "UTC", "statuspage", "https://a.example", "HTTP://a.example/b?c#@", "https://u@a.example",
     "https:// a.example", "a.example", "22:00-07:00", "24:00-07:00", "opened", "café", "${A}"]
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = (
    WORDS
    | st.integers(-2, 1001)
    | st.booleans()
    | st.lists(WORDS, max_size=3)
    | st.dictionaries(st.sampled_from(["A", "X-B", "a b", "ä"]), WORDS, max_size=2)
)
UNDECIDABLE = {
    *("platform", "tz"),  # any text may be a plug-in, or a zone of this machine
    *("webhooks", "urls"),  # what a variable holds
}


def table_of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    keys = [key.name for key in KEYS[name] if key.name not in UNDECIDABLE]
    return st.dictionaries(st.sampled_from([*keys, "other"]), VALUES, max_size=3)


DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "version": st.sampled_from([1, 2, "1", True]),
        "defaults": table_of("[defaults]") | VALUES,
        "vendors": VALUES
        | st.dictionaries(
            st.sampled_from(["a", "b.c", "D-_1", "a b", "é", ""]),
            table_of("[vendors.SLUG]") | VALUES,
            max_size=2,
        ),
        "notify": table_of("[notify]") | VALUES,
        "other": VALUES,
    },
)


@given(DOCUMENTS)
def test_parser_and_schema_agree(document: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(document) == is_parsed(document)


@pytest.mark.parametrize("name", sorted(key.name for keys in KEYS.values() for key in keys))
@given(value=VALUES)
def test_parser_and_schema_agree_on_every_key(name: str, value: Any) -> None:
    for table, keys in KEYS.items():
        if name in {key.name for key in keys} and name not in UNDECIDABLE:
            place = {"a": {name: value}} if table == "[vendors.SLUG]" else {name: value}
            document = {re.split(r"[\[.\]]", table)[1]: place}
            assert VALIDATOR.is_valid(document) == is_parsed(document)


def test_what_the_schema_cannot_decide_it_allows() -> None:
    whole = tomllib.loads((DATA / "watchlist" / "whole.toml").read_text(encoding="utf-8"))
    assert VALIDATOR.is_valid(whole)
    for platform in BUILT_IN:
        assert VALIDATOR.is_valid({"vendors": {"x": {"platform": platform}}})


def test_a_new_watchlist_is_valid_with_and_without_its_comments() -> None:
    text = starter.text("./x.json")
    assert text.startswith("#:schema ./x.json\n")
    assert parse(text, HERE).vendors == ()
    whole = re.sub(r"(?m)^#(?=[a-z_]+ =|\[)", "", text)
    document = tomllib.loads(whole)
    assert VALIDATOR.is_valid(document)
    assert [entry.slug for entry in parse(whole, HERE).vendors] == ["github", "acme"]
    shown = (document["defaults"], document["vendors"]["acme"], document["notify"])
    assert [list(table) for table in shown] == [
        [key.name for key in keys] for keys in KEYS.values()
    ]
