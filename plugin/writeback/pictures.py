"""The pictures of the report, as data that the page draws: a result on its scale, and the KDIGO heat map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.calculators import Answer
from plugin.calculators.bands import Scale
from plugin.calculators.declaration import Result

# One eGFR (mL/min/1.73 m²) and one urine albumin/creatinine (mg/g) inside each category of the heat map.
_EGFRS = (95.0, 75.0, 50.0, 37.0, 20.0, 10.0)
_UACRS = (10.0, 100.0, 500.0)


def picture_of(answer: Answer) -> dict[str, Any] | None:
    """The picture of a computed `answer`, with what it shows in words (`alt`); None where there is none."""
    if answer.result is None:
        return None
    if answer.calculator.id == "kdigo-ckd":
        return _heat_map(answer)
    scale = answer.calculator.scale
    value = answer.result.outputs.get(scale.output) if scale else None
    return None if scale is None or value is None or isinstance(value, str) else _ruler(answer, scale, value)


def _ruler(answer: Answer, scale: Scale, value: float) -> dict[str, Any]:
    """Of a score each whole number has a step of its own, with the mark in its middle."""
    half = 0.5 if scale.is_whole else 0.0
    low, span = scale.start - half, scale.end - scale.start + 2 * half
    bands = scale.bands_for(answer.values)
    starts = scale.starts_of(bands)
    ends = [*starts[1:], scale.end + 2 * half]
    names = [band.on_ruler or band.label for band in bands]
    return {
        "kind": "ruler",
        "mark": min(max((value - low) / span, 0.0), 1.0),
        "stretches": [
            {"label": name, "level": band.level, "share": (end - start) / span, "from": f"{start:g}"}
            for name, band, start, end in zip(names, bands, starts, ends, strict=True)
        ],
        "alt": "On a scale of "
        + ", ".join(f"{name} from {start:g}" for name, start in zip(names, starts, strict=True))
        + ".",
    }


def _heat_map(answer: Answer) -> dict[str, Any]:
    """The formula itself says what stands in each cell."""
    cells = [[answer.calculator.function(egfr=egfr, uacr=uacr) for uacr in _UACRS] for egfr in _EGFRS]
    own = answer.result.outputs if answer.result else {}
    return {
        "kind": "map",
        "columns": [cell.outputs["a_stage"] for cell in cells[0]],
        "rows": [
            {"name": row[0].outputs["g_stage"], "cells": [_cell(result, own) for result in row]}
            for row in cells
        ],
        "alt": f"The KDIGO heat map, with {own['g_stage']} {own['a_stage']} marked.",
    }


def _cell(result: Result, own: Mapping[str, float | str]) -> dict[str, Any]:
    return {
        "text": result.band,
        "level": result.level,
        "is_darkest": result.outputs["risk"] == "very_high",
        "is_own": result.outputs == own,
    }
