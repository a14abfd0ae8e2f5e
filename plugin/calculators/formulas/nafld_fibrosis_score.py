"""NAFLD fibrosis score."""

from __future__ import annotations

from plugin.calculators.bands import Bands, Scale, band_of
from plugin.calculators.declaration import Citation, Level, Output, Result, calculator
from plugin.calculators.fibrosis import fibrosis_bands
from plugin.calculators.inputs import AGE, ALBUMIN, ALT, AST, BMI, DIABETES, PLATELETS

HIGH_ABOVE = 0.676
LOW_BELOW = -1.455
"""Angulo 2007: advanced fibrosis absent below -1.455, present above 0.676."""
LOW_BELOW_FROM_65 = 0.12
"""McPherson 2017 (doi 10.1038/ajg.2016.453), whose oldest group starts at 65 and youngest ends at 35."""


@calculator(
    id="nafld-fibrosis-score",
    title="NAFLD fibrosis score",
    category="Liver",
    summary="How likely advanced fibrosis is in fatty liver disease",
    inputs=(
        AGE.only(18),
        BMI,
        DIABETES.asked_as(
            "Diabetes or impaired fasting glucose",
            "Impaired fasting glucose counts as yes",
            qualifier="impaired",
        ),
        AST,
        ALT,
        PLATELETS,
        ALBUMIN,
    ),
    outputs=(Output("nfs", "NAFLD fibrosis score", decimals=2),),
    citation=Citation(
        "Angulo P, Hui JM, Marchesini G, et al. Hepatology 2007;45:846-54.", "10.1002/hep.21496"
    ),
    indications=("liver_disease", "obesity"),
    scale=Scale("nfs", lambda inputs: _bands(inputs["age"]), start=-4, end=3),
)
def nafld_fibrosis_score(
    *, age: float, bmi: float, diabetes: bool, ast: float, alt: float, platelets: float, albumin: float
) -> Result:
    """-1.675 + 0.037 age + 0.094 BMI + 1.13 diabetes + 0.99 AST/ALT - 0.013 platelets - 0.66 albumin.

    Angulo 2007, with age in years (18 and over), bmi in kg/m², diabetes 1 for diabetes or impaired fasting
    glucose, AST and ALT in U/L, platelets in 10⁹/L, albumin in g/dL. Unrounded, no unit; the bands see the
    unrounded value: low below -1.455 (below 0.12 from age 65, McPherson 2017), high above 0.676. Errors: none
    of its own.
    """
    value = (
        -1.675
        + 0.037 * age
        + 0.094 * bmi
        + 1.13 * diabetes
        + 0.99 * (ast / alt)
        - 0.013 * platelets
        - 0.66 * albumin
    )
    return Result({"nfs": value}, *_sentence(value, age))


def _sentence(value: float, age: float) -> tuple[str, str, Level]:
    """Interpretation, band and level at this age."""
    bands = _bands(age)
    band = band_of(value, bands)
    source = "Angulo 2007" if age < 65 else "Angulo 2007; McPherson 2017"
    sentence = (
        f"{band.label} score: {band.words} ({source}; at this age low below {bands[0].below:g}, "
        f"high above {HIGH_ABOVE:g})."
    )
    if int(age) <= 35:
        sentence += " Up to age 35 the score performs poorly (McPherson 2017)."
    return sentence, band.label, band.level


def _bands(age: float) -> Bands:
    low_below = LOW_BELOW_FROM_65 if age >= 65 else LOW_BELOW
    return fibrosis_bands(low_below=low_below, high_above=HIGH_ABOVE)
