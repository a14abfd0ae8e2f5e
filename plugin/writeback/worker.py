"""The worker's work: deliver what is due, look later where asked, purge, finish disconnects, show a heartbeat."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import plugin.abuse
import plugin.chart.store
import plugin.disconnect
from plugin import audit
from plugin.drchrono.clock import moment
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.upkeep import reread_due_profiles
from plugin.extensions import writing
from plugin.logs import log
from plugin.models import Mark
from plugin.writeback.claims import claim
from plugin.writeback.delivery import work_on
from plugin.writeback.outbox import due_ids, undelivered_ids
from plugin.writeback.retention import purge
from plugin.writeback.timing import timing

HEARTBEAT = "worker"
BEAT_SECONDS = 10.0


def run(stop: threading.Event) -> None:
    """Work until `stop` is set; the row in hand is finished first. A database that is away for a while is outlived."""
    next_beat = next_chores = 0.0
    while not stop.is_set():
        done, now = 0, time.monotonic()
        try:
            if now >= next_beat:
                beat()
                next_beat = now + BEAT_SECONDS
            done = work_once(stop)
            if now >= next_chores:
                do_chores()
                next_chores = now + timing().chores_every.total_seconds()
        except Exception:
            log("worker-round-failed", level=logging.ERROR, exc_info=True)
        if not done:
            stop.wait(timing().poll_seconds)


def work_once(stop: threading.Event | None = None) -> int:
    """Work on everything due now; how many rows were taken."""
    return _work_on_all(due_ids(), stop)


def drain() -> int:
    """Try everything undelivered once, back-off or not; how many rows were taken."""
    return _work_on_all(undelivered_ids(), None)


def do_chores() -> None:
    """Purges, the audit's seal, unfinished disconnects, and the daily look at doctors' offices and note fields."""
    now = datetime.now(UTC)
    run_all(
        lambda: audit.seal(now),
        lambda: plugin.chart.store.purge(now),
        lambda: purge(now),
        lambda: plugin.abuse.purge_attempts(now),
        plugin.disconnect.finish_disconnects,
        reread_due_profiles,
    )


def run_all(*chores: Callable[[], object]) -> None:
    """Run each; one that fails is logged and does not keep the others from running."""
    for chore in chores:
        try:
            chore()
        except Exception:
            log("chore-failed", level=logging.ERROR, exc_info=True)


def beat() -> None:
    """Note that a worker lives."""
    with writing() as session:
        session.merge(Mark(name=HEARTBEAT, at=moment(session)))


def _work_on_all(ids: Iterable[str], stop: threading.Event | None) -> int:
    taken = 0
    for id in ids:
        if stop is not None and stop.is_set():
            break
        held = claim(id)
        if held is not None:
            work_on(held, Deadline.after(timing().delivery_seconds))
            taken += 1
    return taken
