"""Frozen dataclasses that add little to a command's start.

`dataclasses.dataclass` writes and compiles six methods for each class: half a millisecond a class
at every start. A `frozen` class has the same fields and slots, and works with the standard
library's `fields`, `replace` and `asdict`. Its methods are closures and shared functions instead.
"""

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

Kind = TypeVar("Kind")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(kind: type[Kind]) -> type[Kind]:
    """Make `kind` what `@dataclass(frozen=True, slots=True, kw_only=True)` would make of it.

    `kind` has at least one field. To create a value takes up to 1.6 times as long as with
    `dataclass`, to compare two takes twice as long.
    """
    kind.__doc__ = kind.__doc__ or kind.__name__  # else dataclass formats its signature, slowly
    made = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(kind)
    for name, method in {**_SHARED, **_methods(made)}.items():
        setattr(made, name, method)
    return made


def _methods(kind: Any) -> dict[str, Callable[..., object]]:
    """The methods of `kind` that run often: all they need is looked up here, once a class."""
    names = frozenset(f.name for f in fields(kind))
    defaults = {f.name: f.default for f in fields(kind) if f.default is not MISSING}
    factories = [
        (f.name, f.default_factory) for f in fields(kind) if f.default_factory is not MISSING
    ]
    # a slot's own setter takes half the time of `object.__setattr__`
    setters = {name: getattr(kind, name).__set__ for name in names}
    content = attrgetter(*kind.__dataclass_fields__)  # one call in C for all fields

    def __init__(self: object, **given: Any) -> None:  # noqa: N807
        if given.keys() != names:
            given = defaults | given
            for name, make in factories:
                if name not in given:
                    given[name] = make()
            if given.keys() != names:
                wrong = ", ".join(sorted(given.keys() ^ names))
                raise TypeError(f"{kind.__name__} has not, or needs: {wrong}")
        for name, value in given.items():
            setters[name](self, value)

    def __eq__(self: object, other: object) -> object:  # noqa: N807
        if type(self) is not type(other):
            return NotImplemented
        return content(self) == content(other)

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(content(self))

    return {"__init__": __init__, "__eq__": __eq__, "__hash__": __hash__}


def _repr(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)
    return f"{type(self).__name__}({', '.join(shown)})"


def _refuse(self: object, name: str, *_value: object) -> None:
    raise FrozenInstanceError(f"{type(self).__name__} is a value: {name} stays as it is")


def _state(self: Any) -> tuple[object, ...]:
    return tuple(getattr(self, name) for name in self.__dataclass_fields__)


def _set_state(self: Any, state: tuple[object, ...]) -> None:
    for name, value in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, value)


_SHARED: dict[str, Callable[..., object]] = {
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _state,
    "__setstate__": _set_state,
}
