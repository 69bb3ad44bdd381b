"""Check that the README's tables match the code: `python -m tests.tools.check_docs`.

The parts between `<!-- generated: NAME -->` and `<!-- /generated -->` are generated here. Prints a
line per part that differs and exits with 1; `--fix` rewrites them.
"""

import os
import re
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from outlogger_cli.cli.help import TOPICS
from outlogger_cli.render import FORMATS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"

_PART = re.compile(r"(?<=<!-- generated: )([^\n]*?) -->\n(.*?)(?=<!-- /generated -->)", re.DOTALL)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")


def parts() -> dict[str, str]:
    """The generated parts of the README by name, each with a line end."""
    return {
        "exit codes": _table(("code", "meaning"), _topic("exit-codes")),
        "formats": _table(
            ("format", ""), ((f"`{one.name}`", one.summary) for one in FORMATS.values())
        ),
    }


def _topic(name: str) -> Iterator[tuple[str, str]]:
    """The rows at the start of a topic of `outlogger help`."""
    rows, _, _ = TOPICS[name](os.environ).partition("\n\n")
    for row in rows.splitlines():
        key, _, said = row.strip().partition("  ")
        yield key, said.strip()


def _table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    lines = [head, ("---", "---"), *rows]
    return "".join(f"| {left} | {right} |\n".replace("|  |", "| |") for left, right in lines)


def faults(text: str) -> list[str]:
    """The faults of the generated parts of a README, one sentence each."""
    generated = parts()
    found = {match[1]: match[2] for match in _PART.finditer(text)}
    unknown = [f"{name!r} is nothing that is generated" for name in found if name not in generated]
    missing = [f"{name!r} is not there" for name in generated if name not in found]
    outdated = [name for name in found if name in generated and found[name] != generated[name]]
    return [*unknown, *missing, *(f"{name!r} is not as the code has it" for name in outdated)]


def fixed(text: str) -> str:
    """The README with its generated parts rewritten."""
    generated = parts()
    return _PART.sub(lambda match: f"{match[1]} -->\n{generated.get(match[1], match[2])}", text)


def fences(text: str, language: str) -> list[str]:
    """The code blocks in `language` of a Markdown text."""
    return [match[2] for match in _FENCE.finditer(text) if match[1] == language]


def command_lines(text: str) -> list[list[str]]:
    """The words after `outlogger` in every command of a Markdown text.

    Those of its `sh` blocks come first, then those of its sentences.
    """
    blocks = [line for block in fences(text, "sh") for line in block.splitlines()]
    spans = _SPAN.findall(_FENCE.sub("", text))
    shown = (span for span in spans if "outlogger " in span)
    return [words for line in (*blocks, *shown) for words in commands(line)]


def commands(line: str) -> Iterator[list[str]]:
    """The words after `outlogger` for each time that a shell line runs it."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] | None = None
    for word in [*lexer, ";"]:
        if set(word) <= set(lexer.punctuation_chars):
            if words is not None:
                yield words
            words = None
        elif words is not None:
            words.append(word)
        elif Path(word).name == "outlogger":
            words = []


def main(arguments: list[str]) -> int:
    text = README.read_text(encoding="utf-8")
    if arguments == ["--fix"]:
        text = fixed(text)
        README.write_text(text, encoding="utf-8")
    found = faults(text)
    for fault in found:
        sys.stdout.write(f"{README.name}: {fault}; run python -m tests.tools.check_docs --fix\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
