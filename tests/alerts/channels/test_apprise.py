"""A channel of `urls`: what Apprise is given, and that it writes nothing itself."""

import logging
import sys
from types import ModuleType
from typing import Any

import pytest

from outlogger_cli.alerts.channels import Failure
from outlogger_cli.alerts.channels.apprise import AppriseChannel
from outlogger_cli.domain.errors import ConfigError
from tests.alerts.events import MESSAGE

ADDRESS = "slack://T0P/s3cret"


class Service:
    """Replaces `apprise.Apprise`: knows Slack, and accepts messages while `accepts`."""

    accepts = True

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def add(self, address: str) -> bool:
        return address.startswith("slack://")

    def notify(self, **message: Any) -> bool:
        logging.getLogger("apprise.slack").warning("Failed to send to %s", ADDRESS)
        self.sent.append(message)
        return self.accepts


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> list[Service]:
    """The services in the order they were made."""
    made: list[Service] = []

    def make() -> Service:
        made.append(Service())
        return made[-1]

    library = ModuleType("apprise")
    monkeypatch.setattr(library, "Apprise", make, raising=False)
    monkeypatch.setitem(sys.modules, "apprise", library)
    return made


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("opened", "failure"),
        ("worsened", "failure"),
        ("reminder", "failure"),
        ("unreadable", "warning"),
        ("eased", "warning"),
        ("recovered", "success"),
        ("updated", "info"),
        ("summary", "info"),
        ("test", "info"),
    ],
)
def test_the_service_gets_title_plain_text_and_type(
    services: list[Service], event: str, kind: str
) -> None:
    channel = AppriseChannel("urls[0]", ADDRESS, where="here")
    assert channel.name == "urls[0]"
    assert channel.send({**MESSAGE, "event": event}) is None
    (service,) = services
    assert service.sent == [
        {
            "title": "Acme: Build partial outage",
            "body": "Acme has a problem (severity major; before: ok).\nBuild partial outage\n"
            "https://status.acme.example",
            "body_format": "text",
            "notify_type": kind,
        }
    ]


@pytest.mark.usefixtures("services")
def test_a_message_that_is_not_accepted_is_a_failure_without_output(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Service, "accepts", False)
    channel = AppriseChannel("urls[0]", ADDRESS, where="here")
    failure = channel.send(MESSAGE)
    assert failure == Failure(reason="the service did not accept the message")
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("services")
def test_an_invalid_address_is_an_error_that_does_not_show_it() -> None:
    with pytest.raises(ConfigError) as caught:
        AppriseChannel("urls[0]", "carrier-pigeon://s3cret", where="list.toml: [notify] urls[0]")
    assert str(caught.value) == (
        "list.toml: [notify] urls[0]: Apprise cannot use this address: its kind is unknown, or it"
        " is incomplete"
    )


def test_without_the_extra_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigError) as caught:
        AppriseChannel("urls[0]", ADDRESS, where="list.toml: [notify] urls[0]")
    assert str(caught.value) == (
        "list.toml: [notify] urls[0]: requires the extra: pip install 'outlogger-cli[notify]'"
    )
