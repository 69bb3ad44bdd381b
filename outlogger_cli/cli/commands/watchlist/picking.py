"""`--pick`: choose the components that count by number from a list on the terminal."""

import re
from collections.abc import Sequence

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

    Raises `UsageError` if there is nothing to choose, or the answer is invalid.
    """
    components = judged.components
    name = line(judged.name)
    if not components:
        raise UsageError(f"--pick: the page of {name} has no components")
    stream = target.runtime.stderr
    terminal.write(stream, _question(name, components))
    answer = target.runtime.stdin.readline()
    if not answer:
        raise UsageError("--pick: no input; nothing was added")
    if not answer.strip():
        known = target.watchlist.entry(judged.vendor.slug)
        return (ALL,) if known and known.components else ()
    chosen = _chosen(answer, len(components))
    return tuple(_pattern(c, components) for at, c in enumerate(components, 1) if at in chosen)


def _question(name: str, components: Sequence[Component]) -> str:
    width = len(str(len(components)))
    rows = [
        f"  {at:>{width}}  {line(selection.label(component))}\n"
        for at, component in enumerate(components, 1)
    ]
    head = f"{name} has {count(len(components), 'component')}:\n"
    return f"{head}{''.join(rows)}Components to watch, such as 1,3-5 (all): "


def _chosen(answer: str, count: int) -> set[int]:
    numbers: set[int] = set()
    for word in answer.replace(",", " ").split():
        found = _RANGE.fullmatch(word)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= count:
            raise UsageError(
                f"--pick: {line(word)!r} is invalid: enter numbers from 1 to {count},"
                " such as 1,3-5; nothing was added"
            )
        numbers.update(range(first, last + 1))
    if not numbers:
        raise UsageError(
            f"--pick: enter numbers from 1 to {count}, such as 1,3-5; nothing was added"
        )
    return numbers


def _pattern(component: Component, components: Sequence[Component]) -> str:
    """The simplest pattern that matches only this component; its name if there is none."""
    patterns = [component.name, selection.label(component), component.id]
    for pattern in filter(None, patterns):
        if [c for c in components if selection.matches(pattern, c)] == [component]:
            return pattern
    return component.name
