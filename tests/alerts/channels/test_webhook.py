"""A channel of `webhooks`: one POST, one more where that may help, and never the address."""

import json
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
import trustme

from outlogger_cli.alerts.channels.webhook import WebhookChannel
from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.net import tls
from outlogger_cli.net.client import Network
from tests.alerts.events import MESSAGE
from tests.origin import Origin, Proxy, Reply, cacert, closed_port, faults

ADDRESS = "https://hooks.example/services/T0P/s3cret"
Answer = httpx.Response | Exception


class Hook:
    """A service that gives its answers in turn and keeps what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.asked: list[httpx.Request] = []
        self.pauses: list[float] = []
        self._answers = list(answers)

    def channel(self) -> WebhookChannel:
        network = Network(
            tls=tls.contexts(None, {}),
            transport=httpx.MockTransport(self._answer),
            sleep=self.pauses.append,
        )
        return WebhookChannel("webhooks[0]", ADDRESS, network, where="here")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_the_message_is_posted_as_json_by_a_client_that_says_who_it_is() -> None:
    hook = Hook(httpx.Response(204))
    channel = hook.channel()
    assert channel.name == "webhooks[0]"
    assert channel.send(MESSAGE) is None
    (request,) = hook.asked
    assert (request.method, str(request.url)) == ("POST", ADDRESS)
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("outlogger/")
    assert json.loads(request.content) == MESSAGE


@pytest.mark.parametrize(
    "passing",
    [
        httpx.Response(500),
        httpx.Response(429),
        httpx.Response(408),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
    ],
)
def test_what_may_pass_is_tried_once_more(passing: Answer) -> None:
    hook = Hook(passing, httpx.Response(200))
    assert hook.channel().send(MESSAGE) is None
    assert (len(hook.asked), hook.pauses) == (2, [1.0])


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([httpx.Response(404)], "HTTP 404"),
        ([httpx.Response(302, headers={"location": "https://evil.example"})], "HTTP 302"),
        ([httpx.Response(503), httpx.Response(502)], "HTTP 502"),
        ([httpx.ReadTimeout("x"), httpx.ReadTimeout("x")], "no answer within 4.5 s"),
        ([httpx.ConnectError("x"), httpx.ConnectError("x")], "no connection: x"),
    ],
)
def test_a_failure_is_told_and_nothing_is_followed(answers: list[Answer], why: str) -> None:
    hook = Hook(*answers)
    assert hook.channel().send(MESSAGE) == why
    assert len(hook.asked) == len(answers)


@pytest.mark.parametrize("address", ["hooks.example", "ftp://s3cret.example", "https://x:s3cret/"])
def test_what_is_no_address_is_refused_without_being_shown(address: str) -> None:
    network = Network(tls=tls.contexts(None, {}))
    with pytest.raises(ConfigError) as caught:
        WebhookChannel("webhooks[0]", address, network, where="list.toml: [notify] webhooks[0]")
    assert str(caught.value) == (
        "list.toml: [notify] webhooks[0]: must hold an address that begins with https://"
    )


# Over the wire.


def real(
    address: str, *, trusts: Path | None = None, proxies: Mapping[str, str | None] | None = None
) -> WebhookChannel:
    network = Network(
        tls=tls.contexts(trusts or cacert(), {}), proxies=proxies or False, sleep=lambda _: None
    )
    return WebhookChannel("webhooks[0]", address, network, where="here")


def test_it_arrives() -> None:
    with Origin(routes={"/hook": Reply(status=201)}) as origin:
        assert real(f"{origin.url}/hook").send(MESSAGE) is None
        (request,) = origin.seen
    assert (request.method, request.path, json.loads(request.body)) == ("POST", "/hook", MESSAGE)


def test_it_trusts_no_other_authorities_than_the_pages_are_trusted_by(tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    with Origin(routes={"*": Reply()}) as origin:
        why = real(f"{origin.url}/hook", trusts=other).send(MESSAGE)
    assert why == (
        "its certificate is not trusted: unable to get local issuer certificate;"
        " --cacert FILE names another authority"
    )


def test_nobody_there() -> None:
    address = f"http://127.0.0.1:{closed_port()}/s3cret"
    assert real(address).send(MESSAGE) == "no connection: connection refused"


def test_an_answer_that_never_comes_does_not_hold_anybody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("outlogger_cli.alerts.channels.webhook.TIMEOUT", 0.3)
    with Origin(routes={"*": faults.hang}) as origin:
        assert real(f"{origin.url}/hook").send(MESSAGE) == "no answer within 0.3 s"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_goes_through_the_proxy_the_pages_go_through(scheme: str) -> None:
    with Origin(routes={"*": Reply()}) as origin, Proxy() as proxy:
        address = proxy.url if scheme == "http" else proxy.url.replace("http:", "https:")
        why = real(f"{origin.url}/hook", proxies={"all://": address}).send(MESSAGE)
        arrived = len(origin.seen)
    assert (why is None, arrived) == ((True, 1) if scheme == "http" else (False, 0))


def test_a_proxy_that_speaks_no_socks_is_the_reason() -> None:
    bad = faults.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with Origin(tls=False, on_connect=bad) as proxy:
        through = {"all://": f"socks5://127.0.0.1:{proxy.port}"}
        told = real("https://hook.example/s3cret", proxies=through).send(MESSAGE)
    assert told == "the proxy refused: it does not answer in SOCKS"


def test_a_host_that_is_asked_without_the_proxy_is_told_without_it() -> None:
    nobody = f"http://127.0.0.1:{closed_port()}"
    with Origin(routes={"*": Reply()}) as origin:
        proxies = {"all://": nobody, "all://*127.0.0.1": None}
        assert real(f"{origin.url}/hook", proxies=proxies).send(MESSAGE) is None
