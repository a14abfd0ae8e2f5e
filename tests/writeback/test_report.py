"""The page says what was computed from what, in letters that exist, on one page, and is the same every time."""

from __future__ import annotations

import datetime as dt
import io

import pypdf
import pytest

from plugin import __version__
from plugin.calculators import all_calculators, compute, find_calculator
from plugin.writeback.pictures import picture_of
from plugin.writeback.provenance import given_values
from plugin.writeback.report import Person, Report, render
from plugin.writeback.wording import Given, number_text
from tests.writeback.examples import CHART, LAB_DAY, PREVENT, TODAY, plausible

POSTED = {"age": "61", "ast": "40", "alt": "36", "platelets": "180"}


def given(**changes):
    posted = {**POSTED, **changes}
    answer = compute(find_calculator("fib-4"), posted)
    return answer, given_values(answer, posted, CHART, TODAY)


def page_of(id, **posted):
    answer = compute(find_calculator(id), posted)
    values = given_values(answer, posted, CHART, TODAY)
    made = dt.datetime(2026, 11, 22, 10, 3, tzinfo=dt.UTC)
    return text(
        render(Report(answer, values, Person("Maria", "Patient 77"), None, Person("", "Doctor 1001"), made))
    )


def report(name="Maria Sánchez", doctor="Ana Ortiz, MD", **changes):
    answer, values = given(**changes)
    made = dt.datetime(2026, 11, 22, 10, 3, tzinfo=dt.UTC)
    return Report(
        answer, values, Person(name, "Patient 77"), dt.date(1965, 4, 2), Person(doctor, "Doctor 1001"), made
    )


def pages(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf)).pages


def text(pdf):
    return " ".join(pages(pdf)[0].extract_text().split())


@pytest.mark.parametrize(
    "words",
    [
        "Maria Sánchez",
        "1965-04-02",
        "Ana Ortiz, MD",
        "2026-11-22",
        "FIB-4 index",
        "2.26",
        "Indeterminate",
        "40 U/L 2026-03-01 Lab result",
        "doi:10.1002/hep.21178",
        f"Chartside {__version__}",
    ],
)
def test_the_page_says(words):
    assert words in text(render(report()))


def test_an_edited_value_is_marked_with_what_the_chart_says():
    assert "41 U/L Edited. Entered: the chart says 40, 2026-03-01" in text(render(report(ast="41")))


def test_a_value_equal_to_the_charts_is_the_charts():
    _, values = given(ast="40.0")
    assert [(value.source, value.date) for value in values][1] == ("labs", LAB_DAY)


def test_a_value_the_chart_does_not_have_is_entered_and_not_edited():
    posted = {"glucose": "99", "insulin": "10"}
    answer = compute(find_calculator("homa-ir"), posted)
    assert {(value.source, value.is_edited) for value in given_values(answer, posted, CHART, TODAY)} == {
        ("entered", False)
    }


def test_the_same_report_gives_the_same_bytes():
    assert render(report()) == render(report())


@pytest.mark.parametrize(
    "name", ["Αλέξανδρος Ψ.", "Ольга Шульга", "محمد علي", "דוד כהן", "Đặng Thị Hà", "Łukasz Żółć"]
)
def test_scripts_of_the_shipped_fonts_are_printed(name):
    assert "Patient 77" not in text(render(report(name)))


@pytest.mark.parametrize("name", ["山田太郎", "김민준", "𓀀𓁐", "\ue000"])
def test_a_name_without_letters_gives_way_to_its_id(name, monkeypatch):
    monkeypatch.setattr("plugin.writeback.report._all_fonts", _shipped_only())
    assert "Patient Patient 77 Born" in text(render(report(name)))


def _shipped_only():
    from plugin.writeback.report import _shipped_fonts

    return _shipped_fonts


@pytest.mark.parametrize(
    "name",
    ["#strong[x]", "$a^2$", "\\ // /* `raw`", "= Heading", "@label <b>", '"],"x":["', '#read("report.typ")'],
)
def test_markup_in_a_name_is_only_text(name):
    assert name in text(render(report(name)))


def test_a_name_cannot_turn_the_page_around():
    assert "txet desrever" in text(render(report("\u202etxet desrever")))


def test_fonts_are_embedded_and_the_page_is_tagged():
    reader = pypdf.PdfReader(io.BytesIO(render(report())))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


