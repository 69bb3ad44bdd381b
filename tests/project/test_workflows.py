"""The workflows of the repository: their permissions, and what they run."""

import hashlib
import os
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.running import Finished, finish, run_command, spawn
from tests.tools.check_docs import ROOT, commands
from tests.tools.check_release import CONTAINERFILE

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w.-]+(?:/[\w.-]+)*@[0-9a-f]{40} # v\d+\.\d+\.\d+")
UNTRUSTED = re.compile(r"\$\{\{ *(?!matrix\.|runner\.|github\.token)")
"""Expressions that a script must not contain, because their values are untrusted."""

WRITES = {
    "release.yml": {
        "attest": {"id-token": "write", "attestations": "write"},
        "publish": {"id-token": "write"},
        "publish-image": {"packages": "write", "id-token": "write", "attestations": "write"},
        "announce": {"contents": "write"},
    }
}
"""The jobs with more permissions than reading."""


def text(name: str) -> str:
    return (ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8")


def workflow(name: str) -> Any:
    return yaml.safe_load(text(name))


JOBS = [(file.name, job) for file in WORKFLOWS for job in workflow(file.name)["jobs"]]
STEPS = [step for file, job in JOBS for step in workflow(file)["jobs"][job]["steps"]]
SCRIPTS = [step["run"] for step in STEPS if "run" in step]


def test_these_are_all_workflows() -> None:
    assert [file.name for file in WORKFLOWS] == ["ci.yml", "live.yml", "release.yml"]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_every_action_is_pinned_to_a_commit_with_its_version(file: Path) -> None:
    used = re.findall(r"^ *(?:- )?uses: (.+)$", text(file.name), re.MULTILINE)
    assert used
    assert [one for one in used if one != "./" and not PINNED.fullmatch(one)] == []


def test_an_action_has_one_version_everywhere() -> None:
    used = {line for file in WORKFLOWS for line in re.findall(r"uses: (.+)", text(file.name))}
    assert len(used) == len({line.partition("@")[0] for line in used})


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_has_only_read_permissions(file: Path) -> None:
    assert workflow(file.name)["permissions"] == {"contents": "read"}
    assert workflow(file.name)["concurrency"]["group"]


@pytest.mark.parametrize(("file", "job"), JOBS)
def test_a_job_has_a_timeout_and_minimal_permissions(file: str, job: str) -> None:
    definition = workflow(file)["jobs"][job]
    assert 1 <= definition["timeout-minutes"] <= 60
    assert definition.get("permissions") == WRITES.get(file, {}).get(job)


@pytest.mark.parametrize("step", STEPS)
def test_no_step_keeps_credentials_or_runs_untrusted_text(step: dict[str, Any]) -> None:
    if step.get("uses", "").startswith("actions/checkout@"):
        assert step["with"]["persist-credentials"] is False
    assert not UNTRUSTED.search(step.get("run", ""))
    assert "secrets." not in yaml.safe_dump(step)


def test_the_tests_run_on_three_systems_and_every_supported_python() -> None:
    matrix = workflow("ci.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["system"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    promised = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text("utf-8"))
    assert matrix["python"] == promised == ["3.11", "3.12", "3.13", "3.14"]


def test_the_action_runs_on_three_systems_with_inputs_and_outputs_it_has() -> None:
    job = workflow("ci.yml")["jobs"]["action"]
    assert job["strategy"]["matrix"]["system"] == [
        "ubuntu-latest",
        "macos-latest",
        "windows-latest",
    ]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    used = {step["id"]: step["with"] for step in job["steps"] if step.get("uses") == "./"}
    assert [*used] == ["check", "triage"]
    assert all(given.keys() <= action["inputs"].keys() for given in used.values())
    read = re.findall(r"steps\.(\w+)\.outputs\.(\w+)", yaml.safe_dump(job))
    assert {step for step, _ in read} == {*used}
    assert {output for _, output in read} <= action["outputs"].keys()


def test_only_a_version_tag_is_released() -> None:
    assert workflow("release.yml")[True] == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}
    jobs = workflow("release.yml")["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "build": None,
        "image": "build",
        "attest": "build",
        "publish": "attest",
        "publish-image": ["image", "publish"],
        "announce": ["publish", "publish-image"],
    }
    assert jobs["publish"]["environment"] == "pypi"
    landed, *checked = [step["run"] for step in jobs["build"]["steps"] if "run" in step]
    assert landed == 'git merge-base --is-ancestor "$GITHUB_SHA" origin/main'
    assert [run.split()[2] for run in checked] == [
        "pip",
        "tests.tools.check_tag",
        "tests.tools.check_release",
        "pip",
    ]


@pytest.mark.parametrize("job", WRITES["release.yml"])
def test_a_job_that_may_write_does_not_run_the_projects_code(job: str) -> None:
    steps = workflow("release.yml")["jobs"][job]["steps"]
    assert not any(step.get("uses", "").startswith("actions/checkout@") for step in steps)
    assert [step["run"].split()[0] for step in steps if "run" in step] in ([], ["gh"], ["skopeo"])


def runs(job: str) -> dict[str, str]:
    """The scripts of a job of the release, by the names of their steps."""
    steps = workflow("release.yml")["jobs"][job]["steps"]
    return {step.get("name") or step.get("id", ""): step["run"] for step in steps if "run" in step}


def release(folder: Path, script: str, **programs: str) -> Finished:
    """Run a script of the release of 1.2.3 in `folder`, with these programs in place of others."""
    for name, text in programs.items():
        (folder / "bin").mkdir(exist_ok=True)
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    env = {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_REF_NAME": "v1.2.3",
        "GITHUB_SHA": "0123abc",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "outlogger/outlogger-cli",
        "GITHUB_ACTOR": "somebody",
        "GH_TOKEN": "secret",
        "GITHUB_OUTPUT": str(folder / "output"),
    }
    with spawn(script, command=("bash", "-e", "-c"), env=env, cwd=folder) as process:
        return finish(process)


needs_bash = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("bash"), reason="bash is not installed"
)


