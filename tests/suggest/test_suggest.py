"""The vendors found in a project's files: the right ones, few wrong ones, and no secrets."""

import csv
import os
from pathlib import Path

import pytest

from outlogger_cli.catalog import catalog
from outlogger_cli.catalog.hosts import NO_VENDOR
from outlogger_cli.domain.errors import UsageError
from outlogger_cli.suggest import EVIDENCE_LIMIT, Evidence, Proposal
from outlogger_cli.suggest import suggest as search
from outlogger_cli.suggest.files import Unread
from outlogger_cli.suggest.owners import TABLE
from tests.suggest.projects import all_evidence, project, slugs, suggest
from tests.support import DATA

PACKAGES = (
    "pypi", "npm", "go", "gem", "cargo", "composer", "maven", "nuget", "hex", "pub", "swift", "pod"
)  # fmt: skip
KINDS = {
    *PACKAGES, "action", "annotation", "chart", "env", "file", "image", "orb", "pipe", "provider",
    "resource", "task", "terraform",
}  # fmt: skip
PROJECTS = sorted((DATA / "suggest").glob("*.txt"))


def rows() -> list[list[str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [*csv.reader(file)]


@pytest.mark.parametrize("sample", [pytest.param(path, id=path.stem) for path in PROJECTS])
def test_a_project_gets_exactly_its_vendors(sample: Path, tmp_path: Path) -> None:
    """A sample is one text: the expected vendors, then `=== path` before each file."""
    head, *parts = ("\n" + sample.read_text(encoding="utf-8")).split("\n=== ")
    expected = head.split("expects:")[1].split("\n")[0].split()
    files = dict(part.partition("\n")[::2] for part in parts)
    assert sorted(slugs(tmp_path, files)) == expected


def test_every_row_of_the_table_is_valid_and_names_a_known_vendor() -> None:
    header, *body = rows()
    known = {entry.slug for entry in catalog.entries()} | {NO_VENDOR}
    assert header == ["kind", "pattern", "slug"]
    assert {kind for kind, _, _ in body} == KINDS
    assert [row for row in body if row[2] not in known] == []
    assert all(pattern for _, pattern, _ in body)
    inner = [row for row in body if "*" in row[1][:-1]]
    assert [row for row in inner if row[0] != "file" or "/*." not in row[1]] == []


def test_the_table_has_many_packages_and_no_duplicates() -> None:
    said = [(kind, pattern.lower()) for kind, pattern, _ in rows()]
    assert len(said) == len(set(said))
    assert sum(kind in PACKAGES for kind, _ in said) >= 1000


def test_a_proposal_has_its_evidence_the_strongest_first(tmp_path: Path) -> None:
    files = {
        "package.json": '{\n  "dependencies": {\n    "stripe": "^16"\n  }\n}\n',
        "yarn.lock": '\nstripe@^16:\n  version "16"\n',
        "src/pay.ts": 'const key = process.env.STRIPE_KEY;\nfetch("https://api.stripe.com/v1");\n',
        "test/pay.test.ts": 'fetch("https://api.stripe.com/v1");\n',
    }
    assert suggest(project(tmp_path, files)) == (
        Proposal(
            slug="stripe",
            name="Stripe",
            score=94,
            evidence=(
                Evidence("package.json", 3, "npm package stripe"),
                Evidence("yarn.lock", 2, "npm package stripe"),
                Evidence("src/pay.ts", 1, "variable STRIPE_KEY"),
                Evidence("src/pay.ts", 2, "host api.stripe.com"),
                Evidence("test/pay.test.ts", 1, "host api.stripe.com"),
            ),
            total=5,
        ),
    )


def test_scores_from_a_manifest_down_to_a_host(
    tmp_path: Path,
) -> None:
    files = {
        "go.mod": "require github.com/twilio/twilio-go v1.0.0\n",
        "fly.toml": "app = 'acme'\n",
        "Gemfile.lock": "    bugsnag (6.26.0)\n",
        ".env": "PLAID_SECRET=x\n",
        "app.py": "requests.get('https://api.xero.com')\n",
    }
    assert [(p.slug, p.score) for p in suggest(project(tmp_path, files))] == [
        ("twilio", 90),
        ("fly", 80),
        ("bugsnag", 70),
        ("plaid", 60),
        ("xero", 50),
    ]


def test_the_file_of_a_service_is_evidence_by_its_name(tmp_path: Path) -> None:
    assert all_evidence(suggest(project(tmp_path, {"ops/fly.toml": b"\0"}))) == [
        Evidence("ops/fly.toml", 1, "configuration file")
    ]


def test_much_weak_evidence_scores_less_than_one_strong(tmp_path: Path) -> None:
    calls = {f"src/{n}.py": f"get('https://api{n}.xero.com')\n" for n in range(1, 10)}
    more = {f"lib/{n}.py": "get('https://api.xero.com')\n" for n in range(10)}
    (proposal,) = suggest(project(tmp_path, {**calls, **more}))
    assert (proposal.slug, proposal.score) == ("xero", 59)
    assert (len(proposal.evidence), proposal.total) == (EVIDENCE_LIMIT, 19)


@pytest.mark.parametrize(
    ("path", "body", "slug", "line"),
    [
        ("requirements.txt", "a\n\nStripe [x] >= 1 # pay\n", "stripe", 3),
        ("requirements/prod.in", "-e git+https://git.example/x#egg=sentry_sdk\n", "sentry", 1),
        ("setup.py", "setup(\n  install_requires=[\n    'boto3>=1',\n  ],\n)\n", "aws", 3),
        ("setup.cfg", "[options]\ninstall_requires =\n    requests\n    twilio>=8\n", "twilio", 4),
        ("setup.cfg", "[options]\ninstall_requires = twilio\n[flake8]\nboto3\n", "twilio", 2),
        ("Pipfile", '[packages]\nrequests = "*"\nmailjet-rest = "*"\n', "mailjet", 3),
        ("Pipfile", '[packages]\n"boto3" = "*"\n', "aws", 2),
        ("Pipfile.lock", '{\n    "default": {\n        "openai": {\n', "openai", 3),
        ("environment.yml", "dependencies:\n  - conda-forge::boto3=1.34\n", "aws", 2),
        ("pyproject.toml", '[tool.poetry.dependencies]\nslack_sdk = "^3"\n', "slack", 2),
        ("pyproject.toml", '[tool.poetry.group.x.dependencies]\n openai = "*"\n', "openai", 2),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies.django-storages]\nextras = ["google"]\n',
            "gcp",
            1,
        ),
        ("pyproject.toml", '[tool.pdm.dev-dependencies]\nt = ["codecov"]\n', "codecov", 2),
        ("package.json", '{"devDependencies":\n{"snyk":"1"}}', "snyk", 2),
        ("npm-shrinkwrap.json", '{\n  "dependencies": {\n    "stripe": {\n', "stripe", 3),
        ("yarn.lock", '\n"@slack/web-api@npm:^7.0.0":\n', "slack", 2),
        ("pnpm-lock.yaml", "packages:\n\n  /twilio@5.0.0:\n", "twilio", 3),
        ("pnpm-lock.yaml", "packages:\n  /@sentry/node/7.0.0:\n", "sentry", 2),
        ("go.mod", "module x\nrequire gopkg.in/DataDog/dd-trace-go.v1 v1.5.0\n", "datadog", 2),
        ("x.gemspec", "Gem::Specification.new do |s|\n  s.add_dependency 'stripe'\n", "stripe", 2),
        ("Cargo.toml", '[workspace.dependencies]\naws-sdk-s3 = "1"\n', "aws", 2),
        ("composer.json", '{"require-dev":\n{"sentry/sentry": "*"}}', "sentry", 2),
        ("composer.lock", '{\n  "name": "stripe/stripe-php",\n', "stripe", 2),
        ("pom.xml", "<dependency>\n<groupId>io.sentry</groupId>\n<artifactId>sentry", None, 0),
        ("build.gradle", "dependencies {\n  api 'io.ably:ably-java:1.2'\n}\n", "ably", 2),
        ("build.gradle", 'dependencies { implementation "io.ably:ably-java:1" }\n', "ably", 1),
        (
            "gradle/libs.versions.toml",
            'x = { group = "io.sentry", name = "sentry", version = "7" }\n',
            "sentry",
            1,
        ),
        ("a/packages.config", '<package id="Twilio" version="6" />\n', "twilio", 1),
        (".terraform.lock.hcl", 'provider "registry.terraform.io/hashicorp/aws" {\n', "aws", 1),
        ("infra/main.tf", '\nprovider "google-beta" {}\n', "gcp", 2),
        ("main.tf", 'datadog = { source = "DataDog/datadog" }\n', "datadog", 1),
        (".github/actions/x/action.yml", "- uses: docker/login-action@v3\n", "docker", 1),
        (".github/actions/x/action.yaml", "- uses: docker/login-action@v3\n", "docker", 1),
        ("action.yml", "- uses: docker/login-action@v3\n", "docker", 1),
        ("supabase/config.toml", "project_id = 'acme'\n", "supabase", 1),
        ("infra/Pulumi.yaml", "name: acme\n", "pulumi", 1),
        ("ops/Dockerfile", "FROM ghcr.io/acme/base:1\n", "github", 1),
        ("ops/web.dockerfile", "FROM 1.dkr.ecr.eu-west-1.amazonaws.com/x AS y\n", "aws", 1),
        ("compose.yaml", "services:\n  a:\n    image: datadog/agent:7\n", "datadog", 3),
    ],
)
def test_a_manifest_or_lock_file_names_its_packages(
    path: str, body: str, slug: str | None, line: int, tmp_path: Path
) -> None:
    found = [(p.slug, p.evidence[0][:2]) for p in suggest(project(tmp_path, {path: body}))]
    assert (slug, (path, line)) in found if slug else found == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "os.environ['STRIPE_KEY']"),
        ("a.py", 'os.environ.get( "STRIPE_KEY", "")'),
        ("a.py", "os.getenv('STRIPE_KEY')"),
        ("a.py", "env.str('STRIPE_KEY')"),
        ("a.js", "process.env['STRIPE_KEY']"),
        ("a.ts", "const key = import.meta.env.VITE_STRIPE_KEY"),
        ("a.ts", "Deno.env.get('STRIPE_KEY')"),
        ("a.ts", "const { STRIPE_KEY } = process.env"),
        ("a.js", "const { PORT = 80,\n  STRIPE_KEY: key,\n} = process.env;"),
        ("a.rb", "ENV.fetch('STRIPE_KEY')"),
        ("a.go", 'os.Getenv("STRIPE_KEY")'),
        ("a.rs", 'env!("STRIPE_KEY")'),
        ("a.rs", 'std::env::var("STRIPE_KEY")'),
        ("a.php", "getenv('STRIPE_KEY')"),
        ("a.php", "$_SERVER['STRIPE_KEY']"),
        ("a.ex", 'System.get_env("STRIPE_KEY")'),
        ("a.java", 'System.getenv("STRIPE_KEY")'),
        ("a.cs", 'Environment.GetEnvironmentVariable("STRIPE_KEY")'),
        ("a.dart", "String.fromEnvironment('STRIPE_KEY')"),
        ("a.sh", 'curl -u "${STRIPE_KEY:-}"'),
        ("a.sh", "export STRIPE_KEY=x"),
        ("a.yml", "stripe: ${STRIPE_KEY}"),
        ("a.yml", "- name: STRIPE_KEY"),
        ("a.yml", "- STRIPE_KEY=x"),
        ("Dockerfile", "ARG STRIPE_KEY"),
        ("Jenkinsfile", "    STRIPE_KEY = credentials('stripe')"),
        ("Makefile", "export STRIPE_KEY := x"),
        ("config.json", '  "STRIPE_KEY": "",'),
        (".github/workflows/a.txt.yml", "key: ${{ secrets.STRIPE_KEY }}"),
        (".envrc", "export STRIPE_KEY="),
        (".env.local", "NEXT_PUBLIC_STRIPE_KEY=pk_live_1"),
        (".env.local", "NEXT_PRIVATE_STRIPE_KEY=sk_live_1"),
        (".env.example", "# STRIPE_KEY="),
        ("env.template", "#export STRIPE_KEY=x"),
        ("a.ts", "  STRIPE_KEY: z.string().min(1),"),
        ("a.ts", "const schema = { STRIPE_KEY: string() }"),
        ("a.py", "    STRIPE_KEY: SecretStr"),
        ("a.py", 'env = {"STRIPE_KEY": key}'),
        ("a.rb", "{'STRIPE_KEY' => 1, 'STRIPE_SECRET': 2}"),
    ],
)
def test_a_variable_that_is_read_or_set_is_found(path: str, line: str, tmp_path: Path) -> None:
    assert "stripe" in slugs(tmp_path, {path: f"\n{line}\n"})


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "x['STRIPE_KEY']"),
        ("a.py", "# os.environ['STRIPE_KEY']"),
        ("a.js", "f() // process.env.STRIPE_KEY"),
        ("a.js", " * process.env.STRIPE_KEY"),
        ("a.js", "// const { STRIPE_KEY } = process.env"),
        ("a.js", "const { STRIPE_KEY } = settings"),
        ("a.js", "const { A = 'STRIPE_KEY' } = process.env"),
        ("a.html", "<!-- env.STRIPE_KEY -->"),
        (".env", "# STRIPE_KEY=x"),
        (".env.example", "#STRIPE_KEY and others"),
        ("a.ts", "case STRIPE_KEY: break"),
        ("a.ts", "const STRIPE_KEY = 1"),
        ("a.py", "STRIPE_KEY: Final = 1"),
        ("a.py", "    STRIPE_BLUE: int = 1"),
        ("src/plugins/a.ts", "const names = { STRIPE_KEY: 'x' }"),
        (".env", "MY_STRIPE_KEY=x"),
        ("a.yml", "text: STRIPE_KEY is not set"),
        ("a.txt", "os.environ['STRIPE_KEY']"),
        ("a.min.js", "process.env.STRIPE_KEY"),
        ("a.js", f"{'x' * 3000} process.env.STRIPE_KEY"),
    ],
)
def test_a_variable_in_a_comment_in_prose_or_in_generated_code_does_not_count(
    path: str, line: str, tmp_path: Path
) -> None:
    assert slugs(tmp_path, {path: f"{line}\n"}) == []


