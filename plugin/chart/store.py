"""The chart of a patient: from the snapshot while it is fresh enough, else from DrChrono."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from sqlalchemy import delete

from plugin.chart import rows
from plugin.chart.ages import Horizon
from plugin.chart.codec import Facts
from plugin.chart.facts import RESOURCES, Chart
from plugin.chart.horizon import horizon_of, ttl
from plugin.chart.outage import patience
from plugin.chart.renewal import PatientDeniedError, StillReadingError, renewed
from plugin.chart.rows import Stored
from plugin.chart.words import OTHER_IS_READING, gaps_of, trouble_of
from plugin.config import settings
from plugin.drchrono.deadline import Deadline
from plugin.extensions import writing
from plugin.models import Delivery, Snapshot

__all__ = [
    "ChartView",
    "PatientDeniedError",
    "erase_doctor",
    "mark_changed",
    "open_chart",
    "purge",
    "refresh_chart",
    "stored_chart",
]

REFRESH_EVERY = dt.timedelta(seconds=30)
"""At most one upstream read per patient in this time, the launch's own included (docs/INTERFACE.md)."""
_DELIVERIES_KEPT = dt.timedelta(days=3)
"""DrChrono repeats a delivery for eleven hours at most."""


@dataclass(frozen=True)
class ChartView:
    """A chart, how old it is, and what is wrong with it."""

    chart: Chart
    as_of: dt.datetime | None
    """The oldest read of its resources; None when nothing was ever read."""
    trouble: str
    """Empty when the chart is current; else in words what could not be read, and why."""


def open_chart(doctor_id: int, patient_id: int, *, deadline: Deadline) -> ChartView:
    """The chart, read from DrChrono only as far as the snapshot is too old.

    Raises PatientDeniedError, NotConnectedError, ConnectionBrokenError; any other failure of DrChrono leaves
    the snapshot, or an empty chart, with the trouble in words. A deadline that lies far ahead is not waited
    for while DrChrono seems to be down and there is a snapshot (plugin.chart.outage).
    """
    stored = rows.load(doctor_id, patient_id)
    if not stored.ages.due(rows.host_now(), ttl(), Horizon()):
        rows.note_opening(doctor_id, patient_id, stored)
        return _view_of(stored, Horizon())
    if _due(doctor_id, stored):
        deadline = patience(deadline, stored.ages)
        return _after_reading(doctor_id, patient_id, deadline, is_refresh=False)
    rows.note_opening(doctor_id, patient_id, stored)
    return _view(doctor_id, stored)


def refresh_chart(doctor_id: int, patient_id: int, *, deadline: Deadline) -> ChartView:
    """The chart with everything read anew, unless that was tried less than 30 s ago. Raises as open_chart."""
    stored = rows.load(doctor_id, patient_id)
    is_recent = stored.tried_at is not None and rows.host_now() - stored.tried_at < REFRESH_EVERY
    if is_recent and not stored.is_leased:
        return _view(doctor_id, stored)
    return _after_reading(doctor_id, patient_id, deadline, is_refresh=True)


def stored_chart(doctor_id: int, patient_id: int) -> Chart:
    """The snapshot without asking DrChrono, empty when there is none.

    Raises NotConnectedError, ConnectionBrokenError.
    """
    return _chart(rows.load(doctor_id, patient_id), Horizon())


def mark_changed(doctor_id: int | None, patient_id: int, resources: tuple[str, ...]) -> int:
    """The patient's `resources` have changed: the next opening reads them anew; the number of snapshots.

    A read that is under way now counts as too old as well. `doctor_id` None: every doctor's snapshot.
    """
    with writing() as session:
        return rows.mark_rows(session, doctor_id, patient_id, resources)


def erase_doctor(doctor_id: int) -> None:
    """Forget every snapshot of a doctor who disconnects."""
    rows.erase(doctor_id)


def purge(now: dt.datetime) -> int:
    """Erase snapshots unopened for RETENTION_DAYS, and old delivery ids; the number of snapshots erased."""
    with writing() as session:
        unopened = Snapshot.opened_at <= now - dt.timedelta(days=settings().retention_days)
        erased = session.scalars(delete(Snapshot).where(unopened).returning(Snapshot.patient_id)).all()
        session.execute(delete(Delivery).where(Delivery.received_at < now - _DELIVERIES_KEPT))
    return len(erased)


def _after_reading(doctor_id: int, patient_id: int, deadline: Deadline, *, is_refresh: bool) -> ChartView:
    wanted = (lambda _: RESOURCES) if is_refresh else partial(_due, doctor_id)
    recently = REFRESH_EVERY if is_refresh else None
    try:
        stored = renewed(doctor_id, patient_id, deadline, wanted, unless_tried_within=recently)
    except StillReadingError:
        return _view(doctor_id, rows.load(doctor_id, patient_id), OTHER_IS_READING)
    return _view(doctor_id, stored)


def _due(doctor_id: int, stored: Stored) -> tuple[str, ...]:
    """What must be read again; the horizon is only looked up where age alone would decide."""
    now = rows.host_now()
    due = stored.ages.due(now, ttl(), Horizon())
    if all(stored.ages.must_reread(name) for name in due):
        return due
    return stored.ages.due(now, ttl(), horizon_of(doctor_id))


def _view(doctor_id: int, stored: Stored, trouble: str = "") -> ChartView:
    is_past_ttl = stored.ages.due(rows.host_now(), ttl(), Horizon())
    return _view_of(stored, horizon_of(doctor_id) if is_past_ttl else Horizon(), trouble)


def _view_of(stored: Stored, horizon: Horizon, trouble: str = "") -> ChartView:
    chart = _chart(stored, horizon)
    as_of = min(chart.read_at.values(), default=None)
    return ChartView(chart, as_of, trouble or trouble_of(stored.ages))


def _chart(stored: Stored, horizon: Horizon) -> Chart:
    """The chart; the same one for as long as neither facts nor ages change, with all that was asked of it."""
    facts: Facts = stored.facts
    known = {name: stored.ages.known_at(name, horizon) for name in RESOURCES}
    read_at = {name: at for name, at in known.items() if at is not None}
    gaps = gaps_of(stored.ages)
    key = (*read_at.items(), *gaps.items())
    chart = facts.charts.get(key)
    if chart is None:
        chart = Chart(
            patient=facts.patient,
            observations=facts.vitals + facts.labs,
            problems=facts.problems,
            medications=facts.medications,
            visits=facts.visits,
            uncoded=facts.uncoded,
            unnamed=facts.unnamed,
            read_at=read_at,
            gaps=gaps,
        )
        facts.charts.clear()
        facts.charts[key] = chart
    return chart
