"""`outlogger triage`: from a log to whose failure it probably is."""

import json
import os
import subprocess
import sys
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from outlogger_cli.cli.commands.triage.reading import KEEP, READ
from tests.cli.commands.pages import fine, serving
from tests.origin import Origin, Reply
from tests.running import Finished, run_command

NPM, GITHUB = "https://status.npmjs.org", "https://www.githubstatus.com"
NPM_FAILS = "2026-01-15T11:00:00Z npm ERR! 503 Service Unavailable - GET https://registry.npmjs.org/secret-package\n"
GIT_FAILS = "fatal: unable to access 'https://github.com/acme/secret.git/': error: 500\n"
SECRET = "secret"
AT = {"created_at": "2026-01-15T10:52:00Z", "updated_at": "2026-01-15T10:52:00Z"}
DRAFT: Any = import_module("jsonschema").Draft202012Validator
SCHEMA = DRAFT(json.loads((files("outlogger_cli.render") / "schema.json").read_text("utf-8")))


def page(name: str = "npm", **statuses: str) -> dict[str, Any]:
    """A page with these components; `_` in a name stands for a space."""
    found = fine()
    found["page"]["name"] = name
    found["components"] = [
        {"id": f"c{at}", "name": name.replace("_", " "), "status": status, "position": at}
        for at, (name, status) in enumerate(statuses.items())
    ]
    return found


def incident(**changes: Any) -> dict[str, Any]:
    return {
        "id": "i1",
        "name": "Elevated errors",
        "status": "identified",
        "impact": "major",
        "created_at": "2026-01-15T10:52:00Z",
        "started_at": "2026-01-15T10:52:00Z",
        "shortlink": "https://stspg.io/i1",
        "incident_updates": [],
        "components": [],
        **changes,
    }


def triage(
    log: str, *argv: str, npm: object = None, github: object = None, **options: Any
) -> Finished:
    """The answer about `log`, on a network with these pages."""
    pages = {
        f"{NPM}/api/v2/summary.json": npm or page(Registry_Reads="operational"),
        f"{GITHUB}/api/v2/summary.json": github or page("GitHub", Git_Operations="operational"),
    }
    return run_command(
        "triage", "-", "--utc", *argv, stdin=log, transport=serving(pages), **options
    )


def concluded(finished: Finished) -> tuple[str, str]:
    SCHEMA.validate(finished.json)
    assert SECRET not in finished.out + finished.err
    return finished.json["conclusion"]["kind"], finished.json["conclusion"]["text"]


def test_a_problem_in_the_component_of_the_evidence_is_theirs() -> None:
    npm = page(Registry_Reads="major_outage", Website="operational")
    npm["incidents"] = [incident(components=[{"id": "c0", "name": "Registry Reads"}])]
    finished = triage(NPM_FAILS, "--json", npm=npm)
    assert finished.code == 1
    assert concluded(finished) == (
        "theirs",
        "npm has a major outage since 10:52 UTC (Registry Reads): this failure is probably theirs",
    )
    (vendor,) = finished.json["vendors"]
    assert vendor["evidence"] == [
        {"line": 1, "kind": "host", "value": "registry.npmjs.org"},
        {"line": 1, "kind": "signature", "value": "npm ERR! 503 Service Unavailable"},
    ]


def test_a_table_has_the_answer_the_lines_the_incident_and_what_to_do() -> None:
    npm = page(Registry_Reads="major_outage")
    npm["incidents"] = [incident(components=[{"id": "c0", "name": "Registry Reads"}])]
    finished = triage(NPM_FAILS + GIT_FAILS, "-f", "table", npm=npm, env={"COLUMNS": "100"})
    assert finished.code == 1
    assert finished.out == (
        "npm has a major outage since 10:52 UTC (Registry Reads): this failure is probably theirs\n"
        "\n"
        "✓ ok        GitHub  All Systems Operational\n"
        "    line 2: github.com, fatal: unable to access\n"
        "\n"
        "✖ critical  npm  Registry Reads major outage\n"
        "    line 1: registry.npmjs.org, npm ERR! 503 Service Unavailable\n"
        "    open incident: Elevated errors · identified · impact major · 15 Jan 10:52 UTC,"
        " 1 h 8 min so far\n"
        "    the incident began 8 min before the first error\n"
        "\n"
        "next: outlogger wait npm && COMMAND\n"
    )


def test_a_problem_in_another_component_does_not_explain_the_failure() -> None:
    finished = triage(
        NPM_FAILS, "--json", npm=page(Registry_Reads="operational", Website="major_outage")
    )
    assert finished.code == 1
    assert concluded(finished) == (
        "elsewhere",
        "npm has a problem elsewhere (Website); it does not explain this failure",
    )