@pytest.mark.parametrize(
    ("path", "line", "slug"),
    [
        ("a.py", "get('https://api.xero.com/connections')", "xero"),
        ("a.py", 'get("https://eu-api.xero.com")', "xero"),
        ("a.py", "post('https://slack.com/api/chat.postMessage')", "slack"),
        ("a.py", "HOST = 'smtp.sendgrid.net'", "sendgrid"),
        ("a.py", "get('https://acme.atlassian.net/rest/api/3')", "atlassian"),
        ("a.py", "get('https://STATUS.Permutive.com:443/')", "permutive"),
        ("a.ts", "fetch(`https://edge.permutive.app/${id}`)", "permutive"),
        ("a.tsx", '<script src="https://js.stripe.com/v3" />', "stripe"),
        ("a.go", 'dsn := "https://key@o1.ingest.sentry.io/2"', "sentry"),
        ("a.go", "url := `https://api.xero.com/connections`", "xero"),
        ("Jenkinsfile", "  sh 'curl https://api.xero.com/connections'", "xero"),
        ("Makefile", "\tcurl https://api.xero.com/connections", "xero"),
        ("config.json", '{"url": "https://api.xero.com/connections"}', "xero"),
        ("config.production.json", '{"url": "https://api.xero.com"}', "xero"),
        ("a.ini", "url = https://hooks.slack.com/services/T0/B0/x", "slack"),
        ("a.yml", "host: email-smtp.eu-west-1.amazonaws.com", "aws"),
        (".env", "DATABASE_URL=postgres://u:p@db.abc.supabase.co:5432/x", "supabase"),
        (".env", "DATABASE_URL=postgres://u:p,x;y(z)@db.abc.supabase.co/x", "supabase"),
        ("a.py", "CORS = ['https://*.xero.com']", "xero"),
        ("a.js", 'hosts = ["127.0.0.1", "https://*.example", "*.eu.xero.com"]', "xero"),
        ("a.js", "images: [{ hostname: '**.xero.com' }]", "xero"),
        ("a.js", "csp = \"script-src 'self' https://xero.com; img-src *\"", "xero"),
        ("a.conf", "add_header CSP \"default-src 'self'; connect-src *.xero.com\";", "xero"),
        ("a.js", 'scriptSrc: [\n  "\'self\'",\n  "https://xero.com",\n]', "xero"),
        ("a.py", "CSP_CONNECT_SRC = (\"'self'\", 'xero.com')", "xero"),
        ("a.rb", "policy.script_src :self, 'https://xero.com'", "xero"),
        ("_headers", "  Content-Security-Policy: connect-src 'self' xero.com", "xero"),
        ("a.html", "<script async src='//xero.com/js/script.js'></script>", "xero"),
        ("a.html", '<iframe\n title="x"\n src="https://xero.com/embed"></iframe>', "xero"),
        ("a.tsx", "<Script src={'https://xero.com/a.js'} />", "xero"),
        ("a.js", 'script.src = "https://xero.com/a.js"', "xero"),
    ],
)
def test_a_host_that_programs_call_is_a_dependency(
    path: str, line: str, slug: str, tmp_path: Path
) -> None:
    assert slugs(tmp_path, {path: f"{line}\n"}) == [slug]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "link = 'https://xero.com/features'"),
        ("a.py", "link = 'https://www.xero.com/api'"),
        ("a.py", "link = 'https://developer.xero.com/v2'"),
        ("a.py", "link = 'https://go.xero.com/invoice'"),
        ("a.py", "get('https://api.xero.com.evil.example')"),
        ("a.py", "get('https://apixero.com/api')"),
        ("a.py", "get('https://api.xero.com@evil.example/api')"),
        ("a.py", "see https://api.xero.com"),
        ("a.js", "csp = 'img-src https://xero.com'"),
        ("a.js", "fontSrc: ['https://xero.com'], scriptSrc: ['none']"),
        ("a.js", "x = 'script-src a'\nlink('https://xero.com')"),
        ("a.js", "// scriptSrc: ['https://xero.com']"),
        ("a.html", '<img src="https://xero.com/a"><script>1</script>'),
        ("a.html", '<!-- <script src="https://xero.com/a.js"></script> -->'),
        ("a.py", '"""Like `https://api.xero.com`."""'),
        ("a.py", "get('https://-')"),
        ("a.md", "'https://api.xero.com'"),
        ("a.py", "hosts = ['mailgun.net', 'scw.cloud']"),
        ("a.py", "logo = 'https://cdn.segment.com/img/logo.PNG?x=1'"),
        ("mail/backends/mailgun.py", "url = 'https://api.mailgun.net/v3'"),
        ("tox.ini", "url = https://api.xero.com"),
        ("action.yml", "image: Dockerfile"),
        (".github/actions/x/action.yml", "image: 'Dockerfile'"),
        ("Makefile", "# curl https://api.xero.com"),
        ("config.json", '{"url": "https://www.xero.com"}'),
        ("a.go", "// like `https://api.xero.com`"),
        ("requirements/test.txt", "pyxero"),
        ("requirements-docs.txt", "pyxero"),
        ("docs/a.py", "get('https://api.xero.com')"),
        ("app/test_a.py", "get('https://api.xero.com')"),
        ("src/AccountTest.java", 'get("https://api.xero.com");'),
        ("cypress/a.spec.ts", "get('https://api.xero.com')"),
        (".github/ISSUE_TEMPLATE/config.yml", "url: https://api.xero.com"),
    ],
)
def test_links_prose_and_auxiliary_files_do_not_count(path: str, line: str, tmp_path: Path) -> None:
    assert slugs(tmp_path, {path: f"{line}\n"}) == []


