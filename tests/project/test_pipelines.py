"""The action and the examples for pipelines run as written, against pages on loopback."""

import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse

import pytest
import yaml

from tests.project.examples import (
    EXAMPLES,
    FINE,
    OUT,
    RUNNER,
    UNREADABLE,
    Show,
    page,
    sh,
    text,
)
from tests.running import Finished, run_command
from tests.tools.check_docs import ROOT, commands

pytestmark = [
    pytest.mark.skipif(
        sys.platform == "win32" or not shutil.which("bash"),
        reason="they are for a POSIX shell and bash",
    ),
    pytest.mark.usefixtures("tools"),
]

NPM_FAILS = "npm ERR! 503 Service Unavailable - GET https://registry.npmjs.org/left-pad\n"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
INSTALL, RUN = ACTION["runs"]["steps"]
WORKFLOWS = ("github/deploy.yml", "github/build.yml")


@dataclass(frozen=True, kw_only=True)
class Job:
    """What the steps of a job printed, and what they left for the runner."""

    steps: list[Finished]
    output: str
    summary: str

    @property
    def codes(self) -> list[int]:
        return [step.code for step in self.steps]


def run_job(steps: list[dict[str, Any]], folder: Path, **env: str) -> Job:
    """Run the steps of a job as GitHub does; checkouts are left out.

    An `${{ inputs.NAME }}` of the action is the value of `with`, else the default.
    """
    names = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")
    files = {name: str(folder / name) for name in names}
    ran: list[Finished] = []
    for step in steps:
        failed = bool(ran and ran[-1].code)
        if failed != (step.get("if") == "failure()"):
            continue
        if step.get("uses", "").startswith("outlogger/outlogger-cli@"):
            ran.append(sh(RUN["run"], shell=RUNNER, **files, **env, **variables(step["with"])))
        elif "run" in step:
            ran.append(sh(step["run"], shell=RUNNER, **files, **env))
    left = {name: Path(path).read_text("utf-8") for name, path in files.items() if exists(path)}
    return Job(
        steps=ran,
        output=left.get("GITHUB_OUTPUT", ""),
        summary=left.get("GITHUB_STEP_SUMMARY", ""),
    )


def exists(path: str) -> bool:
    return Path(path).exists()


def variables(given: dict[str, str]) -> dict[str, str]:
    """The variables of the action's last step."""
    assert given.keys() <= ACTION["inputs"].keys()
    values = {name: given.get(name, about["default"]) for name, about in ACTION["inputs"].items()}
    return {
        variable: values[expression.removeprefix("${{ inputs.").removesuffix(" }}")]
        for variable, expression in RUN["env"].items()
    }


