"""What a problem's code means: members and near misses of each set."""

from __future__ import annotations

import pytest

from plugin.calculators import all_calculators
from plugin.calculators.conditions import CONDITIONS
from plugin.chart.booleans import BOOLEANS, CHOICES
from plugin.chart.codes import CODE_SETS, Coded, meanings_of
from plugin.chart.conditions import MEANINGS
from plugin.chart.drugs import classes_of
from plugin.chart.snomed import SNOMED

ICD10 = {
    "impaired_fasting_glucose": ("R73.01", "R73.02 R73.03 E11.9"),
    "prediabetes": ("R73.02 R73.03 R73.09", "R73.01 R73.9 E11.9"),
    "diabetes": ("E08.9 E10.9 E11 E119 E13.9", "E07.9 E14.9 O24.4 R73.03"),
    "hypertension": ("I10 I11.9 I16.9", "I09 I17 I1"),
    "heart_failure": ("I50.9 I11.0 I13.0 I13.2 I09.81 I42.0", "I11.9 I13.1 I09.8 I43 I51.9"),
    "atrial_fibrillation": ("I48 I48.91 I4820", "I47.1 I49.0"),
    "stroke_tia_te": ("I63.9 I69.30 I69.3 G45.9 G45.0 I74.3 Z86.73", "G45.4 I69.4 I61.9 I65.2 Z86.7"),
    "myocardial_infarction": ("I21.4 I22.0 I25.2", "I25.10 I20.0 I23.0"),
    "arterial_disease": ("I70.0 I71.4 I73.9", "I73.0 I72.0 I25.10"),
    "dialysis": ("Z99.2", "Z99.1 N18.6 Z94.0"),
    "charlson_mi": ("I21.0 I22 I25.2", "I25.1"),
    "charlson_chf": ("I09.9 I25.5 I42.0 I42.9 I43 P29.0", "I42.1 I42.4 I51"),
    "charlson_pvd": ("I73.1 I77.1 K55.1 Z95.8 Z95.9", "I72 I73.0 K55.0 Z95.1"),
    "charlson_cva_tia": ("G45.9 G46.0 H34.0 I60.9 I69.9", "I70 G44 H34.1"),
    "charlson_dementia": ("F00 F03.90 F05.1 G30.9 G31.1", "F05.0 G31.0"),
    "charlson_copd": ("I27.8 J40 J44.9 J47 J60 J67.9 J70.3", "J39 J48 J59 J68.3 J70.2 I27.0"),
    "charlson_connective_tissue": ("M05.9 M06.0 M31.5 M32.1 M34.9 M35.1 M35.3 M36.0", "M35.0 M31.4 M07"),
    "charlson_peptic_ulcer": ("K25.9 K28.0", "K24 K29"),
    "charlson_liver_mild": (
        "B18.2 K70.0 K70.3 K70.9 K71.7 K73.9 K74.6 K76.0 K76.9 Z94.4",
        "K70.4 K76.1 K76.6",
    ),
    "charlson_liver_severe": ("I85.0 I85.01 I85.9 K70.4 K72.90 K76.5 K76.7", "K72.0 K76.4 K76.8"),
    "charlson_diabetes": ("E11.9 E10.0 E13.6 E14.8", "E11.2 E10.7 E15"),
    "charlson_diabetes_end_organ": ("E11.22 E10.4 E13.7", "E11.65 E10.9"),
    "charlson_hemiplegia": ("G04.1 G81.9 G82.2 G83.4 G83.9 G80.2", "G83.5 G80.0 G83.8"),
    "charlson_ckd": ("I12.0 I13.1 N03.2 N05.7 N18.3 N19 N25.0 Z49.0 Z94.0 Z99.2", "I12.9 N03.1 N17 Z49.3"),
    "charlson_solid_tumor": ("C00 C18.9 C26 C34.9 C43.9 C50.9 C61 C76.0", "C44.9 C77.0 C80 C81 C42 D05"),
    "charlson_metastatic": ("C77.0 C78.7 C80.1", "C76 C81"),
    "charlson_leukemia": ("C91.0 C95.9", "C90.0 C96"),
    "charlson_lymphoma": ("C81.9 C85.9 C88.0 C90.0 C96.9", "C91 C80"),
    "charlson_aids": ("B20 B22.0 B24", "Z21 B23 B25"),
    "obesity": ("E66.9 E66.01 Z68.35", "E66.3 Z68.25"),
}
ICD9 = {
    "diabetes": ("250.00 25000", "251.0 790.29"),
    "hypertension": ("401.9 4019 405", "400 406"),
    "heart_failure": ("428.0 402.91 404.13 398.91 425.4", "402.90 404.10 429"),
    "atrial_fibrillation": ("427.31 42732", "427.1 427.41"),
    "stroke_tia_te": ("434.91 433.11 435.9 V12.54 444.22", "433.10 V12.51 437.7"),
    "myocardial_infarction": ("410.91 412", "411 413.9"),
    "dialysis": ("V45.11 V451", "V45.0"),
    "charlson_ckd": ("585.3 582 V56.0 403.91", "584 403.90"),
    "charlson_solid_tumor": ("174.9 153.9 185", "173.3 196.0"),
    "charlson_copd": ("496 493.90", "506.3 489"),
}
DRUGS = {
    "Atorvastatin 40 mg": ("statin",),
    "CRESTOR 10MG": ("statin",),
    "nystatin 100,000 unit/mL": (),
    "Cilastatin-imipenem": (),
    "Sandostatin LAR": (),
    "Caduet 10 mg-20 mg": ("statin", "antihypertensive"),
    "ezetimibe-simvastatin": ("statin",),
    "lisinopril-hydrochlorothiazide 20-12.5": ("antihypertensive",),
    "Losartan/HCTZ": ("antihypertensive",),
    "timolol maleate 0.5 % ophthalmic solution": (),
    "Minoxidil 5% topical foam": (),
    "minoxidil 2.5 mg tablet": ("antihypertensive",),
    "Intuniv ER (guanfacine)": (),
    "tamsulosin 0.4 mg": (),
    "sotalol 80 mg": (),
    "clonidine 0.1 mg/24hr weekly patch": ("antihypertensive",),
    "aspirin 81 mg": ("antiplatelet",),
    "ASA 325": ("antiplatelet",),
    "Asacol HD 800 mg": (),
    "mesalamine (5-ASA)": (),
    "Aspirin-Free Excedrin": (),
    "Brilinta 90 mg": ("antiplatelet",),
    "Eliquis 5 mg": (),
    "warfarin": (),
    "Advil Liqui-Gels 200 mg": ("nsaid",),
    "Voltaren 1 % topical gel": (),
    "diclofenac sodium 1 % gel": (),
    "Advair Diskus": (),
    "hydrocodone-ibuprofen": ("nsaid",),
    "acetaminophen": (),
    "Bayer Contour test strips": (),
    "": (),
}