def test_with_a_manifest_only_its_packages_of_a_lock_file_count(
    tmp_path: Path,
) -> None:
    lock = {"yarn.lock": "stripe@1:\ntwilio@1:\n"}
    assert slugs(tmp_path, lock) == ["stripe", "twilio"]
    assert slugs(tmp_path, {**lock, "package.json": '{"dependencies": {"stripe": "1"}}'}) == [
        "stripe"
    ]


def test_folders_of_third_party_code_are_not_read(tmp_path: Path) -> None:
    wanted = '{"dependencies": {"stripe": "1"}}'
    foreign = (
        ".git", ".hg", ".tox", ".venv", "node_modules", "vendor", "site-packages", "target",
        "dist", "build", "x.egg-info", "Pods",
    )  # fmt: skip
    files = {f"{folder}/package.json": wanted for folder in foreign}
    files |= {"env/pyvenv.cfg": "home = /usr/bin\n", "env/package.json": wanted}
    assert slugs(tmp_path, files) == []


def test_links_to_folders_and_out_of_the_tree_are_not_followed(tmp_path: Path) -> None:
    outside = project(tmp_path / "outside", {"package.json": '{"dependencies": {"stripe": "1"}}'})
    root = project(tmp_path / "root", {"a.py": "", ".git/go.mod": "require tailscale.com v1.0.0"})
    (root / "package.json").symlink_to(outside / "package.json")
    (root / "linked").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "Gemfile").symlink_to(root / "Gemfile")
    (root / "Cargo.toml").symlink_to(root / "nowhere")
    (root / "go.mod").symlink_to(root / ".git/go.mod")
    (root / "composer.json").symlink_to("../outside/package.json")
    assert suggest(root) == ()
    (tmp_path / "project").symlink_to(outside)
    assert [p.slug for p in suggest(tmp_path / "project")] == ["stripe"]


