"""Read the packages that a project requires from its manifests and lock files.

Lock files are read line by line: that is fast, needs no parser for each format, and works for
damaged files. A manifest in JSON or TOML that cannot be parsed is a `ManifestError`. The formats
are documented by their tools: PEP 508, 621 and 735, npm, pnpm, Deno, Go modules, Bundler, Cargo,
Composer, Maven, Gradle, sbt, NuGet, Paket, Mix, pub, Swift packages, CocoaPods, Carthage.
"""

import json
import re
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from outlogger_cli.domain import toml
from outlogger_cli.suggest.files import LINE_LIMIT, ManifestError, Mention, Strength, Text

Reader = Callable[[Text], Iterator[Mention]]

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([\w.,\s-]*)\]\s*)?(?=[<>=!~;@#\\]|$)")
_EGG = re.compile(r"#egg=([A-Za-z0-9][\w.-]*)")
_QUOTED = re.compile(r"""["']([^"'\n]{1,200})["']""")
_GROUP = re.compile(r"<groupId>\s*([\w.-]{1,200})\s*</groupId>")
_ARTIFACT = re.compile(r"<artifactId>\s*([\w.-]{1,200})\s*</artifactId>")
_DEPENDENCY_LIMIT = 2_000
"""Characters of one `<dependency>`."""

_LIST_LIMIT = 20_000
"""Characters of one `install_requires`."""

_YAML_KEY = re.compile(r"([ ]*)[\"']?(@?[\w][\w./-]*)[\"']?[ ]*:(?:[ \t]|$)")


def requirements(text: Text) -> Iterator[Mention]:
    """`requirements*.txt`; one that pip-compile or uv has written is a lock file."""
    compiled = "# via" in text.body or "--hash=" in text.body
    strength = Strength.LOCKED if compiled else Strength.DIRECT
    for number, line in enumerate(text.body.split("\n"), 1):
        if line.startswith(("-e", "--editable", "git+", "http")):
            for egg in _EGG.findall(line):
                yield Mention(kind="pypi", name=egg, line=number, strength=strength)
        else:
            yield from _requirement(line[:LINE_LIMIT], number, strength)


def pyproject(text: Text) -> Iterator[Mention]:
    """PEP 621 and 735, Poetry, PDM and uv. The project's own extras are weak evidence."""
    project = _parsed(toml.loads, text)
    for strength, required in (
        (Strength.DIRECT, _strings(_table(project, "project").get("dependencies"))),
        (Strength.DIRECT, _all_strings(_table(project, "dependency-groups"))),
        (Strength.DIRECT, _all_strings(_table(project, "tool", "pdm", "dev-dependencies"))),
        (Strength.DIRECT, _strings(_table(project, "tool", "uv").get("dev-dependencies"))),
        (Strength.WEAK, _all_strings(_table(project, "project", "optional-dependencies"))),
    ):
        for requirement in required:
            yield from _requirement(requirement, text.line_of(requirement), strength)
    poetry = _table(project, "tool", "poetry")
    groups = _table(poetry, "group").values()
    for table in (poetry, *(group for group in groups if isinstance(group, dict))):
        for section in ("dependencies", "dev-dependencies"):
            yield from _dependencies("pypi", text, _table(table, section))


def pipfile(text: Text) -> Iterator[Mention]:
    manifest = _parsed(toml.loads, text)
    for section in ("packages", "dev-packages"):
        yield from _dependencies("pypi", text, _table(manifest, section))


def setup_py(text: Text) -> Iterator[Mention]:
    """The strings of a literal `install_requires`; no code runs."""
    listed = text.body.partition("install_requires")[2][:_LIST_LIMIT].partition("]")[0]
    for requirement in _QUOTED.findall(listed):
        yield from _requirement(requirement, text.line_of(requirement), Strength.DIRECT)


def setup_cfg(text: Text) -> Iterator[Mention]:
    inside = False
    for number, line in enumerate(text.body.split("\n"), 1):
        requirement = line
        if line[:1].strip():
            inside = line.startswith("install_requires")
            requirement = line.partition("=")[2]
        if inside:
            yield from _requirement(requirement[:LINE_LIMIT], number, Strength.DIRECT)


def cargo_toml(text: Text) -> Iterator[Mention]:
    manifest = _parsed(toml.loads, text)
    targets = _table(manifest, "target").values()
    for parent in (manifest, _table(manifest, "workspace"), *targets):
        for section in ("dependencies", "dev-dependencies", "build-dependencies"):
            yield from _dependencies("cargo", text, _table(parent, section))


def pom_xml(text: Text) -> Iterator[Mention]:
    """Every `<dependency>`; one that only manages a version, or is optional, is weak evidence."""
    managed = range(
        text.body.find("<dependencyManagement>"), text.body.find("</dependencyManagement>")
    )
    for opening in re.finditer("<dependency>", text.body):
        start = opening.end()
        block = text.body[start : start + _DEPENDENCY_LIMIT].partition("</dependency>")[0]
        group, artifact = _GROUP.search(block), _ARTIFACT.search(block)
        if group and artifact:
            is_weak = start in managed or "<optional>true" in block
            yield Mention(
                kind="maven",
                name=f"{group[1]}:{artifact[1]}",
                line=text.line_at(start),
                strength=Strength.WEAK if is_weak else Strength.DIRECT,
            )


def sections(kind: str, strengths: Mapping[str, Strength]) -> Reader:
    """Make a reader of JSON manifests. The sections in `strengths` have packages as keys."""

    def read(text: Text) -> Iterator[Mention]:
        manifest = _parsed(json.loads, text)
        for section, strength in strengths.items():
            table = _table(manifest, *section.split("."))
            for name in table:
                line = text.line_of(name, section.rpartition(".")[2])
                yield Mention(kind=kind, name=name, line=line, strength=strength)

    return read


def yaml_sections(kind: str, sections: Container[str], *, nested: Container[str] = ()) -> Reader:
    """Make a reader of YAML manifests. `sections` have packages as keys, `nested` ones two levels
    below."""

    def read(text: Text) -> Iterator[Mention]:
        section, level = "", 0
        for number, line in enumerate(text.body.split("\n"), 1):
            match = _YAML_KEY.match(line[:LINE_LIMIT])
            if match is None:
                continue
            indent = len(match[1])
            if not indent:
                section, level = match[2], 0
                continue
            level = level or indent
            if section in nested or (section in sections and indent == level):
                yield Mention(kind=kind, name=match[2], line=number, strength=Strength.DIRECT)

    return read


def lines(
    kind: str, pattern: str, strength: Strength = Strength.DIRECT, *, suffix: str = ""
) -> Reader:
    """Make a reader of files with packages on single lines. `pattern` has the group `name`.

    The group `owner` is put before the name, with a colon. The group `indirect` marks an indirect
    dependency.
    """
    compiled = re.compile(pattern)

    def read(text: Text) -> Iterator[Mention]:
        for number, line in enumerate(text.body.split("\n"), 1):
            for match in compiled.finditer(line[:LINE_LIMIT]):
                groups = match.groupdict()
                owner = f"{groups['owner']}:" if groups.get("owner") else ""
                yield Mention(
                    kind=kind,
                    name=owner + groups["name"] + suffix,
                    line=number,
                    strength=Strength.WEAK if groups.get("indirect") else strength,
                )

    return read


_NPM = r"(?P<name>(?:@[\w.-]+/)?[\w.-]+)"
_REPOSITORY = r"(?:https?://|ssh://git@|git@)[\w.-]+[/:](?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?\""
_MAVEN = r"(?P<owner>[\w.-]+):{1,3}(?P<name>[\w.-]+)"

package_json = sections(
    "npm",
    {
        "dependencies": Strength.DIRECT,
        "devDependencies": Strength.DIRECT,
        "optionalDependencies": Strength.WEAK,
        "peerDependencies": Strength.WEAK,
        "catalog": Strength.DIRECT,
        "workspaces.catalog": Strength.DIRECT,
    },
)
pnpm_workspace = yaml_sections("npm", {"catalog"}, nested={"catalogs"})
deno = lines("npm", rf"\"(?:npm|jsr):/?{_NPM}(?=[@/\"])")
deno_lock = lines("npm", rf"^\s+\"(?:npm|jsr):/?{_NPM}(?=[@/\"])", Strength.LOCKED)
specifiers = lines(
    "npm",
    rf"[\"'](?:(?:npm|jsr):/?|(?:https?:)?//(?:esm\.sh|esm\.run|unpkg\.com|cdn\.skypack\.dev|"
    rf"cdn\.jsdelivr\.net/npm|ga\.jspm\.io/npm:)/?(?:v\d+/)?){_NPM}(?=[@/\"'])",
    Strength.SERVICE,
)
"""Packages that a script, or a page, imports by address."""

composer_json = sections("composer", {"require": Strength.DIRECT, "require-dev": Strength.DIRECT})
conda = lines("pypi", r"^\s*-\s+(?:[\w.-]+::)?(?P<name>[\w.-]+)\s*(?:[=<>~!].*)?$")
go_mod = lines(
    "go",
    r"^\s*(?:require\s+)?(?P<name>[\w-]+\.[\w.-]+(?:/[\w.~-]+)*)\s+v\d(?!.*=>)"
    r"(?:.*//\s*(?P<indirect>indirect))?",
)
gemfile = lines("gem", r"""^\s*gem\s*\(?\s*["'](?P<name>[\w.-]+)["']""")
gemspec = lines("gem", r"""\.add_(?:\w+_)?dependency\s*\(?\s*["'](?P<name>[\w.-]+)["']""")
gradle = lines(
    "maven",
    r"""(?:^|\{)\s*\w*(?:[iI]mplementation|[aA]pi|[cC]ompile|[oO]nly|kapt|ksp)\b[^"'\n]*"""
    r"""["'](?P<name>[\w.-]+:[\w.-]+)(?::[^"']*)?["']""",
)
gradle_catalog = lines("maven", r'=\s*"(?P<name>[\w.-]+:[\w.-]+)(?::[^"]*)?"')
gradle_catalog_parts = lines(
    "maven", r'group\s*=\s*"(?P<owner>[\w.-]+)"\s*,\s*name\s*=\s*"(?P<name>[\w.-]+)"'
)
sbt = lines("maven", r'"(?P<owner>[\w.-]+)"\s*%{1,3}\s*"(?P<name>[\w.-]+)"')
mill = lines("maven", rf'(?:(?:ivy|mvn)"|//> using (?:dep|lib)\s+"?){_MAVEN}:')
clojure = lines("maven", r"(?<![\w.-])(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)\s+(?:\{:mvn/version|\")")
gradle_plugins = lines(
    "maven",
    r"""\bid\s*[(=]?\s*["'](?P<name>[\w-]+(?:\.[\w-]+)+)["']""",
    suffix=":plugin",
)
"""The plugins of Gradle, by their ids, as if these were groups."""

dotnet = lines(
    "nuget",
    r"<(?:(?:Global)?PackageReference|PackageVersion|package|dependency)\b[^>]*"
    r'\b(?:Include|id)="(?P<name>[\w.-]+)"',
)
nuget_lock = lines("nuget", r'(?:^|[{,])\s*"(?P<name>[\w.-]+)"\s*:\s*\{', Strength.LOCKED)
paket = lines("nuget", r"^\s*nuget\s+(?P<name>[\w.-]+)")
paket_lock = lines("nuget", r"^    (?P<name>[\w.-]+) \(", Strength.LOCKED)
mix = lines("hex", r"(?<=\{:)(?P<name>[a-z]\w*)(?=\s*,)")
mix_lock = lines("hex", r'(?:^|[{,])\s*"(?P<name>[a-z]\w*)": \{', Strength.LOCKED)
rebar = lines("hex", r"^\s*\[?\{(?P<name>[a-z]\w*),")
pubspec = yaml_sections("pub", {"dependencies", "dev_dependencies"})
pubspec_lock = lines("pub", r"^  (?P<name>[a-z]\w*):$", Strength.LOCKED)
swift = lines("swift", rf'(?:\burl|\brepositoryURL|\blocation)"?\s*[:=]\s*"{_REPOSITORY}')
swift_lock = lines("swift", rf'"(?:location|repositoryURL)"\s*:\s*"{_REPOSITORY}', Strength.LOCKED)
xcodegen = lines(
    "swift", r"^\s+url:\s*[\"']?https://[\w.-]+/(?P<name>[\w.-]+/[\w-][\w.-]*?)(?:\.git)?[\"']?\s*$"
)
carthage = lines("swift", r'^\s*github\s+"(?P<name>[\w.-]+/[\w.-]+)"')
podfile = lines("pod", r"""^\s*(?:pod|\w+\.dependency)\s*\(?\s*["'](?P<name>[\w+.-]+)""")
podfile_lock = lines("pod", r'^  - "?(?P<name>[\w+.-]+)', Strength.LOCKED)
gemfile_lock = lines("gem", r"^    (?P<name>[\w.-]+) \(", Strength.LOCKED)
cargo_lock = lines("cargo", r'^name = "(?P<name>[^"]+)"', Strength.LOCKED)
python_lock = lines("pypi", r'^name = "(?P<name>[^"]+)"', Strength.LOCKED)
pipfile_lock = lines("pypi", r'^\s{8}"(?P<name>[\w.-]+)": \{', Strength.LOCKED)
package_lock = lines(
    "npm",
    r'^\s+"(?:[^"]*node_modules/)?(?P<name>(?:@[\w.-]+/)?[\w.-]+)": \{',
    Strength.LOCKED,
)
yarn_lock = lines("npm", r'^"?(?P<name>(?:@[\w.-]+/)?[\w.-]+)@', Strength.LOCKED)
pnpm_lock = lines("npm", r"^\s+'?/?(?P<name>(?:@[\w.-]+/)?[\w.-]+)[@/]\d[^/]*:", Strength.LOCKED)
bun_lock = lines("npm", r'^\s+"(?P<name>(?:@[\w.-]+/)?[\w.-]+)": \["', Strength.LOCKED)
composer_lock = lines("composer", r'^\s+"name": "(?P<name>[\w.-]+/[\w.-]+)"', Strength.LOCKED)


def _requirement(requirement: str, line: int, strength: Strength) -> Iterator[Mention]:
    """The package of a PEP 508 requirement, alone and with each of its extras."""
    if match := _REQUIREMENT.match(requirement):
        extras = [extra.strip() for extra in (match[2] or "").split(",")]
        for name in (match[1], *(f"{match[1]}[{extra}]" for extra in extras if extra)):
            yield Mention(kind="pypi", name=name, line=line, strength=strength)


def _dependencies(kind: str, text: Text, table: Mapping[str, Any]) -> Iterator[Mention]:
    """The packages of a table of dependencies, as Poetry, Pipenv and Cargo write it."""
    for key, value in table.items():
        details = _table(value)
        strength = Strength.WEAK if details.get("optional") is True else Strength.DIRECT
        line = text.line_of(key)
        name = "".join(_strings([details.get("package")])) or key
        for whole in (name, *(f"{name}[{extra}]" for extra in _strings(details.get("extras")))):
            yield Mention(kind=kind, name=whole, line=line, strength=strength)


def _parsed(loads: Callable[[str], Any], text: Text) -> Any:
    """The content of a manifest. Raises `ManifestError` if it is invalid."""
    if not text.body.strip():
        return {}
    try:
        return loads(text.body)
    except (ValueError, RecursionError):
        raise ManifestError from None


def _table(value: Any, *keys: str) -> Mapping[str, Any]:
    """The table at the path `keys` in `value`; empty if there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _all_strings(table: Mapping[str, Any]) -> list[str]:
    return [string for value in table.values() for string in _strings(value)]
