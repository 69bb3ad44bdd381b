"""The examples run as written: against pages on loopback, with `outlogger` on the PATH."""

import json
import os
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any
from xml.etree.ElementTree import parse

import pytest
from prometheus_client.parser import text_string_to_metric_families

from outlogger_cli.catalog import catalog
from outlogger_cli.cli.commands import COMMANDS
from outlogger_cli.render.nagios import State
from outlogger_cli.system import paths
from tests.cli.commands.pages import HEALTHY, PAST
from tests.origin import Origin, Reply
from tests.running import Finished, finish, run_command, spawn
from tests.tools.check_docs import ROOT, command_lines, commands

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not shutil.which("bash"),
    reason="they are for a POSIX shell and bash",
)

EXAMPLES = ROOT / "examples"
PLUGIN = "platform-plugin"
"""The example that is a package with its own tests."""

WATCHLISTS = sorted(path.name for path in EXAMPLES.glob("watchlists/*.toml"))
YAML = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.y*ml"))

SUMMARY, INCIDENTS = "/api/v2/summary.json", "/api/v2/incidents.json"
RUNNER = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
"""How GitHub runs a step in bash."""

Show = Callable[[object], None]


def text(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def page(**statuses: str) -> Mapping[str, Any]:
    """A page with components of GitHub, operational except for `statuses`."""
    names = ("Git Operations", "API Requests", "Actions")
    components = [
        {"id": name, "name": name, "status": statuses.get(name, "operational")} for name in names
    ]
    return {**HEALTHY, "components": components}


FINE = page()
OUT = page(Actions="major_outage")
UNREADABLE = Reply(status=403)


@pytest.fixture(autouse=True)
def tools(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH with `outlogger`, `python`, and installers that print what they get."""
    folder = home / ".local" / "bin"
    folder.mkdir(parents=True)
    python = shlex.quote(sys.executable)
    programs = {
        "outlogger": f'exec {python} -m outlogger_cli "$@"',
        "python": f'exec {python} "$@"',
        "pipx": 'echo "$@"',
        "pip": 'echo "$@"',
    }
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin(tls=False, routes={INCIDENTS: Reply(body=PAST)}) as server:
        yield server


@pytest.fixture
def show(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Return a function that sets the page of every vendor."""

    def shown(body: object) -> None:
        origin.route(SUMMARY, body if isinstance(body, Reply) else Reply(body=body))
        monkeypatch.setenv("OUTLOGGER_DRILL", origin.url)
        monkeypatch.setenv("OUTLOGGER_DRILL_CLOCK", "2026-01-15T12:00:00Z")

    return shown


@pytest.fixture
def watched(origin: Origin) -> Show:
    """Return a function that sets the page of the only vendor on the user's watchlist.

    That page is read over the network and stored.
    """
    path = paths.user_watchlist()
    path.parent.mkdir(parents=True)
    path.write_text(f'version = 1\n[vendors.acme]\nurl = "{origin.url}"\n', encoding="utf-8")
    return lambda body: origin.route(SUMMARY, Reply(body=body))


def sh(script: str, *words: str, shell: tuple[str, ...] = ("sh", "-c"), **env: str) -> Finished:
    with spawn(script, *words, command=shell, env=env) as process:
        return finish(process)


def values(yaml: str, key: str) -> list[str]:
    """The value of every `key:` of a YAML file, on its line or in the lines below."""
    block = rf"^( *)(?:- )?{key}: (?:[|]\n((?:\1 +.*\n|\n)+)|(.*)\n)"
    return [dedent(lines) or line for _, lines, line in re.findall(block, yaml, re.MULTILINE)]


def items(yaml: str, key: str) -> list[str]:
    """The list below the one `key:` of a YAML file."""
    ((_, lines),) = re.findall(rf"^( *){key}:\n((?:\1 +- .*\n)+)", yaml, re.MULTILINE)
    return [line.strip().removeprefix("- ") for line in lines.splitlines()]


def sample_of(metrics: str, name: str, **labels: str) -> float | None:
    """The value of a sample in the text format of Prometheus."""
    for family in text_string_to_metric_families(metrics):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return None


# The table of examples


def test_every_example_is_in_the_table_and_every_link_exists() -> None:
    table = text("README.md")
    links = set(re.findall(r"\]\(([^)]+)\)", table))
    files = {
        path.relative_to(EXAMPLES).as_posix()
        for path in EXAMPLES.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and path != EXAMPLES / "README.md"
    }
    assert links - files == set()
    assert {name for name in files - links if not name.startswith(PLUGIN)} == set()


def test_the_commands_in_the_table_exist() -> None:
    ((*words, _, _, script),) = command_lines(text("README.md"))
    assert run_command(*words[: words.index("--")], "--help").code == 0
    finished = sh(f"outlogger {shlex.join([*words, 'sh', '-c', script])}")
    assert (finished.code, finished.out.splitlines()[-1]) == (0, "no deploy now")


@pytest.mark.parametrize("name", YAML)
def test_the_yaml_is_valid_and_has_the_values_found_by_line(name: str) -> None:
    yaml = pytest.importorskip("yaml")
    document = yaml.safe_load(text(name))
    for key in ("run", "entry", "expr"):
        assert [" ".join(found.split()) for found in values_of(document, key)] == [
            " ".join(found.split()) for found in values(text(name).replace(">-\n", "|\n"), key)
        ]


def values_of(document: Any, key: str) -> Iterator[str]:
    """The values of `key` anywhere in a document."""
    if isinstance(document, dict):
        yield from (value for name, value in document.items() if name == key)
        document = list(document.values())
    for child in document if isinstance(document, list) else ():
        yield from values_of(child, key)


# Pipelines


def run_workflow(tmp_path: Path, **env: str) -> list[Finished]:
    """Run the steps of the workflow until one fails."""
    deploy = Path("deploy.sh")
    deploy.write_text("#!/bin/sh\necho deployed\n", encoding="utf-8")
    deploy.chmod(0o755)
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    steps: list[Finished] = []
    for script in values(text("github/deploy.yml"), "run"):
        steps.append(sh(script, shell=RUNNER, **files, **env))
        if steps[-1].code:
            break
    return steps


@pytest.mark.parametrize(
    ("body", "skip", "codes", "said"),
    [
        (FINE, "", [0, 0, 0], "outlogger: DRILL: all 2 ok\n"),
        (OUT, "false", [0, 1], "::error title=DRILL%3A npm%3A critical::DRILL: npm: critical: Act"),
        (OUT, "true", [0, 0, 0], "outlogger: DRILL: skipped\n"),
        (UNREADABLE, "", [0, 0, 0], "::warning title=DRILL%3A npm%3A unknown::DRILL: npm: unknown"),
    ],
)
def test_the_workflow_deploys_only_if_the_vendors_are_ok(
    show: Show, tmp_path: Path, body: object, skip: str, codes: list[int], said: str
) -> None:
    show(body)
    steps = run_workflow(tmp_path, OUTLOGGER_SKIP=skip)
    assert [step.code for step in steps] == codes
    assert steps[0].out == "install git+https://github.com/outlogger/outlogger-cli\n"
    assert steps[1].out.startswith(said)
    assert [step.out for step in steps[2:]] == ["deployed\n"] * (len(codes) - 2)
    assert "OUTLOGGER_SKIP: ${{ inputs.skip-vendors }}" in text("github/deploy.yml")


def test_the_workflow_writes_a_job_summary(show: Show, tmp_path: Path) -> None:
    show(OUT)
    run_workflow(tmp_path)
    outputs = (tmp_path / "GITHUB_OUTPUT").read_text(encoding="utf-8")
    assert outputs == "verdict=problem\nworst=critical\nproblems=npm,fly\n"
    assert "Actions major outage" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8")


def run_action(tmp_path: Path, **inputs: str) -> tuple[Finished, str]:
    """Run the action's last step with these inputs; returns its outputs too."""
    action, output = text("github-action/action.yml"), tmp_path / "output"
    variables = dict(re.findall(r"^ +(\w+): \$\{\{ inputs\.([\w-]+) \}\}$", action, re.MULTILINE))
    declared = re.findall(r"^  ([\w-]+):\n    description", action.partition("outputs:")[0], re.M)
    assert sorted(variables.values()) == sorted(declared)
    env = {name: inputs.get(given.replace("-", "_"), "") for name, given in variables.items()}
    finished = sh(values(action, "run")[1], shell=RUNNER, GITHUB_OUTPUT=str(output), **env)
    return finished, output.read_text(encoding="utf-8") if output.exists() else ""


def test_the_action_installs_the_project_it_is_part_of() -> None:
    folder = str(EXAMPLES / "github-action")
    script = values(text("github-action/action.yml"), "run")[0]
    finished = sh(script, shell=RUNNER, GITHUB_ACTION_PATH=folder)
    *options, installed = finished.out.split()
    assert options == ["install", "--quiet"]
    assert (Path(installed) / "pyproject.toml").resolve() == ROOT / "pyproject.toml"


def test_the_action_takes_vendors_and_a_threshold(show: Show, tmp_path: Path) -> None:
    show(OUT)
    finished, outputs = run_action(tmp_path, vendors="npm\nfly", fail_on="critical")
    assert finished.code == 1
    assert outputs == "verdict=problem\nworst=critical\nproblems=npm,fly\n"
    declared = re.findall(r"outputs\.(\w+)", text("github-action/action.yml"))
    assert declared == [line.partition("=")[0] for line in outputs.splitlines()]


def test_the_action_takes_one_component_per_line(show: Show, tmp_path: Path) -> None:
    show(OUT)
    components = "API Requests\nGit Operations\n"
    finished, outputs = run_action(tmp_path, vendors="github", components=components)
    assert (finished.code, outputs) == (0, "verdict=ok\nworst=none\nproblems=\n")


def test_the_action_reads_the_watchlist_if_no_vendor_is_named(show: Show, tmp_path: Path) -> None:
    show(OUT)
    Path("vendors.toml").write_text(
        'version = 1\n[vendors.fly]\nfail_on = "never"\n', encoding="utf-8"
    )
    finished, outputs = run_action(tmp_path, watchlist="vendors.toml")
    assert (finished.code, outputs) == (0, "verdict=ok\nworst=critical\nproblems=\n")


@pytest.mark.parametrize(("on_unknown", "code"), [("", 3), ("ignore", 0)])
def test_the_action_has_an_input_for_unreadable_pages(
    show: Show, tmp_path: Path, on_unknown: str, code: int
) -> None:
    show(UNREADABLE)
    finished, _ = run_action(tmp_path, vendors="npm", on_unknown=on_unknown)
    assert finished.code == code


@pytest.mark.parametrize("inputs", [{"vendors": "$(touch a) --json"}, {"fail_on": "`touch a`"}])
def test_the_action_runs_nothing_in_its_inputs(
    show: Show, tmp_path: Path, inputs: dict[str, str]
) -> None:
    show(FINE)
    finished, _ = run_action(tmp_path, **{"vendors": "npm", **inputs})
    assert finished.code == 2
    assert not Path("a").exists()


@pytest.mark.parametrize(
    ("body", "code", "results"),
    [
        (FINE, 0, ("6", "0", "0")),
        (OUT, 1, ("6", "2", "0")),
        (UNREADABLE, 3, ("2", "0", "2")),
    ],
)
def test_the_job_for_gitlab_reports_components_as_tests(
    show: Show, body: object, code: int, results: tuple[str, str, str]
) -> None:
    show(body)
    job = text("gitlab/gitlab-ci.yml")
    for script in items(job, "before_script"):
        assert sh(script).code == 0
    assert [sh(script).code for script in items(job, "script")] == [code]
    (report,) = values(job, "junit")
    suites = parse(report).getroot()
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == results
    assert values(job, "exit_codes") == ["3"]


def test_the_pre_commit_hooks_check_the_watchlist_and_a_vendor(show: Show) -> None:
    show(OUT)
    validate, check = values(text("pre-commit/pre-commit-config.yaml"), "entry")
    Path("outlogger.toml").write_text("version = 1\n[vendors.githubb]\n", encoding="utf-8")
    refused = sh(f"{validate} outlogger.toml")
    assert refused.code == 2
    assert refused.err.startswith("outlogger: outlogger.toml:2: [vendors.githubb] is not in")
    Path("outlogger.toml").write_text("version = 1\n[vendors.github]\n", encoding="utf-8")
    assert sh(f"{validate} outlogger.toml").code == 0
    assert sh(check).code == 0
    show({**OUT, "components": [*page(**{"Git Operations": "partial_outage"})["components"]]})
    assert sh(check).code == 1


# Monitoring


def nagios_services() -> dict[str, str]:
    """The description of each service, and the command line that Nagios builds."""
    config = text("nagios/outlogger.cfg")
    (name,) = re.findall(r"command_name +(.+)", config)
    services = {}
    for block in re.findall(r"define service \{(.*?)\}", config, re.DOTALL):
        (description,) = re.findall(r"service_description +(.+)", block)
        (called,) = re.findall(r"check_command +(.+)", block)
        command, *arguments = called.split("!")
        assert command == name
        (line,) = re.findall(r"command_line +(.+)", config)
        for at, argument in enumerate(arguments, 1):
            line = line.replace(f"$ARG{at}$", argument)
        services[description] = line.replace("$USER1$", "$HOME/.local/bin")
    return services


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (FINE, State.OK),
        (page(Actions="degraded_performance"), State.WARNING),
        (OUT, State.CRITICAL),
        (UNREADABLE, State.UNKNOWN),
    ],
)
def test_nagios_gets_a_state_and_a_line_with_performance_data(
    show: Show, body: object, state: State
) -> None:
    show(body)
    services = nagios_services()
    assert list(services) == ["Fly.io", "GitHub Actions"]
    for command_line in services.values():
        finished = sh(command_line)
        assert finished.code == state
        assert finished.out.startswith(f"OUTLOGGER {state.name} - ")
        assert " | problems=" in finished.out.splitlines()[0]


