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
        f"2 vendors not on the watchlist yet; to add: outlogger watchlist suggest {project} --add\n"
    )


def test_suggest_looks_into_this_folder_unless_another_is_named(project: Path) -> None:
    here = watchlist("suggest", cwd=project)
    assert here.out == watchlist("suggest", str(project)).out
    assert here.err.endswith("; to add: outlogger watchlist suggest --add\n")


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


def test_suggest_in_a_table_gives_the_best_evidence_a_line_each(project: Path, path: Path) -> None:
    path.write_text("[vendors.openai]\n")
    finished = watchlist("suggest", str(project), terminal=True, env={"NO_COLOR": "1"})
    assert finished.out.splitlines() == [
        "SLUG    SCORE  LIST    EVIDENCE",
        "stripe     94  new     Ruby gem stripe  Gemfile:1",
        "                       Python package stripe  requirements.txt:1",
        "                       host api.stripe.com  src/0.py:1",
        "                       and 2 more",
        "openai     90  listed  Python package openai  requirements.txt:2",
    ]


def test_suggest_in_a_table_counts_all_evidence_and_cuts_paths_in_the_middle(project: Path) -> None:
    folder = project / "packages" / "payments" / "checkout" / "internal"
    folder.mkdir(parents=True)
    for at in range(20):
        (folder / f"confirmation_{at:02}.py").write_text("get('https://api.plaid.com/v1')\n")
    options = ["--except", "stripe", "--min-score", "51", "--except", "OpenAI"]
    finished = watchlist("suggest", str(project), *options, terminal=True, env={"NO_COLOR": "1"})
    _, *lines, last = finished.out.splitlines()
    assert [line.split()[-1] for line in lines] == [
        f"packages/pa…nal/confirmation_{at:02}.py:1" for at in range(3)
    ]
    assert lines[0].startswith("plaid     59  new   host api.plaid.com  ")
    assert last.strip() == "and 17 more"


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], ["stripe", "openai"]),
        (["--min-score", "91"], ["stripe"]),
        (["--min-score", "99"], []),
        (["--except", "Stripe"], ["openai"]),
        (["--except", "stripe,openai"], []),
        (["--except", "github", "--except", "openai"], ["stripe"]),
    ],
)
def test_suggest_leaves_out_what_is_not_wanted(
    options: list[str], found: list[str], project: Path, path: Path
) -> None:
    path.write_text("")
    finished = watchlist("suggest", str(project), "--add", "--json", *options)
    assert [item["slug"] for item in finished.json["items"]] == found
    assert [slug for slug in ("stripe", "openai") if slug in path.read_text()] == found
    omitted = "found 2 vendors, omitted by --min-score or --except\n"
    assert found or finished.err == omitted


def test_suggest_refuses_a_vendor_or_a_score_that_does_not_exist(project: Path) -> None:
    finished = watchlist("suggest", str(project), "--except", "opnai", "--add")
    assert (finished.code, finished.out) == (2, "")
    assert "did you mean openai?" in finished.err
    assert watchlist("suggest", str(project), "--min-score", "100").code == 2


def test_suggest_adds_to_the_list_of_the_repository(project: Path, path: Path, home: Path) -> None:
    path.write_text("[vendors.openai]\n")
    (project / ".git").mkdir()
    own = project / "outlogger.toml"
    assert [
        item["listed"] for item in watchlist("suggest", str(project), "--json").json["items"]
    ] == [
        False,
        True,
    ]
    finished = watchlist("suggest", str(project / "src"), "--add", cwd=home)
    assert finished.err.splitlines() == [
        f"Created watchlist {own}",
        f"Added 1 vendor to {own}",
    ]
    assert "[vendors.stripe]" in own.read_text()
    again = watchlist("suggest", "--add", str(project), cwd=project)
    assert again.err == f"Added 1 vendor to {own}\n"
    assert path.read_text() == "[vendors.openai]\n"
    named = watchlist("suggest", str(project), "--add", "--watchlist", str(path))
    assert named.err == f"Added 1 vendor to {path}\n"


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
    assert again.err == f"all are already on the watchlist {path}\n"
    none = watchlist("suggest", str(project), "--min-score", "99")
    assert none.err == "found 2 vendors, omitted by --min-score or --except\n"


def test_suggest_says_that_it_found_nothing(home: Path) -> None:
    (home / "empty").mkdir()
    assert watchlist("suggest", "empty", "--add") == Finished(
        code=0, out="", err="no vendors found in empty\n"
    )
    assert list((home / ".config").glob("*")) == []


def test_suggest_says_what_it_could_not_read(home: Path) -> None:
    folder = home / "project"
    folder.mkdir()
    for manifest in ("package.json", "Cargo.toml"):
        (folder / manifest).write_bytes(b" " * 4_200_000)
    (folder / "MODULE.bazel").write_text("")
    said = (
        "some files in project were skipped: 2 too large files (Cargo.toml, package.json), "
        "1 unsupported manifest (Bazel: MODULE.bazel)\n"
    )
    assert watchlist("suggest", "project") == Finished(
        code=0, out="", err=f"no vendors found in project\n{said}"
    )
    (folder / "requirements.txt").write_text("stripe\n")
    assert watchlist("suggest", "project").err.endswith(f"suggest project --add\n{said}")
    assert watchlist("suggest", "project", "-q").err == ""


def test_suggest_says_that_it_ended_at_its_limit(project: Path) -> None:
    (project / "Cargo.toml").write_bytes(b" " * 4_200_000)
    finished = run_command(
        "watchlist", "suggest", str(project), monotonic=map(float, range(0, 99, 2)).__next__
    )
    assert finished.err.splitlines()[1:] == [
        f"some files in {project} were skipped: 1 too large file (Cargo.toml), time or size "
        "limit reached; search its folders one by one"
    ]
