"""What is forgotten of write-backs, and when.

1. At the end of a delivery the payload goes: the PDF, the line, the values (outcomes.py).
2. A day or RETENTION_DAYS later, whichever is longer, the row goes. Of a delivered one the words and the date
   go to `filed_results`, in place of what was filed of that calculator before: a doctor who files a result in
   March reads it on the card in September.
3. When the doctor disconnects, both tables are emptied of that doctor (plugin/disconnect.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select

from plugin.config import settings
from plugin.extensions import reading, writing
from plugin.models import Connection, FiledResults, OutboxEntry
from plugin.writeback.filed import remember

SHORTEST_MEMORY = timedelta(days=1)
"""A finished row is kept so long whatever RETENTION_DAYS says: a repeated request must still find it."""


def purge(now: datetime) -> int:
    """Forget what has ended and is old enough, and all of doctors who left; the number of outbox rows that went."""
    gone = _forget_doctors_who_left()
    limit = now - max(timedelta(days=settings().retention_days), SHORTEST_MEMORY)
    old = select(OutboxEntry.doctor_id, OutboxEntry.patient_id).where(
        _is_over(), OutboxEntry.updated_at < limit
    )
    with reading() as session:
        patients = session.execute(old.distinct()).all()
    return gone + sum(_forget_rows(doctor_id, patient_id, limit) for doctor_id, patient_id in patients)


def _forget_rows(doctor_id: int, patient_id: int, limit: datetime) -> int:
    """One patient's rows, all of them locked: of two workers here the second finds nothing left to do."""
    own = (OutboxEntry.doctor_id == doctor_id, OutboxEntry.patient_id == patient_id)
    with writing() as session:
        session.execute(select(OutboxEntry.id).where(*own).order_by(OutboxEntry.id).with_for_update()).all()
        over = select(OutboxEntry).where(*own, _is_over(), OutboxEntry.updated_at < limit)
        rows = session.scalars(over).all()
        remember(session, doctor_id, patient_id, rows)
        for row in rows:
            session.delete(row)
    return len(rows)


def _forget_doctors_who_left() -> int:
    """What a page that was open during the disconnect may have stored after it."""
    with writing() as session:
        gone = session.scalars(
            delete(OutboxEntry).where(_is_over(), _has_left(OutboxEntry)).returning(OutboxEntry.id)
        ).all()
        session.execute(delete(FiledResults).where(_has_left(FiledResults)))
    return len(gone)


def _is_over() -> ColumnElement[bool]:
    """Nothing is left to do. A booking is never tried again without its doctor."""
    has_ended = and_(OutboxEntry.status != "queued", OutboxEntry.due_at.is_(None))
    return or_(has_ended, OutboxEntry.kind == "appointment")


def _has_left(table: type[OutboxEntry] | type[FiledResults]) -> ColumnElement[bool]:
    return ~exists(select(Connection.doctor_id).where(Connection.doctor_id == table.doctor_id))
