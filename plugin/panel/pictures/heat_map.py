"""The KDIGO heat map with the patient's cell; the risks are the formula's own table."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from plugin.calculators.formulas.kdigo_ckd import HEAT_MAP
from plugin.panel.pictures.svg import element, label, picture

_ROWS = (
    ("G1", "90 and over"),
    ("G2", "60–89"),
    ("G3a", "45–59"),
    ("G3b", "30–44"),
    ("G4", "15–29"),
    ("G5", "below 15"),
)
_COLUMNS = (("A1", "below 30"), ("A2", "30–300"), ("A3", "above 300"))
_LETTERS = {"low": "low", "moderate": "moderate", "high": "high", "very_high": "very high"}
_LEFT, _TOP, _WIDE, _TALL = 92.0, 34.0, 68.0, 22.0


@cache
def heat_map(g_stage: str, a_stage: str) -> Markup:
    """The map with the cell of `g_stage` and `a_stage` marked."""
    parts = [label("UACR mg/g", x=_LEFT - 6, y=12, anchor="end"), label("eGFR", x=2, y=_TOP - 6)]
    for column, (name, range_words) in enumerate(_COLUMNS):
        middle = _LEFT + (column + 0.5) * _WIDE
        parts.append(label(name, x=middle, y=12, anchor="middle", class_="strong"))
        parts.append(label(range_words, x=middle, y=_TOP - 8, anchor="middle"))
    own = Markup()
    for row, (name, range_words) in enumerate(_ROWS):
        top = _TOP + row * _TALL
        parts.append(label(name, x=2, y=top + 15, class_="strong"))
        parts.append(label(range_words, x=_LEFT - 6, y=top + 15, anchor="end"))
        for column, ((other, _), risk) in enumerate(zip(_COLUMNS, HEAT_MAP[name], strict=True)):
            parts.append(_cell(risk, _LEFT + column * _WIDE, top))
            if (name, other) == (g_stage, a_stage):
                own = _own_cell(_LEFT + column * _WIDE, top)
    words = f"KDIGO heat map: the patient is in {g_stage}, {a_stage}."
    return picture(_LEFT + 3 * _WIDE + 2, _TOP + 6 * _TALL + 2, words, *parts, own, class_="heat-map")


def _cell(risk: str, left: float, top: float) -> Markup:
    box = element("rect", class_=f"risk-{risk}", x=left, y=top, width=_WIDE - 2, height=_TALL - 2)
    return box + label(_LETTERS[risk], x=left + _WIDE / 2 - 1, y=top + 14, anchor="middle", class_="on-fill")


def _own_cell(left: float, top: float) -> Markup:
    return element("rect", class_="own", x=left - 1, y=top - 1, width=_WIDE, height=_TALL)
