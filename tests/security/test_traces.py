"""What a full run leaves behind: nothing of a patient, a token or a signature in the database file or in a log."""

from __future__ import annotations

import re
import sqlite3
import uuid
from pathlib import Path

import pytest
import requests

from sandbox.seed.patient_record import PRIVATE_MARKS
from tests.conftest import connect_doctor
from tests.sandbox_client import DOCTOR, Sandbox
from tests.serving import Server, run_flask

pytestmark = pytest.mark.sqlite
PAGE_SESSION = re.compile(r'<meta name="panel-session" content="([^"]+)">')


@pytest.fixture
def traces(app, sandbox: Sandbox, server: Server, tmp_path: Path):
    """A day's work through the running plugin; what it left, and what must not be found in it."""
    connect_doctor(app, sandbox, DOCTOR)
    patient = sandbox.patient("complex_patient")
    secrets = set(PRIVATE_MARKS) | {"Conrad", "Complex", "1959-01-22", "Paroxysmal", "I48.0"}
    secrets |= {
        app.config["SECRET_KEY"],
        server.settings["ENCRYPTION_KEYS"],
        server.settings["DRCHRONO_CLIENT_SECRET"],
    }
    with requests.Session() as browser:
        launch = sandbox.launch_url(patient)
        page = browser.get(launch, timeout=30)
        assert page.status_code == 200
        session = PAGE_SESSION.search(page.text)[1]
        secrets |= {launch.split("jwt=")[1].split("&")[0], session}
        browser.headers["Authorization"] = f"Bearer {session}"
        work(browser, server.url)
        browser.get(f"{server.url}/patient?jwt=forged.token.here&patient_id={patient}", timeout=30)
        browser.get(f"{server.url}/nowhere?secret=of-a-patient", timeout=30)
    secrets |= {"forged.token.here", "of-a-patient", "patient_id="}
    sandbox.send_webhook("PATIENT_MODIFY", table="patients", id=patient)
    run_flask(server.settings, "worker", "--once")
    with app.app_context():
        from plugin.drchrono.connections import tokens_of

        tokens = tokens_of(DOCTOR)
        secrets |= {tokens.access_token, tokens.refresh_token}
    server.stop()
    return database_bytes(tmp_path), server.log, secrets


def work(browser: requests.Session, root: str) -> None:
    inputs = {"age": "67", "ast": "123.75", "alt": "40", "platelets": "200"}
    for path, form in (
        ("/panel/calculate/fib-4", inputs),
        ("/panel/refresh", {}),
        (
            "/panel/write-backs",
            {**inputs, "kind": "document", "calculator": "fib-4", "request_id": str(uuid.uuid4())},
        ),
    ):
        assert browser.post(f"{root}{path}", data=form, timeout=60).status_code < 300, path


def database_bytes(folder: Path) -> bytes:
    database = folder / "chartside.db"
    with sqlite3.connect(database) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return b"".join(path.read_bytes() for path in folder.glob("chartside.db*"))


def test_a_full_run_leaves_no_secret_and_no_patient_behind(traces):
    database, log, secrets = traces
    found = [secret for secret in (*secrets, "123.75") if secret.encode() in database or secret in log]
    assert found == []
    requests_logged = [line for line in log.splitlines() if '"event": "request"' in line]
    assert len(requests_logged) >= 6
    assert all('"reference": "' in line for line in requests_logged)
