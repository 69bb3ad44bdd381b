"""Build a release and test its installation: `python -m tests.tools.check_release`.

The wheel is installed with its oldest and with its newest dependencies, and then as in the
Containerfile. That needs a package index. Prints the versions and a line per fault, and exits with
1 if there is one; wheel and sdist are left in `dist/`. `--oldest` only prints the oldest
dependencies, as constraints for pip.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement

from outlogger_cli import __version__

ROOT = Path(__file__).parents[2]
CONTAINERFILE = ROOT / "examples" / "container" / "Containerfile"
SHARED = Path("outlogger_cli", "share")
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PATIENCE = 60.0
"""The most seconds for one command."""

_SHOWN = 200
"""Characters of a command's output that a fault shows."""

_OUT = ("drill", "-c", "Routing", "--", "outlogger", "check", "permutive")
TRIALS: dict[tuple[str, ...], tuple[int, str]] = {
    ("--version",): (0, f"outlogger {__version__}\n"),
    ("drill",): (0, "permutive\t\tRouting\toperational\tnone\n"),
    _OUT: (1, "permutive\tcritical\tproblem\tRouting\t"),
    ("drill", "--fault", "html", "--", "outlogger", "check", "permutive"): (3, "\tunknown\t"),
    ("drill", "--", "outlogger", "status", "permutive", "-f", "table"): (0, "✓ operational"),
    ("drill", "--", "outlogger", "status", "permutive", "-f", "html"): (0, "<!DOCTYPE html>"),
    ("vendors", "show", "github"): (0, "github\tGitHub\tstatuspage\thttps://www.githubstatus.com"),
    ("help", "exit-codes"): (0, "  3    at least one vendor is unknown"),
    ("help", "json-schema"): (0, '"$schema"'),
    ("watchlist", "suggest", "--help"): (0, "Usage: outlogger watchlist suggest"),
    ("--show-completion", "bash"): (0, "complete -o default -F _outlogger_completion outlogger\n"),
    ("check", "--no-such-option"): (2, ""),
}
"""Arguments with the expected exit code and a part of the expected output."""


def sources() -> list[Path]:
    """Every file of the project by git, including untracked files that are not ignored."""
    asked = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = sorted(filter(None, listed.split("\0")))
    return [Path(name) for name in names if (ROOT / name).is_file()]


def copy(folder: Path) -> Path:
    """Copy the files of the project into `folder`."""
    for name in sources():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def build(tree: Path, folder: Path, *, env: Mapping[str, str] | None = None) -> tuple[Path, Path]:
    """Build the wheel and the sdist of the project in `tree`.

    Time stamps are hatchling's default unless `env` sets SOURCE_DATE_EPOCH.
    """
    kept = {name: text for name, text in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    command = (sys.executable, "-m", "hatchling", "build", "--directory", str(folder))
    subprocess.run(command, cwd=tree, env={**kept, **(env or {})}, capture_output=True, check=True)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def oldest(project: str) -> list[str]:
    """The lower bounds of the dependencies and extras, as constraints for pip."""
    about = tomllib.loads(project)["project"]
    extras = {**about["optional-dependencies"], "dev": []}
    wanted = [*about["dependencies"], *(line for lines in extras.values() for line in lines)]
    return [
        f"{requirement.name}=={bound.version}"
        for requirement in map(Requirement, wanted)
        for bound in requirement.specifier
        if bound.operator == ">="
    ]


def install(wheel: Path, folder: Path, constraints: Sequence[str]) -> Path:
    """Install the wheel in a new environment; returns its folder of programs."""
    home = folder / "environment"
    venv.create(home, symlinks=os.name != "nt")
    limits = folder / "constraints.txt"
    limits.write_text("\n".join(constraints), encoding="utf-8")
    programs = Path(sysconfig.get_path("scripts", "venv", {"base": str(home)}))
    _pip(programs, "install", "--quiet", "--constraint", str(limits), str(wheel))
    _pip(programs, "check")
    _pip(programs, "freeze")
    return programs


def instructions(containerfile: str) -> Iterator[tuple[str, str]]:
    """Each instruction of a Containerfile, and its arguments."""
    joined = containerfile.replace("\\\n", " ")
    for line in joined.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, " ".join(rest.split())


def run_containerfile(containerfile: str, folder: Path) -> Path:
    """Run the commands of the first stage of a Containerfile, with `folder` as root.

    Returns the folder of programs.
    """
    tree = copy(folder / "src")
    script = next(rest for name, rest in instructions(containerfile) if name == "RUN")
    home = str(folder / "opt" / "outlogger")
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = ("sh", "-ec", script.replace("/opt/outlogger", home))
    subprocess.run(command, cwd=tree, env=env, check=True, stdout=subprocess.DEVNULL)
    return Path(home) / "bin"


def _pip(programs: Path, *arguments: str) -> None:
    python = str(programs / "python")
    subprocess.run([sys.executable, "-m", "pip", "--python", python, *arguments], check=True)


def faults(programs: Path, folder: Path) -> Iterator[str]:
    """The faults of the program when it runs in `folder`, one sentence each."""
    env = {
        **{name: text for name, text in os.environ.items() if not name.startswith("OUTLOGGER_")},
        "HOME": str(folder),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUTF8": "1",
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }
    for path in sources():
        beside = path.is_relative_to(SHARED)
        if beside and not (programs.parent / path.relative_to(SHARED.parent)).is_file():
            yield f"{path.as_posix()} is not installed"
    for typed, (code, part) in TRIALS.items():
        tried = subprocess.run(
            [str(programs / "outlogger"), *typed],
            cwd=folder,
            env=env,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        if (tried.returncode, part in tried.stdout) != (code, True):
            said = f"{tried.stdout[:_SHOWN]!r} {tried.stderr[-_SHOWN:]!r}"
            yield f"outlogger {' '.join(typed)}: exit code {tried.returncode}, {said}"


def main(arguments: Sequence[str]) -> int:
    if list(arguments) == ["--oldest"]:
        sys.stdout.write("".join(f"{constraint}\n" for constraint in oldest(PROJECT)))
        return 0
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    with TemporaryDirectory() as folder:
        wheel, _ = build(copy(Path(folder)), ROOT / "dist")
    recipe = CONTAINERFILE.read_text(encoding="utf-8")
    ways: dict[str, Callable[[Path], Path]] = {
        "oldest": lambda folder: install(wheel, folder, oldest(PROJECT)),
        "newest": lambda folder: install(wheel, folder, []),
        "container": lambda folder: run_containerfile(recipe, folder),
    }
    found = [fault for name, way in ways.items() for fault in _tried(name, way)]
    sys.stdout.write("".join(f"{fault}\n" for fault in found) or "no faults\n")
    return 1 if found else 0


def _tried(name: str, way: Callable[[Path], Path]) -> list[str]:
    sys.stdout.write(f"== {name}\n")
    sys.stdout.flush()
    with TemporaryDirectory() as folder:
        programs = way(Path(folder))
        return [f"{name}: {fault}" for fault in faults(programs, Path(folder))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
