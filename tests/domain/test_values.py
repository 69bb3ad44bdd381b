"""Frozen values behave as the standard library's frozen dataclasses do."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace

import pytest

from outlogger_cli.domain.values import frozen


@frozen
class Point:
    """A place."""

    x: int
    y: int = 2
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What `Point` is measured by."""

    x: int
    y: int = 2
    tags: list[str] = field(default_factory=list)


@frozen
class Bare:
    only: tuple[int, ...]


@frozen
class Login:
    name: str
    secret: str = field(default="s3cret", repr=False)


def test_it_has_what_it_was_given_and_its_defaults() -> None:
    point = Point(x=1)
    assert (point.x, point.y, point.tags) == (1, 2, [])
    assert Point(x=1).tags is not point.tags
    assert Point(x=1, y=5, tags=["a"]).tags == ["a"]
    assert repr(point) == "Point(x=1, y=2, tags=[])"
    assert Point.__doc__ == "A place."


def test_what_is_not_to_be_shown_is_not() -> None:
    assert repr(Login(name="ada")) == "Login(name='ada')"


def test_fields_replace_and_asdict_are_the_standard_librarys() -> None:
    assert [f.name for f in fields(Point)] == [f.name for f in fields(Standard)]
    assert replace(Point(x=1), y=7) == Point(x=1, y=7)
    assert asdict(Point(x=1)) == asdict(Standard(x=1))


def test_equal_values_are_equal_and_have_one_hash() -> None:
    assert Bare(only=(1,)) == Bare(only=(1,))
    assert Bare(only=(1,)) != Bare(only=(2,))
    assert {Bare(only=(1,)), Bare(only=(1,))} == {Bare(only=(1,))}
    other: object = Standard(x=1)
    assert Point(x=1) != other
    with pytest.raises(TypeError, match="unhashable"):
        hash(Point(x=1))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda kind: kind(),
        lambda kind: kind(x=1, z=2),
        lambda kind: kind(1),
    ],
)
@pytest.mark.parametrize("kind", [Point, Standard])
def test_a_field_too_few_or_too_many_is_refused(
    kind: type[object], wrong: Callable[[type[object]], object]
) -> None:
    with pytest.raises(TypeError, match=r"positional|argument|needs"):
        wrong(kind)


@pytest.mark.parametrize("kind", [Point, Standard])
def test_it_stays_as_it_is(kind: type[object]) -> None:
    made = kind(**{"x": 1})
    with pytest.raises(FrozenInstanceError):
        made.x = 2  # type: ignore[attr-defined]
    with pytest.raises(FrozenInstanceError):
        del made.x  # type: ignore[attr-defined]
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        made.other = 2  # type: ignore[attr-defined]
    assert not hasattr(made, "__dict__")


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_a_copy_is_equal(again: Callable[[Point], Point]) -> None:
    assert again(Point(x=1, tags=["a"])) == Point(x=1, tags=["a"])
