"""Check that `outlogger_cli/share/` matches the code: `python -m tests.tools.check_man`.

It contains the manual pages and the completion scripts of shells. Prints a line per file that
differs and exits with 1; `--fix` rewrites them.
"""

import sys
from pathlib import Path

from typer._completion_shared import get_completion_script  # it has no public name

from outlogger_cli.cli.completion import VARIABLE
from tests.tools import manual

SHARE = Path(__file__).parents[2] / "outlogger_cli" / "share"
COMPLETIONS = {
    "bash": "bash-completion/completions/outlogger",
    "zsh": "zsh/site-functions/_outlogger",
    "fish": "fish/vendor_completions.d/outlogger.fish",
}
"""The paths below `share` where shells look for the script of a command."""


def generated() -> dict[str, str]:
    """The content of every file by its path below `share`."""
    pages = {f"man/man{name[-1]}/{name}": text for name, text in manual.pages().items()}
    return pages | {path: _script(shell) for shell, path in COMPLETIONS.items()}


def _script(shell: str) -> str:
    """The output of `outlogger --show-completion` in that shell."""
    script = get_completion_script(prog_name="outlogger", complete_var=VARIABLE, shell=shell)
    # zsh loads the file at the first Tab, and the script alone would not complete that one
    return f'{script}\n_outlogger_completion "$@"\n' if shell == "zsh" else f"{script}\n"


def faults(share: Path) -> list[str]:
    """The faults of the files below `share`, one sentence each."""
    wanted = generated()
    found = {
        path.relative_to(share).as_posix(): path.read_text(encoding="utf-8")
        for path in share.rglob("*")
        if path.is_file()
    }
    unknown = [f"{name} is nothing that is made" for name in found if name not in wanted]
    missing = [f"{name} is not there" for name in wanted if name not in found]
    outdated = [name for name in found if name in wanted and found[name] != wanted[name]]
    return [*unknown, *missing, *(f"{name} is not as the code has it" for name in outdated)]


def fix(share: Path) -> None:
    """Write every file; unknown files are left for a person to check."""
    for name, text in generated().items():
        path = share / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> int:
    if arguments == ["--fix"]:
        fix(SHARE)
    found = faults(SHARE)
    for fault in found:
        sys.stdout.write(f"share: {fault}; run python -m tests.tools.check_man --fix\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
