"""Which files of a project are read, by which readers, and in which order.

To read one more kind of file, add a row to `_ROWS`. The first row that matches a path counts.
"""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum, auto

from outlogger_cli.domain.values import frozen
from outlogger_cli.suggest import packages, source
from outlogger_cli.suggest.files import Mention, Text
from outlogger_cli.suggest.packages import Reader

FILE_LIMIT = 1024 * 1024
"""Bytes of a file other than a lock file; longer files are generated."""

LOCK_LIMIT = 16 * 1024 * 1024


class Order(IntEnum):
    """The order of reading: files with the strongest evidence first."""

    MANIFEST = auto()
    LOCK = auto()
    SERVICE = auto()
    SETTINGS = auto()
    CODE = auto()


@frozen
class Step:
    """One file to read."""

    path: str
    order: Order
    readers: tuple[Reader, ...]
    laravel: bool

    @property
    def limit(self) -> int:
        """Bytes; a longer file is not read."""
        return LOCK_LIMIT if self.order is Order.LOCK else FILE_LIMIT

    def mentions(self, text: Text) -> Iterator[Mention]:
        for reader in self.readers:
            yield from reader(text)


def plan(paths: Iterable[str]) -> list[Step]:
    """The files among `paths` that have readers, in the order in which to read them."""
    listed = [*paths]
    laravel = tuple(path.removesuffix("artisan") for path in listed if _ARTISAN.fullmatch(path))
    steps = []
    for path in listed:
        match = _ANY_ROW.fullmatch(path.lower())
        if match is None or match.lastgroup is None:
            continue
        order, _, readers = _ROWS[int(match.lastgroup.removeprefix("row"))]
        if readers:
            step = Step(path=path, order=order, readers=readers, laravel=path.startswith(laravel))
            steps.append(step)
    return sorted(steps, key=lambda s: (s.order, s.path.count("/"), s.path))


_ARTISAN = re.compile(r"(?:.*/)?artisan")
_GRADLE = (packages.gradle, source.registry, source.code)
_CI = (source.images, source.settings)
_WORKFLOW = (source.actions, *_CI)
_ACTION = (source.actions, source.settings)  # its `image` is mostly the path of a Dockerfile
_DOCKER = (source.dockerfile, source.settings)

_ROWS: tuple[tuple[Order, str, tuple[Reader, ...]], ...] = (
    (Order.MANIFEST, "package.json", (packages.package_json,)),
    (Order.MANIFEST, "pyproject.toml", (packages.pyproject,)),
    (
        Order.MANIFEST,
        "*requirements*.txt *requirements*.in requirements/*.txt requirements/*.in",
        (packages.requirements,),
    ),
    (Order.MANIFEST, "setup.cfg", (packages.setup_cfg,)),
    (Order.MANIFEST, "setup.py", (packages.setup_py,)),
    (Order.MANIFEST, "pipfile", (packages.pipfile, source.registry)),
    (Order.MANIFEST, "environment.yml environment.yaml", (packages.conda,)),
    (Order.MANIFEST, "go.mod", (packages.go_mod,)),
    (Order.MANIFEST, "gemfile", (packages.gemfile, source.registry)),
    (Order.MANIFEST, "*.gemspec", (packages.gemspec,)),
    (Order.MANIFEST, "cargo.toml", (packages.cargo_toml,)),
    (Order.MANIFEST, "composer.json", (packages.composer_json,)),
    (Order.MANIFEST, "pom.xml", (packages.pom_xml,)),
    (Order.MANIFEST, "build.gradle build.gradle.kts", _GRADLE),
    (Order.MANIFEST, "settings.gradle settings.gradle.kts", (source.registry,)),
    (
        Order.MANIFEST,
        "libs.versions.toml",
        (packages.gradle_catalog, packages.gradle_catalog_parts),
    ),
    (
        Order.MANIFEST,
        "*.csproj *.fsproj *.vbproj packages.config directory.packages.props",
        (packages.dotnet,),
    ),
    (Order.MANIFEST, "*.tf .terraform.lock.hcl", (source.terraform, source.code)),
    (Order.LOCK, "package-lock.json npm-shrinkwrap.json", (packages.package_lock, source.registry)),
    (Order.LOCK, "yarn.lock", (packages.yarn_lock, source.registry)),
    (Order.LOCK, "pnpm-lock.yaml", (packages.pnpm_lock,)),
    (Order.LOCK, "bun.lock", (packages.bun_lock,)),
    (Order.LOCK, "uv.lock poetry.lock pdm.lock", (packages.python_lock, source.registry)),
    (Order.LOCK, "pipfile.lock", (packages.pipfile_lock, source.registry)),
    (Order.LOCK, "gemfile.lock", (packages.gemfile_lock, source.registry)),
    (Order.LOCK, "cargo.lock", (packages.cargo_lock, source.registry)),
    (Order.LOCK, "composer.lock", (packages.composer_lock,)),
    (Order.SERVICE, ".github/workflows/*.yml .github/workflows/*.yaml", _WORKFLOW),
    (Order.SERVICE, "action.yml action.yaml .github/actions/**.yml", _ACTION),
    (Order.SERVICE, "*.j2 *.tmpl *.tpl *.mustache", ()),  # templates: what they generate is unknown
    (Order.SERVICE, ".github/**", ()),  # issue forms, funding and the like
    (Order.SERVICE, ".gitlab-ci.yml bitbucket-pipelines.yml .circleci/*.yml", _CI),
    (
        Order.SERVICE,
        "compose*.yml compose*.yaml docker-compose*.yml docker-compose*.yaml",
        _CI,
    ),
    (Order.SERVICE, "dockerfile dockerfile.* *.dockerfile containerfile", _DOCKER),
    (Order.SETTINGS, ".env .env.* *.env env.example .envrc .flaskenv", (source.env_file,)),
    (
        Order.SETTINGS,
        "*.yml *.yaml *.toml *.ini *.cfg *.conf *.properties *.hcl *.sh *.bash *.zsh "
        "appsettings*.json config.json config.*.json settings.json jenkinsfile makefile",
        (source.settings,),
    ),
    (Order.CODE, "*.min.js *-min.js *.bundle.js *_pb2.py *.d.ts", ()),  # generated
    (
        Order.CODE,
        "*.astro *.cjs *.cts *.go *.js *.jsx *.mjs *.mts *.svelte *.ts *.tsx *.vue",
        (source.script,),
    ),
    (
        Order.CODE,
        "*.clj *.cr *.cs *.dart *.ejs *.erb *.ex *.exs *.fs *.gradle *.groovy *.hbs *.heex "
        "*.html *.java *.jinja *.jinja2 *.kt *.kts *.liquid *.lua *.m *.php *.pl *.py *.r *.rb "
        "*.rs *.scala *.swift *.twig",
        (source.code,),
    ),
)
"""The order, the globs of names (`**` also matches folders), and the readers."""


def _pattern(globs: str) -> str:
    escaped = (re.escape(glob) for glob in globs.split())
    return "|".join(glob.replace(r"\*\*", ".*").replace(r"\*", "[^/]*") for glob in escaped)


_ANY_ROW = re.compile(
    "|".join(f"(?P<row{n}>(?:.*/)?(?:{_pattern(globs)}))" for n, (_, globs, _) in enumerate(_ROWS)),
    re.DOTALL,
)
