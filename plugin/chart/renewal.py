"""Reading a patient from DrChrono, once for all who want it now.

1. Whoever takes the row's lease reads what is due, all calls at once; others wait, each within its own
   deadline. A lease ends soon after the deadline of its holder, so that a killed one blocks nobody for long.
2. What came is saved; what failed leaves the earlier facts with the reason.
3. A call that ends behind the deadline still saves what it brought.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from functools import partial

from plugin.chart import rows
from plugin.chart.outage import note_results
from plugin.chart.pooled import pooled_calls
from plugin.chart.reads import Read, read_resource
from plugin.chart.rows import Lease, Stored
from plugin.drchrono.client import Client, in_parallel
from plugin.drchrono.clock import clock
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import (
    ConnectionBrokenError,
    DrChronoError,
    ForbiddenError,
    NotConnectedError,
    NotFoundError,
)

LATE_SECONDS = 5.0
"""How long calls may go on behind a page's deadline, so that the next opening finds their answer."""
_LEASE_MARGIN = 1.5
_POLL_SECONDS = 0.025

Wanted = Callable[[Stored], tuple[str, ...]]


class PatientDeniedError(Exception):
    """DrChrono does not show this patient to this doctor; no snapshot is kept."""


class StillReadingError(Exception):
    """Somebody else reads this patient, and did not finish before the deadline."""


def renewed(
    doctor_id: int,
    patient_id: int,
    deadline: Deadline,
    wanted: Wanted,
    *,
    unless_tried_within: dt.timedelta | None = None,
) -> Stored:
    """The snapshot after this or another caller has read what `wanted` names.

    Raises PatientDeniedError, StillReadingError, NotConnectedError, ConnectionBrokenError.
    """
    while True:
        taken = rows.take_lease(
            doctor_id,
            patient_id,
            seconds=deadline.left() + _LEASE_MARGIN,
            unless_tried_within=unless_tried_within,
        )
        if isinstance(taken, Lease):
            return _read(taken, deadline, wanted(taken.stored))
        if not taken.is_leased:
            return taken
        if _wait(doctor_id, patient_id, deadline) == "free":
            stored = rows.load(doctor_id, patient_id)
            if stored.tried_at is not None:  # else it was erased, and has to be asked for again
                return stored


def _wait(doctor_id: int, patient_id: int, deadline: Deadline) -> str:
    """Wait for the other's lease to end; StillReadingError at the deadline."""
    while (state := rows.lease_state(doctor_id, patient_id)) == "held":
        if deadline.is_past:
            raise StillReadingError
        time.sleep(min(_POLL_SECONDS, deadline.left()))
    return state


def _read(lease: Lease, deadline: Deadline, due: tuple[str, ...]) -> Stored:
    if not due:
        rows.release(lease)
        return lease.stored
    began = clock().monotonic()
    try:
        results = _asked(lease, deadline, due)
        _raise_fatal(results)
    except BaseException:
        rows.release(lease)
        raise
    note_results(results.values(), began=began)
    denied = results.get("patient")
    if isinstance(denied, ForbiddenError | NotFoundError):
        rows.erase(lease.doctor_id, lease.patient_id)
        raise PatientDeniedError from denied
    reads = {name: result for name, result in results.items() if isinstance(result, Read)}
    failures = {name: result.words for name, result in results.items() if isinstance(result, DrChronoError)}
    saved = rows.save(lease, reads, failures)
    return saved if saved is not None else rows.load(lease.doctor_id, lease.patient_id)


def _asked(lease: Lease, deadline: Deadline, due: tuple[str, ...]) -> Mapping[str, Read | DrChronoError]:
    client = Client(lease.doctor_id, deadline=Deadline(deadline.at + LATE_SECONDS))
    calls: dict[str, Callable[[], Read]] = {
        name: partial(read_resource, client, name, lease.patient_id, lease.started) for name in due
    }
    calls |= pooled_calls(client, lease, due)
    return in_parallel(calls, deadline, on_late=partial(_keep_late, lease))


def _keep_late(lease: Lease, name: str, read: Read) -> None:
    note_results([read], began=clock().monotonic())
    rows.save(lease, {name: read}, {})


def _raise_fatal(results: Mapping[str, Read | DrChronoError]) -> None:
    for result in results.values():
        if isinstance(result, NotConnectedError | ConnectionBrokenError):
            raise result
