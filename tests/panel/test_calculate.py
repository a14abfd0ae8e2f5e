from __future__ import annotations

import json
import math

import pytest
from flask import Flask

from plugin.drchrono.connections import mark_disconnecting
from tests.conftest import DOCTOR
from tests.panel.conftest import Panel, control, output, value_of
from tests.sandbox_client import Sandbox

FIB_4 = {"age": "61", "ast": "35", "alt": "40", "platelets": "190"}
FIB_4_VALUE = 61 * 35 / (190 * math.sqrt(40))


@pytest.fixture
def panel(open_panel) -> Panel:
    return open_panel("complex_patient")


def test_json_has_exactly_the_keys_of_the_interface(panel: Panel):
    answer = panel.json("fib-4", FIB_4)
    assert set(answer) == {"id", "outputs", "missing", "errors", "notices", "interpretation", "citation"}
    assert answer["outputs"]["fib4"] == {"value": pytest.approx(FIB_4_VALUE, rel=1e-12), "unit": ""}


def test_the_card_is_the_answer_for_a_browser(panel: Panel):
    card = panel.calculated("fib-4", FIB_4)
    assert card["data-state"] == "ready"
    assert float(output(card, "fib4")) == pytest.approx(FIB_4_VALUE, rel=1e-12)
    assert f"{FIB_4_VALUE:.2f}" in card.one(data_output="fib4").text


def test_nothing_is_taken_from_the_chart(panel: Panel):
    assert panel.json("fib-4", {"age": "61"})["missing"] == ["ast", "alt", "platelets"]
    card = panel.calculated("fib-4", {"age": "61"})
    assert (card["data-state"], output(card, "fib4"), value_of(card, "ast")) == ("needs-input", "", "")


def test_a_value_that_is_the_charts_keeps_its_source(panel: Panel):
    filled = {name: value_of(panel.card("fib-4"), name) for name in FIB_4}
    card = panel.calculated("fib-4", filled | {"ast": "77"})
    chart = control(panel.card("fib-4"), "alt")
    assert (control(card, "alt")["data-source"], control(card, "alt")["data-date"]) == (
        "labs",
        chart["data-date"],
    )
    assert control(card, "ast")["data-source"] == "entered"
    assert control(card, "ast").get("data-date") is None


def test_an_emptied_input_has_no_source(panel: Panel):
    filled = {name: value_of(panel.card("fib-4"), name) for name in FIB_4}
    card = panel.calculated("fib-4", filled | {"ast": ""})
    assert control(card, "ast").get("data-source") is None
    assert control(card, "ast").get("data-date") is None


def test_an_error_stands_beside_its_input(panel: Panel):
    card = panel.calculated("fib-4", FIB_4 | {"ast": "12 U/L"})
    asked = control(card, "ast")
    note = card.one(id=asked["aria-describedby"])
    assert (card["data-state"], output(card, "fib4")) == ("needs-input", "")
    assert (asked["value"], asked["aria-invalid"]) == ("12 U/L", "true")
    assert "AST must be a number" in note.text


def test_an_age_outside_of_the_formula_is_not_applicable(panel: Panel):
    card = panel.calculated("fib-4", FIB_4 | {"age": "12"})
    assert (card["data-state"], output(card, "fib4")) == ("not-applicable", "")
    assert "18" in card.text


def test_a_field_given_twice_is_an_error(panel: Panel):
    answer = panel.json("fib-4", FIB_4 | {"ast": ["35", "36"]})
    assert set(answer["errors"]) == {"ast"}
    assert answer["outputs"] == {}
    card = panel.calculated("fib-4", FIB_4 | {"ast": ["35", "36"]})
    assert control(card, "ast")["aria-invalid"] == "true"


def test_another_unit_is_converted_into_the_canonical_control(panel: Panel):
    card = panel.calculated("bmi", {"height_cm": "70", "height_cm_unit": "in", "weight_kg": "80"})
    assert float(value_of(card, "height_cm")) == pytest.approx(177.8)
    assert float(output(card, "bmi")) == pytest.approx(80 / 1.778**2)


def test_unknown_fields_are_ignored(panel: Panel):
    assert panel.json("fib-4", FIB_4 | {"colour": ["red", "blue"]})["errors"] == {}


def test_an_empty_body_lacks_everything(panel: Panel):
    answer = panel.post("calculate/fib-4", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["missing"]) == (200, list(FIB_4))


def test_an_unknown_calculator_is_404(panel: Panel):
    assert panel.post("calculate/astrology", FIB_4).status_code == 404


def test_a_json_body_is_415(panel: Panel):
    answer = panel.post("calculate/fib-4", json.dumps(FIB_4), content_type="application/json")
    assert answer.status_code == 415


@pytest.mark.parametrize("path", ["calculate/fib-4", "refresh"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic YTpi"}])
def test_without_a_session_it_is_a_401_fragment(panel: Panel, path, headers):
    answer = panel.client.post(f"/panel/{path}", data=FIB_4, headers=headers)
    assert answer.status_code == 401
    assert "<html" not in answer.text
    assert "open" in answer.text.lower()


def test_without_a_session_json_has_error_and_reference(panel: Panel):
    answer = panel.client.post("/panel/calculate/fib-4", data=FIB_4, headers={"Accept": "application/json"})
    assert (answer.status_code, set(answer.get_json())) == (401, {"error", "reference"})


def test_a_disconnect_ends_the_session(panel: Panel, app: Flask):
    with app.app_context():
        mark_disconnecting(DOCTOR)
    assert panel.post("calculate/fib-4", FIB_4).status_code == 401


def test_every_success_renews_the_session(panel: Panel):
    for path in ("calculate/fib-4", "refresh"):
        assert panel.post(path, FIB_4).headers["X-Panel-Session"]


def test_drchrono_is_not_asked(panel: Panel, sandbox: Sandbox):
    sandbox.clear_calls()
    panel.calculated("fib-4", FIB_4)
    assert sandbox.calls() == []


def test_what_if_shows_another_risk_beside_todays(open_panel):
    panel = open_panel("prevent_example")
    card = panel.card("prevent")
    names = [
        item.name
        for item in __import__("plugin.calculators", fromlist=["x"]).find_calculator("prevent").inputs
    ]
    filled = {name: value_of(card, name) for name in names}
    answer = panel.calculated("prevent", filled | {"what_if_sbp": "on"})
    assert output(answer, "cvd_10y") == output(card, "cvd_10y")
    expected = panel.json("prevent", filled | {"sbp": "130"})["outputs"]["cvd_10y"]["value"]
    assert f"what if {expected:.1f}%" in answer.text
    assert float(output(card, "cvd_10y")) > expected
