"""Where each posted value came from: the panel's own snapshot, or the doctor's hand."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

from plugin.calculators import Answer
from plugin.calculators.declaration import Input, Value
from plugin.chart.facts import Chart
from plugin.chart.filled import Filled
from plugin.chart.prefill import prefill
from plugin.writeback.wording import Given


def given_values(answer: Answer, posted: Mapping[str, object], chart: Chart, today: dt.date) -> list[Given]:
    """Every value the answer was computed from, in the form's order.

    A value counts as the chart's when it equals the prefilled one; `today` is the doctor's.
    """
    filled = prefill(chart, answer.calculator, today)
    return [
        _given(item, answer.values[item.name], filled.get(item.name), posted.get(f"{item.name}_unit"))
        for item in answer.calculator.inputs
        if item.name in answer.values
    ]


def _given(item: Input, value: Value, filled: Filled | None, unit: object) -> Given:
    if filled is not None and filled.value is not None:
        if _is_same(value, filled.value):
            return Given(item, value, filled.date, filled.source, filled.evidence, is_edited=False)
        chart = Given(item, filled.value, None, filled.source, filled.evidence, is_edited=False)
        said = f"the chart says {chart.text}" + (f", {filled.date.isoformat()}" if filled.date else "")
        return Given(item, value, None, "entered", said, is_edited=True)
    typed = f"in {unit}" if isinstance(unit, str) and unit and unit != item.unit else ""
    return Given(item, value, None, "entered", typed, is_edited=False)


def _is_same(value: Value, charted: Value) -> bool:
    if isinstance(value, (bool, str)) or isinstance(charted, (bool, str)):
        return value == charted
    return math.isclose(value, charted, rel_tol=1e-9)
