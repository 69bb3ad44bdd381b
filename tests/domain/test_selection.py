"""Which components a pattern matches, and which patterns match none."""

from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.domain.model import Component, ComponentStatus, Selection
from outlogger_cli.domain.selection import closest, label, matches, select


def leaf(name: str, *, id: str = "", group: str | None = None) -> Component:
    return Component(
        id=id or f"id of {name}",
        name=name,
        group=group,
        status=ComponentStatus.OPERATIONAL,
        raw_status="operational",
    )


API = leaf("API", id="0abc")
QUEUE = leaf("Queue", group="Europe")
EU_API = leaf("API", id="1abc", group="Europe")
CHINA = leaf("AI Platform China")
PAGE = [API, QUEUE, EU_API, CHINA]


def labels(include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> list[str]:
    chosen = select(Selection(include=include, exclude=exclude), PAGE)
    return [label(component) for component in chosen.components]


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("0abc", ["API"]),
        ("0ABC", ["API"]),
        ("api", ["API", "Europe/API"]),
        ("API", ["API", "Europe/API"]),
        ("europe/api", ["Europe/API"]),
        ("EUROPE", ["Europe/Queue", "Europe/API"]),
        ("AI Platform China", ["AI Platform China"]),
        ("AI Platform", []),
        ("Platform", []),
        ("ap", []),
        ("", []),
        ("Europe/", []),
        ("Europe/Europe", []),
        ("*platform*", ["AI Platform China"]),
        ("a*", ["API", "Europe/API", "AI Platform China"]),
        ("europe/*", ["Europe/Queue", "Europe/API"]),
        ("*", ["API", "Europe/Queue", "Europe/API", "AI Platform China"]),
        ("?abc", ["API", "Europe/API"]),
        ("[01]abc", ["API", "Europe/API"]),
        ("[!0]abc", ["Europe/API"]),
        ("ap?", ["API", "Europe/API"]),
        ("api?", []),
        ("api.*", []),
    ],
)
def test_a_pattern_matches_ids_names_groups_and_globs_of_them(
    pattern: str, matched: list[str]
) -> None:
    assert labels(include=(pattern,)) == matched


def test_the_selection_is_the_included_without_the_excluded() -> None:
    assert labels(include=("api", "europe"), exclude=("europe/api",)) == ["API", "Europe/Queue"]


def test_without_an_include_it_is_the_page_without_the_excluded() -> None:
    assert labels(exclude=("Europe",)) == ["API", "AI Platform China"]


def test_the_order_is_that_of_the_page() -> None:
    assert labels(include=("Queue", "0abc")) == ["API", "Europe/Queue"]


def test_without_patterns_it_is_the_whole_page() -> None:
    assert select(Selection(), PAGE).components == tuple(PAGE)


def test_patterns_that_match_nothing_are_returned() -> None:
    chosen = select(Selection(include=("API", "Pay", "Pa*"), exclude=("Mail", "Queue")), PAGE)
    assert (chosen.missing, chosen.unused_excludes) == (("Pay", "Pa*"), ("Mail",))


def test_a_pattern_whose_components_are_all_excluded_is_not_missing() -> None:
    chosen = select(Selection(include=("Queue",), exclude=("Queue",)), PAGE)
    assert (chosen.components, chosen.missing) == ((), ())


@pytest.mark.parametrize("pattern", ["EU  Central API", " EU Central\tAPI ", "eu central api"])
def test_extra_white_space_in_a_pattern_does_not_matter(pattern: str) -> None:
    assert matches(pattern, leaf("EU Central API"))


def test_equal_components_are_all_selected() -> None:
    twins = [leaf("API"), leaf("API")]
    assert select(Selection(include=("API",)), twins).components == tuple(twins)


def test_a_name_that_looks_like_a_glob_matches_itself() -> None:
    odd = leaf("API [EU] *beta*")
    assert matches("api [eu] *beta*", odd)
    assert not matches("API [EU]", odd)


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        ("Quueue", ["Queue"]),
        ("AI Platform", ["AI Platform China"]),
        ("europe/qeue", ["Europe/Queue"]),
        ("Eurpoe", ["Europe"]),
        ("Webhooks", []),
    ],
)
def test_the_closest_names_are_those_the_page_has(pattern: str, near: list[str]) -> None:
    assert closest(pattern, PAGE)[:1] == near


def test_at_most_three_names_are_closest() -> None:
    rows = [leaf(f"Region {number}") for number in range(9)]
    assert len(closest("Region", rows)) == 3


words = st.text(alphabet=ascii_letters + " *?[]!-/.ßİé{}\\^&~|", min_size=1, max_size=12)
leaves = st.lists(st.builds(leaf, words, id=words, group=st.none() | words), min_size=1, max_size=5)


@given(leaves, st.data())
def test_a_components_own_id_name_label_and_group_select_it(
    page: list[Component], data: st.DataObject
) -> None:
    wanted = data.draw(st.sampled_from(page))
    own = [wanted.id, wanted.name, label(wanted), wanted.group or wanted.name]
    pattern = data.draw(st.sampled_from(own))
    chosen = select(Selection(include=(pattern,)), page)
    assert any(component is wanted for component in chosen.components)
    assert chosen.missing == ()


@given(leaves, st.lists(words, max_size=3), st.lists(words, max_size=3))
def test_each_component_is_selected_by_its_own_matches(
    page: list[Component], include: list[str], exclude: list[str]
) -> None:
    chosen = select(Selection(include=tuple(include), exclude=tuple(exclude)), page)
    expected = [
        one
        for one in page
        if (not include or any(matches(pattern, one) for pattern in include))
        and not any(matches(pattern, one) for pattern in exclude)
    ]
    assert [id(one) for one in chosen.components] == [id(one) for one in expected]
    assert set(chosen.missing) <= set(include)
    assert set(chosen.unused_excludes) <= set(exclude)


@given(st.text(alphabet=ascii_letters + " -/.", min_size=1, max_size=12), st.data())
def test_a_glob_matches_any_text_in_any_case(name: str, data: st.DataObject) -> None:
    one = leaf(name)
    at = data.draw(st.integers(0, len(name) - 1))
    before, after = name[:at].swapcase(), name[at + 1 :]
    assert matches(name.swapcase(), one)
    assert all(matches(before + gap + after, one) for gap in ("?", "*", "?*", "*?", "**"))
    assert not matches(f"{name[:at]}?{name[at:]}", one)


@given(leaves, st.text(alphabet="ab*?[]!-", max_size=10))
def test_a_pattern_without_a_glob_never_matches_a_part(page: list[Component], text: str) -> None:
    for one in page:
        whole = {one.id.casefold(), one.name.casefold(), label(one).casefold()}
        whole |= {one.group.casefold()} if one.group else set()
        if not set(text) & set("*?["):
            assert matches(text, one) == (text in whole)
