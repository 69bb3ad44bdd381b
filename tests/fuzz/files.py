"""Files of other programs as fuzz input: lists of vendors, files of projects, and logs."""

from contextlib import suppress

from outlogger_cli.catalog import catalog, hosts
from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.suggest.files import ManifestError, Text, decode
from outlogger_cli.suggest.owners import Owners
from outlogger_cli.suggest.readers import plan
from outlogger_cli.triage import signatures
from outlogger_cli.triage.evidence import find
from outlogger_cli.watchlist import exchange, imports
from tests.shown import assert_shown

OWNERS = Owners.load()
SLUGS = {entry.slug for entry in catalog.entries()}
_HOSTS = [row[0].replace("{region}", "*") for row in hosts.rows()]
_OF_CATALOG = [host for e in catalog.entries() for host in (e.host, e.host[7:], e.homepage or "")]
ENTRIES = {
    *(one.entry for one in signatures.table()),
    *_HOSTS,
    *_OF_CATALOG,
    *(f"*.{host}" for host in (*_HOSTS, *_OF_CATALOG)),
}
"""What evidence of a log may show."""


def import_list(data: bytes) -> None:
    """Import the list in `data`; an error must be one line that is safe to show."""
    try:
        found = imports.read(data, "list")
    except ConfigError as error:
        assert_shown(str(error))
        return
    for sentence in found.refused:
        assert_shown(sentence)
    with suppress(ConfigError):
        entries = [entry for _, entry in found.entries if entry.slug]
        exchange.as_toml(entries)


def suggest_vendors(data: bytes) -> None:
    """Suggest vendors for a project with one file, whose name is the first line of `data`."""
    first, _, body = data.partition(b"\n")
    for step in plan([first.decode("utf-8", "replace")]):
        text = Text(path=step.path, body=decode(body), laravel=step.laravel)
        rows = text.body.count("\n") + 1
        for reader in step.readers:
            with suppress(ManifestError):
                for mention in reader(text):
                    assert 1 <= mention.line <= rows
                    owner = OWNERS.of(mention.kind, mention.name)
                    assert owner is None or owner.slug in SLUGS


def triage_log(data: bytes) -> None:
    """Find vendors in a log; evidence must be an entry of a table and a line of the log."""
    findings = find(data)
    rows = data.count(b"\n") + data.count(b"\r") + 1
    for named in (*findings.named, *findings.mentioned):
        assert named.slug in SLUGS
        for one in named.evidence:
            assert 1 <= one.line <= rows
            assert one.value in ENTRIES
