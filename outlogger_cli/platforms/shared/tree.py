"""Components that a page lists inside their groups, at any depth."""

from collections.abc import Callable, Iterator

from outlogger_cli.platforms.shared.fields import Fields


def leaves(
    wire: Fields, key: str, *, below: str, is_group: Callable[[Fields], bool]
) -> Iterator[tuple[Fields, str | None]]:
    """The rows below the list at `key` that are not groups, each with the name of its group.

    A row lists its members at `below`. Rows are in the order of the page. Raises `invalid` if the
    first list is missing or a row has another type. It is a loop, as hostile pages nest deeply.
    """
    waiting: list[tuple[Iterator[Fields], str | None]] = [(wire.objects(key, required=True), None)]
    while waiting:
        rows, group = waiting[-1]
        row = next(rows, None)
        if row is None:
            waiting.pop()
            continue
        if not is_group(row):
            yield row, group
        waiting.append((row.objects(below), row.optional("name") or group))
