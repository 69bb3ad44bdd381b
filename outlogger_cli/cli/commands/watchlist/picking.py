"""`--pick`: choose the components that count from a list on the terminal."""

import re
from collections.abc import Sequence
from itertools import groupby

from outlogger_cli.cli.commands.watchlist.target import Target
from outlogger_cli.domain import selection
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.domain.model import Component
from outlogger_cli.domain.text import line
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.render.wording import count
from outlogger_cli.system import terminal

ALL = "*"

_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")


def pick(target: Target, judged: Judged) -> tuple[str, ...]:
    """Patterns of the components the user chooses; none if all count and the list agrees.

    Text that is neither a number nor a group filters the list, and the question is asked again.
    Raises `UsageError` if there is nothing to choose, or no answer.
    """
    components = judged.components
    name = line(judged.name)
    if not components:
        raise UsageError(f"--pick: the page of {name} has no components")
    shown: Sequence[Component] = components
    head = f"{name} has {count(len(components), 'component')}:\n"
    while True:
        terminal.write(target.runtime.stderr, head + _listed(shown, components) + _QUESTION)
        answer = target.runtime.stdin.readline()
        if not answer:
            raise UsageError("--pick: no answer, so nothing was added")
        words = answer.split()
        if not words:
            known = target.watchlist.entry(judged.vendor.slug)
            return (ALL,) if known and known.components else ()
        text = " ".join(words)
        if group := _group(text, components):
            return (group,)
        numbers = _numbers(text, len(components))
        if numbers:
            return tuple(_pattern(components[at - 1], components) for at in sorted(numbers))
        found = [c for c in components if text.casefold() in selection.label(c).casefold()]
        shown = found or components
        head = f"Matching {line(text)!r}:\n" if found else f"No component matches {line(text)!r}.\n"


_QUESTION = "Numbers (1,3-5), a group, text to filter the list, or Enter for all: "


def _listed(shown: Sequence[Component], components: Sequence[Component]) -> str:
    """The components below their groups, each with its number on the page."""
    numbers = {id(component): at for at, component in enumerate(components, 1)}
    width = len(str(len(components)))
    rows = []
    for group, members in groupby(shown, key=lambda component: component.group):
        if group:
            rows.append(f"  {line(group)}\n")
        for component in members:
            indent = "    " if group else "  "
            rows.append(f"{indent}{numbers[id(component)]:>{width}}  {line(component.name)}\n")
    return "".join(rows)


def _group(text: str, components: Sequence[Component]) -> str | None:
    """The group of this name, whose components are then selected by it."""
    groups = {c.group.casefold(): c.group for c in components if c.group}
    return groups.get(text.casefold())


def _numbers(text: str, most: int) -> set[int]:
    """The numbers in `text`, empty if it holds anything else than numbers from 1 to `most`."""
    numbers: set[int] = set()
    for word in text.replace(",", " ").split():
        found = _RANGE.fullmatch(word)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= most:
            return set()
        numbers.update(range(first, last + 1))
    return numbers


def _pattern(component: Component, components: Sequence[Component]) -> str:
    """The simplest pattern that matches only this component; its name if there is none."""
    patterns = [component.name, selection.label(component), component.id]
    for pattern in filter(None, patterns):
        if [c for c in components if selection.matches(pattern, c)] == [component]:
            return pattern
    return component.name
