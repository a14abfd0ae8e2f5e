"""From a doctor's click to an outbox row, and one try to deliver it while the doctor waits."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from plugin.calculators import Answer
from plugin.chart.facts import Chart
from plugin.chart.store import open_chart, stored_chart
from plugin.config import settings
from plugin.drchrono.budget import Need
from plugin.drchrono.client import Client
from plugin.drchrono.connections import ConnectionInfo
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import DrChronoError
from plugin.launch import Launch
from plugin.writeback.claims import claim
from plugin.writeback.delivery import work_on
from plugin.writeback.documents import document_payload
from plugin.writeback.entry import Entry, Facts
from plugin.writeback.lines import note_line, result_words
from plugin.writeback.notes import NoTargetError, field_of, note_payload, visit_in, visit_now
from plugin.writeback.outbox import Request, find_entry, find_request, promise
from plugin.writeback.provenance import given_values
from plugin.writeback.report import Person, Report, render
from plugin.writeback.timing import timing

_POLL_SECONDS = 0.05
_CHART_SHARE = 0.7
"""Of the page's time for reading who the patient is, where that was never read; the document can wait, the name not."""


@dataclass(frozen=True)
class Filing:
    """One click: who, where, and the computed answer that is to be filed."""

    launch: Launch
    connection: ConnectionInfo
    kind: Literal["document", "note"]
    answer: Answer
    posted: Mapping[str, object]
    """The form, for the units in which values were typed."""
    request_id: str

    @property
    def fingerprint(self) -> str:
        """Keyed hash of kind, calculator and values: small numbers must not be guessable from it."""
        return fingerprint_of([self.kind, self.answer.calculator.id, self.answer.values])

    @property
    def now(self) -> dt.datetime:
        """In the doctor's time zone."""
        return dt.datetime.now(self.connection.profile.zone if self.connection.profile else dt.UTC)


def file_result(filing: Filing, *, deadline: Deadline) -> tuple[Entry, bool]:
    """Promise, then try once before `deadline`: the entry as it is then, and whether this request made it.

    NoTargetError when there is no visit or no field for a note line; nothing is promised then.
    """
    launch = filing.launch
    known = find_request(launch.doctor_id, launch.patient_id, filing.request_id)
    if known is not None:
        return known, False
    chart = _chart_of(launch, deadline)
    target = _note_target(filing, chart, deadline) if filing.kind == "note" else None
    request = Request(launch.doctor_id, launch.patient_id, filing.request_id, filing.kind, filing.fingerprint)
    facts = Facts(filing.answer.calculator.id, result_words(filing.answer))
    payload = _note(filing, chart, *target) if target else _document(filing, chart)
    entry, is_new = promise(request, facts, payload)
    return (deliver_now(entry, deadline), True) if is_new else (entry, False)


def deliver_now(entry: Entry, deadline: Deadline) -> Entry:
    """One try while somebody waits; another line for the same patient is let pass first."""
    while (held := claim(entry.id)) is None:
        if deadline.is_past or entry.kind != "note":
            return find_entry(entry.id) or entry
        time.sleep(min(_POLL_SECONDS, deadline.left()))
    return work_on(held, deadline)


def page_deadline() -> Deadline:
    """How long a page waits for a delivery."""
    return Deadline.after(min(timing().request_seconds, settings().upstream_timeout_seconds))


def fingerprint_of(asked: object) -> str:
    """Keyed hash of anything JSON can hold."""
    text = json.dumps(asked, sort_keys=True).encode()
    return hmac.new(settings().secret_key.encode(), b"chartside outbox" + text, hashlib.sha256).hexdigest()


def _chart_of(launch: Launch, deadline: Deadline) -> Chart:
    """The panel's snapshot; where it does not even name the patient, DrChrono is asked once more."""
    chart = stored_chart(launch.doctor_id, launch.patient_id)
    if chart.patient is not None:
        return chart
    try:
        return open_chart(
            launch.doctor_id, launch.patient_id, deadline=deadline.sooner(deadline.left() * _CHART_SHARE)
        ).chart
    except DrChronoError:
        return chart


def _note_target(filing: Filing, chart: Chart, deadline: Deadline) -> tuple[str, int]:
    field = field_of(filing.connection)
    visit = filing.launch.appointment_id or _visit_of_today(filing, chart, deadline)
    if visit is None:
        raise NoTargetError(
            "This patient has no visit today, so there is no note to add to. Copy the result as text instead."
        )
    return visit, field


def _visit_of_today(filing: Filing, chart: Chart, deadline: Deadline) -> str | None:
    """As DrChrono has it now, since visits are moved and cancelled; while it is away, as the chart was read."""
    client = Client(filing.launch.doctor_id, need=Need.WRITE, deadline=deadline)
    try:
        return visit_now(client, filing.launch, filing.now)
    except DrChronoError as error:
        visit = visit_in(chart, filing.now)
        if visit is None:  # nobody can say that there is none
            raise NoTargetError(
                "DrChrono did not say whether this patient has a visit today, so there is no note to add to yet. "
                "Try again in a minute, or copy the result as text instead."
            ) from error
        return visit


def _note(filing: Filing, chart: Chart, visit: str, field: int) -> dict[str, Any]:
    today = filing.now.date()
    given = given_values(filing.answer, filing.posted, chart, today)
    return note_payload(line=note_line(filing.answer, given, today), appointment=visit, field=field)


def _document(filing: Filing, chart: Chart) -> dict[str, Any]:
    launch, answer, patient = filing.launch, filing.answer, chart.patient
    profile = filing.connection.profile
    now = filing.now
    doctor = f"{profile.first_name} {profile.last_name}, {profile.suffix}".strip(" ,") if profile else ""
    report = Report(
        answer=answer,
        given=given_values(answer, filing.posted, chart, now.date()),
        patient=Person(patient.name if patient else "", f"Patient {launch.patient_id}"),
        birth_date=patient.birth_date if patient else None,
        doctor=Person(doctor, f"Doctor {launch.doctor_id}"),
        made_at=now,
    )
    return document_payload(
        calculator=answer.calculator.id,
        description=f"{answer.calculator.title}: {result_words(answer)}"[:255],
        date=now.date().isoformat(),
        pdf=render(report),
    )
