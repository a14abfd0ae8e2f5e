"""One calculator's card, ready to print: state, result, band, fields, and why it is or is not for this patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from plugin.calculators import Answer, Calculator, compute
from plugin.calculators.conditions import CONDITIONS
from plugin.calculators.declaration import Level
from plugin.chart.filled import Filled
from plugin.panel.fields import Field, fields_of
from plugin.panel.outputs import Shown, no_outputs, shown_outputs
from plugin.panel.pictures import has_picture, picture_of, ruler_of
from plugin.panel.pictures.prevent import CHANGES
from plugin.panel.words import listed, with_days

State = Literal["ready", "needs-input", "not-applicable"]

_MOST_NAMED = 4
_LONGEST_NAME = 40
"""More missing inputs, or longer questions, are counted and not named."""
_MOST_FOR_HALF = 4
"""Fields that fit beside a result in half the width of a page."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a card is for this patient."""

    words: str
    """`because of atrial fibrillation`, or the routine that holds."""
    evidence: Markup = Markup()  # noqa: RUF009  # it is immutable
    """What in the chart says so, of the first condition."""
    is_condition: bool = False


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A box that changes one value beside today's."""

    name: str
    words: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A card; the template prints its fields and computes nothing."""

    calculator: Calculator
    state: State
    reason: Reason | None
    refusal: str
    """Why the formula is not for this patient; empty when it is."""
    needs: str
    """What to enter, in words; empty when nothing is missing."""
    lacking: int
    """How many inputs are missing or in error."""
    outputs: tuple[Shown, ...]
    band: str
    level: Level
    interpretation: str
    notices: tuple[str, ...]
    stale: str
    """Which of the values used are old; empty when none is."""
    fields: tuple[Field, ...]
    ruler: Markup
    """The result on its scale; empty without one."""
    picture: Markup
    what_if: tuple[WhatIf, ...]
    """Boxes of the form that show another risk beside today's."""
    filed: str = ""
    """When and with what result this was filed last."""

    @property
    def is_wide(self) -> bool:
        """True when half a page is too narrow for it."""
        return len(self.fields) > _MOST_FOR_HALF or has_picture(self.calculator)

    @property
    def id(self) -> str:
        """The calculator's id."""
        return self.calculator.id

    @property
    def headline(self) -> tuple[Shown, ...]:
        """The outputs a doctor looks for first."""
        return tuple(output for output in self.outputs if output.is_headline)

    @property
    def asked(self) -> tuple[Field, ...]:
        """The fields that keep the card from its result."""
        return tuple(field for field in self.fields if field.is_missing or field.error)

    @property
    def known(self) -> tuple[Field, ...]:
        """The other fields."""
        return tuple(field for field in self.fields if not (field.is_missing or field.error))


def card_from_chart(
    calculator: Calculator,
    filled: Mapping[str, Filled],
    conditions: Mapping[str, str],
    *,
    refusal: str = "",
    filed: str = "",
) -> Card:
    """The card as the chart fills it; `conditions` as plugin.chart.conditions returns them.

    `refusal`: why the patient (age) is outside of a formula that does not itself take that input.
    """
    answer = compute(calculator, {name: item.value for name, item in filled.items()})
    return _card(calculator, answer, filled, conditions, refusal=refusal, filed=filed)


def card_from_form(
    calculator: Calculator,
    posted: Mapping[str, object],
    filled: Mapping[str, Filled],
    conditions: Mapping[str, str],
    *,
    refusal: str = "",
) -> Card:
    """The card as the doctor's form fills it: `filled` only tells which values are the chart's own."""
    return _card(calculator, compute(calculator, posted), filled, conditions, posted=posted, refusal=refusal)


def _card(
    calculator: Calculator,
    answer: Answer,
    filled: Mapping[str, Filled],
    conditions: Mapping[str, str],
    *,
    posted: Mapping[str, object] | None = None,
    refusal: str = "",
    filed: str = "",
) -> Card:
    fields = fields_of(calculator, answer, filled, posted)
    refusal = _refusal(answer, conditions) or refusal
    state: State = "not-applicable" if refusal else "ready" if answer.result else "needs-input"
    result = answer.result if state == "ready" else None
    return Card(
        calculator,
        state,
        _reason(calculator, conditions),
        refusal,
        _needs(calculator, answer) if state == "needs-input" else "",
        len(answer.missing) + len(answer.errors),
        shown_outputs(calculator, result.outputs, result.band) if result else no_outputs(calculator),
        result.band if result else "",
        result.level if result else "neutral",
        result.interpretation if result else "",
        tuple(answer.notices) if state != "not-applicable" else (),
        _stale(fields) if result else "",
        fields,
        ruler_of(calculator, answer) if result else Markup(),
        picture_of(calculator, answer, posted or {}) if result else Markup(),
        _what_if(calculator, posted or {}),
        filed,
    )


def _what_if(calculator: Calculator, posted: Mapping[str, object]) -> tuple[WhatIf, ...]:
    if calculator.id != "prevent":
        return ()
    return tuple(WhatIf(change.name, change.words, bool(posted.get(change.name))) for change in CHANGES)


def _refusal(answer: Answer, conditions: Mapping[str, str]) -> str:
    known = [name for name in answer.calculator.excluded_by if name in conditions]
    if known:
        named = listed([f"{CONDITIONS[name]} ({conditions[name]})" for name in known])
        return f"Its paper excludes patients with {named}."
    return " ".join(answer.errors[name] for name in answer.not_applicable)


def _reason(calculator: Calculator, conditions: Mapping[str, str]) -> Reason | None:
    known = [name for name in calculator.indications if name in conditions]
    if known:
        words = f"because of {listed([CONDITIONS[name] for name in known])}"
        return Reason(words, with_days(conditions[known[0]]), is_condition=True)
    return Reason(calculator.routine) if calculator.routine else None


def _needs(calculator: Calculator, answer: Answer) -> str:
    missing = [calculator.by_name[name].label for name in answer.missing]
    parts = []
    if len(missing) > _MOST_NAMED or any(len(name) > _LONGEST_NAME for name in missing):
        parts.append(f"Needs {_counted(calculator, answer.missing)}.")
    elif missing:
        parts.append(f"Needs {listed(missing)}.")
    if answer.errors:
        parts.append(_wrong(calculator, answer))
    return " ".join(parts)


def _wrong(calculator: Calculator, answer: Answer) -> str:
    """What to check. A single value that was read well is right and only outside of the formula: this says so."""
    if len(answer.errors) == 1 and not answer.errors.keys().isdisjoint(answer.values):
        return next(iter(answer.errors.values()))
    wrong = [calculator.by_name[name].label for name in answer.errors if name in calculator.by_name]
    return f"Check {listed(wrong)}." if len(wrong) <= _MOST_NAMED else "Check the marked values."


def _counted(calculator: Calculator, missing: list[str]) -> str:
    """`3 answers` of a questionnaire, else `3 values`."""
    is_asked = all(calculator.by_name[name].kind == "whole" for name in missing)
    return f"{len(missing)} {'answer' if is_asked else 'value'}{'' if len(missing) == 1 else 's'}"


def _stale(fields: tuple[Field, ...]) -> str:
    old = [
        f"{field.frame.label} ({field.date})" if field.date else field.frame.label
        for field in fields
        if field.is_stale
    ]
    return f"Uses values older than 12 months: {listed(old)}." if old else ""
