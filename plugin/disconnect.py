"""Ending a doctor's connection: here at once, at DrChrono as soon as it answers.

1. `begin_disconnect` ends the sessions and panels, and erases what was stored of the charts, write-backs
   that were not delivered and what is remembered of the others included.
2. `finish_disconnect` tells DrChrono: the frame goes, the tokens are revoked, then the row is deleted.
   Until that succeeds the tokens stay, encrypted, and the worker tries again (`finish_disconnects`).
3. After 24 hours the row is deleted whatever DrChrono said.

The doctor may connect again in between. Then the row is `connected` again: it is not touched any more, and
a frame that was removed too late is put back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from plugin import audit
from plugin.chart import store
from plugin.config import settings
from plugin.drchrono.budget import Need, reserve
from plugin.drchrono.client import Client
from plugin.drchrono.connections import (
    ConnectionInfo,
    find_connection,
    list_connections,
    mark_disconnecting,
    tokens_of,
)
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import (
    ConnectionBrokenError,
    DrChronoError,
    ForbiddenError,
    NotConnectedError,
    NotFoundError,
    RefusedError,
)
from plugin.drchrono.oauth import revoke
from plugin.extensions import writing
from plugin.logs import log
from plugin.models import Connection, FiledResults, OutboxEntry

LONGEST = timedelta(hours=24)
FRAME = "iframe_integration"


def disconnect(doctor_id: int, *, deadline: Deadline) -> bool:
    """End the connection here, and try once to tell DrChrono; True when it has been told."""
    begin_disconnect(doctor_id)
    return finish_disconnect(doctor_id, deadline=deadline)


def begin_disconnect(doctor_id: int) -> bool:
    """End sessions and erase health data, without asking DrChrono; False when there is nothing to end."""
    info = find_connection(doctor_id)
    if info is None or not mark_disconnecting(doctor_id):
        return False
    _erase(doctor_id)
    if info.status != "disconnecting":
        audit.record("disconnect", doctor_id=doctor_id)
    return True


def finish_disconnects() -> int:
    """Try every disconnect that is under way, for the worker; the number that came to an end."""
    ending = [info.doctor_id for info in list_connections() if info.status == "disconnecting"]
    seconds = settings().upstream_timeout_seconds
    return sum(finish_disconnect(doctor_id, deadline=Deadline.after(seconds)) for doctor_id in ending)


def finish_disconnect(doctor_id: int, *, deadline: Deadline) -> bool:
    """Tell DrChrono and forget the tokens; True when nothing of the old connection is left to end.

    Never raises for DrChrono's failures: it is tried again later, for 24 hours.
    """
    info = find_connection(doctor_id)
    if info is None or info.status != "disconnecting":
        return True
    try:
        _remove_frame(info, deadline)
        _revoke(info, deadline)
    except DrChronoError as error:
        log("disconnect-not-told", doctor=doctor_id, error=type(error).__name__)
        if not _is_overdue(info):
            return False
    _forget(info)
    return True


def _erase(doctor_id: int) -> None:
    store.erase_doctor(doctor_id)
    with writing() as session:
        _erase_filings(session, doctor_id)


def _erase_filings(session: Session, doctor_id: int) -> None:
    """The outbox first: a purge at this moment moves words from it to the other table."""
    session.execute(delete(OutboxEntry).where(OutboxEntry.doctor_id == doctor_id))
    session.execute(delete(FiledResults).where(FiledResults.doctor_id == doctor_id))


def _remove_frame(info: ConnectionInfo, deadline: Deadline) -> None:
    client = Client(info.doctor_id, need=Need.WRITE, deadline=deadline, ending=True)
    try:
        client.delete(FRAME)
    except (ConnectionBrokenError, ForbiddenError, NotFoundError, RefusedError) as error:
        # The access is dead already, or there is no frame any more: nothing is left to remove.
        log("no-frame-to-remove", doctor=info.doctor_id, error=type(error).__name__)
    except NotConnectedError:  # another process has finished meanwhile
        return
    _put_back_if_reconnected(info.doctor_id, deadline)


def _put_back_if_reconnected(doctor_id: int, deadline: Deadline) -> None:
    """The doctor connected again while the frame was being removed: it has to be there."""
    info = find_connection(doctor_id)
    if info is None or info.status != "connected":
        return
    try:
        Client(doctor_id, need=Need.WRITE, deadline=deadline).create(FRAME)
    except RefusedError:  # it is there already
        return


def _revoke(info: ConnectionInfo, deadline: Deadline) -> None:
    """End the tokens at DrChrono, unless they belong to a newer connection by now."""
    tokens, present = tokens_of(info.doctor_id), find_connection(info.doctor_id)
    if tokens is None or present is None or present.status != "disconnecting":
        return
    reserve(info.doctor_id, Need.WRITE, deadline)
    revoke(tokens.refresh_token, deadline=deadline)


def _is_overdue(info: ConnectionInfo) -> bool:
    return info.disconnected_at is None or datetime.now(UTC) - info.disconnected_at >= LONGEST


def _forget(info: ConnectionInfo) -> None:
    """Delete the row, unless the doctor has connected again."""
    store.erase_doctor(info.doctor_id)  # again: a page that was opening during the disconnect may have stored
    with writing() as session:
        row = session.get(Connection, info.doctor_id, with_for_update=True)
        if row is not None and row.status == "disconnecting" and row.generation == info.generation:
            _erase_filings(session, info.doctor_id)
            session.delete(row)
