"""KDIGO stages and risk of chronic kidney disease."""

from __future__ import annotations

from plugin.calculators.bands import Band, band_of
from plugin.calculators.declaration import Citation, Level, Output, Result, calculator
from plugin.calculators.gfr_category import gfr_category
from plugin.calculators.inputs import EGFR, UACR

# A2 is 30 to 300 inclusive.
ALBUMINURIA = (
    Band("A1", "good", "normal to mildly increased", below=30),
    Band("A2", "watch", "moderately increased", up_to=300),
    Band("A3", "high", "severely increased"),
)
# The heat map: G category -> risk at A1, A2, A3.
HEAT_MAP = {
    "G1": ("low", "moderate", "high"),
    "G2": ("low", "moderate", "high"),
    "G3a": ("moderate", "high", "very_high"),
    "G3b": ("high", "very_high", "very_high"),
    "G4": ("very_high", "very_high", "very_high"),
    "G5": ("very_high", "very_high", "very_high"),
}
RISK_WORDS = {
    "low": "Low risk",
    "moderate": "Moderate risk",
    "high": "High risk",
    "very_high": "Very high risk",
}
LEVELS: dict[str, Level] = {"low": "good", "moderate": "watch", "high": "high", "very_high": "high"}


@calculator(
    id="kdigo-ckd",
    title="KDIGO stage of kidney disease",
    category="Kidney",
    summary="G and A category, and the risk the heat map gives them",
    inputs=(EGFR, UACR),
    outputs=(
        Output("g_stage", "GFR category", headline=True),
        Output("a_stage", "Albuminuria category", headline=True),
        Output("risk", "Risk", words=RISK_WORDS),
    ),
    citation=Citation(
        "KDIGO 2024 Clinical Practice Guideline for CKD. Kidney Int 2024;105(4S):S117-S314.",
        "10.1016/j.kint.2023.10.018",
    ),
    indications=("ckd", "diabetes", "hypertension"),
)
def kdigo_ckd(*, egfr: float, uacr: float) -> Result:
    """G category from eGFR, A category from UACR, risk from the heat map (KDIGO 2024, figure 1 and table 2).

    egfr in mL/min/1.73 m² (1–200), unrounded: G1 from 90, G2 from 60, G3a from 45, G3b from 30, G4 from 15,
    G5 below. uacr in mg/g (0.1–30000): A1 below 30, A2 30 to 300 inclusive, A3 above. risk is low, moderate,
    high or very_high. Errors: none of its own. The categories describe a moment; CKD needs three months.
    """
    g_stage = gfr_category(egfr)
    a_stage = band_of(uacr, ALBUMINURIA)
    risk = HEAT_MAP[g_stage.label][ALBUMINURIA.index(a_stage)]
    sentence = (
        f"{g_stage.label}, {g_stage.words}; {a_stage.label}, albuminuria {a_stage.words}: "
        f"{RISK_WORDS[risk].lower()} when it lasts 3 months or more (KDIGO 2024)."
    )
    outputs = {"g_stage": g_stage.label, "a_stage": a_stage.label, "risk": risk}
    return Result(outputs, sentence, RISK_WORDS[risk], LEVELS[risk])
