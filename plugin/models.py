"""Every table, grouped by the room that fills it. Times are aware UTC; whatever is health data is sealed.

A sealed column says in `info["sealed"]` what its value is bound to (a pattern over its own row), so that key
rotation finds it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Index,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from plugin.extensions import db


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases; SQLite keeps no zone of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Naive values are refused: they have no meaning here."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# --- connections: filled by plugin/onboarding and plugin/drchrono -------------------------------------


class Connection(db.Model):  # type: ignore[name-defined, misc]  # Flask-SQLAlchemy makes Model at run time
    """A doctor who connected Chartside, and the tokens that reach DrChrono in that doctor's name."""

    __tablename__ = "connections"

    doctor_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    generation: Mapped[str] = mapped_column(String(32))
    """Random, new when a disconnected doctor connects again; panel sessions are bound to it."""
    status: Mapped[str] = mapped_column(String(16))
    """`connected`, `broken` (must reconnect) or `disconnecting` (ended here, DrChrono not told yet)."""
    user_id: Mapped[int] = mapped_column(BigInteger)
    """The DrChrono user who connected: the doctor, or a staff member of that doctor."""
    is_staff: Mapped[bool]
    practice_group: Mapped[int | None] = mapped_column(BigInteger)
    scope: Mapped[str] = mapped_column(Text)
    tokens: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "connection {doctor_id} tokens"})
    """Sealed JSON `{"access_token", "refresh_token"}`."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the access token ends."""
    connected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    refreshed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last refresh that succeeded; null until the first."""
    broken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    broken_reason: Mapped[str | None] = mapped_column(Text)
    """In words for a doctor; set with broken_at, both null while the connection works."""
    disconnected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set while DrChrono has not yet been told; the row goes when it has, or after 24 h."""
    note_field: Mapped[int | None] = mapped_column(BigInteger)
    """The clinical note field that results are appended to, when the doctor chose one."""
    profile: Mapped[bytes | None] = mapped_column(
        LargeBinary, info={"sealed": "connection {doctor_id} profile"}
    )
    """Sealed JSON of plugin.drchrono.profile.Profile; null until first read."""
    profile_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    """Who refreshes the token now; null when nobody does."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the lease may be taken over; null with lease_owner."""


# --- budget: filled by plugin/drchrono ----------------------------------------------------------------


class Budget(db.Model):  # type: ignore[name-defined, misc]
    """What all processes together have spent of the calls DrChrono allows: one row, changed under its lock."""

    __tablename__ = "budget"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Always 1."""
    ledger: Mapped[str] = mapped_column(Text)
    """JSON of plugin.drchrono.ledger.Ledger: counts and times; no health data."""


# --- snapshots and webhooks: filled by plugin/chart and plugin/webhooks --------------------------------


class Snapshot(db.Model):  # type: ignore[name-defined, misc]
    """The facts of one patient as one doctor may see them, and who reads them anew at this moment."""

    __tablename__ = "snapshots"
    __table_args__ = (
        Index("ix_snapshots_patient_id", "patient_id"),
        Index("ix_snapshots_opened_at", "opened_at"),
    )

    doctor_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    patient_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info={"sealed": "snapshot:{doctor_id}:{patient_id}"}
    )
    """Sealed JSON of plugin.chart.codec.Facts; null until the first read has ended."""
    reads: Mapped[str] = mapped_column(Text)
    """JSON of plugin.chart.ages: for each resource when it was read and what went wrong; no health data."""
    changes: Mapped[str] = mapped_column(Text)
    """JSON, resource -> how many changes DrChrono has announced since the row was made."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The last opening, to within minutes; retention counts from here."""
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last read from DrChrono began, whatever became of it."""
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    """Who reads this patient now; null when nobody does."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the lease of a dead owner is over; null with lease_owner."""


class PooledRead(db.Model):  # type: ignore[name-defined, misc]
    """How far list calls with `since` have told a doctor's changes, so that many snapshots count as read."""

    __tablename__ = "pooled_reads"

    doctor_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    resource: Mapped[str] = mapped_column(String(16), primary_key=True)
    covered_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """All changes from here on to covered_until are in the snapshots; null before the first pooled read."""
    covered_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pages: Mapped[int | None]
    """Pages of the whole list when it was last tried for all patients; null when never tried."""
    pages_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When `pages` was found out."""
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delivery(db.Model):  # type: ignore[name-defined, misc]
    """A webhook delivery that was accepted: its id alone, so that the same one does nothing twice."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("ix_webhook_deliveries_received_at", "received_at"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    """DrChrono's delivery id; one of our own for a delivery without."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The newest tells whether webhooks are arriving."""


