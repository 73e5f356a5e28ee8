"""A whole site of a test's own: real server, worker, database, files and mail, in one folder."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from registry import config, create_app

ROOT = Path(__file__).parent.parent
SECRET = "a secret of the tests that is long enough"
CONCERN_KEY = "a key of the tests for contacts of concerns"
AS_SERVED = ("--http", "1", "--no-ws")  # as the Procfile has it
READY_WITHIN = 120  # seconds a starting site may take on a busy machine


@dataclass
class Site:
    """A running site: its address, its folder, and the commands of an operator."""

    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of this site, and nothing of the machine's own."""
        own = {
            "SECRET_KEY": SECRET,
            "CONCERN_KEY": CONCERN_KEY,
            "VAR_DIR": str(self.folder),
            "PUBLIC_URL": self.url,
            "TRUSTED_HOSTS": "localhost,127.0.0.1",
            "PORT": str(self.port),
            "SECOND_FACTOR": "optional",  # people sign in by the form, with a password
            "STEP_UP_MINUTES": "600",  # a long journey on a busy machine
            "CLUB_IDLE_MINUTES": "600",
            "PAGE_CACHE_MB": "0",  # what a test writes it reads at once
            "PYTHONPATH": str(ROOT),
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return {**kept, **own, **self.settings}

    def command(self, *arguments: str, text: str | None = None) -> str:
        """Run flask --app registry ... and return what it printed; fails when the command fails."""
        done = subprocess.run(  # noqa: S603  our own command
            [sys.executable, "-m", "flask", "--app", "registry", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def commands(self, *each: list[str]) -> None:
        """The same for several, in this process: starting Python anew for each would take most of their time."""
        app = create_app(config.from_environment(self.environment))
        for arguments in each:
            done = app.test_cli_runner().invoke(args=arguments)
            assert done.exit_code == 0, f"{arguments}: {done.output}\n{done.exception!r}"
        app.extensions["engine"].dispose()

    def start(self) -> None:
        """Start server and worker and wait until the site says that it is ready."""
        self.serve()
        self._run(sys.executable, "-m", "flask", "--app", "registry", "worker")
        self.wait_until_ready()

    def serve(self) -> None:
        """Start the server alone."""
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "registry:create_app"]
        self._run(
            *server, "--host", "127.0.0.1", "--port", str(self.port), "--no-access-log", "--workers", "1", *AS_SERVED
        )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop every process of the site, with SIGKILL as a power cut would."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, how)
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=15)
        self.processes.clear()

    def wait_until_ready(self, path: str = "/readyz") -> None:
        """Ask until the answer is 200; a site that does not come up fails the test with its log."""
        deadline = time.monotonic() + READY_WITHIN
        answer = ""
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + path, timeout=5) as response:  # noqa: S310  our own site
                    if response.status == 200:
                        return
            except urllib.error.HTTPError as error:
                answer = error.read().decode()
            except OSError as error:
                answer = str(error)
            self._breathe()
        raise AssertionError(f"not ready: {answer}\n{self.log()}")

    def log(self) -> str:
        """What the processes said."""
        files = [path for path in sorted(self.folder.glob("*.log")) if path.is_file()]  # a device would never end
        return "\n".join(path.read_text("utf-8", errors="replace") for path in files)

    def letters(self, recipient: str) -> list[str]:
        """The letters that arrived for somebody, oldest first: subject, empty line, body."""
        bodies = [(one["Subject"], one.get_body()) for one in self.messages(recipient)]
        return [f"{subject}\n\n{body.get_content() if body else ''}" for subject, body in bodies]

    def messages(self, recipient: str) -> list[EmailMessage]:
        """The same with their attachments."""
        paths = sorted((self.folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        found = [message_from_bytes(path.read_bytes(), policy=default) for path in paths]
        return [one for one in found if one["To"] == recipient]

    def attachment(self, recipient: str, pattern: str) -> bytes:
        """The file in somebody's letters whose name fits a pattern; waits for the worker to make and send it."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            for message in self.messages(recipient):
                for part in message.iter_attachments():
                    if re.search(pattern, part.get_filename() or ""):
                        found: bytes = part.get_content()
                        return found
            self._breathe()
        raise AssertionError(f"no letter to {recipient} with a file {pattern}\n{self.log()}")

    def link_in_letter(self, recipient: str, pattern: str) -> str:
        """The newest address in somebody's letters that fits a pattern; waits for the worker to send it."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            for letter in reversed(self.letters(recipient)):
                if found := re.search(rf"{re.escape(self.url)}\S*{pattern}\S*", letter):
                    return found[0]
            self._breathe()
        raise AssertionError(f"no letter to {recipient} with {pattern}\n{self.log()}")

    def _breathe(self) -> None:
        """Leave the site a moment between two questions; a process that ended will never answer."""
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = process.wait(timeout=0.05)
                raise AssertionError(f"a process of the site ended with {code}\n{self.log()}")

    def _run(self, *command: str) -> None:
        with (self.folder / f"{len(self.processes)}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  our own command
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self.processes.append(process)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(folder: Path, prepare: Callable[[], object] | None = None, **settings: str) -> Iterator[Site]:
    """A site in a folder, migrated, with an edition, its demonstration or what `prepare` puts there, then stopped."""
    site = Site(folder, free_port(), settings)
    site.commands(["db", "upgrade"])
    if prepare is not None:
        site.commands(["keys", "create"])
        prepare()
    elif "DEMONSTRATION" in settings:  # which makes its own keys
        site.commands(["demonstration", "load"])
    else:
        site.commands(["keys", "create"], ["criteria", "publish", "vcsc-2026"])
    site.start()
    try:
        yield site
    finally:
        site.stop()
