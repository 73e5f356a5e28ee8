"""Takes pictures from a fresh demonstration: the four of the README, the walkthrough's, every public page for review.

Those of every public page (both languages, by day and by night, phone and desk) go to `SCREENSHOTS` or else to
`var/screenshots`, which history does not keep.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import public
import walkthrough
from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests import chromium
from tests.site import Site

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FLASK = (str(Path(sys.executable).parent / "flask"), "--app", "registry")
GRANIAN = (str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--factory", "--port")
READY_WITHIN = 60  # seconds
DESK: ViewportSize = {"width": 1280, "height": 860}


@contextmanager
def demonstration() -> Iterator[Site]:
    """Serve a freshly loaded demonstration on a free port; stop it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    site = f"http://localhost:{port}"
    environment = {**os.environ, "PORT": port, "PUBLIC_URL": site, "TRUSTED_HOSTS": "localhost,127.0.0.1"}
    for command in (["db", "upgrade"], ["demonstration", "load", "--when-empty"]):
        subprocess.run([*FLASK, *command], env=environment, cwd=ROOT, check=True)  # noqa: S603 - our own commands
    parts = ([*GRANIAN, port, "registry:create_app"], [*FLASK, "worker"])
    processes = [subprocess.Popen(part, env=environment, cwd=ROOT) for part in parts]  # noqa: S603 - ours too
    try:
        _wait_for(f"{site}/readyz")
        yield Site(Path(environment["VAR_DIR"]) / "demonstration", int(port), processes=processes)
    finally:
        for process in processes:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(address: str) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server on this machine
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise TimeoutError(f"{address} did not answer 200 within {READY_WITHIN} seconds.")


def _save(page: Page, name: str) -> None:
    """Save what a desk screen shows, in 256 colours: a quarter of the weight and the same to the eye."""
    path = HERE / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256).save(path, optimize=True)


def main() -> None:
    """Take every picture."""
    everything = Path(os.environ.get("SCREENSHOTS") or ROOT / "var" / "screenshots")
    with demonstration() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.launch_arguments())
        public.best(browser, site.url, _save)
        taken = public.every(browser, site.url, everything)
        print(f"{taken} pictures of public pages in {everything}")
        if "--public" not in sys.argv[1:]:
            seat = browser.new_context(viewport=DESK, color_scheme="light", locale="vi-VN", reduced_motion="reduce")
            walkthrough.walk(seat.new_page(), site, _save)
        browser.close()


if __name__ == "__main__":
    main()
