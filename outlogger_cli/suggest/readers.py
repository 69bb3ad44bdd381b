"""Which files of a project are read, by which readers, and in which order.

To read one more kind of file, add a row to `_ROWS`. The first row that matches a path counts.
Manifests that nothing reads are listed in `_UNSUPPORTED`, so that users learn of them.
"""

import re
from collections.abc import Iterable
from enum import IntEnum, auto

from outlogger_cli.domain.values import frozen
from outlogger_cli.suggest import infra, packages, source
from outlogger_cli.suggest.packages import Reader

FILE_LIMIT = 1024 * 1024
"""Bytes of a file other than a manifest or lock file; longer files are generated."""

MANIFEST_LIMIT = 4 * 1024 * 1024
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
        limits = {Order.MANIFEST: MANIFEST_LIMIT, Order.LOCK: LOCK_LIMIT}
        return limits.get(self.order, FILE_LIMIT)


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


def unsupported(paths: Iterable[str]) -> list[str]:
    """The manifests among `paths` that nothing reads, each after its kind."""
    found = ((path, _UNSUPPORTED.fullmatch(path.lower())) for path in paths)
    return [f"{_KINDS[match.lastgroup or '']}: {path}" for path, match in found if match]


_ARTISAN = re.compile(r"(?:.*/)?artisan")
_GRADLE = (packages.gradle, packages.gradle_plugins, source.registry, source.code)
_YAML = (source.settings, infra.pipelines, infra.registries, infra.manifests)
_CI = (infra.images, source.settings, infra.pipelines, infra.registries)
_WORKFLOW = (infra.actions, *_CI)
_ACTION = (infra.actions, source.settings)  # its `image` is mostly the path of a Dockerfile
_DOCKER = (infra.dockerfile, source.settings)
_SCRIPT = (source.script, packages.specifiers)

