"""GitHub: annotations as the runner parses them, a step summary, outputs."""

import pytest

from outlogger_cli.domain.model import FailOn, OnUnknown
from outlogger_cli.domain.report import Report
from outlogger_cli.render import github, markdown
from tests.reports import (
    HOSTILE,
    VIEW,
    acme,
    broken,
    component,
    healthy,
    hostile,
    in_maintenance,
    incident,
    judged,
    page,
    report,
    skipped,
    stale,
    strange,
    unreadable,
    watching,
)

Command = tuple[str, dict[str, str], str]


def commands(run: Report) -> list[Command]:
    """The commands in the output, parsed as actions/runner's ActionCommand.cs does."""
    lines = github.render(run, VIEW).split("\n")
    assert lines.pop() == ""
    return [_command(line) for line in lines if line.lstrip().startswith("::")]


def _command(line: str) -> Command:
    head, data = line.lstrip()[2:].split("::", 1)
    name, _, properties = head.partition(" ")
    pairs = [pair.split("=", 1) for pair in properties.split(",") if pair]
    return name, {key: _unescaped(value, property=True) for key, value in pairs}, _unescaped(data)


def _unescaped(text: str, *, property: bool = False) -> str:
    signs = {"%0D": "\r", "%0A": "\n", **({"%3A": ":", "%2C": ","} if property else {})}
    for escaped, sign in {**signs, "%25": "%"}.items():
        text = text.replace(escaped, sign)
    return text


def test_a_problem_and_an_unknown_are_errors() -> None:
    assert commands(report(healthy("fine"), broken("github"), stale("gone"))) == [
        (
            "error",
            {"title": "Acme: major"},
            'github: major: Europe/Build partial outage; incident "Builds are stuck" identified,'
            " impact major; API degraded performance, https://status.github.example",
        ),
        (
            "error",
            {"title": "Acme: unknown"},
            "gone: unknown: no answer in 10 s, https://status.gone.example",
        ),
    ]


def test_the_text_of_a_command_is_escaped_as_documented() -> None:
    name = "50%, now: a"
    run = report(acme(component("A\nB", "major_outage"), name=name, slug="acme"))
    assert github.render(run, VIEW) == (
        "::error title=50%25%2C now%3A a%3A critical::"
        "acme: critical: A B major outage, https://status.acme.example\n"
    )


def test_a_break_in_a_name_of_the_watchlist_stays_in_the_command() -> None:
    run = report(
        judged(page(component("A", "major_outage")), slug="a\r\n::error::b", name="x\r\ny")
    )
    assert commands(run) == [
        (
            "error",
            {"title": "x\r\ny: critical"},
            "a\r\n::error::b: critical: A major outage, https://status.a\r\n::error::b.example",
        )
    ]


def test_many_reasons_are_counted_after_the_fifth() -> None:
    rows = [component(f"C{n}", "partial_outage") for n in range(8)]
    ((_, _, message),) = commands(report(acme(*rows)))
    assert message == (
        "acme: major: C0 partial outage; C1 partial outage; C2 partial outage; C3 partial outage;"
        " C4 partial outage and 3 more, https://status.acme.example"
    )


def test_an_unknown_is_a_warning_if_the_policy_says_so() -> None:
    ((name, _, _),) = commands(report(unreadable(on_unknown=OnUnknown.WARN)))
    assert name == "warning"


QUIET: dict[str, Report] = {
    "outlogger: acme ok\n": report(healthy()),
    "outlogger: all 2 ok\n": report(healthy(), healthy("beta")),
    "outlogger: all 2 ok; open incident: calm\n": report(watching("calm"), healthy()),
    "outlogger: db ok; maintenance: db\n": report(in_maintenance(slug="db")),
    "outlogger: gone: unknown: 100% lost, https://status.gone.example\n": report(
        unreadable(slug="gone", message="100% lost", on_unknown=OnUnknown.IGNORE), healthy()
    ),
    "outlogger: github ok; major: github\n": report(broken("github", fail_on=FailOn.NEVER)),
    "outlogger: DRILL: acme ok\n": report(healthy(), drill="a bad day"),
    "outlogger: skipped\n": skipped(),
}


@pytest.mark.parametrize("text", QUIET)
def test_without_an_annotation_there_is_one_plain_line(text: str) -> None:
    assert github.render(QUIET[text], VIEW) == text


def test_a_drill_is_marked_in_title_and_message() -> None:
    ((_, properties, message),) = commands(report(broken(), drill="a bad day"))
    assert properties == {"title": "DRILL: Acme: major"}
    assert message.startswith("DRILL: acme: major: ")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_vendor_forges_a_command(text: str) -> None:
    rows = component(text, "partial_outage"), component("API")
    run = report(acme(*rows, description=text, incidents=[incident(text)], name=text))
    ((name, properties, message),) = commands(run)
    clean = " ".join(text.split())
    assert (name, properties) == ("error", {"title": f"{clean}: major"})
    assert message == (
        f'acme: major: {clean} partial outage; incident "{clean}" investigating, impact minor,'
        " https://status.acme.example"
    )


def test_the_summary_is_the_markdown() -> None:
    run = report(broken(), stale("gone"))
    assert github.summary(run, VIEW) == markdown.render(run, VIEW)


def test_a_summary_that_is_too_long_is_cut_after_a_line_with_a_note(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert github.SUMMARY_LIMIT == 1024 * 1024
    note = "\nThe rest is left out: a step summary holds 1 MiB.\n"
    run = report(acme(*(component(f"é{n}", "partial_outage") for n in range(9))))
    whole = markdown.render(run, VIEW)
    kept = whole[: whole.index("- ◆ é4")]
    monkeypatch.setattr(github, "SUMMARY_LIMIT", len(f"{kept}{note}".encode()))
    assert github.summary(run, VIEW) == kept + note
    monkeypatch.setattr(github, "SUMMARY_LIMIT", len(f"{kept}{note}".encode()) + 5)
    assert github.summary(run, VIEW) == kept + note
    monkeypatch.setattr(github, "SUMMARY_LIMIT", len(whole.encode()))
    assert github.summary(run, VIEW) == whole


OUTPUTS: dict[tuple[str, str, str], Report] = {
    ("ok", "none", ""): report(healthy()),
    ("ok", "maintenance", ""): report(in_maintenance(), healthy("beta")),
    ("problem", "major", "github,openai"): report(
        broken("github"), healthy(), broken("openai"), stale("gone")
    ),
    ("unknown", "unknown", ""): report(in_maintenance(), stale("gone")),
    ("unknown", "major", ""): report(broken(fail_on=FailOn.CRITICAL), stale("gone")),
    ("ok", "none", " "): report(strange()),
    ("problem", "major", "hostile"): report(hostile()),
}


@pytest.mark.parametrize("expected", OUTPUTS)
def test_outputs_are_words_and_slugs(expected: tuple[str, str, str]) -> None:
    verdict, worst, problems = expected
    assert github.outputs(OUTPUTS[expected]) == (
        f"verdict={verdict}\nworst={worst}\nproblems={problems.strip()}\n"
    )


def test_outputs_of_a_skipped_run_are_unknown() -> None:
    assert github.outputs(skipped()) == "verdict=unknown\nworst=unknown\nproblems=\n"
