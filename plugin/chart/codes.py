"""The codes of DrChrono's records, named once: LOINC for labs, SNOMED for smoking, code sets for problems.

A code set is written as text that can be held against its source. `I50` is a category with all below it,
`K70.0-K70.3` a range, `-G45.4` taken out again, `?` any one character. Codes are compared without dots.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from plugin.chart.charlson_codes import CHARLSON
from plugin.chart.code_sets import CodeSet
from plugin.chart.snomed import SNOMED

LOINC: Mapping[str, str] = {
    "2160-0": "creatinine",
    "14682-9": "creatinine",
    "98979-8": "egfr",
    "62238-1": "egfr",
    "33914-3": "egfr",
    "33863-2": "cystatin_c",
    "2093-3": "total_cholesterol",
    "2085-9": "hdl",
    "13457-7": "ldl",
    "18262-6": "ldl",
    "2089-1": "ldl",
    "2571-8": "triglycerides",
    "4548-4": "hba1c",
    "17856-6": "hba1c",
    "9318-7": "uacr",
    "14959-1": "uacr",
    "32294-1": "uacr",
    "2345-7": "glucose",
    "1558-6": "glucose",
    "20448-7": "insulin",
    "1920-8": "ast",
    "1742-6": "alt",
    "777-3": "platelets",
    "26515-7": "platelets",
    "1975-2": "bilirubin",
    "6301-6": "inr",
    "34714-6": "inr",
    "2951-2": "sodium",
    "2075-0": "chloride",
    "2028-9": "bicarbonate",
    "1963-8": "bicarbonate",
    "1751-7": "albumin",
    "17861-6": "calcium",
    "3094-0": "bun",
    "2823-3": "potassium",
    "718-7": "hemoglobin",
}
"""LOINC code -> canonical input or trend name (CALCULATORS.md, From the chart)."""

FASTING_GLUCOSE = "1558-6"
"""The one glucose code that says the patient had fasted."""

SMOKING: Mapping[str, tuple[bool, str]] = {
    "449868002": (True, "smokes every day"),
    "428041000124106": (True, "smokes some days"),
    "77176002": (True, "smoker"),
    "428071000124103": (True, "heavy smoker"),
    "428061000124105": (True, "light smoker"),
    "8517006": (False, "former smoker"),
    "266919005": (False, "never smoked"),
}
"""SNOMED smoking status -> current smoker, words. Unknown (266927001) and blank say nothing."""

_OWN: Mapping[str, CodeSet] = {
    "diabetes": CodeSet("E08-E13", "249 250"),
    "hypertension": CodeSet("I10-I16", "401-405"),
    "heart_failure": CodeSet("I50 I11.0 I13.0 I13.2 I09.81 I42", "428 402.?1 404.?1 404.?3 398.91 425"),
    "atrial_fibrillation": CodeSet("I48", "427.3"),
    "stroke_tia_te": CodeSet(
        "I63 I69.3 G45 -G45.4 I74 Z86.73", "433.?1 434.?1 436 438 435 444 V12.54", is_history=True
    ),
    "myocardial_infarction": CodeSet("I21 I22 I25.2", "410 412", is_history=True),
    "arterial_disease": CodeSet("I70 I71 I73.9", "440 441 443.9"),
    "dialysis": CodeSet("Z99.2", "V45.1 V45.11"),
    "stroke": CodeSet("I60-I64 I69.0-I69.3 Z86.73", "430-432 433.?1 434.?1 436 438 V12.54", is_history=True),
    "major_bleeding": CodeSet(
        # HAS-BLED: intracranial, or needing hospital care; the unambiguous gastrointestinal ones
        "I60-I62 I85.01 I85.11 K25.0 K25.2 K25.4 K25.6 K26.0 K26.2 K26.4 K26.6 K27.0 K27.2 K27.4 K27.6 "
        "K28.0 K28.2 K28.4 K28.6 K92.0-K92.2",
        "430-432 456.0 456.20 531.0 531.2 531.4 531.6 532.0 532.2 532.4 532.6 533.0 533.2 533.4 533.6 "
        "534.0 534.2 534.4 534.6 578",
        is_history=True,
    ),
    "impaired_fasting_glucose": CodeSet("R73.01", "790.21"),
    "prediabetes": CodeSet("R73.0 -R73.01", "790.22 790.29"),
    "kidney_replaced": CodeSet("Z99.2 Z94.0", "V45.1 V42.0"),
    "cirrhosis": CodeSet("K70.3 K71.7 K74.3-K74.6", "571.2 571.5 571.6"),
    "alcohol_use": CodeSet("F10", "303 305.0"),
    "anxiety": CodeSet("F40 F41", "300.0 300.2"),
    "ckd": CodeSet("N18 I12 I13", "585 403 404"),
    "depression": CodeSet("F32 F33", "296.2 296.3 311"),
    "dyslipidemia": CodeSet("E78.0-E78.5", "272.0-272.4"),
    "liver_disease": CodeSet("K70-K77 B18", "571-573 070.22 070.23 070.32 070.33 070.44 070.54"),
    "obesity": CodeSet("E66 -E66.3 Z68.3 Z68.4", "278.0 -278.02 V85.3 V85.4"),
    "sleep_apnea": CodeSet("G47.3", "327.2 780.51 780.53 780.57"),
}
"""CALCULATORS.md, From the chart; below `stroke`: ICD-10-CM and ICD-9-CM tabular lists."""

CODE_SETS: Mapping[str, CodeSet] = {**_OWN, **CHARLSON}
"""Every meaning a problem can have."""


@dataclass(frozen=True, slots=True)
class Coded:
    """The codes of one problem, cleaned: `icd_version` 9 or 10, or 0 without an ICD code."""

    icd: str
    """Upper case, without its dot."""
    icd_version: int
    snomed: str


@lru_cache(maxsize=4096)
def meanings_of(coded: Coded) -> tuple[str, ...]:
    """The names of all code sets that hold `coded`, by its ICD code or its SNOMED code."""
    found = {name for name, codes in CODE_SETS.items() if codes.hold(coded.icd, coded.icd_version)}
    found.update(SNOMED.get(coded.snomed, ()))
    return tuple(sorted(found))


def is_history(meaning: str) -> bool:
    """True for what counts at any status: it happened, even when it is over."""
    return CODE_SETS[meaning].is_history