def test_a_link_to_a_file_of_the_tree_counts_once(tmp_path: Path) -> None:
    wanted = '{"dependencies": {"stripe": "1"}}'
    root = project(tmp_path, {"config/packages.json": wanted, "web/package.json": wanted})
    (root / "package.json").symlink_to("config/packages.json")
    (root / "app").mkdir()
    (root / "app/package.json").symlink_to("../web/package.json")
    assert [(e.path, e.what) for e in all_evidence(suggest(root))] == [
        ("package.json", "npm package stripe"),
        ("web/package.json", "npm package stripe"),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "package.json")
    assert suggest(tmp_path) == ()


def test_no_secret_is_shown(tmp_path: Path) -> None:
    files = {
        ".env": "STRIPE_KEY=hunter2\nMONGO=mongodb+srv://root:hunter2@c0.x1.mongodb.net/a\n",
        ".env.odd": "A=https://hunter2@[::1]/x\nB=https://user:hunter2/x@api.xero.com/api\n",
        "requirements.txt": (
            "--index-url https://user:hunter2@pypi.acme.example/simple\n"
            "twilio @ https://user:hunter2@git.acme.example/twilio.zip\n"
        ),
        "app.py": "sentry_sdk.init('https://hunter2@o1.ingest.sentry.io/1?x=hunter2')\n",
        "Dockerfile": "FROM ghcr.io/acme/base:hunter2\n",
        "config.yml": "PLAID_SECRET: hunter2\n",
    }
    assert sorted(all_evidence(suggest(project(tmp_path, files)))) == [
        Evidence(".env", 1, "variable STRIPE_KEY"),
        Evidence(".env", 2, "host *.mongodb.net"),
        Evidence("Dockerfile", 1, "container images from ghcr.io"),
        Evidence("app.py", 1, "host *.ingest.sentry.io"),
        Evidence("config.yml", 1, "variable PLAID_SECRET"),
        Evidence("requirements.txt", 2, "Python package twilio"),
    ]