@pytest.mark.parametrize(
    ("name", "kind"), [("Core", "theirs"), ("Website", "elsewhere"), ("Website_and_API", "theirs")]
)
def test_of_a_page_without_the_component_only_what_is_for_people_is_elsewhere(
    name: str, kind: str
) -> None:
    npm = page(**{name: "partial_outage"})
    assert concluded(triage(NPM_FAILS, "--json", npm=npm))[0] == kind


@pytest.mark.parametrize(
    ("link", "kind"), [([], "theirs"), ([{"id": "c1", "name": "Website"}], "elsewhere")]
)
def test_an_incident_that_names_another_component_is_elsewhere(
    link: list[dict[str, str]], kind: str
) -> None:
    npm = page(Registry_Reads="operational", Website="operational")
    npm["incidents"] = [incident(components=link)]
    assert concluded(triage(NPM_FAILS, "--json", npm=npm))[0] == kind


def test_named_vendors_that_are_ok_leave_the_own_side() -> None:
    assert concluded(triage(NPM_FAILS, "--json")) == (
        "ours",
        "npm, named in this log, is ok: it is probably on your side",
    )
    finished = triage(NPM_FAILS + GIT_FAILS, "--json")
    assert finished.code == 0
    assert concluded(finished) == (
        "ours",
        "the 2 vendors named in this log are ok: it is probably on your side",
    )


def test_a_page_that_cannot_be_read_leaves_it_unknown() -> None:
    finished = triage(NPM_FAILS, "--json", "--retries", "0", npm=httpx.Response(503))
    assert finished.code == 3
    kind, text = concluded(finished)
    assert kind == "unknown"
    assert text.startswith("the status page of npm could not be read (HTTP 503")


def test_a_problem_outranks_a_page_that_cannot_be_read() -> None:
    finished = triage(
        NPM_FAILS + GIT_FAILS,
        "--json",
        "--retries",
        "0",
        npm=httpx.Response(503),
        github=page("GitHub", Git_Operations="degraded_performance"),
    )
    assert finished.code == 1
    assert concluded(finished)[0] == "theirs"


def test_pages_that_are_all_unreachable_are_the_own_network() -> None:
    down = httpx.ConnectError("[Errno -2] Name or service not known")
    finished = triage(NPM_FAILS + GIT_FAILS, "--json", "--retries", "0", npm=down, github=down)
    assert finished.code == 3
    assert concluded(finished)[0] == "network"


@pytest.mark.parametrize(
    ("log", "kind"),
    [
        ("AssertionError: 1 != 2\n", "none_named"),
        ("", "none_named"),
        (
            "curl: (6) Could not resolve host: a.example\ncurl: (6) Could not resolve host: b.test",
            "network",
        ),
    ],
)
def test_without_a_named_vendor_nothing_is_read(log: str, kind: str) -> None:
    finished = run_command("triage", "-", "--json", stdin=log, transport=serving({}))
    assert finished.code == 0
    assert concluded(finished)[0] == kind
    assert finished.json["vendors"] == []
    assert finished.json["verdict"] == "ok"


def test_plain_is_the_sentence_and_one_record_a_vendor() -> None:
    finished = triage(NPM_FAILS, npm=page(Registry="partial_outage"))
    assert finished.out == (
        "npm has a partial outage (Registry): this failure is probably theirs\n"
        f"npm\tmajor\tproblem\tRegistry\t0\t{NPM}\t1\n"
    )


