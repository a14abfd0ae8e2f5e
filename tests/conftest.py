"""What every test may use: the sandbox, a migrated database, the application, a server, a browser.

`--database both` runs every test that uses a database on SQLite and on PostgreSQL, but for those in a browser.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, sync_playwright

from plugin import create_app
from plugin.drchrono.connections import NewConnection, Tokens, save_connection
from plugin.extensions import db
from tests.calculators import reference
from tests.databases import drop_postgres, new_postgres, new_sqlite
from tests.sandbox_client import DOCTOR, Sandbox
from tests.serving import Server, environment, free_port, serving

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--test-third-party-cookie-phaseout",
]
DATABASES = {"sqlite": ["sqlite"], "postgresql": ["postgres"], "both": ["sqlite", "postgres"]}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=list(DATABASES), default="sqlite", help="what tests that use a database run on"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "sqlite: runs on SQLite alone, whose file it looks into, or since no database matters to it",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" not in metafunc.fixturenames or _names_its_databases(metafunc.definition):
        return
    wanted = DATABASES[metafunc.config.getoption("--database")]
    if metafunc.definition.get_closest_marker("sqlite"):
        wanted = ["sqlite"]
    elif "browser" in metafunc.fixturenames:
        wanted = wanted[:1]  # what a browser sees does not depend on it
    if wanted != ["sqlite"]:
        metafunc.parametrize("database_url", wanted, indirect=True)


def _names_its_databases(definition: Any) -> bool:
    return any("database_url" in mark.args[0] for mark in definition.iter_markers("parametrize"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Each process of `-n 2` hands on what it held calculators against."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["calculators"] = reference.exported()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    reference.add(getattr(node, "workeroutput", {}).get("calculators", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How each calculator stood against its references; nothing when none was checked."""
    if reference.TALLIES:
        terminalreporter.section("calculators against their references")
        terminalreporter.write_line("\n".join(reference.table()))


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """No test of ours reaches beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "localhost", "::1"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def plugin_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def sandbox_process(plugin_port: int) -> Iterator[Sandbox]:
    with Sandbox.start(plugin_url=f"http://localhost:{plugin_port}") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox, plugin_port: int) -> Sandbox:
    """The look-alike of DrChrono, as seeded, with the plugin where `settings` puts it."""
    sandbox_process.reset()
    sandbox_process.use_plugin(f"http://localhost:{plugin_port}")
    return sandbox_process


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at head, for fixtures that outlive a test; each takes a copy."""
    return Path(new_sqlite(tmp_path_factory.mktemp("database")).removeprefix("sqlite:///"))


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database at head: SQLite, or what the test is parametrised with."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield new_sqlite(tmp_path)
        return
    url = new_postgres()
    yield url
    drop_postgres(url)


@pytest.fixture
def settings(sandbox: Sandbox, database_url: str, plugin_port: int) -> dict[str, str]:
    """The plugin's environment; a test may change it before it asks for `app` or `server`."""
    return environment(sandbox.url, port=plugin_port, database_url=database_url)


@pytest.fixture
def app(settings: dict[str, str]) -> Iterator[Flask]:
    made = create_app(settings)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def connected(app: Flask, sandbox: Sandbox) -> int:
    """A doctor who connected, with an empty profile; the doctor's id."""
    connect_doctor(app, sandbox, DOCTOR)
    return DOCTOR


def connect_doctor(app: Flask, sandbox: Sandbox, doctor_id: int, *, expires_in: float | None = None) -> None:
    """Store a connection as onboarding would, without the browser."""
    issued = sandbox.tokens_for(doctor_id, frame=True)
    connection = NewConnection(
        doctor_id=doctor_id,
        user_id=doctor_id,
        is_staff=False,
        practice_group=None,
        scope=issued.scope,
        tokens=Tokens(issued.access_token, issued.refresh_token),
        expires_in=issued.expires_in if expires_in is None else expires_in,
    )
    with app.app_context():
        save_connection(connection)


@pytest.fixture
def server(settings: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """The plugin under gunicorn."""
    with serving(settings, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, third-party cookies blocked."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "Chromium is missing: run `make packages`"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new profile at 1200 px."""
    with ExitStack() as stack:
        context = browser.new_context(viewport={"width": 1200, "height": 900})
        stack.callback(context.close)
        yield context.new_page()
