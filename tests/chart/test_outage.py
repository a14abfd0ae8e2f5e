"""While DrChrono seems to be down, nobody with a snapshot waits for it; and it is found well again at once."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from plugin.chart import rows
from plugin.chart.outage import note_results, patience
from plugin.chart.store import refresh_chart
from plugin.chart.words import trouble_of
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import NotFoundError, RateLimitedError, UnavailableError
from tests.chart.conftest import Charts, LaterClock
from tests.chart.test_store import _until
from tests.sandbox_client import DOCTOR

SLOW = 1500
"""Milliseconds: more than an opening waits during an outage, much less than LONG."""
LONG = 20.0


class Forward(LaterClock):
    """A clock whose pace-setter goes along."""

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


@pytest.fixture
def outage(app: Flask, charts: Charts) -> Forward:
    """A snapshot that is too old, and DrChrono silent when it was last asked; now it is merely slow."""
    app.extensions["chartside-clock"] = clock = Forward()
    charts.open("prevent_example")
    clock.ahead = 3601
    fault = charts.sandbox.fault("status", path="/api/", status=503)
    assert "shown as read before" in charts.open("prevent_example").trouble
    charts.sandbox.clear_faults(fault)
    charts.sandbox.fault("latency", path="/api/", ms=SLOW)
    charts.calls()
    return clock


def test_an_opening_shows_the_snapshot_and_asks_behind_it(charts: Charts, outage: Forward) -> None:
    view = charts.open("prevent_example", seconds=LONG)
    assert view.chart.patient is not None
    assert view.trouble.startswith(
        "The chart could not be read now; shown as read before. DrChrono could not"
    )
    _until(lambda: _trouble(charts) == "")
    assert len(charts.calls()) == 5


def test_an_opening_without_a_snapshot_waits(charts: Charts, outage: Forward) -> None:
    assert charts.open("complex_patient", seconds=LONG).trouble == ""


def test_an_opening_whose_snapshot_has_a_gap_waits(charts: Charts, outage: Forward) -> None:
    outage.ahead = 0
    charts.sandbox.clear_faults()
    charts.sandbox.fault("status", path="/api/problems", status=503)
    assert list(charts.open("complex_patient").chart.gaps) == ["problems"]
    charts.sandbox.clear_faults()
    charts.sandbox.fault("latency", path="/api/", ms=SLOW)
    note_results([UnavailableError()], began=outage.monotonic())
    assert charts.open("complex_patient", seconds=LONG).trouble == ""


def test_a_refresh_waits(charts: Charts, outage: Forward) -> None:
    outage.ahead += 31
    note_results([UnavailableError()], began=outage.monotonic())
    patient = charts.sandbox.patient("prevent_example")
    assert refresh_chart(DOCTOR, patient, deadline=Deadline.after(LONG)).trouble == ""


def test_one_answer_for_anybody_ends_it(charts: Charts, outage: Forward) -> None:
    charts.open("complex_patient", seconds=LONG)
    assert charts.open("prevent_example", seconds=LONG).trouble == ""


def test_a_late_answer_ends_it(charts: Charts, outage: Forward) -> None:
    assert charts.open("prevent_example", seconds=LONG).trouble
    _until(lambda: _trouble(charts) == "")
    outage.ahead += 3601
    assert charts.open("prevent_example", seconds=LONG).trouble == ""


def test_it_is_forgotten_after_a_while(charts: Charts, outage: Forward) -> None:
    outage.ahead += 16
    assert charts.open("prevent_example", seconds=LONG).trouble == ""


def test_an_answer_that_came_meanwhile_outweighs_a_silence(charts: Charts, outage: Forward) -> None:
    began = outage.monotonic()
    note_results([NotFoundError()], began=began)
    note_results([UnavailableError()], began=began)
    assert charts.open("prevent_example", seconds=LONG).trouble == ""


@pytest.mark.parametrize(
    ("results", "waits"),
    [
        ([UnavailableError()], False),
        ([UnavailableError(), NotFoundError()], True),
        ([UnavailableError(), RateLimitedError()], False),
        ([RateLimitedError()], True),
    ],
)
def test_a_refusal_is_an_answer_and_an_empty_budget_says_nothing(
    charts: Charts, results: list[UnavailableError], waits: bool
) -> None:
    charts.open("prevent_example")
    deadline = Deadline.after(LONG)
    ages = _stored(charts).ages
    note_results(results, began=time.monotonic())
    assert (patience(deadline, ages) == deadline) is waits


def _stored(charts: Charts) -> rows.Stored:
    return rows.load(DOCTOR, charts.sandbox.patient("prevent_example"))


def _trouble(charts: Charts) -> str:
    """As the next opening would say, if it read nothing."""
    return trouble_of(_stored(charts).ages)
