"""`outlogger watchlist suggest`: what a project depends on, and `--add`."""

from pathlib import Path

import pytest

from tests.cli.commands.watchlist.lists import watchlist
from tests.running import Finished, run_command


@pytest.fixture
def project(home: Path) -> Path:
    """A project that depends on three vendors, the one of them in many places."""
    folder = home / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "requirements.txt").write_text("stripe==9.1\nopenai\n")
    (folder / "Gemfile").write_text("gem 'stripe'\n")
    for at in range(3):
        (folder / "src" / f"{at}.py").write_text("URL = 'https://api.stripe.com/v1'\n")
    return folder


STRIPE = [
    ("Gemfile", 1, "Ruby gem stripe"),
    ("requirements.txt", 1, "Python package stripe"),
    *((f"src/{at}.py", 1, "host api.stripe.com") for at in range(3)),
]
OPENAI = [("requirements.txt", 2, "Python package openai")]


def test_suggest_names_the_vendors_with_their_evidence(project: Path) -> None:
    said = "; ".join(f"{path}:{line} {what}" for path, line, what in STRIPE)
    finished = watchlist("suggest", str(project))
    rows = [row.split("\t") for row in finished.out.splitlines()]
    assert [(slug, name, evidence) for slug, name, _, evidence in rows] == [
        ("stripe", "Stripe", said),
        ("openai", "OpenAI", "requirements.txt:2 Python package openai"),
    ]
    assert finished.err == (
        "2 vendors not on the list yet: outlogger watchlist suggest --add takes them in\n"
    )


def test_suggest_looks_into_this_folder_unless_another_is_named(project: Path) -> None:
    here = watchlist("suggest", cwd=project).out
    assert here == watchlist("suggest", str(project)).out


def test_suggest_in_json_has_the_evidence_in_parts(project: Path, path: Path) -> None:
    path.write_text("[vendors.openai]\n")
    listing = watchlist("suggest", str(project), "--json").json
    assert listing["command"] == "watchlist suggest"
    for item in listing["items"]:
        del item["score"]
    assert listing["items"] == [
        {
            "slug": "stripe",
            "name": "Stripe",
            "listed": False,
            "added": False,
            "evidence": [{"path": p, "line": line, "what": what} for p, line, what in STRIPE],
        },
        {
            "slug": "openai",
            "name": "OpenAI",
            "listed": True,
            "added": False,
            "evidence": [{"path": p, "line": line, "what": what} for p, line, what in OPENAI],
        },
    ]


def test_suggest_in_a_table_gives_the_best_evidence_a_line_each(project: Path) -> None:
    finished = watchlist("suggest", str(project), terminal=True, env={"NO_COLOR": "1"})
    assert finished.out.splitlines() == [
        "SLUG    EVIDENCE",
        "stripe  Gemfile:1 Ruby gem stripe",
        "        requirements.txt:1 Python package stripe",
        "        src/0.py:1 host api.stripe.com",
        "        and 2 more",
        "openai  requirements.txt:2 Python package openai",
    ]


def test_suggest_takes_in_what_is_not_on_the_list(project: Path, path: Path) -> None:
    path.write_text("[vendors.openai]\ntags = ['ai']\n")
    finished = watchlist("suggest", str(project), "--add", "--json")
    assert [(i["slug"], i["listed"], i["added"]) for i in finished.json["items"]] == [
        ("stripe", True, True),
        ("openai", True, False),
    ]
    assert (finished.code, finished.err) == (0, f"Added 1 vendor to {path}\n")
    assert path.read_text() == "[vendors.openai]\ntags = ['ai']\n\n[vendors.stripe]\n"
    again = watchlist("suggest", str(project), "--add")
    assert again.err == "all of them are on the list already\n"


def test_suggest_says_that_it_found_nothing(home: Path) -> None:
    (home / "empty").mkdir()
    assert watchlist("suggest", "empty", "--add") == Finished(
        code=0, out="", err="nothing in empty speaks of a vendor of the catalogue\n"
    )
    assert list((home / ".config").glob("*")) == []


def test_suggest_says_what_it_could_not_read(home: Path) -> None:
    folder = home / "project"
    folder.mkdir()
    for manifest in ("package.json", "Cargo.toml"):
        (folder / manifest).write_bytes(b" " * 1_100_000)
    said = "not everything in project was read: 2 too large files\n"
    assert watchlist("suggest", "project") == Finished(
        code=0, out="", err=f"nothing in project speaks of a vendor of the catalogue\n{said}"
    )
    (folder / "requirements.txt").write_text("stripe\n")
    assert watchlist("suggest", "project").err.endswith(f"takes them in\n{said}")
    assert watchlist("suggest", "project", "-q").err == ""


def test_suggest_says_that_it_ended_at_its_limit(project: Path) -> None:
    (project / "Cargo.toml").write_bytes(b" " * 1_100_000)
    finished = run_command(
        "watchlist", "suggest", str(project), monotonic=map(float, range(0, 99, 2)).__next__
    )
    assert finished.err.splitlines()[1:] == [
        f"not everything in {project} was read: 1 too large file, the limit of time or size was "
        "reached; search its folders one by one"
    ]
