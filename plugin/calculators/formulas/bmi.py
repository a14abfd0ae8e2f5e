"""Body mass index."""

from __future__ import annotations

from plugin.calculators.bands import Band, Scale, band_of
from plugin.calculators.declaration import Citation, Limits, Output, Result, calculator
from plugin.calculators.inputs import HEIGHT_CM, WEIGHT_KG

# WHO Technical Report Series 894 (2000), table 2.1; adults from 20 years.
_BANDS = (
    Band("Underweight", "watch", below=18.5, on_ruler="Under"),
    Band("Normal weight", "good", below=25, on_ruler="Normal"),
    Band("Overweight", "watch", below=30, on_ruler="Over"),
    Band("Obesity class I", "high", below=35, on_ruler="Obese"),
    Band("Obesity class II", "high", below=40, on_ruler="II"),
    Band("Obesity class III", "high", on_ruler="III"),
)


@calculator(
    id="bmi",
    title="Body mass index",
    category="Body",
    summary="Weight for height, with the bands for adults",
    inputs=(HEIGHT_CM, WEIGHT_KG),
    outputs=(Output("bmi", "BMI", "kg/m²", decimals=1),),
    citation=Citation("World Health Organization. Obesity. WHO Technical Report Series 894. Geneva; 2000."),
    indications=("obesity",),
    routine="for adults from 20",
    band_ages=Limits(20),
    scale=Scale("bmi", _BANDS, start=14, end=46),
)
def bmi(*, height_cm: float, weight_kg: float) -> Result:
    """BMI = weight / height² (Quetelet).

    weight_kg in kg (1–500), height_cm in cm (40–250). kg/m², unrounded; the bands see the unrounded value.
    Bands for adults from 20 years: WHO Technical Report Series 894 (2000). Errors: none of its own.
    """
    value = weight_kg / (height_cm / 100) ** 2
    band = band_of(value, _BANDS)
    return Result(
        {"bmi": value}, f"{band.label} by the WHO bands for adults from 20 years.", band.label, band.level
    )
