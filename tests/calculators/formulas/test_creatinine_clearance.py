from __future__ import annotations

import pytest

from plugin.calculators.formulas.creatinine_clearance import creatinine_clearance
from tests.calculators.asking import ask
from tests.calculators.reference import check_reference

MAN = {"age": 68, "sex": "male", "weight_kg": 72, "creatinine": 1.0}


@pytest.mark.parametrize(
    ("age", "sex", "weight_kg", "creatinine", "crcl"),
    [
        # Whole numbers by hand: (140 − 68) × 72 / (72 × 1) = 72; half of it at 2 mg/dL; 85 % of it in women.
        (68, "male", 72, 1.0, 72.0),
        (68, "male", 72, 2.0, 36.0),
        (68, "female", 72, 1.0, 61.2),
        (40, "male", 108, 1.5, 100.0),
        (20, "female", 60, 0.5, 170.0),
    ],
)
def test_agrees_with_hand_calculations(
    age: float, sex: str, weight_kg: float, creatinine: float, crcl: float
) -> None:
    inputs = {"age": age, "sex": sex, "weight_kg": weight_kg, "creatinine": creatinine}
    check_reference("creatinine-clearance", inputs, {"crcl": crcl}, 1e-9)


def test_is_not_for_children() -> None:
    assert ask("creatinine-clearance", MAN, age=17.99).not_applicable == ["age"]
    assert ask("creatinine-clearance", MAN, age=18).not_applicable == []


@pytest.mark.parametrize(
    ("cutoff", "below", "at"),
    [
        (15, "Kidney failure range", "Severe impairment"),
        (30, "Severe impairment", "Moderate impairment"),
        (60, "Moderate impairment", "Mild impairment"),
        (90, "Mild impairment", "Normal"),
    ],
)
def test_names_the_band_on_both_sides_of_a_cutoff(cutoff: float, below: str, at: str) -> None:
    # At 68 years and 1 mg/dL a man's clearance is his weight.
    assert creatinine_clearance(age=68, sex="male", weight_kg=cutoff - 1e-9, creatinine=1.0).band == below
    assert creatinine_clearance(age=68, sex="male", weight_kg=cutoff, creatinine=1.0).band == at


@pytest.mark.parametrize(
    ("weight_kg", "words"),
    [
        (10, "in the range of kidney failure"),
        (20, "severely impaired"),
        (40, "moderately impaired"),
        (70, "mildly impaired"),
        (100, "normal"),
    ],
)
def test_the_sentence_reads_in_every_band(weight_kg: float, words: str) -> None:
    sentence = creatinine_clearance(age=68, sex="male", weight_kg=weight_kg, creatinine=1.0).interpretation
    assert sentence.startswith(f"Kidney function {words} (")


def test_the_sentence_names_its_ranges_and_leaves_the_dose_to_the_label() -> None:
    sentence = creatinine_clearance(**MAN).interpretation  # type: ignore[arg-type]  # as its names say
    assert "below 90, 60, 30 and 15 mL/min" in sentence
    assert "each drug's label has its own limits" in sentence
