"""Mean arterial pressure."""

from __future__ import annotations

from plugin.calculators.bands import Band, band_of
from plugin.calculators.declaration import Citation, InputError, Output, Result, calculator
from plugin.calculators.inputs import DBP, SBP

# Surviving Sepsis Campaign 2021 (Crit Care Med 2021;49:e1063, doi 10.1097/CCM.0000000000005337): an initial target
# for adults with septic shock on vasopressors. There is no such cut-off for everyone.
_BANDS = (
    Band("Below 65 mmHg", "high", "below the", below=65),
    Band("65 mmHg or more", "neutral", "not below the"),
)


@calculator(
    id="map",
    title="Mean arterial pressure",
    category="Heart",
    summary="Mean arterial pressure from a cuff reading",
    inputs=(SBP, DBP),
    outputs=(Output("map", "Mean arterial pressure", "mmHg", decimals=0),),
    citation=Citation("Diastolic pressure and a third of the pulse pressure, the form in general use."),
)
def mean_arterial_pressure(*, sbp: float, dbp: float) -> Result:
    """MAP = dbp + (sbp − dbp) / 3.

    sbp 50–300 and dbp 20–200 mmHg. mmHg, unrounded; the band sees the unrounded value.
    Errors: a diastolic pressure above the systolic one.
    """
    if dbp > sbp:
        raise InputError(dbp="Diastolic blood pressure must not be above the systolic one; check both.")
    value = dbp + (sbp - dbp) / 3
    band = band_of(value, _BANDS)
    sentence = (
        f"Mean pressure {band.words} initial target of 65 mmHg in septic shock on vasopressors "
        "(Surviving Sepsis Campaign 2021)."
    )
    return Result({"map": value}, sentence, band.label, band.level)
