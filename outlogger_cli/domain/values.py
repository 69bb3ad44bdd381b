"""Values: frozen dataclasses that cost a command's start next to nothing.

`dataclasses.dataclass` writes and compiles six methods for each class, half a millisecond a class
whenever a command starts. A class that is `frozen` has the same fields and slots, for the standard
library's `fields`, `replace` and `asdict`, and shares those methods with all others.
"""

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Any, TypeVar, dataclass_transform

Kind = TypeVar("Kind")

_put = object.__setattr__


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(kind: type[Kind]) -> type[Kind]:
    """As `@dataclass(frozen=True, slots=True, kw_only=True)` would make of the class."""
    kind.__doc__ = kind.__doc__ or kind.__name__  # else its signature is taken to pieces for one
    made = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(kind)
    for name, method in {**_SHARED, "__init__": _initializer(made)}.items():
        setattr(made, name, method)
    return made


def _initializer(kind: Any) -> Callable[..., None]:
    defaults = {f.name: f.default for f in fields(kind) if f.default is not MISSING}
    factories = [
        (f.name, f.default_factory) for f in fields(kind) if f.default_factory is not MISSING
    ]
    names = frozenset(f.name for f in fields(kind))

    def __init__(self: object, **given: Any) -> None:  # noqa: N807
        for name, make in factories:
            if name not in given:
                given[name] = make()
        whole = {**defaults, **given}
        if whole.keys() != names:
            wrong = ", ".join(sorted(whole.keys() ^ names))
            raise TypeError(f"{kind.__name__} has not, or needs: {wrong}")
        for name, content in whole.items():
            _put(self, name, content)

    return __init__


def _contents(self: Any) -> tuple[object, ...]:
    return tuple(getattr(self, name) for name in self.__dataclass_fields__)


def _equals(self: Any, other: object) -> object:
    if type(self) is not type(other):
        return NotImplemented
    return _contents(self) == _contents(other)


def _hash(self: Any) -> int:
    return hash(_contents(self))


def _repr(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)
    return f"{type(self).__name__}({', '.join(shown)})"


def _refuse(self: object, name: str, *_content: object) -> None:
    raise FrozenInstanceError(f"{type(self).__name__} is a value: {name} stays as it is")


def _set_contents(self: Any, contents: tuple[object, ...]) -> None:
    for name, content in zip(self.__dataclass_fields__, contents, strict=True):
        _put(self, name, content)


_SHARED: dict[str, Callable[..., object]] = {
    "__eq__": _equals,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _contents,
    "__setstate__": _set_contents,
}
