"""A ruler has the colours of the bands that its formula returns, also where these depend on the patient."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from plugin.calculators import all_calculators, compute, find_calculator
from plugin.calculators.bands import Band, Scale
from plugin.calculators.declaration import Input, Value
from plugin.panel.pictures.ruler import Ground, Stretch, ground_of

SCALED = [id for id, calculator in all_calculators().items() if calculator.scale]
NEAR = {
    "fib-4": {"ast": (15, 120), "alt": (15, 120), "platelets": (100, 350)},
    "nafld-fibrosis-score": {"ast": (10, 90), "alt": (10, 90), "platelets": (90, 400), "albumin": (2.5, 5)},
    "bmi": {"height_cm": (150, 190), "weight_kg": (40, 150)},
    "child-pugh": {"inr": (0.8, 3), "albumin": (2, 5), "bilirubin": (0.3, 6)},
    "bmi-for-age": {"bmi": (12, 35)},
    "ascvd-pce": {"sbp": (90, 200)},
}
"""Ranges in which every band is met."""


def random_value(dice: random.Random, item: Input, near: dict[str, tuple[float, float]]) -> Value:
    if item.kind == "boolean":
        return dice.random() < 0.5
    if item.kind == "whole":
        return dice.randint(int(item.plausible.low or 0), int(item.plausible.high or 0))
    if item.choices:
        return dice.choice(item.choices).value
    limits = item.paper or item.plausible
    low, high = near.get(item.name, (limits.low or item.plausible.low, limits.high or item.plausible.high))
    return dice.uniform(low, high)


def patients(id: str) -> Iterator[tuple[dict[str, Value], float, str]]:
    calculator, dice = find_calculator(id), random.Random(id)
    for _ in range(400):
        inputs = {item.name: random_value(dice, item, NEAR.get(id, {})) for item in calculator.inputs}
        result = compute(calculator, inputs).result
        if result is not None:
            yield inputs, result.outputs[calculator.scale.output], result.level


def stretch_of(ground: Ground, value: float) -> Stretch:
    return [each for each in ground.stretches if each.start <= value or each is ground.stretches[0]][-1]


@pytest.mark.parametrize("id", SCALED)
def test_every_stretch_has_the_colour_of_the_formulas_band(id):
    seen = set()
    for inputs, value, level in patients(id):
        if id == "phq-9" and inputs["q9"]:
            continue  # called out as high whatever the total
        stretch = stretch_of(ground_of(find_calculator(id).scale, inputs), value)
        assert stretch.level == level, (value, stretch, level)
        seen.add(stretch.level)
    assert len(seen) >= 2


@pytest.mark.parametrize("id", SCALED)
def test_stretches_follow_each_other_up_to_the_end(id):
    inputs, _, _ = next(patients(id))
    ground = ground_of(find_calculator(id).scale, inputs)
    starts = [stretch.start for stretch in ground.stretches]
    assert starts == sorted(set(starts))
    assert starts[-1] < ground.end


def test_after_a_score_that_still_belongs_to_a_band_comes_the_next_whole_one():
    bands = (Band("A", "good", up_to=6), Band("B", "high"))
    whole = ground_of(Scale("score", bands, start=5, end=15, is_whole=True), {})
    assert [stretch.start for stretch in whole.stretches] == [5, 7]
    assert [stretch.start for stretch in ground_of(Scale("x", bands, start=5, end=15), {}).stretches] == [
        5,
        6,
    ]
