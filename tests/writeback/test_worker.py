"""The worker and the command line."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from plugin import audit
from plugin.extensions import reading
from plugin.models import AuditEntry, Mark
from plugin.writeback.worker import HEARTBEAT, do_chores, run_all
from tests.serving import ROOT, run_flask

DOWN = {
    "kind": "status",
    "method": "POST",
    "path": "/api/documents",
    "status": 429,
    "retry_after": "1",
    "count": 1,
}


def test_draining_ends_with_status_0_when_nothing_is_left(panel, settings, worker):
    panel.sandbox.fault(**DOWN)
    assert panel.file().status_code == 202
    worker_says = run_flask(settings, "outbox", "drain")
    while "left: 1" in worker_says.stdout:  # Retry-After is kept
        assert worker_says.returncode == 1
        worker_says = run_flask(settings, "outbox", "drain")
    assert (worker_says.returncode, worker_says.stdout.strip()) == (0, "tried: 1, left: 0")
    assert len(panel.standing()) == 1


def test_status_counts_without_names(panel, settings):
    panel.file()
    panel.sandbox.fault("hang", method="POST", path="/api/documents", count=1)
    panel.file()
    said = run_flask(settings, "outbox", "status").stdout.splitlines()
    assert said == [
        "queued: 1",
        "delivered: 1",
        "failed: 0",
        "undone: 0",
        "doctor 1001: 1 queued, the oldest for 0 min",
    ]


def test_the_worker_delivers_until_it_is_told_to_stop(panel, settings):
    panel.sandbox.fault(**DOWN)
    id = panel.file().json["id"]
    environment = {"PATH": "/usr/bin:/bin", **settings}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 30
        while panel.state(id).json["status"] != "delivered" and time.monotonic() < until:
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert panel.state(id).json["status"] == "delivered"


def test_once_shows_a_heartbeat_and_ends(app, doctor, settings):
    assert run_flask(settings, "worker", "--once").returncode == 0
    with app.app_context(), reading() as session:
        assert session.get(Mark, HEARTBEAT) is not None


def test_the_chores_seal_what_has_settled_of_the_audit_trail(app, doctor, monkeypatch):
    monkeypatch.setattr(audit, "SETTLING", timedelta())
    with app.app_context():
        audit.record("view", doctor_id=1001, patient_id=77)
        do_chores()
        verdict = audit.verify()
    assert (verdict.entries, verdict.unsealed) == (1, 0)


def test_a_chore_that_fails_does_not_stop_the_others(app):
    done = []
    run_all(lambda: 1 / 0, lambda: done.append("second"))
    assert done == ["second"]


@pytest.mark.parametrize(
    ("fault", "outcomes"),
    [
        ({}, ["ok"]),
        ({"kind": "status", "status": 400}, ["failed"]),
        ({"kind": "reset_before"}, ["queued", "ok"]),
    ],
    ids=["ok", "refused", "unsure"],
)
def test_every_attempt_is_audited(app, panel, worker, fault, outcomes):
    if fault:
        panel.sandbox.fault(method="POST", path="/api/documents", count=1, **fault)
    panel.file()
    worker.work(timedelta(seconds=31))
    with app.app_context(), reading() as session:
        entries = session.query(AuditEntry).filter_by(action="write-back").order_by(AuditEntry.id).all()
    assert [entry.outcome for entry in entries] == outcomes
