"""The README's screenshot matches the output of the program."""

from pathlib import Path

import pytest

from tests.tools import check_picture
from tests.tools.check_picture import PICTURE, WIDTH, main, run_drill, to_svg, words


def test_the_picture_is_current_and_loads_no_font() -> None:
    svg = PICTURE.read_text(encoding="utf-8")
    assert "Routingpartialoutage" in words(svg)
    assert "@font-face" not in svg
    assert all(len(line) <= WIDTH for line in run_drill().splitlines() if "\x1b" not in line)


def test_an_outdated_picture_is_a_fault_and_is_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "picture.svg"
    picture.write_text(PICTURE.read_text(encoding="utf-8").replace("Routing", "Roaming"))
    monkeypatch.setattr(check_picture, "PICTURE", picture)
    assert main([]) == 1
    assert capsys.readouterr().out == (
        "picture.svg: is not what is shown; run python -m tests.tools.check_picture --fix\n"
    )
    assert main(["--fix"]) == 0
    assert words(picture.read_text(encoding="utf-8")) == words(PICTURE.read_text(encoding="utf-8"))


def test_the_text_of_an_svg_is_read_back() -> None:
    assert "a<b&c" in words(to_svg("\x1b[1ma <b\x1b[0m & c\n"))
