"""The targets by name: the parser of every platform, and what reads and edits files."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from outlogger_cli.platforms import BUILT_IN
from tests.fuzz import edits, files, mutation, pages, seeds
from tests.fuzz.mutation import Flip


class Target(NamedTuple):
    """`run` fails if an input violates a rule; `mutate` derives the next input."""

    run: Callable[[bytes], object]
    seeds: Callable[[], Iterator[bytes]]
    mutate: Callable[[bytes, int, int, Flip], bytes]


TARGETS = {
    **{
        name: Target(partial(pages.read, name), partial(seeds.pages, name), mutation.page)
        for name in BUILT_IN
    },
    "watchlist": Target(edits.edit, seeds.watchlists, mutation.watchlist),
    "import": Target(files.import_list, seeds.lists, mutation.file),
    "suggest": Target(files.suggest_vendors, seeds.projects, mutation.file),
    "triage": Target(files.triage_log, seeds.logs, mutation.file),
}
