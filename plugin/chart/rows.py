"""The snapshot rows: reading, leasing, saving, marking, erasing. Short transactions, no call to DrChrono."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from plugin.chart.ages import Ages, dump_ages, load_ages
from plugin.chart.codec import Facts, decode, encode
from plugin.chart.memory import forget, recall, remember
from plugin.chart.reads import Change, Read
from plugin.chart.statements import LOAD, change_row, locked_row, made_row
from plugin.config import settings
from plugin.crypto import SealedError
from plugin.drchrono.clock import as_datetime, clock, moment
from plugin.drchrono.errors import ConnectionBrokenError, NotConnectedError
from plugin.extensions import db, keyring, reading, writing
from plugin.models import PooledRead, Snapshot

OPENED_SLACK = dt.timedelta(minutes=5)
"""An opening is written down only when the last one noted is older: a warm panel writes nothing."""


@dataclass(frozen=True)
class Stored:
    """A snapshot as it was when read; an empty one when there is none, or none that opens."""

    facts: Facts
    ages: Ages
    tried_at: dt.datetime | None = None
    opened_at: dt.datetime | None = None
    is_leased: bool = False


@dataclass(frozen=True)
class Lease:
    """The right to read one patient from DrChrono now."""

    doctor_id: int
    patient_id: int
    owner: str
    started: dt.datetime
    stored: Stored


NOTHING = Stored(Facts(), Ages({}, {}))


def load(doctor_id: int, patient_id: int) -> Stored:
    """The stored snapshot. Raises NotConnectedError or ConnectionBrokenError: then nothing is shown."""
    with db.engine.connect() as connection:  # the warm panel's one query: no session around it
        row = connection.execute(LOAD, {"doctor": doctor_id, "patient": patient_id}).one_or_none()
    if row is None or row.status == "disconnecting":
        raise NotConnectedError("no connection")
    if row.status != "connected":
        raise ConnectionBrokenError("marked broken")
    return NOTHING if row.reads is None else _stored(row, doctor_id, patient_id, host_now())


def take_lease(
    doctor_id: int,
    patient_id: int,
    *,
    seconds: float,
    unless_tried_within: dt.timedelta | None = None,
) -> Lease | Stored:
    """The lease, or the snapshot as it is while another holds one, or was tried so shortly before."""
    with writing() as session:
        now = moment(session)
        row = made_row(session, doctor_id, patient_id, now)
        stored = _stored(row, doctor_id, patient_id, now)
        is_recent = (
            unless_tried_within is not None
            and row.tried_at is not None
            and now - row.tried_at < unless_tried_within
        )
        if stored.is_leased or is_recent:
            return stored
        owner, until = secrets.token_hex(16), now + dt.timedelta(seconds=seconds)
        changes = {"lease_owner": owner, "lease_until": until, "tried_at": now}
        change_row(session, doctor_id, patient_id, **changes, **_begun(stored, now))
        return Lease(doctor_id, patient_id, owner, now, stored)


def begin(doctor_id: int, patient_id: int) -> Lease:
    """The start of a read that nobody waits for: as a lease, but keeping nobody else from reading."""
    with writing() as session:
        now = moment(session)
        row = made_row(session, doctor_id, patient_id, now)
        stored = _stored(row, doctor_id, patient_id, now)
        change_row(session, doctor_id, patient_id, **_begun(stored, now))
        return Lease(doctor_id, patient_id, "", now, stored)


def save(lease: Lease, reads: Mapping[str, Read], failures: Mapping[str, str]) -> Stored | None:
    """Put what was read into the row; its new state, or None when it was erased meanwhile.

    `failures`: resource -> in words why it could not be read. A read that began before the one whose facts
    are in the row changes nothing.
    """
    outcomes = {**failures, **{name: "" for name, read in reads.items() if read.is_full}}
    with writing() as session:
        row = locked_row(session, lease.doctor_id, lease.patient_id)
        if row is None:
            return None
        stored = _stored(row, lease.doctor_id, lease.patient_id, lease.started)
        facts, ages = stored.facts, stored.ages.after(lease.started, outcomes, lease.stored.ages.changes)
        for name, read in reads.items():
            if not read.is_full or ages.of[name].read_at == lease.started:
                facts = read.change(facts)
        sealed = keyring().seal(encode(facts), context_of(lease.doctor_id, lease.patient_id))
        is_mine = bool(lease.owner) and row.lease_owner == lease.owner
        released = {"lease_owner": None, "lease_until": None} if is_mine else {}
        changes = {"sealed": sealed, "reads": dump_ages(ages.of), **released}
        change_row(session, lease.doctor_id, lease.patient_id, **changes)
    return Stored(facts, ages, row.tried_at, row.opened_at)


def merge(doctor_id: int, patient_id: int, resource: str, change: Change, *, is_mine: bool) -> None:
    """Put one pooled change into a snapshot; one that is being read now (not `is_mine`) is marked changed."""
    with writing() as session:
        row = session.get(Snapshot, (doctor_id, patient_id), with_for_update=True)
        if row is None:
            return
        stored = _stored(row, doctor_id, patient_id, moment(session))
        if resource not in stored.ages.of or (stored.is_leased and not is_mine):
            row.changes = json.dumps(stored.ages.with_change((resource,)))
            return
        row.sealed = keyring().seal(encode(change(stored.facts)), context_of(doctor_id, patient_id))


def release(lease: Lease) -> None:
    """End the lease without a result; a row that never held anything goes."""
    key = (Snapshot.doctor_id == lease.doctor_id) & (Snapshot.patient_id == lease.patient_id)
    with writing() as session:
        mine = key & (Snapshot.lease_owner == lease.owner)
        session.execute(delete(Snapshot).where(mine & Snapshot.sealed.is_(None)))
        session.execute(update(Snapshot).where(mine).values(lease_owner=None, lease_until=None))


def lease_state(doctor_id: int, patient_id: int) -> Literal["free", "held", "expired"]:
    """Whether somebody reads this patient now; `expired`: somebody who died over it."""
    query = select(Snapshot.lease_owner, Snapshot.lease_until).where(
        Snapshot.doctor_id == doctor_id, Snapshot.patient_id == patient_id
    )
    with reading() as session:
        row = session.execute(query).one_or_none()
        if row is None or row.lease_owner is None or row.lease_until is None:
            return "free"
        return "held" if row.lease_until > moment(session) else "expired"


def note_opening(doctor_id: int, patient_id: int, stored: Stored) -> None:
    """Remember that the snapshot is in use, when the last note of that is minutes old."""
    if stored.opened_at is None or host_now() - stored.opened_at < OPENED_SLACK:
        return
    key = (Snapshot.doctor_id == doctor_id) & (Snapshot.patient_id == patient_id)
    with writing() as session:
        session.execute(update(Snapshot).where(key).values(opened_at=moment(session)))


def mark_rows(session: Session, doctor_id: int | None, patient_id: int, resources: Iterable[str]) -> int:
    """Count one more change for the patient's snapshots, all doctors' when `doctor_id` is None."""
    query = select(Snapshot).where(Snapshot.patient_id == patient_id).with_for_update()
    if doctor_id is not None:
        query = query.where(Snapshot.doctor_id == doctor_id)
    rows = session.scalars(query.order_by(Snapshot.doctor_id)).all()
    for row in rows:
        row.changes = json.dumps(load_ages(row.reads, row.changes).with_change(resources))
    return len(rows)


def erase(doctor_id: int, patient_id: int | None = None) -> None:
    """Forget one patient of a doctor, or all of them."""
    forget(f"snapshot:{doctor_id}:")
    with writing() as session:
        query = delete(Snapshot).where(Snapshot.doctor_id == doctor_id)
        if patient_id is not None:
            session.execute(query.where(Snapshot.patient_id == patient_id))
            return
        session.execute(query)
        session.execute(delete(PooledRead).where(PooledRead.doctor_id == doctor_id))


def _begun(stored: Stored, now: dt.datetime) -> dict[str, Any]:
    """A read begins: retention counts anew, and what is past it, or cannot be opened, is gone for good."""
    return {"opened_at": now} if stored.ages.of else {"opened_at": now, "sealed": None, "reads": "{}"}


def _stored(row: Snapshot | Any, doctor_id: int, patient_id: int, now: dt.datetime) -> Stored:
    """`row` opened. One that is past its retention, or cannot be read, counts as never read."""
    ages = load_ages(row.reads, row.changes)
    is_kept = now - row.opened_at <= dt.timedelta(days=max(1, settings().retention_days))
    facts = _opened(row.sealed, doctor_id, patient_id) if row.sealed is not None and is_kept else None
    if facts is None:
        facts, ages = Facts(), replace(ages, of={})
    is_leased = row.lease_owner is not None and row.lease_until is not None and row.lease_until > now
    return Stored(facts, ages, row.tried_at, row.opened_at, is_leased)


def _opened(sealed: bytes, doctor_id: int, patient_id: int) -> Facts | None:
    context = context_of(doctor_id, patient_id)
    facts = recall(context, sealed)
    if facts is None:
        try:
            facts = decode(keyring().open(sealed, context))
        except SealedError:
            return None  # its key was taken out of ENCRYPTION_KEYS: read it again from DrChrono
        if facts is not None:
            remember(context, sealed, facts)
    return facts


def context_of(doctor_id: int, patient_id: int) -> str:
    """What a sealed snapshot is bound to."""
    return f"snapshot:{doctor_id}:{patient_id}"


def host_now() -> dt.datetime:
    """Now, by this machine's clock: good enough for ages, which nobody else compares."""
    return as_datetime(clock().host_now())
