"""Edits of a watchlist: what changes, and what stays byte for byte."""

import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import assume, given
from hypothesis import strategies as st

from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.domain.model import CountIncidents, FailOn, OnUnknown
from outlogger_cli.watchlist import edit
from outlogger_cli.watchlist.edit import add, remove
from outlogger_cli.watchlist.positions import comments
from outlogger_cli.watchlist.schema import NEW, Entry, parse
from outlogger_cli.watchlist.store import EditRefusedError
from tests.support import DATA
from tests.watchlist.editing import adding

LAYOUTS: dict[str, list[dict[str, str]]] = tomllib.loads(
    (DATA / "watchlist" / "layouts.toml").read_text(encoding="utf-8")
)
X = Entry(slug="x", tags=("ci",), fail_on=FailOn.MAJOR)


def cases(kind: str) -> list[Any]:
    return [pytest.param(c["before"], c["after"], id=c["why"]) for c in LAYOUTS[kind]]


def framings(text: str) -> list[str]:
    """`text` with and without its last line end, with either line end, and with a mark."""
    bare = text.removesuffix("\n")
    plain = [text, bare, text.replace("\n", "\r\n"), bare.replace("\n", "\r\n")]
    return [*plain, *("\ufeff" + one for one in plain)]


@pytest.mark.parametrize(("before", "after"), cases("set"))
def test_add_writes_what_the_layout_asks_for(before: str, after: str) -> None:
    assert add(before, [X]) == after
    assert add(after, [X]) == after


@pytest.mark.parametrize(("before", "after"), cases("remove"))
def test_remove_takes_what_is_the_vendors_alone(before: str, after: str) -> None:
    assert remove(before, ["X"]) == after
    assert remove(after, ["X"]) == after


@pytest.mark.parametrize(("before", "after"), cases("set"))
def test_add_keeps_line_ends_and_byte_order_mark(before: str, after: str) -> None:
    if before:
        assert [add(text, [X]) for text in framings(before)] == framings(after)


@pytest.mark.parametrize(("before", "after"), cases("remove"))
def test_remove_keeps_line_ends_and_byte_order_mark(before: str, after: str) -> None:
    assert [remove(text, ["x"]) for text in framings(before)] == framings(after)


def test_line_ends_of_both_kinds_are_kept_as_they_are() -> None:
    text = "version = 1\n# one\r\n[vendors.x]"
    assert remove(text, ["x"]) == "version = 1\n# one"
    assert add(text, [Entry(slug="b")]) == f"{text}\n\n[vendors.b]"


def test_everything_an_entry_gives_is_written() -> None:
    entry = Entry(
        slug="acme.eu",
        name='Acme "Europe" \\ é',
        url="https://status.acme.example",
        platform="statuspage",
        components=("API", "EU/*"),
        exclude=("Docs",),
        tags=("ci",),
        fail_on=FailOn.MAINTENANCE,
        on_unknown=OnUnknown.WARN,
        count_incidents=CountIncidents.ALL,
        timeout=timedelta(seconds=90),
        headers=(("Authorization", "OAuth ${KEY}"), ("X.Y", "z")),
    )
    text = add(NEW, [entry])
    assert text == (
        "version = 1\n"
        "\n"
        '[vendors."acme.eu"]\n'
        'name = "Acme \\"Europe\\" \\\\ é"\n'
        'url = "https://status.acme.example"\n'
        'platform = "statuspage"\n'
        'components = ["API", "EU/*"]\n'
        'exclude = ["Docs"]\n'
        'tags = ["ci"]\n'
        'fail_on = "maintenance"\n'
        'on_unknown = "warn"\n'
        'count_incidents = "all"\n'
        'timeout = "90s"\n'
        'headers = { Authorization = "OAuth ${KEY}", "X.Y" = "z" }\n'
    )
    assert parse(text, Path("w.toml")).vendors == (entry,)


def test_several_come_in_the_order_they_are_named_and_each_once() -> None:
    text = add("[vendors.B]\n\n[notify]\n", [Entry(slug="c"), Entry(slug="b"), X, Entry(slug="C")])
    assert text == (
        '[vendors.B]\n\n[vendors.c]\n\n[vendors.x]\ntags = ["ci"]\nfail_on = "major"\n\n[notify]\n'
    )


def test_of_one_vendor_named_twice_the_later_word_counts() -> None:
    later = Entry(slug="X", fail_on=FailOn.NEVER)
    assert add("", [X, later]) == '[vendors.x]\ntags = ["ci"]\nfail_on = "never"\n'


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("timeout = 60", Entry(slug="X", timeout=timedelta(minutes=1))),
        ("tags = [\n  'a', # one\n]", Entry(slug="x", tags=("a",))),
        ("headers.A = '${B}'", Entry(slug="x", headers=(("A", "${B}"),))),
        ("name = ' X '", Entry(slug="x", name="X")),
        ("fail_on = 'major' # keep", Entry(slug="x")),
    ],
)
def test_what_already_means_the_same_stays_as_it_is_written(line: str, entry: Entry) -> None:
    text = f"[vendors.x]\n{line}\n"
    assert add(text, [entry]) == text


