"""The statements of the snapshots' table that a panel waits for.

Built once and run without a session's bookkeeping, which takes longer than SQLite itself.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from plugin.models import Connection, Snapshot

_SNAPSHOTS, _CONNECTIONS = Snapshot.__table__, Connection.__table__
LOAD = (
    select(
        _CONNECTIONS.c.status,
        *(column for column in _SNAPSHOTS.c if column.name not in ("doctor_id", "patient_id")),
    )
    .select_from(
        _CONNECTIONS.outerjoin(
            _SNAPSHOTS,
            (_SNAPSHOTS.c.doctor_id == _CONNECTIONS.c.doctor_id)
            & (_SNAPSHOTS.c.patient_id == bindparam("patient")),
        )
    )
    .where(_CONNECTIONS.c.doctor_id == bindparam("doctor"))
)
_KEY = (_SNAPSHOTS.c.doctor_id == bindparam("doctor")) & (_SNAPSHOTS.c.patient_id == bindparam("patient"))
_LOCKED = select(_SNAPSHOTS).where(_KEY).with_for_update()
_CHANGE = update(_SNAPSHOTS).where(_KEY)
_INSERT = {
    "postgresql": postgresql.insert(_SNAPSHOTS).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(_SNAPSHOTS).on_conflict_do_nothing(),
}


def locked_row(session: Session, doctor_id: int, patient_id: int) -> Any:
    """The row's columns, locked until the transaction ends; None when there is none."""
    return session.connection().execute(_LOCKED, {"doctor": doctor_id, "patient": patient_id}).one_or_none()


def made_row(session: Session, doctor_id: int, patient_id: int, now: dt.datetime) -> Any:
    """As locked_row; an empty one is made if need be."""
    row = locked_row(session, doctor_id, patient_id)
    while row is None:
        values = {"doctor_id": doctor_id, "patient_id": patient_id, "reads": "{}", "changes": "{}"}
        connection = session.connection()
        connection.execute(_INSERT[connection.dialect.name], {**values, "opened_at": now})
        row = locked_row(session, doctor_id, patient_id)
    return row


def change_row(session: Session, doctor_id: int, patient_id: int, **values: Any) -> None:
    """Set `values`, by column name."""
    session.connection().execute(_CHANGE, {"doctor": doctor_id, "patient": patient_id, **values})
