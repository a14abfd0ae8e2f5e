"""PREVENT for a talk with the patient: 10- and 30-year bars, a hundred people, and "what if" beside today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from plugin.calculators import Answer, compute
from plugin.calculators.declaration import Value
from plugin.panel.pictures.svg import element, label, picture
from plugin.panel.words import listed

_BARS = (
    ("All cardiovascular disease", "cvd"),
    ("Heart attack or stroke", "ascvd"),
    ("Heart failure", "hf"),
)
_LEFT, _FULL = 150.0, 110.0
_NUMBER_ROOM = 82.0
_STEP, _STEP_CHANGED = 22.0, 40.0
_PEOPLE = 100


@dataclass(frozen=True)
class Change:
    """One "what if": a box of the form, and what it changes."""

    name: str
    """Of the box."""
    words: str
    input: str
    to: Value
    no_change: str
    """Said when the patient is there already."""
    caution: str = ""
    """Said of its result; empty when the legend says enough."""

    def applies(self, values: Mapping[str, Value]) -> bool:
        """True when the patient's value is not already as good."""
        value = values.get(self.input)
        if isinstance(self.to, bool):
            return value is not self.to
        return isinstance(value, (int, float)) and isinstance(self.to, (int, float)) and value > self.to


CHANGES = (
    Change("what_if_smoking", "Stop smoking", "smoker", False, "does not smoke"),
    Change("what_if_sbp", "Systolic pressure 130", "sbp", 130.0, "systolic pressure is 130 or lower"),
    Change(
        "what_if_statin",
        "Take a statin",
        "statin",
        True,
        "takes a statin already",
        # The coefficients come from cohorts, not trials: with some values the risk even rises.
        "In this formula a statin marks the people who are given one; it does not measure what a statin does.",
    ),
)


def prevent_pictures(answer: Answer, posted: Mapping[str, object]) -> Markup:
    """Bars and icon array of a computed `answer`; with the ticked changes beside today's risk."""
    today = _risks(answer)
    ticked = [change for change in CHANGES if posted.get(change.name)]
    made = [change for change in ticked if change.applies(answer.values)]
    changed = _with(answer, made) if made else {}
    legend = _legend(ticked, made, has_result=bool(changed))
    parts = [_bars("10", today, changed)]
    if "cvd_30y" in today:
        parts.append(_bars("30", today, changed))
    parts.append(_people(round(today["cvd_10y"]), round(changed.get("cvd_10y", today["cvd_10y"]))))
    return legend + element("div", Markup().join(parts), class_="pictures")


def _risks(answer: Answer) -> dict[str, float]:
    outputs = answer.result.outputs if answer.result else {}
    return {name: value for name, value in outputs.items() if not isinstance(value, str)}


def _with(answer: Answer, changes: list[Change]) -> dict[str, float]:
    """The risks after `changes`."""
    values = dict(answer.values)
    values.update({change.input: change.to for change in changes})
    return _risks(compute(answer.calculator, values))


def _legend(ticked: list[Change], made: list[Change], *, has_result: bool) -> Markup:
    words = [f"{change.words}: {change.no_change}." for change in ticked if change not in made]
    if has_result:
        named = listed([change.words.lower() for change in made])
        words.append(
            f"What if ({named}): the risk of people with these values, as the formula estimates it. "
            "It is not a promise of what a treatment would do."
        )
        words += [change.caution for change in made if change.caution]
    return element("p", " ".join(words), class_="what-if-words") if words else Markup()


def _bars(years: str, today: Mapping[str, float], changed: Mapping[str, float]) -> Markup:
    names = [(words, f"{key}_{years}y") for words, key in _BARS]
    longest = max(10.0, *(today[name] for _, name in names), *(changed.get(name, 0.0) for _, name in names))
    parts = [label(f"Risk within {years} years", x=0, y=12, class_="strong")]
    said = []
    step = _STEP_CHANGED if changed else _STEP
    for row, (words, name) in enumerate(names):
        top = 18 + row * step
        parts.append(label(words, x=0, y=top + 13))
        parts.append(_bar(today[name], longest, top, class_="bar-today"))
        said.append(f"{words} {today[name]:.1f}%")
        if name in changed:
            parts.append(_bar(changed[name], longest, top + 17, class_="bar-changed", before="what if "))
            said[-1] += f", what if {changed[name]:.1f}%"
    alternative = f"Risk within {years} years: {'; '.join(said)}."
    return picture(_LEFT + _FULL + _NUMBER_ROOM, 18 + 3 * step, alternative, *parts, class_="bars")


def _bar(risk: float, longest: float, top: float, *, class_: str, before: str = "") -> Markup:
    width = max(1.0, risk / longest * _FULL)
    bar = element("rect", class_=class_, x=_LEFT, y=top + 2, width=width, height=14)
    return bar + label(f"{before}{risk:.1f}%", x=_LEFT + width + 5, y=top + 13)


@cache
def _people(today: int, changed: int) -> Markup:
    """A hundred people: who falls ill either way, who only as things are today, and who does not."""
    today, changed = min(today, _PEOPLE), min(changed, _PEOPLE)
    both, more = min(today, changed), max(today, changed)
    parts = [label("100 people like this patient", x=0, y=12, class_="strong")]
    for person in range(_PEOPLE):
        class_ = "ill" if person < both else "spared" if person < more else "well"
        x, y = 7 + person % 20 * 12, 24 + person // 20 * 15
        parts.append(element("circle", class_=class_, cx=x, cy=y, r=4.4))
    words = f"Within 10 years {today} of 100 get cardiovascular disease, {_PEOPLE - today} do not."
    parts.append(label(f"{today} of 100 get cardiovascular disease in 10 years", x=0, y=104))
    if changed != today:
        words += f" What if: {changed} of 100."
        parts.append(label(f"What if: {changed} of 100 (ring: the difference)", x=0, y=118))
    return picture(290, 124, words, *parts, class_="people")
