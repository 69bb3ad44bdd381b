"""One test for each kind of manifest, pipeline and container file: the vendor and its line."""

import time
from pathlib import Path

import pytest

from outlogger_cli.suggest import suggest as search
from tests.suggest.projects import project, slugs, suggest

WORKFLOW = ".github/workflows/ci.yml"
LOGIN = "steps:\n  - uses: docker/login-action@v3\n"
KUBERNETES = "apiVersion: apps/v1\nkind: Deployment\n"


@pytest.mark.parametrize(
    ("path", "body", "slug", "line"),
    [
        ("mix.exs", "defp deps do\n  [\n    {:sentry, '~> 10.0'},\n", "sentry", 3),
        ("mix.exs", "[{:jason, '~> 1.4'}, {:ex_aws_sqs, '~> 3.4'}]", "aws", 1),
        ("mix.lock", '%{\n  "stripity_stripe": {:hex, :stripity_stripe, "3"},\n', "stripe", 2),
        ("rebar.config", '{deps, [\n  {honeybadger, "1.0"}\n]}.\n', "honeybadger", 2),
        ("pubspec.yaml", "dev_dependencies:\n\n  # pay\n  flutter_stripe: ^11.0.0\n", "stripe", 4),
        ("pubspec.lock", "packages:\n  sentry:\n    dependency: direct\n", "sentry", 2),
        (
            "Package.swift",
            '.package(\n  url: "https://github.com/stripe/stripe-ios",\n',
            "stripe",
            2,
        ),
        ("Package.swift", '.package(url: "git@github.com:Auth0/Auth0.swift.git",\n', "auth0", 1),
        (
            "App.xcodeproj/project.pbxproj",
            'repositoryURL = "https://github.com/getsentry/sentry-cocoa/";\n',
            "sentry",
            1,
        ),
        (
            "Package.resolved",
            '"location" : "https://github.com/stripe/stripe-ios.git"',
            "stripe",
            1,
        ),
        ("Cartfile", '\ngithub "getsentry/sentry-cocoa" ~> 8.0\n', "sentry", 2),
        ("ios/Podfile", "target 'A' do\n  pod 'Firebase/Messaging', '~> 11'\nend\n", "firebase", 2),
        ("A.podspec", "Pod::Spec.new do |s|\n  s.dependency 'Sentry'\n", "sentry", 2),
        ("Podfile.lock", 'PODS:\n  - "Stripe (23.1.0)":\n', "stripe", 2),
        ("build.sbt", 'x += "com.stripe" % "stripe-java" % "24"\n', "stripe", 1),
        ("project/Dependencies.scala", 'val s = "io.sentry" %% "sentry" % "7"\n', "sentry", 1),
        ("build.sc", 'def ivyDeps = Agg(\n  ivy"com.stripe::stripe-java:24"\n)\n', "stripe", 2),
        ("build.gradle.kts", 'plugins {\n  id("io.sentry.android.gradle")\n}\n', "sentry", 2),
        ("settings.gradle", "plugins { id 'com.gradle.develocity' version '3' }", "gradle", 1),
        (
            "gradle/libs.versions.toml",
            'a = { id = "com.google.gms.google-services" }',
            "firebase",
            1,
        ),
        ("deps.edn", '{:deps\n {com.stripe/stripe-java {:mvn/version "24"}}}', "stripe", 2),
        ("project.clj", '[[com.stripe/stripe-java "24"]]', "stripe", 1),
        ("a.csproj", '<GlobalPackageReference Version="1" Include="Sentry" />', "sentry", 1),
        ("a.nuspec", '<dependency id="Stripe.net" version="45" />', "stripe", 1),
        ("packages.lock.json", '{"dependencies":{"net8.0":{"Twilio":{"type":"x"}}}}', "twilio", 1),
        ("mix.lock", '%{"sentry": {:hex, :sentry, "10"}}', "sentry", 1),
        (
            "project.yml",
            "packages:\n  S:\n    url: https://github.com/stripe/stripe-ios\n",
            "stripe",
            3,
        ),
        ("deno.json", '{"imports": {"s": "https://esm.sh/stripe@16"}}', "stripe", 1),
        ("packages.lock.json", '{\n      "Twilio": {\n', "twilio", 2),
        ("paket.dependencies", "source https://x.example\nnuget Twilio ~> 6\n", "twilio", 2),
        ("paket.lock", "NUGET\n  remote: https://x.example\n    Twilio (6.0)\n", "twilio", 3),
        ("deno.json", '{"imports": {\n  "pay": "npm:stripe@^16"\n}}', "stripe", 2),
        ("deno.jsonc", '{ // x\n "imports": {"s": "jsr:@supabase/supabase-js@2"}}', "supabase", 2),
        ("import_map.json", '{"imports": {"s": "npm:/stripe@16/"}}', "stripe", 1),
        ("deno.lock", '{\n  "npm:stripe@16": "16.1.0",\n', "stripe", 2),
        ("main.ts", 'import s from "npm:stripe@16";\n', "stripe", 1),
        ("main.ts", 'import s from "https://esm.sh/v135/stripe@16/x.js";\n', "stripe", 1),
        ("a.html", '<script src="//unpkg.com/@sentry/browser@8/x.js"></script>', "sentry", 1),
        ("pnpm-workspace.yaml", "packages:\n  - a\ncatalog:\n  stripe: ^16\n", "stripe", 4),
        ("pnpm-workspace.yaml", 'catalogs:\n  v8:\n    "@sentry/node": ^8\n', "sentry", 3),
        (".yarnrc.yml", "catalog:\n  stripe: ^16\n", "stripe", 2),
        ("package.json", '{"workspaces": {"catalog": {"stripe": "1"}}}', "stripe", 1),
        ("package.json", '{"scripts": {"snyk": "x"},\n"dependencies": {"snyk": "1"}}', "snyk", 2),
        ("package.json", '{"dependencies":\n{"@pulumi/aws": "6"}}', "aws", 2),
        ("go.mod", "require github.com/pulumi/pulumi-gcp/sdk/v7 v7.0.0\n", "gcp", 1),
        ("a.csproj", '<PackageReference Include="Pulumi.AzureNative" />', None, 0),
        ("pyproject.toml", '[project]\ndependencies = [\n "pulumi-fastly>=8"]\n', "fastly", 3),
        ("requirements.txt", "cdktf-cdktf-provider-datadog==10\n", "datadog", 1),
        ("package.json", '{"dependencies": {"@cdktf/provider-pagerduty": "1"}}', "pagerduty", 1),
        ("Gemfile", 'gem "skylight"\n', "skylight", 1),
        ("config/skylight.yml", "authentication: x\n", "skylight", 1),
        ("cdk.json", "{}", "aws", 1),
    ],
)
def test_a_manifest_names_its_packages(
    path: str, body: str, slug: str | None, line: int, tmp_path: Path
) -> None:
    found = [(p.slug, p.evidence[0][:2]) for p in suggest(project(tmp_path, {path: body}))]
    assert (slug, (path, line)) in found if slug else found == []


