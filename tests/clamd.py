"""A real clamd of a test's own: its folder, its one signature, on a socket and on a port."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from registry.scanner import Patience, Scanner, Unreachable
from tests.site import free_port

SIGNATURE = "Registry.Test.Harmful"
HARMFUL = (
    "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + "$H+H*"
)  # in two parts: see eicar.org
STREAM_MAX = 2 * 1024 * 1024
READY_WITHIN = 60  # seconds it may take to start on a busy machine

CONFIGURATION = """
Foreground yes
LogFile {folder}/clamd.log
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/clamd.sock
TCPAddr 127.0.0.1
TCPSocket {port}
StreamMaxLength {stream}
MaxFileSize 1M
MaxScanSize 1M
AlertExceedsMax yes
"""


def found() -> str:
    """Where clamd is; "" where the machine has none. Debian keeps it where only root looks."""
    return (
        shutil.which("clamd", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))) or ""
    )


@dataclass
class Clamd:
    """One scanner that can be started and stopped, always in the same place."""

    folder: Path
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def tcp(self) -> str:
        """Its address on the network of this machine."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def unix(self) -> str:
        """Its address on the file system."""
        return f"unix://{self.folder}/clamd.sock"

    def start(self) -> None:
        """Start it and wait until it answers; one that ends instead fails the test with its log."""
        process = subprocess.Popen(  # noqa: S603  the system's own program
            [found(), "--config-file", str(self.folder / "clamd.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            with contextlib.suppress(Unreachable):
                if Scanner(self.tcp, Patience(1, 5)).ping():
                    return
            with contextlib.suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"clamd ended with {process.wait(timeout=0.05)}\n{self.log()}")
        raise AssertionError(f"clamd does not answer\n{self.log()}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it, with SIGKILL as a crash would."""
        for process in self.processes:
            process.send_signal(how)
            process.wait(timeout=30)
        self.processes.clear()

    def log(self) -> str:
        """What it said."""
        path = self.folder / "clamd.log"
        return path.read_text("utf-8", errors="replace") if path.exists() else ""


@contextlib.contextmanager
def installed() -> Iterator[Clamd]:
    """A scanner that is not started yet, in a folder of its own. Skips the test where the machine has no clamd."""
    if not found():
        pytest.skip("no clamd on this machine: install clamav-daemon (.ci/run does)")
    with tempfile.TemporaryDirectory(prefix="clamd-") as name:  # a short path: sockets take a hundred characters
        folder = Path(name)
        (folder / "signatures").mkdir()
        (folder / "signatures" / "test.ndb").write_text(f"{SIGNATURE}:0:*:{HARMFUL.encode().hex()}\n", "ascii")
        folder.chmod(0o755)
        made = Clamd(folder, free_port())
        text = CONFIGURATION.format(folder=folder, port=made.port, stream=STREAM_MAX)
        (folder / "clamd.conf").write_text(text, "ascii")
        try:
            yield made
        finally:
            made.stop()
