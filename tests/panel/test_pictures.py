from __future__ import annotations

import datetime as dt

import pytest

from plugin.calculators import compute, find_calculator
from plugin.panel.pictures import picture_of, ruler_of
from plugin.panel.pictures.trends import Point, Reference, Series, trend_picture
from tests.panel.html import Element, parse

PREVENT = {
    "age": 50,
    "sex": "female",
    "sbp": 160,
    "hypertension_treated": True,
    "total_cholesterol": 200,
    "hdl": 45,
}
PREVENT |= {"statin": False, "diabetes": True, "smoker": False, "egfr": 90, "bmi": 35}


def drawn(id: str, fields: dict, **ticked: str) -> Element:
    calculator = find_calculator(id)
    return parse(picture_of(calculator, compute(calculator, fields), {**fields, **ticked}))


def test_the_heat_map_marks_the_patients_cell():
    picture = drawn("kdigo-ckd", {"egfr": 40, "uacr": 100}).one("svg")
    own = picture.one("rect", class_="own")
    beneath = [
        each
        for each in picture.all("rect")
        if each is not own and abs(float(each["x"]) - float(own["x"])) < 2
    ]
    (cell,) = [each for each in beneath if abs(float(each["y"]) - float(own["y"])) < 2]
    assert cell["class"] == "risk-very_high"
    assert "G3b, A2" in picture["aria-label"]


def test_the_heat_map_says_every_risk_in_words():
    words = [each.text for each in drawn("kdigo-ckd", {"egfr": 95, "uacr": 5}).all("text", class_="on-fill")]
    # KDIGO 2024, figure 1
    assert words.count("low") == 2
    assert words.count("moderate") == 3
    assert words.count("high") == 4
    assert words.count("very high") == 9


def test_of_a_hundred_people_as_many_are_marked_as_the_risk_says():
    picture = drawn("prevent", PREVENT).one("svg", class_="people")
    assert len(picture.all("circle")) == 100
    assert len(picture.all("circle", class_="ill")) == 15  # 14.7%
    assert "15 of 100" in picture["aria-label"]


def test_what_if_rings_the_people_who_differ():
    lower = compute(find_calculator("prevent"), PREVENT | {"sbp": 130}).result.outputs["cvd_10y"]
    picture = drawn("prevent", PREVENT, what_if_sbp="on").one("svg", class_="people")
    assert len(picture.all("circle", class_="ill")) == round(lower)
    assert len(picture.all("circle", class_="spared")) == 15 - round(lower)


def test_what_if_says_when_nothing_would_change():
    told = drawn("prevent", PREVENT, what_if_smoking="on").one("p", class_="what-if-words").text
    assert told == "Stop smoking: does not smoke."


def test_what_if_does_not_sell_a_coefficient_as_the_effect_of_a_statin():
    told = drawn("prevent", PREVENT, what_if_statin="on").one("p", class_="what-if-words").text
    assert "does not measure what a statin does" in told
    other = drawn("prevent", PREVENT, what_if_sbp="on").one("p", class_="what-if-words").text
    assert "statin" not in other


def test_above_59_there_are_no_30_year_bars():
    pictures = drawn("prevent", PREVENT | {"age": 65}).all("svg")
    assert not any("30 years" in picture["aria-label"] for picture in pictures)


def test_the_ruler_marks_the_value_between_its_cut_offs():
    calculator = find_calculator("fib-4")
    ruler = parse(
        ruler_of(calculator, compute(calculator, {"age": 50, "ast": 40, "alt": 40, "platelets": 200}))
    )
    mark = float(ruler.one("path", class_="mark-line")["d"].split()[0].removeprefix("M"))
    middle = ruler.one("rect", class_="fill-watch")
    assert float(middle["x"]) < mark < float(middle["x"]) + float(middle["width"])
    assert "FIB-4 1.58" in ruler.one("svg")["aria-label"]


def series(*values: float, name: str = "HbA1c") -> Series:
    return Series(
        name, "%", tuple(Point(dt.date(2024, month, 1), value) for month, value in enumerate(values, 1))
    )


def test_a_trend_says_its_values_in_words():
    picture = parse(trend_picture("HbA1c", (series(8.1, 7.4),), None)).one("svg")
    assert picture["aria-label"] == "HbA1c. HbA1c %: 8.1 on 2024-01-01, 7.4 on 2024-02-01."


@pytest.mark.parametrize("values", [(7.0,), (7.0, 7.0), (0.0, 0.0), (7.0, 7.1), (1, 20000)])
def test_a_trend_of_any_values_stays_inside_its_picture(values):
    picture = parse(trend_picture("HbA1c", (series(*values),), Reference("", high=7))).one("svg")
    for text in picture.all("text"):
        assert -5 <= float(text["y"]) <= float(picture["height"]) + 5, text


def test_words_in_a_picture_are_escaped():
    picture = trend_picture("<b>", (series(8.1, 7.4, name="<i>"),), None)
    assert "<b>" not in picture
    assert "<i>" not in picture
