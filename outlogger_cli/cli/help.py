"""The topics of `outlogger help`, made from the tables that the program itself uses."""

from collections.abc import Callable, Mapping

from outlogger_cli.domain.errors import ExitCode
from outlogger_cli.render import FORMATS
from outlogger_cli.system import paths
from outlogger_cli.watchlist.schema import KEYS

Topic = Callable[[Mapping[str, str]], str]


def _exit_codes(_environ: Mapping[str, str]) -> str:
    rows = "\n".join(f"  {code:<4} {_MEANINGS[code]}" for code in ExitCode)
    return f"""\
{rows}

1 wins over 3: a known problem is never hidden by a page that could not be read.
check and wait carry a verdict, and status does with --exit-code. The other commands exit 0
however bad the news, and 3 where a page could not be read.
--on-unknown warn or ignore turns 3 into 0. A closed pipe is no error (141 or 0).
"""


_MEANINGS = {
    ExitCode.OK: "every verdict is ok, or the command only informs",
    ExitCode.PROBLEM: "a problem: a vendor at or above --fail-on",
    ExitCode.USAGE: "a usage or configuration error",
    ExitCode.UNKNOWN: "unknown: a vendor could not be determined, and none is a problem",
    ExitCode.TIMED_OUT: "wait ran out of time",
    ExitCode.BUG: "the tool itself failed: a bug, a full disk; never a verdict",
    ExitCode.INTERRUPTED: "interrupted",
    ExitCode.TERMINATED: "terminated",
}


def _environment(_environ: Mapping[str, str]) -> str:
    width = max(map(len, _VARIABLES))
    rows = "\n".join(f"  {name:<{width}}  {meaning}" for name, meaning in _VARIABLES.items())
    return f"""\
{rows}

An option wins over a variable, a variable over the watchlist, that over what is built in.

Files
  watchlist        {paths.user_watchlist()}
                   or {paths.PROJECT_FILE} in this folder or a parent
  stored readings  {paths.pages()}
  state            {paths.state()}

All may be deleted at any time; only the watchlist would be missed.
"""


_VARIABLES = {
    "OUTLOGGER_WATCHLIST": "the watchlist to use",
    "OUTLOGGER_FORMAT": "the format, for commands that have it; the others keep their own",
    "OUTLOGGER_TIMEOUT": "all the time one vendor gets (10s)",
    "OUTLOGGER_JOBS": "vendors read at a time (64)",
    "OUTLOGGER_MAX_AGE": "use a stored reading younger than this (0s)",
    "OUTLOGGER_SKIP": "1, true, yes or on: check says skipped and exits 0",
    "OUTLOGGER_DEBUG": "tracebacks (1, true, yes or on)",
    "OUTLOGGER_DRILL": "set by drill: the loopback address that acts out every page",
    "SSL_CERT_FILE": "certificate authorities to trust instead of the system's (a file)",
    "SSL_CERT_DIR": "the same, a folder as OpenSSL hashes it",
    "HTTPS_PROXY": "the proxy for https pages; also HTTP_PROXY, ALL_PROXY, NO_PROXY",
    "VISUAL, EDITOR": "what watchlist edit opens the file with",
    "TZ": "the time zone people read times in",
    "COLUMNS": "the width of the table; LINES is the height of watch",
    "TERM": "dumb: no colour, and nothing that is drawn anew",
    "NO_COLOR": "no colour",
    "FORCE_COLOR": "colour in a pipe too; also CLICOLOR_FORCE",
    "XDG_CONFIG_HOME": "where files are kept; also XDG_CACHE_HOME, XDG_STATE_HOME",
}


def _formats(_environ: Mapping[str, str]) -> str:
    rows = "\n".join(f"  {name:<11} {format.summary}" for name, format in FORMATS.items())
    return f"""\
{rows}

Without --format: table on a terminal, plain in a pipe.

table, plain, json, ndjson, csv, markdown and html tell incidents; status has all but github and
nagios, check and wait have all.

Records of plain and csv
  check      slug, severity, verdict, problems, open_incidents, url
  status     slug, group, component, status, severity
  incidents  slug, started_at, status, impact, duration_seconds, name, url
An empty value is an empty field; a tab or line break inside a value becomes a space.
Times for machines are UTC as in 2026-01-02T03:04:05Z. The JSON has a schema:
outlogger help json-schema [status|listing|watchlist]
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
The watchlist is a TOML file. It is --watchlist FILE, or OUTLOGGER_WATCHLIST, or
{paths.PROJECT_FILE} in this folder or a parent (up to the repository's root or home), or
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

Keys, and nothing else
{keys}

components and exclude hold patterns: a component's id, its name, Group/Name, or a group's
name; *, ? and [...] make a glob. Letter case does not matter, and nothing matches by part.
headers and [notify] may hold secrets as ${{NAME}}, and count only in a file you named or your own.

The commands that edit it: outlogger watchlist --help
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
What the pages of each platform say besides how things stand now, and which
document is read first of a page at {_EXAMPLE}.

{platform_list}
Of {used[None]} vendors nobody has noted the platform: it is found when they are read.
These platforms cannot be read, and their vendors are unknown unless they moved:
{unread}

A package may bring a platform of its own: entry points {platforms.PLUGINS}.
Which platform a page runs on: outlogger vendors detect URL
"""


def _platform(name: str, vendors: int) -> str:
    """One platform, by the docstring and the facts of its module."""
    from outlogger_cli import platforms
    from outlogger_cli.domain.model import Depth

    platform = platforms.load(name)
    assert platform is not None
    about = _wrapped((platform.__doc__ or "").partition("\n\n")[0])
    first = platform.endpoints(_EXAMPLE, Depth.VERDICT, {})[0].url.partition("?")[0]
    said = ", ".join(word for word in platforms.ABILITIES if word in platform.CAN) or "nothing more"
    lacks = ", ".join(platforms.lacks(name))
    return f"""\
{name}, {vendors} vendor{"" if vendors == 1 else "s"}
{about}
  says {said}{"; lacks " if lacks else ""}{lacks}
  reads {first}{", the page's HTML" if first == _EXAMPLE else ""}
"""


def _wrapped(text: str) -> str:
    from textwrap import fill

    return fill(" ".join(text.split()), 78, initial_indent="  ", subsequent_indent="  ")


def _json_schema(_environ: Mapping[str, str]) -> str:
    from importlib.resources import files

    return files("outlogger_cli.render").joinpath("schema.json").read_text(encoding="utf-8")


TOPICS: dict[str, Topic] = {
    "exit-codes": _exit_codes,
    "environment": _environment,
    "formats": _formats,
    "watchlist": _watchlist,
    "platforms": _platforms,
    "json-schema": _json_schema,
}
