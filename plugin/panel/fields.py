"""One input of one card, ready to print: what its control holds, where that came from, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import isclose
from typing import Any

from markupsafe import Markup

from plugin.calculators import Answer, Calculator
from plugin.calculators.declaration import Choice, Input, Value
from plugin.calculators.reading import with_unit
from plugin.chart.filled import NOT_FOUND, Filled
from plugin.panel.words import UNIT_NAMES, control_text, rounded, with_days

_NOTHING = Markup()
_ENTERED = Markup("Entered by hand")
_MOST_CHARACTERS = 6
"""What a control shows without cutting it off."""
_YES_NO = (Choice("true", "Yes"), Choice("false", "No"))
_SOURCES = {
    "vitals": "Visit",
    "labs": "Lab",
    "problems": "Problem list",
    "medications": "Medications",
    "patient": "Chart",
    "calculated": "Calculated",
}


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """A second control beside the canonical one, that the browser converts."""

    symbol: str
    spoken: str
    factor: str
    offset: str
    """Empty: none."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What of a field does not depend on the patient."""

    name: str
    id: str
    label: str
    help: str
    kind: str
    """`text`, `select` or `radio`: which control."""
    unit: str
    options: tuple[Choice, ...]
    others: tuple[OtherUnit, ...]
    is_optional: bool
    is_score: bool
    """A questionnaire item, whose answers are printed with their points."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A field with its value."""

    frame: Frame
    text: str = ""
    """What the control holds: the canonical unit, or what was typed when that is in error."""
    shown: str = ""
    """`text` rounded, to be read in its place where it is too long; empty where it is not."""
    source: str = ""
    """`data-source`; empty: none."""
    date: str = ""
    """`data-date`, ISO; empty: none."""
    origin: Markup = _NOTHING
    """Where the value came from, in words."""
    is_stale: bool = False
    note: Markup = _NOTHING
    """Why the chart could not fill this, or what the chart holds instead."""
    error: str = ""
    is_missing: bool = False
    """Required and empty."""
    others: tuple[str, ...] = ()
    """The value in each other unit of the frame, rounded; empty without a value."""
    is_shared: bool = False
    """Holds nothing of this patient: made once, and its HTML is kept."""


def fields_of(
    calculator: Calculator,
    answer: Answer,
    filled: Mapping[str, Filled],
    posted: Mapping[str, object] | None = None,
) -> tuple[Field, ...]:
    """The fields in the order the form asks; `posted` None: everything comes from the chart."""
    return tuple(_field(slot, answer, filled.get(slot.frame.name), posted) for slot in _slots(calculator))


@dataclass(frozen=True, slots=True)
class _Slot:
    """A declared input with its frame and its two empty fields, made once."""

    item: Input
    frame: Frame
    empty: Field
    missing: Field
    absent: Mapping[str, Field]
    """A boolean that is false because nothing was found, by the list that was searched."""


def _field(
    slot: _Slot,
    answer: Answer,
    filled: Filled | None,
    posted: Mapping[str, object] | None,
) -> Field:
    item = slot.item
    value = answer.values.get(item.name)
    error = answer.errors.get(item.name, "")
    is_missing = item.name in answer.missing
    if posted is None:
        text = control_text(filled.value) if filled else ""
    else:
        text = control_text(value) if value is not None else _typed(posted.get(item.name))
    if not text and not error and (filled is None or not (filled.note or filled.value is not None)):
        return slot.missing if is_missing else slot.empty
    if filled is not None and text == "false" and filled.value is False and _is_plain_absence(filled):
        return slot.absent[filled.source]
    common = {"error": error, "is_missing": is_missing, "others": _others(item, value)}
    if filled is not None and filled.value is not None:
        if posted is None or _is_same(text, value, filled.value):
            return _charted(slot.frame, filled, text, **common)
        return _entered(slot.frame, text, _instead(item, filled), **common)
    return _entered(slot.frame, text, filled.note if filled else "", **common)


def _charted(frame: Frame, filled: Filled, text: str, **common: Any) -> Field:
    """A value as the chart has it."""
    return Field(
        frame,
        text=text,
        shown=_shortened(text, filled.value),
        source=filled.source,
        date=filled.date.isoformat() if filled.date else "",
        origin=with_days(_origin(filled)),
        is_stale=filled.is_stale,
        note=with_days(filled.note),
        **common,
    )


