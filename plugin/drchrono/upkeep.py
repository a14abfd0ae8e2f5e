"""Reads each doctor's profile again once a day, so that neither a launch nor a booking ever waits for it.

A profile that cannot be read is tried again after an hour and not before; the older one serves meanwhile.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from plugin.config import settings
from plugin.drchrono.budget import Need
from plugin.drchrono.client import Client
from plugin.drchrono.connections import list_connections
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import DrChronoError
from plugin.drchrono.profile import profile_is_due, read_profile, save_profile
from plugin.extensions import reading, writing
from plugin.logs import log
from plugin.models import Mark

RETRY_AFTER = timedelta(hours=1)


def reread_profile(doctor_id: int, *, need: Need) -> bool:
    """Read the profile and store it, within the time a page may wait; False when DrChrono gives not all of it.

    What it refuses does not count: that will be the same in an hour.
    """
    deadline = Deadline.after(settings().upstream_timeout_seconds)
    try:
        profile = read_profile(Client(doctor_id, need=need, deadline=deadline), doctor_id)
    except DrChronoError as error:
        log("profile-not-read", doctor=doctor_id, error=type(error).__name__)
        return False
    save_profile(doctor_id, profile)
    if profile.refused or profile.unread:
        log("profile-in-parts", doctor=doctor_id, refused=profile.refused, unread=profile.unread)
    return not profile.unread


def reread_due_profiles(now: datetime | None = None) -> int:
    """For the worker: read what is a day old, or was never read; the number of profiles read.

    Ends at the first failure, since the next doctor would likely fare no better; three calls each, which
    give way to everything a doctor waits for.
    """
    moment, count = now or datetime.now(UTC), 0
    for info in list_connections():
        if info.status != "connected" or not profile_is_due(info, moment):
            continue
        if _has_failed_lately(info.doctor_id, moment):
            continue
        if not reread_profile(info.doctor_id, need=Need.PREFETCH):
            _note_failure(info.doctor_id, moment)
            break
        count += 1
    return count


def _has_failed_lately(doctor_id: int, moment: datetime) -> bool:
    with reading() as session:
        failed = session.get(Mark, _mark_name(doctor_id))
    return failed is not None and moment - failed.at < RETRY_AFTER


def _note_failure(doctor_id: int, moment: datetime) -> None:
    with writing() as session:
        session.merge(Mark(name=_mark_name(doctor_id), at=moment))


def _mark_name(doctor_id: int) -> str:
    return f"profile-{doctor_id}"