# --- outbox: filled by plugin/writeback ----------------------------------------------------------------


class OutboxEntry(db.Model):  # type: ignore[name-defined, misc]
    """One promise to put something into a chart, kept before anything is sent; plugin/writeback keeps it."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("doctor_id", "patient_id", "request_id", name="uq_outbox_request"),
        Index("ix_outbox_due_at", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """A UUID of our own; also in the document's metatag."""
    doctor_id: Mapped[int] = mapped_column(BigInteger)
    patient_id: Mapped[int] = mapped_column(BigInteger)
    request_id: Mapped[str] = mapped_column(String(36))
    """The browser's UUID; the same one again is the same write-back."""
    kind: Mapped[str] = mapped_column(String(16))
    """`document`, `note` or `appointment`."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Keyed hash of what was asked for; another body under the same request_id is refused by it."""
    status: Mapped[str] = mapped_column(String(16))
    """`queued`, `delivered`, `failed` or `undone`."""
    facts: Mapped[bytes] = mapped_column(
        LargeBinary, info={"sealed": "outbox {id} facts {doctor_id} {patient_id}"}
    )
    """Sealed JSON: the calculator, what was filed in words, and the reason or detail shown to the doctor."""
    payload: Mapped[bytes | None] = mapped_column(
        LargeBinary, info={"sealed": "outbox {id} payload {doctor_id} {patient_id}"}
    )
    """Sealed JSON of what is to be sent; null as soon as nothing has to be sent any more."""
    attempts: Mapped[int]
    """Tries begun, whatever became of them."""
    sends: Mapped[int]
    """Requests that DrChrono has, or may have, accepted. Above 0 while queued: look before sending again."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last moment at which such a request may still have been under way; null with sends 0."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the worker looks at this row next; null when nothing is left to do."""
    hold_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Not before this, whoever asks: settling time or DrChrono's Retry-After; else null."""
    looks_left: Mapped[int]
    """Later looks for a document that came late, still to do once the row is no longer queued."""
    awaits_file: Mapped[bool]
    """DrChrono had the document but was still processing its file when last asked."""
    remote_id: Mapped[str | None] = mapped_column(String(40))
    """DrChrono's id of the document or appointment; null until known."""
    claim_owner: Mapped[str | None] = mapped_column(String(32))
    """Who works on this row now; null when nobody does."""
    claim_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the claim of a dead owner is over; null with claim_owner."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The last change of status; "last filed" for a delivered one."""


class FiledResults(db.Model):  # type: ignore[name-defined, misc]
    """What was filed last of each calculator for one patient, once the outbox has forgotten how."""

    __tablename__ = "filed_results"

    doctor_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    patient_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "filed:{doctor_id}:{patient_id}"})
    """Sealed JSON: calculator -> `at` and `words`, nothing else; erased when the doctor disconnects."""


# --- audit: filled by plugin/audit.py ------------------------------------------------------------------


class AuditEntry(db.Model):  # type: ignore[name-defined, misc]
    """One view, write-back, booking, connect or disconnect. Appended, never changed."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_doctor_id_at", "doctor_id", "at"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(db.Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    doctor_id: Mapped[int | None] = mapped_column(BigInteger)
    """The doctor of the launch; DrChrono does not say which staff member looked. Null before sign-in."""
    patient_id: Mapped[int | None] = mapped_column(BigInteger)
    """Null where no patient is concerned."""
    action: Mapped[str] = mapped_column(String(40))
    """What was done: `view`, `write-back`, `booking`, `connect`, `disconnect`, …"""
    outcome: Mapped[str] = mapped_column(String(80))
    """`ok`, or a short reason; never a name or a value."""
    reference: Mapped[str] = mapped_column(String(40))
    """The reference id that the page and the log show."""


class AuditBatch(db.Model):  # type: ignore[name-defined, misc]
    """A link of the chain over the audit entries: changing or removing one breaks every later digest."""

    __tablename__ = "audit_batches"

    last_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The last entry it covers; the first is the one after the previous batch's last."""
    entries: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the previous digest and the entries covered, in order."""
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attempt(db.Model):  # type: ignore[name-defined, misc]
    """How often one address was refused lately; filled by plugin/abuse.py."""

    __tablename__ = "attempts"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    """`launch` or `oauth`."""
    address: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of the address, not the address."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Beginning of the window that `count` belongs to."""
    count: Mapped[int]


class Mark(db.Model):  # type: ignore[name-defined, misc]
    """When something last happened, such as `worker` (its heartbeat)."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