def icinga_command() -> list[str]:
    """The command line that Icinga builds for the service."""
    config = text("icinga/outlogger.conf")
    (start,) = re.findall(r"command = \[ (.+) \]", config)
    variables = {
        name: json.loads(value) for name, value in re.findall(r"vars\.(\w+) = (.+)", config)
    }
    words = start.replace('PluginDir + "', '"').split(", ")
    line = [json.loads(word) for word in words]
    for key, name in re.findall(r'"([\w-]+)" = "\$(\w+)\$"', config):
        given = variables.get(name, [])
        line += [word for one in [given] * isinstance(given, str) or given for word in (key, one)]
    (positional,) = re.findall(r'value = "\$(\w+)\$"\n +skip_key = true', config)
    return [*line, *variables[positional]]


@pytest.mark.parametrize(
    ("body", "state"), [(FINE, 0), (OUT, 2), (page(**{"Git Operations": "major_outage"}), 0)]
)
def test_icinga_gets_a_state_for_the_components_of_the_service(
    show: Show, body: object, state: int
) -> None:
    show(body)
    first, *words = icinga_command()
    assert first == "/outlogger"
    assert words == [
        *("check", "--format", "nagios", "--component", "Actions", "--component", "API Requests"),
        *("--fail-on", "minor", "--deadline", "25s", "github"),
    ]
    assert sh(shlex.join(["outlogger", *words])).code == state


