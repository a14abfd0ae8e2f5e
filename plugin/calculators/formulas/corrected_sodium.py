"""Sodium corrected for high glucose."""

from __future__ import annotations

from plugin.calculators.bands import band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import GLUCOSE, SODIUM
from plugin.calculators.laboratory import USUAL_RANGE_SOURCE, usual_range

CORRECTS_ABOVE = 100
"""Glucose in mg/dL."""
_RANGE = usual_range(136, 145)


@calculator(
    id="corrected-sodium",
    title="Corrected sodium",
    category="Electrolytes",
    summary="Sodium as it would be at a glucose of 100 mg/dL",
    inputs=(SODIUM, GLUCOSE),
    outputs=(
        Output("sodium", "Corrected, 1.6 per 100 mg/dL (Katz)", "mmol/L", decimals=1, headline=True),
        Output("sodium_hillier", "Corrected, 2.4 per 100 mg/dL (Hillier)", "mmol/L", decimals=1),
    ),
    citation=Citation(
        "Katz MA. N Engl J Med 1973;289:843-4; Hillier TA, Abbott RD, Barrett EJ. Am J Med 1999;106:399-403, "
        "doi:10.1016/S0002-9343(99)00055-8.",
        "10.1056/NEJM197310182891607",
    ),
    indications=("diabetes",),
)
def corrected_sodium(*, sodium: float, glucose: float) -> Result:
    """Sodium + 1.6 (Katz 1973) or + 2.4 (Hillier 1999) for each 100 mg/dL of glucose above 100.

    sodium in mmol/L, glucose in mg/dL; at 100 mg/dL or below both are the sodium as measured, with a notice.
    mmol/L, unrounded; the bands (136 to 145, ABIM 2024) see the unrounded values. Errors: none of its own.
    """
    hundreds = max(glucose - CORRECTS_ABOVE, 0) / 100
    katz = sodium + 1.6 * hundreds
    hillier = sodium + 2.4 * hundreds
    notices = () if hundreds else ("Glucose is not above 100 mg/dL: sodium is as measured, not corrected.",)
    band, hillier_band = band_of(katz, _RANGE), band_of(hillier, _RANGE)
    sentence = f"Corrected sodium {band.words} mmol/L by Katz, {hillier_band.words} by Hillier"
    if band == hillier_band:
        sentence = f"Corrected sodium {band.words} mmol/L"
    level = band.level if band == hillier_band else "watch"
    outputs = {"sodium": katz, "sodium_hillier": hillier}
    return Result(outputs, f"{sentence} ({USUAL_RANGE_SOURCE}).", band.label, level, notices)
