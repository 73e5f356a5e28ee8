"""Starts what is measured as it is served (granian, as in the Procfile), and asks it from outside.

The cost of a request is the CPU time of the serving processes over the requests answered: what asks shares the machine
and would spoil a rate by the clock. Linux only (/proc); requests come from wrk, a Debian package.
"""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BINARIES = Path(sys.executable).parent
SECRET = "of a measurement, long enough to be taken"  # noqa: S105  guards nothing
TICKS = os.sysconf("SC_CLK_TCK")
UP_WITHIN = 120  # seconds
BARE = "bench.bare:create_app"
REGISTRY = "registry:create_app"


@dataclass(frozen=True)
class Served:
    """A server that runs: its port and its processes."""

    port: int
    pid: int

    @property
    def processes(self) -> list[int]:
        """The process that was started and all below it."""
        found = [self.pid]
        for one in found:
            found += map(int, Path(f"/proc/{one}/task/{one}/children").read_text("ascii").split())
        return found

    @property
    def worker(self) -> int:
        """The process that answers (the newest child; with one worker the only one)."""
        return self.processes[-1]

    def cpu(self) -> float:
        """Seconds of CPU used so far, in user and system mode, by all processes."""
        return sum(_cpu(pid) for pid in self.processes)

    def resident(self, what: str = "VmRSS") -> float:
        """MB that the answering process holds (VmRSS), or held at most (VmHWM)."""
        found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{self.worker}/status").read_text("ascii"))
        return int(found[1]) / 1024 if found else 0.0


@dataclass(frozen=True)
class Load:
    """What came of some seconds of requests."""

    rate: float  # answered a second
    cost: float  # seconds of CPU of the server for each
    p50: float  # seconds
    p99: float
    failed: int  # answers that were neither 2xx nor 3xx, and connections that broke


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    """The settings of a site in that folder, and nothing of the machine's own but its paths."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {
        "VAR_DIR": str(folder),
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": f"http://localhost:{port}",
        "TRUSTED_HOSTS": "localhost,127.0.0.1",
        "PYTHONPATH": str(ROOT),
    }
    return {**kept, **own, **more}


@contextmanager
def served(app: str, folder: Path, ready: str = "/", workers: int = 1, **more: str) -> Iterator[Served]:
    """Serve a factory ("module:function") with granian until the end of the block; `more` are further settings."""
    port = free_port()
    command = [str(BINARIES / "granian"), "--interface", "wsgi", "--factory", "--port", str(port)]
    command += ["--workers", str(workers), "--http", "1", "--no-ws", "--log-level", "warning", app]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(  # noqa: S603  our own command
            command, cwd=ROOT, env=environment(folder, port, **more), stdout=log, stderr=log
        ) as running,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}{ready}")
            yield Served(port, running.pid)
        finally:
            running.terminate()
            running.wait(30)


def flask(folder: Path, *arguments: str, **more: str) -> str:
    """Run a command of the registry on the site in that folder and return what it printed."""
    done = subprocess.run(  # noqa: S603  our own command
        [BINARIES / "flask", "--app", "registry", *arguments],
        cwd=ROOT,
        env=environment(folder, 80, **more),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Ask until somebody answers below 500. Raises TimeoutError."""
    deadline = time.monotonic() + UP_WITHIN
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  a server of ours
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"{url} did not come up")


def fetched(
    server: Served, path: str, headers: Mapping[str, str] | None = None, patience: float = UP_WITHIN
) -> tuple[int, dict[str, str], bytes]:
    """Ask once: the status, the headers (their names in small letters) and the body as it came."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=patience)
    connection.request("GET", path, headers=dict(headers or {}))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def load(
    server: Served,
    paths: Sequence[str],
    seconds: float = 3,
    connections: int = 8,
    headers: Mapping[str, str] | None = None,
) -> Load:
    """Ask for the paths in turns over kept connections for some seconds (wrk), and say what it cost the server."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "paths").write_text("\n".join(paths), "utf-8")
        (Path(folder) / "ask.lua").write_text(_script(Path(folder) / "paths", headers or {}), "utf-8")
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s", "--latency"]
        command += ["-s", f"{folder}/ask.lua", f"http://127.0.0.1:{server.port}"]
        before = server.cpu()
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        used = server.cpu() - before
    answered, micros, p50, p99, failed = map(float, done.stdout.rpartition("RESULT ")[2].split())
    if not answered:
        raise RuntimeError(f"nobody answered: {done.stdout}")
    return Load(answered / micros * 1e6, used / answered, p50 / 1e6, p99 / 1e6, int(failed))


def _script(paths: Path, headers: Mapping[str, str]) -> str:
    """The requests for wrk, and its counts in one line."""
    given = ", ".join(f'["{name}"] = [[{value}]]' for name, value in headers.items())
    return f"""
local asked, at = {{}}, 0
init = function()
  for line in io.lines("{paths}") do asked[#asked + 1] = wrk.format("GET", line, {{{given}}}) end
end
request = function() at = at % #asked + 1; return asked[at] end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
