"""`outlogger watchlist` as processes: many at once, and killed at any moment."""

import random
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from outlogger_cli.watchlist.store import load
from tests.cli.commands.watchlist.lists import added, watchlist
from tests.running import finish, spawn

COMMAND = """
import sys
from outlogger_cli.cli.app import run
"""


def test_twenty_processes_at_once_are_all_on_the_list(path: Path) -> None:
    path.write_text("# ours\n")
    code = f"{COMMAND}\nsys.stdin.read()\nsys.exit(run(sys.argv[1:]))"
    slugs = [f"v{number}.example" for number in range(20)]
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                spawn(
                    *("watchlist", "add", f"https://{slug}", "--no-check"),
                    command=(sys.executable, "-c", code),
                    stdin=subprocess.PIPE,
                )
            )
            for slug in slugs
        ]
        finished = [finish(process) for process in running]
    assert finished == [added(f"Added {slug} (https://{slug}, not checked)") for slug in slugs]
    assert {entry.slug for entry in load(path).vendors} == set(slugs)
    assert path.read_text().startswith("# ours\n\n[vendors.")


@pytest.mark.parametrize("seed", range(8))
def test_a_kill_at_any_moment_leaves_a_whole_list(path: Path, seed: int) -> None:
    path.touch()
    code = f"""{COMMAND}
for number in range(10_000):
    run(["watchlist", "add", f"https://v{{number}}.example", "--no-check", "--tag", "a" * 250])
"""
    with spawn(command=(sys.executable, "-c", code)) as process:
        assert process.stdout
        for _ in range(random.Random(seed).randrange(1, 12)):
            assert process.stdout.readline()
        process.kill()
        process.wait()
    slugs = [entry.slug for entry in load(path).vendors]
    assert slugs == [f"v{number}.example" for number in range(len(slugs))]
    assert slugs
    assert watchlist("add", "github", "--no-check").code == 0
    assert [file.name for file in path.parent.iterdir()] == ["outlogger.toml"]
