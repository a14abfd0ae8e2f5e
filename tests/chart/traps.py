"""What the sandbox's trap patients must fill in: written from their stories, not from our output.

`days` is how long before today the value is dated; None where no date may be shown.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """One input of one calculator for one patient."""

    trap: str
    calculator: str
    input: str
    value: float | bool | str | None
    source: str
    days: int | None = None
    words: str = ""
    """A part of the evidence or of the note."""
    is_stale: bool = False

    @property
    def id(self) -> str:
        """For the test's name."""
        return f"{self.trap}-{self.calculator}-{self.input}"


def _egfr(creatinine: float, age: int, *, female: bool) -> float:
    """CKD-EPI 2021 as printed in Inker, N Engl J Med 2021;385:1737."""
    kappa, alpha = (0.7, -0.241) if female else (0.9, -0.302)
    ratio = creatinine / kappa
    value = 142 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.200 * 0.9938**age
    return value * 1.012 if female else value


def _bmi(kg: float, metres: float) -> float:
    return kg / metres**2


NOT_FOUND = "not found in chart"
_E = Expected

EXPECTED = (
    # the newest value stands on the last page, of visits and of labs
    _E("many_visits", "map", "sbp", 118, "vitals", 8),
    _E("many_visits", "map", "dbp", 74, "vitals", 8),
    _E("many_visits", "bmi", "weight_kg", 151 * 0.45359237, "vitals", 8, "151 lbs"),
    _E("many_labs", "fib-4", "age", 56, "patient"),
    _E("many_labs", "creatinine-clearance", "creatinine", 0.83, "labs", 6),
    _E("many_labs", "prevent", "total_cholesterol", 187, "labs", 6),
    _E("many_labs", "prevent", "hba1c", 5.9, "labs", 6),
    # visits that did not take place
    _E("misleading_visits", "map", "sbp", 124, "vitals", 40),
    _E("misleading_visits", "bmi", "height_cm", 172.72, "vitals", 40),
    _E("misleading_visits", "prevent", "smoker", False, "vitals", 40),
    # units of vitals
    _E("units_imperial", "bmi", "height_cm", 177.8, "vitals", 15, "70 inches"),
    _E("units_imperial", "bmi", "weight_kg", 180 * 0.45359237, "vitals", 15, "180 lbs"),
    _E("units_metric", "bmi", "height_cm", 181, "vitals", 15),
    _E("units_metric", "bmi", "weight_kg", 78.4, "vitals", 15),
    _E(
        "units_ounces",
        "bmi-for-age",
        "bmi",
        _bmi(500 * 0.45359237 / 16, 37.5 * 0.0254),
        "calculated",
        15,
        "500 oz",
    ),
    _E("units_unknown", "bmi", "height_cm", None, "vitals", 15, "5.9 cubits"),
    _E("units_unknown", "bmi", "weight_kg", None, "vitals", 15, "12 stone"),
    # each vital sign from its own visit; BMI dated by the older of the two
    _E("partial_vitals", "map", "sbp", 131, "vitals", 10),
    _E("partial_vitals", "bmi", "weight_kg", 165 * 0.45359237, "vitals", 100),
    _E("partial_vitals", "bmi", "height_cm", 167.64, "vitals", 500, is_stale=True),
    _E("partial_vitals", "prevent", "smoker", True, "vitals", 200, "smoker"),
    _E(
        "partial_vitals",
        "prevent",
        "bmi",
        _bmi(165 * 0.45359237, 66 * 0.0254),
        "calculated",
        500,
        "165 lbs",
        is_stale=True,
    ),
    # numbers as text
    _E("numbers_as_strings", "map", "sbp", 138, "vitals", 9),
    _E("numbers_as_strings", "bmi", "height_cm", 170, "vitals", 9),
    _E("numbers_as_strings", "creatinine-clearance", "creatinine", 1.04, "labs", 9),
    _E("numbers_as_strings", "ldl-sampson", "triglycerides", 151, "labs", 9),
    # shown, not computed with
    _E("lab_text_values", "creatinine-clearance", "creatinine", None, "labs", 25, "<0.5 mg/dL"),
    _E("lab_text_values", "kdigo-ckd", "egfr", None, "labs", 25, ">90"),
    _E("lab_text_values", "kdigo-ckd", "uacr", None, "labs", 25, "Negative reported"),
    _E("lab_text_values", "prevent", "hba1c", None, "labs", 25, "5,7"),
    _E("lab_text_values", "prevent", "total_cholesterol", None, "labs", 25, "see comment"),
    _E("lab_text_values", "prevent", "hdl", 50, "labs", 25),
    # SI units; factors as printed in guidelines (38.67, 88.57, 18.016, 4.008, 2.8014)
    _E("lab_units_si", "creatinine-clearance", "creatinine", 106 / 88.4, "labs", 25, "106 µmol/L"),
    _E("lab_units_si", "prevent", "total_cholesterol", 5.2 * 38.67, "labs", 25),
    _E("lab_units_si", "prevent", "hdl", 1.3 * 38.67, "labs", 25),
    _E("lab_units_si", "ldl-sampson", "triglycerides", 1.7 * 88.57, "labs", 25),
    _E("lab_units_si", "prevent", "hba1c", 0.09148 * 53 + 2.152, "labs", 25, "53 mmol/mol"),
    _E("lab_units_si", "anion-gap", "albumin", 4.1, "labs", 25),
    _E("lab_units_si", "corrected-sodium", "glucose", 5.6 * 18.016, "labs", 25),
    _E("lab_units_si", "corrected-calcium", "calcium", 2.35 * 4.008, "labs", 25),
    _E("lab_units_si", "child-pugh", "bilirubin", 1.0, "labs", 25),
    _E("lab_units_si", "serum-osmolality", "bun", 5.0 * 2.8014, "labs", 25),
    _E("lab_units_si", "kdigo-ckd", "uacr", 3.4 * 8.84, "labs", 25),
    _E("lab_units_si", "fib-4", "platelets", 231, "labs", 25),
    _E("lab_units_si", "homa-ir", "insulin", 10, "labs", 25),
    # other spellings and codes
    _E("lab_units_spellings", "creatinine-clearance", "creatinine", 88 / 88.4, "labs", 25),
    _E("lab_units_spellings", "fib-4", "platelets", 204, "labs", 25),
    _E("lab_units_spellings", "anion-gap", "sodium", 138, "labs", 25),
    _E("lab_units_spellings", "anion-gap", "chloride", 101, "labs", 25),
    _E("lab_units_spellings", "anion-gap", "bicarbonate", 24, "labs", 25),
    _E("lab_units_spellings", "fib-4", "ast", 31, "labs", 25),
    _E("lab_units_spellings", "fib-4", "alt", 29, "labs", 25),
    _E("lab_units_spellings", "child-pugh", "inr", 1.1, "labs", 25),
    _E("lab_units_spellings", "egfr-ckd-epi-2021-cr-cys", "cystatin_c", 0.92, "labs", 25),
    _E("lab_units_spellings", "prevent", "hba1c", 6.4, "labs", 25),
    _E("lab_units_spellings", "prevent", "uacr", 18, "labs", 25),
    # unknown and missing units
    _E("lab_units_unknown", "creatinine-clearance", "creatinine", None, "labs", 25, "1.1 arb. units"),
    _E("lab_units_unknown", "anion-gap", "sodium", None, "labs", 25, "without a unit"),
    _E("lab_units_unknown", "fib-4", "platelets", None, "labs", 25, "250 cells"),
    _E("lab_units_unknown", "child-pugh", "inr", 1.0, "labs", 25),
    # older than twelve months
    _E("old_values", "fib-4", "ast", 35, "labs", 500, is_stale=True),
    _E("old_values", "map", "sbp", 128, "vitals", 500, is_stale=True),
    _E(
        "old_values",
        "kdigo-ckd",
        "egfr",
        _egfr(1.1, 62, female=False),
        "calculated",
        500,
        "1.1 mg/dL",
        is_stale=True,
    ),
    # eGFR: reported or calculated
    _E(
        "egfr_older_equation_same_day",
        "kdigo-ckd",
        "egfr",
        _egfr(1.0, 60, female=False),
        "calculated",
        25,
        "creatinine 1.0",
    ),
    _E("egfr_older_equation_newer", "kdigo-ckd", "egfr", 48, "labs", 5),
    _E("egfr_reported_newer", "kdigo-ckd", "egfr", 72, "labs", 5),
    _E(
        "egfr_reported_older",
        "kdigo-ckd",
        "egfr",
        _egfr(1.4, 60, female=True),
        "calculated",
        5,
        "creatinine 1.4",
    ),
    _E("prevent_example", "prevent", "egfr", 90, "labs", 20),
    _E("prevent_example", "prevent", "bmi", 35.0, "calculated", 20, "160 cm"),
    # rows with holes
    _E("lab_holes", "creatinine-clearance", "creatinine", 0.95, "labs", None, "no date"),
    _E("lab_holes", "prevent", "hdl", 48, "labs", 25),
    _E("fasting_glucose", "homa-ir", "glucose", 97, "labs", 60),
    _E("fasting_glucose", "corrected-sodium", "glucose", 180, "labs", 5),
    # problems
    _E("icd10_dotless", "cha2ds2-vasc", "heart_failure", True, "problems", 700, "I50.22 Chronic systolic"),
    _E("icd10_dotless", "prevent", "diabetes", True, "problems", 700, "E11.9"),
    _E("icd10_dotless", "charlson", "ckd_moderate_severe", True, "problems", 700, "N18.31"),
    _E("icd9", "cha2ds2-vasc", "heart_failure", True, "problems", 700, "428.0"),
    _E("icd9", "cha2ds2-vasc", "stroke_tia_te", True, "problems", 700, "V12.54"),
    _E("icd9", "cha2ds2-vasc", "diabetes", True, "problems", 700, "250.00"),
    _E("snomed_only", "cha2ds2-vasc", "diabetes", True, "problems", 700, "44054006"),
    _E("snomed_only", "cha2ds2-vasc", "hypertension", True, "problems", 700, "38341003"),
    _E("refuted_problems", "cha2ds2-vasc", "diabetes", False, "problems", None, NOT_FOUND),
    _E("refuted_problems", "cha2ds2-vasc", "stroke_tia_te", False, "problems", None, NOT_FOUND),
    _E("refuted_problems", "charlson", "mi", False, "problems", None, NOT_FOUND),
    _E("resolved_problems", "cha2ds2-vasc", "stroke_tia_te", True, "problems", 2000, "I63.9"),
    _E("resolved_problems", "cha2ds2-vasc", "vascular_disease", True, "problems", 1500, "I21.4"),
    _E("resolved_problems", "cha2ds2-vasc", "heart_failure", False, "problems", None, NOT_FOUND),
    _E("resolved_problems", "cha2ds2-vasc", "diabetes", False, "problems", None, NOT_FOUND),
    _E("resolved_problems", "cha2ds2-vasc", "hypertension", False, "problems", None, NOT_FOUND),
    _E("resolved_problems", "charlson", "solid_tumor", "localized", "problems", 3000, "C50.911"),
    _E("resolved_problems", "charlson", "peptic_ulcer", True, "problems", 2500, "K25.9"),
    _E("resolved_problems", "charlson", "diabetes_status", "none", "problems", None, NOT_FOUND),
    _E("near_misses", "cha2ds2-vasc", "stroke_tia_te", False, "problems", None, NOT_FOUND),
    _E("near_misses", "cha2ds2-vasc", "diabetes", False, "problems", None, NOT_FOUND),
    # the NAFLD score counts impaired fasting glucose, which prediabetes may or may not be
    _E("nafld", "nafld-fibrosis-score", "diabetes", None, "problems", 300, "R73.03 Prediabetes"),
    _E("nafld", "prevent", "diabetes", False, "problems", None, NOT_FOUND),
    _E("near_misses", "cha2ds2-vasc", "vascular_disease", False, "problems", None, NOT_FOUND),
    _E("charlson_all", "charlson", "liver", "moderate_severe", "problems", 700, "K72.90"),
    _E("charlson_all", "charlson", "diabetes_status", "end_organ", "problems", 700, "E11.21"),
    _E("charlson_all", "charlson", "solid_tumor", "metastatic", "problems", 700, "C78.7"),
    _E("charlson_all", "charlson", "leukemia", True, "problems", 700, "C91.00"),
    _E("charlson_all", "charlson", "lymphoma", True, "problems", 700, "C83.30"),
    _E("charlson_all", "charlson", "aids", True, "problems", 700, "B20"),
    _E("dialysis", "meld-3", "dialysis", True, "problems", 400, "Z99.2"),
    _E("cirrhosis", "has-bled", "abnormal_liver", True, "problems", 500, "K70.31"),
    _E("cirrhosis", "meld-3", "dialysis", False, "problems", None, NOT_FOUND),
    # medications
    _E("drugs_brand", "prevent", "statin", True, "medications", 400, "Lipitor"),
    _E("drugs_brand", "prevent", "hypertension_treated", True, "medications", 400, "Zestril"),
    _E("drugs_brand", "has-bled", "antiplatelet_or_nsaid", True, "medications", 400),
    _E("drugs_generic", "prevent", "statin", True, "medications", 400, "rosuvastatin"),
    _E("drugs_generic", "prevent", "hypertension_treated", True, "medications", 400, "amlodipine"),
    _E("drugs_stopped", "prevent", "statin", False, "medications", None, NOT_FOUND),
    _E("drugs_stopped", "prevent", "hypertension_treated", False, "medications", None, NOT_FOUND),
    _E("drugs_stopped", "has-bled", "antiplatelet_or_nsaid", False, "medications", None, NOT_FOUND),
    _E("drugs_future_stop", "prevent", "statin", True, "medications", 400, "Pravastatin"),
    _E(
        "drugs_future_stop",
        "prevent",
        "hypertension_treated",
        True,
        "medications",
        400,
        "Hydrochlorothiazide",
    ),
    # people
    _E("child", "bmi-for-age", "age", 8 + 60 / 365, "patient"),
    _E("child", "bmi", "height_cm", 128, "vitals", 10),
    _E("very_old", "creatinine-clearance", "age", 96, "patient"),
    _E("empty_chart", "prevent", "statin", False, "medications", None, NOT_FOUND),
    _E("empty_chart", "prevent", "diabetes", False, "problems", None, NOT_FOUND),
)

ABSENT = (
    ("no_birth_date", "fib-4", "age"),
    ("gender_unk", "cha2ds2-vasc", "sex"),
    ("gender_other", "cha2ds2-vasc", "sex"),
    ("gender_empty", "cha2ds2-vasc", "sex"),
    ("gender_asku", "cha2ds2-vasc", "sex"),
    ("empty_chart", "prevent", "smoker"),
    ("empty_chart", "prevent", "egfr"),
    ("lab_holes", "prevent", "total_cholesterol"),
    ("lab_holes", "prevent", "hba1c"),
    ("lab_holes", "anion-gap", "sodium"),
    ("implausible_vitals", "bmi", "weight_kg"),
    ("implausible_vitals", "prevent", "bmi"),
    ("complex_patient", "ascvd-pce", "race"),
    ("complex_patient", "has-bled", "labile_inr"),
    ("complex_patient", "has-bled", "alcohol_excess"),
    ("complex_patient", "has-bled", "bleeding_history"),
    ("complex_patient", "stop-bang", "snoring"),
    ("complex_patient", "phq-9", "q1"),
)
"""Inputs on which the chart says nothing: empty, without a source."""
