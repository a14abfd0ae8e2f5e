"""A result becomes one line of the note: below what the doctor typed, once, or not at all with the reason."""

from __future__ import annotations

import datetime as dt
import threading
from datetime import timedelta

import pytest

from plugin.drchrono.connections import set_note_field
from plugin.drchrono.profile import NoteField
from plugin.writeback.notes import nearest_visit
from tests.sandbox_client import DOCTOR

SETTLED = timedelta(seconds=31)
VALUES = "/api/clinical_note_field_values"


@pytest.fixture
def visit(app, panel):
    """A visit with the note field chosen; the panel is opened from its note."""
    today = panel.sandbox.today()
    record = next(
        row
        for row in panel.sandbox.records("appointments", doctor=DOCTOR)
        if row["patient"] and row["scheduled_time"].startswith(today) and row["id"].isdecimal()
        if row["status"] not in ("Cancelled", "No Show") and not row["clinical_note"]["locked"]
    )
    panel.patient_id, chosen = record["patient"], record["id"]
    fields = [
        row
        for row in panel.sandbox.records("field_types")
        if row["data_type"] == "String" and not row["archived"]
    ]
    panel.field = next(row["id"] for row in fields if row["doctor"] == DOCTOR)
    with app.app_context():
        set_note_field(DOCTOR, panel.field)
    for row in panel.sandbox.records("field_values", appointment=int(chosen)):
        panel.sandbox.remove("field_values", row["id"])
    panel.open(page="clinical-note", appointment_id=chosen)
    return chosen


def text(panel, visit):
    return panel.sandbox.note_values(visit).get(panel.field, "")


def test_the_result_is_one_line_of_the_note(panel, visit):
    answer = panel.file("note")
    assert (answer.status_code, answer.json["status"]) == (201, "delivered")
    assert text(panel, visit).startswith("FIB-4 index: 2.26 (Indeterminate). ")
    assert "\n" not in text(panel, visit)


def test_what_the_doctor_typed_is_kept(panel, visit):
    panel.sandbox.add(
        "field_values",
        doctor=DOCTOR,
        appointment=int(visit),
        clinical_note_field=panel.field,
        value="Feels well.\n",
    )
    panel.file("note")
    first, second = text(panel, visit).splitlines()
    assert first == "Feels well."
    assert second.startswith("FIB-4 index")


def test_two_results_are_two_lines(panel, visit):
    panel.file("note")
    panel.file("note")
    assert len(text(panel, visit).splitlines()) == 2


@pytest.mark.parametrize(
    "fault", [{"kind": "hang", "accepted": True}, {"kind": "reset_after"}, {"kind": "reset_before"}]
)
def test_an_unconfirmed_line_is_looked_for_first(panel, visit, worker, fault):
    panel.file("note")  # an equal line is there already and must not be taken for this one
    panel.sandbox.fault(method="PATCH", path=VALUES, count=1, **fault)
    answer = panel.file("note")
    assert answer.status_code == 202
    worker.work(SETTLED)
    assert panel.state(answer.json["id"]).json["status"] == "delivered"
    assert len(text(panel, visit).splitlines()) == 2


def test_lines_of_two_tabs_are_both_there(app, panel, visit, worker):
    def file(ast):
        with app.test_client() as tab:
            answers.append(tab.post("/panel/write-backs", data=form(ast), headers=panel.headers).status_code)

    def form(ast):
        ids = {"40": "00000000-0000-4000-8000-000000000040", "41": "00000000-0000-4000-8000-000000000041"}
        asked = {"kind": "note", "calculator": "fib-4", "request_id": ids[ast]}
        return {**asked, "age": "61", "ast": ast, "alt": "36", "platelets": "180"}

    answers = []
    panel.sandbox.fault("latency", path=VALUES, ms=60)
    tabs = [threading.Thread(target=file, args=(ast,)) for ast in ("40", "41")]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    worker.work(timedelta(seconds=15))
    assert len(text(panel, visit).splitlines()) == 2


