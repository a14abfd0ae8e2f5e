"""The cards by need: results for this patient, those that lack a value or two, the rest, those that do not apply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plugin.calculators.declaration import Level
from plugin.panel.cards import Card

FEW = 2
"""So many missing inputs are worth asking for."""
_BY_LEVEL: dict[Level, int] = {"high": 0, "watch": 1, "neutral": 2, "good": 3}


@dataclass(frozen=True, slots=True)
class Arranged:
    """The cards of a page, in the order it shows them."""

    for_patient: tuple[Card, ...]
    """Computed, and a reason in the chart or in routine: shown open."""
    computed: tuple[Card, ...]
    """Computed from the chart without such a reason: folded, the result on the fold."""
    almost: tuple[Card, ...]
    """A reason, and a value or two missing: shown open, asking for these."""
    lacking: tuple[Card, ...]
    """A value or two missing without a reason, or more missing with one: folded."""
    rest: tuple[tuple[str, tuple[Card, ...]], ...]
    """The others by category: folded."""
    not_applicable: tuple[Card, ...]
    """Not for this patient, with the reason: folded."""


def arrange(cards: Iterable[Card]) -> Arranged:
    """Sort `cards` into their places; every one of them is in exactly one."""
    places: dict[str, list[Card]] = {name: [] for name in Arranged.__dataclass_fields__}
    for card in sorted(cards, key=_by_need):
        places[_place(card)].append(card)
    rest = places.pop("rest")
    return Arranged(**{name: tuple(found) for name, found in places.items()}, rest=_by_category(rest))


def _place(card: Card) -> str:
    if card.state == "not-applicable":
        return "not_applicable"
    if card.state == "ready":
        return "for_patient" if card.reason else "computed"
    if card.lacking <= FEW:
        return "almost" if card.reason else "lacking"
    return "lacking" if card.reason and card.reason.is_condition else "rest"


def _by_need(card: Card) -> tuple[bool, bool, bool, int, bool, int, str]:
    """A known disease comes before routine.

    For known disease a worse band comes before a better one. In routine the risk of what may come stands before
    the measures that it sums up: every adult has a BMI.
    """
    is_condition = card.reason is not None and card.reason.is_condition
    is_measure = not card.calculator.is_risk
    return (
        card.reason is None,
        not is_condition,
        is_measure and not is_condition,
        _BY_LEVEL[card.level],
        is_measure,
        card.lacking,
        card.calculator.title,
    )


def _by_category(cards: list[Card]) -> tuple[tuple[str, tuple[Card, ...]], ...]:
    names = sorted({card.calculator.category for card in cards})
    return tuple(
        (
            name,
            tuple(
                sorted(
                    (card for card in cards if card.calculator.category == name),
                    key=lambda card: card.calculator.title,
                )
            ),
        )
        for name in names
    )
