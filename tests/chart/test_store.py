"""The snapshot: how many calls an opening costs, and what it shows when DrChrono does not answer."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask

from plugin.chart.facts import RESOURCES
from plugin.chart.store import (
    ChartView,
    PatientDeniedError,
    erase_doctor,
    mark_changed,
    purge,
    refresh_chart,
    stored_chart,
)
from plugin.drchrono.connections import mark_disconnecting
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import ConnectionBrokenError, NotConnectedError
from plugin.extensions import keyring, reading, writing
from plugin.models import Snapshot
from plugin.webhooks.deliveries import accept
from sandbox.seed.patient_record import PRIVATE_MARKS
from tests.chart.conftest import BOTH, Charts, LaterClock
from tests.sandbox_client import DOCTOR, OTHER_DOCTOR

FIVE = sorted(f"/api/{path}" for path in ("appointments", "medications", "patient_lab_results", "problems"))


def _row() -> Snapshot:
    with reading() as session:
        return session.query(Snapshot).one()


@BOTH
def test_a_cold_opening_costs_five_calls(charts: Charts) -> None:
    view = charts.open("prevent_example")
    assert sorted(charts.calls()) == sorted(
        [*FIVE, f"/api/patients/{charts.sandbox.patient('prevent_example')}"]
    )
    assert (view.trouble, set(view.chart.read_at)) == ("", set(RESOURCES))


@BOTH
def test_a_warm_opening_costs_none_and_says_the_same(charts: Charts) -> None:
    cold = charts.open("complex_patient")
    charts.calls()
    warm = charts.open("complex_patient")
    assert charts.calls() == []
    assert (warm.chart, warm.as_of) == (cold.chart, cold.as_of)


def test_more_pages_are_read_only_where_there_are_more(charts: Charts) -> None:
    charts.open("many_visits")
    assert charts.calls().count("/api/appointments") == 3


def test_past_its_ttl_all_is_read_again(charts: Charts, clock: LaterClock) -> None:
    charts.open("prevent_example")
    charts.calls()
    clock.ahead = 3601
    charts.open("prevent_example")
    assert len(charts.calls()) == 5


def test_arriving_webhooks_let_all_but_labs_live_longer(charts: Charts, clock: LaterClock) -> None:
    charts.open("prevent_example")
    accept("a delivery", None)
    charts.calls()
    clock.ahead = 3601
    charts.open("prevent_example")
    assert charts.calls() == ["/api/patient_lab_results"]


def test_nothing_lives_longer_than_a_day(charts: Charts, clock: LaterClock) -> None:
    charts.open("prevent_example")
    clock.ahead = 24 * 3600 - 60
    accept("a delivery", None)
    charts.calls()
    clock.ahead = 24 * 3600 + 1
    charts.open("prevent_example")
    assert len(charts.calls()) == 5


@BOTH
def test_a_change_makes_the_next_opening_read_that_anew(charts: Charts) -> None:
    charts.open("prevent_example")
    charts.calls()
    mark_changed(None, charts.sandbox.patient("prevent_example"), ("problems",))
    charts.open("prevent_example")
    assert charts.calls() == ["/api/problems"]
    charts.open("prevent_example")
    assert charts.calls() == []


@BOTH
def test_a_change_in_the_middle_of_a_fetch_leaves_it_stale(charts: Charts, app: Flask) -> None:
    patient = charts.sandbox.patient("prevent_example")
    charts.sandbox.fault("latency", path="/api/problems", ms=1500, count=1)
    opening = threading.Thread(target=_in_context(app, lambda: charts.open("prevent_example")))
    opening.start()
    _until(lambda: any(path == "/api/medications" for path in _paths(charts)))
    mark_changed(None, patient, ("problems",))
    opening.join()
    charts.calls()
    charts.open("prevent_example")
    assert charts.calls() == ["/api/problems"]


def test_a_resource_that_fails_leaves_the_others(charts: Charts) -> None:
    charts.sandbox.fault("status", path="/api/patient_lab_results", status=502)
    view = charts.open("prevent_example")
    assert "Lab results could not be read now" in view.trouble
    assert list(view.chart.gaps) == ["labs"]
    assert view.chart.patient is not None
    assert view.chart.problems


@pytest.mark.parametrize(
    "body", [{"x": 1}, {"id": 5002, "first_name": "Another", "date_of_birth": "1950-01-01"}]
)
def test_the_record_of_another_patient_is_not_believed(charts: Charts, body: dict[str, object]) -> None:
    charts.sandbox.fault("wrong_shape", path="/api/patients/", body=body)
    view = charts.open("prevent_example")
    assert view.chart.patient is None
    assert "Name and birth date could not be read now" in view.trouble


def test_what_was_read_before_stays_when_a_read_fails(charts: Charts, clock: LaterClock) -> None:
    before = charts.open("prevent_example")
    clock.ahead = 3601
    charts.sandbox.fault("status", path="/api/", status=500)
    view = charts.open("prevent_example", seconds=2)
    assert (view.chart.observations, view.as_of) == (before.chart.observations, before.as_of)
    assert view.trouble.startswith("The chart could not be read now; shown as read before.")


def test_without_a_snapshot_an_outage_leaves_an_empty_chart(charts: Charts) -> None:
    charts.sandbox.fault("status", path="/api/", status=503)
    view = charts.open("prevent_example", seconds=1.5)
    assert (view.chart.patient, view.chart.observations, view.as_of) == (None, (), None)
    assert set(view.chart.gaps) == set(RESOURCES)
    assert view.trouble.startswith("The chart could not be read now. ")


def test_after_a_failure_only_that_is_asked_again(charts: Charts) -> None:
    fault = charts.sandbox.fault("status", path="/api/problems", status=404)
    charts.open("prevent_example")
    charts.sandbox.clear_faults(fault)
    charts.calls()
    assert charts.open("prevent_example").trouble == ""
    assert charts.calls() == ["/api/problems"]


def test_an_answer_behind_the_deadline_is_kept(charts: Charts) -> None:
    charts.sandbox.fault("latency", path="/api/patient_lab_results", ms=4500, count=1)
    late = charts.open("prevent_example", seconds=3)
    assert list(late.chart.gaps) == ["labs"]
    _until(lambda: _stored_labs(charts) > 0)
    charts.calls()
    assert charts.open("prevent_example").trouble == ""
    assert charts.calls() == []


@BOTH
def test_two_openings_at_once_make_one_fetch(charts: Charts, app: Flask) -> None:
    charts.sandbox.fault("latency", path="/api/", ms=300)
    views: list[ChartView] = []
    both = [
        threading.Thread(target=_in_context(app, lambda: views.append(charts.open("complex_patient"))))
        for _ in range(4)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(charts.calls()) == 5
    assert [view.trouble for view in views] == [""] * 4
    assert len({len(view.chart.observations) for view in views}) == 1


def test_who_waits_for_another_fetch_keeps_the_own_deadline(charts: Charts, app: Flask) -> None:
    charts.sandbox.fault("latency", path="/api/", ms=2000)
    first = threading.Thread(target=_in_context(app, lambda: charts.open("complex_patient")))
    first.start()
    _until(lambda: bool(_rows()))
    view = charts.open("complex_patient", seconds=0.3)
    assert view.trouble == "Another window is still reading this chart. Refresh in a moment."
    first.join()


@BOTH
def test_the_lease_of_a_killed_reader_runs_out(charts: Charts) -> None:
    charts.open("prevent_example")
    mark_changed(DOCTOR, charts.sandbox.patient("prevent_example"), ("labs",))
    with writing() as session:
        row = session.query(Snapshot).one()
        row.lease_owner = "killed"
        row.lease_until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=0.6)
    charts.calls()
    assert charts.open("prevent_example").trouble == ""
    assert charts.calls() == ["/api/patient_lab_results"]


def test_refresh_reads_everything_but_not_within_30_seconds(charts: Charts, clock: LaterClock) -> None:
    patient = charts.sandbox.patient("prevent_example")
    charts.open("prevent_example")
    charts.calls()
    refresh_chart(DOCTOR, patient, deadline=Deadline.after(5))
    assert charts.calls() == []
    clock.ahead = 31
    refresh_chart(DOCTOR, patient, deadline=Deadline.after(5))
    assert len(charts.calls()) == 5


def test_refresh_in_an_outage_says_why(charts: Charts, clock: LaterClock) -> None:
    charts.open("prevent_example")
    clock.ahead = 31
    charts.sandbox.fault("status", path="/api/", status=502)
    view = refresh_chart(DOCTOR, charts.sandbox.patient("prevent_example"), deadline=Deadline.after(2))
    assert view.chart.patient is not None
    assert "could not be read now" in view.trouble


@pytest.mark.parametrize("status", [403, 404])
def test_a_denied_patient_leaves_no_snapshot(charts: Charts, clock: LaterClock, status: int) -> None:
    charts.open("prevent_example")
    clock.ahead = 3601
    charts.sandbox.fault("status", path="/api/patients/", status=status)
    with pytest.raises(PatientDeniedError):
        charts.open("prevent_example")
    assert _rows() == []


def test_a_doctor_who_is_not_connected_sees_nothing(charts: Charts) -> None:
    charts.open("prevent_example")
    mark_disconnecting(DOCTOR)
    with pytest.raises(NotConnectedError):
        charts.open("prevent_example")
    with pytest.raises(NotConnectedError):
        stored_chart(DOCTOR, charts.sandbox.patient("prevent_example"))


def test_a_connection_that_breaks_while_reading_is_told(charts: Charts) -> None:
    charts.sandbox.deauthorize(DOCTOR)
    with pytest.raises(ConnectionBrokenError):
        charts.open("prevent_example")
    assert _rows() == []


def test_the_stored_chart_asks_nobody(charts: Charts) -> None:
    patient = charts.sandbox.patient("prevent_example")
    assert stored_chart(DOCTOR, patient).patient is None
    opened = charts.open("prevent_example")
    charts.calls()
    assert stored_chart(DOCTOR, patient) == opened.chart
    assert charts.calls() == []


def test_nothing_private_is_stored(charts: Charts) -> None:
    charts.open("complex_patient")
    row = _row()
    assert row.sealed is not None
    plain = keyring().open(row.sealed, f"snapshot:{DOCTOR}:{row.patient_id}").decode()
    assert not [mark for mark in PRIVATE_MARKS if mark in plain + row.reads]
    assert "Conrad" in plain


def test_the_database_holds_no_readable_fact(charts: Charts) -> None:
    charts.open("complex_patient")
    row = _row()
    everything = repr([row.sealed, row.reads, row.changes])
    assert not [word for word in ("Conrad", "Complex", "1959", "I48", "Losartan") if word in everything]


def test_a_snapshot_opens_in_its_own_row_alone(charts: Charts) -> None:
    charts.open("prevent_example")
    charts.open("complex_patient")
    with writing() as session:
        one, other = session.query(Snapshot).order_by(Snapshot.patient_id).all()
        one.sealed, one.reads = other.sealed, other.reads
    chart = stored_chart(DOCTOR, charts.sandbox.patient("prevent_example"))
    assert chart.patient is None


@BOTH
def test_purge_erases_what_was_not_opened(charts: Charts) -> None:
    charts.open("prevent_example")
    now = dt.datetime.now(dt.UTC)
    assert purge(now + dt.timedelta(hours=23)) == 0
    assert purge(now + dt.timedelta(hours=25)) == 1
    assert _rows() == []


def test_unopened_snapshots_are_not_shown_though_nobody_purged(charts: Charts, clock: LaterClock) -> None:
    charts.open("prevent_example")
    clock.ahead = 25 * 3600
    charts.sandbox.fault("status", path="/api/", status=502)
    assert charts.open("prevent_example", seconds=1).chart.patient is None


def test_disconnecting_erases_that_doctor_alone(charts: Charts) -> None:
    charts.open("prevent_example")
    with writing() as session:
        session.add(_copy_for(OTHER_DOCTOR))
    erase_doctor(DOCTOR)
    assert [row.doctor_id for row in _rows()] == [OTHER_DOCTOR]


def test_what_was_erased_during_a_fetch_stays_erased(charts: Charts, app: Flask) -> None:
    charts.sandbox.fault("latency", path="/api/problems", ms=800)
    opening = threading.Thread(target=_in_context(app, lambda: charts.open("prevent_example")))
    opening.start()
    _until(lambda: bool(_rows()))
    erase_doctor(DOCTOR)
    opening.join()
    assert _rows() == []


def test_a_warm_opening_notes_its_time_seldom(charts: Charts, clock: LaterClock) -> None:
    charts.open("prevent_example")
    first = _row().opened_at
    charts.open("prevent_example")
    assert _row().opened_at == first
    clock.ahead = 301
    charts.open("prevent_example")
    assert _row().opened_at > first


def _rows() -> list[Snapshot]:
    with reading() as session:
        return session.query(Snapshot).all()


def _copy_for(doctor_id: int) -> Snapshot:
    row = _row()
    return Snapshot(
        doctor_id=doctor_id, patient_id=row.patient_id, reads="{}", changes="{}", opened_at=row.opened_at
    )


def _stored_labs(charts: Charts) -> int:
    chart = stored_chart(DOCTOR, charts.sandbox.patient("prevent_example"))
    return sum(item.source == "labs" for item in chart.observations)


def _paths(charts: Charts) -> list[str]:
    return [str(call["path"]) for call in charts.sandbox.calls("/api/")]


def _in_context(app: Flask, act: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            act()

    return run


def _until(holds: Callable[[], bool], seconds: float = 8) -> None:
    """Wait for what another thread or process brings about."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)
