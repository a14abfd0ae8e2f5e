"""What booking, notes and reports need to know of a doctor: read at connect and daily, never in a launch."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from plugin.crypto import SealedError
from plugin.drchrono.clock import moment
from plugin.drchrono.errors import (
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from plugin.extensions import keyring, writing
from plugin.models import Connection

if TYPE_CHECKING:
    from plugin.drchrono.client import Client
    from plugin.drchrono.connections import ConnectionInfo

DUE_AFTER = timedelta(hours=24)
PARTS: Mapping[str, tuple[str, ...]] = {
    "doctor": ("first_name", "last_name", "suffix", "timezone"),
    "offices": ("offices",),
    "note_fields": ("note_fields",),
}
"""What one call each tells, and the fields of Profile it fills."""


@dataclass(frozen=True)
class Office:
    """A place where visits can be booked."""

    id: int
    name: str
    exam_rooms: tuple[tuple[int, str], ...]
    """(index, name) of each room; booking wants the index."""


@dataclass(frozen=True)
class NoteField:
    """A field of the doctor's clinical notes that takes free text."""

    id: int
    name: str


@dataclass(frozen=True)
class Profile:
    """A doctor's name, time zone, offices and note fields."""

    first_name: str
    last_name: str
    suffix: str
    timezone: str
    """IANA name; "" when DrChrono has none."""
    offices: tuple[Office, ...]
    note_fields: tuple[NoteField, ...]

    refused: tuple[str, ...] = ()
    """Of PARTS: what DrChrono does not show to whoever connected, a staff member perhaps."""
    unread: tuple[str, ...] = ()
    """Of PARTS: what it could not tell at the last try; asked again soon."""

    @property
    def zone(self) -> tzinfo:
        """The doctor's time zone; UTC when it is empty or unknown here."""
        try:
            return ZoneInfo(self.timezone) if self.timezone else UTC
        except (KeyError, ValueError, OSError):
            return UTC


def read_profile(client: Client, doctor_id: int) -> Profile:
    """Ask DrChrono for the doctor, the offices and the note fields: three calls, each for itself.

    What one of them does not give is empty, and named in `refused` or `unread`. Raises DrChronoError when
    none of them could be read now, and when there is no connection to read with.
    """
    calls: dict[str, Callable[[], dict[str, Any]]] = {
        "doctor": lambda: _name_and_zone(client, doctor_id),
        "offices": lambda: _offices(client, doctor_id),
        "note_fields": lambda: _note_fields(client, doctor_id),
    }
    found: dict[str, Any] = {"offices": (), "note_fields": (), **dict.fromkeys(PARTS["doctor"], "")}
    refused, unread = [], {}
    for part, call in calls.items():
        try:
            found |= call()
        except (ForbiddenError, NotFoundError, RefusedError):
            refused.append(part)
        except (UnavailableError, RateLimitedError) as error:
            unread[part] = error
    if len(unread) == len(calls):
        raise unread["doctor"]
    return Profile(**found, refused=tuple(refused), unread=tuple(unread))


def save_profile(doctor_id: int, profile: Profile) -> None:
    """Store `profile`, sealed, with the time; nothing happens when the doctor is not connected any more.

    What it lacks stays as it was known before. With something unread it counts as not read yet.
    """
    with writing() as session:
        row = session.get(Connection, doctor_id, with_for_update=True)
        if row is None:
            return
        whole = _completed(profile, _known(row))
        row.profile = keyring().seal(json.dumps(asdict(whole)).encode(), _context(doctor_id))
        if not profile.unread:
            row.profile_read_at = moment(session)


def _known(row: Connection) -> Profile | None:
    try:
        return None if row.profile is None else open_profile(row.doctor_id, row.profile)
    except SealedError:
        return None


def _completed(profile: Profile, known: Profile | None) -> Profile:
    lacking = profile.refused + profile.unread
    if known is None:
        return profile
    return replace(profile, **{name: getattr(known, name) for part in lacking for name in PARTS[part]})


def profile_is_due(info: ConnectionInfo, now: datetime) -> bool:
    """True when the profile was never read as a whole, or a day ago."""
    return info.profile_read_at is None or now - info.profile_read_at >= DUE_AFTER


def open_profile(doctor_id: int, sealed: bytes) -> Profile:
    """The stored profile; SealedError when no key opens it."""
    values = json.loads(keyring().open(sealed, _context(doctor_id)))
    offices = tuple(
        Office(office["id"], office["name"], tuple((index, name) for index, name in office["exam_rooms"]))
        for office in values.pop("offices")
    )
    note_fields = tuple(NoteField(**field) for field in values.pop("note_fields"))
    refused, unread = (tuple(values.pop(name, ())) for name in ("refused", "unread"))
    return Profile(**values, offices=offices, note_fields=note_fields, refused=refused, unread=unread)


def _context(doctor_id: int) -> str:
    return f"connection {doctor_id} profile"


def _name_and_zone(client: Client, doctor_id: int) -> dict[str, Any]:
    doctor = client.get(f"doctors/{doctor_id}")
    return {name: _text(doctor.get(name)) for name in PARTS["doctor"]}


def _offices(client: Client, doctor_id: int) -> dict[str, Any]:
    offices = client.all("offices", {"doctor": doctor_id, "page_size": 250})
    return {"offices": tuple(_office(office) for office in offices if _is_usable(office))}


def _note_fields(client: Client, doctor_id: int) -> dict[str, Any]:
    fields = client.all("clinical_note_field_types", {"doctor": doctor_id, "page_size": 250})
    return {"note_fields": tuple(_note_field(field) for field in fields if _takes_text(field))}


def _office(office: dict[str, Any]) -> Office:
    rooms = office.get("exam_rooms")
    if isinstance(rooms, str):  # DrChrono sends the list as JSON text at times
        try:
            rooms = json.loads(rooms)
        except ValueError:
            rooms = []
    listed = rooms if isinstance(rooms, list) else []
    found = [room for room in listed if isinstance(room, dict) and _is_id(room.get("index"))]
    return Office(
        id=int(office["id"]),
        name=_text(office.get("name")),
        exam_rooms=tuple((int(room["index"]), _text(room.get("name"))) for room in found),
    )


def _is_usable(record: dict[str, Any]) -> bool:
    return not record.get("archived") and _is_id(record.get("id"))


def _takes_text(field: dict[str, Any]) -> bool:
    # A String field with allowed values is a choice list: DrChrono takes nothing else there.
    return _is_usable(field) and field.get("data_type") == "String" and not field.get("allowed_values")


def _note_field(field: dict[str, Any]) -> NoteField:
    return NoteField(id=int(field["id"]), name=_text(field.get("name")))


def _is_id(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool) and value >= 0) or (
        isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value) is not None
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
