"""What is read of a doctor at connect and daily."""

import json
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from plugin.drchrono.budget import Need
from plugin.drchrono.client import Client
from plugin.drchrono.connections import find_connection, mark_disconnecting
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import ConnectionBrokenError, UnavailableError
from plugin.drchrono.profile import (
    NoteField,
    Office,
    Profile,
    open_profile,
    profile_is_due,
    read_profile,
    save_profile,
)
from plugin.drchrono.upkeep import reread_profile
from plugin.extensions import keyring
from tests.drchrono.conftest import BOTH
from tests.sandbox_client import DOCTOR


@pytest.fixture
def drchrono(connected):
    return Client(DOCTOR, deadline=Deadline.after(10))


def profile(**changes):
    given = {
        "first_name": "Ada",
        "last_name": "Example",
        "suffix": "",
        "timezone": "",
        "offices": (),
        "note_fields": (),
    }
    return Profile(**{**given, **changes})


def test_a_profile_costs_three_calls(sandbox, drchrono):
    read_profile(drchrono, DOCTOR)
    assert [call["path"] for call in sandbox.calls()] == [
        f"/api/doctors/{DOCTOR}",
        "/api/offices",
        "/api/clinical_note_field_types",
    ]


def test_a_profile_has_the_doctors_name_and_zone(sandbox, drchrono):
    doctor = sandbox.records("doctors", id=DOCTOR)[0]
    read = read_profile(drchrono, DOCTOR)
    assert (read.first_name, read.last_name, read.timezone) == (
        doctor["first_name"],
        doctor["last_name"],
        doctor["timezone"],
    )


@pytest.mark.parametrize("form", ["list", "string"])
def test_exam_rooms_are_read_in_either_form(sandbox, drchrono, form):
    sandbox.options(exam_rooms_as=form)
    offices = read_profile(drchrono, DOCTOR).offices
    assert offices and all(
        office.exam_rooms and isinstance(office.exam_rooms[0][0], int) for office in offices
    )


@pytest.mark.parametrize("rooms", ["not JSON", "[1]", '"x"', "5", "", [{"index": None}], [{"name": "x"}]])
def test_exam_rooms_that_cannot_be_read_are_none(sandbox, drchrono, rooms):
    page = {"results": [{"id": 5, "name": "Main", "exam_rooms": rooms}], "next": None}
    sandbox.fault("status", path="/api/offices", status=200, body=page)
    assert read_profile(drchrono, DOCTOR).offices == (Office(5, "Main", ()),)


def test_archived_offices_do_not_count(sandbox, drchrono):
    page = {"results": [{"id": 5, "name": "Main", "archived": True}], "next": None}
    sandbox.fault("status", path="/api/offices", status=200, body=page)
    assert read_profile(drchrono, DOCTOR).offices == ()


def test_only_fields_for_free_text_count(sandbox, drchrono):
    fields = [
        {"id": 1, "name": "Plan", "data_type": "String", "archived": False},
        {"id": 2, "name": "Smokes", "data_type": "Checkbox"},
        {"id": 3, "name": "Old", "data_type": "String", "archived": True},
        {"id": 4, "name": "Side", "data_type": "String", "allowed_values": ["left", "right"]},
        {"id": "5", "name": " Notes ", "data_type": "String", "allowed_values": []},
    ]
    body = {"results": fields, "next": None}
    sandbox.fault("status", path="/api/clinical_note_field_types", status=200, body=body)
    assert read_profile(drchrono, DOCTOR).note_fields == (NoteField(1, "Plan"), NoteField(5, "Notes"))


@BOTH
def test_a_saved_profile_is_part_of_the_connection(connected):
    kept = profile(offices=(Office(1, "Main", ((2, "Room 2"),)),), note_fields=(NoteField(3, "Plan"),))
    save_profile(DOCTOR, kept)
    assert find_connection(DOCTOR).profile == kept


def test_a_profile_is_due_when_never_read_and_after_a_day(connected):
    before = find_connection(DOCTOR)
    assert profile_is_due(before, before.connected_at)
    save_profile(DOCTOR, profile())
    info = find_connection(DOCTOR)
    read_at = info.profile_read_at
    assert [profile_is_due(info, read_at + timedelta(hours=hours)) for hours in (23, 24)] == [False, True]


