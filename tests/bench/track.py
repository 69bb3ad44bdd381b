"""The environment of the benchmark: a folder, an origin, and the commands by name.

This imports little: the peak memory of a new process includes that of its parent.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, NamedTuple

ROOT = Path(__file__).parents[2]
PROCESS_SECONDS = 60.0
NAMES = "bench.example"
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
SCRIPT = """\
#!{python}
import re
import sys
from outlogger_cli.__main__ import script
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit(script())
"""
SLOW_DNS = """\
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

typedef int (*lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **found) {
    lookup real = (lookup)dlsym(RTLD_NEXT, "getaddrinfo");
    const char *end = node ? strstr(node, ".bench.example") : NULL;
    char address[64] = {0};
    if (!end || end - node >= (long)sizeof address) return real(node, service, hints, found);
    memcpy(address, node, end - node);
    for (char *dash = address; (dash = strchr(dash, '-'));) *dash = '.';
    usleep(40000);
    return real(address, service, hints, found);
}
"""

Home = Literal["empty", "stored"]


def address(number: int) -> str:
    """The loopback address of host `number`, counted from 0: 127.1.0.1, 127.1.0.2, ..."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def name(number: int) -> str:
    """The name of host `number`: its address under `NAMES`."""
    return f"{address(number).replace('.', '-')}.{NAMES}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command; `home` says whether it has a cache."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    home: Home = "empty"


class Sample(NamedTuple):
    """The cost of one process: seconds, and peak memory in MiB."""

    wall: float
    cpu: float
    rss: float


class NotMeasuredError(Exception):
    """Why something could not be measured."""


