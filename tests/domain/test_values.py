"""Frozen values behave as the standard library's frozen dataclasses do."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass
from typing import Generic, TypeVar

import pytest

from outlogger_cli.domain.values import field, fields, frozen, replace

Content = TypeVar("Content")


@frozen
class Point:
    """A point."""

    x: int
    y: int = 2
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """The standard dataclass that `Point` is compared with."""

    x: int
    y: int = 2
    tags: list[str] = dataclasses.field(default_factory=list)


@frozen
class NamedPoint(Point):
    """A subclass: one more field, one new default."""

    name: str
    y: int = 3


@frozen
class Bare:
    only: tuple[int, ...]


@frozen
class Box(Generic[Content]):
    content: Content


@frozen
class Login:
    name: str
    secret: str = field(default="s3cret", repr=False)


def test_it_has_the_given_values_and_defaults() -> None:
    point = Point(x=1)
    assert (point.x, point.y, point.tags) == (1, 2, [])
    assert Point(x=1).tags is not point.tags
    assert Point(x=1, y=5, tags=["a"]).tags == ["a"]
    assert repr(point) == "Point(x=1, y=2, tags=[])"
    assert Point.__doc__ == "A point."


def test_a_subclass_has_the_fields_and_defaults_of_its_base() -> None:
    point = NamedPoint(name="home", x=1)
    assert repr(point) == "NamedPoint(x=1, y=3, tags=[], name='home')"
    assert point == NamedPoint(x=1, y=3, tags=[], name="home")
    assert point != Point(x=1, y=3)
    assert pickle.loads(pickle.dumps(point)) == point
    with pytest.raises(TypeError, match="NamedPoint has not, or needs: name, z"):
        NamedPoint(x=1, z=1)  # type: ignore[call-arg]


class Outer:
    @frozen
    class Inner:
        x: int


def test_a_class_inside_another_is_found_by_its_place() -> None:
    assert Outer.Inner.__qualname__ == "Outer.Inner"
    assert pickle.loads(pickle.dumps(Outer.Inner(x=1))) == Outer.Inner(x=1)


def test_a_generic_class_may_be_frozen() -> None:
    assert repr(Box(content=1)) == "Box(content=1)"
    assert Box[int](content=1) == Box(content=1)
    assert asdict(Box(content=1)) == {"content": 1}


def test_repr_leaves_out_fields_with_repr_false() -> None:
    assert repr(Login(name="ada")) == "Login(name='ada')"


def test_fields_and_replace_do_what_those_of_a_dataclass_do() -> None:
    assert [f.name for f in fields(Point)] == ["x", "y", "tags"]
    assert [f.type for f in fields(Point(x=1))] == [int, int, list[str]]
    assert [f.required for f in fields(NamedPoint)] == [True, False, False, True]
    assert replace(Point(x=1), y=7) == Point(x=1, y=7)
    with pytest.raises(TypeError, match="Point has not, or needs: z"):
        replace(Point(x=1), z=7)  # type: ignore[call-arg]


def test_the_functions_of_dataclasses_take_a_frozen_value() -> None:
    def facts(kind: type) -> list[tuple[object, ...]]:
        found = dataclasses.fields(kind)
        return [(f.name, f.type, f.default, f.default_factory, f.repr, f.kw_only) for f in found]

    assert facts(Point) == facts(Standard)
    assert [f.name for f in dataclasses.fields(NamedPoint)] == ["x", "y", "tags", "name"]
    assert [f.repr for f in dataclasses.fields(Login)] == [True, False]
    assert dataclasses.is_dataclass(Point(x=1))
    assert dataclasses.replace(Point(x=1), y=7) == Point(x=1, y=7)
    assert asdict(Point(x=1)) == asdict(Standard(x=1))


def test_equality_and_hash_compare_all_fields() -> None:
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
def test_a_missing_unknown_or_positional_field_is_a_type_error(
    kind: type[object], wrong: Callable[[type[object]], object]
) -> None:
    with pytest.raises(TypeError, match=r"positional|argument|needs"):
        wrong(kind)


@pytest.mark.parametrize("kind", [Point, Standard])
def test_fields_cannot_be_changed_deleted_or_added(kind: type[object]) -> None:
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
