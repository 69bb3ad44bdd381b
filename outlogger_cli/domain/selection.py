"""Which components a selection includes. A pattern never matches a part of a name."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import islice

from outlogger_cli.domain import similar
from outlogger_cli.domain.model import Component, Selection
from outlogger_cli.domain.values import frozen

_COMPARED = 2000
"""Components that an unknown name is compared with; more would take seconds."""


@frozen
class Selected:
    """The selected `components` in the order of the page, and the patterns that match none.

    `is_narrowed`: a pattern had an effect, so that the components decide without the roll-up.
    `is_open_ended`: patterns may also match components that a cut list does not show.
    """

    components: tuple[Component, ...]
    missing: tuple[str, ...] = ()
    unused_excludes: tuple[str, ...] = ()
    is_narrowed: bool = False
    is_open_ended: bool = False


def select(selection: Selection, components: Sequence[Component]) -> Selected:
    """The components that `include` matches (all, if it is empty) without those of `exclude`."""
    if not selection:
        return Selected(components=tuple(components))
    included = _matching(selection.include, components) if selection.include else components
    excluded = {id(c) for c in _matching(selection.exclude, components)}
    groups = {c.group.casefold() for c in components if c.group}
    return Selected(
        components=tuple(c for c in included if id(c) not in excluded),
        missing=_unmatched(selection.include, components),
        unused_excludes=_unmatched(selection.exclude, components),
        is_narrowed=bool(selection.include or excluded),
        is_open_ended=bool(selection.exclude)
        or any(_is_glob(one) or one.casefold() in groups for one in selection.include),
    )


def matches(pattern: str, component: Component) -> bool:
    """Whether `pattern` is the component's id, name, `Group/Name` or group, or a glob for one.

    Case does not count.
    """
    wanted = pattern.casefold()
    names = [name.casefold() for name in _names(component)]
    if wanted in names or " ".join(wanted.split()) in names:  # names have single spaces
        return True
    return _is_glob(wanted) and any(fnmatchcase(name, wanted) for name in names)


def label(component: Component) -> str:
    """`Group/Name`, or the name alone if there is no group."""
    return f"{component.group}/{component.name}" if component.group else component.name


def closest(pattern: str, components: Iterable[Component]) -> list[str]:
    """At most three names on the page that `pattern` may have meant, best first."""
    some = islice(components, _COMPARED)
    return similar.closest(pattern, (name for c in some for name in (label(c), *_names(c)[1:])))


def _is_glob(pattern: str) -> bool:
    return any(sign in pattern for sign in "*?[")


def _matching(patterns: Sequence[str], components: Sequence[Component]) -> list[Component]:
    return [c for c in components if any(matches(pattern, c) for pattern in patterns)]


def _unmatched(patterns: Iterable[str], components: Sequence[Component]) -> tuple[str, ...]:
    return tuple(p for p in patterns if not any(matches(p, c) for c in components))


def _names(component: Component) -> tuple[str, ...]:
    if not component.group:
        return component.id, component.name
    return component.id, component.name, f"{component.group}/{component.name}", component.group
