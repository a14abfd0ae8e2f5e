"""What a calculator declares: inputs, outputs, source, and when it is of use.

Everything else, the form, the JSON, the prefill, the report and the command line, follows from a declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from plugin.calculators.bands import Level as Level  # formulas find all they declare with here
from plugin.calculators.bands import Scale

Kind = Literal["number", "whole", "boolean", "choice"]
Outside = Literal["error", "not-applicable", "left-out"]
Qualifier = Literal["", "fasting", "decimal", "impaired"]
Value = float | bool | str


@dataclass(frozen=True)
class Unit:
    """Another unit a form accepts: canonical value = entered × factor + offset."""

    symbol: str
    factor: float
    offset: float = 0.0

    def to_canonical(self, entered: float) -> float:
        """`entered` in this unit, as a value in the input's canonical unit."""
        return entered * self.factor + self.offset

    def from_canonical(self, value: float) -> float:
        """The inverse, by division, so that there is one factor for a pair of units."""
        return (value - self.offset) / self.factor


@dataclass(frozen=True)
class Limits:
    """A closed range in the canonical unit; an end of None is open. `below`: the high end itself is outside."""

    low: float | None = None
    high: float | None = None
    below: bool = False

    def hold(self, value: float) -> bool:
        """True when `value` lies inside."""
        if self.low is not None and value < self.low:
            return False
        if self.high is None:
            return True
        return value < self.high if self.below else value <= self.high

    def __str__(self) -> str:
        """In words: `from 90 to 180`, `18 and over`, `below 400`."""
        if self.high is None:
            return f"{self.low:g} and over"
        if self.low is None:
            return f"below {self.high:g}" if self.below else f"up to {self.high:g}"
        return f"from {self.low:g} to {'below ' if self.below else ''}{self.high:g}"


@dataclass(frozen=True)
class Choice:
    """One option of a `choice` input."""

    value: str
    label: str


@dataclass(frozen=True)
class Input:
    """One canonical input. The shared ones stand in inputs.py; a calculator narrows them to its paper."""

    name: str
    label: str
    kind: Kind
    unit: str = ""
    plausible: Limits = Limits()
    """The same for every calculator; outside: an error."""
    units: tuple[Unit, ...] = ()
    """Other units that a form accepts."""
    choices: tuple[Choice, ...] = ()
    paper: Limits | None = None
    """Narrower, by the paper."""
    outside_paper: Outside = "error"
    optional: bool = False
    prefilled: bool = True
    """False: never taken from the chart (race)."""
    qualifier: Qualifier = ""
    """`fasting`: only a fasting specimen fills it. `decimal`: the chart fills fractional years. `impaired`: impaired
    fasting glucose counts as diabetes."""
    help: str = ""

    def between(self, low: float | None = None, high: float | None = None, *, below: bool = False) -> Input:
        """Outside the paper's range: an error that names it."""
        return replace(self, paper=Limits(low, high, below), outside_paper="error")

    def only(self, low: float | None = None, high: float | None = None) -> Input:
        """Outside: the calculator is not for this patient."""
        return replace(self, paper=Limits(low, high), outside_paper="not-applicable")

    def optionally(self, low: float | None = None, high: float | None = None) -> Input:
        """Not required; outside the paper's range (where one is given) it is left out with a notice."""
        paper = None if low is None and high is None else Limits(low, high)
        return replace(self, optional=True, paper=paper, outside_paper="left-out")

    def asked_as(self, label: str, help: str = "", qualifier: Qualifier = "") -> Input:
        """The same input under this calculator's own wording."""
        return replace(self, label=label, help=help, qualifier=qualifier or self.qualifier)


@dataclass(frozen=True)
class Output:
    """One output; `value` in JSON is unrounded, `decimals` is for the eye alone."""

    name: str
    label: str
    unit: str = ""
    decimals: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    """For an output that is a word: value -> what a doctor reads."""
    headline: bool = False
    """What a doctor looks for first; where no output says so, the first one is."""

    def text(self, value: float | str) -> str:
        """`value` as read, without its unit. The band is decided before: rounding moves nothing across a cut-off."""
        if isinstance(value, str):
            return self.words.get(value, value)
        return f"{value:.{self.decimals}f}"


