"""FIB-4 index for liver fibrosis."""

from __future__ import annotations

from math import sqrt

from plugin.calculators.bands import Bands, Scale, band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.fibrosis import fibrosis_bands
from plugin.calculators.inputs import AGE, ALT, AST, PLATELETS

HIGH_ABOVE = 2.67
"""AASLD 2023 (doi 10.1097/HEP.0000000000000323)."""
LOW_BELOW = 1.3
LOW_BELOW_FROM_65 = 2.0
"""McPherson 2017 (doi 10.1038/ajg.2016.453), whose oldest group starts at 65 and youngest ends at 35."""


@calculator(
    id="fib-4",
    title="FIB-4 index",
    category="Liver",
    summary="How likely advanced liver fibrosis is, from age and routine blood tests",
    inputs=(AGE.only(18), AST, ALT, PLATELETS),
    outputs=(Output("fib4", "FIB-4", decimals=2),),
    citation=Citation(
        "Sterling RK, Lissen E, Clumeck N, et al. Hepatology 2006;43:1317-25.", "10.1002/hep.21178"
    ),
    indications=("liver_disease", "diabetes", "obesity"),
    scale=Scale("fib4", lambda inputs: _bands(inputs["age"]), start=0, end=5),
)
def fib_4(*, age: float, ast: float, alt: float, platelets: float) -> Result:
    """FIB-4 = age × AST / (platelets × √ALT) (Sterling 2006).

    age in years (18 and over), AST and ALT in U/L, platelets in 10⁹/L. Unrounded, no unit; the bands see the
    unrounded value. Low below 1.3 (below 2.0 from age 65, McPherson 2017), high above 2.67 (AASLD 2023). The
    paper's own cut-offs, in HIV with hepatitis C, are 1.45 and 3.25. Errors: none of its own.
    """
    value = age * ast / (platelets * sqrt(alt))
    bands = _bands(age)
    band = band_of(value, bands)
    sentence = (
        f"{band.label} FIB-4: {band.words} (AASLD 2023: at this age low below {bands[0].below:g}, "
        f"high above {HIGH_ABOVE:g}; in HIV with hepatitis C 1.45 and 3.25, Sterling 2006)."
    )
    if int(age) <= 35:
        sentence += " Up to age 35 FIB-4 performs poorly (McPherson 2017)."
    return Result({"fib4": value}, sentence, band.label, band.level)


def _bands(age: float) -> Bands:
    low_below = LOW_BELOW_FROM_65 if age >= 65 else LOW_BELOW
    return fibrosis_bands(low_below=low_below, high_above=HIGH_ABOVE)
