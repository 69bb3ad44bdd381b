"""The examples of `serve`: what they run starts, and what they ask for exists."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from outlogger_cli.render import prometheus
from tests.project.test_container import STEPS, of
from tests.reports import VIEW, broken, healthy, report, unreadable
from tests.running import finish, run_command, spawn
from tests.tools.check_docs import ROOT
from tests.tools.check_release import instructions

EXAMPLES = ROOT / "examples"
SERVE = EXAMPLES / "serve"


def text(name: str) -> str:
    return (SERVE / name).read_text(encoding="utf-8")


def command_lines() -> Iterator[tuple[str, list[str]]]:
    """The arguments of `outlogger` in each example."""
    compose = yaml.safe_load(text("compose.yaml"))
    yield "compose", shlex.split(compose["services"]["outlogger"]["command"])
    yield "kubernetes", container()["args"]
    (line,) = re.findall("^ExecStart=(.+)$", text("outlogger-serve.service"), re.MULTILINE)
    yield "systemd", shlex.split(line)[1:]


def of_kind(kind: str) -> Any:
    items = yaml.safe_load(text("kubernetes.yaml"))["items"]
    (found,) = (one for one in items if one["kind"] == kind)
    return found


def container() -> Any:
    (found,) = of_kind("Deployment")["spec"]["template"]["spec"]["containers"]
    return found


@pytest.mark.parametrize(("name", "words"), list(command_lines()))
def test_the_command_lines_are_valid(name: str, words: list[str], tmp_path: Path) -> None:
    assert words[0] == "serve"
    at = next(i for i, word in enumerate(words) if word.startswith("--watchlist"))
    del words[at : at + (1 if "=" in words[at] else 2)]
    missing = tmp_path / "none.toml"
    finished = run_command(*words, "--watchlist", str(missing))
    assert finished.code == 2
    (only,) = finished.err.splitlines()  # nothing else is wrong
    assert str(missing) in only, name


def test_the_watchlist_of_the_cluster_is_valid() -> None:
    watchlist = of_kind("ConfigMap")["data"]["outlogger.toml"]
    Path("outlogger.toml").write_text(watchlist, encoding="utf-8")
    assert run_command("watchlist", "validate", "outlogger.toml").code == 0


def test_the_parts_of_the_cluster_fit_together() -> None:
    port = container()["ports"][0]
    assert f"--listen=0.0.0.0:{port['containerPort']}" in container()["args"]
    assert of_kind("Service")["spec"]["ports"][0]["targetPort"] == port["name"]
    assert container()["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert container()["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    labels = of_kind("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert of_kind("Service")["spec"]["selector"] == labels
    name = of_kind("Service")["metadata"]["name"]
    assert any(word.startswith(f"--host={name},") for word in container()["args"])


def test_the_container_is_the_other_one_with_the_extra() -> None:
    own = list(instructions(text("Containerfile")))
    (install,) = (step for step in of("RUN", own) if "pip" in step)
    assert install.endswith('".[serve]"')
    assert install.replace('".[serve]"', ".") in of("RUN", STEPS)
    added = {("EXPOSE", "8469"), ("RUN", install)}
    assert {step for step in own if step not in STEPS} == added


def test_compose_names_files_that_exist() -> None:
    services = yaml.safe_load(text("compose.yaml"))["services"]
    build = services["outlogger"]["build"]
    assert (SERVE / build["context"] / build["dockerfile"]).samefile(SERVE / "Containerfile")
    for volume in services["prometheus"]["volumes"]:
        assert (SERVE / volume.split(":")[0]).is_file()
    assert all(port.startswith("127.0.0.1:") for port in services["outlogger"]["ports"])


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_prometheus_accepts_the_configuration(tmp_path: Path) -> None:
    shutil.copy(SERVE / "prometheus.yml", tmp_path)
    shutil.copy(EXAMPLES / "prometheus" / "alerts.yml", tmp_path)
    words = "check", "config", str(tmp_path / "prometheus.yml")
    with spawn(*words, command=("promtool",)) as process:
        assert finish(process).code == 0


def test_the_dashboard_asks_for_metrics_and_labels_that_exist() -> None:
    timed = replace(broken(), outcome=replace(broken().outcome, seconds=0.5))
    text_format = prometheus.render(report(timed, healthy("b"), unreadable(slug="c")), VIEW)
    known: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text_format):
        for sample in family.samples:
            known.setdefault(sample.name, set()).update(sample.labels)
    dashboard = json.loads(text("grafana-dashboard.json"))
    queries = [t["expr"] for panel in dashboard["panels"] for t in panel["targets"]]
    assert len(queries) == len(dashboard["panels"])
    found = re.findall(r"(outlogger_\w+)\{([^}]*)\}", " ".join(queries))
    assert len(found) == len(re.findall("outlogger_", " ".join(queries)))
    for name, matchers in found:
        assert name in known
        labels = {matcher.partition("=")[0].rstrip("!") for matcher in matchers.split(",")}
        assert labels <= known[name]
        grouped = re.findall(rf"by \(([^)]*)\) \({name}", " ".join(queries))
        for group in grouped:
            assert set(group.split(", ")) <= known[name]
    variables = {one["name"] for one in dashboard["templating"]["list"]}
    named = re.findall(r"\$\{?([a-z]+)", json.dumps(dashboard))
    assert set(named) <= variables


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_the_queries_of_the_dashboard_are_valid(tmp_path: Path) -> None:
    dashboard = json.loads(text("grafana-dashboard.json"))
    rules = [
        {"record": f"panel:{panel['id']}", "expr": t["expr"].replace("$list", ".*")}
        for panel in dashboard["panels"]
        for t in panel["targets"]
    ]
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}), encoding="utf-8")
    with spawn("check", "rules", str(file), command=("promtool",)) as process:
        assert finish(process).code == 0


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_the_service_is_valid_and_has_few_rights(tmp_path: Path) -> None:
    unit = tmp_path / "outlogger-serve.service"
    program = tmp_path / "outlogger"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    unit.write_text(
        text("outlogger-serve.service").replace("/opt/outlogger/bin/outlogger", str(program)),
        encoding="utf-8",
    )
    with spawn("verify", str(unit), command=("systemd-analyze",)) as process:
        assert "outlogger" not in finish(process).err
    words = "security", "--offline=true", "--threshold=20", str(unit)
    with spawn(*words, command=("systemd-analyze", "--no-pager")) as process:
        finished = finish(process)
    assert finished.code == 0, finished.out + finished.err