def test_control_codes_in_names_are_removed(tmp_path: Path) -> None:
    files = {"a\x1b[2Jb/package.json": '{"dependencies": {"@sentry/\\u001b[31mx": "1"}}'}
    assert all_evidence(suggest(project(tmp_path, files))) == [
        Evidence("ab/package.json", 1, "npm package @sentry/x")
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("package.json", "{"),
        ("package.json", "[" * 100_000),
        ("package.json", "[1, 2]"),
        ("package.json", '{"dependencies": ["stripe"], "devDependencies": null}'),
        ("composer.json", '{"require": "stripe/stripe-php"}'),
        ("pyproject.toml", "[project"),
        ("pyproject.toml", "x = " + "[" * 100_000),
        ("pyproject.toml", "x = 1" + "0" * 5_000),
        ("pyproject.toml", 'project = 1\ntool = ["poetry"]'),
        ("pyproject.toml", 'dependency-groups = {a = "stripe"}\n[tool.poetry]\ngroup = {a = 1}'),
        ("Cargo.toml", 'target = {a = 1}\n[dependencies]\nx = {package = ["async-openai"]}'),
        ("Pipfile", "\0\0\0"),
        ("requirements.txt", b"\xff\xfe\x00s\x00t\x00r"),
        ("requirements.txt", b"\x80\x81 stripe"),
        ("requirements.txt", "a" + " " * 100_000 + "x"),
        ("yarn.lock", "x" * 1_000_000),
        ("pom.xml", "<dependency>" * 10_000),
        ("app.py", "'" * 200_000),
        ("app.py", "'https://" * 20_000),
        ("app.py", "'" + "a." * 100_000),
        (".github/workflows/a.txt", "\n" * 100_000),
        ("compose.yml", "image: \n" * 10_000),
        ("settings.yml", "=:" * 100_000),
        ("serverless.yml", "provider:\n" + "   # x\n" * 60),
        ("template.yaml", " " * 300_000),
        ("Chart.yaml", " " * 300_000),
        ("deps.edn", "a" * 300_000),
        ("a.html", "<script " * 50_000),
        ("a.js", "scriptSrc: [" * 50_000),
    ],
)
def test_hostile_files_give_no_proposals_and_no_errors(
    path: str, body: str | bytes, tmp_path: Path
) -> None:
    assert slugs(tmp_path, {path: body}) == []


