"""Small projects in a folder, and what is suggested for them."""

from collections.abc import Mapping
from pathlib import Path

from outlogger_cli.suggest import Evidence, Proposal
from outlogger_cli.suggest import suggest as search


def project(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, body in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return root


def suggest(root: Path) -> tuple[Proposal, ...]:
    return search(root).proposals


def slugs(root: Path, files: Mapping[str, str | bytes]) -> list[str]:
    return [proposal.slug for proposal in suggest(project(root, files))]


def all_evidence(proposals: tuple[Proposal, ...]) -> list[Evidence]:
    return [evidence for proposal in proposals for evidence in proposal.evidence]
