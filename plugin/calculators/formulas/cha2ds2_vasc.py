"""CHA2DS2-VASc: stroke risk in atrial fibrillation."""

from __future__ import annotations

from plugin.calculators.bands import Band, Bands, Scale, band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import (
    AGE,
    DIABETES,
    HEART_FAILURE,
    HYPERTENSION,
    SEX,
    STROKE_TIA_TE,
    VASCULAR_DISEASE,
)

_SOURCE = "ACC/AHA/ACCP/HRS 2023: high from 2 in men, 3 in women"


@calculator(
    id="cha2ds2-vasc",
    title="CHA₂DS₂-VASc",
    category="Heart",
    summary="Stroke risk in atrial fibrillation",
    inputs=(AGE, SEX, HEART_FAILURE, HYPERTENSION, STROKE_TIA_TE, VASCULAR_DISEASE, DIABETES),
    outputs=(Output("score", "CHA₂DS₂-VASc"),),
    citation=Citation(
        "Lip GYH, Nieuwlaat R, Pisters R, Lane DA, Crijns HJGM. Chest 2010;137:263-72.",
        "10.1378/chest.09-1584",
    ),
    indications=("atrial_fibrillation",),
    scale=Scale("score", lambda inputs: _bands(inputs["sex"]), start=0, end=9, is_whole=True),
    is_risk=True,
)
def cha2ds2_vasc(
    *,
    age: float,
    sex: str,
    heart_failure: bool,
    hypertension: bool,
    stroke_tia_te: bool,
    vascular_disease: bool,
    diabetes: bool,
) -> Result:
    """Sum of points (Lip 2010, table 2).

    2 each for age 75 and over and stroke, TIA or thromboembolism; 1 each for heart failure, hypertension,
    diabetes, vascular disease, age 65 to 74 and female sex. age in years (its whole part counts), sex female
    or male, the rest yes or no. Points, 0 to 9. Errors: none of its own. The sentence: 2 points in men and 3
    in women is the cut-off of the 2023 ACC/AHA/ACCP/HRS guideline (doi 10.1161/CIR.0000000000001193).
    """
    years = int(age)
    score = (
        heart_failure
        + hypertension
        + (2 if years >= 75 else 1 if years >= 65 else 0)
        + diabetes
        + 2 * stroke_tia_te
        + vascular_disease
        + (sex == "female")
    )
    band = band_of(score, _bands(sex))
    sentence = f"{band.label} of stroke with atrial fibrillation ({_SOURCE})."
    return Result({"score": score}, sentence, band.label, band.level)


def _bands(sex: str) -> Bands:
    """Female sex alone does not raise the band."""
    most_for_low = 1 if sex == "female" else 0
    return (
        Band("Low risk", "good", up_to=most_for_low, on_ruler="Low"),
        Band("Intermediate risk", "watch", up_to=most_for_low + 1, on_ruler="Intermediate"),
        Band("High risk", "high", on_ruler="High"),
    )
