"""The rounds of a server: what this machine refuses is tried again, a bug ends the server."""

import signal

import pytest

from outlogger_cli.domain.errors import LocalError
from outlogger_cli.domain.history import Window
from outlogger_cli.serve import server
from outlogger_cli.serve.address import Address, listen
from outlogger_cli.serve.readings import Readings
from tests.reports import VIEW
from tests.serve.rounds import INTERVAL, Network, vendor


class Failing(Readings):
    """Each round raises the next of `errors`."""

    errors: list[Exception]

    def read_round(self) -> None:
        raise self.errors.pop(0)


def run(*errors: Exception) -> list[str]:
    """What a server says whose rounds end with `errors`, the last of which is a bug."""
    network = Network(("acme",), {})
    readings = Failing(
        network.run, interval=INTERVAL, window=lambda: Window(days=30, now=network.time.now)
    )
    readings.errors = [*errors, ValueError("a bug")]
    said: list[str] = []
    with (
        listen(Address(host="127.0.0.1", port=0)) as sock,
        pytest.raises(ValueError, match="a bug"),
    ):
        server.run(
            sock,
            readings,
            find=vendor,
            view=VIEW,
            hosts=(),
            pause=lambda: 0.0,
            say=said.append,
            log=None,
        )
    return said


def test_a_bug_ends_the_server_and_leaves_the_signals_as_they_were() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    (address,) = run()
    assert address.startswith("Listening on http://127.0.0.1:")
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (LocalError("the disk is full"), "the disk is full"),
        (OSError(24, "Too many open files"), "[Errno 24] Too many open files"),
        (RuntimeError("can't start new thread"), "can't start new thread"),
        (MemoryError(), "out of memory"),
    ],
)
def test_what_this_machine_refuses_is_said_and_tried_again(error: Exception, reason: str) -> None:
    _, said = run(error)
    assert said == f"the pages could not be read ({reason}); trying again later"
