"""Run all checks that a change must pass: `python -m tests`."""

import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
LEAST = () if sys.platform == "linux" else ("--fail-under=0",)
"""Tests of features that other systems lack are skipped there: only Linux covers every branch."""

STEPS = {
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "types": [PYTHON, "-m", "mypy"],
    "imports": [str(Path(sysconfig.get_path("scripts"), "lint-imports")), "--no-cache"],
    "catalogue": [PYTHON, "-m", "tests.tools.check_catalog"],
    "docs": [PYTHON, "-m", "tests.tools.check_docs"],
    "picture": [PYTHON, "-m", "tests.tools.check_picture"],
    "manual": [PYTHON, "-m", "tests.tools.check_man"],
    "forget": [PYTHON, "-m", "coverage", "erase"],
    "tests": [PYTHON, "-m", "coverage", "run", "-m", "pytest", "-n", "2", "-q"],
    "combine": [PYTHON, "-m", "coverage", "combine", "--quiet"],
    "coverage": [PYTHON, "-m", "coverage", "report", *LEAST],
}


def main() -> int:
    """Run every step, even after a failure; returns 1 if any failed."""
    failed = [name for name, command in STEPS.items() if _run(name, command)]
    if failed:
        sys.stderr.write(f"failed: {', '.join(failed)}\n")
    return 1 if failed else 0


def _run(name: str, command: list[str]) -> int:
    sys.stdout.write(f"== {name}\n")
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
