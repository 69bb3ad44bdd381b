"""The tables, commands and watchlist of the README match the code."""

import os
import re
from pathlib import Path

import pytest

from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.render import FORMATS
from outlogger_cli.watchlist import schema
from tests.cli.commands.pages import HEALTHY, PAST
from tests.origin import Origin, Reply
from tests.project.test_release import CLONE
from tests.running import run_command
from tests.tools import check_docs
from tests.tools.check_docs import (
    README,
    ROOT,
    command_lines,
    commands,
    faults,
    fences,
    fixed,
    parts,
)
from tests.tools.check_release import sources

TEXT = README.read_text(encoding="utf-8")
KNOWN = command_lines(TEXT)
NOT_RUN = (["watch"], ["serve"], ["mcp"], ["watchlist", "init"], ["triage", "--", "npm", "ci"])
"""Commands that do not end, that refuse a file that exists, or that need another program."""

RUNNABLE = [
    words for words in KNOWN if not any(word.isupper() for word in words) and words not in NOT_RUN
]
"""Commands that run as written; the others have placeholders such as URL."""

NAMES = ("Actions", "API Requests")
"""The components of GitHub that the README's watchlist names."""

PART = "<!-- generated: exit codes -->\n"
END = "<!-- /generated -->"


def test_the_readme_is_short() -> None:
    assert len(TEXT.splitlines()) <= 170


def test_the_readme_matches_the_code() -> None:
    assert faults(TEXT) == []
    assert check_docs.main([]) == 0


def test_every_table_is_complete() -> None:
    rows = {name: part.splitlines()[2:] for name, part in parts().items()}
    assert [row.split(" | ")[0] for row in rows["exit codes"]] == [f"| {int(c)}" for c in ExitCode]
    assert rows["formats"][-1] == f"| `waybar` | {FORMATS['waybar'].summary} |"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (TEXT.replace("| 4 | ", "| 5 | "), "'exit codes' is not as the code has it"),
        (TEXT.replace(PART, ""), "'exit codes' is not there"),
        (f"{TEXT}<!-- generated: moods -->\n{END}", "'moods' is nothing that is generated"),
    ],
)
def test_an_outdated_readme_is_a_fault(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_only_the_outdated_part_is_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(TEXT.replace("| 4 | ", "| 5 | "), encoding="utf-8")
    monkeypatch.setattr(check_docs, "README", readme)
    assert check_docs.main([]) == 1
    assert capsys.readouterr().out == (
        "README.md: 'exit codes' is not as the code has it;"
        " run python -m tests.tools.check_docs --fix\n"
    )
    assert check_docs.main(["--fix"]) == 0
    assert readme.read_text(encoding="utf-8") == TEXT


def test_unknown_parts_are_left_unchanged() -> None:
    text = f"a\n<!-- generated: moods -->\ngood\n{END}\nb\n{PART}{END}"
    assert fixed(text) == text.replace(PART, PART + parts()["exit codes"])


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (".venv/bin/outlogger drill", [["drill"]]),
        ("A=1 outlogger check a -c 'B C' || ./x", [["check", "a", "-c", "B C"]]),
        ("(outlogger status; outlogger help >x)", [["status"], ["help"]]),
        ("pip install outlogger-cli", []),
    ],
)
def test_commands_are_found_in_a_line_for_a_shell(line: str, found: list[list[str]]) -> None:
    assert list(commands(line)) == found


def test_commands_are_found_in_blocks_and_in_sentences() -> None:
    text = "Try `a` outlogger b `outlogger help`.\n```sh\noutlogger drill\n```\n```toml\nx\n```\n"
    assert command_lines(text) == [["drill"], ["help"]]
    assert fences(text, "toml") == ["x\n"]


@pytest.mark.parametrize("words", KNOWN, ids=" ".join)
def test_every_command_and_option_of_the_readme_exists(words: list[str]) -> None:
    own = words[: words.index("--")] if "--" in words else words
    assert run_command(*own, "--help").code == 0


@pytest.mark.parametrize("words", RUNNABLE, ids=" ".join)
def test_every_command_of_the_readme_runs(
    words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    Path("outlogger.toml").write_text(fences(TEXT, "toml")[0], encoding="utf-8")
    Path("requirements.txt").write_text("stripe==9.1\n", encoding="utf-8")
    Path("build.log").write_text("npm error code ECONNRESET\n", encoding="utf-8")
    page = {
        **HEALTHY,
        "components": [{"id": "1", "name": n, "status": "operational"} for n in NAMES],
    }
    documents = {
        "/api/v2/summary.json": Reply(body=page),
        "/api/v2/incidents.json": Reply(body=PAST),
    }
    with Origin(tls=False, routes=documents) as origin:
        acted = {} if words[0] == "mute" else {"OUTLOGGER_DRILL": origin.url}
        finished = run_command(*words, env=acted)
    assert finished.code == 0
    written = finished.out or capfd.readouterr().out  # by the command of a drill
    assert written or words[0] == "watch" or "--problems" in words, "of what is well nothing"


@pytest.mark.parametrize("text", fences(TEXT, "toml"))
def test_the_watchlists_of_the_readme_are_valid(text: str) -> None:
    assert schema.parse(text, README).vendors


PAGES = [name for name in sources() if name.suffix == ".md"]
LINK = re.compile(r"""\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)\"""")


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"(?ms)^```.*?^```$", "", text), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in words}


@pytest.mark.skipif(not CLONE, reason="only git knows what belongs to the project")
@pytest.mark.parametrize("page", PAGES if CLONE else [], ids=str)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    own = (ROOT / page).read_text(encoding="utf-8")
    for link in (first or second for first, second in LINK.findall(own)):
        if re.match(r"https://[a-z]", link):
            continue
        path, _, anchor = link.partition("#")
        target = Path(os.path.normpath(page.parent / path)) if path else page
        assert target in sources() or (ROOT / target).is_dir(), link
        if anchor:
            assert anchor in anchors((ROOT / target).read_text(encoding="utf-8")), link


def test_the_anchors_are_those_of_github() -> None:
    text = "# A `code` & more\n## Vendor's page: x-y\n```sh\n# no heading\n```\n"
    assert anchors(text) == {"a-code--more", "vendors-page-x-y"}


def test_the_readme_leads_to_the_pages_of_the_repository() -> None:
    links = {first.partition("#")[0] for first, _ in LINK.findall(TEXT)}
    assert {"examples/README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"} <= links
    assert "action.yml" in links
