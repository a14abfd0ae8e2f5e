"""Whether DrChrono seems to be down, as far as this process has seen, so that nobody waits for it in vain.

While it does, an opening that has a whole snapshot waits PATIENCE_SECONDS for DrChrono and not until the page's
deadline. It still asks, and its calls go on behind: so it shows a DrChrono that is well again at once, and no
opening is spent on probing alone. Who asks for a refresh, or has nothing to look at meanwhile, waits as always.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app

from plugin.chart.ages import Ages
from plugin.chart.facts import RESOURCES
from plugin.chart.reads import Read
from plugin.drchrono.clock import clock
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import DrChronoError, RateLimitedError, UnavailableError

PATIENCE_SECONDS = 1.0
"""Some times what DrChrono takes for the five calls on a good day."""
REMEMBERED_SECONDS = 15.0
"""So long after the last silence the page's whole deadline is spent on DrChrono again."""


@dataclass
class _Seen:
    """By the clock's monotonic seconds; -inf: never."""

    answer: float = -math.inf
    silence: float = -math.inf
    """The last reading that no call of answered, and no other call meanwhile."""


def note_results(results: Iterable[Read | DrChronoError], *, began: float) -> None:
    """Learn from a reading: any answer, a refusal too, says that DrChrono is up; only failures, that it is not.

    `began`: by clock().monotonic(). An answer that came since to somebody else outweighs the failures.
    """
    seen, now = _seen(), clock().monotonic()
    # A RateLimitedError may be our own budget's: it says nothing about DrChrono.
    found = [result for result in results if not isinstance(result, RateLimitedError)]
    if any(not isinstance(result, UnavailableError) for result in found):
        seen.answer, seen.silence = now, -math.inf
    elif found and seen.answer < began:
        seen.silence = now


def patience(deadline: Deadline, ages: Ages) -> Deadline:
    """`deadline`, or a sooner one while DrChrono seems to be down and `ages` are those of a whole snapshot."""
    is_whole = all(name in ages.of and ages.of[name].read_at for name in RESOURCES)
    is_down = clock().monotonic() - _seen().silence < REMEMBERED_SECONDS
    return deadline.sooner(PATIENCE_SECONDS) if is_whole and is_down else deadline


def _seen() -> _Seen:
    found: _Seen = current_app.extensions.setdefault("chartside-outage", _Seen())
    return found
