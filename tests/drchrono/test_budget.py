"""The shared budget under real processes, on both databases."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from plugin.drchrono.budget import Need, budget_left, note_throttled, reserve
from plugin.drchrono.clock import Clock
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import RateLimitedError
from plugin.drchrono.ledger import Ledger
from plugin.extensions import reading, writing
from plugin.models import Budget
from tests.drchrono.conftest import BOTH, run_together

BURST = 9


@pytest.fixture
def settings(settings):
    return {**settings, "DRCHRONO_BURST_LIMIT": str(BURST), "DRCHRONO_HOURLY_LIMIT": "500"}


def busiest_second(starts):
    starts = sorted(starts)
    return max(sum(1 for start in starts if first <= start < first + 1) for first in starts)


def flat(results):
    return [start for process in results for thread in process for start in thread]


def reserving(start, **options):
    return start("reserves", **{"doctor": 1, "need": "WRITE", "times": 1, "seconds": 30, **options})


@BOTH
def test_four_processes_never_start_more_than_the_limit_in_a_second(start):
    workers = [reserving(start, threads=8, doctor=doctor) for doctor in range(4)]
    starts = flat(run_together(workers))
    assert (len(starts), busiest_second(starts)) == (32, BURST)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_hosts_whose_clocks_differ_share_one_limit(start):
    workers = [reserving(start, threads=8, times=2, skew=skew) for skew in (-300.0, 45.0)]
    starts = flat(run_together(workers))
    assert (len(starts), busiest_second(starts)) == (32, BURST)


@BOTH
def test_a_killed_process_does_not_hold_the_others_up(app, start):
    victim = reserving(start, threads=8, times=50, need="PANEL")
    assert victim.line() == "ready"
    victim.go()
    while budget_left() == 500:
        time.sleep(0.01)
    victim.kill()
    other = reserving(start, threads=3)
    assert len(flat(run_together([other]))) == 3


@BOTH
def test_the_hour_is_never_overspent_by_many_processes(settings, start):
    settings.update(DRCHRONO_HOURLY_LIMIT="40", DRCHRONO_BURST_LIMIT="500")
    before = datetime.now(UTC).hour
    workers = [reserving(start, threads=5, times=4, need="PANEL", seconds=2) for _ in range(3)]
    starts = flat(run_together(workers))
    assert len(starts) == 36 or datetime.now(UTC).hour != before


@BOTH
def test_the_budget_left_counts_what_was_reserved(app):
    for _ in range(3):
        reserve(1, Need.PANEL, Deadline.after(5))
    assert budget_left() == 497


@BOTH
def test_a_full_budget_is_left_before_the_first_call(app):
    assert budget_left() == 500


@BOTH
def test_a_spent_budget_says_when_to_try_again(app):
    note_throttled(None)
    with pytest.raises(RateLimitedError) as caught:
        reserve(1, Need.WRITE, Deadline.after(0.5))
    assert caught.value.retry_at == top_of_next_hour()


def top_of_next_hour():
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


@BOTH
def test_a_throttled_process_silences_the_others(app, start):
    worker = reserving(start, seconds=1)
    note_throttled(600)
    assert (run_together([worker]), budget_left()) == ([[[]]], 0)


@BOTH
def test_a_short_silence_is_waited_out(app):
    note_throttled(0.3)
    silent_until = time.monotonic() + 0.25
    reserve(1, Need.PANEL, Deadline.after(5))
    assert time.monotonic() >= silent_until


def test_a_row_that_was_lost_is_made_again(app):
    with writing() as session:
        session.execute(delete(Budget))
    reserve(1, Need.PANEL, Deadline.after(5))
    assert budget_left() == 499


class Dozing(Clock):
    """The first reservation takes long to be written down."""

    late_by = 0.3

    def now(self, session):
        moment = super().now(session)
        time.sleep(self.late_by)
        self.late_by = 0.0
        return moment


def test_a_call_that_would_leave_too_late_takes_a_new_start(app):
    app.extensions["chartside-clock"] = Dozing()
    reserve(1, Need.PANEL, Deadline.after(5))
    assert (ring_length(), budget_left()) == (2, 499)


def ring_length():
    with reading() as session:
        return len(Ledger.from_json(session.scalar(select(Budget.ledger))).ring)
