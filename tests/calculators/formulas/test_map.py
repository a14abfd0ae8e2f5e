from __future__ import annotations

import pytest

from tests.calculators.asking import ask, result_of
from tests.calculators.reference import check_reference


@pytest.mark.parametrize(
    ("sbp", "dbp", "mean"), [(120, 80, 280 / 3), (120, 90, 100.0), (90, 90, 90.0), (300, 20, 340 / 3)]
)
def test_is_a_third_of_systolic_and_two_of_diastolic(sbp: float, dbp: float, mean: float) -> None:
    check_reference("map", {"sbp": sbp, "dbp": dbp}, {"map": mean}, 1e-9)


def test_refuses_a_diastolic_above_the_systolic() -> None:
    answer = ask("map", {"sbp": 80, "dbp": 80.5})
    assert answer.errors.keys() == {"dbp"}
    assert answer.to_json()["outputs"] == {}


@pytest.mark.parametrize(("dbp", "band"), [(64.99, "Below 65 mmHg"), (65, "65 mmHg or more")])
def test_names_the_band_on_both_sides_of_65(dbp: float, band: str) -> None:
    result = result_of("map", {"sbp": 65, "dbp": 65} if dbp == 65 else {"sbp": 65, "dbp": dbp})
    assert result.band == band
    assert "Surviving Sepsis Campaign 2021" in result.interpretation


@pytest.mark.parametrize("pressure", [60, 70])
def test_says_for_whom_the_target_was_set(pressure: float) -> None:
    # A first target for adults with septic shock on vasopressors, not for everyone with a cuff.
    sentence = result_of("map", {"sbp": pressure, "dbp": pressure}).interpretation
    assert "initial target of 65 mmHg in septic shock on vasopressors" in sentence
