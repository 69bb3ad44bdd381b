"""The examples run as written: against pages on loopback, with `outlogger` on the PATH."""

import json
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from outlogger_cli.catalog import catalog
from outlogger_cli.cli.commands import COMMANDS
from outlogger_cli.render.nagios import State
from outlogger_cli.system import paths
from tests.origin import Origin
from tests.project.examples import EXAMPLES, FINE, OUT, UNREADABLE, Show, page, sh, text
from tests.running import Finished, run_command
from tests.tools.check_docs import ROOT, command_lines, commands

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="they are for a POSIX shell"),
    pytest.mark.usefixtures("tools"),
]

PLUGIN = "platform-plugin"
"""The example that is a package with its own tests."""

WATCHLISTS = sorted(path.name for path in EXAMPLES.glob("watchlists/*.toml"))
YAML = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.y*ml"))


def values(yaml: str, key: str) -> list[str]:
    """The value of every `key:` of a YAML file, on its line or in the lines below."""
    block = rf"^( *)(?:- )?{key}: (?:[|]\n((?:\1 +.*\n|\n)+)|(.*)\n)"
    return [dedent(lines) or line for _, lines, line in re.findall(block, yaml, re.MULTILINE)]


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
    assert links - files == {"../action.yml"}
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
    assert module["when"] is True
    assert module["command"] == shlex.join(module["command"].split())  # one process, no shell
    assert module["format"] == "([$output]($style) )"  # nothing, not even a blank, without output
    watched(FINE)
    assert sh(module["command"]).out == "1 unknown: acme\n"  # nothing is stored yet
    assert sh(line).code == 0
    assert sh(module["command"]) == Finished(code=0, out="", err="")
    watched(OUT)
    assert sh(line).code == 1
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
