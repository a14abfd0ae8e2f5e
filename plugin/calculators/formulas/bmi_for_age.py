"""BMI for age of children and adolescents, CDC 2000."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from math import erfc, sqrt

from plugin.calculators.bands import Band, Scale, band_of
from plugin.calculators.data import rows
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import AGE, BMI, SEX

MONTHS_PER_YEAR = 12

# CDC, child and teen BMI categories: percentiles for age and sex.
PERCENTILE_BANDS = (
    Band("Underweight", "watch", below=5, on_ruler="Under"),
    Band("Healthy weight", "good", below=85, on_ruler="Healthy"),
    Band("Overweight", "watch", below=95, on_ruler="Over"),
    Band("Obesity", "high"),
)


@calculator(
    id="bmi-for-age",
    title="BMI for age (CDC 2000)",
    category="Body",
    summary="z-score and percentile of BMI from 2 to 20 years",
    inputs=(
        AGE.only(2, 20).asked_as("Age", "With its fraction of a year", qualifier="decimal"),
        SEX,
        BMI,
    ),
    outputs=(
        Output("z", "z-score", decimals=2),
        Output("percentile", "Percentile", decimals=1, headline=True),
    ),
    citation=Citation(
        "Kuczmarski RJ, Ogden CL, Guo SS, et al. 2000 CDC growth charts for the United States: methods and "
        "development. Vital Health Stat 11 2002;(246):1-190."
    ),
    routine="for children and adolescents from 2 to 20",
    scale=Scale("percentile", PERCENTILE_BANDS, start=0, end=100),
)
def bmi_for_age(*, age: float, sex: str, bmi: float) -> Result:
    """The score z = ((BMI / M)^L − 1) / (L × S), percentile = 100 × Φ(z) (CDC 2000, Cole's LMS method).

    L, M and S by sex and month of age, interpolated linearly between the table's half-month rows. age 2–20
    years, fractions counted (months = 12 × age), sex female or male, bmi in kg/m² (8–100). Both unrounded; the
    bands see the unrounded percentile: below 5 underweight, from 85 overweight, from 95 obesity (CDC).
    Errors: none of its own. The table: data/cdc-2000-bmi-for-age-lms.csv (no DOI; PMID 12043359).
    """
    power, median, spread = _lms(sex, age * MONTHS_PER_YEAR)
    z = ((bmi / median) ** power - 1) / (power * spread)
    percentile = 100 * erfc(-z / sqrt(2)) / 2
    band = band_of(percentile, PERCENTILE_BANDS)
    sentence = f"{band.label} for age and sex (CDC: 5th, 85th and 95th percentile)."
    return Result({"z": z, "percentile": percentile}, sentence, band.label, band.level)


def _lms(sex: str, months: float) -> tuple[float, float, float]:
    """L, M and S at `months`, on the straight line between the rows around it."""
    ages, values = _table()[sex]
    above = bisect_right(ages, months)
    low, high = ages[above - 1], ages[above]
    part = (months - low) / (high - low)
    power, median, spread = (
        before + part * (after - before)
        for before, after in zip(values[above - 1], values[above], strict=True)
    )
    return power, median, spread


@cache
def _table() -> dict[str, tuple[list[float], list[tuple[float, float, float]]]]:
    """Sex -> ages in months, ascending, and L, M, S at each."""
    table: dict[str, tuple[list[float], list[tuple[float, float, float]]]] = {}
    for row in rows("cdc-2000-bmi-for-age-lms.csv"):
        ages, values = table.setdefault(row["sex"], ([], []))
        ages.append(float(row["age_months"]))
        values.append((float(row["L"]), float(row["M"]), float(row["S"])))
    return table
