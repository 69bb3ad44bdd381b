"""The channel `command`: what the shell gets, how long it has, and what is said of its failure."""

import os
import sys
from pathlib import Path

import pytest

from outlogger_cli.alerts.channels.command import CommandChannel
from tests.alerts.events import MESSAGE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has another shell")


def test_the_message_is_in_its_environment_and_nothing_in_the_message_is_run(
    tmp_path: Path,
) -> None:
    told = tmp_path / "told"
    message = {**MESSAGE, "title": '"; touch evil; $(touch evil) `touch evil`'}
    names = ("EVENT", "VENDOR", "SEVERITY", "TITLE", "MESSAGE", "URL")
    prints = "; ".join(f'printf "%s|" "$OUTLOGGER_{name}"' for name in names)
    command = CommandChannel(f'{{ {prints}; }} > "$TOLD"', {**os.environ, "TOLD": str(told)})
    assert command.name == "command"
    assert command.send(message) is None
    assert told.read_text() == (
        'opened|acme|major|"; touch evil; $(touch evil) `touch evil`|'
        "Acme stands at major, before at none.\nBuild partial outage|https://status.acme.example|"
    )
    assert not Path("evil").exists()


def test_it_gets_no_input_and_its_output_is_nobodys_business(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert CommandChannel("cat; echo out; echo err >&2", os.environ).send(MESSAGE) is None
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("command", "why"),
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
def test_a_failure_is_told_with_its_last_words(command: str, why: str) -> None:
    assert CommandChannel(command, os.environ).send(MESSAGE) == why


def test_a_command_that_does_not_end_is_ended_with_all_it_started() -> None:
    slow = CommandChannel("sleep 300 & sleep 300", os.environ, timeout=0.2)
    assert slow.send(MESSAGE) == "it did not end within 0.2 s"


def test_what_it_leaves_in_the_background_is_not_waited_for() -> None:
    assert CommandChannel("sleep 5 &", os.environ, timeout=4).send(MESSAGE) is None


def test_without_a_shell_it_cannot_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def popen(*_args: object, **_options: object) -> None:
        raise OSError(7, "Argument list too long")

    monkeypatch.setattr("subprocess.Popen", popen)
    assert CommandChannel("true", {}).send(MESSAGE) == "it cannot be run: Argument list too long"


def test_elsewhere_the_command_itself_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert CommandChannel("exec sleep 300", os.environ, timeout=0.2).send(MESSAGE) == (
        "it did not end within 0.2 s"
    )


def test_without_a_temporary_folder_it_cannot_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.TemporaryFile", nowhere)
    assert CommandChannel("true", {}).send(MESSAGE) == (
        "it cannot be run: No usable temporary directory found"
    )