@pytest.mark.parametrize(
    ("name", "zone"),
    [("America/New_York", ZoneInfo("America/New_York")), ("", UTC), ("Mars/Base", UTC), ("../x", UTC)],
)
def test_an_unknown_zone_is_utc(name, zone):
    assert profile(timezone=name).zone == zone


def test_a_profile_of_a_stranger_is_not_kept(app):
    save_profile(DOCTOR, profile())
    assert find_connection(DOCTOR) is None and not mark_disconnecting(DOCTOR)


PLACES = {
    "doctor": ("/api/doctors/", lambda read: (read.first_name, read.last_name, read.timezone)),
    "offices": ("/api/offices", lambda read: read.offices),
    "note_fields": ("/api/clinical_note_field_types", lambda read: read.note_fields),
}


@pytest.mark.parametrize("part", PLACES)
@pytest.mark.parametrize(("status", "kind"), [(403, "refused"), (404, "refused"), (500, "unread")])
def test_each_part_is_read_without_the_others(sandbox, drchrono, part, status, kind):
    whole = read_profile(drchrono, DOCTOR)
    path, _ = PLACES[part]
    sandbox.fault("status", path=path, status=status)
    read = read_profile(drchrono, DOCTOR)
    assert {"refused": read.refused, "unread": read.unread} == {"refused": (), "unread": (), kind: (part,)}
    assert {name: bool(any(value(read))) for name, (_, value) in PLACES.items()} == {
        name: name != part for name in PLACES
    }
    assert [value(read) for name, (_, value) in PLACES.items() if name != part] == [
        value(whole) for name, (_, value) in PLACES.items() if name != part
    ]


def test_a_profile_of_which_nothing_can_be_read_now_is_none(sandbox, drchrono):
    sandbox.fault("status", path="/api/", status=502)
    with pytest.raises(UnavailableError):
        read_profile(drchrono, DOCTOR)


def test_a_profile_that_is_refused_altogether_is_an_empty_one(sandbox, drchrono):
    sandbox.fault("status", path="/api/", status=403)
    assert read_profile(drchrono, DOCTOR) == profile(
        first_name="", last_name="", refused=("doctor", "offices", "note_fields")
    )


def test_a_broken_connection_is_no_missing_part(sandbox, drchrono):
    sandbox.deauthorize(DOCTOR)
    with pytest.raises(ConnectionBrokenError):
        read_profile(drchrono, DOCTOR)


@BOTH
@pytest.mark.parametrize("kind", ["refused", "unread"])
def test_what_a_later_reading_lacks_stays_as_it_was_known(connected, kind):
    offices, fields = (Office(1, "Main", ((2, "Room 2"),)),), (NoteField(3, "Plan"),)
    save_profile(DOCTOR, profile(offices=offices, note_fields=fields))
    later = profile(first_name="Eda", last_name="", note_fields=(), **{kind: ("offices",)})
    save_profile(DOCTOR, later)
    kept = find_connection(DOCTOR).profile
    assert (kept.first_name, kept.offices, kept.note_fields) == ("Eda", offices, ())
    assert getattr(kept, kind) == ("offices",)


@pytest.mark.parametrize(("kind", "due"), [("refused", False), ("unread", True)])
def test_only_what_could_not_be_read_is_due_again_before_a_day(connected, kind, due):
    save_profile(DOCTOR, profile(**{kind: ("offices",)}))
    info = find_connection(DOCTOR)
    assert profile_is_due(info, info.connected_at + timedelta(hours=1)) is due


def test_a_profile_stored_before_parts_were_noted_still_opens(connected):
    old = {
        "first_name": "Ada",
        "last_name": "Example",
        "suffix": "",
        "timezone": "",
        "offices": [],
        "note_fields": [],
    }
    sealed = keyring().seal(json.dumps(old).encode(), f"connection {DOCTOR} profile")
    assert open_profile(DOCTOR, sealed) == profile()


@pytest.mark.parametrize(("status", "done"), [(403, True), (502, False)])
def test_the_daily_reading_tries_again_only_what_may_come(sandbox, connected, status, done):
    sandbox.fault("status", path="/api/offices", status=status)
    assert reread_profile(DOCTOR, need=Need.PREFETCH) is done
    assert find_connection(DOCTOR).profile.last_name
