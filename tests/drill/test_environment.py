"""The drill environment: whether a run is a drill, and that a drill never leaves this machine."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.domain.errors import UsageError
from outlogger_cli.drill.environment import (
    CLOCK_VARIABLE,
    SCENARIO_VARIABLE,
    VARIABLE,
    Drill,
    from_environment,
    variables,
    without_drill,
)
from tests.support import utc


@pytest.mark.parametrize("environ", [{}, {VARIABLE: ""}, {SCENARIO_VARIABLE: "routing"}])
def test_without_the_variable_there_is_no_drill(environ: dict[str, str]) -> None:
    assert from_environment(environ) is None


def test_a_drill_has_a_scenario_and_a_clock() -> None:
    environ = {
        "OUTLOGGER_DRILL": "http://127.0.0.1:8765",
        "OUTLOGGER_DRILL_SCENARIO": "routing outage",
        "OUTLOGGER_DRILL_CLOCK": "2024-03-12T10:00:00Z",
    }
    drill = Drill(
        origin="http://127.0.0.1:8765", scenario="routing outage", clock=utc("2024-03-12 10:00")
    )
    assert from_environment(environ) == drill
    assert drill.title == "routing outage, clock 2024-03-12"


def test_a_drill_without_a_scenario_is_a_page_on_loopback_now() -> None:
    drill = from_environment({VARIABLE: "http://127.0.0.1:1", SCENARIO_VARIABLE: "\x1b[2J"})
    assert drill == Drill(origin="http://127.0.0.1:1", scenario="a page on loopback", clock=None)
    assert drill.title == "a page on loopback"


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("HTTPS://127.0.0.1:8765/", "https://127.0.0.1:8765"),
        ("https://127.0.0.1:8765/a?b#c", "https://127.0.0.1:8765"),
        ("http://127.1.2.3:80", "http://127.1.2.3:80"),
        ("http://[::1]:8765", "http://[::1]:8765"),
        ("http://localhost:8765", "http://localhost:8765"),
    ],
)
def test_an_origin_on_loopback_is_honoured(value: str, origin: str) -> None:
    drill = from_environment({VARIABLE: value})
    assert drill
    assert drill.origin == origin


@pytest.mark.parametrize(
    "value",
    [
        "1",
        "127.0.0.1:8765",
        "//127.0.0.1:8765",
        "ftp://127.0.0.1:8765",
        "file:///etc/passwd",
        "http://",
        "http://:8765",
        "http://127.0.0.1:0",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:x",
        "http://[::1",
        "http://0.0.0.0:8765",
        "http://10.0.0.1:8765",
        "http://[::]:8765",
        "http://[fe80::1]:8765",
        "http://169.254.169.254",
        "http://status.acme.example",
        "http://127.0.0.1.acme.example:8765",
        "http://localhost.acme.example",
        "http://127.0.0.1@acme.example",
        "http://acme.example@127.0.0.1:8765",
        "http://127.0.0.1\\.acme.example",
        "http://127.1:8765",
        "http://2130706433:8765",
    ],
)
def test_anything_else_is_refused_in_one_line(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_environment({VARIABLE: value})
    assert str(caught.value) == (
        "OUTLOGGER_DRILL must be http://127.0.0.1:PORT or https://127.0.0.1:PORT;"
        " unset it to read the real pages"
    )


def test_the_fault_dns_makes_the_origin_unresolvable() -> None:
    environ = {VARIABLE: "http://127.0.0.1:8765"}
    drill = from_environment({**environ, "OUTLOGGER_DRILL_FAULT": "dns"})
    assert drill
    assert drill.origin == "http://drill.invalid:8765"
    assert from_environment({**environ, "OUTLOGGER_DRILL_FAULT": "tls"}) == (
        from_environment(environ)
    )


def test_the_origin_must_be_on_loopback_even_with_the_fault_dns() -> None:
    with pytest.raises(UsageError):
        from_environment({VARIABLE: "http://10.0.0.1:8765", "OUTLOGGER_DRILL_FAULT": "dns"})


@given(st.ip_addresses(v=4), st.integers(1, 65_535))
def test_only_loopback_addresses_are_honoured(address: object, port: int) -> None:
    environ = {VARIABLE: f"http://{address}:{port}"}
    if str(address).startswith("127."):
        assert from_environment(environ)
    else:
        with pytest.raises(UsageError):
            from_environment(environ)


@pytest.mark.parametrize(
    ("value", "clock"),
    [
        ("2024-03-12T10:00:00Z", "2024-03-12 10:00"),
        ("2024-03-12T10:00:00", "2024-03-12 10:00"),
        ("2024-03-12T11:00:00+01:00", "2024-03-12 10:00"),
        ("2024-03-12", "2024-03-12 00:00"),
    ],
)
def test_the_clock_is_a_time_in_utc(value: str, clock: str) -> None:
    drill = from_environment({VARIABLE: "http://127.0.0.1:1", CLOCK_VARIABLE: value})
    assert drill
    assert drill.clock
    assert drill.clock.isoformat(" ", "minutes") == f"{clock}+00:00"


@pytest.mark.parametrize("value", ["noon", "2024-13-01", "0001-01-01T00:00:00+14:00"])
def test_an_invalid_clock_is_refused(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_environment({VARIABLE: "http://127.0.0.1:1", CLOCK_VARIABLE: value})
    assert str(caught.value) == (
        "OUTLOGGER_DRILL_CLOCK must be a time such as 2024-03-12T12:00:00Z"
    )


@pytest.mark.parametrize("clock", [None, utc("2024-03-12 10:00")])
def test_the_variables_of_a_drill_make_the_same_drill(clock: datetime | None) -> None:
    drill = Drill(origin="http://127.0.0.1:8765", scenario="plain, fault tls", clock=clock)
    assert from_environment(variables(drill, "tls", {})) == drill


def test_a_drill_inside_another_keeps_nothing_of_it() -> None:
    environ = {"PATH": "/bin", "OUTLOGGER_DRILL": "http://127.0.0.1:1", "OUTLOGGER_DRILL_NEW": "1"}
    assert without_drill(environ) == {"PATH": "/bin"}
