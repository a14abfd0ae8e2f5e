"""What the panel shows over time: blood pressure, body, kidneys, sugar and lipids, as far as the chart goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from plugin.calculators import compute, find_calculator
from plugin.chart.facts import Chart
from plugin.chart.trends import trend
from plugin.panel.pictures.trends import Point, Reference, Series, trend_picture
from plugin.panel.words import rounded

_FEWEST = 2
"""Of one value nothing can be seen that the card does not say."""
_MOST_ROWS = 8
_ADULT = 20
"""Years from which the bands of BMI hold."""
_GROWN = 18
"""Years from which the references hold: each of them was set for adults."""


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one day."""

    date: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """One figure."""

    id: str
    title: str
    unit: str
    picture: Markup
    reference: str
    """What is shaded or dashed, and who says so; empty without one."""
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    """The newest values, newest first: the picture in numbers."""


@dataclass(frozen=True)
class _Plan:
    id: str
    title: str
    unit: str
    names: tuple[tuple[str, str], ...]
    """(canonical name, what the picture calls it)."""
    reference: Reference | None = None


_PLANS = (
    _Plan(
        "blood-pressure",
        "Blood pressure",
        "mmHg",
        (("sbp", "SBP"), ("dbp", "DBP")),
        Reference("Dashed: 130 and 80, the target of ACC/AHA 2017", lines=(130, 80)),
    ),
    _Plan("weight", "Weight", "kg", (("weight_kg", "Weight"),)),
    _Plan(
        "bmi",
        "Body mass index",
        "kg/m²",
        (("bmi", "BMI"),),
        Reference("Shaded: 18.5 to 25, normal weight of adults (WHO)", low=18.5, high=25),
    ),
    _Plan(
        "egfr",
        "eGFR",
        "mL/min/1.73 m²",
        (("egfr", "eGFR"),),
        Reference("Shaded: 60 and over, G1 and G2 (KDIGO 2024)", low=60),
    ),
    _Plan("creatinine", "Creatinine", "mg/dL", (("creatinine", "Creatinine"),)),
    _Plan(
        "hba1c",
        "HbA1c",
        "%",
        (("hba1c", "HbA1c"),),
        Reference("Shaded: below 7, the goal of many adults with diabetes (ADA)", high=7),
    ),
    _Plan(
        "lipids",
        "Lipids",
        "mg/dL",
        (("total_cholesterol", "Total"), ("ldl", "LDL"), ("hdl", "HDL"), ("triglycerides", "TG")),
        Reference("Dashed: 100, desirable LDL (NLA 2015)", lines=(100,)),
    ),
)


def trends_of(chart: Chart) -> tuple[Trend, ...]:
    """A figure for everything with two days of values or more."""
    found = (_trend(chart, plan) for plan in _PLANS)
    return tuple(one for one in found if one is not None)


def _trend(chart: Chart, plan: _Plan) -> Trend | None:
    series = []
    for name, short in plan.names:
        points = _points(chart, name)
        if points:
            series.append(Series(short, plan.unit, points))
    if not any(len(one.points) >= _FEWEST for one in series):
        return None
    newest = max(one.points[-1].date for one in series)
    reference = None if _is_child(chart, newest) else plan.reference
    return Trend(
        plan.id,
        plan.title,
        plan.unit,
        trend_picture(plan.title, tuple(series), reference),
        reference.words if reference else "",
        tuple(one.name for one in series),
        _rows(series),
    )


def _is_child(chart: Chart, day: dt.date) -> bool:
    age = chart.patient.age_on(day) if chart.patient else None
    return age is not None and age < _GROWN


def _points(chart: Chart, name: str) -> tuple[Point, ...]:
    """One value a day, the last one reported."""
    by_day = _by_day(chart, name)
    if name == "egfr":
        by_day.update(_calculated_egfr(chart))
    if name == "bmi":
        by_day.update(_calculated_bmi(chart))
    return tuple(Point(date, value) for date, value in sorted(by_day.items()))


def _by_day(chart: Chart, name: str) -> dict[dt.date, float]:
    return {item.date: item.value for item in trend(chart, name) if item.date and item.value is not None}


def _calculated_egfr(chart: Chart) -> Mapping[dt.date, float]:
    """By the present equation from each creatinine: reported values change their equation along the way."""
    calculator, patient = find_calculator("egfr-ckd-epi-2021"), chart.patient
    if calculator is None or patient is None:
        return {}
    found = {}
    for date, creatinine in _by_day(chart, "creatinine").items():
        fields = {"age": patient.age_on(date), "sex": patient.sex, "creatinine": creatinine}
        result = compute(calculator, fields).result
        if result is not None:
            found[date] = float(result.outputs["egfr"])
    return found


def _calculated_bmi(chart: Chart) -> Mapping[dt.date, float]:
    """From each weight of an adult and the height of that day or the last one before."""
    calculator, patient = find_calculator("bmi"), chart.patient
    if calculator is None or patient is None:
        return {}
    heights, found = sorted(_by_day(chart, "height_cm").items()), {}
    for date, weight in _by_day(chart, "weight_kg").items():
        earlier = [height for day, height in heights if day <= date]
        age = patient.age_on(date)
        if earlier and age is not None and age >= _ADULT:
            result = compute(calculator, {"height_cm": earlier[-1], "weight_kg": weight}).result
            if result is not None:
                found[date] = float(result.outputs["bmi"])
    return found


def _rows(series: list[Series]) -> tuple[Row, ...]:
    values = [{point.date: point.value for point in one.points} for one in series]
    dates = sorted({date for found in values for date in found}, reverse=True)[:_MOST_ROWS]
    return tuple(
        Row(date.isoformat(), tuple(rounded(found[date]) if date in found else "" for found in values))
        for date in dates
    )
