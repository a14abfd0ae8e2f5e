"""PHQ-9: severity of depression."""

from __future__ import annotations

from plugin.calculators.bands import Band, Scale, band_of
from plugin.calculators.declaration import Citation, Output, Result, calculator
from plugin.calculators.inputs import HOW_OFTEN_BOTHERED, OVER_TWO_WEEKS, item

_ITEMS = (
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
    "Trouble concentrating on things, such as reading the newspaper or watching television",
    "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or "
    "restless that you have been moving around a lot more than usual",
    "Thoughts that you would be better off dead or of hurting yourself in some way",
)
_SEVERITY = {
    "minimal": "Minimal",
    "mild": "Mild",
    "moderate": "Moderate",
    "moderately_severe": "Moderately severe",
    "severe": "Severe",
}
_BANDS = (
    Band("minimal", "good", below=5, on_ruler="Minimal"),
    Band("mild", "watch", below=10, on_ruler="Mild"),
    Band("moderate", "high", below=15, on_ruler="Moderate"),
    Band("moderately_severe", "high", below=20, on_ruler="Mod. severe"),
    Band("severe", "high", on_ruler="Severe"),
)
_ITEM_9 = (
    "Item 9 is above 0: the patient reports thoughts of being better off dead or of self-harm, which matters "
    "whatever the total. "
)
_LIFELINE = "In the US the 988 Suicide & Crisis Lifeline answers calls and texts to 988 at any hour."


@calculator(
    id="phq-9",
    title="PHQ-9",
    category="Mental health",
    summary="Severity of depression over the last two weeks",
    inputs=tuple(
        item(f"q{number}", f"{number}. {text}", *HOW_OFTEN_BOTHERED, help=OVER_TWO_WEEKS)
        for number, text in enumerate(_ITEMS, start=1)
    ),
    outputs=(Output("score", "PHQ-9 score"), Output("severity", "Severity", words=_SEVERITY)),
    citation=Citation(
        "Kroenke K, Spitzer RL, Williams JB. J Gen Intern Med 2001;16:606-13.",
        "10.1046/j.1525-1497.2001.016009606.x",
    ),
    indications=("depression", "anxiety"),
    scale=Scale("score", _BANDS, start=0, end=27, is_whole=True),
)
def phq_9(**answers: int) -> Result:
    """Sum of nine answers, each 0 to 3 (Kroenke 2001).

    answers: q1 to q9, 0 not at all to 3 nearly every day. Score 0 to 27; severity minimal, mild from 5,
    moderate from 10, moderately_severe from 15, severe from 20. A q9 above 0 is called out whatever the total.
    Errors: none of its own.
    """
    score = sum(answers.values())
    severity = band_of(score, _BANDS)
    words = _SEVERITY[severity.label]
    sentence = (
        f"{words} depression symptoms; 10 or more had 88% sensitivity and 88% specificity for major depression "
        "(Kroenke 2001)."
    )
    outputs: dict[str, float | str] = {"score": score, "severity": severity.label}
    if answers["q9"] > 0:
        return Result(outputs, _ITEM_9 + sentence, f"{words}, item 9 positive", "high", (_LIFELINE,))
    return Result(outputs, sentence, words, severity.level)
