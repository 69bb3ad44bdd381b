"""Where the project's watchlist is."""

from pathlib import Path

import pytest

from tests.cli.commands.watchlist.lists import ACME


@pytest.fixture
def path(home: Path) -> Path:
    """The project's watchlist; the test makes it."""
    return home / "outlogger.toml"


@pytest.fixture
def team(path: Path) -> Path:
    """A list with three vendors."""
    path.write_text(
        "# the team's\n"
        "[vendors.github]\n"
        "tags = ['ci']\n"
        "\n"
        "[vendors.openai]\n"
        "\n"
        "[vendors.acme]\n"
        "name = 'Acme'\n"
        f"url = '{ACME}'\n"
        "components = ['EU/*', 'Web']\n"
        "fail_on = 'major'\n"
        "timeout = 90\n"
        "headers = { A = 's3cret' }\n"
    )
    return path
