"""The pictures of the report, as data that the page draws: a result on its scale, and the KDIGO heat map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.calculators import Answer
from plugin.calculators.bands import Scale
from plugin.calculators.formulas.kdigo_ckd import ALBUMINURIA, HEAT_MAP, LEVELS, RISK_WORDS


def picture_of(answer: Answer) -> dict[str, Any] | None:
    """The picture of a computed `answer`, with what it shows in words (`alt`); None where there is none."""
    if answer.result is None:
        return None
    if answer.calculator.id == "kdigo-ckd":
        return _heat_map(answer.result.outputs)
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


def _heat_map(outputs: Mapping[str, float | str]) -> dict[str, Any]:
    own = (outputs["g_stage"], outputs["a_stage"])
    columns = [band.label for band in ALBUMINURIA]
    return {
        "kind": "map",
        "columns": columns,
        "rows": [
            {
                "name": row,
                "cells": [
                    _cell(risk, is_own=(row, name) == own) for name, risk in zip(columns, risks, strict=True)
                ],
            }
            for row, risks in HEAT_MAP.items()
        ],
        "alt": f"The KDIGO heat map, with {own[0]} {own[1]} marked.",
    }


def _cell(risk: str, *, is_own: bool) -> dict[str, Any]:
    return {
        "text": RISK_WORDS[risk],
        "level": LEVELS[risk],
        "is_darkest": risk == "very_high",
        "is_own": is_own,
    }
