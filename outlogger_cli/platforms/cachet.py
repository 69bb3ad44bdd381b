"""Cachet, the self-hosted status page, versions 1 to 3.

Version 3 has another API than the versions before it, at other addresses: which of them answers
with a list of components tells the version. See `shared.cachet1` and `shared.cachet3` for the
formats. The API of version 3 may be switched off (404) or need a token (401): such a page cannot
be read.
"""

from outlogger_cli.domain.model import Depth, Document, Endpoint, Snapshot
from outlogger_cli.platforms import Documents
from outlogger_cli.platforms.shared import cachet1, cachet3

HOSTS: tuple[str, ...] = ()
CAN: tuple[str, ...] = ("components", "history", "maintenance")


def endpoints(page_url: str, depth: Depth, read: Documents, /) -> tuple[Endpoint, ...]:
    """The same lists at any depth, as none of them repeats what the others say."""
    first, *others = cachet1.endpoints(page_url, depth, read)
    later_first, *later_others = cachet3.endpoints(page_url, read)
    is_later = "components" in read and cachet3.is_answer(read["components"])
    return (first, later_first, *(later_others if is_later else others))


def recognises(document: Document, /) -> bool:
    return cachet1.recognises(document) or cachet3.recognises(document)


def parse(read: Documents, /) -> Snapshot:
    is_later = cachet3.is_answer(read["components"])
    return cachet3.parse(read) if is_later else cachet1.parse(read)