def run_collector(folder: Path) -> tuple[Finished, str]:
    """Run the script for the textfile collector; returns what it wrote to `folder` too."""
    script = EXAMPLES / "prometheus" / "outlogger-textfile.sh"
    finished = sh(f"{shlex.quote(str(script))} {shlex.quote(str(folder))}")
    written = [path.read_text(encoding="utf-8") for path in folder.glob("*")]
    return finished, "".join(written)


def alerts(metrics: str) -> dict[str, bool]:
    """Whether the first comparison of each alert is true for `metrics`."""
    rules = text("prometheus/alerts.yml")
    found = {}
    for name, rule in zip(values(rules, "alert"), values(rules, "expr"), strict=True):
        metric, verdict = re.findall(r'(\w+)\{verdict="(\w+)"\} == 1', rule)[0]
        found[name] = sample_of(metrics, metric, verdict=verdict) == 1
    return found


@pytest.mark.parametrize(
    ("body", "problem", "unknown"), [(FINE, 0, 0), (OUT, 1, 0), (UNREADABLE, 0, 1)]
)
def test_prometheus_gets_a_file_and_alerts_on_it(
    show: Show, tmp_path: Path, body: object, problem: int, unknown: int
) -> None:
    show(body)
    Path("outlogger.toml").write_text("version = 1\n[vendors.fly]\n", encoding="utf-8")
    finished, metrics = run_collector(tmp_path)
    assert finished == Finished(code=0, out="", err="")
    assert alerts(metrics) == {"VendorProblem": problem, "VendorUnknown": unknown}
    for name in set(re.findall(r"outlogger_\w+", text("prometheus/alerts.yml"))):
        assert sample_of(metrics, name) is not None


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_the_alerts_keep_the_rules_of_their_test() -> None:
    rules = ROOT / "tests" / "examples" / "prometheus-alerts.yml"
    finished = sh(f"promtool test rules {shlex.quote(str(rules))} 2>&1")
    assert finished.code == 0, finished.out


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
@pytest.mark.parametrize("body", [FINE, OUT, UNREADABLE])
def test_promtool_finds_nothing_wrong_with_the_metrics(show: Show, body: object) -> None:
    show(body)
    check = "outlogger check fly --format prometheus --label team=web"
    finished = sh(f"{check} 2>&1 > metrics; promtool check metrics < metrics 2>&1")
    assert finished.code == 0, finished.out


