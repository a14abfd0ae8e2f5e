"""A doctor connects: the sign-in, what is asked of DrChrono, and what is stored."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from plugin import create_app
from plugin.drchrono.connections import find_connection, list_connections, tokens_of
from plugin.extensions import reading, writing
from plugin.models import AuditEntry, Connection
from tests.onboarding.conftest import Visitor, query, words

SCOPES = "user:read patients:read patients:write calendar:read calendar:write clinical:read clinical:write labs:read"


def stored(app, doctor_id=1001):
    with app.app_context():
        return find_connection(doctor_id)


def test_connect_asks_for_the_scopes_in_order_with_state_and_pkce(visitor, sandbox):
    asked = query(visitor.begin())
    assert asked["scope"] == SCOPES
    assert asked["response_type"] == "code"
    assert asked["client_id"] == sandbox.client_id
    assert asked["redirect_uri"] == f"{visitor.url}/onboarding/callback"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 16
    assert len(asked["code_challenge"]) == 43


def test_every_sign_in_has_a_state_and_challenge_of_its_own(visitor):
    first, second = query(visitor.begin()), query(visitor.begin())
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]


def test_a_doctor_who_authorizes_lands_on_the_connected_page(visitor, sandbox):
    answer = visitor.connect()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/onboarding/")
    assert "Maya Okafor" in words(visitor.get("/onboarding/"))
    assert sandbox.frames() == [1001]


def test_the_code_is_exchanged_with_its_verifier_before_anything_else(visitor, sandbox):
    sandbox.clear_calls()
    visitor.connect()
    assert [(call["method"], call["path"]) for call in sandbox.calls()][-7:-3] == [
        ("POST", "/o/token/"),
        ("GET", "/api/users/current"),
        ("GET", "/api/users/9001"),
        ("POST", "/api/iframe_integration"),
    ]


def test_the_stored_connection_knows_who_connected(doctor, app):
    connection = stored(app)
    assert (connection.status, connection.user_id, connection.is_staff) == ("connected", 9001, False)
    assert connection.practice_group == 3001
    assert set(connection.scope.split()) == set(SCOPES.split())


def test_name_zone_offices_and_note_fields_are_read_at_connect(doctor, app, sandbox):
    profile = stored(app).profile
    assert (profile.first_name, profile.timezone) == ("Maya", "America/New_York")
    assert [office.name for office in profile.offices] == ["Main Street Office", "Riverside Office"]
    text_fields = {
        row["id"]
        for row in sandbox.records("field_types", doctor=1001)
        if row["data_type"] == "String" and not row["archived"] and not row.get("allowed_values")
    }
    assert {field.id for field in profile.note_fields} == text_fields


@pytest.mark.sqlite
def test_tokens_are_not_stored_in_the_clear(doctor, app, database_url):
    with app.app_context():
        tokens = tokens_of(1001)
    for suffix in ("", "-wal"):
        content = Path(database_url.removeprefix("sqlite:///") + suffix).read_bytes()
        assert tokens.access_token.encode() not in content
        assert tokens.refresh_token.encode() not in content


def test_a_staff_user_connects_the_primary_physician(visitor, app):
    visitor.connect(user_id=9003)
    assert (stored(app).user_id, stored(app).is_staff) == (9003, True)
    assert "staff account" in words(visitor.get("/onboarding/"))


def test_connecting_and_disconnecting_are_in_the_audit_trail(doctor, app):
    doctor.post("/onboarding/disconnect")
    with app.app_context(), reading() as session:
        entries = session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [(entry.action, entry.doctor_id) for entry in entries] == [("connect", 1001), ("disconnect", 1001)]


@pytest.mark.parametrize("repeat_status", [200, 400, 409])
def test_an_iframe_registered_before_is_a_success(visitor, sandbox, repeat_status):
    sandbox.options(iframe_repeat_status=repeat_status)
    visitor.connect()
    assert visitor.connect().headers["Location"] == "/onboarding/"
    assert sandbox.frames() == [1001]


def test_a_refused_iframe_connects_nobody(visitor, app, sandbox):
    sandbox.fault("status", path="/api/iframe_integration", method="POST", status=400)
    answer = visitor.connect()
    assert answer.status_code == 502
    assert stored(app) is None


def test_reconnecting_replaces_the_tokens_and_keeps_panels_and_settings(doctor, app):
    field = stored(app).profile.note_fields[0].id
    doctor.post("/onboarding/settings", note_field=field)
    with app.app_context():
        old = tokens_of(1001)
    before = stored(app)
    doctor.connect()
    with app.app_context():
        assert tokens_of(1001) != old
    assert (stored(app).generation, stored(app).note_field) == (before.generation, field)


def test_reconnecting_heals_a_broken_connection(doctor, app, sandbox):
    sandbox.deauthorize(1001)
    doctor.get("/onboarding/patients")
    assert stored(app).status == "broken"
    doctor.connect()
    assert (stored(app).status, stored(app).broken_at) == ("connected", None)


def test_a_profile_that_cannot_be_read_does_not_keep_a_doctor_from_connecting(visitor, app, sandbox):
    fault = sandbox.fault("status", path="/api/offices", status=500)
    assert visitor.connect().headers["Location"] == "/onboarding/"
    profile = stored(app).profile
    assert (profile.first_name, profile.offices, profile.unread) == ("Maya", (), ("offices",))
    sandbox.clear_faults(fault)
    assert "Maya Okafor" in words(visitor.get("/onboarding/"))
    assert stored(app).profile.offices


def test_a_profile_of_yesterday_is_read_again(doctor, app, sandbox):
    with app.app_context(), writing() as session:
        session.get(Connection, 1001).profile_read_at = datetime.now(UTC) - timedelta(hours=25)
    sandbox.change("doctors", 1001, last_name="Okafor-Reyes")
    assert "Okafor-Reyes" in words(doctor.get("/onboarding/"))


def test_a_profile_of_today_is_not_read_again(doctor, sandbox):
    sandbox.clear_calls()
    doctor.get("/onboarding/")
    assert sandbox.calls() == []


# --- several sign-ins at once ---------------------------------------------------------------------------


def test_tabs_that_connect_at_the_same_time_do_not_disturb_each_other(visitor, app):
    first, second = visitor.authorized(user_id=9001), visitor.authorized(user_id=9002)
    assert visitor.get(second).headers["Location"] == "/onboarding/"
    assert visitor.get(first).headers["Location"] == "/onboarding/"
    with app.app_context():
        assert [each.doctor_id for each in list_connections()] == [1001, 1002]


def test_answers_that_overtake_each_other_do_not_lose_a_state(visitor, plugin_url, sandbox):
    other = Visitor(plugin_url, sandbox)
    first, second = visitor.begin(), other.begin()
    for cookie in other.http.cookies:
        visitor.http.cookies.set_cookie(cookie)
    assert visitor.get(sandbox.authorize(first)).status_code == 302
    assert visitor.get(sandbox.authorize(second)).status_code == 302


def test_many_sign_ins_never_completed_do_not_fill_the_cookies(visitor):
    for _ in range(20):
        visitor.begin()
    assert len([cookie for cookie in visitor.http.cookies if cookie.name.startswith("connect-")]) == 8
    assert visitor.connect().headers["Location"] == "/onboarding/"


# --- ways that end without a connection ------------------------------------------------------------------


def refused(answer: requests.Response, status: int, title: str) -> None:
    """The page says why, what to do, and a reference."""
    text = words(answer)
    assert (answer.status_code, title in text) == (status, True), text
    assert "Connect again" in text
    assert "Reference" in text


def test_cancelling_stores_nothing_and_says_how_to_go_on(visitor, app):
    refused(visitor.get(visitor.authorized(decision="cancel")), 400, "You cancelled the connection")
    assert stored(app) is None


def test_a_state_of_another_browser_is_refused(visitor, plugin_url, sandbox, app):
    stolen = visitor.authorized()
    sandbox.clear_calls()
    refused(Visitor(plugin_url, sandbox).get(stolen), 400, "This sign-in cannot be continued")
    assert sandbox.calls("/o/token/") == []
    assert stored(app) is None


@pytest.mark.parametrize("state", [None, "", "x", "' or 1=1", "é" * 50])
def test_a_missing_or_wrong_state_is_refused(visitor, sandbox, state):
    code = sandbox.code_for(1001)
    visitor.begin()
    answer = visitor.get("/onboarding/callback", code=code, **({} if state is None else {"state": state}))
    refused(answer, 400, "This sign-in cannot be continued")


def test_a_callback_without_a_code_is_refused(visitor):
    state = query(visitor.begin())["state"]
    refused(visitor.get("/onboarding/callback", state=state), 400, "DrChrono did not complete the sign-in")


def test_a_bare_callback_is_refused(visitor):
    refused(visitor.get("/onboarding/callback"), 400, "This sign-in cannot be continued")


def test_a_used_code_is_refused_under_a_new_state(visitor):
    code = query(used := visitor.authorized())["code"]
    visitor.get(used)
    state = query(visitor.begin())["state"]
    refused(visitor.get("/onboarding/callback", code=code, state=state), 400, "This sign-in has expired")


def test_an_expired_code_is_refused(visitor, sandbox, app):
    sandbox.options(code_seconds=0.0)
    refused(visitor.connect(), 400, "This sign-in has expired")
    assert stored(app) is None


def test_a_callback_opened_twice_spends_its_code_once(visitor, plugin_url, sandbox, app):
    address = visitor.authorized()
    twin = Visitor(plugin_url, sandbox)
    twin.http.cookies.update(visitor.http.cookies)
    assert visitor.get(address).status_code == 302
    refused(twin.get(address), 400, "This sign-in cannot be continued")
    assert len(sandbox.calls("/o/token/")) == 1


@pytest.mark.parametrize(
    ("error", "status"),
    [("server_error", 502), ("temporarily_unavailable", 502), ("invalid_scope", 400), ("<b>", 400)],
)
def test_an_error_of_the_authorization_page_has_its_page(visitor, error, status):
    state = query(visitor.begin())["state"]
    answer = visitor.get("/onboarding/callback", error=error, state=state)
    assert answer.status_code == status
    assert "<b>" not in answer.text


@pytest.mark.parametrize("error", ["server_error", "invalid_scope"])
def test_an_error_without_the_state_of_a_sign_in_is_not_believed(visitor, error):
    visitor.begin()
    refused(
        visitor.get("/onboarding/callback", error=error, state="x"), 400, "This sign-in cannot be continued"
    )


def test_too_little_permission_is_named(visitor, sandbox, app):
    address = visitor.begin().replace("+labs%3Aread", "").replace("%20labs%3Aread", "")
    answer = visitor.get(sandbox.authorize(address))
    refused(answer, 400, "Chartside was allowed too little")
    assert "read lab results" in words(answer)
    assert stored(app) is None


STEPS = ["/o/token/", "/api/users/current", "/api/users/9001", "/api/iframe_integration"]
WITH_A_BODY = ["/o/token/", "/api/users/9001"]
FAULTS = [
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 503, "body": "<html>busy</html>"},
    {"kind": "status", "status": 429, "retry_after": "120"},
    {"kind": "reset_before"},
    {"kind": "redirect_elsewhere", "url": "http://127.0.0.1:9/elsewhere"},
]


@pytest.mark.parametrize(
    ("path", "fault"),
    [(path, fault) for path in STEPS for fault in FAULTS]
    + [(path, {"kind": "truncated"}) for path in WITH_A_BODY],
    ids=str,
)
def test_drchrono_failing_at_any_step_leaves_nothing_stored(visitor, sandbox, app, path, fault):
    address = visitor.authorized()
    sandbox.fault(path=f"^{path}$", **fault)
    answer = visitor.get(address)
    assert answer.status_code == 502
    assert "Connect again" in words(answer)
    assert stored(app) is None


@pytest.mark.parametrize("path", ["/o/token/", "/api/users/current"])
@pytest.mark.parametrize("body", [[], {}, "text", 7, None], ids=str)
def test_an_answer_of_another_shape_is_a_failure_of_drchrono(visitor, sandbox, app, path, body):
    address = visitor.authorized()
    sandbox.fault("status", path=f"^{path}$", status=200, body=body)
    assert visitor.get(address).status_code == 502
    assert stored(app) is None


@pytest.mark.parametrize("doctor_of_user", [None, 0, -1, "", "x", True, [1001]], ids=str)
def test_an_account_without_a_doctor_is_told_so(visitor, sandbox, app, doctor_of_user):
    address = visitor.authorized()
    account = {"id": 9001, "doctor": doctor_of_user, "is_doctor": True, "is_staff": False}
    sandbox.fault("status", path="^/api/users/9001$", status=200, body=account)
    answer = visitor.get(address)
    assert answer.status_code == 502
    assert "whose account" in words(answer)
    with app.app_context():
        assert list_connections() == []


def test_a_doctor_id_may_come_as_text(visitor, sandbox, app):
    address = visitor.authorized()
    account = {"id": "9001", "doctor": "1001", "is_doctor": True, "is_staff": False}
    sandbox.fault("status", path="^/api/users/9001$", status=200, body=account)
    visitor.get(address)
    assert stored(app).user_id == 9001


def test_wrong_credentials_of_the_installation_are_its_own_page(settings, sandbox):
    settings["DRCHRONO_CLIENT_SECRET"] = "not the secret that DrChrono knows, by mistake"
    changed = create_app(settings).test_client()
    begun = changed.get("/onboarding/connect")
    sandbox.use_plugin(settings["PUBLIC_URL"])
    back = sandbox.authorize(begun.headers["Location"])
    answer = changed.get(back.removeprefix(settings["PUBLIC_URL"]))
    assert answer.status_code == 502
    assert "client id and secret" in answer.text


def test_a_silent_drchrono_is_given_up_at_the_deadline(settings, sandbox):
    settings["UPSTREAM_TIMEOUT_SECONDS"] = "1"
    impatient = create_app(settings).test_client()
    begun = impatient.get("/onboarding/connect")
    sandbox.use_plugin(settings["PUBLIC_URL"])
    back = sandbox.authorize(begun.headers["Location"])
    sandbox.fault("hang", path="/api/users/current")
    answer = impatient.get(back.removeprefix(settings["PUBLIC_URL"]))
    assert answer.status_code == 502


def test_the_hundred_and_first_sign_in_of_an_address_has_to_wait(client):
    for _ in range(100):
        assert client.get("/onboarding/connect").status_code == 302
    answer = client.get("/onboarding/connect")
    assert answer.status_code == 429
    assert "Wait ten minutes" in answer.text


def test_the_challenge_is_that_of_the_verifier_that_is_sent(client, settings, sandbox):
    """DrChrono (the sandbox) checks it: with a code for another challenge nobody connects."""
    begun = client.get("/onboarding/connect")
    other = base64.urlsafe_b64encode(hashlib.sha256(b"other").digest()).rstrip(b"=").decode()
    sandbox.use_plugin(settings["PUBLIC_URL"])
    code = sandbox.code_for(1001, code_challenge=other)
    state = query(begun.headers["Location"])["state"]
    answer = client.get("/onboarding/callback", query_string={"code": code, "state": state})
    assert answer.status_code == 400


def test_neither_code_nor_state_nor_token_is_logged(visitor, app, caplog, capfd):
    address = visitor.authorized()
    visitor.get(address)
    with app.app_context():
        tokens = tokens_of(1001)
    secrets = [*query(address).values(), tokens.access_token, tokens.refresh_token]
    written = (
        caplog.text
        + "".join(capfd.readouterr())
        + json.dumps([r.__dict__ for r in caplog.records], default=str)
    )
    assert [secret for secret in secrets if secret in written] == []
