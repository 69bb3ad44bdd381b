"""A channel of `webhooks`: one POST, one retry, and never the address."""

import json
from pathlib import Path

import httpx
import pytest
import trustme

from outlogger_cli.alerts.channels import Cause, Failure
from outlogger_cli.alerts.channels.webhook import WebhookChannel
from outlogger_cli.domain.errors import ConfigError
from outlogger_cli.net import tls
from outlogger_cli.net.client import Network
from outlogger_cli.net.proxy import Proxies
from tests.alerts.events import MESSAGE
from tests.origin import Origin, Proxy, Reply, cacert, closed_port, faults, proxied_by

ADDRESS = "https://hooks.example/services/T0P/s3cret"
Answer = httpx.Response | Exception


class Hook:
    """A service that gives its answers in turn and records the requests."""

    def __init__(self, *answers: Answer) -> None:
        self.requests: list[httpx.Request] = []
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
        self.requests.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_the_message_is_posted_as_json_with_a_user_agent() -> None:
    hook = Hook(httpx.Response(204))
    channel = hook.channel()
    assert channel.name == "webhooks[0]"
    assert channel.send(MESSAGE) is None
    (request,) = hook.requests
    assert (request.method, str(request.url)) == ("POST", ADDRESS)
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("outlogger/")
    assert json.loads(request.content) == MESSAGE


@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(500),
        httpx.Response(429),
        httpx.Response(408),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
    ],
)
def test_a_transient_failure_is_retried_once(failure: Answer) -> None:
    hook = Hook(failure, httpx.Response(200))
    assert hook.channel().send(MESSAGE) is None
    assert (len(hook.requests), hook.pauses) == (2, [1.0])


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([httpx.Response(404)], "HTTP 404"),
        ([httpx.Response(302, headers={"location": "https://evil.example"})], "HTTP 302"),
        ([httpx.Response(503), httpx.Response(502)], "HTTP 502"),
        ([httpx.ReadTimeout("x"), httpx.ReadTimeout("x")], "no answer within 4.5 s"),
        ([httpx.ConnectError("x"), httpx.ConnectError("x")], "no connection: x"),
    ],
)
def test_a_failure_has_a_reason_and_redirects_are_not_followed(
    answers: list[Answer], error: str
) -> None:
    hook = Hook(*answers)
    assert hook.channel().send(MESSAGE) == Failure(reason=error)
    assert len(hook.requests) == len(answers)


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_a_message_that_the_receiver_refuses_is_to_blame_itself(status: int) -> None:
    failure = Hook(httpx.Response(status)).channel().send(MESSAGE)
    assert failure == Failure(reason=f"HTTP {status}", cause=Cause.MESSAGE)


@pytest.mark.parametrize("status", [301, 401, 403, 404, 405, 409, 410, 418])
def test_other_statuses_speak_of_the_channel(status: int) -> None:
    failure = Hook(httpx.Response(status)).channel().send(MESSAGE)
    assert failure == Failure(reason=f"HTTP {status}", cause=Cause.CHANNEL)


@pytest.mark.parametrize("address", ["hooks.example", "ftp://s3cret.example", "https://x:s3cret/"])
def test_an_invalid_address_is_an_error_that_does_not_show_it(address: str) -> None:
    network = Network(tls=tls.contexts(None, {}))
    with pytest.raises(ConfigError) as caught:
        WebhookChannel("webhooks[0]", address, network, where="list.toml: [notify] webhooks[0]")
    assert str(caught.value) == (
        "list.toml: [notify] webhooks[0]: must hold an address that begins with https://"
    )


# Over the network.


def real(
    address: str, *, trusts: Path | None = None, proxies: Proxies | None = None
) -> WebhookChannel:
    network = Network(
        tls=tls.contexts(trusts or cacert(), {}), proxies=proxies or False, sleep=lambda _: None
    )
    return WebhookChannel("webhooks[0]", address, network, where="here")


def test_a_message_arrives() -> None:
    with Origin(routes={"/hook": Reply(status=201)}) as origin:
        assert real(f"{origin.url}/hook").send(MESSAGE) is None
        (request,) = origin.seen
    assert (request.method, request.path, json.loads(request.body)) == ("POST", "/hook", MESSAGE)


def test_certificates_are_checked_as_for_pages(tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    with Origin(routes={"*": Reply()}) as origin:
        error = real(f"{origin.url}/hook", trusts=other).send(MESSAGE)
    assert error == Failure(
        reason="its certificate is not trusted: unable to get local issuer certificate;"
        " --cacert FILE names another authority"
    )


def test_a_closed_port_is_a_failure() -> None:
    address = f"http://127.0.0.1:{closed_port()}/s3cret"
    assert real(address).send(MESSAGE) == Failure(reason="no connection: connection refused")


def test_a_missing_answer_times_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("outlogger_cli.alerts.channels.webhook.TIMEOUT", 0.3)
    with Origin(routes={"*": faults.hang}) as origin:
        failure = real(f"{origin.url}/hook").send(MESSAGE)
    assert failure == Failure(reason="no answer within 0.3 s")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_proxy_is_that_of_pages(scheme: str) -> None:
    with Origin(routes={"*": Reply()}) as origin, Proxy() as proxy:
        address = proxy.url if scheme == "http" else proxy.url.replace("http:", "https:")
        error = real(f"{origin.url}/hook", proxies=proxied_by(address)).send(MESSAGE)
        arrived = len(origin.seen)
    assert (error is None, arrived) == ((True, 1) if scheme == "http" else (False, 0))


def test_a_proxy_without_socks_is_the_reason() -> None:
    bad = faults.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with Origin(tls=False, on_connect=bad) as proxy:
        through = proxied_by(f"socks5://127.0.0.1:{proxy.port}")
        error = real("https://hook.example/s3cret", proxies=through).send(MESSAGE)
    address = f"all_proxy=socks5://127.0.0.1:{proxy.port}"
    assert error == Failure(reason=f"the proxy refused: it does not answer in SOCKS ({address})")


def test_hosts_excepted_from_the_proxy_are_reached_directly() -> None:
    proxy = f"http://127.0.0.1:{closed_port()}"
    with Origin(routes={"*": Reply()}) as origin:
        proxies = {**proxied_by(proxy), "all://*127.0.0.1": None}
        assert real(f"{origin.url}/hook", proxies=proxies).send(MESSAGE) is None