def test_the_script_for_prometheus_fails_only_if_it_cannot_write(
    show: Show, tmp_path: Path
) -> None:
    show(FINE)
    finished, metrics = run_collector(tmp_path)
    assert (finished.code, metrics) == (2, "")
    assert finished.err.startswith("outlogger: no vendor to read")
    assert sh(shlex.quote(str(EXAMPLES / "prometheus" / "outlogger-textfile.sh"))).code != 0


# Prompts and bars


def test_tmux_shows_the_watchlist_and_reads_its_pages(watched: Show, origin: Origin) -> None:
    watched(FINE)
    (command,) = re.findall(r"#\((.+?)\)", text("tmux/tmux.conf"))
    assert sh(command) == Finished(code=0, out="acme ok\n", err="")
    watched(OUT)
    assert sh(command).out == "acme ok\n"  # the page was read less than five minutes before
    assert len(origin.seen) == 1


@pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed")
def test_tmux_accepts_the_configuration(home: Path) -> None:
    config = shlex.quote(str(EXAMPLES / "tmux" / "tmux.conf"))
    shown = "start-server ';' show-options -gv status-right"
    finished = sh(f"tmux -L x -f {config} {shown}", TMUX_TMPDIR=str(home), TERM="xterm")
    assert (finished.code, finished.err) == (0, "")
    assert finished.out in text("tmux/tmux.conf").replace("'\n", "\n")


