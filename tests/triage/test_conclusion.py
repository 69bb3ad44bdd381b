"""Whose failure it probably is, for pages with and without components."""

import csv
from dataclasses import replace
from datetime import timedelta

import pytest

from outlogger_cli.catalog import hosts
from outlogger_cli.domain.model import ComponentStatus, Impact, Incident, IncidentStatus, Link
from outlogger_cli.domain.triage import ConclusionKind, Evidence, EvidenceKind, Findings, Named
from outlogger_cli.domain.verdict import Judged
from outlogger_cli.triage.components import TABLE, concerns, pointed_to
from outlogger_cli.triage.conclusion import conclude, timing, triage
from outlogger_cli.triage.signatures import table
from tests.reports import component, incident, judged, page, report
from tests.support import NOW, utc


def host(
    value: str = "api.acme.example", product: str | None = None, region: str | None = None
) -> Evidence:
    return Evidence(line=1, kind=EvidenceKind.HOST, value=value, product=product, region=region)


def named(*evidence: Evidence, slug: str = "acme") -> Named:
    return Named(slug=slug, evidence=evidence or (host(),))


def kind(one: Judged, *evidence: Evidence) -> ConclusionKind:
    findings = Findings(named=(named(*evidence),))
    return conclude(findings, [one], zone=None, now=NOW).kind


AWS = Incident(
    id="arn:aws:health:eu-west-1::event/EC2/X",
    name="Amazon Elastic Compute Cloud (Ireland): Increased errors",
    status=IncidentStatus.INVESTIGATING,
    impact=Impact.MAJOR,
    links=(Link(id="ec2-eu-west-1", name="Amazon EC2"),),
)


@pytest.mark.parametrize(
    ("product", "region", "answer"),
    [
        ("EC2", "eu-west-1", True),
        ("EC2", None, True),
        ("EC2", "us-east-1", False),
        ("S3", "eu-west-1", False),
        (None, "eu-west-1", None),
    ],
)
def test_an_incident_of_a_page_without_components_is_about_a_service_and_a_region(
    product: str | None, region: str | None, answer: bool | None
) -> None:
    evidence = host(product=product, region=region)
    assert concerns(named(evidence, slug="aws"), AWS) is answer


@pytest.mark.parametrize(
    ("product", "name", "id"),
    [
        ("S3", "Amazon Simple Storage Service", None),
        ("S3", "", "s3-us-east-1"),
        ("SQS", "Amazon Simple Queue Service", None),
        ("EKS", "Amazon Elastic Kubernetes Service", None),
        ("Lambda", "AWS Lambda", None),
        ("Elastic Container Registry", "Amazon Elastic Container Registry", None),
    ],
)
def test_services_are_known_by_their_long_names_too(
    product: str, name: str, id: str | None
) -> None:
    about = replace(AWS, links=(Link(id=id, name=name),))
    assert concerns(named(host(product=product), slug="aws"), about)


def test_an_incident_of_multiple_services_may_be_about_any() -> None:
    about = replace(AWS, links=(Link(name="Multiple services"),))
    assert concerns(named(host(product="S3"), slug="aws"), about) is None


def test_an_incident_that_names_nothing_cannot_be_told() -> None:
    assert concerns(named(host(product="EC2"), slug="aws"), replace(AWS, links=())) is None


@pytest.mark.parametrize(
    ("evidence", "slug", "names"),
    [
        (host(product="REST API"), "acme", ["API"]),
        (host(value="*.files.acme.example"), "acme", ["Files (files.acme.example)"]),
        (host(product="Storage", region="eu-west-1"), "acme", ["Storage eu-west-1"]),
        (host(product="Storage", region="ap-south-1"), "acme", ["Storage eu-west-1", "Storage us"]),
        (host(product="Queue"), "acme", []),
        (host(), "acme", []),
        (host(product="Git"), "github", ["Git Operations"]),
    ],
)
def test_evidence_points_to_components(evidence: Evidence, slug: str, names: list[str]) -> None:
    one = judged(
        page(
            *(
                component(name)
                for name in (
                    *("API", "Files (files.acme.example)", "Storage eu-west-1", "Storage us"),
                    "Git Operations",
                )
            )
        )
    )
    found = pointed_to(named(evidence, slug=slug), one.components)
    assert [one.name for one in found] == names


def test_a_page_without_components_is_theirs_if_the_incident_is_not_surely_another() -> None:
    one = judged(page(incidents=[incident("Trouble")]))
    assert kind(one) is ConclusionKind.THEIRS


def test_a_component_of_unknown_status_leaves_it_unknown() -> None:
    one = judged(page(component("API", "on_fire")))
    assert kind(one, host(product="API")) is ConclusionKind.UNKNOWN
    assert kind(one, host(product="Queue")) is not ConclusionKind.UNKNOWN


def test_a_roll_up_without_a_component_is_theirs() -> None:
    one = judged(page(component("API"), indicator="major"))
    assert kind(one, host(product="API")) is ConclusionKind.THEIRS


def test_an_unknown_vendor_is_checked_next() -> None:
    one = judged(page(component("API", "on_fire")))
    findings = Findings(named=(named(host(product="API")),))
    found = triage(report(one), findings, zone=None, command="npm ci")
    assert found.next_step == "outlogger check -v acme"


def test_the_next_step_waits_for_the_vendor_and_repeats_the_command() -> None:
    one = judged(page(component("API", "major_outage")))
    findings = Findings(named=(named(host(product="API")),))
    found = triage(report(one), findings, zone=None, command="npm ci")
    assert found.next_step == "outlogger wait acme && npm ci"


@pytest.mark.parametrize(
    ("first", "text"),
    [
        ("2026-01-15 11:13", "the incident began 8 min before the first error"),
        ("2026-01-15 11:00", "the incident began 5 min after the first error"),
        ("2026-01-15 10:00", "the incident began 55 min after the last error"),
    ],
)
def test_the_times_of_the_log_and_of_the_incident_are_compared(first: str, text: str) -> None:
    one = judged(page(component("API"), incidents=[incident("Trouble")]))
    began = min(i.started_at for i in one.open_incidents if i.started_at)
    assert began == utc("2026-01-15 11:05")
    start = utc(first)
    findings = Findings(first_error=start, last_error=start + timedelta(minutes=10))
    assert timing(one, findings) == text


def test_times_that_are_unknown_are_not_compared() -> None:
    one = judged(page(component("API"), incidents=[incident("Trouble")]))
    assert timing(one, Findings()) == ""
    calm = judged(page(component("API")))
    assert timing(calm, Findings(first_error=NOW, last_error=NOW)) == ""


def test_component_states_have_words() -> None:
    for status in ComponentStatus:
        one = judged(page(component("API", status.value)))
        findings = Findings(named=(named(host(product="API")),))
        assert conclude(findings, [one], zone=None, now=NOW).text


def test_every_row_of_the_table_of_components_names_a_known_vendor_and_product() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.reader(file)][1:]
    products = {(row[1], row[2]) for row in hosts.rows()}
    products |= {(slug, "") for slug, _ in products}
    products |= {(one.slug, one.product) for one in table() if one.slug and one.product}
    of_tools = {"Git", "API"}
    assert rows == sorted(rows)
    assert [
        row for row in rows if (row[0], row[1]) not in products and row[1] not in of_tools
    ] == []