def test_github_writes_a_notice_and_the_step_summary(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    finished = triage(NPM_FAILS, "-f", "github", env={"GITHUB_STEP_SUMMARY": str(summary)})
    assert finished.out == (
        "::notice title=outlogger triage::npm, named in this log, is ok:"
        " it is probably on your side\n"
    )
    assert summary.read_text("utf-8").startswith("**npm, named in this log, is ok")
    assert "line 1: registry.npmjs.org" in summary.read_text("utf-8")


def test_the_entry_of_the_watchlist_decides_with_its_components(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(
        f'version = 1\n[vendors.registry]\nurl = "{NPM}"\ncomponents = ["Registry Reads"]\n'
    )
    npm = page(Registry_Reads="operational", Website="major_outage")
    finished = triage(NPM_FAILS, "--json", "--watchlist", str(tmp_path / "w.toml"), npm=npm)
    assert finished.code == 0
    assert finished.json["vendors"][0]["slug"] == "registry"
    assert concluded(finished)[0] == "ours"


def test_a_broken_component_outside_the_selection_is_still_theirs(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text('version = 1\n[vendors.npm]\ncomponents = ["Website"]\n')
    npm = page(Registry_Reads="major_outage", Website="operational")
    finished = triage(NPM_FAILS, "--json", "--watchlist", str(tmp_path / "w.toml"), npm=npm)
    assert concluded(finished)[0] == "theirs"


def test_markdown_of_a_log_that_names_nobody_has_no_table() -> None:
    finished = triage("AssertionError: 1 != 2\n", "-f", "markdown")
    assert finished.code == 0
    assert finished.out == "**no vendor is named in what failed**\n"


def test_list_says_what_would_be_read_and_reads_nothing() -> None:
    log = "docs at https://api.github.com/x: done\n" + NPM_FAILS
    finished = run_command("triage", "-", "--list", stdin=log, transport=serving({}))
    assert finished.code == 0
    assert finished.out == (
        "npm\tnamed\t2\tregistry.npmjs.org; npm ERR! 503 Service Unavailable\n"
        "github\tmentioned\t1\tapi.github.com\n"
    )


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "build.log").write_text(NPM_FAILS)
    pages = {f"{NPM}/api/v2/summary.json": page()}
    finished = run_command(
        "triage", str(tmp_path / "build.log"), "--json", transport=serving(pages)
    )
    assert concluded(finished)[0] == "ours"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ((), "nothing to read: name a FILE, - for stdin, or a command after --"),
        (("--",), "nothing to read: name a FILE, - for stdin, or a command after --"),
        (("a.log", "--", "true"), "FILE and COMMAND cannot be used together"),
        (("-", "--always"), "--always requires a command after --"),
        (("-", "--offline", "--refresh"), "--offline and --refresh cannot be used together"),
        (("no.log",), "no.log: No such file or directory"),
        ((".",), ".: Is a directory"),
        (("--json", "--", "true"), "JSON needs a file if a command is run: add -o FILE"),
        (("-f", "json", "--", "true"), "JSON needs a file if a command is run: add -o FILE"),
        (("-o", "no/where", "--", "true"), "--output: no such folder: no"),
        (("-", "--list", "-f", "markdown"), "--list has the formats table, plain and json"),
        (("-", "-f", "csv"), "--format must be one of table, plain, json, markdown, github"),
    ],
)
def test_what_cannot_be_done_is_a_usage_error(argv: tuple[str, ...], message: str) -> None:
    finished = run_command("triage", *argv)
    assert finished.code == 2
    assert finished.out == ""
    assert finished.err.startswith(f"outlogger: {message}")


