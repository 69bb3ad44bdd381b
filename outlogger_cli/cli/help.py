"""The topics of `outlogger help`, made from the tables that the program itself uses."""

from collections.abc import Callable, Mapping

from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.render import FORMATS
from outlogger_cli.system import paths
from outlogger_cli.watchlist.schema import KEYS

Topic = Callable[[Mapping[str, str]], str]


def _verdict(_environ: Mapping[str, str]) -> str:
    return """\
Every vendor gets a severity: none < maintenance < minor < major < critical, or unknown.
A vendor has a problem if its severity is at or above --fail-on (default: minor). It is
unknown if its severity cannot be determined. Otherwise it is ok.

Severity of a component
  operational           none
  under maintenance     maintenance
  degraded performance  minor
  partial outage        major
  major outage          critical

Rules
  1. Without a selection, the severity is the worst of the page's indicator and components.
  2. With a selection (--component, --exclude), only the selected components count.
     Other components with problems are mentioned.
  3. Open incidents are always listed. --count-incidents sets which of them count as well,
     at their impact:
       auto  without a selection, those that are not in monitoring yet; with a selection,
             none; on a page without components, all (default)
       all   all listed incidents
       none  none
  4. With a selection, an incident is listed if it is linked to a selected component, or to
     no component at all (then it is marked unscoped). Others are ignored.
  5. Maintenance in progress has severity maintenance. Upcoming maintenance is only listed.
  6. A page that cannot be read, or is not a status page, is unknown, even if an earlier
     reading is stored. Without a selection, an unknown indicator makes the vendor unknown;
     with one, a selected component with an unknown status does. A page that had components
     and has none now is unknown, for up to 24 hours.
  7. A selected component that is not on the page makes the vendor unknown.
  8. An incident is closed if it is resolved, postmortem or completed, otherwise open.
     An unknown impact counts as minor.
  9. A problem outranks unknown, and unknown outranks ok.

--on-unknown warn and ignore change the exit code, not the verdict.
To explain a verdict: outlogger check -v NAME
"""


def _exit_codes(_environ: Mapping[str, str]) -> str:
    rows = "\n".join(f"  {code:<4} {_MEANINGS[code]}" for code in ExitCode)
    return f"""\
{rows}

If some vendors have a problem and others are unknown, the exit code is 1.
check, wait and triage exit by the verdict, and so does status with --exit-code. Others
exit 0 even during an outage, or 3 if a page could not be read.
With --on-unknown warn or ignore, they exit 0 instead of 3.
A closed pipe is not an error (exit code 141 or 0).
"""


_MEANINGS = {
    ExitCode.OK: "all vendors are ok, or the command has no verdict",
    ExitCode.PROBLEM: "at least one vendor has a problem (at or above --fail-on)",
    ExitCode.USAGE: "usage or configuration error",
    ExitCode.UNKNOWN: "at least one vendor is unknown, and none has a problem",
    ExitCode.TIMED_OUT: "wait timed out",
    ExitCode.BUG: "internal error (bug, full disk); never a verdict",
    ExitCode.INTERRUPTED: "interrupted",
    ExitCode.TERMINATED: "terminated",
}


def _environment(_environ: Mapping[str, str]) -> str:
    width = max(map(len, _VARIABLES))
    rows = "\n".join(f"  {name:<{width}}  {meaning}" for name, meaning in _VARIABLES.items())
    return f"""\
{rows}

Precedence: option, variable, watchlist, default.

Files
  watchlist        {paths.user_watchlist()}
                   or {paths.PROJECT_FILE} in this folder or a parent
  stored readings  {paths.pages()}
  state            {paths.state()}

Stored readings and state can be deleted at any time; state holds mutes and what was notified.
"""


_VARIABLES = {
    "OUTLOGGER_WATCHLIST": "watchlist to use",
    "OUTLOGGER_FORMAT": "default format, for commands that support it",
    "OUTLOGGER_TIMEOUT": "time limit per vendor (default: 10s)",
    "OUTLOGGER_JOBS": "vendors to read at a time (default: 64)",
    "OUTLOGGER_MAX_AGE": "use a stored reading younger than this (default: 0s)",
    "OUTLOGGER_THEME": "background of the terminal: auto, dark or light (default: auto)",
    "OUTLOGGER_SKIP": "1, true, yes or on: check reads nothing and exits 0",
    "OUTLOGGER_DEBUG": "1, true, yes or on: same as --debug",
    "OUTLOGGER_DRILL": "set by drill: loopback address of the simulated pages",
    "OUTLOGGER_DRILL_CLOCK": "set by drill; also OUTLOGGER_DRILL_SCENARIO, OUTLOGGER_DRILL_FAULT",
    "SSL_CERT_FILE": "file of certificate authorities to trust instead of the system's",
    "SSL_CERT_DIR": "folder of such authorities (hashed by OpenSSL)",
    "HTTPS_PROXY": "proxy for https pages; also HTTP_PROXY, ALL_PROXY, NO_PROXY",
    "VISUAL, EDITOR": "editor for watchlist edit",
    "TZ": "time zone of the times shown to people",
    "COLUMNS": "width of the table; LINES is the height of watch",
    "COLORFGBG": "background of the terminal, if OUTLOGGER_THEME is auto",
    "TERM": "dumb: no colour and no redrawing",
    "NO_COLOR": "turn colour off; also CLICOLOR=0",
    "FORCE_COLOR": "use colour in a pipe too; also CLICOLOR_FORCE",
    "LC_ALL": "ASCII output if the locale is not UTF-8; also LC_CTYPE, LANG",
    "GITHUB_OUTPUT": "file that --format github appends to; also GITHUB_STEP_SUMMARY",
    "XDG_CONFIG_HOME": "folder of the watchlist; also XDG_CACHE_HOME, XDG_STATE_HOME",
}


