"""Hyperping: the word of the whole page."""

import pytest

from outlogger_cli.domain.model import Depth
from outlogger_cli.platforms import hyperping
from tests.support import document


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("up", "none"),
        ("UP", "none"),
        ("outage", "major"),
        ("maintenance", "maintenance"),
        ("degraded", "unknown"),
        ("", "unknown"),
        (True, "unknown"),
        (None, "unknown"),
    ],
)
def test_every_word_of_the_page_is_known_or_unknown(word: object, severity: str) -> None:
    body = {"globals": {"topLevelStatus": {"status": word}}}
    read = hyperping.parse({"config": document("config", body)})
    assert (read.indicator, read.components, read.history_from) == (severity, (), None)


@pytest.mark.parametrize(
    ("page_url", "asked"),
    [
        (
            "https://acme.hyperping.app/",
            "https://acme.hyperping.app/api/config?hostname=acme.hyperping.app",
        ),
        (
            "https://STATUS.acme.example:8443/eu?lang=en",
            "https://STATUS.acme.example:8443/eu/api/config?hostname=status.acme.example",
        ),
    ],
)
def test_the_host_of_the_page_is_asked_about(page_url: str, asked: str) -> None:
    assert [one.url for one in hyperping.endpoints(page_url, Depth.HISTORY, {})] == [asked]
