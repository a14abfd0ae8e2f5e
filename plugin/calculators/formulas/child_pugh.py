"""Child-Pugh score and class of cirrhosis."""

from __future__ import annotations

from plugin.calculators.bands import Band, Scale, band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import ALBUMIN, BILIRUBIN, INR, choice

_BILIRUBIN_MIDDLE = (2, 3)
_ALBUMIN_MIDDLE = (2.8, 3.5)
_INR_MIDDLE = (1.7, 2.3)
"""Ends of the class that gives 2 points; both belong to it."""
_ASCITES = {"none": 1, "mild": 2, "moderate": 3}
_ENCEPHALOPATHY = {"none": 1, "1-2": 2, "3-4": 3}
_CLASSES = (
    Band("A", "good", "5 to 6 points, good operative risk", up_to=6),
    Band("B", "watch", "7 to 9 points, moderate operative risk", up_to=9),
    Band("C", "high", "10 to 15 points, poor operative risk"),
)


@calculator(
    id="child-pugh",
    title="Child-Pugh",
    category="Liver",
    summary="Severity of cirrhosis",
    inputs=(
        BILIRUBIN,
        ALBUMIN,
        INR,
        choice(
            "ascites", "Ascites", ("none", "Absent"), ("mild", "Slight"), ("moderate", "Moderate or more")
        ),
        choice(
            "encephalopathy",
            "Encephalopathy",
            ("none", "None"),
            ("1-2", "Grade 1 or 2"),
            ("3-4", "Grade 3 or 4"),
        ),
    ),
    outputs=(
        Output("score", "Child-Pugh score", headline=True),
        Output("class", "Class", words={"A": "Class A", "B": "Class B", "C": "Class C"}, headline=True),
    ),
    citation=Citation(
        "Pugh RN, Murray-Lyon IM, Dawson JL, Pietroni MC, Williams R. Br J Surg 1973;60:646-9.",
        "10.1002/bjs.1800600817",
    ),
    indications=("liver_disease",),
    scale=Scale("score", _CLASSES, start=5, end=15, is_whole=True),
)
def child_pugh(*, bilirubin: float, albumin: float, inr: float, ascites: str, encephalopathy: str) -> Result:
    """Sum of 1 to 3 points for each of five findings (Pugh 1973, table I; INR for the prothrombin time).

    2 points for bilirubin 2–3 mg/dL, albumin 2.8–3.5 g/dL, INR 1.7–2.3 (ends included), mild ascites and
    encephalopathy grade 1–2; better 1, worse 3. ascites none, mild or moderate; encephalopathy none, 1-2 or
    3-4. Score 5 to 15; class A to 6, B to 9, C above. Errors: none of its own.
    """
    score = (
        _points(bilirubin, *_BILIRUBIN_MIDDLE)
        + 4
        - _points(albumin, *_ALBUMIN_MIDDLE)  # the only one that is better when higher
        + _points(inr, *_INR_MIDDLE)
        + _ASCITES[ascites]
        + _ENCEPHALOPATHY[encephalopathy]
    )
    band = band_of(score, _CLASSES)
    sentence = f"Class {band.label}: {band.words} (Pugh 1973)."
    return Result({"score": score, "class": band.label}, sentence, f"Class {band.label}", band.level)


def _points(value: float, low: float, high: float) -> int:
    """1 below the middle class, 2 in it, 3 above."""
    return 1 if value < low else 2 if value <= high else 3