def test_a_line_waits_for_one_that_may_still_arrive(panel, visit, worker):
    panel.sandbox.fault("hang", method="POST", path=VALUES, count=1)
    panel.file("note")
    assert panel.file("note", ast="41").status_code == 202
    assert worker.work(timedelta(seconds=15)) == 0
    for _ in range(3):
        worker.work(SETTLED)
    assert len(text(panel, visit).splitlines()) == 2


@pytest.mark.parametrize("locked_status", [403, 400])
def test_a_locked_note_says_to_copy(panel, visit, locked_status):
    panel.sandbox.options(locked_status=locked_status)
    panel.sandbox.change("appointments", visit, clinical_note={"locked": True})
    answer = panel.file("note")
    assert (answer.status_code, answer.json["status"]) == (422, "failed")
    assert "opy" in answer.json["detail"]
    assert text(panel, visit) == ""


def test_several_fields_and_none_chosen_says_where_to_choose(app, panel, visit):
    with app.app_context():
        set_note_field(DOCTOR, None)
    answer = panel.file("note")
    assert answer.status_code == 422
    assert "Settings" in answer.json["detail"]


def test_without_a_visit_today_nothing_is_written(panel, visit):
    today = panel.sandbox.today()
    for row in panel.sandbox.appointments(panel.patient_id):
        if row["scheduled_time"].startswith(today):
            panel.sandbox.change("appointments", row["id"], status="Cancelled")
    panel.open()
    answer = panel.file("note")
    assert answer.status_code == 422
    assert "no visit today" in answer.json["detail"]


def test_while_drchrono_is_away_nobody_says_that_there_is_no_visit(panel, visit):
    panel.patient_id = panel.sandbox.patient("cancelled_today")
    panel.open()
    panel.sandbox.fault("status", path="/api/appointments", status=500)
    answer = panel.file("note")
    assert answer.status_code == 422
    assert "did not say whether" in answer.json["detail"]


def test_the_visit_of_today_takes_the_line_where_the_launch_names_none(panel, visit):
    made = panel.sandbox.add(
        "appointments",
        doctor=DOCTOR,
        patient=panel.patient_id,
        scheduled_time=f"{panel.sandbox.today()}T12:00:00",
    )
    others = [row for row in panel.sandbox.visits_today(panel.patient_id) if row["id"] != made["id"]]
    for row in others:
        panel.sandbox.change("appointments", row["id"], status="No Show")
    panel.open()
    assert panel.file("note").status_code == 201
    assert text(panel, made["id"]).startswith("FIB-4 index")


def test_a_line_cannot_be_taken_back(panel, visit):
    id = panel.file("note").json["id"]
    assert panel.undo(id).status_code == 409
    assert text(panel, visit) != ""


def test_a_line_still_waiting_can_be_cancelled(panel, visit, worker):
    panel.sandbox.fault("status", method="GET", path=VALUES, status=429, retry_after="60", count=1)
    id = panel.file("note").json["id"]
    assert panel.undo(id).json["status"] == "undone"
    worker.work(timedelta(minutes=2))
    assert text(panel, visit) == ""


def test_the_nearest_of_todays_visits_is_meant():
    now = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
    day = dt.datetime(2026, 11, 22)
    visits = [
        (day.replace(hour=8), "8"),
        (day.replace(hour=11), "11"),
        (day.replace(day=23, hour=0), "tomorrow"),
    ]
    assert nearest_visit(visits, now) == "11"
    assert nearest_visit(visits[2:], now) is None


def test_one_field_needs_no_choice(app, panel, visit):
    from dataclasses import replace

    from plugin.drchrono.connections import find_connection
    from plugin.writeback.notes import field_of

    with app.app_context():
        connection = find_connection(DOCTOR)
    profile = replace(connection.profile, note_fields=(NoteField(7, "Plan"),))
    assert field_of(replace(connection, note_field=None, profile=profile)) == 7
