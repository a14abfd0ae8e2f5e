"""Creatinine clearance by Cockcroft and Gault."""

from __future__ import annotations

from plugin.calculators.bands import Band, band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import AGE, CREATININE, SEX, WEIGHT_KG

# mL/min, as FDA guidance groups patients in studies of drugs in impaired renal function (drafts 2010 and 2020, final
# 2024; the lowest: Clin Transl Sci 2021;14:1689, doi 10.1111/cts.13061, table 1). A label may draw other lines.
_BANDS = (
    Band("Kidney failure range", "high", "in the range of kidney failure", below=15),
    Band("Severe impairment", "high", "severely impaired", below=30),
    Band("Moderate impairment", "watch", "moderately impaired", below=60),
    Band("Mild impairment", "watch", "mildly impaired", below=90),
    Band("Normal", "good", "normal"),
)


@calculator(
    id="creatinine-clearance",
    title="Creatinine clearance (Cockcroft-Gault)",
    category="Kidney",
    summary="The clearance that drug labels go by, from actual weight",
    inputs=(AGE.only(18), SEX, WEIGHT_KG, CREATININE),
    outputs=(Output("crcl", "Creatinine clearance", "mL/min", decimals=0),),
    citation=Citation("Cockcroft DW, Gault MH. Nephron 1976;16:31-41.", "10.1159/000180580"),
    indications=("ckd",),
)
def creatinine_clearance(*, age: float, sex: str, weight_kg: float, creatinine: float) -> Result:
    """CrCl = (140 − age) × weight / (72 × Scr), × 0.85 if female (Cockcroft 1976).

    age in years (18 and over), sex female or male, weight_kg the actual weight in kg (1–500), creatinine in
    mg/dL (0.1–30). mL/min, unrounded and not indexed to body surface; the bands see the unrounded value.
    Errors: none of its own.
    """
    crcl = (140 - age) * weight_kg / (72 * creatinine) * (0.85 if sex == "female" else 1.0)
    band = band_of(crcl, _BANDS)
    sentence = (
        f"Kidney function {band.words} (groups of FDA guidance for drug studies: below 90, 60, 30 and 15 mL/min); "
        "each drug's label has its own limits. Actual weight was used."
    )
    return Result({"crcl": crcl}, sentence, band.label, band.level)
