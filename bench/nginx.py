"""Serves some bytes by nginx (nginx-light of Debian): what a page costs where nothing is worked out at all."""

import getpass
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.serving import Served, free_port, wait_for

CONFIGURATION = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  default_type text/html;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


@contextmanager
def files(bodies: Mapping[str, bytes]) -> Iterator[Served]:
    """Serve each of these bytes under its name ("/name") until the end of the block, by one worker."""
    port = free_port()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "files").mkdir()
        for name, body in bodies.items():
            (folder / "files" / name).write_bytes(body)
        user = f"user {getpass.getuser()};" if getpass.getuser() == "root" else ""
        (folder / "nginx.conf").write_text(CONFIGURATION.format(user=user, folder=folder, port=port), "utf-8")
        command = ["nginx", "-p", str(folder), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:  # noqa: S603  our own command
            try:
                wait_for(f"http://127.0.0.1:{port}/")
                yield Served(port, running.pid)
            finally:
                running.terminate()
                running.wait(30)
