"""A result on its scale: coloured stretches with their names and cut-offs, and a mark where the patient is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup

from plugin.calculators.bands import Level, Scale
from plugin.panel.pictures.svg import element, label, number, picture

_WIDTH, _HEIGHT = 228.0, 52.0
_TOP, _THICK = 16.0, 14.0
_LETTER = 5.6
"""About the width of a letter of the small text, to leave out names that do not fit."""


@dataclass(frozen=True)
class Stretch:
    """One band, up to the next one."""

    words: str
    level: Level
    start: float


@dataclass(frozen=True)
class Ground:
    """All of a ruler but the mark."""

    stretches: tuple[Stretch, ...]
    end: float
    is_whole: bool

    @property
    def start(self) -> float:
        """Where the first stretch begins."""
        return self.stretches[0].start

    def x(self, value: float) -> float:
        """Where `value` lies; of a score, the middle of its own step."""
        steps = self.end - self.start + (1 if self.is_whole else 0)
        return (value - self.start + (0.5 if self.is_whole else 0)) / steps * _WIDTH

    def edge(self, at: float) -> float:
        """Where a stretch that begins with `at` begins."""
        return self.x(at - 0.5) if self.is_whole else self.x(at)


def ground_of(scale: Scale, inputs: Mapping[str, Any]) -> Ground:
    """The ruler of `scale` for a patient with these inputs."""
    bands = scale.bands_for(inputs)
    stretches = (
        Stretch(band.on_ruler or band.label, band.level, start)
        for band, start in zip(bands, scale.starts_of(bands), strict=True)
    )
    return Ground(tuple(stretches), scale.end, scale.is_whole)


def ruler(ground: Ground, value: float, *, title: str, shown: str) -> Markup:
    """The ruler with `value` marked; `shown` is the value as the card prints it."""
    x = min(max(ground.x(value), 5.0), _WIDTH - 5.0)
    mark = element("path", class_="mark", d=f"M{number(x - 5)} 4h10l-5 9z")
    line = element("path", class_="mark-line", d=f"M{number(x)} 12v{number(_THICK + 5)}")
    return picture(_WIDTH, _HEIGHT, _words(ground, title, shown), _drawn(ground), line, mark)


@cache
def _drawn(ground: Ground) -> Markup:
    ends = [stretch.start for stretch in ground.stretches[1:]]
    parts = []
    for stretch, end in zip(ground.stretches, [*ends, None], strict=True):
        left = ground.edge(stretch.start)
        right = _WIDTH if end is None else ground.edge(end)
        parts.append(_stretch(stretch, left, right, is_first=stretch is ground.stretches[0]))
    return Markup().join(parts)


def _stretch(stretch: Stretch, left: float, right: float, *, is_first: bool) -> Markup:
    width = right - left
    box = {"x": left, "y": _TOP, "width": max(width - 1, 1), "height": _THICK}
    parts = [element("rect", class_=f"fill-{stretch.level}", **box)]
    if len(stretch.words) * _LETTER < width + 2:
        parts.append(label(stretch.words, x=left + width / 2, y=_HEIGHT - 3, anchor="middle"))
    if not is_first:
        parts.append(label(f"{stretch.start:g}", x=left, y=_TOP + _THICK + 9, anchor="middle", class_="cut"))
    return Markup().join(parts)


def _words(ground: Ground, title: str, shown: str) -> str:
    named = ", ".join(f"{stretch.words} from {stretch.start:g}" for stretch in ground.stretches)
    return f"{title} {shown} on a scale to {ground.end:g}: {named}."
