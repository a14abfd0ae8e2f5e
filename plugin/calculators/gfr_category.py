"""KDIGO's G categories of GFR, shared by everything that estimates or stages it."""

from __future__ import annotations

from plugin.calculators.bands import Band, Level, Scale, band_of

# KDIGO 2024, table 2 (Kidney Int 2024;105(4S):S117-S314, doi 10.1016/j.kint.2023.10.018), mL/min/1.73 m².
_BANDS = (
    Band("G5", "high", "kidney failure", below=15),
    Band("G4", "high", "severely decreased", below=30),
    Band("G3b", "watch", "moderately to severely decreased", below=45),
    Band("G3a", "watch", "mildly to moderately decreased", below=60),
    Band("G2", "good", "mildly decreased", below=90),
    Band("G1", "good", "normal or high"),
)
GFR_SCALE = Scale("egfr", _BANDS, start=0, end=120)


def gfr_category(egfr: float) -> Band:
    """The G category of an unrounded `egfr` in mL/min/1.73 m²; its label is `G1` to `G5`."""
    return band_of(egfr, _BANDS)


def gfr_sentence(egfr: float) -> tuple[str, str, Level]:
    """Interpretation, band and level of an `egfr`, as a Result takes them."""
    band = gfr_category(egfr)
    return f"GFR category {band.label}, {band.words} (KDIGO 2024).", f"{band.label} {band.words}", band.level
