"""Numbers, lists and moments as a doctor reads them. Only what is read is rounded; what is computed with never is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from plugin.calculators.declaration import Value

UNIT_NAMES = {"in": "inches", "lb": "pounds", "cm": "centimetres", "kg": "kilograms"}

_DAY = re.compile(r"\b[12][0-9]{3}-[01][0-9]-[0-3][0-9]\b")


def control_text(value: Value | None) -> str:
    """`value` as its control holds it and posts it back: nothing is lost, 12.0 is `12`, booleans `true`, `false`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def data_text(value: float | str) -> str:
    """`value` of an output for `data-value`: as in the JSON answer, unrounded."""
    return value if isinstance(value, str) else repr(value)


def rounded(value: float, digits: int = 4) -> str:
    """`value` to so many significant digits, without an exponent or trailing zeros."""
    if value == 0:
        return "0"
    text = format(Decimal(f"{value:.{digits}g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def with_days(text: str) -> Markup:
    """`text` escaped, with its ISO dates kept on one line."""
    return Markup(_DAY.sub(r'<span class="day">\g<0></span>', str(escape(text))))  # noqa: S704  # escaped here


def age_words(birth: dt.date, years: int, today: dt.date) -> str:
    """Completed years; months below two years, as one speaks of small children."""
    if years >= 2:
        return f"{years} years"
    months = (today.year - birth.year) * 12 + today.month - birth.month - (today.day < birth.day)
    return f"{months} month{'' if months == 1 else 's'}"


def clock_words(moment: dt.datetime, now: dt.datetime) -> str:
    """`10:32` of a local `moment`, with its date when that is not the local date of `now`."""
    time = f"{moment:%H:%M}"
    return time if moment.date() == now.date() else f"{moment:%Y-%m-%d} {time}"
