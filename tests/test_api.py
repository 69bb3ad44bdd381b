"""The library: what a Python program reads, and what it may rely on."""

import operator
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import outlogger_cli
from outlogger_cli import ConfigError, ExitCode, Judged, Report, UsageError, api, read
from outlogger_cli.domain.errors import OutloggerError
from outlogger_cli.domain.model import FailureKind, Source
from outlogger_cli.system import paths
from tests.cli.commands.pages import HEALTHY, PAST, TROUBLED, fine
from tests.origin import Origin, Reply, cacert, faults
from tests.running import run_command, trusting
from tests.support import NOW

SUMMARY, INCIDENTS = "/api/v2/summary.json", "/api/v2/incidents.json"


@pytest.fixture
def page() -> Iterator[Origin]:
    """A page in trouble, and one without any below `/fine`."""
    routes = {
        SUMMARY: Reply(body=TROUBLED),
        INCIDENTS: Reply(body=PAST),
        f"/fine{SUMMARY}": Reply(body=HEALTHY),
    }
    with Origin(routes=routes) as origin:
        yield origin


@pytest.fixture
def drill(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every vendor's page is one in trouble, at noon."""
    with Origin(
        tls=False, routes={SUMMARY: Reply(body=TROUBLED), INCIDENTS: Reply(body=PAST)}
    ) as o:
        monkeypatch.setenv("OUTLOGGER_DRILL", o.url)
        monkeypatch.setenv("OUTLOGGER_DRILL_SCENARIO", "a bad day")
        monkeypatch.setenv("OUTLOGGER_DRILL_CLOCK", NOW.isoformat())
        yield


def only(report: Report) -> Judged:
    (judged,) = report.vendors
    return judged


def requests(origin: Origin) -> list[str]:
    return [request.path for request in origin.seen]


def listed(folder: Path, text: str) -> Path:
    path = folder / "list.toml"
    path.write_text(f"version = 1\n{text}", encoding="utf-8")
    return path


def test_vendors_are_judged_in_the_order_asked_for(page: Origin) -> None:
    report = read(f"{page.url}/fine", page.url, cacert=cacert())
    assert (report.verdict, report.exit_code, report.drill) == ("problem", ExitCode.PROBLEM, None)
    assert [(j.name, j.severity, j.verdict) for j in report.vendors] == [
        ("Fine Inc", "none", "ok"),
        ("Acme Cloud", "major", "problem"),
    ]
    assert report.vendors[0].reasons == ()
    assert report.vendors[1].reasons == (
        "Europe/Queue partial outage",
        'incident "Queue stalled" identified, impact major',
        'API status is unknown: "on_fire"',
    )


def test_it_is_what_the_command_says(page: Origin) -> None:
    finished = run_command("check", page.url, "--json", *trusting())
    said, report = finished.json["vendors"][0], read(page.url, cacert=str(cacert()))
    judged = only(report)
    assert (report.command, report.exit_code) == ("check", finished.code)
    assert list(judged.reasons) == said["reasons"]
    assert [component.name for component in judged.components] == [
        component["name"] for component in said["components"]
    ]


def test_the_threshold_and_the_selection_decide(page: Origin) -> None:
    def verdict(**options: Any) -> tuple[str, int]:
        report = read(page.url, cacert=cacert(), **options)
        return report.verdict, report.exit_code

    assert verdict(fail_on="critical") == ("ok", 0)
    assert verdict(components=["Dashboard"]) == ("ok", 0)
    assert verdict(components="Dashboard") == ("ok", 0)
    assert verdict(components=["Europe"], exclude=["Queue"]) == ("ok", 0)
    assert verdict(components=["Nowhere"]) == ("unknown", 3)


def test_only_the_verdict_is_asked_for(page: Origin) -> None:
    judged = only(read(page.url, cacert=cacert()))
    assert requests(page) == [SUMMARY]
    assert [incident.name for incident in judged.incidents] == ["Queue stalled"]
    assert (judged.days, judged.incident_seconds) == ((), None)


@pytest.mark.usefixtures("drill")
def test_a_history_is_the_last_thirty_days() -> None:
    report = read("github", history=True)
    judged = only(report)
    assert report.command == "status"
    assert report.drill == "a bad day, clock 2026-01-15"
    assert timedelta() <= report.generated_at - NOW < timedelta(minutes=1)
    assert [incident.name for incident in judged.incidents] == ["Queue stalled", "Login errors"]
    assert [incident.name for incident in judged.open_incidents] == ["Queue stalled"]
    dates = [day.date.isoformat() for day in judged.days]
    assert (len(dates), dates[0], dates[-1]) == (30, "2025-12-17", "2026-01-15")
    # open since 11:05 UTC, at noon; the login errors had no impact
    assert judged.incident_seconds is not None
    assert 55 * 60 <= judged.incident_seconds < 56 * 60


def test_a_page_that_cannot_be_read_is_unknown_and_no_exception() -> None:
    with Origin(routes={"*": Reply(status=403)}) as origin:
        report = read(origin.url, cacert=cacert())
    judged = only(report)
    assert (report.verdict, report.exit_code, judged.severity) == ("unknown", 3, "unknown")
    assert judged.error is not None
    assert (judged.error.kind, judged.error.http_status) == (FailureKind.HTTP, 403)
    assert judged.reading is None


def test_an_interrupt_is_raised_and_no_half_report_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object, **_options: object) -> Iterator[object]:
        raise KeyboardInterrupt

    monkeypatch.setattr("outlogger_cli.engine.pool.run", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read("github")


def test_a_vendor_gets_the_seconds_of_the_timeout() -> None:
    with Origin(routes={"*": faults.hang}) as origin:
        judged = only(read(origin.url, cacert=cacert(), timeout=0.25))
    assert judged.reasons == ("timed out after 0.25 s",)


def test_without_the_authority_the_page_is_not_trusted(page: Origin) -> None:
    judged = only(read(page.url))
    assert judged.error is not None
    assert judged.error.kind is FailureKind.TLS


def test_nothing_is_printed_and_nothing_stored(
    page: Origin, capfd: pytest.CaptureFixture[str]
) -> None:
    read(page.url, cacert=cacert())
    assert capfd.readouterr() == ("", "")
    assert not paths.pages().parent.exists()


def test_a_stored_reading_is_used_where_it_is_asked_for(page: Origin) -> None:
    sources = []
    for _ in range(2):
        reading = only(read(page.url, cacert=cacert(), max_age=600)).reading
        assert reading is not None
        sources.append(reading.source)
    assert sources == [Source.LIVE, Source.CACHE]
    assert requests(page) == [SUMMARY]
    read(page.url, cacert=cacert())
    assert requests(page) == [SUMMARY, SUMMARY]


def test_of_a_watchlist_everything_counts(page: Origin, tmp_path: Path) -> None:
    path = listed(
        tmp_path,
        f"""
        [defaults]
        fail_on = "critical"
        retries = 0

        [vendors.acme]
        name = "Our cloud"
        url = "{page.url}"
        tags = ["web"]

        [vendors.broken]
        url = "{page.url}/broken"
        """,
    )
    page.route(f"/broken{SUMMARY}", [Reply(status=503), Reply(body=HEALTHY)])
    report = read(watchlist=path, cacert=cacert())
    assert [(judged.name, judged.verdict) for judged in report.vendors] == [
        ("Our cloud", "ok"),
        ("broken", "unknown"),
    ]
    tagged = read(watchlist=str(path), tags="web", cacert=cacert())
    assert [judged.vendor.slug for judged in tagged.vendors] == ["acme"]
    named = read("our cloud", watchlist=path, fail_on="major", cacert=cacert())
    assert (named.verdict, only(named).vendor.slug) == ("problem", "acme")


@pytest.mark.usefixtures("drill")
def test_no_watchlist_counts_that_was_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mild = listed(tmp_path, '[vendors.github]\nfail_on = "critical"\n')
    Path("outlogger.toml").write_bytes(mild.read_bytes())
    monkeypatch.setenv("OUTLOGGER_WATCHLIST", str(mild))
    assert read("github").verdict == "problem"
    assert read("github", watchlist=mild).verdict == "ok"


@pytest.mark.parametrize(
    ("names", "options", "message"),
    [
        ((), {}, "no vendor to read: pass a name or a watchlist"),
        (("githbu",), {}, "unknown vendor 'githbu': did you mean github or"),
        (
            ("github",),
            {"fail_on": "bad"},
            "fail_on must be one of never, maintenance, minor, major, critical, not 'bad'",
        ),
        (
            ("github",),
            {"timeout": 0},
            "timeout must be more than 0 and at most 3650 days, in seconds",
        ),
        (
            ("github",),
            {"timeout": float("nan")},
            "timeout must be more than 0 and at most 3650 days, in seconds",
        ),
        (("github",), {"cacert": "/nowhere.pem"}, "--cacert: /nowhere.pem: No such file"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(
    names: tuple[str, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        read(*names, **options)


def test_a_watchlist_that_is_no_good_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory"):
        read(watchlist=tmp_path / "missing.toml")
    with pytest.raises(ConfigError, match="unknown key"):
        read(watchlist=listed(tmp_path, "colour = 1\n"))
    assert issubclass(ConfigError, UsageError)
    assert issubclass(UsageError, OutloggerError)


def test_the_package_offers_the_library_and_its_version() -> None:
    assert sorted([*api.__all__, "__version__"]) == sorted(outlogger_cli.__all__)
    for name in api.__all__:
        assert getattr(outlogger_cli, name) is getattr(api, name)
    with pytest.raises(AttributeError, match="module 'outlogger_cli' has no attribute 'write'"):
        operator.attrgetter("write")(outlogger_cli)


def test_the_package_alone_imports_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import outlogger_cli;"
        " print(sorted(set(sys.modules) - before))"
    )
    command = [sys.executable, "-c", code]
    finished = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    assert finished.stdout == "['outlogger_cli']\n"


def documented(value: str) -> dict[str, list[str]]:
    """The fields that the library's documentation promises of `value`, and what it says that
    those are which each of their items has."""
    _, _, after = (api.__doc__ or "").partition(f"`{value}`, ")
    table, _, _ = after.partition("\n\n")
    _, *rows = re.split(r"^    (\w+)  +", table, flags=re.MULTILINE)
    fields = zip(rows[::2], rows[1::2], strict=True)
    return {name: re.findall(r"`(\w+)`", text.partition("each with")[2]) for name, text in fields}


@pytest.mark.usefixtures("drill")
def test_every_documented_field_is_there() -> None:
    report = read("github", history=True)
    assert len(documented("Report")) == 5
    assert [field for field in documented("Report") if not hasattr(report, field)] == []
    assert len(documented("Judged")) == 16
    assert [field for field in documented("Judged") if not hasattr(only(report), field)] == []


@pytest.mark.usefixtures("drill")
@pytest.mark.parametrize(
    ("field", "count"), {"components": 6, "incidents": 8, "maintenances": 7, "days": 3}.items()
)
def test_every_documented_field_of_an_item_is_there(field: str, count: int) -> None:
    item = getattr(only(read("github", history=True)), field)[0]
    names = documented("Judged")[field]
    assert len(names) == count
    assert [name for name in names if not hasattr(item, name)] == []


def test_a_page_may_be_rehearsed_by_one_that_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    with Origin(tls=False, routes={SUMMARY: Reply(body=fine())}) as origin:
        monkeypatch.setenv("OUTLOGGER_DRILL", origin.url)
        report = read("github", "stripe", max_age=600)
    assert (report.verdict, report.drill) == ("ok", "a page on loopback")
    assert not paths.pages().parent.exists()


@pytest.mark.parametrize("max_age", [float("nan"), float("inf"), 1e300])
def test_an_age_that_is_none_is_a_usage_error(max_age: float) -> None:
    with pytest.raises(UsageError, match="is not a valid number of seconds"):
        read("github", max_age=max_age)