def test_manifests_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    files = {
        "package.json": "<<<<<<< HEAD\n{}",
        "api/pyproject.toml": "[project",
        "api/Cargo.toml": "",
        "MODULE.bazel": "",
        "lib/acme.cabal": "",
        "lib/README.md": "",
    }
    found = search(project(tmp_path, files))
    assert found.unread == {
        Unread.INVALID: ["package.json", "api/pyproject.toml"],
        Unread.UNSUPPORTED: ["Bazel: MODULE.bazel", "Haskell: lib/acme.cabal"],
    }


def test_one_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a/package.json": "{",
        "b/package.json": b'\xef\xbb\xbf{"dependencies": {"stripe": "1"}}',
        "c/app.py": b"x = '\xff'\r\nkey = os.environ['TWILIO_TOKEN']\r\n",
    }
    assert all_evidence(suggest(project(tmp_path, files))) == [
        Evidence("b/package.json", 1, "npm package stripe"),
        Evidence("c/app.py", 2, "variable TWILIO_TOKEN"),
    ]


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_a_utf_16_file_is_read(mark: str, tmp_path: Path) -> None:
    files = {"requirements.txt": "\ufeffpandas\r\nstripe==9.1\r\n".encode(mark)}
    assert all_evidence(suggest(project(tmp_path, files))) == [
        Evidence("requirements.txt", 2, "Python package stripe")
    ]