@pytest.mark.parametrize("body", [b"\x7fELF\0\0\0" * 100, bytes(range(32)) * 20])
def test_a_binary_file_is_refused(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a.out").write_bytes(body)
    finished = run_command("triage", str(tmp_path / "a.out"))
    assert finished.code == 2
    assert finished.err.endswith("a.out is not text; give the log as text\n")


def script(text: str) -> tuple[str, ...]:
    return "--", sys.executable, "-c", text


FAILING = f"import sys; print({NPM_FAILS!r}); sys.exit(7)"


def run(*argv: str, npm: object = None, **options: Any) -> Finished:
    pages = {f"{NPM}/api/v2/summary.json": npm or page(Registry="major_outage")}
    return run_command("triage", *argv, transport=serving(pages), **options)


def test_a_command_that_fails_is_explained_on_stderr_with_its_exit_code() -> None:
    finished = run(*script(FAILING))
    assert finished.code == 7
    assert finished.out == ""
    assert finished.err.startswith("npm has a major outage (Registry): this failure is probably")


def test_a_command_that_succeeds_is_looked_at_only_with_always() -> None:
    text = f"print({NPM_FAILS!r})"
    assert run(*script(text)) == Finished(code=0, out="", err="")
    finished = run("--always", *script(text))
    assert finished.code == 0
    assert finished.err.startswith("npm has a major outage")


def test_a_command_is_not_run_if_the_watchlist_is_invalid(tmp_path: Path) -> None:
    watchlist, made = tmp_path / "w.toml", tmp_path / "made"
    watchlist.write_text("version = 2\n")
    finished = run("--watchlist", str(watchlist), "--", "touch", str(made))
    assert finished.code == 2
    assert not made.exists()
    watchlist.write_text("version = 1\n[vendors.npm]\n")
    assert run("--watchlist", str(watchlist), "--", "touch", str(made)).code == 0
    assert made.exists()


@pytest.mark.parametrize(("code", "is_loaded"), [(0, False), (1, True)])
def test_only_a_command_that_fails_waits_for_what_explains_it(code: int, is_loaded: bool) -> None:
    argv = [
        "-X",
        "importtime",
        "-m",
        "outlogger_cli",
        "triage",
        *script(f"raise SystemExit({code})"),
    ]
    done = subprocess.run([sys.executable, *argv], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert ("outlogger_cli.triage.evidence" in done.stderr) is is_loaded
    assert ("outlogger_cli.engine.run" in done.stderr) is is_loaded


def test_another_format_of_a_command_goes_to_a_file(tmp_path: Path) -> None:
    finished = run("--json", "-o", str(tmp_path / "x.json"), *script(FAILING))
    assert finished.code == 7
    assert finished.err == "npm has a major outage (Registry): this failure is probably theirs\n"
    assert json.loads((tmp_path / "x.json").read_text())["conclusion"]["kind"] == "theirs"


def test_a_format_of_the_environment_that_does_not_fit_is_not_used() -> None:
    finished = run(*script(FAILING), env={"OUTLOGGER_FORMAT": "json"})
    assert finished.code == 7
    assert finished.err.startswith("npm has a major outage")


@pytest.mark.parametrize(
    ("words", "code"), [(("no-such-command",), 127), ((str(Path(__file__)),), 126)]
)
def test_a_command_that_cannot_be_started_says_why(words: tuple[str, ...], code: int) -> None:
    finished = run("--", *words)
    assert finished.code == code
    assert finished.err.startswith(f"outlogger: {words[0]}: ")


def test_an_answer_that_fails_keeps_the_exit_code_of_the_command(tmp_path: Path) -> None:
    text = f"import pathlib, sys; pathlib.Path({str(tmp_path)!r}).rmdir(); sys.exit(7)"
    finished = run("--json", "-o", str(tmp_path / "x.json"), *script(text))
    assert finished.code == 7
    assert "outlogger: --output: " in finished.err


def test_a_text_in_the_utf_16_of_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "build.log").write_bytes(NPM_FAILS.encode("utf-16"))
    finished = run(str(tmp_path / "build.log"), "--json")
    assert concluded(finished)[0] == "theirs"


@pytest.mark.parametrize("filler", ["ok\n", "x" * 99 + "\n"])
def test_of_a_long_text_the_last_part_is_read_with_its_line_numbers(
    tmp_path: Path, filler: str
) -> None:
    lines = 40 * 1024 * 1024 // len(filler)
    (tmp_path / "build.log").write_text(NPM_FAILS + filler * lines + GIT_FAILS)
    finished = run_command("triage", str(tmp_path / "build.log"), "--list", "--json")
    assert finished.err == ""
    (github,) = finished.json["items"]
    assert (github["slug"], github["lines"]) == ("github", [lines + 2])


def test_of_a_huge_file_the_end_is_read_and_its_lines_are_numbered_from_there(
    tmp_path: Path,
) -> None:
    with (tmp_path / "build.log").open("wb") as file:
        file.truncate(3 * READ)
        file.seek(0, 2)
        file.write(b"\n" * 2 * KEEP + GIT_FAILS.encode())
    pages = {f"{GITHUB}/api/v2/summary.json": page("GitHub")}
    finished = run_command("triage", str(tmp_path / "build.log"), transport=serving(pages))
    assert "its lines are numbered from there" in finished.err
    assert finished.out.startswith("GitHub, named in this log, is ok")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no endless file")
def test_an_endless_input_ends() -> None:
    finished = run_command("triage", "/dev/zero")
    assert finished.code == 2
    assert finished.err == "outlogger: /dev/zero is not text; give the log as text\n"


def test_an_endless_stream_ends_and_says_so() -> None:
    with subprocess.Popen(["yes", NPM_FAILS.strip()], stdout=subprocess.PIPE) as endless:
        finished = subprocess.run(
            [sys.executable, "-m", "outlogger_cli", "triage", "-", "--list"],
            stdin=endless.stdout,
            capture_output=True,
            check=False,
        )
        endless.kill()
    assert finished.returncode == 0
    assert finished.stdout.startswith(b"npm\tnamed\t")
    assert finished.stderr == b"stopped reading after 256 MiB\n"


def test_standard_input_is_read_as_bytes() -> None:
    log = b"\xff\xfe broken \x80 bytes\n"
    command = [sys.executable, "-m", "outlogger_cli", "triage", "-", "--json"]
    finished = subprocess.run(command, input=log, capture_output=True, check=False)
    assert finished.returncode == 0
    assert json.loads(finished.stdout)["conclusion"]["kind"] == "none_named"


def test_standard_input_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        finished = subprocess.run(
            [sys.executable, "-m", "outlogger_cli", "triage", "-"],
            stdin=file,
            capture_output=True,
            check=False,
        )
    assert finished.returncode == 2
    assert finished.stderr.startswith(b"outlogger: standard input: ")


def test_verbose_explains_each_verdict() -> None:
    finished = triage(NPM_FAILS, "-v", "-f", "json", npm=page(Registry="major_outage"))
    assert "npm: problem: Registry major outage (critical; threshold: minor)" in finished.err


def test_a_certificate_of_a_company_is_explained() -> None:
    with Origin(routes={"*": Reply(body=fine())}) as origin:
        Path("outlogger.toml").write_text(
            f'version = 1\n[vendors.npm]\nurl = "{origin.url}"\nplatform = "statuspage"\n'
        )
        finished = run_command(
            "triage", "-", stdin=NPM_FAILS, env={"REQUESTS_CA_BUNDLE": "/ca.pem"}
        )
    assert finished.code == 3
    assert finished.err.endswith("to trust its authorities, set SSL_CERT_FILE=/ca.pem\n")


def test_two_names_of_one_entry_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text('version = 1\n[vendors.npm]\nname = "Stripe"\n')
    log = NPM_FAILS + "POST https://api.stripe.com: 503\n"
    finished = triage(log, "--json", "--watchlist", str(tmp_path / "w.toml"))
    (vendor,) = finished.json["vendors"]
    assert [one["value"] for one in vendor["evidence"]][::2] == [
        "api.stripe.com",
        "npm ERR! 503 Service Unavailable",
    ]


def test_a_drill_says_so_in_the_table() -> None:
    command = [sys.executable, "-m", "outlogger_cli"]
    finished = subprocess.run(
        [*command, "drill", "npm", "-c", "Registry", "--", *command, "triage", "-", "-f", "table"],
        input=NPM_FAILS.encode(),
        env={**os.environ, "COLUMNS": "120"},
        capture_output=True,
        check=False,
    )
    assert finished.returncode == 1
    assert finished.stdout.startswith(b" DRILL ")
    assert b"this failure is probably theirs" in finished.stdout


def test_entries_that_share_the_page_leave_the_vendor_of_the_catalogue(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(
        f'version = 1\n[vendors.a]\nurl = "{NPM}"\n[vendors.b]\nurl = "{NPM}"\n'
    )
    finished = triage(NPM_FAILS, "--json", "--watchlist", str(tmp_path / "w.toml"))
    assert [one["slug"] for one in finished.json["vendors"]] == ["npm"]


def test_the_command_is_repeated_only_if_it_holds_no_secret(tmp_path: Path) -> None:
    script_file = tmp_path / "build"
    script_file.write_text(f"#!{sys.executable}\n{FAILING}\n")
    script_file.chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "COLUMNS": "120"}
    assert run("--", "build", "all", env=env).err.endswith(
        "next: outlogger wait npm && build all\n"
    )
    assert run("--", "build", "--token=x", env=env).err.endswith(
        "next: outlogger wait npm && COMMAND\n"
    )


def test_a_table_without_a_next_step_ends_with_the_vendors() -> None:
    finished = triage(NPM_FAILS, "-f", "table")
    assert finished.out == (
        "npm, named in this log, is ok: it is probably on your side\n"
        "\n"
        "✓ ok  npm  All Systems Operational\n"
        "    line 1: registry.npmjs.org, npm ERR! 503 Service Unavailable\n"
    )


def test_incidents_that_name_another_vendor_say_so_and_share_a_cause() -> None:
    pages = [page(Registry_Reads="major_outage"), page("GitHub", Git_Operations="major_outage")]
    for one in pages:
        update = {"id": "u1", "status": "identified", "body": "An outage of AWS.", **AT}
        one["incidents"] = [incident(components=one["components"], incident_updates=[update])]
    found = triage(NPM_FAILS + GIT_FAILS, "-f", "table", npm=pages[0], github=pages[1])
    first, _, rest = found.out.partition("\n\n")
    assert first.replace("\n", " ").endswith("probably theirs · common cause? AWS")
    assert rest.count("names AWS") == 2
    alone = triage(NPM_FAILS, "-f", "markdown", npm=pages[0])
    assert "names AWS" in alone.out
    assert "common cause?" not in alone.out
