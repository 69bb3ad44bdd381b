"""The description of the package on its index: the README, with absolute links.

On the page of the index a link such as `examples/README.md` would lead nowhere.
"""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(?<=\]\()(?!https:|#)([^)\s]+)(?=\))")
_IMAGE = re.compile(r'(?<=src=")(?!https:)([^"]+)|(?<=srcset=")(?!https:)([^"]+)')


class Readme(MetadataHookInterface):
    def update(self, metadata: dict[str, Any]) -> None:
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        project, tag = metadata["urls"]["Source"], f"v{metadata['version']}"
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(text, project, tag)}


def absolute(text: str, project: str, tag: str) -> str:
    """`text` with links to the files that `project` has in the version `tag`."""
    linked = _LINK.sub(lambda link: f"{project}/blob/{tag}/{link[0]}", text)
    return _IMAGE.sub(lambda image: f"{project}/raw/{tag}/{image[0]}", linked)
