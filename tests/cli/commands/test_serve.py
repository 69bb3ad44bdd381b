"""`serve`: what is said before it listens."""

import sys

import pytest

from tests.origin import closed_port
from tests.running import finish, run_command, spawn

UNKNOWN = "unknown vendor 'githib': did you mean github?"


WITHOUT = (
    "import sys; sys.modules[sys.argv.pop(1)] = None;"
    " from outlogger_cli.__main__ import main; sys.exit(main())"
)


@pytest.mark.parametrize("module", ["starlette", "uvicorn", "icalendar"])
def test_without_its_extra_it_says_what_to_install(module: str) -> None:
    with spawn(module, "serve", "github", command=(sys.executable, "-c", WITHOUT)) as process:
        finished = finish(process)
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith(
        "outlogger: serve requires the extra: pip install 'outlogger-cli[serve]' ("
    )
    assert finished.err.count("\n") == 1


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("githib",), UNKNOWN),
        ((), "no vendor to read: no name given, and neither outlogger.toml"),
        (("github", "--listen", "8469"), "must be ADDRESS:PORT, such as 127.0.0.1:8469"),
        (("github", "--listen", "example.com:1"), "'example.com' is not localhost"),
        (("github", "--host", "https://a"), "'https://a' is not a host name"),
        (("github", "--interval", "9s"), "must be at least 10s"),
        (("github", "--label", "vendor=x"), "--label: the label vendor is reserved"),
        (("github", "--cacert", "nowhere.pem"), "nowhere.pem"),
        (("github", "--offline"), "unknown option --offline"),
        (("github", "--listen", "192.0.2.1:0"), "cannot listen on 192.0.2.1:0"),
    ],
)
def test_what_cannot_be_served_is_a_usage_error(argv: tuple[str, ...], said: str) -> None:
    finished = run_command("serve", *argv)
    assert (finished.code, finished.out) == (2, "")
    assert said in finished.err
    assert "Listening" not in finished.err


def test_a_proxy_that_cannot_be_used_is_named_before_it_listens() -> None:
    env = {"HTTPS_PROXY": f"ftp://127.0.0.1:{closed_port()}"}
    finished = run_command("serve", "github", env=env)
    assert finished.code == 2
    assert "HTTPS_PROXY" in finished.err


def test_several_errors_are_said_at_once() -> None:
    finished = run_command("serve", "github", "--listen", "x", "--host", "*", "--interval", "1s")
    assert finished.code == 2
    assert [row.split(": ")[1] for row in finished.err.splitlines()] == [
        *("--listen", "--host", "--interval")
    ]
