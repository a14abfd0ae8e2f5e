"""A computed answer and its values in plain text, as the report prints them and lines.py puts them in a line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from plugin.calculators import Answer
from plugin.calculators.declaration import Input, Output, Value

_SOURCES = {
    "vitals": "Vitals",
    "labs": "Lab result",
    "problems": "Problem list",
    "medications": "Medication list",
    "patient": "Chart",
    "calculated": "Calculated",
}
_LONGEST_EVIDENCE = 110
_CONVERTED = ("reported as ", "in ")
"""How the evidence of a value begins that was stored or typed in another unit."""


@dataclass(frozen=True)
class Given:
    """One value that the result was computed from, and where it came from."""

    item: Input
    value: Value
    date: dt.date | None
    """Of the chart's value; None for age, sex, absence and entered values."""
    source: str
    """`vitals`, `labs`, `problems`, `medications`, `patient`, `calculated` or `entered`."""
    evidence: str
    """What in the chart says so; for an edited one, what the chart says instead."""
    is_edited: bool
    """The chart says something else."""

    @property
    def text(self) -> str:
        """The value as read, without its unit; what was calculated or converted has no more digits than are read."""
        if isinstance(self.value, bool):
            return "Yes" if self.value else "No"
        label = next((option.label for option in self.item.choices if option.value == str(self.value)), "")
        if isinstance(self.value, str):
            return label or self.value
        is_exact = self.source not in ("calculated", "patient") and not self.evidence.startswith(_CONVERTED)
        number = number_text(self.value, is_exact=is_exact)
        return f"{number}: {label}" if label else number

    @property
    def source_words(self) -> str:
        """Where it came from, in words."""
        words = _SOURCES.get(self.source, "Entered")
        evidence = self.evidence[:_LONGEST_EVIDENCE]
        return f"{words}: {evidence}" if evidence else words


def number_text(value: float, *, is_exact: bool = True) -> str:
    """`value` as typed or reported; else about three digits of it, and all that stand before the point."""
    size = abs(value)
    decimals = 1 if size >= 10 else 2 if size >= 1 else 3
    text = format(Decimal(f"{value:.6g}") if is_exact else Decimal(f"{value:.{decimals}f}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def told(answer: Answer) -> tuple[list[tuple[Output, float | str]], str]:
    """The outputs that have a value, as declared, and the band; what both would say is said by the fuller one."""
    values = answer.result.outputs if answer.result else {}
    band = answer.result.band if answer.result else ""
    outputs = [(output, values[output.name]) for output in answer.calculator.outputs if output.name in values]
    words = [output.text(value) for output, value in outputs if isinstance(value, str)]
    if any(_says(text, band) and not _says(band, text) for text in words):
        return outputs, ""
    return [(output, value) for output, value in outputs if not _is_said(output, value, band)], band


def banded(outputs: Sequence[tuple[Output, float | str]]) -> Output | None:
    """Which of `outputs` the band is about: the one headline; None when it is about all of them together."""
    headlines = [output for output, _ in outputs if output.headline or len(outputs) == 1]
    return headlines[0] if len(headlines) == 1 else None


def _is_said(output: Output, value: float | str, band: str) -> bool:
    return isinstance(value, str) and _says(band, output.text(value))


def _says(longer: str, shorter: str) -> bool:
    """True when the words of `shorter` stand in `longer`."""
    return bool(shorter) and re.search(rf"\b{re.escape(shorter)}\b", longer, re.IGNORECASE) is not None