@pytest.mark.parametrize(
    ("path", "body", "slug", "what"),
    [
        ("app.yaml", f"{KUBERNETES}      image: quay.io/acme/api:1\n", "quay", "quay.io"),
        ("app.yml", f"{KUBERNETES}      - image: nginx\n", "docker", "docker.io"),
        (
            "app.yml",
            f"{KUBERNETES}  annotations:\n    eks.amazonaws.com/role-arn: arn:hunter2\n",
            "aws",
            "Kubernetes object of eks.amazonaws.com/role-arn",
        ),
        (
            "queue.yml",
            "apiVersion: sqs.services.k8s.aws/v1alpha1\nkind: Queue\n",
            "aws",
            "Kubernetes object of sqs.services.k8s.aws/v1alpha1",
        ),
        ("sc.yml", f"{KUBERNETES}provisioner: dobs.csi.digitalocean.com\n", "digitalocean", "dobs"),
        ("Chart.yaml", "dependencies:\n  - name: datadog\n    version: 3\n", "datadog", "chart"),
        (
            "Chart.yaml",
            "dependencies:\n  - name: agent\n    repository: https://helm.datadoghq.com\n",
            "datadog",
            "host helm.datadoghq.com",
        ),
        ("argo.yml", "source:\n  repoURL: https://helm.datadoghq.com\n", "datadog", "helm.datadog"),
        ("values.yaml", "image:\n  repository: ghcr.io/acme/web\n", "github", "ghcr.io"),
        ("values.yaml", "image:\n  registry: ghcr.io\n  repository: acme/web\n", "github", "ghcr"),
        ("values-prod.yml", "image:\n  repository: acme/web\n", "docker", "docker.io"),
        ("serverless.yml", "service: a\nprovider:\n  name: aws\n", "aws", "provider aws"),
        (
            "serverless.yml",
            "provider:\n  # x\n  runtime: python3.12\n\n  name: 'google'\n",
            "gcp",
            "provider google",
        ),
        ("serverless.yml", "provider: aws\n", "aws", "provider aws"),
        ("serverless.ts", "const c = { provider: {\n  name: 'aws',\n} };\n", "aws", "provider aws"),
        ("template.yaml", "Resources:\n  A:\n    Type: AWS::SQS::Queue\n", "aws", "resource AWS::"),
        ("stack.template.json", '{"AWSTemplateFormatVersion": "2010-09-09"}', "aws", "AWSTemplate"),
        (".circleci/config.yml", "orbs:\n  s: circleci/slack@4.1\n", "slack", "orb circleci/slack"),
        (".circleci/config.yml", "orbs:\n  e: circleci/aws-ecr@9\n", "aws", "circleci/aws-ecr"),
        ("azure-pipelines.yml", "- task: SonarCloudPrepare@3\n", "sonarcloud", "SonarCloudPrepare"),
        ("ci/steps.yml", "steps:\n- task: AzureWebApp@1\n", "azure", "task AzureWebApp"),
        (
            "bitbucket-pipelines.yml",
            "- pipe: atlassian/aws-s3-deploy:1.6\n",
            "aws",
            "pipe atlassian/aws-s3-deploy",
        ),
        ("config/storage.yml", "amazon:\n  service: S3\n", "aws", "provider S3"),
        ("Pulumi.yaml", "a:\n    type: aws:s3:Bucket\n", "aws", "provider aws"),
        ("kustomization.yaml", "- name: a\n  newName: ghcr.io/a/b\n", "github", "from ghcr.io"),
        (".travis.yml", "deploy:\n  provider: heroku\n", "heroku", "provider heroku"),
        (WORKFLOW, f"{LOGIN}    with:\n      registry: quay.io\n", "quay", "images from quay.io"),
        (WORKFLOW, f"env:\n  REGISTRY: quay.io\n{LOGIN}", "quay", "images from quay.io"),
        (WORKFLOW, LOGIN, "docker", "GitHub action docker/login-action"),
        (WORKFLOW, f"{LOGIN}    with:\n      registry: docker.io\n", "docker", "login-action"),
        (WORKFLOW, f"{LOGIN}  - run: x\n    registry: quay.io\n", "docker", "login-action"),
        (".npmrc", "@acme:registry=https://npm.pkg.github.com\n", "github", "npm.pkg.github.com"),
        ("nuget.config", '<add value="https://pkgs.dev.azure.com/a/b" />', "azure-devops", "pkgs"),
        ("build.gradle", "maven { url 'https://jitpack.io' }", "jitpack", "host jitpack.io"),
    ],
)
def test_a_pipeline_or_container_file_names_its_services(
    path: str, body: str, slug: str, what: str, tmp_path: Path
) -> None:
    found = {p.slug: p.evidence for p in suggest(project(tmp_path, {path: body}))}
    assert slug in found
    assert any(what in evidence.what for evidence in found[slug])
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("package.json", '{"dependencies": {"@datadog/pprof": "5", "@slack/types": "2"}}'),
        ("package.json", '{"devDependencies": {"@chromatic-com/storybook": "3"}}'),
        ("package.json", '{"devDependencies": {"@sentry/types": "8"}}'),
        ("package.json", '{"dependencies": {"@snyk/dep-graph": "2"}}'),
        ("go.mod", "require github.com/Azure/go-ansiterm v1.0.0\n"),
        ("go.mod", "require github.com/IBM/sarama v1.0.0\n"),
        ("Gemfile", "gem 'rubocop-shopify'\n"),
        ("action.yml", "- uses: azure/setup-helm@v4\n- uses: docker/setup-buildx-action@v3\n"),
        ("pubspec.yaml", "dependencies:\n  a:\n    sentry: 1\nname: sentry\n"),
        ("Chart.yaml", "# - name: datadog\n#   repository: https://helm.datadoghq.com\n"),
        ("app.yml", "image: nginx\n"),
        ("app.yml", f"{KUBERNETES}    vault.hashicorp.com/agent-inject: 'true'\n"),
        ("app.yml", "# apiVersion: s3.services.k8s.aws/v1\n# Type: AWS::S3::Bucket\n"),
        ("serverless.yml", "# provider: aws\nservice: a\n"),
        ("serverless.ts", "// provider: { name: 'aws' }\n"),
        ("values.yaml", "# registry: ghcr.io\nrepository: https://x.example/y\n"),
        ("values.yaml", "image:\n  registry: registry.acme.example\n  repository: acme/web\n"),
        (".travis.yml", "# provider: heroku\nprovider: script\n"),
        (".circleci/config.txt", "orbs:\n  s: circleci/slack@4\n"),
        ("compose.yml", "services:\n  a:\n    image: registry.acme.example/x@sha256:0\n"),
    ],
)
def test_what_calls_no_service_is_not_one(path: str, body: str, tmp_path: Path) -> None:
    own = {"travis-ci", "circleci"}
    assert set(slugs(tmp_path, {path: body})) <= own


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("SLACK_URL", "slack"),
        ("SLACK_ALERTS_WEBHOOK_URL", "slack"),
        ("ACME_TEAM_SLACK_WEBHOOK", "slack"),
        ("DEPLOY_DISCORD_WEBHOOK_URL", "discord"),
        ("AXIOM_TOKEN", "axiom"),
    ],
)
def test_a_webhook_of_a_vendor_is_known_by_any_word_of_its_name(
    name: str, slug: str, tmp_path: Path
) -> None:
    assert slugs(tmp_path, {"a.py": f"os.environ['{name}']\n"}) == [slug]