def test_the_prompt_shows_only_problems(watched: Show) -> None:
    config = text("starship/starship.toml")
    module = tomllib.loads(config)["custom"]["outlogger"]
    (line,) = re.findall(r"^# +[*]/5 [*] [*] [*] [*] (.+)$", config, re.MULTILINE)
    watched(FINE)
    assert sh(module["when"]).code == 0  # nothing is stored yet
    assert sh(module["command"]).out == "1 unknown: acme\n"
    assert sh(line).code == 0
    assert sh(module["when"]).code != 0
    watched(OUT)
    assert sh(line).code == 1
    assert sh(module["when"]).code == 0
    assert sh(module["command"]) == Finished(code=0, out="1 problem: acme\n", err="")


def test_waybar_gets_its_json(watched: Show) -> None:
    watched(OUT)
    lines = text("waybar/config.jsonc").splitlines()
    config = json.loads("\n".join(line for line in lines if not line.startswith("//")))
    module = config["custom/outlogger"]
    assert json.loads(sh(module["exec"]).out) == {
        "text": "1 problem: acme",
        "tooltip": "Fine Inc: Actions major outage",
        "class": "problem",
    }
    assert module["return-type"] == "json"
    assert "#custom-outlogger.problem " in text("waybar/style.css")


# Watchlists


@pytest.mark.parametrize("name", WATCHLISTS)
def test_the_watchlists_are_valid_and_their_vendors_readable(name: str) -> None:
    path = EXAMPLES / "watchlists" / name
    vendors = tomllib.loads(path.read_text(encoding="utf-8"))["vendors"]
    finished = run_command("watchlist", "validate", str(path))
    assert finished.code == 0
    assert finished.out.endswith(f": ok, {len(vendors)} vendors\n")
    for slug, table in vendors.items():
        entry = catalog.find(slug)
        assert entry is not None
        assert entry.slug == slug
        assert entry.platform
        assert table["tags"]