_ROWS: tuple[tuple[Order, str, tuple[Reader, ...]], ...] = (
    (Order.MANIFEST, "package.json", (packages.package_json,)),
    (Order.MANIFEST, "pnpm-workspace.yaml .yarnrc.yml", (packages.pnpm_workspace, source.settings)),
    (
        Order.MANIFEST,
        "deno.json deno.jsonc import_map.json jsr.json",
        (packages.deno, packages.specifiers),
    ),
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
    # go.sum is not read: all it adds to go.mod are indirect dependencies
    (Order.MANIFEST, "go.mod", (packages.go_mod,)),
    (Order.MANIFEST, "gemfile", (packages.gemfile, source.registry)),
    (Order.MANIFEST, "*.gemspec", (packages.gemspec,)),
    (Order.MANIFEST, "cargo.toml", (packages.cargo_toml,)),
    (Order.MANIFEST, "composer.json", (packages.composer_json,)),
    (Order.MANIFEST, "pom.xml", (packages.pom_xml,)),
    (Order.MANIFEST, "build.gradle build.gradle.kts", _GRADLE),
    (
        Order.MANIFEST,
        "settings.gradle settings.gradle.kts",
        (packages.gradle_plugins, source.registry),
    ),
    (
        Order.MANIFEST,
        "libs.versions.toml",
        (packages.gradle_catalog, packages.gradle_catalog_parts, packages.gradle_plugins),
    ),
    (
        Order.MANIFEST,
        "*.csproj *.fsproj *.vbproj *.nuspec packages.config directory.packages.props "
        "directory.build.props directory.build.targets",
        (packages.dotnet,),
    ),
    (Order.MANIFEST, "paket.dependencies", (packages.paket,)),
    (Order.MANIFEST, "build.sbt *.sbt project/*.scala", (packages.sbt, source.code)),
    (Order.MANIFEST, "build.sc build.mill project.scala", (packages.mill,)),
    (Order.MANIFEST, "deps.edn project.clj", (packages.clojure,)),
    (Order.MANIFEST, "mix.exs", (packages.mix,)),
    (Order.MANIFEST, "rebar.config", (packages.rebar,)),
    (Order.MANIFEST, "pubspec.yaml", (packages.pubspec,)),
    (Order.MANIFEST, "package.swift project.pbxproj", (packages.swift,)),
    (Order.MANIFEST, "project.yml", (packages.xcodegen,)),
    (Order.MANIFEST, "cartfile", (packages.carthage,)),
    (Order.MANIFEST, "podfile *.podspec", (packages.podfile,)),
    (Order.MANIFEST, "chart.yaml helmfile.yaml requirements.yaml", (infra.chart,)),
    (
        Order.MANIFEST,
        "serverless.yml serverless.yaml serverless.ts serverless.js",
        (infra.serverless, source.settings, infra.manifests),
    ),
    (Order.MANIFEST, "*.tf .terraform.lock.hcl", (infra.terraform, source.code)),
    (Order.LOCK, "package-lock.json npm-shrinkwrap.json", (packages.package_lock, source.registry)),
    (Order.LOCK, "yarn.lock", (packages.yarn_lock, source.registry)),
    (Order.LOCK, "pnpm-lock.yaml", (packages.pnpm_lock,)),
    (Order.LOCK, "bun.lock", (packages.bun_lock,)),
    (Order.LOCK, "uv.lock poetry.lock pdm.lock", (packages.python_lock, source.registry)),
    (Order.LOCK, "pipfile.lock", (packages.pipfile_lock, source.registry)),
    (Order.LOCK, "gemfile.lock", (packages.gemfile_lock, source.registry)),
    (Order.LOCK, "cargo.lock", (packages.cargo_lock, source.registry)),
    (Order.LOCK, "composer.lock", (packages.composer_lock,)),
    (Order.LOCK, "deno.lock", (packages.deno_lock,)),
    (Order.LOCK, "packages.lock.json", (packages.nuget_lock,)),
    (Order.LOCK, "paket.lock", (packages.paket_lock,)),
    (Order.LOCK, "mix.lock", (packages.mix_lock,)),
    (Order.LOCK, "pubspec.lock", (packages.pubspec_lock,)),
    (Order.LOCK, "package.resolved", (packages.swift_lock,)),
    (Order.LOCK, "cartfile.resolved", (packages.carthage,)),
    (Order.LOCK, "podfile.lock", (packages.podfile_lock,)),
    (Order.SERVICE, ".github/workflows/*.yml .github/workflows/*.yaml", _WORKFLOW),
    (Order.SERVICE, "action.yml action.yaml .github/actions/**.yml", _ACTION),
    (Order.SERVICE, "*.j2 *.tmpl *.tpl *.mustache", ()),  # templates: what they generate is unknown
    (Order.SERVICE, ".github/**", ()),  # issue forms, funding and the like
    (
        Order.SERVICE,
        ".gitlab-ci.yml bitbucket-pipelines.yml .circleci/*.yml azure-pipelines*.yml "
        ".azure-pipelines/*.yml .buildkite/*.yml .drone.yml .cirrus.yml",
        _CI,
    ),
    (Order.SERVICE, ".travis.yml", (infra.providers, *_CI)),
    (Order.SERVICE, "pulumi.yaml pulumi.yml config/storage.yml", (infra.providers, *_YAML)),
    (Order.SERVICE, "kustomization.yaml kustomization.yml", (infra.images, *_YAML)),
    (Order.SERVICE, "values*.yaml values*.yml", (infra.values, *_YAML)),
    (
        Order.SERVICE,
        "compose*.yml compose*.yaml docker-compose*.yml docker-compose*.yaml",
        _CI,
    ),
    (Order.SERVICE, "dockerfile dockerfile.* *.dockerfile containerfile", _DOCKER),
    (
        Order.SETTINGS,
        ".env .env.* *.env env.example env.sample env.template .envrc .flaskenv",
        (source.env_file,),
    ),
    (Order.SETTINGS, "*.yml *.yaml", _YAML),
    (
        Order.SETTINGS,
        "*.template template.json *.template.json cloudformation/**.json",
        (infra.manifests,),
    ),
    (
        Order.SETTINGS,
        "*.toml *.ini *.cfg *.conf *.properties *.hcl *.sh *.bash *.zsh .npmrc .yarnrc pip.conf "
        ".pypirc nuget.config appsettings*.json config.json config.*.json settings.json "
        "_headers vercel.json jenkinsfile makefile",
        (source.settings,),
    ),
    (Order.CODE, "*.min.js *-min.js *.bundle.js *_pb2.py *.d.ts", ()),  # generated
    (
        Order.CODE,
        "*.astro *.cjs *.cts *.go *.html *.js *.jsx *.mjs *.mts *.svelte *.ts *.tsx *.vue",
        _SCRIPT,
    ),
    (
        Order.CODE,
        "*.clj *.cr *.cs *.dart *.ejs *.erb *.ex *.exs *.fs *.gradle *.groovy *.hbs *.heex "
        "*.java *.jinja *.jinja2 *.kt *.kts *.liquid *.lua *.m *.php *.pl *.py *.r *.rb "
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

_UNREAD_KINDS: tuple[tuple[str, str], ...] = (
    ("Ansible", "galaxy.yml requirements.yml"),
    ("Bazel", "module.bazel workspace workspace.bazel"),
    ("Bower", "bower.json"),
    ("Bun, binary", "bun.lockb"),
    ("C++", "conanfile.txt conanfile.py vcpkg.json"),
    ("Chef", "berksfile policyfile.rb"),
    ("Crystal", "shard.yml"),
    ("D", "dub.json dub.sdl"),
    ("Elm", "elm.json"),
    ("Gleam", "gleam.toml"),
    ("Haskell", "*.cabal stack.yaml cabal.project"),
    ("Homebrew", "brewfile"),
    ("Jsonnet", "jsonnetfile.json"),
    ("Lua", "*.rockspec"),
    ("Nim", "*.nimble"),
    ("Nix", "flake.nix"),
    ("OCaml", "*.opam dune-project"),
    ("Perl", "cpanfile"),
    ("Pixi", "pixi.toml"),
    ("Puppet", "puppetfile"),
    ("PureScript", "spago.dhall spago.yaml"),
    ("R", "renv.lock"),
    ("Zig", "build.zig.zon"),
)
"""The kinds of manifests that are not read, and the globs of their names."""

_KINDS = {f"kind{n}": kind for n, (kind, _) in enumerate(_UNREAD_KINDS)}
_UNSUPPORTED = re.compile(
    "|".join(f"(?P<kind{n}>(?:.*/)?(?:{_pattern(g)}))" for n, (_, g) in enumerate(_UNREAD_KINDS)),
    re.DOTALL,
)