def test_the_stock_settings_of_laravel_do_not_count(tmp_path: Path) -> None:
    stock = "<?php return ['host' => env('MAILGUN_HOST', 'smtp.mailgun.org')];"
    own = "<?php return ['url' => 'https://api.xero.com', 'key' => env('STRIPE_KEY')];"
    files = {"artisan": "", "config/mail.php": stock, "config/acme.php": own}
    assert slugs(tmp_path, files) == ["stripe", "xero"]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("package.json", '"p{}": "1",'),
        ("Cargo.toml", "[dependencies.p{}]"),
        ("pyproject.toml", "p{} = 1"),
        ("mix.exs", "{{:p{}, '1'}},"),
        ("pubspec.yaml", "  p{}: 1"),
        ("Chart.yaml", "  - name: p{}"),
        ("values.yaml", "image: a\n  repository: p{}\n  registry: b.example"),
        ("serverless.yml", "provider:\n  p{}: 1"),
        (WORKFLOW, "- uses: docker/login-action@v{}"),
        ("app.yaml", "apiVersion: v{}\nimage: a"),
        ("a.ts", "<script P{}_KEY: `default-src"),
        (".env.example", "# P{}="),
    ],
)
def test_tens_of_thousands_of_lines_are_read_in_little_time(
    path: str, line: str, tmp_path: Path
) -> None:
    body = "\n".join(line.format(n) for n in range(60_000))[:1_000_000]
    root = project(tmp_path, {path: body})
    assert not search(root, limit_seconds=6, monotonic=time.process_time).ended


def test_a_manifest_of_sixty_thousand_packages_is_read_whole(tmp_path: Path) -> None:
    packages = "".join(f'  "acme-package-{n}": "^1.0.{n}",\n' for n in range(60_000))
    files = {"package.json": '{"dependencies": {\n' + packages + '  "stripe": "1"}}'}
    root = project(tmp_path, files)
    findings = search(root, limit_seconds=4, monotonic=time.process_time)
    assert [p.evidence[0].line for p in findings.proposals] == [60_002]
    assert not findings.ended
