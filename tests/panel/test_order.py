from __future__ import annotations

from plugin.calculators import find_calculator
from plugin.chart.filled import Filled
from plugin.panel.cards import Card, card_from_chart
from plugin.panel.order import arrange
from tests.panel.html import Element

PREVENT = {
    "age": 50,
    "sex": "female",
    "sbp": 118,
    "hypertension_treated": False,
    "total_cholesterol": 170,
    "hdl": 60,
    "statin": False,
    "diabetes": False,
    "smoker": False,
    "egfr": 95,
    "bmi": 36,
}
BMI = {"height_cm": 160, "weight_kg": 92.2}


def positions(page: Element) -> dict[str, int]:
    articles = page.all("article")
    return {article["data-calculator"]: place for place, article in enumerate(articles)}


def test_a_condition_of_the_patient_is_the_reason_in_words(open_panel):
    card = open_panel("complex_patient").card("cha2ds2-vasc")
    assert card.one("p", class_="why").text.startswith("because of atrial fibrillation I48")


def test_results_for_a_known_disease_come_before_routine(open_panel):
    found = positions(open_panel("complex_patient").page)
    assert found["cha2ds2-vasc"] < found["bmi"]


def test_computed_cards_come_before_those_that_lack_inputs(open_panel):
    states = [article["data-state"] for article in open_panel("complex_patient").page.all("article")]
    order = {"ready": 0, "needs-input": 1, "not-applicable": 2}
    assert [order[state] for state in states] == sorted(order[state] for state in states)


def test_a_missing_indication_only_orders_a_card_lower(open_panel):
    panel = open_panel("prevent_example")
    card = panel.card("cha2ds2-vasc")
    assert card["data-state"] == "ready"
    assert card.all("details")


def test_what_is_for_this_patient_is_not_folded(open_panel):
    card = open_panel("complex_patient").card("cha2ds2-vasc")
    assert card.all("details") == []


def test_a_card_that_lacks_one_value_asks_for_it(open_panel):
    card = open_panel("complex_patient").card("ascvd-pce")
    known = card.one("details", class_="known")
    assert [each for each in known.walk() if each.get("name") == "race"] == []
    assert "Needs Race" in card.one("p", class_="needs").text


def test_the_glance_leads_to_every_open_result(open_panel):
    page = open_panel("complex_patient").page
    targets = [link["href"] for link in page.one("nav", id="glance").all("a")]
    opened = [each for each in page.all("article", data_state="ready") if not each.all("details")]
    assert targets == [f"#{article['id']}" for article in opened]


def test_an_empty_chart_still_offers_everything(open_panel):
    page = open_panel("empty_chart").page
    assert page.all("article", data_state="needs-input")
    assert page.one("h2", id="rest").text == "More calculators"


def test_among_folded_cards_those_with_a_reason_come_first(open_panel):
    section = open_panel("complex_patient").page.one("section", aria_labelledby="almost")
    has_reason = [bool(card.all("p", class_="why")) for card in section.all("article", class_="folded")]
    assert has_reason == sorted(has_reason, reverse=True)
    assert True in has_reason


def without_disease(id: str, values: dict) -> Card:
    filled = {name: Filled(value, "labs") for name, value in values.items()}
    return card_from_chart(find_calculator(id), filled, {})


def test_without_disease_the_risk_stands_before_what_it_sums_up():
    bmi, prevent = without_disease("bmi", BMI), without_disease("prevent", PREVENT)
    assert (bmi.level, prevent.level) == ("high", "good")
    assert [card.id for card in arrange([bmi, prevent]).for_patient] == ["prevent", "bmi"]


def test_with_hypertension_and_diabetes_prevent_comes_first(open_panel):
    panel = open_panel("prevent_example")
    assert panel.page.all("article")[0]["data-calculator"] == "prevent"
    assert (
        panel.card("prevent").one("p", class_="why").text.startswith("because of hypertension and diabetes")
    )


def test_a_questionnaire_asks_for_answers_by_their_number(open_panel):
    assert open_panel("empty_chart").card("audit-c").one("p", class_="needs").text == "Needs 3 answers."


def test_a_good_value_outside_of_a_formula_is_not_asked_to_be_checked(open_panel):
    needs = open_panel("prevent_example").card("kfre").one("p", class_="needs").text
    assert "Check eGFR" not in needs
    assert "eGFR must be" in needs and "for this formula" in needs