def run_action(folder: Path, **inputs: str) -> tuple[Finished, str]:
    """Run the action with these inputs; returns its outputs too."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    job = run_job([{"uses": "outlogger/outlogger-cli@main", "with": given}], folder)
    return job.steps[0], job.output


def job_of(name: str, job: str) -> Any:
    return yaml.safe_load(text(name))["jobs"][job]


# The action


def test_every_input_of_the_action_is_a_variable_and_none_is_in_a_script() -> None:
    expressions = [f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]]
    assert sorted(RUN["env"].values()) == sorted(expressions)
    assert [step["shell"] for step in (INSTALL, RUN)] == ["bash", "bash"]
    assert "${{" not in INSTALL["run"] + RUN["run"]
    assert ACTION.keys() == {
        *("name", "description", "author", "branding"),
        *("inputs", "outputs", "runs"),
    }
    assert len(ACTION["description"]) < 125  # the marketplace refuses longer ones


def test_the_action_installs_the_version_it_is_part_of(tmp_path: Path) -> None:
    path = tmp_path / "path"
    env = {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_PATH": str(path)}
    finished = sh(INSTALL["run"], shell=RUNNER, **env)
    assert finished.out == f"install --quiet --force {ROOT}\n"
    assert path.read_text(encoding="utf-8") == f"{tmp_path}/outlogger/bin\n"


def test_the_action_takes_vendors_and_a_threshold(show: Show, tmp_path: Path) -> None:
    show(OUT)
    finished, outputs = run_action(tmp_path, vendors="npm\nfly", fail_on="critical")
    assert finished.code == 1
    assert finished.out.startswith("::error title=DRILL%3A npm%3A critical::")
    assert outputs == "verdict=problem\nworst=critical\nproblems=npm,fly\n"
    assert [*ACTION["outputs"]] == [line.partition("=")[0] for line in outputs.splitlines()]
    assert {name: about["value"] for name, about in ACTION["outputs"].items()} == {
        name: f"${{{{ steps.{RUN['id']}.outputs.{name} }}}}" for name in ACTION["outputs"]
    }


def test_the_action_takes_one_component_per_line(show: Show, tmp_path: Path) -> None:
    show(OUT)
    components = "API Requests\n\n  Git Operations\n"
    finished, outputs = run_action(tmp_path, vendors="github", components=components)
    assert (finished.code, outputs) == (0, "verdict=ok\nworst=none\nproblems=\n")


@pytest.mark.parametrize(
    ("tags", "problems"), [("", "fly,npm"), ("web", "fly"), ("web\nbuild", "fly,npm")]
)
def test_the_action_reads_the_watchlist_or_its_tags(
    show: Show, tmp_path: Path, tags: str, problems: str
) -> None:
    show(OUT)
    Path("vendors.toml").write_text(
        'version = 1\n[vendors.fly]\ntags = ["web"]\n[vendors.npm]\ntags = ["build"]\n'
        '[vendors.github]\nfail_on = "never"\n',
        encoding="utf-8",
    )
    finished, outputs = run_action(tmp_path, watchlist="vendors.toml", tags=tags)
    assert (finished.code, outputs) == (
        1,
        f"verdict=problem\nworst=critical\nproblems={problems}\n",
    )


def test_the_action_finds_the_watchlist_of_the_workflow(show: Show, tmp_path: Path) -> None:
    show(FINE)
    Path("vendors.toml").write_text("version = 1\n[vendors.fly]\n", encoding="utf-8")
    step = {"uses": "outlogger/outlogger-cli@main", "with": {}}
    job = run_job([step], tmp_path, OUTLOGGER_WATCHLIST="vendors.toml")
    assert job.codes == [0]
    assert job.output == "verdict=ok\nworst=none\nproblems=\n"


@pytest.mark.parametrize(("on_unknown", "code"), [("", 3), ("warn", 0), ("ignore", 0)])
def test_the_action_has_an_input_for_unreadable_pages(
    show: Show, tmp_path: Path, on_unknown: str, code: int
) -> None:
    show(UNREADABLE)
    finished, outputs = run_action(tmp_path, vendors="npm", on_unknown=on_unknown)
    assert (finished.code, outputs) == (code, "verdict=unknown\nworst=unknown\nproblems=\n")


def test_the_action_writes_another_format_to_a_file(show: Show, tmp_path: Path) -> None:
    show(OUT)
    report = tmp_path / "a report.xml"
    finished, outputs = run_action(tmp_path, vendors="npm", format="junit", output=str(report))
    assert (finished.code, finished.out, outputs) == (1, "", "")
    assert parse(report).getroot().get("failures") == "1"


@pytest.mark.parametrize(
    ("body", "verdict", "said"),
    [
        (OUT, "problem", "npm has a major outage"),
        (FINE, "ok", "npm, named in this log, is ok"),
        (UNREADABLE, "unknown", "unknown"),
    ],
)
def test_the_action_says_whose_failure_it_is_and_does_not_fail_the_step(
    show: Show, tmp_path: Path, body: object, verdict: str, said: str
) -> None:
    show(body)
    Path("-build.log").write_text(NPM_FAILS, encoding="utf-8")
    finished, outputs = run_action(tmp_path, triage="-build.log")
    assert finished.code == 0
    assert finished.out.startswith("::notice title=outlogger triage::DRILL: ")
    assert said in finished.out
    assert outputs.startswith(f"verdict={verdict}\n")


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"triage": "none.log"}, "::error::outlogger: none.log: No such file or directory"),
        ({"triage": "build.log", "vendors": "npm"}, "::error::outlogger: triage cannot be used"),
        ({"triage": "build.log", "format": "xml"}, "outlogger: "),
    ],
)
def test_the_action_fails_if_there_is_no_answer(
    tmp_path: Path, inputs: dict[str, str], said: str
) -> None:
    Path("build.log").write_text(NPM_FAILS, encoding="utf-8")
    finished, outputs = run_action(tmp_path, **inputs)
    assert (finished.code, outputs) == (2, "")
    assert (finished.out + finished.err).startswith(said)


@pytest.mark.parametrize("name", [*ACTION["inputs"]])
def test_the_action_runs_nothing_in_its_inputs(show: Show, tmp_path: Path, name: str) -> None:
    show(FINE)
    hostile = "$(touch a) `touch a`\"; touch a; '--json"
    vendors = "" if name == "triage" else "npm"
    finished, _ = run_action(tmp_path, **{"vendors": vendors, name: hostile})
    assert finished.code == {"output": 0, "components": 3}.get(name, 2)
    assert not Path("a").exists()


# Workflows of GitHub


@pytest.mark.parametrize(
    ("body", "skip", "code", "said"),
    [
        (FINE, "", 0, "outlogger: DRILL: all 2 ok\n"),
        (OUT, "false", 1, "::error title=DRILL%3A npm%3A critical::DRILL: npm: critical: Act"),
        (OUT, "true", 0, "outlogger: DRILL: skipped\n"),
        (UNREADABLE, "", 0, "::warning title=DRILL%3A npm%3A unknown::DRILL: npm: unknown"),
    ],
)
def test_the_workflow_deploys_only_if_the_vendors_are_ok(
    show: Show, tmp_path: Path, body: object, skip: str, code: int, said: str
) -> None:
    show(body)
    gate = job_of("github/deploy.yml", "vendors")
    job = run_job(gate["steps"], tmp_path, OUTLOGGER_SKIP=skip)
    assert job.codes == [code]
    assert job.steps[0].out.startswith(said)
    assert gate["env"] == {"OUTLOGGER_SKIP": "${{ inputs.skip-vendors }}"}
    assert job_of("github/deploy.yml", "deploy")["needs"] == "vendors"


def test_the_workflow_writes_a_job_summary(show: Show, tmp_path: Path) -> None:
    show(OUT)
    job = run_job(job_of("github/deploy.yml", "vendors")["steps"], tmp_path)
    assert job.output == "verdict=problem\nworst=critical\nproblems=npm,fly\n"
    assert "Actions major outage" in job.summary


@pytest.mark.parametrize(("code", "codes"), [(0, [0]), (7, [7, 0])])
def test_a_failed_build_is_followed_by_whose_failure_it_is(
    show: Show, tmp_path: Path, code: int, codes: list[int]
) -> None:
    show(OUT)
    program("build.sh", f"echo '{NPM_FAILS.strip()}' >&2; exit {code}")
    job = run_job(job_of("github/build.yml", "build")["steps"], tmp_path)
    assert job.codes == codes
    assert job.steps[0].out == NPM_FAILS
    assert ["npm has a major outage" in step.out for step in job.steps[1:]] == [True] * bool(code)
    assert "left-pad" not in job.output + job.summary + "".join(s.out for s in job.steps[1:])


def program(name: str, script: str) -> None:
    Path(name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    Path(name).chmod(0o755)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_uses_the_action_with_inputs_it_has(name: str) -> None:
    jobs = yaml.safe_load(text(name))["jobs"].values()
    steps = [step for job in jobs for step in job["steps"] if "uses" in step]
    own = [step for step in steps if step["uses"] == "outlogger/outlogger-cli@main"]
    assert own
    assert all(step["with"].keys() <= ACTION["inputs"].keys() for step in own)


@pytest.mark.skipif(not shutil.which("actionlint"), reason="actionlint is not installed")
@pytest.mark.parametrize("name", WORKFLOWS)
def test_actionlint_accepts_the_workflows(name: str) -> None:
    finished = sh(f"actionlint {shlex.quote(str(EXAMPLES / name))} 2>&1")
    assert finished.code == 0, finished.out


# Jobs of GitLab


@pytest.fixture
def gitlab() -> Any:
    return yaml.safe_load(text("gitlab/gitlab-ci.yml"))


def run_gitlab(job: dict[str, Any]) -> list[Finished]:
    """Run the lines of a job until one fails; the last is that of its script."""
    before = [sh(line) for line in job.get("before_script", ())]
    assert [one.code for one in before] == [0] * len(before)
    return [sh(line, shell=RUNNER) for line in job["script"]]


@pytest.mark.parametrize(
    ("body", "code", "results"),
    [
        (FINE, 0, ("6", "0", "0")),
        (OUT, 1, ("6", "2", "0")),
        (UNREADABLE, 3, ("2", "0", "2")),
    ],
)
def test_the_job_for_gitlab_reports_components_as_tests(
    show: Show, gitlab: Any, body: object, code: int, results: tuple[str, str, str]
) -> None:
    show(body)
    job = gitlab["vendors"]
    assert [one.code for one in run_gitlab(job)] == [code]
    suites = parse(job["artifacts"]["reports"]["junit"]).getroot()
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == results
    assert job["allow_failure"] == {"exit_codes": 3}


def test_a_failed_build_on_gitlab_is_followed_by_whose_failure_it_is(
    show: Show, gitlab: Any
) -> None:
    show(OUT)
    program("build.sh", f"echo '{NPM_FAILS.strip()}'; exit 7")
    (build,) = run_gitlab(gitlab["build"])
    assert build.code == 7
    assert gitlab["build"]["artifacts"] == {"when": "on_failure", "paths": ["build.log"]}
    (answer,) = run_gitlab(gitlab["whose-failure"])
    assert answer.code == 1
    assert "npm has a major outage" in answer.out
    assert "left-pad" not in answer.out
    job = gitlab["whose-failure"]
    assert (job["when"], job["allow_failure"], job["needs"]) == ("on_failure", True, ["build"])


# Jenkins


def run_jenkins(stage: str, tools: Path) -> list[Finished]:
    """Run the `sh` steps of a stage until one fails, in an environment made of `tools`."""
    venv = f'test "$*" = "-m venv .outlogger"; mkdir .outlogger; ln -s {tools} .outlogger/bin'
    (tools / "python3").write_text(f"#!/bin/sh -e\n{venv}\n", encoding="utf-8")
    (tools / "python3").chmod(0o755)
    part = text("jenkins/Jenkinsfile").partition(f"stage('{stage}')")[2].partition("stage(")[0]
    steps = []
    for script in re.findall(r"^ +sh '([^']+)'$", part, re.MULTILINE):
        steps.append(sh(script, shell=("sh", "-ec")))
        if steps[-1].code:
            break
    return steps


@pytest.mark.parametrize(
    ("body", "codes", "results"),
    [
        (FINE, [0, 0, 0], ("6", "0", "0")),
        (OUT, [0, 0, 1], ("6", "2", "0")),
        (UNREADABLE, [0, 0, 3], ("2", "0", "2")),
    ],
)
def test_the_pipeline_for_jenkins_reports_components_as_tests(
    show: Show, tools: Path, body: object, codes: list[int], results: tuple[str, str, str]
) -> None:
    show(body)
    assert [step.code for step in run_jenkins("Vendors", tools)] == codes
    assert "junit 'vendors.xml'" in text("jenkins/Jenkinsfile")
    suites = parse("vendors.xml").getroot()
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == results


def test_a_failed_build_on_jenkins_keeps_its_code_and_says_whose_failure_it_is(
    show: Show, tools: Path
) -> None:
    show(OUT)
    Path(".outlogger").mkdir()
    Path(".outlogger/bin").symlink_to(tools)
    program("build.sh", f"echo '{NPM_FAILS.strip()}' >&2; exit 7")
    (build,) = run_jenkins("Build", tools)
    assert build.code == 7
    assert "npm has a major outage" in build.err


# Hooks of pre-commit


def test_the_pre_commit_hooks_check_the_watchlist_and_a_vendor(show: Show) -> None:
    show(OUT)
    offered, own = yaml.safe_load(text("pre-commit/pre-commit-config.yaml"))["repos"]
    (hook,) = own["hooks"]
    check = hook["entry"]
    assert sh(check).code == 0
    show({**OUT, "components": [*page(**{"Git Operations": "partial_outage"})["components"]]})
    assert sh(check).code == 1
    assert [one["id"] for one in offered["hooks"]] == ["outlogger-watchlist"]


@pytest.fixture
def hook() -> dict[str, Any]:
    """The hook that the repository offers."""
    (found,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_offered_hook_is_for_watchlists_in_every_folder(hook: dict[str, Any]) -> None:
    matched = re.compile(hook["files"]).search
    assert matched("outlogger.toml")
    assert matched("services/web/outlogger.toml")
    assert not any(map(matched, ["my-outlogger.toml", "outlogger.toml.orig", "outlogger_toml"]))


def test_the_offered_hook_checks_all_files_at_once(hook: dict[str, Any]) -> None:
    (words,) = commands(hook["entry"])
    files = ["outlogger.toml", "web/outlogger.toml", "api/outlogger.toml"]
    vendors = ["github", "githubb", "npmm"]
    for file, vendor in zip(files, vendors, strict=True):
        Path(file).parent.mkdir(exist_ok=True)
        Path(file).write_text(f"version = 1\n[vendors.{vendor}]\n", encoding="utf-8")
    finished = run_command(*words, *files)
    assert finished.code == 2
    assert finished.err.count("is not in the catalogue") == 2
    assert run_command(*words, files[0], files[0]).code == 0
