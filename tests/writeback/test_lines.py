"""A result in one line, as a doctor would write it: nothing twice, dates where they matter."""

from __future__ import annotations

import re

import pytest

from plugin.calculators import all_calculators, compute, find_calculator
from plugin.writeback.lines import note_line, result_words
from plugin.writeback.provenance import given_values
from tests.writeback.examples import CHART, PREVENT, TODAY, plausible


def line(id, **posted):
    answer = compute(find_calculator(id), posted)
    assert answer.result is not None, (answer.missing, answer.errors)
    return note_line(answer, given_values(answer, posted, CHART, TODAY), TODAY)


def words(id, **posted):
    return result_words(compute(find_calculator(id), posted))


def test_a_line_says_result_values_and_dates():
    assert line("fib-4", age="61", ast="41", alt="36", platelets="180") == (
        "FIB-4 index: 2.32 (Indeterminate). From Age 61 years; AST 41 U/L (entered); "
        "ALT 36 U/L, Platelets 180 × 10⁹/L (2026-03-01). Chartside, 2026-11-22."
    )


def test_a_band_that_an_output_says_too_is_said_once():
    assert words("kdigo-ckd", egfr="37", uacr="42") == (
        "GFR category G3b, albuminuria category A2; Very high risk"
    )
    answers = {f"q{number}": "1" for number in range(1, 10)}
    assert words("phq-9", **answers) == "score 9 (Mild, item 9 positive)"


def test_the_band_of_prevent_stands_with_the_risk_it_is_about():
    said = line("prevent", **PREVENT)
    percents = r"[0-9.]+%"
    assert re.search(
        rf"10-year risk, all cardiovascular disease {percents}, atherosclerotic disease {percents} \(\w+ risk\), "
        rf"heart failure {percents}; 30-year risk, all cardiovascular disease {percents}, "
        rf"atherosclerotic disease {percents}, heart failure {percents}; model with HbA1c and UACR\. From",
        said,
    )


def test_a_value_calculated_from_the_chart_is_said_with_the_digits_that_are_read():
    egfr = compute(
        find_calculator("egfr-ckd-epi-2021"), {"age": "61", "sex": "female", "creatinine": "1.37"}
    ).result.outputs["egfr"]
    said = line("kdigo-ckd", egfr=repr(egfr), uacr="42")
    assert re.search(r"From eGFR [0-9]{2}\.[0-9] mL/min/1.73 m² \(calculated, 2026-03-01\); Urine", said)


def test_what_the_doctor_answered_otherwise_than_the_chart_is_said():
    posted = {"age": "61", "sex": "female", "heart_failure": "true", "hypertension": "false"}
    others = dict.fromkeys(("stroke_tia_te", "vascular_disease", "diabetes"), "false")
    assert "; heart failure (entered)." in line("cha2ds2-vasc", **posted, **others)


def test_the_answers_to_a_questionnaire_are_numbers():
    answers = {f"q{number}": str(number % 4) for number in range(1, 8)}
    assert "From answers 1, 2, 3, 0, 1, 2, 3. Chartside" in line("gad-7", **answers)


@pytest.mark.parametrize("id", sorted(all_calculators()))
def test_no_line_is_long_or_says_a_thing_twice_in_a_row(id):
    calculator = find_calculator(id)
    said = line(id, **plausible(calculator))
    assert len(said) < 650
    assert not re.search(
        r"\b([a-z]\w+(?: [a-z]\w+)*)[:,;]? \(?\1\b", said.partition(" From ")[0], re.IGNORECASE
    )