@pytest.mark.parametrize("id", sorted(all_calculators()))
def test_every_calculator_fits_on_one_page(id):
    calculator = find_calculator(id)
    posted = plausible(calculator)
    answer = compute(calculator, posted)
    assert answer.result is not None, answer.errors
    values = given_values(answer, posted, CHART, TODAY)
    made = dt.datetime(2026, 11, 22, 10, 3, tzinfo=dt.UTC)
    pdf = render(
        Report(answer, values, Person("Maria Sánchez", "Patient 77"), None, Person("", "Doctor 1001"), made)
    )
    assert len(pages(pdf)) == 1
    assert calculator.citation.doi in text(pdf).replace(" ", "")


def test_a_band_that_repeats_an_output_is_printed_once():
    page = page_of("kdigo-ckd", egfr="37", uacr="42")
    assert page.partition(" A1 A2 A3 ")[0].count("Very high risk") == 1


def test_risks_over_the_same_years_stand_under_one_heading():
    page = page_of("prevent", **PREVENT)
    result = page.partition("without known disease")[2].partition("Values used")[0]
    assert result.count("10-year risk") == result.count("30-year risk") == 1
    assert "Intermediate risk" in result.partition("Atherosclerotic disease")[2].partition("30-year risk")[0]
    assert "With HbA1c and UACR Intermediate risk of atherosclerotic" in result  # the sentence, not the band


def test_a_calculated_value_is_printed_with_the_digits_that_are_read():
    answer = compute(find_calculator("kdigo-ckd"), {"egfr": "48.754412", "uacr": "42"})
    item = answer.calculator.by_name["egfr"]
    said = [
        Given(item, 48.754412, LAB_DAY, source, evidence, is_edited=False).text
        for source, evidence in (
            ("calculated", "from creatinine"),
            ("labs", ""),
            ("labs", "reported as 0.8 mL/s"),
        )
    ]
    assert said == ["48.8", "48.7544", "48.8"]
    assert answer.values["egfr"] == 48.754412


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1234.56, "1234.6"),
        (172.72, "172.7"),
        (1.49961, "1.5"),
        (0.84532, "0.845"),
        (100.04, "100"),
        (0.0, "0"),
    ],
)
def test_digits_before_the_point_are_never_lost(value, words):
    assert number_text(value, is_exact=False) == words


def picture_shown(id, **posted):
    return picture_of(compute(find_calculator(id), posted))


@pytest.mark.parametrize(
    ("ast", "mark"),
    # FIB-4 = 61 × AST / (180 × √36) on a scale from 0 to 5
    [("18", 61 * 18 / (180 * 6) / 5), ("40", 61 * 40 / (180 * 6) / 5), ("400", 1.0)],
)
def test_a_result_is_marked_where_it_lies_on_its_scale(ast, mark):
    assert picture_shown("fib-4", **{**POSTED, "ast": ast})["mark"] == pytest.approx(mark)


def test_a_score_is_marked_in_the_middle_of_its_own_step():
    posted = dict.fromkeys(("heart_failure", "hypertension", "stroke_tia_te", "vascular_disease"), "false")
    shown = picture_shown("cha2ds2-vasc", age="52", sex="female", diabetes="true", **posted)
    assert shown["mark"] == pytest.approx(2.5 / 10)  # 2 points; 0 to 9 are ten steps
    assert [stretch["share"] for stretch in shown["stretches"]] == pytest.approx([0.2, 0.1, 0.7])


def test_the_heat_map_marks_the_patients_cell_alone():
    rows = picture_shown("kdigo-ckd", egfr="37", uacr="42")["rows"]
    own = [(row["name"], n) for row in rows for n, cell in enumerate(row["cells"]) if cell["is_own"]]
    assert own == [("G3b", 1)]
    assert [cell["text"] for cell in rows[2]["cells"]] == ["Moderate risk", "High risk", "Very high risk"]


def test_a_picture_has_a_text_alternative():
    answer, values = given()
    pdf = render(Report(answer, values, Person("", "P"), None, Person("", "D"), dt.datetime.now(dt.UTC)))
    roots = [pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]]
    said = []
    while roots:
        node = roots.pop().get_object()
        if isinstance(node, list):
            roots.extend(node)
        elif isinstance(node, dict):
            said.extend([node["/Alt"]] if "/Alt" in node else [])
            roots.extend([node["/K"]] if "/K" in node else [])
    assert said == ["On a scale of Low from 0, Indeterminate from 1.3, High from 2.67."]
