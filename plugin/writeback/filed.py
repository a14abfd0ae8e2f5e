"""What was filed for a patient already: the card says when and with what result, for as long as the doctor stays.

The outbox knows it at first; when its row goes, the words and the date stay in `filed_results`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.crypto import SealedError
from plugin.extensions import keyring, reading
from plugin.models import FiledResults, OutboxEntry
from plugin.writeback.entry import opened

_CONTEXT: str = FiledResults.__table__.c.sealed.info["sealed"]


@dataclass(frozen=True)
class LastFiled:
    """The newest write-back of one calculator that reached the chart."""

    at: datetime
    words: str
    """The result in a line."""


def filed(doctor_id: int, patient_id: int) -> dict[str, LastFiled]:
    """Calculator id -> what was filed last for this patient, by this doctor."""
    query = select(OutboxEntry).where(
        OutboxEntry.doctor_id == doctor_id,
        OutboxEntry.patient_id == patient_id,
        OutboxEntry.status == "delivered",
        OutboxEntry.kind != "appointment",
    )
    kept = select(FiledResults.sealed).where(
        FiledResults.doctor_id == doctor_id, FiledResults.patient_id == patient_id
    )
    with reading() as session:
        rows, sealed = session.scalars(query).all(), session.scalar(kept)
    return _newest(_open(sealed, doctor_id, patient_id), rows)


def remember(session: Session, doctor_id: int, patient_id: int, rows: Iterable[OutboxEntry]) -> None:
    """Keep calculator, words and date of the delivered ones of `rows`, the newest of each calculator alone.

    In the caller's write transaction, which holds this patient's rows of the outbox.
    """
    delivered = [row for row in rows if row.status == "delivered" and row.kind != "appointment"]
    if not delivered:
        return
    memory = session.get(FiledResults, (doctor_id, patient_id), with_for_update=True)
    if memory is None:
        memory = FiledResults(doctor_id=doctor_id, patient_id=patient_id)
        session.add(memory)
    kept = _newest(_open(memory.sealed, doctor_id, patient_id), delivered)
    values = {id: {"at": last.at.isoformat(), "words": last.words} for id, last in kept.items()}
    memory.sealed = keyring().seal(json.dumps(values).encode(), _bound(doctor_id, patient_id))


def _newest(kept: dict[str, LastFiled], rows: Iterable[OutboxEntry]) -> dict[str, LastFiled]:
    newest = dict(kept)
    for entry in map(opened, rows):
        id, known = entry.facts.calculator, newest.get(entry.facts.calculator)
        if id and (known is None or known.at <= entry.updated_at):
            newest[id] = LastFiled(entry.updated_at, entry.facts.words)
    return newest


def _open(sealed: bytes | None, doctor_id: int, patient_id: int) -> dict[str, LastFiled]:
    """What no key opens any more is nothing."""
    if sealed is None:
        return {}
    try:
        values = json.loads(keyring().open(sealed, _bound(doctor_id, patient_id)))
    except SealedError:
        return {}
    return {id: LastFiled(datetime.fromisoformat(one["at"]), one["words"]) for id, one in values.items()}


def _bound(doctor_id: int, patient_id: int) -> str:
    return _CONTEXT.format(doctor_id=doctor_id, patient_id=patient_id)
