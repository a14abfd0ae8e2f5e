"""eGFR from creatinine, CKD-EPI 2021."""

from __future__ import annotations

from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.gfr_category import GFR_SCALE, gfr_sentence
from plugin.calculators.inputs import AGE, CREATININE, SEX


@calculator(
    id="egfr-ckd-epi-2021",
    title="eGFR (CKD-EPI 2021, creatinine)",
    category="Kidney",
    summary="Glomerular filtration rate from creatinine, without race",
    inputs=(AGE.only(18), SEX, CREATININE),
    outputs=(Output("egfr", "eGFR", "mL/min/1.73 m²", decimals=0),),
    citation=Citation(
        "Inker LA, Eneanya ND, Coresh J, et al. N Engl J Med 2021;385:1737-49.", "10.1056/NEJMoa2102953"
    ),
    indications=("ckd", "diabetes", "hypertension", "heart_failure"),
    routine="for every adult with a creatinine",
    scale=GFR_SCALE,
)
def egfr_ckd_epi_2021(*, age: float, sex: str, creatinine: float) -> Result:
    """GFR estimate = 142 × min(Scr/κ, 1)^α × max(Scr/κ, 1)^−1.200 × 0.9938^age × 1.012 if female (Inker 2021).

    κ 0.7 and α −0.241 for women, 0.9 and −0.302 for men (table S8 of the supplement). age in years (18 and
    over), creatinine in mg/dL (0.1–30), sex female or male. mL/min/1.73 m², unrounded; the KDIGO G category
    in the sentence sees the unrounded value. Errors: none of its own.
    """
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "female" else (0.9, -0.302, 1.0)
    ratio = creatinine / kappa
    egfr = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.200 * 0.9938**age * factor
    return Result({"egfr": egfr}, *gfr_sentence(egfr))
