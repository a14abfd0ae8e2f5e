"""Real databases for tests: SQLite files, and a PostgreSQL server of our own.

The server is started once a process, on a Unix socket in a temporary folder, and ended with it. As root it runs
as `postgres` or `nobody`, since PostgreSQL refuses root. With a PostgreSQL in TEST_DATABASE_URL or DATABASE_URL,
databases are made there instead. Each test gets a database of its own, copied from a migrated template.
"""

from __future__ import annotations

import atexit
import functools
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade

from plugin.config import load_settings
from plugin.crypto import Keyring
from plugin.extensions import bind_database, engine_options
from tests.serving import environment

MISSING = "PostgreSQL is missing: run `make packages` (Debian: apt-get install postgresql), or set TEST_DATABASE_URL"
TEMPLATE = "chartside_template"


def small_app(settings: dict[str, str]) -> Flask:
    """Settings, keys and database, and no room: for tests below the pages."""
    app = Flask("plugin", static_folder=None)
    loaded = load_settings(settings, "/nowhere")
    app.extensions["chartside-settings"] = loaded
    app.extensions["chartside-keyring"] = Keyring(loaded.encryption_keys)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=loaded.database_url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(loaded)
    )
    bind_database(app)
    return app


def migrate_to_head(url: str) -> None:
    """Create every table at `url`, by the migrations."""
    from plugin.extensions import db

    app = small_app(environment("http://127.0.0.1:1", port=1, database_url=url))
    with app.app_context():
        upgrade()
        db.engine.dispose()


def new_sqlite(folder: Path) -> str:
    """A migrated SQLite database in `folder`."""
    path = folder / "chartside.db"
    shutil.copy(_migrated_sqlite(), path)
    return f"sqlite:///{path}"


def new_postgres() -> str:
    """A migrated PostgreSQL database of its own."""
    return _server().copy_of_template()


def drop_postgres(url: str) -> None:
    """Remove what `new_postgres` made, whoever is still connected to it."""
    _server().drop(url)


@functools.cache
def _migrated_sqlite() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="chartside-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate_to_head(f"sqlite:///{folder / 'template.db'}")
    return folder / "template.db"


@functools.cache
def _server() -> Server:
    given = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    is_postgres = given.startswith("postgres")
    if not is_postgres:
        return _start_postgres()
    server = Server(given.replace("postgres://", "postgresql://", 1))
    atexit.register(server.drop_all)
    return server


class Server:
    """A PostgreSQL server on which databases may be made; `url` is one of its databases.

    The next copy is made, and what is over is removed, while a test runs: that takes longer than many a test.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.made: set[str] = set()
        self._aside = ThreadPoolExecutor(1)
        self._next: Future[str] | None = None
        self._template = ""

    def copy_of_template(self) -> str:
        """The URL of a new copy of the migrated template."""
        if self._next is None:
            self._template = self._create(f"{TEMPLATE}_{uuid.uuid4().hex[:8]}", "template1")
            migrate_to_head(self._url_of(self._template))
            self._next = self._aside.submit(self._copy)
        made, self._next = self._next.result(), self._aside.submit(self._copy)
        return self._url_of(made)

    def drop(self, url: str) -> None:
        """Remove the database of this `url`, if it was made here."""
        for name in [made for made in list(self.made) if self._url_of(made) == url]:
            self._aside.submit(self._drop, name)

    def drop_all(self) -> None:
        """Remove what was made."""
        self._aside.shutdown()
        for name in list(self.made):
            self._drop(name)

    def _copy(self) -> str:
        return self._create(f"chartside_{uuid.uuid4().hex[:12]}", self._template)

    def _drop(self, name: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{name}" with (force)'.encode())
        self.made.discard(name)

    def _create(self, name: str, template: str) -> str:
        """Copied as files: from version 15 on PostgreSQL writes a copy to its log else, ten times slower."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            as_files = " strategy file_copy" if connection.info.server_version >= 150_000 else ""
            connection.execute(f'create database "{name}" template "{template}"{as_files}'.encode())
        self.made.add(name)
        return name

    def _url_of(self, name: str) -> str:
        root, _, query = self.url.partition("?")
        return f"{root.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _start_postgres() -> Server:
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="chartside-pg-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    user = _user()
    if user is not None:
        shutil.chown(folder, user)
    folder.chmod(0o755)  # the tests, as another user, reach the socket in it
    data = folder / "data"
    as_user = {"user": user, "extra_groups": []} if user is not None else {}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "chartside", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, capture_output=True, cwd=folder, **as_user,
    )  # fmt: skip
    options = {
        "listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off",
        "max_connections": "200", "shared_buffers": "32MB",
    }  # fmt: skip
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, *flags],
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,  # Ctrl-C ends the tests, and they the server
            **as_user,
        )
    atexit.register(_stop, process)
    server = Server(f"postgresql://chartside@/postgres?host={folder}")
    _await_answer(server, process, folder / "log")
    return server


def _binaries() -> Path:
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    found = str(packaged[-1]) if packaged else shutil.which("postgres")
    assert found, MISSING
    return Path(found).resolve().parent


def _user() -> str | None:
    """Whom to run PostgreSQL as; None: as ourselves."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _await_answer(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            psycopg.connect(server.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise AssertionError(f"PostgreSQL did not start:\n{log.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
