"""The outbox under contention, on both databases: one row a request, one owner a row, nothing lost with an owner."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from plugin.extensions import db, reading, writing
from plugin.models import OutboxEntry
from plugin.writeback import outcomes
from plugin.writeback.claims import ClaimLostError, claim, claim_always
from plugin.writeback.entry import Facts
from plugin.writeback.filed import filed
from plugin.writeback.outbox import Request, count_queued, due_ids, find_entry, promise, undelivered_ids
from plugin.writeback.retention import purge
from plugin.writeback.timing import Timing
from tests.databases import new_postgres, new_sqlite, small_app
from tests.serving import environment

MANY = 12


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, tmp_path):
    url = new_sqlite(tmp_path) if request.param == "sqlite" else new_postgres()
    made = small_app(environment("http://127.0.0.1:1", port=1, database_url=url))
    with made.app_context():
        yield made
        db.engine.dispose()


@pytest.fixture
def short_claims(app):
    """Claims that are over at once: every owner counts as dead."""
    app.extensions["chartside-timing"] = Timing(claim=timedelta(seconds=-1))


def new(kind="document", patient=77, request_id=None, calculator="fib-4"):
    request = Request(1001, patient, request_id or str(uuid.uuid4()), kind, "fingerprint")
    payload = {"line": "FIB-4 2.26", "pdf": "aGVsbG8="}
    entry, is_new = promise(request, Facts(calculator, "FIB-4 2.26"), payload)
    return entry, is_new


def at_once(app, call):
    """What MANY threads get that call at the same moment."""

    def run(_):
        with app.app_context():
            return call()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(run, range(MANY)))


def row_of(id):
    with reading() as session:
        return session.get(OutboxEntry, id)


def change(id, **fields):
    with writing() as session:
        row = session.get(OutboxEntry, id)
        for name, value in fields.items():
            setattr(row, name, value)


def test_a_request_made_many_times_at_once_is_one_row(app):
    request_id = str(uuid.uuid4())
    made = at_once(app, lambda: new(request_id=request_id))
    assert len({entry.id for entry, _ in made}) == 1
    assert sum(is_new for _, is_new in made) == 1


def test_the_same_request_id_of_another_patient_is_another_request(app):
    request_id = str(uuid.uuid4())
    assert new(request_id=request_id)[0].id != new(request_id=request_id, patient=78)[0].id


def test_one_of_many_gets_the_claim(app):
    entry, _ = new()
    held = at_once(app, lambda: claim(entry.id))
    assert sum(each is not None for each in held) == 1


def test_lines_of_one_patient_are_claimed_one_at_a_time(app):
    entries = [new("note")[0] for _ in range(4)]
    held = at_once(app, lambda: [claim(entry.id) for entry in entries])
    assert sum(each is not None for round in held for each in round) == 1


def test_a_dead_owners_claim_ends(app, short_claims):
    entry, _ = new()
    assert claim(entry.id) is not None
    assert claim(entry.id) is not None


def test_who_lost_the_claim_may_not_send(app, short_claims):
    entry, _ = new()
    first = claim(entry.id)
    claim(entry.id)
    with pytest.raises(ClaimLostError):
        outcomes.sending(first)


def test_a_try_is_noted_before_it_is_made(app):
    entry, _ = new()
    outcomes.sending(claim(entry.id))
    assert (row_of(entry.id).sends, row_of(entry.id).sent_at is not None) == (1, True)


def test_two_owners_who_both_delivered_leave_a_look_for_the_twin(app, short_claims):
    entry, _ = new()
    first = claim(entry.id)
    outcomes.sending(first)
    second = claim(entry.id)
    outcomes.delivered(second, "501")
    outcomes.delivered(first, "502")
    row = row_of(entry.id)
    assert (row.status, row.remote_id, row.looks_left) == ("delivered", "501", 1)


def test_an_undo_beats_the_delivery_under_way(app):
    entry, _ = new()
    held = claim(entry.id)
    outcomes.sending(held)
    assert outcomes.cancel(entry.id).status == "undone"
    assert outcomes.delivered(held, "501").status == "undone"
    row = row_of(entry.id)
    assert row.remote_id == "501"
    assert entry.id in due_ids(), "the worker archives it at once"


def test_a_line_that_may_be_in_the_note_is_not_cancelled(app):
    entry, _ = new("note")
    outcomes.sending(claim(entry.id))
    assert outcomes.cancel(entry.id) is None


def test_a_hold_is_kept_by_everybody(app):
    entry, _ = new()
    outcomes.wait(claim(entry.id), "busy", until=datetime.now(UTC) + timedelta(minutes=5))
    assert undelivered_ids() == []
    assert claim(entry.id) is None


def test_bookings_are_nobodys_but_the_doctors(app):
    entry, _ = new("appointment")
    change(entry.id, due_at=datetime.now(UTC) - timedelta(minutes=1))
    assert (due_ids(), undelivered_ids(), count_queued()) == ([], [], 0)
    assert claim_always(entry.id) is not None


def test_what_is_stored_is_sealed(app):
    entry, _ = new()
    row = row_of(entry.id)
    assert b"FIB-4" not in row.facts + row.payload
    assert entry.facts.words == "FIB-4 2.26"


def test_a_delivered_row_keeps_no_payload(app):
    entry, _ = new()
    outcomes.delivered(claim(entry.id), "501")
    assert row_of(entry.id).payload is None


def test_a_key_that_is_gone_reads_as_nothing(app):
    entry, _ = new()
    change(entry.id, payload=b"sealed under another key")
    assert find_entry(entry.id).payload == {}


def test_the_card_is_told_what_was_filed_last(app):
    for words in ("first", "second"):
        request = Request(1001, 77, str(uuid.uuid4()), "document", "fingerprint")
        entry, _ = promise(request, Facts("fib-4", words), {"pdf": ""})
        outcomes.delivered(claim(entry.id), "501")
    new()  # still queued
    assert {id: last.words for id, last in filed(1001, 77).items()} == {"fib-4": "second"}
    assert filed(1002, 77) == {}


def test_finished_rows_are_forgotten_and_waiting_ones_are_not(app):
    done, waiting = new()[0], new()[0]
    outcomes.delivered(claim(done.id), "501")
    purge(datetime.now(UTC) + timedelta(days=2))
    assert row_of(done.id) is None
    assert row_of(waiting.id) is not None
