"""The unbound extensions, and the two ways to reach the database.

Convention: no transaction is open while DrChrono is called. So the code uses short transactions of its
own, `writing()` and `reading()`, not a session that lives as long as the request.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session

from plugin.config import Settings
from plugin.crypto import Keyring

SQLITE_BUSY_SECONDS = 10


class Base(DeclarativeBase):
    """Constraints get their names from one convention, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
migrate = Migrate(directory=str(Path(__file__).resolve().parent.parent / "migrations"))


def engine_options(settings: Settings) -> dict[str, Any]:
    """Options for SQLAlchemy's engine: a pool as large as a worker's threads, a bounded wait for a lock."""
    if settings.database_url.startswith("sqlite"):
        return {"connect_args": {"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False}}
    return {
        "pool_size": 10,
        "max_overflow": 20,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": 5, "options": "-c timezone=UTC"},
    }


def bind_database(app: Flask) -> None:
    """Attach the database to `app`; on SQLite: WAL, and BEGIN under our control."""
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        _engines.add(db.engine)
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)


def keyring() -> Keyring:
    """The running application's keys; needs an application context."""
    ring: Keyring = current_app.extensions["chartside-keyring"]
    return ring


@contextmanager
def writing() -> Iterator[Session]:
    """A short write transaction of its own: committed at the end, rolled back on any error.

    On SQLite it takes the write lock at BEGIN: a deferred BEGIN lets two readers both decide to write.
    """
    engine = db.engine.execution_options(chartside_writes=True)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """A short read transaction of its own; what it loaded stays readable after the end."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session


_engines: WeakSet[Engine] = WeakSet()


def _open_anew() -> None:
    """A forked process shares no connection with its parent: not SQLite's locks, and not a server's socket."""
    for engine in list(_engines):
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_open_anew)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is always deferred; ours is below
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("chartside_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
