"""What the chart fills into a calculator's inputs, each with its source, date and evidence."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import cast

from plugin.calculators import Calculator
from plugin.chart.booleans import BOOLEANS, CHOICES, boolean, choice, diabetes_or_impaired
from plugin.chart.codes import FASTING_GLUCOSE
from plugin.chart.derived import DERIVED, derived
from plugin.chart.facts import Chart
from plugin.chart.filled import Filled
from plugin.chart.measured import measured, smoker

__all__ = ["Filled", "prefill"]


def prefill(chart: Chart, calculator: Calculator, today: dt.date) -> dict[str, Filled]:
    """Input name -> what the chart says; inputs on which it says nothing are absent.

    `today` is the day in the doctor's time zone. A Filled without a value carries a note why not.
    """
    found = {
        item.name: _known(chart, today, item.name, item.qualifier)
        for item in calculator.inputs
        if item.prefilled
    }
    return {name: filled for name, filled in found.items() if filled is not None}


def _known(chart: Chart, today: dt.date, name: str, qualifier: str = "") -> Filled | None:
    """One answer an input, kept with its chart: a page asks for the same inputs many times."""
    question = (today, name, qualifier)
    if question not in chart.answers:
        chart.answers[question] = _fill(chart, today, name, qualifier)
    return cast("Filled | None", chart.answers[question])


def _fill(chart: Chart, today: dt.date, name: str, qualifier: str) -> Filled | None:
    if name == "age":
        return _age(chart, today, is_decimal=qualifier == "decimal")
    if name == "sex":
        return _sex(chart)
    if name == "smoker":
        return smoker(chart, today)
    if name == "diabetes" and qualifier == "impaired":
        return diabetes_or_impaired(chart, today)
    if name in BOOLEANS:
        return boolean(chart, BOOLEANS[name], today)
    if name in CHOICES:
        return choice(chart, CHOICES[name])
    if name in DERIVED:
        return derived(chart, name, today, partial(_known, chart, today))
    is_fasting = name == "glucose" and qualifier == "fasting"
    return measured(chart, name, today, code=FASTING_GLUCOSE if is_fasting else "")


def _age(chart: Chart, today: dt.date, *, is_decimal: bool) -> Filled | None:
    patient = chart.patient
    if patient is None or patient.birth_date is None:
        return None
    age = patient.decimal_age_on(today) if is_decimal else patient.age_on(today)
    if age is None:
        return None
    return Filled(age, "patient", evidence=f"born {patient.birth_date.isoformat()}")


def _sex(chart: Chart) -> Filled | None:
    if chart.patient is None or chart.patient.sex is None:
        return None
    return Filled(chart.patient.sex, "patient")
