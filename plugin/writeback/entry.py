"""An outbox row as a value: what was promised, how far it is, and what is still to be sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from plugin.crypto import SealedError
from plugin.extensions import keyring
from plugin.models import OutboxEntry

Kind = Literal["document", "note", "appointment"]
Status = Literal["queued", "delivered", "failed", "undone"]
FACTS_CONTEXT: str = OutboxEntry.__table__.c.facts.info["sealed"]
PAYLOAD_CONTEXT: str = OutboxEntry.__table__.c.payload.info["sealed"]
TAG = "chartside:"


@dataclass(frozen=True)
class Facts:
    """What the panel shows of an entry; stays after the payload is gone."""

    calculator: str
    """Calculator id; empty for a booking of none."""
    words: str
    """What was filed, in a line: `2.46 (Indeterminate)`."""
    detail: str = ""
    """Present state in words: why it waits or failed."""


@dataclass(frozen=True)
class Entry:
    """An outbox row, opened. `plugin.models.OutboxEntry` says what each field means."""

    id: str
    doctor_id: int
    patient_id: int
    request_id: str
    kind: Kind
    fingerprint: str
    status: Status
    facts: Facts
    payload: Mapping[str, Any]
    """Empty when nothing has to be sent any more, or no configured key opens it."""
    attempts: int
    sends: int
    sent_at: datetime | None
    due_at: datetime | None
    hold_until: datetime | None
    looks_left: int
    awaits_file: bool
    remote_id: str | None
    claim_owner: str | None
    claim_until: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def tag(self) -> str:
        """The metatag that this entry's document carries, and no other document."""
        return f"{TAG}{self.id}"

    def is_claimed_at(self, now: datetime) -> bool:
        """True while somebody alive works on it, as far as anybody knows."""
        return self.claim_until is not None and self.claim_until > now


def opened(row: OutboxEntry) -> Entry:
    """`row` as a value; what no key opens any more reads as empty."""
    sealed = {"facts", "payload", "kind", "status"}
    plain = {name: getattr(row, name) for name in Entry.__dataclass_fields__ if name not in sealed}
    return Entry(
        **plain,
        kind=row.kind,  # type: ignore[arg-type]  # only this room writes it
        status=row.status,  # type: ignore[arg-type]
        facts=Facts(**(_open(row, row.facts, FACTS_CONTEXT) or {"calculator": "", "words": ""})),
        payload=_open(row, row.payload, PAYLOAD_CONTEXT),
    )


def put_facts(row: OutboxEntry, facts: Facts) -> None:
    """Seal `facts` into `row`; id, doctor and patient must be set."""
    row.facts = _seal(row, vars(facts), FACTS_CONTEXT)


def put_payload(row: OutboxEntry, payload: Mapping[str, Any]) -> None:
    """Seal `payload` into `row`; an empty one is stored as null."""
    row.payload = _seal(row, payload, PAYLOAD_CONTEXT) if payload else None


def _seal(row: OutboxEntry, value: Mapping[str, Any], context: str) -> bytes:
    return keyring().seal(json.dumps(dict(value)).encode(), _bound(row, context))


def _open(row: OutboxEntry, sealed: bytes | None, context: str) -> dict[str, Any]:
    if sealed is None:
        return {}
    try:
        values: dict[str, Any] = json.loads(keyring().open(sealed, _bound(row, context)))
    except SealedError:
        return {}
    return values


def _bound(row: OutboxEntry, context: str) -> str:
    return context.format(id=row.id, doctor_id=row.doctor_id, patient_id=row.patient_id)