def test_files_longer_than_the_limit_are_not_read(tmp_path: Path) -> None:
    padding = " " * 1024 * 1024
    files = {
        ".env": "XERO_KEY=\n" + padding,
        "go.mod": "require github.com/plaid/plaid-go v1.0.0\n" + padding,
        "package.json": '{"dependencies": {"stripe": "1"}}' + padding * 4,
        "yarn.lock": "twilio@1:\n" + padding * 4,
    }
    found = search(project(tmp_path, files))
    assert [p.slug for p in found.proposals] == ["plaid", "twilio"]
    assert found.unread == {Unread.TOO_LARGE: ["package.json", ".env"]}


def test_the_byte_limit_still_allows_the_best_evidence(tmp_path: Path) -> None:
    files = {
        "a/app.py": "os.environ['TWILIO_TOKEN']\n",
        "z/package.json": '{"dependencies": {"stripe": "1"}}',
    }
    found = search(project(tmp_path, files), limit_bytes=30)
    assert [p.slug for p in found.proposals] == ["stripe"]
    assert found.ended


class Clock:
    """A clock that advances a second per call; call number `at` renames the folder `then`."""

    def __init__(self, at: int = 0, then: Path | None = None) -> None:
        self._calls = 0
        self._at = at
        self._then = then

    def __call__(self) -> float:
        self._calls += 1
        if self._then and self._calls == self._at:
            self._then.rename(self._then.with_name("gone"))
        return float(self._calls)


