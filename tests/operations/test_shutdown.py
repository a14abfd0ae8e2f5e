"""A deploy ends the old processes with SIGTERM: what they have begun, they finish."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
import requests

from plugin.extensions import reading
from plugin.models import Mark, OutboxEntry
from plugin.writeback.worker import HEARTBEAT
from tests.conftest import connect_doctor
from tests.operations.conftest import until
from tests.sandbox_client import DOCTOR
from tests.serving import ROOT, serving
from tests.writeback.conftest import Panel

pytestmark = pytest.mark.sqlite  # worker and PostgreSQL: test_two_instances.py
CLIENTS = 24
"""More than the threads of both processes: some requests wait for a thread, some for being picked up."""


@pytest.fixture
def settings(settings, sandbox):
    sandbox.limits_off()
    return {**settings, "DRCHRONO_HOURLY_LIMIT": "100000", "DRCHRONO_BURST_LIMIT": "500"}


def test_a_sigterm_under_load_loses_no_request(app, server, sandbox, load):
    connect_doctor(app, sandbox, DOCTOR)
    sandbox.options(latency_ms=100)
    launches = cycle([sandbox.launch_url(row["id"]) for row in sandbox.records("patients", doctor=DOCTOR)])
    clients = load(CLIENTS, lambda: requests.get(next(launches), timeout=30))
    clients.wait_for(CLIENTS)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(40) == 0
    assert set(clients.end()) == {"200", "refused"}


def test_a_stopping_server_answers_whoever_waits_for_drchrono(app, server, sandbox):
    connect_doctor(app, sandbox, DOCTOR)
    waits = sandbox.fault("latency", path="/api/patients/", ms=1500)
    patients = [row["id"] for row in sandbox.records("patients", doctor=DOCTOR)][:CLIENTS]
    launches = [sandbox.launch_url(patient) for patient in patients]
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [pool.submit(requests.get, launch, timeout=30) for launch in launches]
        until(lambda: sandbox.applied(waits) >= 12)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(40) == 0
    assert [answer.result().status_code for answer in answers] == [200] * len(patients)


def test_impatient_ctrl_c_ends_every_process_by_itself(settings, tmp_path):
    with serving({**settings, "WEB_CONCURRENCY": "1"}, tmp_path) as server:  # it answers, so none is starting
        for _ in range(50):
            os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(40) == 0
        assert "SIGKILL" not in server.log


@pytest.fixture
def worker(settings, tmp_path):
    """The Procfile's worker, in a process of its own."""
    environment = {**os.environ, **settings, "FLASK_SKIP_DOTENV": "1"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
    yield process
    process.kill()
    process.wait()


def heartbeat(app):
    with app.app_context(), reading() as session:
        mark = session.get(Mark, HEARTBEAT)
        return mark and mark.at


def test_the_worker_shows_that_it_lives(app, worker):
    until(lambda: heartbeat(app))
    first = heartbeat(app)
    until(lambda: heartbeat(app) > first)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_worker_ends_when_told(app, worker, number):
    until(lambda: heartbeat(app))
    worker.send_signal(number)
    assert worker.wait(20) == 0


def test_a_worker_finishes_the_row_it_is_on(app, client, sandbox, worker):
    connect_doctor(app, sandbox, DOCTOR)
    panel = Panel(client, sandbox, sandbox.patient("nafld")).open()
    sandbox.fault("status", method="POST", path="/api/documents", status=429, retry_after="1", count=1)
    slow = sandbox.fault("latency", method="POST", path="/api/documents", ms=2000)
    id = panel.file().json["id"]
    until(lambda: sandbox.applied(slow) == 2)  # the page's own try was the first
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    with app.app_context(), reading() as session:
        assert session.get(OutboxEntry, id).status == "delivered"
    assert len(panel.standing()) == 1
