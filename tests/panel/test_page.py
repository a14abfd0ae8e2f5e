from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from plugin.calculators import all_calculators
from plugin.chart.store import mark_changed
from plugin.drchrono.connections import mark_broken, mark_disconnecting, tokens_of
from plugin.extensions import writing
from plugin.models import Attempt, AuditEntry
from tests.conftest import DOCTOR
from tests.panel.conftest import controls
from tests.panel.html import parse
from tests.sandbox_client import Sandbox

PAGES = ("patient", "clinical-note")


@pytest.mark.parametrize("page", PAGES)
def test_the_page_says_who_the_patient_is(open_panel, sandbox, page):
    panel = open_panel("complex_patient", page=page)
    born = sandbox.records("patients", id=sandbox.patient("complex_patient"))[0]["date_of_birth"]
    header = panel.page.one("header", class_="who")
    assert header.one("h1").text == "Conrad Complex"
    assert header.one("time", datetime=born).text == born
    assert re.search(r"\b6\d years\b", header.text)


def test_the_page_says_how_old_the_chart_is(open_panel):
    panel = open_panel("complex_patient")
    shown = panel.page.one("time", data_clock="")
    age = datetime.now(UTC) - datetime.fromisoformat(shown["datetime"])
    assert 0 <= age.total_seconds() < 60
    assert re.fullmatch(r"\d\d:\d\d", shown.text)
    assert panel.page.one("button", id="refresh").text == "Refresh"


def test_every_calculator_has_its_card_with_all_its_inputs(open_panel):
    panel = open_panel("empty_chart")
    for calculator in all_calculators().values():
        card = panel.card(calculator.id)
        assert all(controls(card, item.name) for item in calculator.inputs), calculator.id
        assert {each["data-output"] for each in card.walk() if each.get("data-output")} == set(
            calculator.output_units
        )


def test_ids_are_unique_and_every_description_exists(open_panel):
    elements = list(open_panel("complex_patient").page.walk())
    ids = [each["id"] for each in elements if each.get("id")]
    assert len(ids) == len(set(ids))
    named = [name for each in elements for name in (each.get("aria-describedby") or "").split()]
    assert set(named) <= set(ids)


def test_nothing_needs_inline_script_or_style(open_panel):
    for element in open_panel("prevent_example").page.walk():
        assert element.tag != "style"
        assert element.tag != "script" or element.get("src")
        assert not any(name == "style" or name.startswith(("on", "hx-on")) for name in element.attributes), (
            element
        )


def test_a_panel_asks_for_one_script_and_one_style_sheet(open_panel):
    page = open_panel("complex_patient").page
    assert len(page.all("script")) == len(page.all("link", rel="stylesheet")) == 1


def test_names_from_the_chart_are_escaped(open_panel):
    panel = open_panel("name_markup")
    assert panel.page.one("h1").text.startswith("<b>Ann</b> & #eval")


def test_a_warm_page_asks_drchrono_nothing(open_panel, sandbox: Sandbox):
    open_panel("complex_patient")
    sandbox.clear_calls()
    open_panel("complex_patient")
    assert sandbox.calls() == []


def test_a_view_is_in_the_audit_trail(open_panel, app: Flask, sandbox: Sandbox):
    open_panel("complex_patient")
    with app.app_context(), writing() as session:
        entries = [
            (each.action, each.doctor_id, each.patient_id, each.outcome) for each in session.query(AuditEntry)
        ]
    assert ("view", DOCTOR, sandbox.patient("complex_patient"), "ok") in entries


def test_unsigned_parameters_are_not_read(client: FlaskClient, sandbox: Sandbox, connected: int):
    jwt = sandbox.launch_jwt(sandbox.patient("prevent_example"))
    answer = client.get(
        "/patient", query_string={"jwt": jwt, "patient_id": 5002, "doctor_id": 1002, "page": "x"}
    )
    assert parse(answer.text).one("h1").text == "Paula Prevent"


