"""Charlson comorbidity index with age points."""

from __future__ import annotations

from plugin.calculators.bands import Band, band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import AGE, choice, yes_no

# Charlson 1987, table 3: the assigned weights.
_POINTS = {
    "mi": 1,
    "chf": 1,
    "pvd": 1,
    "cva_tia": 1,
    "dementia": 1,
    "copd": 1,
    "connective_tissue": 1,
    "peptic_ulcer": 1,
    "hemiplegia": 2,
    "ckd_moderate_severe": 2,
    "leukemia": 2,
    "lymphoma": 2,
    "aids": 6,
}
_GRADED_POINTS = {
    "liver": {"none": 0, "mild": 1, "moderate_severe": 3},
    "diabetes_status": {"none": 0, "uncomplicated": 1, "end_organ": 2},
    "solid_tumor": {"none": 0, "localized": 2, "metastatic": 6},
}
MOST_AGE_POINTS = 4
# Charlson 1987, abstract: deaths within a year among 559 medical inpatients, by points without age.
_MORTALITY = (
    Band("No comorbidity points", "good", "12%", up_to=0),
    Band("1 to 2 comorbidity points", "watch", "26%", up_to=2),
    Band("3 to 4 comorbidity points", "high", "52%", up_to=4),
    Band("5 or more comorbidity points", "high", "85%"),
)


@calculator(
    id="charlson",
    title="Charlson comorbidity index",
    category="General",
    summary="Weight of other diseases, with points for age",
    inputs=(
        AGE,
        yes_no("mi", "Myocardial infarction", "Ever, definite or probable"),
        yes_no("chf", "Heart failure"),
        yes_no(
            "pvd", "Peripheral vascular disease", "Claudication, bypass, gangrene, aneurysm of 6 cm or more"
        ),
        yes_no("cva_tia", "Stroke or TIA", "Ever"),
        yes_no("dementia", "Dementia"),
        yes_no("copd", "Chronic lung disease"),
        yes_no("connective_tissue", "Connective tissue disease", "Lupus, rheumatoid arthritis, and the like"),
        yes_no("peptic_ulcer", "Peptic ulcer", "Treated ever"),
        yes_no("hemiplegia", "Hemiplegia or paraplegia"),
        yes_no(
            "ckd_moderate_severe",
            "Kidney disease, moderate or severe",
            "Creatinine above 3 mg/dL, dialysis, transplant or uremia; filled for any chronic kidney disease",
        ),
        yes_no("leukemia", "Leukemia", "Acute or chronic, or polycythemia vera"),
        yes_no("lymphoma", "Lymphoma", "Or myeloma"),
        yes_no("aids", "AIDS"),
        choice(
            "liver",
            "Liver disease",
            ("none", "None"),
            ("mild", "Mild: chronic hepatitis, or cirrhosis without portal hypertension"),
            ("moderate_severe", "Moderate or severe: cirrhosis with portal hypertension"),
        ),
        choice(
            "diabetes_status",
            "Diabetes",
            ("none", "None, or diet alone"),
            ("uncomplicated", "Treated with medicine, no end-organ damage"),
            ("end_organ", "With retinopathy, neuropathy or nephropathy"),
        ),
        choice(
            "solid_tumor",
            "Solid tumor",
            ("none", "None in the last 5 years"),
            ("localized", "Without metastases"),
            ("metastatic", "Metastatic"),
        ),
    ),
    outputs=(Output("score", "Charlson index with age"),),
    citation=Citation(
        "Charlson ME, Pompei P, Ales KL, MacKenzie CR. J Chronic Dis 1987;40:373-83; with age: Charlson M, et al. "
        "J Clin Epidemiol 1994;47:1245-51, doi:10.1016/0895-4356(94)90129-5.",
        "10.1016/0021-9681(87)90171-8",
    ),
)
def charlson(*, age: float, **conditions: bool | str) -> Result:
    """Weights of the diseases present (Charlson 1987, table 3) plus one point a decade from 50 (1994).

    1 each: mi, chf, pvd, cva_tia, dementia, copd, connective_tissue, peptic_ulcer, mild liver disease,
    uncomplicated diabetes. 2 each: hemiplegia, ckd_moderate_severe, diabetes with end-organ damage, localized
    solid tumor, leukemia, lymphoma; they add up. 3: moderate or severe liver disease. 6 each: metastatic solid
    tumor, aids. age in years, its whole part: 50–59 one point, at most 4. The mortality band sees the points
    without age. Errors: none of its own.
    """
    comorbidity = sum(points for name, points in _POINTS.items() if conditions[name])
    comorbidity += sum(points[str(conditions[name])] for name, points in _GRADED_POINTS.items())
    age_points = min(max(int(age) // 10 - 4, 0), MOST_AGE_POINTS)
    band = band_of(comorbidity, _MORTALITY)
    sentence = (
        f"{band.label} and {age_points} for age; of medical inpatients with so many comorbidity points "
        f"{band.words} died within a year in 1984 (Charlson 1987)."
    )
    return Result({"score": comorbidity + age_points}, sentence, band.label, band.level)
