"""From one raw field to one value: a form's string or a JSON value, in any unit the input accepts.

`reader` compiles an input into a function once, so that a hundred thousand lines do not ask again what it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from plugin.calculators.declaration import Input, Value

Reader = Callable[[object, object], Value | None]
"""(raw, unit) -> the value in the canonical unit, None when missing; ValueError with words for the doctor."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_MICRO = str.maketrans({"μ": "µ"})
"""Greek mu and the micro sign look the same and are not."""


def reader(item: Input) -> Reader:
    """The compiled reader of `item`."""
    return _COMPILERS[item.kind](item)


def unit_suffix(item: Input) -> str:
    """The canonical unit as it follows a number in a sentence; empty without one."""
    return with_unit("", item.unit)


def with_unit(number: str, unit: str) -> str:
    """A number and its unit as printed: `9.2%`, `163 mg/dL`, `180 × 10⁹/L`."""
    if not unit:
        return number
    joint = "" if unit == "%" else " × " if unit[0].isdigit() else " "
    return f"{number}{joint}{unit}"


def is_blank(item: Input, raw: object) -> bool:
    """True when nothing was given; ValueError when more than one value was."""
    if isinstance(raw, (list, tuple)):
        raise ValueError(f"{item.label} was given more than once; give one value.")
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _compile_number(item: Input) -> Reader:
    if item.plausible.low is None or item.plausible.high is None:
        raise ValueError(f"{item.name} has no plausible limits")

    def read(raw: object, unit: object) -> float | None:
        if is_blank(item, raw):
            return None
        value = _to_canonical(item, _plain_number(item, raw), unit)
        if not item.plausible.hold(value):
            raise ValueError(f"{item.label} must be {item.plausible}{unit_suffix(item)}.")
        return value

    return read


def _compile_whole(item: Input) -> Reader:
    number = _compile_number(item)

    def read(raw: object, unit: object) -> int | None:
        value = number(raw, unit)
        if value is None:
            return None
        if value != int(value):
            raise ValueError(f"{item.label} must be a whole number {item.plausible}.")
        return int(value)

    return read


def _compile_boolean(item: Input) -> Reader:
    def read(raw: object, _unit: object) -> bool | None:
        if raw is True or raw is False:
            return raw
        if is_blank(item, raw):
            return None
        word = _word(raw)
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        raise ValueError(f"{item.label} must be yes or no.")

    return read


def _compile_choice(item: Input) -> Reader:
    known = {option.value: option.value for option in item.choices}

    def read(raw: object, _unit: object) -> str | None:
        if is_blank(item, raw):
            return None
        value = known.get(raw.strip()) if isinstance(raw, str) else None
        if value is None:
            raise ValueError(f"{item.label} must be one of {', '.join(known)}.")
        return value

    return read


_COMPILERS: dict[str, Callable[[Input], Reader]] = {
    "number": _compile_number,
    "whole": _compile_whole,
    "boolean": _compile_boolean,
    "choice": _compile_choice,
}


def _word(raw: object) -> str:
    """A boolean's spelling, the integers 0 and 1 included; empty for anything else."""
    if isinstance(raw, str):
        return raw.strip().lower()
    return str(raw) if type(raw) is int and raw in (0, 1) else ""


def _plain_number(item: Input, raw: object) -> float:
    if isinstance(raw, str) and _DECIMAL.fullmatch(raw.strip()):
        value = float(raw)
    elif isinstance(raw, (int, float)) and not isinstance(raw, bool):
        try:
            value = float(raw)
        except OverflowError:
            value = math.inf
    else:
        raise ValueError(f"{item.label} must be a number such as 12 or 0.8.")
    if not math.isfinite(value):
        raise ValueError(f"{item.label} must be a finite number.")
    return value


def _to_canonical(item: Input, entered: float, unit: object) -> float:
    if unit is None or unit == "" or unit == item.unit:
        return entered
    if isinstance(unit, str):
        spelt = unit.strip().translate(_MICRO)
        for other in item.units:
            if spelt in (other.symbol, other.symbol.replace("µ", "u")):
                return other.to_canonical(entered)
        if spelt in (item.unit, item.unit.replace("µ", "u")):
            return entered
    known = ", ".join([item.unit, *(other.symbol for other in item.units)])
    raise ValueError(
        f"{item.label}: the unit must be {'one of ' if item.units else ''}{known or 'left out'}."
    )
