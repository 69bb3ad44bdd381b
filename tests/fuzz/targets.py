"""What is fuzzed, by name: the reader of every platform, and what reads and edits files."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from outlogger_cli.platforms import BUILT_IN
from tests.fuzz import edits, files, mutation, pages, seeds
from tests.fuzz.mutation import Flip


class Target(NamedTuple):
    """`run` fails where an input breaks a promise; `mutate` makes the next input of one."""

    run: Callable[[bytes], object]
    seeds: Callable[[], Iterator[bytes]]
    mutate: Callable[[bytes, int, int, Flip], bytes]


TARGETS = {
    **{
        name: Target(partial(pages.read, name), partial(seeds.pages, name), mutation.page)
        for name in BUILT_IN
    },
    "watchlist": Target(edits.edit, seeds.watchlists, mutation.watchlist),
    "import": Target(files.take_in, seeds.lists, mutation.file),
    "suggest": Target(files.look_through, seeds.projects, mutation.file),
}
