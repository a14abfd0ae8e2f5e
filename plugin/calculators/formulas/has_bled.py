"""HAS-BLED: risk of major bleeding on anticoagulation."""

from __future__ import annotations

from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import AGE, yes_no

HIGH_RISK_FROM = 3


@calculator(
    id="has-bled",
    title="HAS-BLED",
    category="Heart",
    summary="Risk of major bleeding in atrial fibrillation with an anticoagulant",
    inputs=(
        yes_no("uncontrolled_hypertension", "Uncontrolled hypertension", "Systolic above 160 mmHg"),
        yes_no(
            "abnormal_renal", "Abnormal kidney function", "Dialysis, transplant or creatinine ≥ 2.26 mg/dL"
        ),
        yes_no(
            "abnormal_liver",
            "Abnormal liver function",
            "Cirrhosis, or bilirubin > 2 × with AST, ALT or ALP > 3 × the upper limit",
        ),
        yes_no("stroke", "Stroke, ever"),
        yes_no("bleeding_history", "Bleeding", "Major bleeding before, or a predisposition such as anemia"),
        yes_no("labile_inr", "Labile INR", "Less than 60% of the time in range"),
        AGE,
        yes_no("antiplatelet_or_nsaid", "Antiplatelet or NSAID"),
        yes_no("alcohol_excess", "Alcohol", "8 or more drinks a week"),
    ),
    outputs=(Output("score", "HAS-BLED"),),
    citation=Citation(
        "Pisters R, Lane DA, Nieuwlaat R, de Vos CB, Crijns HJGM, Lip GYH. Chest 2010;138:1093-100.",
        "10.1378/chest.10-0134",
    ),
    indications=("atrial_fibrillation",),
    is_risk=True,
)
def has_bled(
    *,
    uncontrolled_hypertension: bool,
    abnormal_renal: bool,
    abnormal_liver: bool,
    stroke: bool,
    bleeding_history: bool,
    labile_inr: bool,
    age: float,
    antiplatelet_or_nsaid: bool,
    alcohol_excess: bool,
) -> Result:
    """One point each (Pisters 2010, table 1).

    Uncontrolled hypertension, abnormal renal function, abnormal liver function, stroke, bleeding, labile INR,
    age above 65 (its whole part counts), antiplatelet or NSAID, alcohol. Points, 0 to 9; from 3 on the risk is
    high (the paper's own cut-off). Errors: none of its own.
    """
    score = (
        uncontrolled_hypertension
        + abnormal_renal
        + abnormal_liver
        + stroke
        + bleeding_history
        + labile_inr
        + (int(age) > 65)
        + antiplatelet_or_nsaid
        + alcohol_excess
    )
    if score >= HIGH_RISK_FROM:
        sentence = "High risk of major bleeding: 3 points or more (Pisters 2010)."
        return Result({"score": score}, sentence, "High risk", "high")
    sentence = "Below the cut-off of 3 points for a high risk of major bleeding (Pisters 2010)."
    return Result({"score": score}, sentence, "Not high risk", "good" if score == 0 else "watch")