@needs_bash
def test_the_release_has_checksums_and_files_of_package_managers(tmp_path: Path) -> None:
    script = runs("build")["Checksums, and the files of package managers"]
    (tmp_path / "dist").mkdir()
    for name in ("outlogger_cli-1.2.3.tar.gz", "outlogger_cli-1.2.3-py3-none-any.whl"):
        (tmp_path / "dist" / name).write_text(name, encoding="utf-8")
    finished = release(tmp_path, script, python='echo "$@"; mkdir -p packages')
    assert (finished.code, finished.err) == (0, "")
    pip, packages = finished.out.splitlines()
    assert pip.endswith("dist/outlogger_cli-1.2.3-py3-none-any.whl truststore")
    sdist = "outlogger_cli-1.2.3.tar.gz"
    digest = hashlib.sha256(sdist.encode()).hexdigest()
    url = f"https://github.com/outlogger/outlogger-cli/releases/download/v1.2.3/{sdist}"
    assert packages.split()[2:] == ["1.2.3", url, digest, "report.json", "packages"]
    sums = (tmp_path / "packages" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in sums] == [
        "outlogger_cli-1.2.3-py3-none-any.whl",
        "outlogger_cli-1.2.3.tar.gz",
    ]
    assert sums[1].split()[0] == digest


@needs_bash
def test_the_image_is_built_for_two_architectures_with_labels(tmp_path: Path) -> None:
    script = runs("image")["Build the image for both architectures"]
    words = release(tmp_path, script, docker='printf "%s\\n" "$@"').out.splitlines()
    options = {*pairwise(words)}
    assert ("--platform", "linux/amd64,linux/arm64") in options
    assert {label for option, label in options if option == "--label"} == {
        f"org.opencontainers.image.{label}"
        for label in (
            "title=outlogger",
            "source=https://github.com/outlogger/outlogger-cli",
            "version=1.2.3",
            "revision=0123abc",
            "licenses=MIT",
        )
    }
    (recipe,) = (value for option, value in options if option == "--file")
    assert ROOT / recipe == CONTAINERFILE
    assert words[-1] == "."


@needs_bash
@pytest.mark.parametrize(
    ("version", "checked", "code", "drills"),
    [("1.2.3", 1, 0, 2), ("1.2.2", 1, 1, 0), ("1.2.3", 0, 1, 1)],
)
def test_the_image_is_tried_before_it_is_published(
    version: str, checked: int, code: int, drills: int, tmp_path: Path
) -> None:
    docker = f"""
        case "$*" in
          *--version) echo "outlogger {version}" ;;
          *"check fly") exit {checked} ;;
          *) echo "$@" ;;
        esac
    """
    script = runs("image")["Try what was built"]
    finished = release(tmp_path, script, docker=docker, skopeo=":")
    assert (finished.code, finished.err) == (code, "")
    tried = [line for line in finished.out.splitlines() if line.endswith("drill permutive")]
    assert len(tried) == drills


@needs_bash
def test_the_image_is_pushed_with_two_tags_and_its_digest_is_signed(tmp_path: Path) -> None:
    skopeo = 'cat; echo "$@"; echo sha256:abc >digest'
    finished = release(tmp_path, runs("publish-image")["push"], skopeo=skopeo)
    token, login, *copies = finished.out.splitlines()
    assert (token, login.split()[:2]) == ("secret", ["login", "ghcr.io"])
    assert [line.split()[-1] for line in copies] == [
        "docker://ghcr.io/outlogger/outlogger-cli:1.2.3",
        "docker://ghcr.io/outlogger/outlogger-cli:latest",
    ]
    assert all("--all" in line for line in copies)
    assert (tmp_path / "output").read_text(encoding="utf-8") == "digest=sha256:abc\n"


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_programs_that_a_script_runs_exist(script: str) -> None:
    for module in re.findall(r"python -m (tests\.[\w.]+\w)", script):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file()
    for path in re.findall(r"\b(tests/[\w/.]+)", script):
        assert (ROOT / path).exists()
    for path in re.findall(r"(?m)^(\.ci/\w+)$", script):
        assert (ROOT / path).is_file()
    for line in script.replace("\\\n", "").splitlines():
        for words in commands(line):
            assert run_command(*words, "--help").code == 0


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
@pytest.mark.parametrize(("code", "ended"), [(0, 0), (3, 0), (70, 1), (2, 1)])
def test_an_unreadable_page_is_reported_and_a_bug_fails(
    code: int, ended: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (script,) = (script for script in SCRIPTS if "doctor" in script)
    (words,) = commands(script.splitlines()[0])
    found = "slug,finding,url\\nacme,dead,https://a.example,,gone\\nfly,fine,https://b.example\\n"
    outlogger = tmp_path / "outlogger"
    outlogger.write_text(f'#!/bin/sh\nprintf "{found}" >doctor.csv\nexit {code}\n')
    outlogger.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    summary = tmp_path / "summary"
    shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
    with spawn(script, command=shell, env={"GITHUB_STEP_SUMMARY": str(summary)}) as process:
        finished = finish(process)
    assert words[:3] == ["vendors", "doctor", "--all"]
    assert (finished.code, finished.err) == (ended, "")
    if not ended:
        assert summary.read_text() == ("```\nslug,finding,url\nacme,dead,https://a.example\n```\n")
