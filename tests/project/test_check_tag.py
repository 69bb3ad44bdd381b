"""The check of tag, version and changelog before a release."""

from pathlib import Path

import pytest

from outlogger_cli import __version__
from tests.tools import check_tag
from tests.tools.check_tag import CHANGELOG, faults, notes

GOOD = """\
# Changelog

## [Unreleased]

## [1.2.0] - 2026-01-15

### Added

- `outlogger nap` rests.

## [1.1.0] - 2025-12-01

### Fixed

- It never slept.

[1.2.0]: https://example.org/1.2.0
"""


def test_the_notes_of_a_release_are_its_section() -> None:
    assert faults("v1.2.0", version="1.2.0", changelog=GOOD) == []
    assert notes("1.2.0", GOOD) == "### Added\n\n- `outlogger nap` rests."
    assert notes("1.1.0", GOOD) == "### Fixed\n\n- It never slept."


@pytest.mark.parametrize(
    ("tag", "changelog", "fault"),
    [
        ("v1.2.1", GOOD, "the tag is 'v1.2.1', but the version is 1.2.0"),
        ("1.2.0", GOOD, "the tag is '1.2.0', but the version is 1.2.0"),
        ("v1.2.0", GOOD.replace("[1.2.0] -", "[1.3.0] -"), "the changelog has no section [1.2.0]"),
        ("v1.2.0", GOOD.replace(" - 2026-01-15", ""), "[1.2.0] has no date"),
        ("v1.2.0", GOOD.replace("2026-01-15", "soon"), "[1.2.0] has no date"),
        (
            "v1.2.0",
            GOOD.replace("### Added\n\n- `outlogger nap` rests.\n", ""),
            "[1.2.0] says nothing",
        ),
        (
            "v1.2.0",
            GOOD.replace("[Unreleased]\n", "[Unreleased]\n\n- Naps.\n"),
            "[Unreleased] still holds changes",
        ),
    ],
)
def test_each_disagreement_is_a_fault(tag: str, changelog: str, fault: str) -> None:
    assert faults(tag, version="1.2.0", changelog=changelog) == [fault]


def test_the_notes_are_printed_for_the_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    monkeypatch.setattr(check_tag, "CHANGELOG", changelog)
    changelog.write_text(GOOD.replace("1.2.0", __version__), encoding="utf-8")
    assert check_tag.main([f"v{__version__}"]) == 0
    assert capsys.readouterr() == ("### Added\n\n- `outlogger nap` rests.\n", "")
    assert check_tag.main(["v0.0.1"]) == 1
    assert capsys.readouterr() == ("", f"the tag is 'v0.0.1', but the version is {__version__}\n")


def test_the_changelog_has_the_version_or_unreleased_changes() -> None:
    text = CHANGELOG.read_text(encoding="utf-8")
    assert notes(check_tag.UNRELEASED, text) or notes(__version__, text)
