"""Result bands: where a published cut-off lies, what it is called, and how it is coloured.

A formula finds its band in a table of these; a ruler that shows the result is drawn from the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["neutral", "good", "watch", "high"]


@dataclass(frozen=True)
class Band:
    """One band of a scale; give at most one of `below` (end outside) and `up_to` (end inside)."""

    label: str
    """A few words, such as `High risk`."""
    level: Level
    words: str = ""
    """What it means, for the interpretation."""
    below: float | None = None
    up_to: float | None = None
    on_ruler: str = ""
    """A shorter label, for a ruler."""

    def holds(self, value: float) -> bool:
        """True when `value` is not past this band's end; the last band has none."""
        if self.below is not None:
            return value < self.below
        return self.up_to is None or value <= self.up_to


Bands = tuple[Band, ...]


def band_of(value: float, bands: Bands) -> Band:
    """The first band, in ascending order, that holds `value`; the last must be open."""
    for band in bands[:-1]:
        if band.holds(value):
            return band
    return bands[-1]


@dataclass(frozen=True)
class Scale:
    """The ruler of an output: its bands from `start` to `end`; a value beyond is shown at that end."""

    output: str
    bands: Bands | Callable[[Mapping[str, Any]], Bands]
    """The formula's own; where they depend on the patient, a function of the inputs."""
    start: float
    end: float
    is_whole: bool = False
    """A score: it takes whole numbers alone."""

    def bands_for(self, inputs: Mapping[str, Any]) -> Bands:
        """The bands for a patient with these `inputs`, in ascending order."""
        return self.bands(inputs) if callable(self.bands) else self.bands

    def starts_of(self, bands: Bands) -> list[float]:
        """Where each of `bands` begins; the one after an end that is inside begins with the next whole score."""
        return [self.start, *(self._end_of(band) for band in bands[:-1])]

    def _end_of(self, band: Band) -> float:
        if band.below is not None:
            return band.below
        if band.up_to is None:
            raise ValueError(f"only the last band may be open, not {band.label}")
        return band.up_to + 1 if self.is_whole else band.up_to
