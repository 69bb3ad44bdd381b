"""Other programs' files as fuzz input: lists of vendors, and a file of somebody's project."""

from contextlib import suppress

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.suggest.files import Text, decode
from outlogger_cli.suggest.owners import Owners
from outlogger_cli.suggest.readers import plan
from outlogger_cli.watchlist import exchange
from tests.shown import assert_shown

OWNERS = Owners.load()
SLUGS = {None, *(entry.slug for entry in catalog.entries())}


def take_in(data: bytes) -> None:
    """Import the list in `data`; what is refused is said in one line that can be shown."""
    try:
        found = exchange.read(data, "list")
    except ConfigError as error:
        assert_shown(str(error))
        return
    for sentence in found.refused:
        assert_shown(sentence)
    with suppress(ConfigError):
        entries = [entry for _, entry in found.entries if entry.slug]
        exchange.as_toml(entries)


def look_through(data: bytes) -> None:
    """Look for vendors in a project's file, whose name is the first line of `data`."""
    first, _, body = data.partition(b"\n")
    for step in plan([first.decode("utf-8", "replace")]):
        text = Text(path=step.path, body=decode(body), laravel=step.laravel)
        rows = text.body.count("\n") + 1
        for mention in step.mentions(text):
            assert 1 <= mention.line <= rows
            assert OWNERS.of(mention.kind, mention.name) in SLUGS
