"""Pooled cohort equations: 10-year risk of atherosclerotic disease."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

from plugin.calculators.bands import Band, Scale, band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import (
    AGE,
    DIABETES,
    HDL,
    HYPERTENSION_TREATED,
    SBP,
    SEX,
    SMOKER,
    TOTAL_CHOLESTEROL,
    choice,
)

RACE = choice(
    "race",
    "Race, as these equations ask it",
    ("black", "Black"),
    ("white", "White"),
    ("other", "Other"),
    help="Never taken from the chart.",
    prefilled=False,
)

# 2018 AHA/ACC cholesterol guideline (doi 10.1161/CIR.0000000000000625), percent in 10 years.
RISK_BANDS = (
    Band("Low risk", "good", below=5, on_ruler="Low"),
    Band("Borderline risk", "watch", below=7.5, on_ruler="Borderline"),
    Band("Intermediate risk", "watch", below=20, on_ruler="Intermediate"),
    Band("High risk", "high", on_ruler="High"),
)


@dataclass(frozen=True)
class _Cohort:
    """One column of Table A of the full report; logarithms are natural."""

    ln_age: float
    ln_tc: float
    ln_hdl: float
    ln_treated_sbp: float
    ln_untreated_sbp: float
    smoker: float
    diabetes: float
    mean: float
    baseline: float
    ln_age_squared: float = 0.0
    ln_age_ln_tc: float = 0.0
    ln_age_ln_hdl: float = 0.0
    ln_age_ln_treated_sbp: float = 0.0
    ln_age_ln_untreated_sbp: float = 0.0
    ln_age_smoker: float = 0.0


_COHORTS = {
    ("female", "white"): _Cohort(
        ln_age=-29.799,
        ln_age_squared=4.884,
        ln_tc=13.540,
        ln_age_ln_tc=-3.114,
        ln_hdl=-13.578,
        ln_age_ln_hdl=3.149,
        ln_treated_sbp=2.019,
        ln_untreated_sbp=1.957,
        smoker=7.574,
        ln_age_smoker=-1.665,
        diabetes=0.661,
        mean=-29.1817,
        baseline=0.9665,
    ),
    ("female", "black"): _Cohort(
        ln_age=17.114,
        ln_tc=0.940,
        ln_hdl=-18.920,
        ln_age_ln_hdl=4.475,
        ln_treated_sbp=29.291,
        ln_age_ln_treated_sbp=-6.432,
        ln_untreated_sbp=27.820,
        ln_age_ln_untreated_sbp=-6.087,
        smoker=0.691,
        diabetes=0.874,
        mean=86.6081,
        baseline=0.9533,
    ),
    ("male", "white"): _Cohort(
        ln_age=12.344,
        ln_tc=11.853,
        ln_age_ln_tc=-2.664,
        ln_hdl=-7.990,
        ln_age_ln_hdl=1.769,
        ln_treated_sbp=1.797,
        ln_untreated_sbp=1.764,
        smoker=7.837,
        ln_age_smoker=-1.795,
        diabetes=0.658,
        mean=61.1816,
        baseline=0.9144,
    ),
    ("male", "black"): _Cohort(
        ln_age=2.469,
        ln_tc=0.302,
        ln_hdl=-0.307,
        ln_treated_sbp=1.916,
        ln_untreated_sbp=1.809,
        smoker=0.549,
        diabetes=0.645,
        mean=19.5425,
        baseline=0.8954,
    ),
}


@calculator(
    id="ascvd-pce",
    title="ASCVD risk (pooled cohort equations)",
    category="Heart",
    summary="10-year risk of a first heart attack or stroke, as guidelines of 2013 to 2025 used it",
    inputs=(
        AGE.only(40, 79),
        SEX,
        RACE,
        TOTAL_CHOLESTEROL.between(130, 320),
        HDL.between(20, 100),
        SBP.between(90, 200),
        HYPERTENSION_TREATED,
        DIABETES,
        SMOKER,
    ),
    outputs=(Output("ascvd_10y", "10-year risk, atherosclerotic disease", "%", decimals=1),),
    citation=Citation(
        "Goff DC Jr, Lloyd-Jones DM, Bennett G, et al. Circulation 2014;129(25 Suppl 2):S49-73.",
        "10.1161/01.cir.0000437741.48606.98",
    ),
    indications=("dyslipidemia", "hypertension", "diabetes"),
    excluded_by=("myocardial_infarction", "stroke"),
    scale=Scale("ascvd_10y", RISK_BANDS, start=0, end=30),
    is_risk=True,
)
def ascvd_pce(
    *,
    age: float,
    sex: str,
    race: str,
    total_cholesterol: float,
    hdl: float,
    sbp: float,
    hypertension_treated: bool,
    diabetes: bool,
    smoker: bool,
) -> Result:
    """Risk = 1 − S₀^exp(sum − mean), the sum over Table A of the full report (Goff 2013).

    age 40–79 years, sex female or male, race black, white or other (white coefficients, with a notice),
    total_cholesterol 130–320 and hdl 20–100 mg/dL, sbp 90–200 mmHg, the rest yes or no. Percent, unrounded;
    the bands see the unrounded value. Known myocardial infarction or stroke: not for this patient.
    Errors: none of its own.
    """
    cohort = _COHORTS[sex, "black" if race == "black" else "white"]
    ln_age, ln_tc, ln_hdl, ln_sbp = log(age), log(total_cholesterol), log(hdl), log(sbp)
    if hypertension_treated:
        sbp_term = (cohort.ln_treated_sbp + cohort.ln_age_ln_treated_sbp * ln_age) * ln_sbp
    else:
        sbp_term = (cohort.ln_untreated_sbp + cohort.ln_age_ln_untreated_sbp * ln_age) * ln_sbp
    total = (
        cohort.ln_age * ln_age
        + cohort.ln_age_squared * ln_age * ln_age
        + (cohort.ln_tc + cohort.ln_age_ln_tc * ln_age) * ln_tc
        + (cohort.ln_hdl + cohort.ln_age_ln_hdl * ln_age) * ln_hdl
        + sbp_term
        + (cohort.smoker + cohort.ln_age_smoker * ln_age) * smoker
        + cohort.diabetes * diabetes
    )
    risk = 100 * (1 - cohort.baseline ** exp(total - cohort.mean))
    band = band_of(risk, RISK_BANDS)
    notices = ("Race other: the coefficients for white patients were used.",) if race == "other" else ()
    return Result({"ascvd_10y": risk}, _sentence(band), band.label, band.level, notices)


def _sentence(band: Band) -> str:
    return (
        f"{band.label} of atherosclerotic disease in 10 years (AHA/ACC 2018: low below 5%, borderline to 7.5%, "
        "intermediate to 20%, high from 20%)."
    )