@dataclass(frozen=True)
class Citation:
    """The primary source, as printed on card and report."""

    text: str
    """Authors. Title words as needed. Journal year;volume:pages."""
    doi: str = ""

    @property
    def url(self) -> str:
        """Link to the paper; empty without a DOI."""
        return f"https://doi.org/{self.doi}" if self.doi else ""

    def __str__(self) -> str:
        """One line."""
        return f"{self.text} doi:{self.doi}" if self.doi else self.text


@dataclass(frozen=True)
class Result:
    """What a formula returns."""

    outputs: Mapping[str, float | str]
    """Output name -> value, unrounded; an output that does not apply is absent."""
    interpretation: str = ""
    """A short plain sentence with its guideline; never a treatment order."""
    band: str = ""
    """A few words for the result's category, such as `High risk`."""
    level: Level = "neutral"
    """How the band is coloured; never shown by colour alone."""
    notices: tuple[str, ...] = ()
    """What was clamped or left out."""


class InputError(ValueError):
    """Raised by a formula when values that are fine alone do not fit together; carries input name -> message."""

    def __init__(self, **errors: str) -> None:
        """`errors`: input name -> what is wrong and what to do."""
        super().__init__("; ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True, eq=False)
class Calculator:
    """One calculator: the declaration and its pure function."""

    id: str
    title: str
    category: str
    """Where a doctor looks for it: Heart, Kidney, Liver, …"""
    summary: str
    """What it answers, in one line."""
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    citation: Citation
    function: Callable[..., Result]
    indications: tuple[str, ...] = ()
    """Names in conditions.py: any of them on the chart puts the card up, with that condition as the reason."""
    routine: str = ""
    """A reason that holds for every patient it applies to, such as `for adults from 30 to 79`."""
    excluded_by: tuple[str, ...] = ()
    """Names in conditions.py: known disease in which the paper's formula does not hold."""
    ages: Limits | None = None
    """On the panel only: the ages in years it is for, where the formula itself does not take the age."""
    band_ages: Limits | None = None
    """On the panel only: the ages in years that its bands are for; outside, the value stands without a band."""
    scale: Scale | None = None
    """The ruler that shows an output among its bands; None where that would not help."""
    is_risk: bool = False
    """It estimates the risk of an event to come: for a patient without disease it stands before what is measured."""

    @cached_property
    def by_name(self) -> Mapping[str, Input]:
        """The inputs by name, in the order a form asks."""
        return {item.name: item for item in self.inputs}

    @cached_property
    def output_units(self) -> Mapping[str, str]:
        """Output name -> unit."""
        return {output.name: output.unit for output in self.outputs}

    @cached_property
    def headlines(self) -> frozenset[str]:
        """Names of the outputs that a doctor looks for first."""
        declared = frozenset(output.name for output in self.outputs if output.headline)
        return declared or frozenset({self.outputs[0].name})

    @cached_property
    def citation_text(self) -> str:
        """The citation in one line."""
        return str(self.citation)


def calculator(
    *,
    id: str,
    title: str,
    category: str,
    summary: str,
    inputs: tuple[Input, ...],
    outputs: tuple[Output, ...],
    citation: Citation,
    indications: tuple[str, ...] = (),
    routine: str = "",
    excluded_by: tuple[str, ...] = (),
    ages: Limits | None = None,
    band_ages: Limits | None = None,
    scale: Scale | None = None,
    is_risk: bool = False,
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Declare the decorated formula a calculator: the registry finds it, the function stays callable as it is."""

    def declare(function: Callable[..., Result]) -> Callable[..., Result]:
        function.calculator = Calculator(  # type: ignore[attr-defined]  # what the registry looks for
            id,
            title,
            category,
            summary,
            inputs,
            outputs,
            citation,
            function,
            indications,
            routine,
            excluded_by,
            ages,
            band_ages,
            scale,
            is_risk,
        )
        return function

    return declare
