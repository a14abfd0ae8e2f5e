"""`make serve` as an operator uses it on one machine: with an .env written by hand."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.operations.conftest import until
from tests.serving import ROOT, copy_of_code, environment, free_port


@dataclass
class Installation:
    folder: Path
    values: dict[str, str]

    def write(self, **changes: str) -> None:
        """The .env; values are quoted where they hold spaces."""
        values = {**self.values, **changes}
        lines = [
            f'{name}="{value}"' if " " in value else f"{name}={value}"
            for name, value in values.items()
            if value
        ]
        (self.folder / ".env").write_text("# written by hand\n" + "\n".join(lines) + "\n")

    def make(self, *arguments: str) -> subprocess.Popen[str]:
        outside = {name: value for name, value in os.environ.items() if name not in self.values}
        with (self.folder / "log").open("w") as log:
            return subprocess.Popen(
                ["make", *arguments], cwd=self.folder, env=outside, stdout=log, stderr=log, text=True,
                start_new_session=True,
            )  # fmt: skip

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def get(self, path: str) -> requests.Response | None:
        try:
            return requests.get(f"{self.values['PUBLIC_URL']}{path}", timeout=30)
        except requests.ConnectionError:
            return None


@pytest.fixture
def installation(tmp_path):
    """The code with requirements installed, and no .env yet."""
    folder = copy_of_code(tmp_path / "installation")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    values = environment("http://127.0.0.1:9", port=free_port(), database_url="")
    return Installation(folder, {**values, "FRAME_ANCESTORS": "https://a.example https://b.example"})


@pytest.fixture
def served(installation):
    """It serves, its worker has shown itself."""
    installation.write()
    process = installation.make("serve")
    until(lambda: process.poll() is not None or installation.get("/healthz"))
    until(lambda: installation.get("/readyz").json()["worker_last_seen"])
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def processes_of(group: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pgid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if line.split()[0] == str(group)]


def test_quoted_values_are_read_as_written(installation, served):
    policy = installation.get("/patient").headers["Content-Security-Policy"]
    assert "frame-ancestors https://a.example https://b.example 'self'" in policy


def test_a_sigterm_ends_web_and_worker(installation, served):
    served.send_signal(signal.SIGTERM)
    served.wait(30)
    until(lambda: not processes_of(served.pid))
    assert installation.get("/healthz") is None


def test_when_the_worker_dies_all_ends_so_that_a_supervisor_starts_all_again(installation, served):
    until(lambda: children_named(served.pid, "--app wsgi worker"))
    [worker] = children_named(served.pid, "--app wsgi worker")
    os.kill(worker, signal.SIGKILL)
    assert served.wait(30) != 0
    until(lambda: not processes_of(served.pid))


def children_named(group: int, words: str) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,pgid=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return [
        int(pid) for pid, of, line in rows if of == str(group) and words in line and "/bin/sh" not in line
    ]


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ENCRYPTION_KEYS"])
def test_an_env_without_a_secret_is_refused_by_name(installation, missing):
    installation.write(**{missing: ""})
    assert installation.make("serve").wait(60) != 0
    assert f"Chartside cannot start: {missing} is missing." in installation.log
    assert "Traceback" not in installation.log


def test_without_an_env_it_makes_secrets_and_names_what_only_the_operator_knows(installation):
    assert installation.make("serve").wait(60) != 0
    assert "DRCHRONO_CLIENT_ID is missing" in installation.log
    assert "SECRET_KEY is" not in installation.log and "ENCRYPTION_KEYS is" not in installation.log
    assert (installation.folder / ".env").stat().st_mode & 0o077 == 0
