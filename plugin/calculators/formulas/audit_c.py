"""AUDIT-C: hazardous drinking."""

from __future__ import annotations

from plugin.calculators.bands import Band, Scale, band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import item

# Bush 1998 for men; Bradley 2003 for women (doi 10.1001/archinte.163.7.821).
_BANDS = (
    Band("Negative", "good", "Negative screen in men and in women", below=3),
    Band(
        "Positive in women", "watch", "Positive screen in women, negative in men", below=4, on_ruler="Women"
    ),
    Band("Positive", "high", "Positive screen in men and in women"),
)


@calculator(
    id="audit-c",
    title="AUDIT-C",
    category="Mental health",
    summary="Screen for hazardous drinking in the past year",
    inputs=(
        item(
            "q1",
            "1. How often did you have a drink containing alcohol in the past year?",
            "Never",
            "Monthly or less",
            "2 to 4 times a month",
            "2 to 3 times a week",
            "4 or more times a week",
        ),
        item(
            "q2",
            "2. How many drinks containing alcohol did you have on a typical day when you were drinking?",
            "1 or 2, or does not drink",
            "3 or 4",
            "5 or 6",
            "7 to 9",
            "10 or more",
        ),
        item(
            "q3",
            "3. How often did you have six or more drinks on one occasion in the past year?",
            "Never",
            "Less than monthly",
            "Monthly",
            "Weekly",
            "Daily or almost daily",
        ),
    ),
    outputs=(Output("score", "AUDIT-C score"),),
    citation=Citation(
        "Bush K, Kivlahan DR, McDonell MB, Fihn SD, Bradley KA. Arch Intern Med 1998;158:1789-95.",
        "10.1001/archinte.158.16.1789",
    ),
    indications=("alcohol_use", "liver_disease"),
    scale=Scale("score", _BANDS, start=0, end=12, is_whole=True),
)
def audit_c(*, q1: int, q2: int, q3: int) -> Result:
    """Sum of three answers, each 0 to 4 (Bush 1998).

    q1 how often, q2 how much on a typical day, q3 how often six or more. Score 0 to 12; positive from 4 in men
    (Bush 1998) and from 3 in women (Bradley 2003). A notice when q1 says never and another answer says
    otherwise. Errors: none of its own.
    """
    score = q1 + q2 + q3
    band = band_of(score, _BANDS)
    sentence = f"{band.words} (positive from 4 in men, Bush 1998, and from 3 in women, Bradley 2003)."
    contradicts = q1 == 0 and score > 0
    notices = ("Question 1 says never, and another answer says otherwise.",) if contradicts else ()
    return Result({"score": score}, sentence, band.label, band.level, notices)
