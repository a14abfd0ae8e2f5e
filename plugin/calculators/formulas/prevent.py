"""PREVENT: 10- and 30-year risk of cardiovascular disease."""

from __future__ import annotations

from math import exp
from operator import mul

from plugin.calculators.bands import Band, band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import (
    AGE,
    BMI,
    DIABETES,
    EGFR,
    HBA1C,
    HDL,
    HYPERTENSION_TREATED,
    SBP,
    SEX,
    SMOKER,
    STATIN,
    TOTAL_CHOLESTEROL,
    UACR,
)
from plugin.calculators.prevent_terms import betas, terms

OLDEST_FOR_30_YEARS = 59.0

# ACC/AHA 2026 dyslipidemia guideline, 10-year PREVENT-ASCVD in percent (doi 10.1161/CIR.0000000000001423).
RISK_BANDS = (
    Band("Low risk", "good", below=3),
    Band("Borderline risk", "watch", below=5),
    Band("Intermediate risk", "watch", below=10),
    Band("High risk", "high"),
)


@calculator(
    id="prevent",
    title="PREVENT",
    category="Heart",
    summary="10- and 30-year risk of cardiovascular disease without known disease",
    inputs=(
        AGE.only(30, 79),
        SEX,
        SBP.between(90, 180),
        HYPERTENSION_TREATED,
        TOTAL_CHOLESTEROL.between(130, 320),
        HDL.between(20, 100),
        STATIN,
        DIABETES,
        SMOKER,
        EGFR.between(15, 140),
        BMI.between(18.5, 39.9),
        HBA1C.optionally(4.5, 15),
        UACR.optionally(0.1, 25000),
    ),
    outputs=(
        Output("cvd_10y", "10-year risk, all cardiovascular disease", "%", decimals=1),
        # The bands are those of the atherosclerotic risk.
        Output("ascvd_10y", "10-year risk, atherosclerotic disease", "%", decimals=1, headline=True),
        Output("hf_10y", "10-year risk, heart failure", "%", decimals=1),
        Output("cvd_30y", "30-year risk, all cardiovascular disease", "%", decimals=1),
        Output("ascvd_30y", "30-year risk, atherosclerotic disease", "%", decimals=1),
        Output("hf_30y", "30-year risk, heart failure", "%", decimals=1),
        Output(
            "model",
            "Model",
            words={"base": "Base", "hba1c": "With HbA1c", "uacr": "With UACR", "full": "With HbA1c and UACR"},
        ),
    ),
    citation=Citation(
        "Khan SS, Matsushita K, Sang Y, et al. Circulation 2024;149:430-49.",
        "10.1161/CIRCULATIONAHA.123.067626",
    ),
    indications=("hypertension", "diabetes", "dyslipidemia"),
    routine="for adults from 30 to 79 without known cardiovascular disease",
    excluded_by=("myocardial_infarction", "stroke", "heart_failure"),
    is_risk=True,
)
def prevent(
    *,
    age: float,
    sex: str,
    sbp: float,
    hypertension_treated: bool,
    total_cholesterol: float,
    hdl: float,
    statin: bool,
    diabetes: bool,
    smoker: bool,
    egfr: float,
    bmi: float,
    hba1c: float | None,
    uacr: float | None,
) -> Result:
    """Risk = 1 / (1 + e^−x), x the sum of beta × term (Khan 2023, supplemental tables S12A–J).

    age 30–79 years, sex female or male, sbp 90–180 mmHg, total_cholesterol 130–320 and hdl 20–100 mg/dL,
    egfr 15–140 mL/min/1.73 m², bmi 18.5–39.9 kg/m², the rest yes or no; optional hba1c 4.5–15 % and uacr
    0.1–25000 mg/g choose the model: base, hba1c, uacr, or full (both; social deprivation missing). Percent,
    unrounded; the bands see the unrounded 10-year ASCVD risk. 30-year outputs are absent above age 59. Known
    myocardial infarction, stroke or heart failure: not for this patient (primary prevention).
    Errors: none of its own. The betas: data/prevent-coefficients.csv.
    """
    values = terms(
        age=age,
        sbp=sbp,
        hypertension_treated=hypertension_treated,
        total_cholesterol=total_cholesterol,
        hdl=hdl,
        statin=statin,
        diabetes=diabetes,
        smoker=smoker,
        egfr=egfr,
        bmi=bmi,
        hba1c=hba1c,
        uacr=uacr,
    )
    model = ("base" if uacr is None else "uacr") if hba1c is None else ("hba1c" if uacr is None else "full")
    outputs: dict[str, float | str] = {}
    for horizon in ("10", "30") if age <= OLDEST_FOR_30_YEARS else ("10",):
        for name, vector in betas(model, horizon, sex):
            outputs[name] = 100 / (1 + exp(-sum(map(mul, vector, values))))
    outputs["model"] = model
    band = band_of(outputs["ascvd_10y"], RISK_BANDS)  # type: ignore[arg-type]  # a number
    return Result(outputs, _SENTENCES[band.label], band.label, band.level)


_SENTENCES = {
    band.label: f"{band.label} of atherosclerotic disease in 10 years (ACC/AHA 2026: low below 3%, borderline "
    "to 5%, intermediate to 10%, high from 10%)."
    for band in RISK_BANDS
}
