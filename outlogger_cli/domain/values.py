"""Frozen values: small classes whose fields never change.

`frozen` makes of a class what `@dataclass(frozen=True, slots=True, kw_only=True)` would, and
`field`, `fields` and `replace` do what those of `dataclasses` do, which take these values, too.
The standard library's writes and compiles six methods for each class: half a millisecond a class
at every start. Here they are closures and shared functions.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

Kind = TypeVar("Kind")
Setter = Callable[[object, object], None]

_NONE: Any = object()
"""The default of a field that has none."""


class Field:
    """A field of a frozen class. `factory` makes a default of its own for each value."""

    __slots__ = ("default", "factory", "name", "repr", "type")

    def __init__(
        self, default: Any = _NONE, factory: Callable[[], Any] | None = None, repr: bool = True
    ) -> None:
        self.name = ""
        self.type: Any = None
        self.default = default
        self.factory = factory
        self.repr = repr

    @property
    def required(self) -> bool:
        return self.default is _NONE and self.factory is None


if TYPE_CHECKING:  # a type checker knows these, and checks how they are called
    from dataclasses import field as field
    from dataclasses import replace as replace
else:

    def field(*, default=_NONE, default_factory=None, repr=True):
        """A field with a default made anew for each value, or one that `repr` leaves out."""
        return Field(default, default_factory, repr)

    def replace(value, /, **changes):
        """A copy of `value` with `changes` to its fields."""
        return type(value)(**{name: getattr(value, name) for name in value.__frozen__} | changes)


def fields(kind: Any) -> list[Field]:
    """The fields of a frozen class, or of the class of a value, in the order of declaration."""
    types: dict[str, Any] = {}
    for base in reversed((kind if isinstance(kind, type) else type(kind)).__mro__):
        if "__frozen__" in vars(base):  # others, such as Generic, may have no annotations
            types |= base.__annotations__
    found = []
    for name, given in kind.__frozen__.items():
        one = given if isinstance(given, Field) else Field(given)
        one.name, one.type = name, types[name]
        found.append(one)
    return found


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(kind: type[Kind]) -> type[Kind]:
    """Make values of `kind`, which has at least one field, frozen.

    To create a value takes 1.3 times as long as with `dataclass`, to compare two nearly twice as
    long.
    """
    body = dict(vars(kind))
    for made_anew in ("__dict__", "__weakref__"):
        body.pop(made_anew, None)
    inherited: dict[str, Any] = getattr(kind, "__frozen__", {})
    own = {name: body.pop(name, _NONE) for name in kind.__annotations__}
    setters: dict[str, Setter] = {}
    body |= _SHARED | _methods(kind.__name__, inherited | own, setters)
    body["__slots__"] = [name for name in own if name not in inherited]
    body["__frozen__"] = inherited | own
    body["__qualname__"] = kind.__qualname__  # it is not among the variables of a class
    made: Any = type(kind.__name__, kind.__bases__, body)  # a class has its slots from the start
    # a slot's own setter takes half the time of `object.__setattr__`
    setters |= {name: getattr(made, name).__set__ for name in made.__frozen__}
    frozen_kind: type[Kind] = made
    return frozen_kind


def _methods(
    kind: str, given: Mapping[str, Any], setters: Mapping[str, Setter]
) -> dict[str, Callable[..., object]]:
    """The methods of the class `kind` that run often: what they need is looked up here, once."""
    defaults = {name: one for name, one in given.items() if one is not _NONE}
    factories = []
    for name, one in given.items():
        if isinstance(one, Field):
            defaults[name] = one.default
            if one.factory:
                del defaults[name]
                factories.append((name, one.factory))
    content = attrgetter(*given)  # one call in C for all fields

    def __init__(self: object, **given: Any) -> None:  # noqa: N807
        if given.keys() != setters.keys():
            given = defaults | given
            for name, make in factories:
                if name not in given:
                    given[name] = make()
            if given.keys() != setters.keys():
                wrong = ", ".join(sorted(given.keys() ^ setters.keys()))
                raise TypeError(f"{kind} has not, or needs: {wrong}")
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
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"{type(self).__name__} is a value: {name} stays as it is")


def _state(self: Any) -> tuple[object, ...]:
    return tuple(getattr(self, name) for name in self.__frozen__)


def _set_state(self: Any, state: tuple[object, ...]) -> None:
    for name, value in zip(self.__frozen__, state, strict=True):
        object.__setattr__(self, name, value)


class _StandardFields:
    """What the functions of `dataclasses` ask a class for, made when they first do."""

    def __get__(self, _value: object, kind: Any) -> dict[str, Any]:
        from dataclasses import MISSING, make_dataclass
        from dataclasses import field as standard

        def described(f: Field) -> Any:
            default: Any = MISSING if f.default is _NONE else f.default
            factory: Any = f.factory or MISSING
            return standard(default=default, default_factory=factory, repr=f.repr)

        every = [(f.name, f.type, described(f)) for f in fields(kind)]
        made: Any = make_dataclass(kind.__name__, every, kw_only=True)
        found: dict[str, Any] = made.__dataclass_fields__
        kind.__dataclass_fields__ = found
        return found


_SHARED: dict[str, Any] = {
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _state,
    "__setstate__": _set_state,
    "__dataclass_fields__": _StandardFields(),
}
