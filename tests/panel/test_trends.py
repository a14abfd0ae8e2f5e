from __future__ import annotations

from tests.panel.conftest import output


def test_everything_with_two_days_of_values_is_shown_over_time(open_panel):
    page = open_panel("complex_patient").page
    shown = {figure["id"] for figure in page.all("figure")}
    names = ("blood-pressure", "weight", "bmi", "egfr", "creatinine", "hba1c", "lipids")
    assert shown == {f"trend-{name}" for name in names}


def test_the_newest_egfr_of_the_trend_is_the_cards(open_panel):
    panel = open_panel("complex_patient")
    newest = panel.page.one("figure", id="trend-egfr").one("tbody").all("td")[0].text
    assert float(newest) == round(float(output(panel.card("egfr-ckd-epi-2021"), "egfr")), 2)


def test_the_values_stand_in_a_table_newest_first(open_panel):
    table = open_panel("complex_patient").page.one("figure", id="trend-blood-pressure").one("table")
    days = [each.text for each in table.one("tbody").all("th")]
    assert [each.text for each in table.one("thead").all("th")] == ["Date", "SBP", "DBP"]
    assert days == sorted(days, reverse=True)


def test_an_empty_chart_has_no_pictures_over_time(open_panel):
    page = open_panel("empty_chart").page
    assert page.all("figure") == []
    assert page.all("a", class_="jump") == []


def test_a_child_is_not_held_against_the_targets_of_adults(open_panel):
    figure = open_panel("child").page.one("figure", id="trend-blood-pressure")
    assert figure.all("p", class_="reference-words") == []
    assert figure.all("path", class_="target") == []
