"""What the simulated day is played on: the sandbox, the application and its webhook server on one virtual clock."""

from __future__ import annotations

import json
import logging
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

import plugin.chart.renewal
import plugin.drchrono.client
import plugin.drchrono.deadline
import plugin.drchrono.tokens
import plugin.drchrono.transport
from bench.capacity.clock import SharedTime, VirtualClock, VirtualLock, VirtualTime
from bench.capacity.day import HOUR, Workload
from plugin import create_app
from plugin.drchrono.connections import NewConnection, Tokens, save_connection
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.profile import Profile, save_profile
from plugin.extensions import writing
from plugin.models import Connection, PooledRead
from tests.databases import new_sqlite
from tests.sandbox_client import Sandbox
from tests.serving import ROOT, environment, free_port

ZONE = ZoneInfo("America/Chicago")
DAY = datetime(2026, 11, 24, tzinfo=ZONE)
MIDNIGHT = DAY.timestamp()
START = MIDNIGHT - 6 * HOUR
"""18:00 the evening before: nothing of tomorrow's charts is known."""
END = MIDNIGHT + 18 * HOUR
LATENCY = 0.2
"""Virtual seconds of each call."""


class Stage:
    """The sandbox, the application and its webhook server, all in virtual time, until the block ends."""

    def __init__(self, load: Workload) -> None:
        self.load = load
        self._stack = ExitStack()

    def __enter__(self) -> Stage:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self.shared = SharedTime(folder / "clock", at=START - 30 * 24 * HOUR)
            self.clock = VirtualClock(self.shared)
            self.plugin_port = free_port()
            self.sandbox, self.visits = stack.enter_context(self._vendor(folder / "clock"))
            self.shared.set(START)
            self.app = self._application(new_sqlite(folder))
            for patch in self._patches():
                stack.enter_context(patch)
            stack.enter_context(self._webhooks())
            self._connect()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def announced(self, number: int) -> None:
        """Wait (really) until so many webhooks have been answered."""
        with self._received:
            if not self._received.wait_for(lambda: self.webhooks >= number, timeout=30):
                raise RuntimeError(f"{self.webhooks} of {number} webhooks came")

    @contextmanager
    def _vendor(self, clock: Path) -> Iterator[tuple[Sandbox, dict[int, list[dict[str, Any]]]]]:
        load = self.load
        spec = {
            "doctors": load.doctors,
            "visits": load.visits,
            "minutes": load.minutes,
            "others": load.others,
            "problems_each": load.problems_each,
            "medications_each": load.medications_each,
            "day": DAY.date().isoformat(),
            "plugin_url": f"http://localhost:{self.plugin_port}",
            "webhook_url": f"http://localhost:{self.plugin_port}/webhooks/drchrono",
        }
        command = [sys.executable, "-m", "bench.capacity.vendor", str(clock), json.dumps(spec)]
        with subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                ready = json.loads(process.stdout.readline())
                self.pages: dict[str, int] = ready["pages"]
                yield Sandbox(ready["url"]), {int(key): value for key, value in ready["doctors"].items()}
            finally:
                process.kill()

    def _application(self, database_url: str) -> Flask:
        limit = str(self.load.hourly_limit)
        app = create_app(
            environment(
                self.sandbox.url,
                port=self.plugin_port,
                database_url=database_url,
                DRCHRONO_HOURLY_LIMIT=limit,
            )
        )
        app.extensions["chartside-clock"] = self.clock
        logging.getLogger("chartside").setLevel(logging.WARNING)
        self.webhooks = 0
        self._received = threading.Condition()
        inner = app.wsgi_app

        def counting(environ: Any, start_response: Any) -> Any:
            answer = inner(environ, start_response)
            with self._received:
                self.webhooks += 1
                self._received.notify_all()
            return answer

        app.wsgi_app = counting
        return app

    def _patches(self) -> list[Any]:
        """Deadlines and polls count virtual seconds, calls last LATENCY, and whoever waits for calls is not at work."""
        send, parallel, clock = plugin.drchrono.transport.send, plugin.chart.renewal.in_parallel, self.clock

        def slow_send(*args: Any, **named: Any) -> Any:
            try:
                return send(*args, **named)
            finally:
                clock.sleep(LATENCY)

        def counted(calls: Mapping[str, Callable[[], Any]], deadline: Deadline, **named: Any) -> Any:
            batch = _Batch(clock, len(calls))
            wrapped = {name: partial(batch.run, call) for name, call in calls.items()}
            try:
                return parallel(wrapped, deadline, **named)
            finally:
                batch.come_back()

        timed = (
            plugin.drchrono.deadline,
            plugin.drchrono.tokens,
            plugin.drchrono.client,
            plugin.chart.renewal,
        )
        return [
            *(mock.patch.object(module, "time", VirtualTime(clock)) for module in timed),
            mock.patch.object(
                plugin.drchrono.client, "threading", SimpleNamespace(Lock=partial(VirtualLock, clock))
            ),
            mock.patch.object(plugin.drchrono.transport, "send", slow_send),
            mock.patch.object(plugin.chart.renewal, "in_parallel", counted),
        ]

    @contextmanager
    def _webhooks(self) -> Iterator[None]:
        class Quiet(WSGIRequestHandler):
            def log(self, *_: object) -> None:
                """Say nothing."""

        server = make_server("localhost", self.plugin_port, self.app, threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()

    def _connect(self) -> None:
        """Connect every doctor; tokens end at any time of the next two days, profiles of the next day."""
        draw = random.Random(self.load.seed)
        self.sandbox.options(hourly_limit=self.load.hourly_limit)
        zone = Profile("Load", "Doctor", "", ZONE.key, (), ())
        for doctor in self.visits:
            issued = self.sandbox.tokens_for(doctor, frame=True)
            tokens = Tokens(issued.access_token, issued.refresh_token)
            with self.app.app_context():
                save_connection(
                    NewConnection(
                        doctor_id=doctor,
                        user_id=doctor,
                        is_staff=False,
                        practice_group=None,
                        scope=issued.scope,
                        tokens=tokens,
                        expires_in=draw.uniform(HOUR, issued.expires_in),
                    )
                )
                save_profile(doctor, zone)
                self._remember(doctor, draw.uniform(0, 24) * HOUR)
        self.sandbox.send_webhook("PING")

    def _remember(self, doctor: int, profile_age: float) -> None:
        """What a doctor of some weeks is known by: how old the profile is, how long the lists are."""
        now = datetime.fromtimestamp(START, UTC)
        with writing() as session:
            session.get_one(Connection, doctor).profile_read_at = now - timedelta(seconds=profile_age)
            for name, pages in self.pages.items():
                session.add(PooledRead(doctor_id=doctor, resource=name, pages=pages, pages_at=now))


class _Batch:
    """Who is at work while calls run in other threads and their caller waits: the calls, and then the caller.

    The caller's own turn goes to one call, and the last call to end leaves its turn to the caller, so that
    there is no moment in between at which nobody seems to be at work.
    """

    def __init__(self, clock: VirtualClock, size: int) -> None:
        self._clock, self._left, self._is_waited_for = clock, size, True
        self._lock = threading.Lock()
        clock.join(size - 1)

    def run(self, call: Callable[[], Any]) -> Any:
        """Make one call."""
        try:
            return call()
        finally:
            with self._lock:
                self._left -= 1
                if self._left or not self._is_waited_for:
                    self._clock.leave()

    def come_back(self) -> None:
        """The caller goes on, perhaps before the last call has ended."""
        with self._lock:
            self._is_waited_for = False
            if self._left:
                self._clock.join()
