"""GFR from creatinine and cystatin C, CKD-EPI 2021."""

from __future__ import annotations

from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.gfr_category import GFR_SCALE, gfr_sentence
from plugin.calculators.inputs import AGE, CREATININE, CYSTATIN_C, SEX


@calculator(
    id="egfr-ckd-epi-2021-cr-cys",
    title="eGFR (CKD-EPI 2021, creatinine and cystatin C)",
    category="Kidney",
    summary="Glomerular filtration rate from creatinine and cystatin C, without race",
    inputs=(AGE.only(18), SEX, CREATININE, CYSTATIN_C),
    outputs=(Output("egfr", "eGFR", "mL/min/1.73 m²", decimals=0),),
    citation=Citation(
        "Inker LA, Eneanya ND, Coresh J, et al. N Engl J Med 2021;385:1737-49.", "10.1056/NEJMoa2102953"
    ),
    indications=("ckd",),
    scale=GFR_SCALE,
)
def egfr_ckd_epi_2021_cr_cys(*, age: float, sex: str, creatinine: float, cystatin_c: float) -> Result:
    """GFR = 135 × min(Scr/κ, 1)^α × max(Scr/κ, 1)^−0.544 × min(Scys/0.8, 1)^−0.323 × max(Scys/0.8, 1)^−0.778 × …

    … × 0.9961^age × 0.963 if female; κ 0.7 and α −0.219 for women, 0.9 and −0.144 for men (Inker 2021, table
    S8 of the supplement). age in years (18 and over), sex female or male, creatinine in mg/dL (0.1–30),
    cystatin_c in mg/L (0.1–15). mL/min/1.73 m², unrounded; the KDIGO G category in the sentence sees the
    unrounded value. Errors: none of its own.
    """
    kappa, alpha, factor = (0.7, -0.219, 0.963) if sex == "female" else (0.9, -0.144, 1.0)
    creatinine_ratio = creatinine / kappa
    cystatin_ratio = cystatin_c / 0.8
    egfr = (
        135
        * min(creatinine_ratio, 1.0) ** alpha
        * max(creatinine_ratio, 1.0) ** -0.544
        * min(cystatin_ratio, 1.0) ** -0.323
        * max(cystatin_ratio, 1.0) ** -0.778
        * 0.9961**age
        * factor
    )
    return Result({"egfr": egfr}, *gfr_sentence(egfr))
