"""GAD-7: severity of anxiety."""

from __future__ import annotations

from plugin.calculators.bands import Band, Scale, band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import HOW_OFTEN_BOTHERED, OVER_TWO_WEEKS, item

_ITEMS = (
    "Feeling nervous, anxious or on edge",
    "Not being able to stop or control worrying",
    "Worrying too much about different things",
    "Trouble relaxing",
    "Being so restless that it is hard to sit still",
    "Becoming easily annoyed or irritable",
    "Feeling afraid as if something awful might happen",
)
_SEVERITY = {"minimal": "Minimal", "mild": "Mild", "moderate": "Moderate", "severe": "Severe"}
_BANDS = (
    Band("minimal", "good", below=5, on_ruler="Minimal"),
    Band("mild", "watch", below=10, on_ruler="Mild"),
    Band("moderate", "high", below=15, on_ruler="Moderate"),
    Band("severe", "high", on_ruler="Severe"),
)


@calculator(
    id="gad-7",
    title="GAD-7",
    category="Mental health",
    summary="Severity of anxiety over the last two weeks",
    inputs=tuple(
        item(f"q{number}", f"{number}. {text}", *HOW_OFTEN_BOTHERED, help=OVER_TWO_WEEKS)
        for number, text in enumerate(_ITEMS, start=1)
    ),
    outputs=(Output("score", "GAD-7 score"), Output("severity", "Severity", words=_SEVERITY)),
    citation=Citation(
        "Spitzer RL, Kroenke K, Williams JB, Löwe B. Arch Intern Med 2006;166:1092-7.",
        "10.1001/archinte.166.10.1092",
    ),
    indications=("anxiety", "depression"),
    scale=Scale("score", _BANDS, start=0, end=21, is_whole=True),
)
def gad_7(**answers: int) -> Result:
    """Sum of seven answers, each 0 to 3 (Spitzer 2006).

    answers: q1 to q7, 0 not at all to 3 nearly every day. Score 0 to 21; severity minimal, mild from 5,
    moderate from 10, severe from 15. Errors: none of its own.
    """
    score = sum(answers.values())
    severity = band_of(score, _BANDS)
    words = _SEVERITY[severity.label]
    sentence = (
        f"{words} anxiety symptoms; 10 or more had 89% sensitivity and 82% specificity for generalized anxiety "
        "disorder (Spitzer 2006)."
    )
    return Result({"score": score, "severity": severity.label}, sentence, words, severity.level)
