"""The outputs of a card, ready to print: which one is the headline, and what is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from plugin.calculators import Calculator
from plugin.calculators.declaration import Output
from plugin.panel.words import data_text


@dataclass(frozen=True, slots=True)
class Shown:
    """One output as printed."""

    name: str
    label: str
    value: str
    """`data-value`: unrounded; empty without a value."""
    text: str
    unit: str
    is_headline: bool
    is_hidden: bool
    """Without a value, or its words are the band's."""


def shown_outputs(
    calculator: Calculator, values: Mapping[str, float | str], band: str = ""
) -> tuple[Shown, ...]:
    """Every declared output, with its value where it has one; `band` is not said twice."""
    return tuple(
        _shown(output, values.get(output.name), band, is_headline=output.name in calculator.headlines)
        for output in calculator.outputs
    )


def _shown(output: Output, value: float | str | None, band: str, *, is_headline: bool) -> Shown:
    if value is None:
        return Shown(output.name, output.label, "", "", output.unit, is_headline, is_hidden=not is_headline)
    text = output.text(value)
    is_hidden = text == band and not is_headline
    return Shown(output.name, output.label, data_text(value), text, output.unit, is_headline, is_hidden)


@cache
def no_outputs(calculator: Calculator) -> tuple[Shown, ...]:
    """Every declared output, without values."""
    return shown_outputs(calculator, {})