@pytest.mark.parametrize(
    "text",
    ["[vendors.x.headers]\nA = 'b'\n", "[vendors.x]\nheaders.A = 'b'\n"],
)
def test_what_cannot_be_edited_safely_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(EditRefusedError) as caught:
        add(text, [Entry(slug="x", headers=(("A", "s3cret"),))])
    assert str(caught.value) == (
        'cannot edit this layout safely; add it by hand: [vendors.x] headers = { A = "..." }'
    )


def test_an_edit_that_would_mean_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tomli_w, "dumps", lambda _: '"" = "minor"\n')
    with pytest.raises(EditRefusedError):
        add("[vendors.x]\nfail_on = 'never'\n", [Entry(slug="x", fail_on=FailOn.MAJOR)])


@pytest.mark.parametrize("text", ["[vendors.x]\nfail_on = 'bad'\n", "version = 1\r"])
@pytest.mark.parametrize("change", [adding("x"), lambda text: remove(text, ["x"])])
def test_a_text_that_is_no_watchlist_is_not_edited(change: Callable[[str], str], text: str) -> None:
    with pytest.raises(ConfigError):
        change(text)


COMMENTS = st.sampled_from(["", "\n", "# note\n", "\n# note\n\n", "  # [vendors.q]\n", "\t\n\n"])
BODIES = st.sampled_from(
    [
        "",
        "fail_on = 'never' # x\n",
        "tags = [ # a\n'b', # ]\n\n]\n# c\n",
        '  name = """\n[vendors.new]\n# n\\\n"""\n',
        "headers.A = '''\\\"'''\n\n",
        'headers = { A = "}\\"#", "b.c" = \']\' } # {\n',
    ]
)
HEADS = st.sampled_from(["[vendors.{0}]\n", "[ vendors . '{0}' ] # it\n", '  [vendors."{0}"]\n'])
ROOTS = st.sampled_from(
    [
        "",
        "version = 1\n",
        "vendors.r.name = 'R'\nversion = 1\n",
        "[vendors]\nr = {}\nt.tags = [ 'a' ]\n",
        "vendors.r = { headers = { A = '#' } }\n",
    ]
)
NOTIFY = st.sampled_from(["", "[notify]\non = []\n", "[notify]\ncommand = '''\n# x'''\n"])


@st.composite
def watchlists(draw: st.DrawFn) -> str:
    """A good watchlist with comments and empty lines in odd places."""
    pieces = [draw(COMMENTS), draw(ROOTS)]
    tables = [draw(HEADS).format(slug) + draw(BODIES) for slug in draw(st.permutations("abc"))[:2]]
    for table in draw(st.permutations([*tables, draw(NOTIFY)])):
        pieces += [draw(COMMENTS), table]
    text = "".join([*pieces, draw(COMMENTS)])
    return draw(st.sampled_from(framings(text)))