@pytest.mark.parametrize(
    ("seconds", "found"), [(1, []), (2, ["fly"]), (4, ["fly"]), (60, ["stripe", "fly", "twilio"])]
)
def test_the_time_limit_keeps_what_was_found_before(
    seconds: int, found: list[str], tmp_path: Path
) -> None:
    files = {
        "a.py": "os.environ['TWILIO_TOKEN']\n",
        "fly.toml": "",
        "package.json": '{"dependencies": {"stripe": "1"}}',
    }
    findings = search(project(tmp_path, files), limit_seconds=seconds, monotonic=Clock())
    assert [p.slug for p in findings.proposals] == found
    assert findings.ended == (seconds < 60)


def test_files_and_folders_that_vanish_are_counted_as_unread(tmp_path: Path) -> None:
    wanted = '{"dependencies": {"stripe": "1"}}'
    folder = project(tmp_path / "1", {"a.py": "", "x/package.json": wanted})
    found = search(folder, limit_seconds=60, monotonic=Clock(2, folder / "x"))
    assert (found.proposals, found.unread) == ((), {Unread.FOLDER: ["x"]})
    file = project(tmp_path / "2", {"package.json": wanted})
    found = search(file, limit_seconds=60, monotonic=Clock(3, file / "package.json"))
    assert (found.proposals, found.unread) == ((), {Unread.FILE: ["package.json"]})


@pytest.mark.parametrize("name", ["package.json", "nowhere"])
def test_only_a_folder_can_be_searched(name: str, tmp_path: Path) -> None:
    root = project(tmp_path, {"package.json": "{}"}) / name
    with pytest.raises(UsageError) as error:
        suggest(root)
    assert str(error.value) == f"{root} is not a folder; name the folder of a project"


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("api.xero.com", "api.xero.com"),
        ("eu-api2.xero.com", "eu-api2.xero.com"),
        ("hunter2.api.xero.com", "*.api.xero.com"),
        ("api.hunter2.xero.com", "*.xero.com"),
        ("hunter2-api.xero.com", "*.xero.com"),
        ("hunter2.m.pipedream.net", "*.m.pipedream.net"),
        ("hunter2.lambda-url.us-east-1.on.aws", "*.lambda-url.*.on.aws"),
        ("hunter2.s3.amazonaws.com", "*.s3.amazonaws.com"),
        ("hunter2.s3.eu-west-1.amazonaws.com", "*.s3.*.amazonaws.com"),
        ("hunter2.upstash.io", "*.upstash.io"),
        ("ep-hunter2.us-east-2.aws.neon.tech", "*.*.aws.neon.tech"),
        ("hunter2.firebaseio.com", "*.firebaseio.com"),
        ("db.hunter2.supabase.co", "*.supabase.co"),
    ],
)
def test_a_host_is_shown_without_what_is_the_customers_own(
    host: str, shown: str, tmp_path: Path
) -> None:
    (proposal,) = suggest(project(tmp_path, {"a.py": f"get('https://{host}')\n"}))
    assert proposal.evidence == (Evidence("a.py", 1, f"host {shown}"),)


def test_a_registry_is_shown_without_the_account(tmp_path: Path) -> None:
    files = {"Dockerfile": "FROM 123456789012.dkr.ecr.eu-west-1.amazonaws.com/hunter2:1\n"}
    (proposal,) = suggest(project(tmp_path, files))
    what = "container images from *.dkr.ecr.*.amazonaws.com"
    assert (proposal.slug, proposal.evidence) == ("aws", (Evidence("Dockerfile", 1, what),))
