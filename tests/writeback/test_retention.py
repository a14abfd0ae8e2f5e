"""What was filed is remembered in words for as long as the doctor stays, and nothing else of it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import plugin.chart.store
from plugin.crypto import Keyring
from plugin.disconnect import begin_disconnect
from plugin.extensions import keyring, reading
from plugin.models import FiledResults, OutboxEntry, Snapshot
from plugin.writeback.filed import filed
from plugin.writeback.retention import purge

HALF_A_YEAR = timedelta(days=180)
DOCTORS_ZONE = "America/New_York"


@pytest.fixture
def months_pass(app):
    """Everything unopened is purged, as the worker does it daily."""

    def pass_by(after: timedelta = HALF_A_YEAR) -> None:
        later = datetime.now(UTC) + after
        with app.app_context():
            plugin.chart.store.purge(later)
            purge(later)

    return pass_by


def stored(app, table):
    with app.app_context(), reading() as session:
        return session.query(table).all()


def remembered(app, panel):
    with app.app_context():
        return {id: last.words for id, last in filed(1001, panel.patient_id).items()}


def card(panel, calculator):
    """The card as a newly opened panel shows it."""
    address = panel.sandbox.launch_url(panel.patient_id).split("/", 3)[3]
    page = panel.client.get(f"/{address}").text
    return page.split(f'data-calculator="{calculator}"')[1].split("</article>")[0]


def test_a_card_says_half_a_year_later_what_was_filed(app, panel, months_pass):
    panel.file()
    months_pass()
    assert stored(app, Snapshot) == stored(app, OutboxEntry) == []
    said = f"Last filed {datetime.now(ZoneInfo(DOCTORS_ZONE)):%Y-%m-%d}"
    assert said in card(panel, "fib-4")
    assert "2.26" in card(panel, "fib-4").split(said)[1][:40]


def test_nothing_but_calculator_words_and_date_is_kept(app, panel, months_pass):
    panel.file()
    months_pass()
    (row,) = stored(app, FiledResults)
    with app.app_context():
        opened = keyring().open(row.sealed, f"filed:1001:{panel.patient_id}")
    (kept,) = json.loads(opened).items()
    assert (kept[0], sorted(kept[1])) == ("fib-4", ["at", "words"])
    assert len(opened) < 120


def test_the_pdf_is_gone_as_soon_as_it_is_delivered(app, panel):
    panel.file()
    assert [row.payload for row in stored(app, OutboxEntry)] == [None]


def test_the_newest_of_each_calculator_takes_the_place_of_older_ones(app, panel, months_pass):
    panel.file()
    panel.file(calculator="apri")
    months_pass()
    panel.file(ast="60")
    assert "3.39" in remembered(app, panel)["fib-4"]
    months_pass()
    assert "3.39" in remembered(app, panel)["fib-4"]
    assert sorted(remembered(app, panel)) == ["apri", "fib-4"]


def test_what_did_not_reach_the_chart_is_not_remembered(app, panel, months_pass):
    panel.undo(panel.file().json["id"])
    panel.sandbox.fault("status", method="POST", path="/api/documents", status=400, count=1)
    panel.file()
    months_pass()
    assert (stored(app, FiledResults), stored(app, OutboxEntry)) == ([], [])


def test_a_repeated_request_is_known_for_a_day(panel, months_pass):
    id = panel.file().json["id"]
    months_pass(timedelta(hours=23))
    assert panel.state(id).json["status"] == "delivered"
    months_pass(timedelta(hours=25))
    assert panel.state(id).status_code == 404


def test_a_disconnect_erases_what_was_remembered(app, panel, months_pass):
    panel.file()
    months_pass()
    panel.file(calculator="apri")
    with app.app_context():
        begin_disconnect(1001)
    assert stored(app, FiledResults) == stored(app, OutboxEntry) == []


def test_another_patients_card_says_nothing(app, panel, months_pass):
    panel.file()
    months_pass()
    with app.app_context():
        assert filed(1001, panel.patient_id + 1) == filed(1002, panel.patient_id) == {}


def test_a_key_that_is_gone_is_as_if_nothing_was_filed(app, panel, months_pass):
    panel.file()
    months_pass()
    app.extensions["chartside-keyring"] = Keyring((b"k" * 32,))
    assert remembered(app, panel) == {}


def test_two_workers_forget_a_row_once(app, panel):
    panel.file()
    later, gone, start = datetime.now(UTC) + HALF_A_YEAR, [], threading.Barrier(2)

    def work() -> None:
        with app.app_context():
            start.wait()
            gone.append(purge(later))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(gone) == [0, 1]
    assert list(remembered(app, panel)) == ["fib-4"]
