"""Other programs' files as fuzz input: lists of vendors, and a file of somebody's project."""

import tempfile
from contextlib import suppress
from pathlib import Path

from outlogger_cli import exchange
from outlogger_cli.errors import ConfigError
from outlogger_cli.suggest import suggest
from tests.shown import assert_shown
from tests.support import NOW


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
        exchange.export("toml", entries, now=NOW)


def look_through(data: bytes) -> None:
    """Look for vendors in a project of one file, whose name is the first line of `data`."""
    first, _, body = data.partition(b"\n")
    name = Path(first.decode("utf-8", "replace")).name
    if not name or "\0" in name or len(name) > 100:
        return
    with tempfile.TemporaryDirectory(prefix="outlogger-project-") as folder:
        (Path(folder) / name).write_bytes(body)
        for proposal in suggest(Path(folder)):
            assert 50 <= proposal.score <= 99
            for evidence in proposal.evidence:
                assert_shown(evidence.path)
                assert_shown(evidence.what)
