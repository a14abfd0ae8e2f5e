"""Kidney failure risk equation, four variables, North America."""

from __future__ import annotations

from math import exp, log

from plugin.calculators.declaration import Citation, Level, Output, Result, calculator
from plugin.calculators.inputs import AGE, EGFR, SEX, UACR

BASELINE_2_YEARS = 0.9750
BASELINE_5_YEARS = 0.9240


@calculator(
    id="kfre",
    title="Kidney failure risk (KFRE)",
    category="Kidney",
    summary="2- and 5-year risk of kidney failure that needs dialysis or a transplant",
    inputs=(AGE.only(18), SEX, EGFR.between(10, 59), UACR),
    outputs=(
        Output("risk_2y", "2-year risk", "%", decimals=1),
        Output("risk_5y", "5-year risk", "%", decimals=1, headline=True),
    ),
    citation=Citation(
        "Tangri N, Stevens LA, Griffith J, et al. JAMA 2011;305:1553-9; baselines for North America: "
        "Tangri N, Grams ME, Levey AS, et al. JAMA 2016;315:164-74, doi:10.1001/jama.2015.18202.",
        "10.1001/jama.2011.451",
    ),
    indications=("ckd",),
    excluded_by=("dialysis",),
    is_risk=True,
)
def kfre(*, age: float, sex: str, egfr: float, uacr: float) -> Result:
    """Risk = 1 − S₀^exp(x) with S₀ 0.9750 at 2 and 0.9240 at 5 years (Tangri 2016, North America).

    x = −0.2201 (age/10 − 7.036) + 0.2467 (male − 0.5642) − 0.5567 (eGFR/5 − 7.222) + 0.4510 (ln ACR − 5.137)
    (Tangri 2011, four variables). age in years (18 and over), sex female or male, egfr 10–59 mL/min/1.73 m²,
    uacr in mg/g (0.1–30000). Percent, unrounded; the sentence sees the unrounded values. Not on dialysis.
    Errors: an eGFR outside its range.
    """
    x = (
        -0.2201 * (age / 10 - 7.036)
        + 0.2467 * ((sex == "male") - 0.5642)
        - 0.5567 * (egfr / 5 - 7.222)
        + 0.4510 * (log(uacr) - 5.137)
    )
    risk_2y = 100 * (1 - BASELINE_2_YEARS ** exp(x))
    risk_5y = 100 * (1 - BASELINE_5_YEARS ** exp(x))
    return Result({"risk_2y": risk_2y, "risk_5y": risk_5y}, *highest_threshold(risk_2y, risk_5y))


def highest_threshold(risk_2y: float, risk_5y: float) -> tuple[str, str, Level]:
    """Interpretation, band and level by the risks (percent) of KDIGO 2024, practice points 2.2.1 to 2.2.3."""
    if risk_2y > 40:
        return _worded("2-year risk above 40%", "preparation for kidney replacement", "high")
    if risk_2y > 10:
        return _worded("2-year risk above 10%", "care by a multidisciplinary team", "high")
    if risk_5y > 5:
        return _worded("5-year risk above 5%", "care by a nephrologist", "watch")
    if risk_5y >= 3:
        return _worded("5-year risk 3 to 5%", "care by a nephrologist", "watch")
    return (
        "Below every threshold of KDIGO 2024, the lowest being 3% in 5 years.",
        "5-year risk below 3%",
        "good",
    )


def _worded(band: str, topic: str, level: Level) -> tuple[str, str, Level]:
    return f"{band}, a threshold that KDIGO 2024 names for {topic}.", band, level
