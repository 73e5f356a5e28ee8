"""The files an operator copies: read by the programs they are for, and true about this one."""

import os
import re
import shutil
import subprocess
from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml

from registry import cli
from registry.config import Settings
from tests import tls
from tests.registry.metrics.test_metrics import TOKEN, ask

ROOT = Path(__file__).parent.parent.parent
PLACE = ROOT / "docs" / "operations"
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
UNITS = sorted(path for path in PLACE.iterdir() if path.suffix in {".service", ".timer"})
OF_OTHERS = {"CRITERIA_DIR", "SIGNING_KEY_<KID>"}  # of the editions and of the keys


def tool(name):
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  of Debian
    return done.returncode, done.stdout + done.stderr


def settings_told():
    """The variables of the table of settings."""
    table = PAGE.split("\n## Settings\n")[1].split("\n## ")[0]
    return {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z_<>]+)`", line.split("|")[1])
    }


def test_every_setting_is_told_and_nothing_else():
    assert settings_told() - OF_OTHERS == {one.name.upper() for one in fields(Settings)}


def test_the_settings_of_the_example_exist():
    given = [
        line.split("=")[0] for line in (PLACE / "registry.env").read_text().splitlines() if re.match("[A-Z]", line)
    ]
    assert set(given) <= {one.name.upper() for one in fields(Settings)}
    for line in (PLACE / "registry.env").read_text().splitlines():
        assert not re.match(r"(SECRET|ENCRYPTION|CONCERN)_KEY=.+|METRICS_TOKEN=.+", line), "no key comes along"


def test_every_file_is_named_on_the_page():
    assert [path.name for path in PLACE.iterdir() if path.name not in PAGE] == []


def test_commands_of_the_page_exist():
    groups = set(cli.COMMANDS)
    told = set(
        re.findall(r"flask --app registry ([a-z-]+)", PAGE + "".join(path.read_text() for path in PLACE.iterdir()))
    )
    assert told - groups == set()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_unit(path, tmp_path):
    text = path.read_text()
    for program in re.findall(r"(?<=ExecStart=)\S+", text):
        text = text.replace(program, "/bin/true")
    for other in UNITS:  # timers want their services beside them
        (tmp_path / other.name).write_text(other.read_text().replace("/opt/registry/.venv/bin/flask", "/bin/true"))
    (tmp_path / path.name).write_text(text.replace("/opt/registry/.venv/bin/granian", "/bin/true"))
    code, said = run(tool("systemd-analyze"), "verify", "--man=no", str(tmp_path / path.name))
    wrong = [line for line in said.splitlines() if path.name in line and "not found" not in line]
    assert wrong == [], (code, said)


@pytest.mark.parametrize("path", [one for one in UNITS if one.suffix == ".service"], ids=lambda path: path.name)
def test_units_are_shut(path):
    code, said = run(tool("systemd-analyze"), "security", "--offline=true", "--threshold=25", str(path))
    if "not supported" in said or "Unknown" in said or "unrecognized" in said:
        pytest.skip("this systemd-analyze cannot look at files")
    assert code == 0, said[-600:]


def test_no_unit_runs_as_root():
    for path in UNITS:
        if path.suffix == ".service":
            assert "\nUser=registry\n" in path.read_text()


def test_the_web_unit_does_what_the_procfile_does():
    procfile = (ROOT / "Procfile").read_text()
    web = next(line for line in procfile.splitlines() if line.startswith("web:"))
    unit = (PLACE / "registry-web.service").read_text()
    for option in re.findall(r"--[a-z-]+", web):
        assert option in unit


def test_alerts_are_read_by_prometheus(tmp_path):
    code, said = run(tool("promtool"), "check", "rules", str(PLACE / "alerts.yml"))
    assert code == 0, said
    shutil.copy(PLACE / "alerts.yml", tmp_path)
    (tmp_path / "registry-token").write_text("x")
    text = (PLACE / "prometheus.yml").read_text().replace("/etc/prometheus/", f"{tmp_path}/")
    (tmp_path / "prometheus.yml").write_text(text)
    code, said = run(tool("promtool"), "check", "config", str(tmp_path / "prometheus.yml"))
    assert code == 0, said


@pytest.fixture
def settings(settings):
    return replace(settings, metrics_token=TOKEN)


def test_alerts_ask_for_numbers_that_there_are(browser):
    browser.get("/")
    told = set(re.findall(r"^# TYPE (\S+)", ask(browser).text, re.MULTILINE))
    rules = yaml.safe_load((PLACE / "alerts.yml").read_text())["groups"][0]["rules"]
    assert len(rules) >= 12
    for rule in rules:
        assert {"summary", "mend"} <= set(rule["annotations"])
        assert rule["alert"] in PAGE, "the page says what to do"
        for name in re.findall(r"\bregistry_[a-z_]+", rule["expr"]):
            assert name.removesuffix("_bucket") in told, name


def adapted(name, folder, ports, upstream):
    """A shipped file with the ports and folders of a test."""
    certificate, key = tls.certificate(folder, name="localhost")
    text = (PLACE / name).read_text()
    changes = {
        "/etc/letsencrypt/live/registry.example.vn/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/registry.example.vn/privkey.pem": str(key),
        "/var/log/nginx/": f"{folder}/",
        "/var/log/caddy/": f"{folder}/",
        "/opt/registry/": f"{ROOT}/",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{ports[0]};",
        "listen 443 ssl": f"listen 127.0.0.1:{ports[1]} ssl",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "registry.example.vn {": f"https://localhost:{ports[1]} {{\n\tbind 127.0.0.1\n\ttls {certificate} {key}",
        "registry.example.vn": "localhost",
        "{\n\tservers": f"{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {folder}/caddy\n\tservers",
    }
    for before, after in changes.items():
        text = text.replace(before, after)
    return text, certificate


def nginx_configuration(folder, ports, upstream):
    text, certificate = adapted("nginx.conf", folder, ports, upstream)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx-main.conf"
    root = "user root;" if os.geteuid() == 0 else ""
    main.write_text(
        f"pid {folder}/nginx.pid;\nerror_log {folder}/main.log;\ndaemon off;\nworker_processes 1;\n{root}\n"
        f"events {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\n{temporary}{text}\n}}\n"
    )
    return main, certificate


def test_nginx_takes_the_file(tmp_path):
    main, _ = nginx_configuration(tmp_path, (8180, 8443), 8000)
    code, said = run(tool("nginx"), "-t", "-c", str(main))
    assert code == 0, said
    assert "[warn]" not in said


def test_caddy_takes_the_file(tmp_path):
    text, _ = adapted("Caddyfile", tmp_path, (8180, 8443), 8000)
    (tmp_path / "Caddyfile").write_text(text)
    code, said = run(tool("caddy"), "validate", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile"))
    assert code == 0, said
