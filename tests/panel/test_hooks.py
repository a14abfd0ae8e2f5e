"""What stands beside each filled input: its source, its date, its evidence; and the state of each card."""

from __future__ import annotations

import pytest

from tests.panel.conftest import control, controls, output, value_of
from tests.sandbox_client import Sandbox


def newest_lab(sandbox: Sandbox, patient: int, loinc: str) -> dict:
    rows = sandbox.records("labs", patient=patient, loinc_code=loinc)
    return max(rows, key=lambda row: (row["date_test_performed"], row["id"]))


def test_a_lab_value_says_lab_and_the_day_of_the_test(open_panel, sandbox: Sandbox):
    ast = control(open_panel("complex_patient").card("fib-4"), "ast")
    row = newest_lab(sandbox, sandbox.patient("complex_patient"), "1920-8")
    assert float(ast["value"]) == float(row["lab_result_value"])
    assert (ast["data-source"], ast["data-date"]) == ("labs", row["date_test_performed"][:10])


def test_a_measured_value_says_vitals_and_the_day_of_the_visit(open_panel):
    weight = control(open_panel("complex_patient").card("bmi"), "weight_kg")
    assert weight["data-source"] == "vitals"
    assert weight["data-date"]


@pytest.mark.parametrize("name", ["age", "sex"])
def test_age_and_sex_come_from_the_patient_without_a_date(open_panel, name):
    filled = control(open_panel("complex_patient").card("cha2ds2-vasc"), name)
    assert (filled["data-source"], filled.get("data-date")) == ("patient", None)


def test_a_boolean_shows_the_problem_that_made_it_true(open_panel):
    card = open_panel("complex_patient").card("cha2ds2-vasc")
    chosen = control(card, "heart_failure")
    assert (chosen["type"], chosen["value"], chosen["data-source"]) == ("radio", "true", "problems")
    assert chosen["data-date"]
    assert "I50" in card.one(id="cha2ds2-vasc-heart_failure-note").text


def test_a_boolean_false_from_absence_names_the_list_searched(open_panel):
    card = open_panel("complex_patient").card("cha2ds2-vasc")
    chosen = control(card, "vascular_disease")
    assert (chosen["value"], chosen["data-source"], chosen.get("data-date")) == ("false", "problems", None)
    assert "not found in chart" in card.one(id="cha2ds2-vasc-vascular_disease-note").text


def test_an_input_that_the_chart_does_not_know_is_empty(open_panel):
    card = open_panel("complex_patient").card("stop-bang")
    assert value_of(card, "snoring") == ""
    assert all(each.get("data-source") is None for each in controls(card, "snoring"))


def test_a_calculated_input_has_the_date_of_its_oldest_ingredient(open_panel):
    panel = open_panel("complex_patient")
    card = panel.card("kdigo-ckd")
    egfr = control(card, "egfr")
    creatinine = control(panel.card("egfr-ckd-epi-2021"), "creatinine")
    assert (egfr["data-source"], egfr["data-date"]) == ("calculated", creatinine["data-date"])
    assert "from creatinine" in card.one(id="kdigo-ckd-egfr-note").text


def test_a_calculated_input_agrees_with_the_card_that_calculates_it(open_panel):
    panel = open_panel("complex_patient")
    assert value_of(panel.card("kdigo-ckd"), "egfr") == output(panel.card("egfr-ckd-epi-2021"), "egfr")


def test_old_values_are_flagged_on_the_input_and_on_the_result(open_panel):
    card = open_panel("old_values").card("egfr-ckd-epi-2021")
    assert "Older than 12 months" in card.one(id="egfr-ckd-epi-2021-creatinine-note").text
    assert "older than 12 months" in card.one("p", class_="stale").text


def test_a_text_result_is_shown_and_not_computed_with(open_panel):
    card = open_panel("lab_text_values").card("egfr-ckd-epi-2021")  # its creatinine is reported as `<0.5`
    creatinine = control(card, "creatinine")
    assert (creatinine["value"], creatinine.get("data-source"), output(card, "egfr")) == ("", None, "")
    assert "<0.5" in card.one(id="egfr-ckd-epi-2021-creatinine-note").text


def test_without_a_sex_in_the_chart_the_doctor_chooses(open_panel):
    card = open_panel("gender_unk").card("cha2ds2-vasc")
    assert value_of(card, "sex") == ""
    assert card["data-state"] == "needs-input"


def test_without_a_birth_date_the_header_says_so(open_panel):
    assert "No birth date in the chart" in open_panel("no_birth_date").page.one("header", class_="who").text


def test_a_known_disease_that_the_paper_excludes_is_named(open_panel):
    card = open_panel("complex_patient").card("prevent")
    assert (card["data-state"], output(card, "cvd_10y")) == ("not-applicable", "")
    assert "heart failure" in card.text


def test_a_child_has_adults_formulas_folded_with_the_reason(open_panel):
    panel = open_panel("child")
    for id in ("fib-4", "meld-3", "prevent"):
        card = panel.card(id)
        assert card["data-state"] == "not-applicable", id
        assert card.all("details")
        assert "age" in card.one("p", class_="refusal").text.lower()


def test_prevent_of_its_published_example(open_panel):
    """Khan 2023, supplement: 14.7% cardiovascular disease, 9.2% atherosclerotic, 8.1% heart failure."""
    card = open_panel("prevent_example").card("prevent")
    shown = [round(float(output(card, name)), 1) for name in ("cvd_10y", "ascvd_10y", "hf_10y")]
    assert shown == [14.7, 9.2, 8.1]


def test_other_units_stand_beside_the_canonical_one(open_panel):
    card = open_panel("complex_patient").card("bmi")
    height = control(card, "height_cm")
    (inches,) = [each for each in card.all("input", class_="other") if each["data-factor"] == "2.54"]
    assert float(inches["value"]) == pytest.approx(float(height["value"]) / 2.54, rel=1e-3)
    assert inches.get("name") is None


def test_a_filled_value_is_not_rounded(open_panel):
    weight = value_of(open_panel("units_imperial").card("bmi"), "weight_kg")
    pounds = float(weight) / 0.45359237
    assert pounds == pytest.approx(round(pounds, 1), abs=1e-9)


def test_a_long_value_lies_whole_under_its_rounded_one(open_panel):
    card = open_panel("complex_patient").card("kdigo-ckd")
    egfr, (rounded,) = control(card, "egfr"), card.all("span", class_="rounded")
    assert len(egfr["value"]) > len(rounded.text) == 5
    assert float(rounded.text) == pytest.approx(float(egfr["value"]), abs=0.005)
    assert rounded["aria-hidden"] == "true"


@pytest.mark.parametrize(
    "patient", ["name_long", "name_rtl", "many_labs", "implausible_labs", "numbers_as_strings"]
)
def test_every_chart_has_a_page(open_panel, patient):
    assert open_panel(patient).page.all("article")


def test_a_childs_bmi_stands_without_the_bands_of_adults(open_panel):
    card = open_panel("child").card("bmi")
    assert card["data-state"] == "ready"
    assert float(output(card, "bmi")) == pytest.approx(31 / 1.28**2)
    assert "Its bands are for age 20 and over." in card.text
    assert "weight by the WHO" not in card.text
