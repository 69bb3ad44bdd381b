"""Failing logs in the shapes of the tools' real output, each with what a person would say."""

from collections.abc import Iterator

from tests.support import DATA

_CONTROLS = {"<ESC>": "\x1b", "<BEL>": "\x07", "<CR>": "\r"}


def logs(name: str) -> Iterator[tuple[list[str], bytes]]:
    """The fields of the headline of each log in `tests/data/triage/NAME.txt`, and its text."""
    text = (DATA / "triage" / f"{name}.txt").read_text(encoding="utf-8")
    for control, sign in _CONTROLS.items():
        text = text.replace(control, sign)
    for part in f"\n{text}".split("\n=== ")[1:]:
        head, _, body = part.partition("\n")
        yield [field.strip() for field in head.split("|")], body.encode()