def is_toml(text: str) -> bool:
    try:
        return bool(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return False


def meaning(text: str) -> dict[str, Any]:
    return {"vendors": {}, **tomllib.loads(text.removeprefix("\ufeff"))}


def kept(part: str, whole: str) -> bool:
    """Whether the lines of `part` are lines of `whole`, in their order."""
    rows = iter(whole.removeprefix("\ufeff").split("\n"))
    return all(row.rstrip("\r") in (r.rstrip("\r") for r in rows) for row in part.split("\n"))


@given(watchlists(), st.sampled_from([Entry(slug="new"), Entry(slug="n.w", tags=("a", "b"))]))
def test_what_is_added_and_removed_again_leaves_the_same_bytes(text: str, entry: Entry) -> None:
    longer = add(text, [entry])
    assert longer != text
    assert remove(longer, [entry.slug]) == text


@given(watchlists(), st.sampled_from("abcrt"))
def test_what_is_removed_takes_nothing_else_along(text: str, slug: str) -> None:
    shorter = remove(text, [slug])
    expected = meaning(text)
    expected["vendors"].pop(slug, None)
    assert meaning(shorter) == expected
    assert kept(shorter.removeprefix("\ufeff"), text)


@given(watchlists(), st.sampled_from("abcrt"))
def test_what_is_set_changes_nothing_else(text: str, slug: str) -> None:
    assume(slug in meaning(text)["vendors"])
    changed = add(text, [Entry(slug=slug, fail_on=FailOn.CRITICAL)])
    expected = meaning(text)
    expected["vendors"][slug]["fail_on"] = "critical"
    assert meaning(changed) == expected
    assert len(changed.split("\n")) - len(text.split("\n")) <= 3


ITEMS = st.lists(
    st.tuples(
        st.sampled_from(["'a'", '"b"', "'c#'", '"""d,\n#"""']),
        st.sampled_from([",", " , ", "\n  ,", ", # 1, 2\n", " # [\n,", ",\n\t", "\n# ]\n # '\n, "]),
    ),
    max_size=5,
)
TAGS = st.lists(st.sampled_from(["a", "b", "c#", "d,\n#", "new", "z"]), unique=True, min_size=1)


@given(ITEMS, st.sampled_from(["", " ", "\n", "# 0\n", "\n  # 0\n  "]), st.booleans(), TAGS)
def test_a_list_that_changes_keeps_every_comment_once(
    items: list[tuple[str, str]], start: str, trailing: bool, tags: list[str]
) -> None:
    inside = start + "".join(item + comma for item, comma in items)
    if items and not trailing:
        inside = inside.removesuffix(items[-1][1]) + items[-1][1].replace(",", " ", 1)
    text = f"[vendors.x]\ntags = [{inside}] # of x\n\n[vendors.y] # y\n"
    assume(is_toml(text))
    changed = add(text, [Entry(slug="x", tags=tuple(tags))])
    assert tomllib.loads(changed)["vendors"] == {"x": {"tags": tags}, "y": {}}
    assert sorted(comments(changed)) == sorted(comments(text))


@pytest.mark.parametrize(
    ("tags", "after"),
    [
        (("a", "b", "c"), '[\n  "a", # 1\n  "b",  # 2\n  "c"\n]'),
        (("a", "c", "b", "d"), '[\n  "a", # 1\n  "c",\n  "b",  # 2\n  "d"\n]'),
        (("c", "b"), '[\n  "c",\n  # 1\n  "b"  # 2\n]'),
        (("b", "a"), '[\n  # 1\n  "b",  # 2\n  "a"\n]'),
    ],
)
def test_items_that_are_added_stand_like_those_around_them(
    tags: tuple[str, ...], after: str
) -> None:
    text = '[vendors.x]\ntags = [\n  "a", # 1\n  "b"  # 2\n]\n'
    assert add(text, [Entry(slug="x", tags=tags)]) == f"[vendors.x]\ntags = {after}\n"


def test_an_addition_that_would_lose_a_comment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit, "with_items", lambda text, *_: text.replace("# 1", ""))
    with pytest.raises(EditRefusedError, match="add it by hand"):
        add("[vendors.x]\ntags = [ # 1\n]\n", [X])


@given(watchlists(), st.sampled_from([X, Entry(slug="a", tags=("b", "c")), Entry(slug="new")]))
def test_an_addition_keeps_every_comment(text: str, entry: Entry) -> None:
    plain = text.removeprefix("\ufeff")
    changed = add(text, [entry]).removeprefix("\ufeff")
    assert sorted(comments(changed)) == sorted(comments(plain))


@given(st.permutations("abc"), st.sets(st.sampled_from("abc"), min_size=1), st.booleans())
def test_a_removal_keeps_the_comments_about_others(
    order: list[str], gone: set[str], crlf: bool
) -> None:
    text = "# file\n\nversion = 1 # 1\n" + "".join(
        f"\n# apart {slug}\n\n# above {slug}\n[vendors.{slug}] # of {slug}\n# in {slug}\n"
        f"tags = [ # of {slug}\n  'a', # of {slug}\n]\n# under {slug}\n"
        for slug in order
    )
    left = remove(text.replace("\n", "\r\n") if crlf else text, gone)
    own = tuple(f"# {where} {slug}" for where in ("above", "of", "in", "under") for slug in gone)
    assert comments(left) == [one for one in comments(text) if one not in own]


SEVERAL = """\
# ours
version = 1

[vendors.a]

# about b
[vendors.b]
name = "B"
# under b

[vendors.b.headers]
A = "b"

[vendors.c]
[vendors.d]
[defaults]
"""


@pytest.mark.parametrize(
    ("slugs", "before", "after"),
    [
        (
            ["d", "B", "a", "nobody"],
            SEVERAL,
            "# ours\nversion = 1\n\n[vendors.c]\n[defaults]\n",
        ),
        (["a", "b"], "[vendors.a]\n\n[vendors.b]\n\n[vendors.c]\n", "[vendors.c]\n"),
        (["a", "c"], "vendors = { a = {}, b = {}, c = {} }\n", "vendors = { b = {} }\n"),
        (["a", "b"], "vendors = { a = {}, b.tags = [], b.name = 'x', c = {} }\n",
         "vendors = { c = {} }\n"),
        (["b", "c"], "vendors = { a = {}, b = {}, c = {} }\n", "vendors = { a = {} }\n"),
        (["a", "c"], "[vendors]\na = {}\nb = {}\nc.tags = []\n", "[vendors]\nb = {}\n"),
    ],
)  # fmt: skip
def test_several_are_removed_at_once(slugs: list[str], before: str, after: str) -> None:
    assert remove(before, slugs) == after
