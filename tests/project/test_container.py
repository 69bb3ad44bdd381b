"""The Containerfile, as far as it can be tested without a container."""

import re
import shlex
import shutil
import zipfile
from pathlib import Path

from tests.project.test_release import needs_clone
from tests.tools.check_release import CONTAINERFILE, ROOT, build, copy, instructions

STEPS = list(instructions(CONTAINERFILE.read_text(encoding="utf-8")))
STAGES = [at for at, (name, _) in enumerate(STEPS) if name == "FROM"]
BUILD, FINAL = STEPS[: STAGES[1]], STEPS[STAGES[1] :]


def of(name: str, steps: list[tuple[str, str]]) -> list[str]:
    return [rest for found, rest in steps if found == name]


def test_instructions_are_parsed_with_their_continuations() -> None:
    text = "# a\nFROM x AS y\n\nRUN one && \\\n    two\nENTRYPOINT []\n"
    assert list(instructions(text)) == [
        ("FROM", "x AS y"),
        ("RUN", "one && two"),
        ("ENTRYPOINT", "[]"),
    ]


def test_both_stages_use_the_same_slim_base_of_a_fixed_version() -> None:
    bases = [rest.split()[0] for rest in of("FROM", STEPS)]
    assert len(bases) == 2
    assert len({*bases}) == 1
    assert re.fullmatch(r"python:3\.1[1-4]-slim(@sha256:[0-9a-f]{64})?", bases[0])


def test_the_program_runs_without_root_and_without_a_shell() -> None:
    (user,) = of("USER", FINAL)
    assert re.fullmatch(r"[1-9]\d{4,}:[1-9]\d{4,}", user)
    assert [name for name, _ in FINAL][-2:] == ["USER", "ENTRYPOINT"]
    assert of("ENTRYPOINT", FINAL) == ['["outlogger"]']


def test_only_pip_downloads_and_no_secret_is_named() -> None:
    assert {name for name, _ in STEPS} == {
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "ENV",
        "USER",
        "ENTRYPOINT",
    }
    steps = "\n".join(rest for _, rest in STEPS)
    assert not re.search(
        r"://|curl|wget|apt|secret|token|password|--mount|trusted-host|index", steps
    )
    assert [rest.split()[0] for rest in of("COPY", FINAL)] == ["--from=build"]


def test_every_user_can_write_the_home_and_run_the_program() -> None:
    (env,) = of("ENV", FINAL)
    variables = dict(word.split("=", 1) for word in shlex.split(env))
    assert of("RUN", FINAL) == [f"mkdir -m 1777 {variables['HOME']}"]
    (_, where, there) = of("COPY", FINAL)[0].split()
    assert where == there
    assert variables["PATH"].split(":")[0] == f"{where}/bin"
    assert of("WORKDIR", FINAL) == ["/work"]


@needs_clone
def test_the_copied_files_are_enough_for_a_build(tmp_path: Path) -> None:
    whole = copy(tmp_path / "whole")
    src = tmp_path / "src"
    for rest in of("COPY", BUILD):
        *names, into = shlex.split(rest)
        for name in names:
            target = src / into / ("" if (whole / name).is_dir() else name)
            if (whole / name).is_dir():
                shutil.copytree(whole / name, target)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(whole / name, target)
    wheel, _ = build(src, tmp_path / "a")
    assert wheel.read_bytes() == build(whole, tmp_path / "b")[0].read_bytes()
    assert zipfile.ZipFile(wheel).testzip() is None


def test_the_docs_run_the_container_as_the_owner_of_the_work_folder() -> None:
    usage = re.findall(
        r"^#   (docker .+)$", CONTAINERFILE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert str(CONTAINERFILE.relative_to(ROOT).as_posix()) in usage[0]
    assert '--user "$(id -u):$(id -g)" -v "$PWD:/work" outlogger check' in usage[1]
