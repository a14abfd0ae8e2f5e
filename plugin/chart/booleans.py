"""Yes-or-no inputs and named choices from the problem and medication lists.

`true` needs an entry of the list, shown as evidence. `false` is said only when the whole list was read and
holds none, and only for inputs that the list can answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from plugin.chart.codes import is_history
from plugin.chart.facts import Chart, Medication, Problem
from plugin.chart.filled import NOT_FOUND, Filled

_Entry = TypeVar("_Entry", Problem, Medication)


@dataclass(frozen=True)
class Question:
    """What a boolean input asks of a list."""

    list: Literal["problems", "medications"]
    names: tuple[str, ...]
    """Meanings (codes.py) or classes (drugs.py), any of which answers yes."""
    absence_answers: bool = True
    """False: the input asks for more than the list can tell, so that absence says nothing."""


def _problems(*names: str, absence_answers: bool = True) -> Question:
    return Question("problems", names, absence_answers)


def _medications(*names: str) -> Question:
    return Question("medications", names)


BOOLEANS: Mapping[str, Question] = {
    "diabetes": _problems("diabetes"),
    "hypertension": _problems("hypertension"),
    "heart_failure": _problems("heart_failure"),
    "atrial_fibrillation": _problems("atrial_fibrillation"),
    "stroke_tia_te": _problems("stroke_tia_te"),
    "vascular_disease": _problems("myocardial_infarction", "arterial_disease"),
    "dialysis": _problems("dialysis"),
    "stroke": _problems("stroke"),
    # HAS-BLED (Pisters 2010): these three also ask for lab values or a history that no list holds whole
    "bleeding_history": _problems("major_bleeding", absence_answers=False),
    "abnormal_renal": _problems("kidney_replaced", absence_answers=False),
    "abnormal_liver": _problems("cirrhosis", absence_answers=False),
    "hypertension_treated": _medications("antihypertensive"),
    "statin": _medications("statin"),
    "antiplatelet_or_nsaid": _medications("antiplatelet", "nsaid"),
    "mi": _problems("charlson_mi"),
    "chf": _problems("charlson_chf"),
    "pvd": _problems("charlson_pvd"),
    "cva_tia": _problems("charlson_cva_tia"),
    "dementia": _problems("charlson_dementia"),
    "copd": _problems("charlson_copd"),
    "connective_tissue": _problems("charlson_connective_tissue"),
    "peptic_ulcer": _problems("charlson_peptic_ulcer"),
    "hemiplegia": _problems("charlson_hemiplegia"),
    "ckd_moderate_severe": _problems("charlson_ckd"),
    "leukemia": _problems("charlson_leukemia"),
    "lymphoma": _problems("charlson_lymphoma"),
    "aids": _problems("charlson_aids"),
}

_DIABETES_OR_IMPAIRED = _problems("diabetes", "impaired_fasting_glucose")

CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "liver": (("moderate_severe", "charlson_liver_severe"), ("mild", "charlson_liver_mild")),
    "diabetes_status": (
        ("end_organ", "charlson_diabetes_end_organ"),
        ("uncomplicated", "charlson_diabetes"),
    ),
    "solid_tumor": (("metastatic", "charlson_metastatic"), ("localized", "charlson_solid_tumor")),
}
"""Input -> (option, meaning), the gravest first; `none` when the list holds none of them."""


def boolean(chart: Chart, question: Question, today: dt.date) -> Filled | None:
    """Yes with its evidence, no from absence, or None when the chart cannot tell."""
    found = evidence(chart, question, today)
    if found is not None:
        return Filled(True, question.list, found.date, found.words)
    return _absent(chart, question.list, False) if question.absence_answers else None


def diabetes_or_impaired(chart: Chart, today: dt.date) -> Filled | None:
    """As `boolean`; a prediabetes that may or may not show in the fasting glucose is left to the doctor."""
    filled = boolean(chart, _DIABETES_OR_IMPAIRED, today)
    unclear = problem_that_means(chart, ("prediabetes",))
    if unclear is None or (filled is not None and filled.value):
        return filled
    note = f"{unclear.words}: choose yes if fasting glucose is 100 mg/dL or more."
    return Filled(None, "problems", unclear.date, note=note)


def choice(chart: Chart, options: Iterable[tuple[str, str]]) -> Filled | None:
    """The gravest option that the problem list speaks for, `none` from absence, or None."""
    for option, meaning in options:
        found = problem_that_means(chart, (meaning,))
        if found is not None:
            return Filled(option, "problems", found.date, found.words)
    return _absent(chart, "problems", "none")


def evidence(chart: Chart, question: Question, today: dt.date) -> Problem | Medication | None:
    """The entry that answers yes, the newest of several."""
    if question.list == "problems":
        return problem_that_means(chart, question.names)
    taken = [item for item in chart.medications if item.is_taken_on(today)]
    return _newest(item for item in taken if not set(question.names).isdisjoint(item.classes))


def problem_that_means(chart: Chart, names: Iterable[str]) -> Problem | None:
    """The newest problem that counts as one of `names`: active, or history where that suffices."""
    return _newest(item for item in chart.problems if any(_counts(item, name) for name in names))


def _counts(problem: Problem, name: str) -> bool:
    return name in problem.meanings and (problem.is_active or is_history(name))


def _newest(entries: Iterable[_Entry]) -> _Entry | None:
    return max(entries, key=lambda item: (item.date or dt.date.min, item.record), default=None)


def _absent(chart: Chart, list_name: Literal["problems", "medications"], value: bool | str) -> Filled | None:
    if not chart.has(list_name):
        return None
    return Filled(value, list_name, evidence=NOT_FOUND, note=_unread(chart, list_name))


def _unread(chart: Chart, list_name: str) -> str:
    """A warning where entries of the list say nothing to Chartside."""
    if list_name == "problems" and chart.uncoded:
        entries = "1 problem has" if chart.uncoded == 1 else f"{chart.uncoded} problems have"
        return f"{entries} no code and could not be searched."
    if list_name == "medications" and chart.unnamed:
        entries = "1 medicine has" if chart.unnamed == 1 else f"{chart.unnamed} medicines have"
        return f"{entries} no name and could not be searched."
    return ""
