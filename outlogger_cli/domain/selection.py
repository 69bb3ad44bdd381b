"""Which components a selection takes in. Patterns never match by substring."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import islice

from outlogger_cli.domain import similar
from outlogger_cli.domain.model import Component, Selection
from outlogger_cli.domain.values import frozen

_COMPARED = 2000
"""Components that a name nobody has is compared with; more would take seconds."""


@frozen
class Selected:
    """`components` in the order of the page, and the patterns that matched none of them."""

    components: tuple[Component, ...]
    missing: tuple[str, ...] = ()
    idle_excludes: tuple[str, ...] = ()


def select(selection: Selection, components: Sequence[Component]) -> Selected:
    """What `include` names (all, without it) less what `exclude` names."""
    if not selection:
        return Selected(components=tuple(components))
    included = _matching(selection.include, components) if selection.include else components
    excluded = _matching(selection.exclude, components)
    return Selected(
        components=tuple(c for c in included if not any(c is other for other in excluded)),
        missing=_idle(selection.include, components),
        idle_excludes=_idle(selection.exclude, components),
    )


def matches(pattern: str, component: Component) -> bool:
    """Whether `pattern` is the component's id, name, `Group/Name` or group, or a glob of one."""
    wanted = pattern.casefold()
    names = [name.casefold() for name in _names(component)]
    if wanted in names or " ".join(wanted.split()) in names:  # as the names of pages are cleaned
        return True
    return _is_glob(wanted) and any(fnmatchcase(name, wanted) for name in names)


def label(component: Component) -> str:
    """`Group/Name`, or the name alone where there is no group."""
    return f"{component.group}/{component.name}" if component.group else component.name


def closest(pattern: str, components: Iterable[Component]) -> list[str]:
    """At most three names on the page that `pattern` may have meant, best first."""
    some = islice(components, _COMPARED)
    return similar.closest(pattern, (name for c in some for name in (label(c), *_names(c)[1:])))


def _matching(patterns: Iterable[str], components: Sequence[Component]) -> list[Component]:
    patterns = tuple(patterns)
    return [c for c in components if any(matches(pattern, c) for pattern in patterns)]


def _idle(patterns: Iterable[str], components: Sequence[Component]) -> tuple[str, ...]:
    return tuple(p for p in patterns if not any(matches(p, c) for c in components))


def _names(component: Component) -> tuple[str, ...]:
    if not component.group:
        return component.id, component.name
    return component.id, component.name, f"{component.group}/{component.name}", component.group


def _is_glob(pattern: str) -> bool:
    return any(sign in pattern for sign in "*?[")
