"""Finds the Chromium that the browser tests drive, and the flags that it is started with."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find() -> str | None:
    """Return CHROMIUM_PATH or the path of an installed browser that starts, or None when there is neither.

    The shell without a window comes first: the others draw theirs though nobody sees it, for a third of the whole time.
    """
    asked_for = os.environ.get("CHROMIUM_PATH")
    if asked_for:
        return asked_for
    on_path = [path for path in map(shutil.which, COMMANDS) if path]
    return next((path for path in (*on_path, *APPLICATIONS) if _starts(path)), None)


def launch_arguments() -> list[str]:
    """Return the flags that keep Chromium off the network and let it run as root, as containers do."""
    quiet = ["--disable-background-networking", "--disable-component-update"]
    return [*quiet, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else quiet


def _starts(path: str) -> bool:
    """Tell whether it runs: a system library may be missing, and Ubuntu's snap sees no temporary files."""
    if not Path(path).exists() or _is_snap(Path(path)):
        return False
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)  # noqa: S603 - of the lists
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _is_snap(path: Path) -> bool:
    with path.open("rb") as program:
        start = program.read(4096)
    return "snap" in path.resolve().parts or (start.startswith(b"#!") and b"/snap/" in start)


def _of_playwright() -> str | None:
    """Return the browser that `playwright install` put down, or None; not for use while Playwright runs."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if _starts(path) else None


def main() -> int:
    """Print the path of the browser to use; fail when there is none."""
    path = find() or _of_playwright()
    if path is None:
        return 1
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