def _formats(_environ: Mapping[str, str]) -> str:
    rows = "\n".join(f"  {name:<11} {format.summary}" for name, format in FORMATS.items())
    return f"""\
{rows}

Default: table on a terminal, plain in a pipe.

Formats of a command
  check, wait  all
  status       all but github and nagios
  incidents    table, plain, json, ndjson, csv, markdown, html
  report       table, json, csv, markdown, html (default: table)
  triage       table, plain, json, markdown, github
  watch        table, plain, ndjson (default: ndjson in a pipe)
  lists        table, plain, json, csv

Records of plain and csv
  check      slug, severity, verdict, problems, open_incidents, url
  status     slug, group, component, status, severity
  incidents  slug, started_at, status, impact, duration_seconds, name, url
  triage     first a line with the answer; then check's fields, and the line numbers
An empty value is an empty field; a tab or line break inside a value becomes a space.
Machine formats give times in UTC, such as 2026-01-02T03:04:05Z.
JSON Schema of the JSON formats: outlogger help json-schema NAME
(status, listing, event, report, watchlist; default: status)
"""


def _watchlist(_environ: Mapping[str, str]) -> str:
    from textwrap import fill

    keys = "\n".join(
        fill(
            ", ".join(key.name for key in keys),
            90,
            initial_indent=f"  {table:<16}",
            subsequent_indent=" " * 18,
        )
        for table, keys in KEYS.items()
    )
    return f"""\
The watchlist is a TOML file, the first of:
  --watchlist FILE
  OUTLOGGER_WATCHLIST
  {paths.PROJECT_FILE} in this folder or a parent (up to the repository's root or home)
  {paths.user_watchlist()}

  version = 1

  [defaults]
  fail_on = "minor"            # never, maintenance, minor, major, critical
  timeout = "10s"

  [vendors.permutive]

  [vendors.github]
  components = ["Actions", "API Requests"]
  fail_on = "major"
  tags = ["ci"]

  [vendors.acme]               # not in the catalogue
  name = "Acme"
  url = "https://status.acme.example"

Keys (any other is an error)
{keys}

components and exclude are lists of patterns. A pattern is a component's id, its name,
Group/Name, the name of a group, or a glob with *, ? or [...]. It ignores case and matches
the whole name. headers and [notify] can use secrets as ${{NAME}}. They are ignored in an
auto-discovered {paths.PROJECT_FILE}.

Commands to edit the watchlist: outlogger watchlist --help
"""


_EXAMPLE = "https://acme.example"


def _platforms(_environ: Mapping[str, str]) -> str:
    from collections import Counter

    from outlogger_cli import platforms
    from outlogger_cli.catalog import catalog

    used = Counter(entry.platform for entry in catalog.entries())
    platform_list = "\n".join(_platform(name, used[name]) for name in platforms.BUILT_IN)
    others = {name: n for name, n in used.items() if name and name not in platforms.BUILT_IN}
    unread = _wrapped(", ".join(f"{name} ({n})" for name, n in sorted(others.items())))
    return f"""\
What pages of each platform show besides the current status, and the first
document that is read of a page at {_EXAMPLE}.

{platform_list}
{used[None]} vendors have no known platform; it is detected when they are read.
Unsupported platforms, whose vendors are unknown:
{unread}
Of these, {", ".join(platforms.NEED_TOKEN)} needs a token, which is not supported.

Plug-ins can add platforms: entry-point group {platforms.PLUGINS}.
To detect the platform of a page: outlogger vendors detect URL
"""


def _platform(name: str, vendors: int) -> str:
    """One platform, by the docstring and the facts of its module."""
    from outlogger_cli import platforms
    from outlogger_cli.domain.model import Depth

    platform = platforms.load(name)
    assert platform is not None
    about = _wrapped((platform.__doc__ or "").partition("\n\n")[0])
    first = platform.endpoints(_EXAMPLE, Depth.VERDICT, {})[0].url.partition("?")[0]
    lacks = platforms.lacks(name)
    can = ", ".join(word for word in platforms.ABILITIES if word not in lacks)
    shows = can or "only the current status"
    never = f"; not {', '.join(lacks)}" if can and lacks else ""
    return f"""\
{name}, {vendors} vendor{"" if vendors == 1 else "s"}
{about}
  shows {shows}{never}
  reads {first}{", the page's HTML" if first == _EXAMPLE else ""}
"""


def _wrapped(text: str) -> str:
    from textwrap import fill

    return fill(" ".join(text.split()), 78, initial_indent="  ", subsequent_indent="  ")


def _json_schema(_environ: Mapping[str, str]) -> str:
    from importlib.resources import files

    return files("outlogger_cli.render").joinpath("schema.json").read_text(encoding="utf-8")


TOPICS: dict[str, Topic] = {
    "verdict": _verdict,
    "exit-codes": _exit_codes,
    "environment": _environment,
    "formats": _formats,
    "watchlist": _watchlist,
    "platforms": _platforms,
    "json-schema": _json_schema,
}
