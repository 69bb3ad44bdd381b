"""The channels of [notify]: their names, their subscribers, and configuration errors."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from outlogger_cli.alerts.channels import configured, subscriber
from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.net import tls
from outlogger_cli.net.client import Network
from outlogger_cli.watchlist.readers import Webhook
from outlogger_cli.watchlist.schema import Notify

PATH = Path("list.toml")
NOTIFY = Notify(
    command="true",
    webhooks=(Webhook(url="https://hooks.example/a"), Webhook(url="${HOOK_URL}")),
    urls=("slack://${TOKEN}",),
)
SECRETS = {"HOOK_URL": "https://hooks.example/s3cret", "TOKEN": "s3cret"}


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses given to Apprise."""
    found: list[str] = []

    def add(address: str) -> bool:
        found.append(address)
        return True

    library = ModuleType("apprise")
    monkeypatch.setattr(library, "Apprise", lambda: SimpleNamespace(add=add), raising=False)
    monkeypatch.setitem(sys.modules, "apprise", library)
    return found


def names(notify: Notify, environ: dict[str, str]) -> list[str]:
    channels = configured(
        notify, path=PATH, environ=environ, network=lambda: Network(tls=tls.contexts(None, {}))
    )
    return [channel.name for channel in channels.values()]


def test_channels_have_the_names_of_the_watchlist(added: list[str]) -> None:
    assert names(NOTIFY, SECRETS) == ["command", "webhooks[0]", "webhooks[1]", "urls[0]"]
    assert added == ["slack://s3cret"]


def test_without_webhooks_no_network_is_needed() -> None:
    def network() -> Network:
        raise AssertionError("no network is needed")

    assert configured(Notify(), path=PATH, environ={}, network=network) == {}


@pytest.mark.usefixtures("added")
@pytest.mark.parametrize(("missing", "name"), [("HOOK_URL", "webhooks[1]"), ("TOKEN", "urls[0]")])
def test_a_missing_variable_is_an_error_with_its_name(missing: str, name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        names(NOTIFY, {k: v for k, v in SECRETS.items() if k != missing})
    assert str(caught.value) == (
        f"list.toml: [notify] {name}: the environment variable {missing} is not set"
    )


@pytest.mark.usefixtures("added")
def test_an_invalid_address_in_a_variable_is_an_error_without_its_value() -> None:
    with pytest.raises(ConfigError) as caught:
        names(NOTIFY, {**SECRETS, "HOOK_URL": "s3cret"})
    assert str(caught.value) == (
        "list.toml: [notify] webhooks[1]: must hold an address that begins with https://"
    )


def test_each_channel_is_a_subscriber() -> None:
    texts = [("command", "true"), ("webhooks", "true"), ("urls", "true"), ("command", "false")]
    assert len({subscriber(kind, text) for kind, text in texts}) == 4
    assert subscriber("command", "true").isalnum()
