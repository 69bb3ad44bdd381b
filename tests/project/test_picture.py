"""The README's screenshots match the output of the program."""

from pathlib import Path

import pytest

from tests.tools import check_picture
from tests.tools.check_picture import PICTURES, WIDTH, main, picture, run_drill, to_svg, words


@pytest.mark.parametrize("theme", PICTURES)
def test_a_picture_is_current_and_loads_no_font(theme: str) -> None:
    svg = picture(theme).read_text(encoding="utf-8")
    assert "2vendorshaveproblems" in words(svg)
    assert "@font-face" not in svg
    assert "url(http" not in svg
    assert "href" not in svg
    assert all(len(line) <= WIDTH for line in run_drill(theme).splitlines() if "\x1b" not in line)


def test_an_outdated_picture_is_a_fault_and_is_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {theme: picture(theme).read_text(encoding="utf-8") for theme in PICTURES}
    for theme, svg in before.items():
        (tmp_path / f"picture-{theme}.svg").write_text(svg.replace("GitHub", "GitLab"))
    monkeypatch.setattr(check_picture, "FOLDER", tmp_path)
    assert main([]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"picture-{theme}.svg: is not what is shown; run python -m tests.tools.check_picture --fix"
        for theme in PICTURES
    ]
    assert main(["--fix"]) == 0
    for theme, svg in before.items():
        assert words(picture(theme).read_text(encoding="utf-8")) == words(svg)


@pytest.mark.parametrize("theme", PICTURES)
def test_the_text_of_an_svg_is_read_back(theme: str) -> None:
    assert "a<b&c" in words(to_svg("\x1b[1ma <b\x1b[0m & c\n", PICTURES[theme]))