def test_with_drchrono_down_the_tools_work_by_hand(open_panel, sandbox: Sandbox):
    sandbox.fault("status", path="/api/", status=503)
    panel = open_panel("complex_patient")
    assert panel.page.one("div", id="trouble").text
    assert panel.card("fib-4")["data-state"] == "needs-input"
    posted = {"age": "60", "ast": "40", "alt": "40", "platelets": "200"}
    assert panel.calculated("fib-4", posted)["data-state"] == "ready"


def test_the_snapshot_is_shown_with_the_reason_when_drchrono_fails(open_panel, sandbox: Sandbox, app: Flask):
    before = open_panel("complex_patient").card("fib-4").one(data_output="fib4")["data-value"]
    sandbox.fault("status", path="/api/", status=503)
    with app.app_context():
        mark_changed(DOCTOR, sandbox.patient("complex_patient"), ("labs",))
    panel = open_panel("complex_patient")
    assert panel.card("fib-4").one(data_output="fib4")["data-value"] == before
    assert panel.page.one("div", id="trouble").text


def test_a_doctor_who_never_connected_is_told_who_must(client: FlaskClient, sandbox: Sandbox, settings):
    answer = client.get(
        "/patient", query_string={"jwt": sandbox.launch_jwt(sandbox.patient("complex_patient"))}
    )
    page = parse(answer.text)
    link = page.one("a")
    assert answer.status_code == 403
    assert str(DOCTOR) in page.text
    assert (link["href"], link["target"]) == (f"{settings['PUBLIC_URL']}/onboarding/", "_blank")


def test_a_broken_connection_shows_nothing_of_the_snapshot(open_panel, client, sandbox: Sandbox, app: Flask):
    open_panel("complex_patient")
    with app.app_context():
        tokens = tokens_of(DOCTOR)
        assert tokens is not None
        mark_broken(DOCTOR, "refused", refused=tokens)
    answer = client.get(
        "/patient", query_string={"jwt": sandbox.launch_jwt(sandbox.patient("complex_patient"))}
    )
    assert answer.status_code == 403
    assert "Conrad" not in answer.text
    assert str(DOCTOR) in answer.text


def test_a_disconnected_doctor_sees_no_panel(open_panel, client, sandbox: Sandbox, app: Flask):
    open_panel("complex_patient")
    with app.app_context():
        mark_disconnecting(DOCTOR)
    answer = client.get(
        "/patient", query_string={"jwt": sandbox.launch_jwt(sandbox.patient("complex_patient"))}
    )
    assert answer.status_code == 403


def test_a_patient_whom_drchrono_denies_is_a_404_page(client: FlaskClient, sandbox: Sandbox, connected: int):
    answer = client.get("/patient", query_string={"jwt": sandbox.launch_jwt(999_999)})
    assert answer.status_code == 404
    assert "frame-ancestors 'none'" not in answer.headers["Content-Security-Policy"]
    assert parse(answer.text).one("p", class_="reference").text.startswith("Reference ")


@pytest.mark.parametrize(
    ("query", "status"),
    [({}, 400), ({"jwt": ""}, 400), ({"jwt": ["a", "b"]}, 400), ({"jwt": "nonsense"}, 401)],
)
@pytest.mark.parametrize("page", PAGES)
def test_a_launch_that_proves_nothing_is_refused(client: FlaskClient, page, query, status):
    answer = client.get(f"/{page}", query_string=query)
    assert answer.status_code == status
    assert parse(answer.text).one("h1").text == "This page could not be opened"


def test_guessing_ends_but_a_signed_launch_never_does(client: FlaskClient, app, open_panel):
    client.get("/patient")
    with app.app_context(), writing() as session:
        session.query(Attempt).filter_by(kind="launch").update({"count": 1000})
    assert client.get("/patient").status_code == 429
    assert open_panel("complex_patient").response.status_code == 200
