"""The lines that a platform runs, word for word, in an installation of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.operations.conftest import until
from tests.serving import ROOT, copy_of_code, environment, free_port

REQUIRED = (
    "DRCHRONO_CLIENT_ID",
    "DRCHRONO_CLIENT_SECRET",
    "PUBLIC_URL",
    "SECRET_KEY",
    "ENCRYPTION_KEYS",
)
LINES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


@pytest.fixture
def code(tmp_path):
    """A new installation: its default database is its own."""
    return copy_of_code(tmp_path / "installation")


@pytest.fixture
def settings():
    port = free_port()
    complete = environment("http://127.0.0.1:9", port=port, database_url="")
    return {name: complete[name] for name in REQUIRED} | {"PORT": str(port)}


@pytest.fixture
def run(settings, tmp_path):
    """Starts a line as a platform does, with nothing else in its environment; ended with the test."""
    started = []

    def start(line, folder):
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        bare = {"PATH": path, "HOME": str(tmp_path), "TMPDIR": str(tmp_path), **settings}
        process = subprocess.Popen(["/bin/sh", "-c", f"exec {line}"], cwd=folder, env=bare)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def answers(settings, path):
    try:
        return requests.get(f"http://localhost:{settings['PORT']}{path}", timeout=30).status_code == 200
    except requests.ConnectionError:
        return False


def test_its_lines_are_those_of_the_interface():
    assert list(LINES) == ["release", "web", "worker"]


def test_release_web_and_worker_run_on_the_required_variables_alone(code, run, settings):
    assert run(LINES["release"], code).wait(60) == 0
    web, worker = run(LINES["web"], code), run(LINES["worker"], code)
    until(lambda: web.poll() is not None or answers(settings, "/readyz"))
    assert worker.poll() is None
    assert (code / "instance" / "chartside.db").exists()
    for process in (web, worker):
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_it_runs_from_another_folder_too(code, run, settings, tmp_path):
    lines = [
        line.replace("gunicorn.conf.py", f"{code}/gunicorn.conf.py").replace(
            "--app wsgi", f"--app {code}/wsgi"
        )
        for line in (LINES["release"], LINES["web"])
    ]
    assert run(lines[0], tmp_path).wait(60) == 0
    run(lines[1], tmp_path)
    until(lambda: answers(settings, "/readyz"))


def test_the_web_process_names_all_that_is_missing_or_malformed(code, settings, tmp_path):
    environment = {**os.environ, **settings, "SECRET_KEY": "", "PORT": "http"}
    done = subprocess.run(
        ["/bin/sh", "-c", f"PATH={Path(sys.executable).parent}:$PATH exec {LINES['web']}"],
        cwd=code, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "SECRET_KEY is missing; PORT must be a whole number from 1 to 65535." in done.stderr
