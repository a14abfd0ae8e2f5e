"""Virtual time for the simulation: one clock for the plugin and the sandbox, which jumps where nothing happens.

A factor on the real clock would not do: at 24 hours in four minutes the vendor's second is 3 ms, and what the
operating system needs to wake a thread would decide. Here nothing is scaled. The time stands still while
anybody works and jumps to the next moment at which somebody wants to wake: a discrete-event simulation.

`SharedTime` is eight bytes in a file that both processes map. `VirtualClock` is the plugin's
`app.extensions["chartside-clock"]`; it counts who is working ("busy"), and its `sleep` ends when the time has
come. `run_until` moves the time on, never while somebody is busy.
"""

from __future__ import annotations

import heapq
import itertools
import mmap
import struct
import threading
import time
from collections import deque
from pathlib import Path

from plugin.drchrono.clock import Clock

STUCK_SECONDS = 120.0
"""Real seconds without any move after which the simulation gives up."""


class SharedTime:
    """Seconds since 1970 in a mapped file of eight bytes."""

    def __init__(self, path: Path, *, at: float | None = None) -> None:
        """Map `path`; with `at`, create it first and set it."""
        if at is not None:
            path.write_bytes(struct.pack("d", at))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 8)

    def get(self) -> float:
        """The time now."""
        return float(struct.unpack_from("d", self._map)[0])

    def set(self, at: float) -> None:
        """It is `at` now, for everybody who maps the file."""
        struct.pack_into("d", self._map, 0, at)


class VirtualClock(Clock):
    """The plugin's clock. Only threads that count as busy may sleep by it."""

    def __init__(self, shared: SharedTime) -> None:
        self._shared = shared
        self._changed = threading.Condition()
        self._busy = 0
        self._sleepers: list[tuple[float, int, threading.Event]] = []
        self._numbers = itertools.count()

    def host_now(self) -> float:
        """Virtual seconds since 1970."""
        return self._shared.get()

    def monotonic(self) -> float:
        """The same: virtual time is never set back while it runs."""
        return self._shared.get()

    def sleep(self, seconds: float) -> None:
        """Stand aside until so much virtual time has passed."""
        if seconds <= 0:
            return
        woken = threading.Event()
        with self._changed:
            heapq.heappush(self._sleepers, (self.host_now() + seconds, next(self._numbers), woken))
            self._busy -= 1
            self._changed.notify_all()
        woken.wait()

    def join(self, count: int = 1) -> None:
        """So many more threads are at work."""
        with self._changed:
            self._busy += count

    def leave(self) -> None:
        """One thread less is at work."""
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()

    def run_until(self, end: float) -> None:
        """Let all that is under way go on until it is `end`, waking one sleeper at a time."""
        while True:
            self._await_rest()
            with self._changed:
                if self._busy:
                    continue
                if not self._sleepers or self._sleepers[0][0] > end:
                    self._shared.set(max(end, self.host_now()))
                    return
                at, _, woken = heapq.heappop(self._sleepers)
                self._shared.set(max(at, self.host_now()))
                self._busy += 1
                woken.set()

    def _await_rest(self) -> None:
        until = time.monotonic() + STUCK_SECONDS
        with self._changed:
            while self._busy:
                if not self._changed.wait(timeout=1) and time.monotonic() > until:
                    raise RuntimeError(f"{self._busy} threads are at work and nothing moves")


class VirtualLock:
    """A lock whose waiters are not at work: its holder may be asleep in virtual time."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._is_held = False
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        with self._guard:
            if not self._is_held:
                self._is_held = True
                return
            handed = threading.Event()
            self._waiting.append(handed)
        self._clock.leave()
        handed.wait()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if not self._waiting:
                self._is_held = False
                return
            self._clock.join()  # in the next one's name, so that no time passes before it goes on
            self._waiting.popleft().set()


class VirtualTime:
    """Stands in for the module `time` where deadlines and polls read it."""

    def __init__(self, clock: VirtualClock) -> None:
        self.monotonic = clock.monotonic
        self.sleep = clock.sleep