def _shortened(text: str, value: Value | None) -> str:
    """A number of the chart that is too long for its control, rounded; empty for all else."""
    if isinstance(value, (bool, str)) or value is None or len(text) <= _MOST_CHARACTERS:
        return ""
    return rounded(value)


def _entered(frame: Frame, text: str, note: str, **common: Any) -> Field:
    """A value typed by the doctor, or none; `note` says what the chart has instead."""
    origin = _ENTERED if text and not frame.is_score else _NOTHING
    source = "entered" if text else ""
    return Field(frame, text=text, source=source, origin=origin, note=with_days(note), **common)


def _is_plain_absence(filled: Filled) -> bool:
    return filled.evidence == NOT_FOUND and not filled.date and not filled.note and not filled.is_stale


def _is_same(text: str, value: Value | None, charted: Value | None) -> bool:
    """True when the chart's own value was posted, also one that is in error; a text may have lost a last bit."""
    if charted is None:
        return False
    if isinstance(value, float) and isinstance(charted, (int, float)) and not isinstance(charted, bool):
        return isclose(value, charted, rel_tol=1e-9)
    return text == control_text(charted)


def _typed(raw: object) -> str:
    """What was posted, to be shown again with its error; nothing of a field that came twice."""
    return raw.strip() if isinstance(raw, str) else ""


def _origin(filled: Filled) -> str:
    date = f", {filled.date.isoformat()}" if filled.date else ""
    named = _SOURCES.get(filled.source, filled.source)
    if not filled.evidence:
        return named + date
    if filled.source == "calculated" and filled.evidence.startswith("from "):
        return f"{named} {filled.evidence}"
    if date and filled.date and filled.date.isoformat() in filled.evidence:
        date = ""
    return f"{named}: {filled.evidence}{date}"


def _instead(item: Input, filled: Filled) -> str:
    if filled.value is None:
        return filled.note
    day = f", {filled.date.isoformat()}" if filled.date else ""
    return f"The chart has {_shown(item, filled.value)}{day}."


def _shown(item: Input, value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return next((option.label.lower() for option in item.choices if option.value == value), value)
    return with_unit(rounded(value), item.unit)


def _others(item: Input, value: Value | None) -> tuple[str, ...]:
    if value is None or isinstance(value, (bool, str)):
        return ()
    return tuple(rounded(unit.from_canonical(value)) for unit in item.units)


@cache
def _slots(calculator: Calculator) -> tuple[_Slot, ...]:
    inputs = calculator.inputs
    helps = [item.help for item in inputs]
    # A questionnaire says what its items have in common once.
    told = ["" if help == before else help for before, help in zip(["", *helps], helps, strict=False)]
    return tuple(
        _slot(_frame(calculator.id, item, help), item) for item, help in zip(inputs, told, strict=True)
    )


def _slot(frame: Frame, item: Input) -> _Slot:
    empty = Field(frame, is_shared=True)
    absent = {
        source: Field(
            frame, text="false", source=source, origin=with_days(f"{words}: {NOT_FOUND}"), is_shared=True
        )
        for source, words in _SOURCES.items()
    }
    return _Slot(
        item, frame, empty, replace(empty, is_missing=True), absent if item.kind == "boolean" else {}
    )


def _frame(calculator_id: str, item: Input, help: str) -> Frame:
    is_score = item.kind == "whole" and bool(item.choices)
    options = _YES_NO if item.kind == "boolean" else item.choices
    kind = "radio" if item.kind == "boolean" or is_score else "select" if options else "text"
    return Frame(
        name=item.name,
        id=f"{calculator_id}-{item.name}",
        label=item.label,
        help=help,
        kind=kind,
        unit=item.unit,
        options=options,
        others=tuple(
            OtherUnit(
                unit.symbol,
                UNIT_NAMES.get(unit.symbol, unit.symbol),
                repr(unit.factor),
                repr(unit.offset) if unit.offset else "",
            )
            for unit in item.units
        ),
        is_optional=item.optional,
        is_score=is_score,
    )
