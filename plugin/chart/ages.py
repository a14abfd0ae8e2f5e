"""How old each resource of a snapshot is, and which of them must be read again (docs/ARCHITECTURE.md)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from plugin.chart.facts import RESOURCES

LONGEST = dt.timedelta(hours=24)
"""No resource is believed for longer than this after it was read itself."""
ANNOUNCED = frozenset({"patient", "appointments", "problems", "medications"})
"""Webhooks tell when these change; lab results have none."""


@dataclass(frozen=True, slots=True)
class Age:
    """What is known about the reading of one resource."""

    read_at: dt.datetime | None = None
    """When its last complete read began; None before the first."""
    seen: int = 0
    """How many announced changes that read had seen."""
    failure: str = ""
    """Why the last attempt failed, in words for a doctor; empty when it did not."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """A stretch of time whose changes pooled `since` reads have put into all snapshots."""

    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Horizon:
    """What lets a resource live longer than CHART_TTL_MINUTES."""

    webhooks_arrive: bool = False
    """A webhook secret is set and a delivery has come within the last day."""
    covered: Mapping[str, Coverage] | None = None


@dataclass(frozen=True)
class Ages:
    """The ages of all resources of one snapshot, and the changes announced for it."""

    of: Mapping[str, Age]
    changes: Mapping[str, int]

    def due(self, now: dt.datetime, ttl: dt.timedelta, horizon: Horizon) -> tuple[str, ...]:
        """The resources to read again, in the order of RESOURCES."""
        return tuple(name for name in RESOURCES if self._is_due(name, now, ttl, horizon))

    def must_reread(self, name: str) -> bool:
        """True when age does not matter: never read, failed last time, or changed since."""
        age = self.of.get(name, Age())
        return age.read_at is None or bool(age.failure) or self.is_changed(name)

    def is_changed(self, name: str) -> bool:
        """True when a change was announced that the last read cannot have seen."""
        return self.changes.get(name, 0) > self.of.get(name, Age()).seen

    def known_at(self, name: str, horizon: Horizon) -> dt.datetime | None:
        """Until when `name` is known to be right: its own read, or a pooled one that reaches back to it."""
        read_at = self.of.get(name, Age()).read_at
        coverage = (horizon.covered or {}).get(name)
        if read_at is None or coverage is None or coverage.since > read_at:
            return read_at
        return max(read_at, coverage.until)

    def _is_due(self, name: str, now: dt.datetime, ttl: dt.timedelta, horizon: Horizon) -> bool:
        age = self.of.get(name)
        if age is None or age.read_at is None or age.failure or self.changes.get(name, 0) > age.seen:
            return True
        old = now - age.read_at
        if old < ttl or old >= LONGEST:
            return old >= LONGEST
        if horizon.webhooks_arrive and name in ANNOUNCED:
            return False
        return now - (self.known_at(name, horizon) or age.read_at) >= ttl

    def after(self, started: dt.datetime, outcomes: Mapping[str, str], seen: Mapping[str, int]) -> Ages:
        """The ages after a read that began at `started`: outcome "" is success, else why not.

        `seen`: the changes announced when it began. A read that began earlier never replaces a later one.
        """
        ages = dict(self.of)
        for name, failure in outcomes.items():
            age = ages.get(name, Age())
            if failure:
                ages[name] = replace(age, failure=failure)
            elif age.read_at is None or age.read_at <= started:
                ages[name] = Age(started, seen.get(name, 0))
        return Ages(ages, self.changes)

    def with_change(self, names: Iterable[str]) -> dict[str, int]:
        """The counts after one more change of each of `names`."""
        return {**self.changes, **{name: self.changes.get(name, 0) + 1 for name in names}}


def dump_ages(of: Mapping[str, Age]) -> str:
    """As stored in `reads`."""
    return json.dumps(
        {
            name: [age.read_at.timestamp() if age.read_at else None, age.seen, age.failure]
            for name, age in of.items()
        }
    )


def load_ages(reads: str, changes: str) -> Ages:
    """From the columns `reads` and `changes`."""
    return Ages(
        {
            name: Age(dt.datetime.fromtimestamp(at, dt.UTC) if at is not None else None, seen, failure)
            for name, (at, seen, failure) in json.loads(reads).items()
        },
        json.loads(changes),
    )
