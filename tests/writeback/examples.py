"""What the tests of reports and lines compute from: a chart, and forms that are filled in."""

from __future__ import annotations

import datetime as dt

from plugin.calculators import Calculator
from plugin.chart.facts import Chart, Observation, Patient

TODAY = dt.date(2026, 11, 22)
LAB_DAY = dt.date(2026, 3, 1)


def lab(name: str, value: float, unit: str) -> Observation:
    return Observation(name, value, unit, LAB_DAY, "labs", f"{value} {unit}")


CHART = Chart(
    patient=Patient(77, "Maria", "Sánchez", dt.date(1965, 4, 2), "female"),
    observations=(
        lab("ast", 40.0, "U/L"),
        lab("alt", 36.0, "U/L"),
        lab("platelets", 180.0, "10⁹/L"),
        lab("creatinine", 1.37, "mg/dL"),
        lab("uacr", 42.0, "mg/g"),
    ),
    read_at=dict.fromkeys(
        ("patient", "appointments", "problems", "medications", "labs"), dt.datetime.now(dt.UTC)
    ),
)
PREVENT = {
    **{"age": "52", "sex": "female", "sbp": "138", "total_cholesterol": "210", "hdl": "48", "egfr": "41.7"},
    **{"hypertension_treated": "false", "statin": "true", "diabetes": "true", "smoker": "false", "bmi": "28"},
    **{"hba1c": "7.1", "uacr": "42"},
}


def plausible(calculator: Calculator) -> dict[str, str]:
    """Something plausible for every input, long words and all."""
    posted = {}
    for item in calculator.inputs:
        if item.kind == "choice":
            posted[item.name] = max(item.choices, key=lambda option: len(option.label)).value
        elif item.kind == "boolean":
            posted[item.name] = "true"
        else:
            limits = item.paper or item.plausible
            low = limits.low if limits.low is not None else item.plausible.low
            high = limits.high if limits.high is not None else item.plausible.high
            posted[item.name] = str(int(low + (high - low) / 3) or low)
    return posted