@pytest.mark.parametrize("name", ICD10)
def test_icd10_members_and_near_misses(name: str) -> None:
    inside, outside = ICD10[name]
    assert [code for code in inside.split() if name not in _meanings(code, 10)] == []
    assert [code for code in outside.split() if name in _meanings(code, 10)] == []


@pytest.mark.parametrize("name", ICD9)
def test_icd9_members_and_near_misses(name: str) -> None:
    inside, outside = ICD9[name]
    assert [code for code in inside.split() if name not in _meanings(code, 9)] == []
    assert [code for code in outside.split() if name in _meanings(code, 9)] == []


@pytest.mark.parametrize("medicine", DRUGS)
def test_a_medicine_belongs_to_its_classes(medicine: str) -> None:
    assert classes_of(medicine) == DRUGS[medicine]


def test_a_route_to_the_eye_or_skin_makes_it_local() -> None:
    assert [classes_of("timolol 0.5 %", "ophthalmic"), classes_of("diclofenac", "topical")] == [(), ()]


def test_every_name_used_has_its_codes() -> None:
    used = {name for question in BOOLEANS.values() if question.list == "problems" for name in question.names}
    used |= {meaning for options in CHOICES.values() for _, meaning in options}
    used |= {meaning for meanings in [*MEANINGS.values(), *SNOMED.values()] for meaning in meanings}
    assert used <= set(CODE_SETS)


def test_every_condition_of_the_calculators_is_known() -> None:
    assert set(MEANINGS) == set(CONDITIONS)


def test_every_choice_offered_by_the_chart_is_one_of_the_calculator() -> None:
    inputs = {item.name: item for one in all_calculators().values() for item in one.inputs}
    for name, options in CHOICES.items():
        offered = {option for option, _ in options} | {"none"}
        assert offered == {choice.value for choice in inputs[name].choices}


def _meanings(code: str, version: int) -> tuple[str, ...]:
    return meanings_of(Coded(code.replace(".", ""), version, ""))