class Track:
    """A folder, an origin, and the commands by name."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.cacert = str(folder / "cacert.pem")
        self.script = folder / "outlogger"
        self.script.write_text(SCRIPT.format(python=sys.executable))
        self.script.chmod(0o755)

    def command(self, what: str) -> Command:
        """The command with the name `what`; raises NotMeasuredError if it cannot run here."""
        match what.split():
            case ["pass"]:
                return self._python("pass")
            case ["import", _]:
                return self._python(what)
            case ["curl", count]:
                return self._curl(int(count), self.cacert)
            case ["curl", count, "of", "system", "roots"]:
                return self._curl(int(count), self._system_roots())
            case ["check" | "status" as verb, count] if count.isdigit():
                shown = "table" if verb == "status" else "plain"
                return self._outlogger(verb, *self._reading(int(count)), "--format", shown)
            case ["curl", "slow", "dns"]:
                return self._curl(100, self.cacert, env=self._slow_dns())
            case ["check", "slow", "dns"]:
                named = self._reading(100, named=True)
                return self._outlogger("check", *named, env=self._slow_dns())
            case ["status", "line"]:
                return self._stored("--format", "line")
            case ["status", "stored,", shown]:
                return self._stored("--max-age", "1h", "--format", shown)
            case ["vendors", "show"]:
                return self._outlogger("vendors", "show", "permutive")
            case ["completion"]:
                words = {"COMP_WORDS": "outlogger ch", "COMP_CWORD": "1"}
                return self._outlogger(env={"_OUTLOGGER_COMPLETE": "complete_bash", **words})
            case [option]:
                return self._outlogger(option)
            case _:
                raise NotMeasuredError("unknown command")

    def fill(self) -> Command:
        """The command that reads 30 pages into the cache."""
        return self._stored()

    def _python(self, source: str) -> Command:
        return Command(argv=(sys.executable, "-c", source))

    def _outlogger(
        self, *arguments: str, env: Mapping[str, str] | None = None, home: Home = "empty"
    ) -> Command:
        return Command(argv=(str(self.script), *arguments), env=env or {}, home=home)

    def _stored(self, *options: str) -> Command:
        return self._outlogger("status", *self._reading(30), *options, home="stored")

    def _reading(self, count: int, *, named: bool = False) -> tuple[str, ...]:
        path = self.folder / f"{count}{'-named' if named else ''}.toml"
        lines = ["version = 1"]
        for slug, url in enumerate(self._urls(count, named=named), start=1):
            lines += ["", f"[vendors.v{slug:04}]", f'url = "{url}"', 'platform = "statuspage"']
        path.write_text("\n".join([*lines, ""]))
        return ("--watchlist", str(path), "--cacert", self.cacert)

    def _curl(self, count: int, cacert: str, *, env: Mapping[str, str] | None = None) -> Command:
        path = self.folder / f"{count}{'-named' if env else ''}.curl"
        urls = self._urls(count, named=bool(env))
        path.write_text(
            "".join(f'url = "{url}/api/v2/summary.json"\noutput = "/dev/null"\n' for url in urls)
        )
        if shutil.which("curl") is None:
            raise NotMeasuredError("curl is not installed")
        argv = ("curl", "-q", "-sS", "--fail", "-Z", "--parallel-immediate", "--compressed")
        quiet = ("--no-progress-meter", "--cacert", cacert, "--config", str(path))
        return Command(argv=argv + quiet, env=env or {})

    def _urls(self, count: int, *, named: bool) -> Iterator[str]:
        host = name if named else address
        return (f"https://{host(number)}:{self.port}" for number in range(count))

    def _system_roots(self) -> str:
        """The system's certificates with the origin's authority added."""
        found = [Path(bundle) for bundle in BUNDLES if Path(bundle).is_file()]
        if not found:
            raise NotMeasuredError("this system has no bundle of roots")
        path = self.folder / "system.pem"
        path.write_bytes(found[0].read_bytes() + b"\n" + Path(self.cacert).read_bytes())
        return str(path)

    def _slow_dns(self) -> dict[str, str]:
        """An environment where `getaddrinfo` of the C library takes 40 ms, for curl and Python."""
        library = self.folder / "slow_dns.so"
        source = library.with_suffix(".c")
        source.write_text(SLOW_DNS)
        compiler = shutil.which("cc")
        if compiler is None:
            raise NotMeasuredError("slowing down the lookups of curl needs a C compiler")
        argv = [compiler, "-shared", "-fPIC", "-O", str(source), "-o", str(library), "-ldl"]
        built = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
        if built.returncode:
            raise NotMeasuredError(f"the C compiler says: {last_line(built.stderr)}")
        return {"LD_PRELOAD": str(library)}


def run(track: Track, command: Command) -> Sample:
    """Run the command in a clean environment; raises NotMeasuredError if it fails."""
    home = track.folder / command.home
    if command.home == "empty":
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(exist_ok=True)
    with tempfile.TemporaryFile() as said:
        sample, code = timed(command.argv, {**environment(home), **command.env}, home, said)
        if code:
            said.seek(0)
            words = last_line(said.read().decode(errors="replace"))
            raise NotMeasuredError(f"exit {code}: {words}")
    return sample


def timed(
    argv: Sequence[str], env: Mapping[str, str], folder: Path, errors: IO[bytes]
) -> tuple[Sample, int]:
    """Wait for a process; returns its cost and exit code. It is killed after PROCESS_SECONDS."""
    null = subprocess.DEVNULL
    began = time.perf_counter()
    process = subprocess.Popen(argv, env=env, cwd=folder, stdin=null, stdout=null, stderr=errors)
    guard = threading.Timer(PROCESS_SECONDS, process.kill)
    guard.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        guard.cancel()
        process.kill()
    cpu = usage.ru_utime + usage.ru_stime
    return Sample(wall, cpu, usage.ru_maxrss / 1024), process.returncode


def environment(home: Path) -> dict[str, str]:
    """A clean environment: only the search path of the caller, no proxies and no certificates."""
    folders = {
        f"XDG_{kind}_HOME": str(home / kind) for kind in ("CACHE", "CONFIG", "DATA", "STATE")
    }
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLUMNS": "120",
        **folders,
    }


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no word why"])[-1][:120]


@contextmanager
def origin(hosts: int) -> Iterator[Track]:
    """Start an origin with this many hosts; it is stopped and its folder removed at the end."""
    with tempfile.TemporaryDirectory(prefix="outlogger-bench-") as folder:
        argv = [sys.executable, "-m", "tests.bench.origin", folder, str(hosts)]
        pipe = subprocess.PIPE
        with subprocess.Popen(argv, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                yield Track(Path(folder), int(process.stdout.readline()))
            finally:
                process.stdin.close()
                process.kill()
