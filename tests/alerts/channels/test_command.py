"""The channel `command`: its environment, its time limit, and how its failures are described."""

import os
import sys
from functools import partial
from pathlib import Path

import pytest

from outlogger_cli.alerts.channels import Cause, Failure
from outlogger_cli.alerts.channels.command import CommandChannel
from tests.alerts.events import MESSAGE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has another shell")


def failed(reason: str) -> Failure:
    return Failure(reason=reason, cause=Cause.UNCLEAR)


def test_the_message_is_in_the_environment_and_never_run(
    tmp_path: Path,
) -> None:
    output = tmp_path / "output"
    message = {**MESSAGE, "title": '"; touch evil; $(touch evil) `touch evil`'}
    names = ("EVENT", "VENDOR", "SEVERITY", "TITLE", "MESSAGE", "URL")
    prints = "; ".join(f'printf "%s|" "$OUTLOGGER_{name}"' for name in names)
    command = CommandChannel(f'{{ {prints}; }} > "$OUTPUT"', {**os.environ, "OUTPUT": str(output)})
    assert command.name == "command"
    assert command.send(message) is None
    assert output.read_text() == (
        'opened|acme|major|"; touch evil; $(touch evil) `touch evil`|'
        "Acme has a problem (severity major; before: ok).\nBuild partial outage|https://status.acme.example|"
    )
    assert not Path("evil").exists()


def test_it_has_no_input_and_its_output_is_not_shown(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert CommandChannel("cat; echo out; echo err >&2", os.environ).send(MESSAGE) is None
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("exit 3", "exit code 3"),
        (
            "echo one; printf 'no \\033[31mserver\\033[0m\\n\\n' >&2; false",
            "exit code 1: no server",
        ),
        ("seq 9999; exit 1", "exit code 1: 9999"),
        ("echo busy; kill -9 $$", "ended by SIGKILL: busy"),
    ],
)
def test_a_failure_has_the_last_line_of_output(command: str, error: str) -> None:
    assert CommandChannel(command, os.environ).send(MESSAGE) == failed(error)


def test_a_command_that_does_not_end_is_killed_with_its_children() -> None:
    slow = CommandChannel("sleep 300 & sleep 300", os.environ, timeout=0.2)
    assert slow.send(MESSAGE) == failed("timed out after 0.2 s")


@pytest.mark.parametrize("title", ["\ud800", "a\0b"])
def test_a_message_that_no_environment_can_hold_is_to_blame_itself(title: str) -> None:
    failure = CommandChannel("true", os.environ).send({**MESSAGE, "title": title})
    assert failure
    assert failure.cause is Cause.MESSAGE


def test_a_round_may_leave_less_time() -> None:
    slow = CommandChannel("sleep 300", os.environ)
    assert slow.send(MESSAGE, 0.2) == failed("timed out after 0.2 s")


def test_background_processes_are_not_waited_for() -> None:
    assert CommandChannel("sleep 5 &", os.environ, timeout=4).send(MESSAGE) is None


def test_a_command_that_cannot_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def popen(*_args: object, **_options: object) -> None:
        raise OSError(7, "Argument list too long")

    monkeypatch.setattr("subprocess.Popen", popen)
    assert CommandChannel("true", {}).send(MESSAGE) == failed(
        "it cannot be run: Argument list too long"
    )


def test_on_windows_the_command_itself_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert CommandChannel("exec sleep 300", os.environ, timeout=0.2).send(MESSAGE) == failed(
        "timed out after 0.2 s"
    )


@pytest.mark.parametrize("device", ["/dev/full", "/not/there"])
def test_without_room_for_its_output_it_is_run_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, device: str
) -> None:
    if device == "/dev/full" and not Path(device).exists():
        pytest.skip("this system has no /dev/full")
    monkeypatch.setattr("tempfile.TemporaryFile", partial(Path(device).open, "r+b"))
    channel = CommandChannel(f"echo hello && touch {tmp_path}/told", os.environ)
    assert channel.send(MESSAGE) is None
    assert (tmp_path / "told").exists()
    assert CommandChannel("echo no; exit 3", os.environ).send(MESSAGE) == failed("exit code 3")
