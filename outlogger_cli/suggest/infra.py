"""Read what CI, containers, Kubernetes, Helm and serverless frameworks name: images and registries,
actions, orbs, tasks and pipes, charts, resources and cloud providers.

Comments do not count. Of an image its name is kept, without tag and digest.
"""

import re
from collections.abc import Iterable, Iterator

from outlogger_cli.suggest.files import LINE_LIMIT, Mention, Strength, Text
from outlogger_cli.suggest.source import is_comment

_IMAGE = re.compile(
    r"^([ \t]*(?:-[ \t]+)?)(?:image|container|newName):[ \t]*[\"']?(?:docker://)?(\w[\w./:@-]{1,250})"
    r"[\"']?[ \t]*(?:#.*)?$"
)
_VIRTUAL_MACHINE = re.compile(r"(?:ubuntu|windows|linux|android|macos)-\d|android:|default$")
"""Values of `image` that name a virtual machine of CircleCI."""

_FROM = re.compile(
    r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)?(\S{1,250})(?:[ \t]+AS[ \t]+(\S+))?[ \t]*$", re.I | re.M
)
_REPOSITORY = re.compile(
    r"^[ \t]*(?:-[ \t]+)?repository:[ \t]*[\"']?(\w[\w./-]{1,250})[\"']?[ \t]*$"
)
_REGISTRY = re.compile(
    r"^[ \t]*(?:-[ \t]+)?[\"']?\w{0,40}registry\w{0,40}[\"']?[ \t]*[:=][ \t]*[\"']?(?:https?://)?"
    r"((?:[\w-]{1,63}\.){1,6}[a-z]{2,24})(?=[\"'/:\s]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_USES = re.compile(r"^[ \t]*(?:-[ \t]+)?uses:[ \t]*[\"']?([\w-]+/[\w./-]+)@", re.MULTILINE)
_STEP = re.compile(r"^[ \t]*-[ \t]")
_LOGIN = "docker/login-action"
_STEP_LINES = 15
"""The most lines of a step of a workflow."""

_SERVICE_LINES = 60
"""The most lines between the `image` and the `build` of a compose service."""

_NAMED = (
    ("orb", re.compile(r"^[ \t]+[\w-]{1,80}:[ \t]*[\"']?([\w-]+/[\w-]+)@[\w.]", re.MULTILINE)),
    ("task", re.compile(r"^[ \t]*(?:-[ \t]+)?task:[ \t]*[\"']?([\w.-]+)@\d", re.MULTILINE)),
    ("pipe", re.compile(r"^[ \t]*(?:-[ \t]+)?pipe:[ \t]*[\"']?([\w-]+/[\w-]+):", re.MULTILINE)),
    ("annotation", re.compile(r"^[ \t]*(?:-[ \t]+)?apiVersion:[ \t]*[\"']?([\w.-]+/\w+)", re.M)),
    (
        "annotation",
        re.compile(
            r"^[ \t]*[\"']?((?:[a-z0-9-]{1,63}\.){1,6}[a-z0-9]{2,24}/[\w.-]{1,80})[\"']?:", re.M
        ),
    ),
    ("annotation", re.compile(r"^[ \t]*(?:provisioner|driver):[ \t]*([\w.-]+)[ \t]*$", re.M)),
)
"""What certain keys of YAML name, each by its kind."""

_KUBERNETES = (re.compile("^apiVersion:", re.MULTILINE), re.compile("^kind:", re.MULTILINE))
_RESOURCE = re.compile(
    r"^[ \t]*(?:-[ \t]*)?[\"']?(?:Type|Transform)[\"']?:[ \t]*\[?[\"']?(AWS::)\w"
    r"|^[ \t{]*[\"']?(AWSTemplateFormatVersion)[\"']?:",
    re.MULTILINE,
)
_SERVERLESS = re.compile(
    r"^provider:[ \t]*\n(?:[ \t].*\n|#.*\n|\n){0,40}?[ \t]+name:[ \t]*[\"']?(\w+)"
    r"|^provider:[ \t]*[\"']?(\w+)"
    r"|\bprovider:\s{0,20}\{[^{}]{0,300}?\bname:\s{0,20}[\"'](\w+)",
    re.MULTILINE,
)
_CHART = re.compile(
    r"^(?:[ \t]+(?:-[ \t]+)?|-[ \t]+)name:[ \t]*[\"']?([\w-]+)[\"']?[ \t]*$", re.MULTILINE
)
_CHART_HOST = re.compile(
    r"^[ \t]*(?:-[ \t]+)?(?:repository|repoURL|url):[ \t]*[\"']?(?:https|oci)://([\w.-]+)", re.M
)
_CHOSEN = re.compile(
    r"^[ \t]*(?:-[ \t]+)?(?:provider|service|type):[ \t]*[\"']?([\w-]+)[\"':\s]", re.MULTILINE
)
_PROVIDER = re.compile(
    r"^[ \t]*(?:[\w-]{1,63}[ \t]*=[ \t]*\{[ \t]*)?(?:source[ \t]*=|provider)[ \t]*\"(?!\.)"
    r"(?:[\w.-]+/){0,3}([\w-]+)\""
    r"|^[ \t]*(?:resource|data)[ \t]+\"([a-z0-9]+)_",
    re.MULTILINE,
)


def dockerfile(text: Text) -> Iterator[Mention]:
    stages = {"scratch"}
    for match in _FROM.finditer(text.body):
        if match[1].lower() not in stages:
            yield from _image(match[1], text.line_at(match.start(1)))
        if match[2]:
            stages.add(match[2].lower())


def images(text: Text) -> Iterator[Mention]:
    """The images of compose, CI and Kubernetes, except those that are built from a Dockerfile."""
    rows = text.body.split("\n")
    for index, row in enumerate(rows):
        match = _IMAGE.match(row[:LINE_LIMIT])
        if (
            match
            and not _VIRTUAL_MACHINE.match(match[2])
            and not _is_built(rows, index, len(match[1]))
        ):
            yield from _image(match[2], index + 1)


def registries(text: Text) -> Iterator[Mention]:
    """The registries that keys such as `registry` and `DOCKER_REGISTRY` name."""
    for match in _REGISTRY.finditer(text.body):
        yield from _service(text, "registry", match, 1)


def actions(text: Text) -> Iterator[Mention]:
    """The actions of a GitHub workflow. A login at Docker is one only without a registry."""
    for match in _USES.finditer(text.body):
        line = text.line_at(match.start(1))
        if match[1] != _LOGIN or not _names_registry(text, match.end()):
            yield Mention(kind="action", name=match[1], line=line, strength=Strength.SERVICE)


def pipelines(text: Text) -> Iterator[Mention]:
    """Orbs, tasks and pipes of pipelines, and whose objects a Kubernetes manifest has."""
    for kind, pattern in _NAMED:
        for match in pattern.finditer(text.body):
            yield from _service(text, kind, match, 1)


def manifests(text: Text) -> Iterator[Mention]:
    """The images of Kubernetes objects, and the resources of CloudFormation."""
    if all(key.search(text.body) for key in _KUBERNETES):
        yield from images(text)
    if match := _RESOURCE.search(text.body):
        yield from _service(text, "resource", match, match.lastindex or 1)


def serverless(text: Text) -> Iterator[Mention]:
    """The cloud of the Serverless Framework."""
    if match := _SERVERLESS.search(text.body):
        yield from _service(text, "provider", match, match.lastindex or 1)


def providers(text: Text) -> Iterator[Mention]:
    """Where Travis CI deploys to, where Rails stores files, whose resources Pulumi makes."""
    for match in _CHOSEN.finditer(text.body):
        yield from _service(text, "provider", match, 1)


def chart(text: Text) -> Iterator[Mention]:
    """The charts that a Helm chart needs, and the hosts that they come from."""
    for match in _CHART.finditer(text.body):
        yield from _service(text, "chart", match, 1)
    for match in _CHART_HOST.finditer(text.body):
        yield from _service(text, "endpoint", match, 1)


def values(text: Text) -> Iterator[Mention]:
    """The images in the values of a Helm chart: a `repository`, perhaps beside a `registry`."""
    rows = text.body.split("\n")
    for index, row in enumerate(rows):
        match = _REPOSITORY.match(row[:LINE_LIMIT])
        around = rows[max(0, index - 3) : index + 4]
        if match and not any("registry:" in other for other in around):
            yield from _image(match[1], index + 1)


def terraform(text: Text) -> Iterator[Mention]:
    for match in _PROVIDER.finditer(text.body):
        group = 1 if match[1] else 2
        line = text.line_at(match.start(group))
        yield Mention(kind="terraform", name=match[group], line=line, strength=Strength.DIRECT)


def _names_registry(text: Text, offset: int) -> bool:
    """Whether the rest of the step at `offset` has the key `registry`."""
    rows = text.body[offset : offset + LINE_LIMIT].split("\n")[1:_STEP_LINES]
    for row in rows:
        if _STEP.match(row):
            return False
        if row.lstrip().startswith("registry:"):
            return "docker.io" not in row
    return False


def _image(name: str, line: int) -> Iterator[Mention]:
    """The registry of an image, and the image without tag and digest."""
    if "$" in name:
        return
    first, slash, _ = name.partition("/")
    has_registry = slash and ("." in first or ":" in first or first == "localhost")
    host = first.rpartition("@")[2].partition(":")[0] if has_registry else "docker.io"
    yield Mention(kind="registry", name=host, line=line, strength=Strength.SERVICE)
    image = re.sub(r":[\w.-]*$", "", name.partition("@")[0])
    yield Mention(kind="image", name=image, line=line, strength=Strength.SERVICE)


def _is_built(rows: list[str], index: int, indent: int) -> bool:
    """Whether the service of the `image` in row `index` has a `build`: its name is then local."""
    before = rows[max(0, index - _SERVICE_LINES) : index]
    after = rows[index + 1 : index + _SERVICE_LINES]
    return _builds(reversed(before), indent) or _builds(after, indent)


def _builds(rows: Iterable[str], indent: int) -> bool:
    for row in rows:
        row_indent = len(row) - len(row.lstrip())
        if row_indent < indent and row.strip():
            return False
        if row_indent == indent and row.lstrip().startswith("build:"):
            return True
    return False


def _service(text: Text, kind: str, match: re.Match[str], group: int) -> Iterator[Mention]:
    """What a group of `match` names, unless it is in a comment."""
    offset = match.start(group)
    if not is_comment(text, offset):
        line = text.line_at(offset)
        yield Mention(kind=kind, name=match[group], line=line, strength=Strength.SERVICE)
