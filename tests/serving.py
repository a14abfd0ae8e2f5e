"""The plugin as it runs: gunicorn with its own configuration, on localhost, in a process of its own."""

from __future__ import annotations

import base64
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from click.testing import Result

from plugin import create_app
from plugin.extensions import db
from tests.sandbox_client import CLIENT_ID, CLIENT_SECRET, WEBHOOK_SECRET

ROOT = Path(__file__).resolve().parent.parent
KEY = base64.urlsafe_b64encode(b"test key, thirty-two bytes long!").decode()
START_SECONDS = 40


def environment(base_url: str, *, port: int, database_url: str, **changes: str) -> dict[str, str]:
    """A complete environment of the plugin against the sandbox at `base_url`."""
    return {
        "DRCHRONO_CLIENT_ID": CLIENT_ID,
        "DRCHRONO_CLIENT_SECRET": CLIENT_SECRET,
        "DRCHRONO_BASE_URL": base_url,
        "DRCHRONO_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "PUBLIC_URL": f"http://localhost:{port}",
        "SECRET_KEY": "a secret key for tests, long enough to be accepted",
        "ENCRYPTION_KEYS": KEY,
        "DATABASE_URL": database_url,
        "FRAME_ANCESTORS": base_url,
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        **changes,
    }


def free_port() -> int:
    """A port that was free a moment ago, below those that Linux gives to outgoing connections meanwhile."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def run_flask(
    settings: Mapping[str, str], *arguments: str, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run `flask --app wsgi …` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env={**os.environ, "FLASK_SKIP_DOTENV": "1", **settings},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@dataclass
class Server:
    """A running plugin."""

    url: str
    settings: dict[str, str]
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        """All it wrote so far."""
        return self.log_file.read_text()

    def kill(self) -> None:
        """End every process of it at once, as a crash would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as a deploy does."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()


def invoke(settings: Mapping[str, str], *arguments: str) -> Result:
    """A command of ours in this process, where a process of its own (`run_flask`) would show nothing more."""
    app = create_app(settings)
    result = app.test_cli_runner().invoke(args=list(arguments))
    with app.app_context():
        db.engine.dispose()
    return result


def copy_of_code(folder: Path) -> Path:
    """A second installation of the plugin in `folder`, with an instance folder of its own."""
    for name in ("plugin", "templates", "static", "migrations", "sandbox"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("wsgi.py", "gunicorn.conf.py", "Procfile", "Makefile", "requirements.txt"):
        shutil.copy2(ROOT / name, folder / name)
    return folder


@contextmanager
def serving(settings: dict[str, str], folder: Path, *, code: Path = ROOT) -> Iterator[Server]:
    """The plugin under gunicorn for `settings`, whose PORT it listens on; answers when entered."""
    log_file = folder / f"plugin-{settings['PORT']}.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"],
            cwd=code,
            env={**os.environ, "TMPDIR": str(folder), **settings},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = Server(f"http://localhost:{settings['PORT']}", settings, process, log_file)
    try:
        await_answer(server)
        yield server
    finally:
        server.stop()


def await_answer(server: Server) -> None:
    """Wait until it answers; AssertionError with its log when it does not."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        with (
            suppress(OSError, urllib.error.URLError),
            urllib.request.urlopen(f"{server.url}/healthz", timeout=2),
        ):
            return
        time.sleep(0.05)
    raise AssertionError(f"the plugin did not start:\n{server.log}")
