"""The budget of calls that all processes share: plugin.drchrono.ledger in one database row, under its lock.

Every request to DrChrono passes `reserve` first. A transaction lasts for one decision and is over before
anybody waits; waiting happens outside, until the reserved start.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from plugin.config import settings
from plugin.drchrono.clock import as_datetime, clock
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import RateLimitedError
from plugin.drchrono.ledger import HOUR, Ask, Granted, Later, Ledger, Limits, Need
from plugin.extensions import reading, writing
from plugin.models import Budget, Connection

__all__ = ["Need", "budget_left", "note_throttled", "reserve"]

_Answer = TypeVar("_Answer")
_ROW = 1
_LATEST_START = 0.15
"""Seconds after its reserved start by which a call must leave; a later one gives its slot up."""
_JITTER = 0.03

# Built once and run without a session's bookkeeping: five of these stand between an opening and its calls.
_BUDGET = Budget.__table__
_CONNECTED = select(func.count()).where(Connection.__table__.c.status == "connected").scalar_subquery()
_FIRST_ROW = text("insert into budget (id, ledger) values (:id, :ledger) on conflict (id) do nothing")
_LOCKED = select(_BUDGET.c.ledger, _CONNECTED).where(_BUDGET.c.id == _ROW).with_for_update(of=_BUDGET)
_SOON_DURABLE = text("set local synchronous_commit = off")
_KEEP = update(_BUDGET).where(_BUDGET.c.id == _ROW).values(ledger=bindparam("changed"))

# Threads of one process queue here and not at the database: SQLite's waiters sleep in growing steps.
_queue = threading.Lock()
os.register_at_fork(after_in_child=lambda: globals().update(_queue=threading.Lock()))


def reserve(doctor_id: int | None, need: Need, deadline: Deadline) -> None:
    """Wait for the moment at which one call may start; the caller sends it at once.

    Raises RateLimitedError, with `retry_at`, when that moment is after `deadline`. `doctor_id` is None
    before a doctor is known.
    """
    ask = Ask(doctor=str(doctor_id or 0), need=need, latest=0.0)
    while True:
        answer, now, seen_at = _ask(ask, deadline)
        if isinstance(answer, Later):
            if answer.at - now > deadline.left():
                raise RateLimitedError(f"{need.name} has to wait", retry_at=as_datetime(answer.at))
            clock().sleep(answer.at - now + random.random() * _JITTER)  # noqa: S311  # no secret
            continue
        early = answer.at - now - (clock().monotonic() - seen_at)
        if early > 0:  # sleeping for nothing would still hand the processor to another thread
            clock().sleep(early)
        if clock().monotonic() - seen_at <= answer.at - now + _LATEST_START:
            return
        ask = replace(ask, is_counted=True)  # woken too late: the slot is gone, the hour has counted it
        if deadline.is_past:
            raise RateLimitedError(f"{need.name} came too late", retry_at=as_datetime(answer.at))


def budget_left() -> int:
    """Calls left in this hour for all doctors together; 0 while DrChrono wants silence."""
    limits = _limits(doctors=0)
    with reading() as session:
        stored = session.scalar(select(Budget.ledger).where(Budget.id == _ROW))
        now = clock().now(session)
    return (Ledger.from_json(stored) if stored else Ledger()).left(now, limits)


def note_throttled(retry_after: float | None) -> datetime:
    """DrChrono answered 429: no process calls for so many seconds, or until the top of the hour when None.

    Returns the end of the silence: at most an hour ahead, whatever DrChrono said.
    """

    def pause(ledger: Ledger, now: float, limits: Limits) -> float:
        until = (now // HOUR + 1) * HOUR if retry_after is None else now + retry_after
        ledger.pause(until, now, limits)
        return ledger.paused_until

    paused_until, _, _ = _decide(pause)
    return as_datetime(paused_until)


def _ask(ask: Ask, deadline: Deadline) -> tuple[Granted | Later, float, float]:
    def decide(ledger: Ledger, now: float, limits: Limits) -> Granted | Later:
        return ledger.ask(replace(ask, latest=now + deadline.left()), now, limits)

    return _decide(decide)


def _decide(change: Callable[[Ledger, float, Limits], _Answer]) -> tuple[_Answer, float, float]:
    """Apply `change` to the shared ledger; its answer, the shared time, and our own clock just before that."""
    with _queue, _locked_row() as (session, stored, doctors):
        seen_at = clock().monotonic()  # read before the shared time: a start may look late, never early
        now = clock().now(session)
        ledger = Ledger.from_json(stored)
        answer = change(ledger, now, _limits(doctors))
        session.connection().execute(_KEEP, {"changed": ledger.to_json()})
    return answer, now, seen_at


@contextmanager
def _locked_row() -> Iterator[tuple[Session, str, int]]:
    """The ledger as stored, locked until the block ends, and the number of connected doctors."""
    with writing() as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            # A crash of the database may forget the last reservations, less than a second of them.
            connection.execute(_SOON_DURABLE)
        row = connection.execute(_LOCKED).one_or_none()
        if row is None:
            connection.execute(_FIRST_ROW, {"id": _ROW, "ledger": Ledger().to_json()})
            row = connection.execute(_LOCKED).one()
        yield session, row[0], row[1]


def _limits(doctors: int) -> Limits:
    return Limits(hourly=settings().hourly_limit, burst=settings().burst_limit, doctors=doctors)