def test_a_tag_of_the_watchlist_decides_on_a_failover(show: Show) -> None:
    show(OUT)
    shutil.copy(EXAMPLES / "watchlists" / "ai-product.toml", "outlogger.toml")
    (line,) = re.findall(r"(outlogger check .*) \|\|", text("watchlists/ai-product.toml"))
    finished = sh(line)
    assert (finished.code, finished.out.partition("\t")[0]) == (1, "anthropic")


# Python


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (FINE, 0, "GitHub: none: ok\n"),
        (OUT, 1, "GitHub: critical: Actions major outage\n"),
        (UNREADABLE, 3, "GitHub: unknown: HTTP 403"),
    ],
)
def test_the_gate_in_python_has_the_exit_codes_of_check(
    show: Show, body: object, code: int, said: str
) -> None:
    show(body)
    finished = sh(f"python {shlex.quote(str(EXAMPLES / 'python' / 'gate.py'))}")
    assert (finished.code, finished.err) == (code, "")
    assert finished.out.startswith(said)
    lines = [line for line in text("python/gate.py").splitlines() if line]
    assert len(lines) < 10


def test_the_gate_in_python_works_in_a_drill() -> None:
    script = shlex.quote(str(EXAMPLES / "python" / "gate.py"))
    finished = sh(f"outlogger drill github -c Actions -c 'API Requests' -- python {script}")
    assert finished.code == 1
    assert finished.out == ("GitHub: critical: Actions major outage; API Requests major outage\n")


def test_a_script_reads_the_json(show: Show) -> None:
    show(OUT)
    script = shlex.quote(str(EXAMPLES / "python" / "incident_hours.py"))
    finished = sh(f"outlogger incidents fly --json | python {script}")
    # open since 11:05 UTC, at noon
    assert finished.out == "   0.9 h  Fly.io\n"
    assert finished.code == 0
    show(UNREADABLE)
    finished = sh(f"outlogger incidents fly --json | python {script}")
    assert finished.out.startswith("     ? h  Fly.io: HTTP 403")
    assert finished.code == 3
    assert sh(f"echo '{{\"schema_version\": 2}}' | python {script}").code == 1


# Notifications


def watch_commands() -> dict[str, list[str]]:
    """The arguments of `outlogger` in the files of systemd and cron."""
    (service,) = re.findall("ExecStart=(.+)", text("systemd/outlogger-watch.service"))
    (line,) = [row for row in text("cron/crontab").splitlines() if not row.startswith("#")]
    times, command = line.split(maxsplit=5)[:5], line.split(maxsplit=5)[5]
    assert times == ["*/5", "*", "*", "*", "*"]
    assert service.startswith("%h/.local/bin/outlogger ")
    assert command.startswith('"$HOME/.local/bin/outlogger" ')
    (by_systemd,), (by_cron,) = commands(service), commands(command.partition(">")[0])
    return {"systemd": by_systemd, "cron": by_cron}


def test_systemd_and_cron_run_watch_once() -> None:
    assert watch_commands() == {
        "systemd": ["watch", "--once", "--deadline", "2m"],
        "cron": ["watch", "--once", "--deadline", "2m"],
    }


@pytest.mark.skipif("watch" not in COMMANDS, reason="the command watch is missing")
def test_cron_sends_each_change_once(watched: Show) -> None:
    line = text("cron/crontab").splitlines()[-1].split(maxsplit=5)[5]
    with paths.user_watchlist().open("a", encoding="utf-8") as file:
        file.write('[notify]\ncommand = "echo $OUTLOGGER_TITLE >>told"\n')
    for body in (FINE, OUT, OUT):
        watched(body)
        assert sh(line) == Finished(code=0, out="", err="")
    assert len(Path("told").read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_units(home: Path) -> None:
    units = " ".join(shlex.quote(str(path)) for path in EXAMPLES.glob("systemd/*"))
    finished = sh(f"systemd-analyze --user verify {units}", XDG_RUNTIME_DIR=str(home))
    assert finished.code == 0
    assert "outlogger" not in finished.err
