"""The panel as a doctor uses it: typing, resetting, searching, copying, printing, with the keyboard, at 320 px."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from plugin import create_app
from tests.conftest import DOCTOR, connect_doctor
from tests.sandbox_client import Sandbox
from tests.serving import Server, environment, free_port, serving

CONTROLS = "button, select, input[type=text], input[type=search], summary, .choice, a[href]"
OUTSIDE = re.compile(r"^(?!http://(localhost|127\.0\.0\.1)[:/]|data:|about:)")


@pytest.fixture(scope="module")
def plugin(
    sandbox_process: Sandbox, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One plugin for all walks: what they change is in the browser alone."""
    folder, port = tmp_path_factory.mktemp("panel"), free_port()
    shutil.copy(migrated_sqlite, folder / "chartside.db")
    sandbox_process.reset()
    settings = environment(
        sandbox_process.url, port=port, database_url=f"sqlite:///{folder / 'chartside.db'}"
    )
    sandbox_process.use_plugin(settings["PUBLIC_URL"])
    connect_doctor(create_app(settings), sandbox_process, DOCTOR)
    with serving(settings, folder) as running:
        yield running


@pytest.fixture
def panel(plugin: Server, sandbox_process: Sandbox, page: Page) -> Iterator[Callable[..., Page]]:
    """Open a trap patient's panel; anything the browser complains about fails the test."""
    sandbox = sandbox_process
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if OUTSIDE.match(request.url) else None)

    def opened(patient: str = "complex_patient", *, kind: str = "patient", **size: int) -> Page:
        if size:
            page.set_viewport_size({"width": size["width"], "height": size.get("height", 700)})
        page.goto(sandbox.launch_url(sandbox.patient(patient), page=kind))
        expect(page.locator("#panel-body")).to_be_visible()
        return page

    yield opened
    assert [each for each in complaints if "401" not in each] == []


def card_of(page: Page, id: str) -> Locator:
    return page.locator(f'article[data-calculator="{id}"]')


def value_of(card: Locator, output: str) -> Locator:
    return card.locator(f'[data-output="{output}"]')


def test_typing_recalculates_and_keeps_the_caret(panel):
    page = panel()
    card = card_of(page, "fib-4")
    before = float(value_of(card, "fib4").get_attribute("data-value"))
    ast = card.locator('[name="ast"]')
    ast.focus()
    page.keyboard.press("Home")
    page.keyboard.type("1")  # 38 becomes 138
    expect(value_of(card, "fib4")).to_have_attribute("data-value", re.compile(r"^7\."))
    page.keyboard.type("2")  # where the caret was: 1238
    expect(ast).to_have_value(re.compile(r"^12\d+$"))
    expect(ast).to_be_focused()
    expect(ast).to_have_attribute("data-source", "entered")
    assert before < 7


def test_reset_brings_back_the_chart(panel):
    card = card_of(panel(), "fib-4")
    value = value_of(card, "fib4").get_attribute("data-value")
    ast = card.locator('[name="ast"]')
    date = ast.get_attribute("data-date")
    ast.fill("99")
    expect(value_of(card, "fib4")).not_to_have_attribute("data-value", value)
    card.get_by_role("button", name="Reset to chart").click()
    expect(value_of(card, "fib4")).to_have_attribute("data-value", value)
    expect(ast).to_have_attribute("data-source", "labs")
    expect(ast).to_have_attribute("data-date", date)


def test_an_error_stands_beside_the_input_while_typing(panel):
    card = card_of(panel(), "fib-4")
    card.locator('[name="ast"]').fill("1,5")
    expect(card.locator("#fib-4-ast-note")).to_contain_text("AST must be a number")
    expect(card.locator('[name="ast"]')).to_have_attribute("aria-invalid", "true")
    expect(card).to_have_attribute("data-state", "needs-input")
    expect(value_of(card, "fib4")).to_have_attribute("data-value", "")


def test_the_other_unit_can_be_typed(panel):
    card = card_of(panel(), "bmi")
    card.get_by_label("Weight in pounds").fill("200")
    expect(card.locator('[name="weight_kg"]')).to_have_value("90.718474")
    expect(card.locator('[name="weight_kg"]')).to_have_attribute("data-source", "entered")
    card.locator('[name="weight_kg"]').fill("100")
    expect(card.get_by_label("Weight in pounds")).to_have_value("220.5")


def test_a_long_value_is_rounded_until_it_is_edited(panel):
    card = card_of(panel(), "kdigo-ckd")
    egfr, rounded = card.locator('[name="egfr"]'), card.locator(".rounded")
    expect(rounded).to_have_text(re.compile(r"^\d\d\.\d\d$"))
    egfr.click()
    expect(rounded).to_be_hidden()
    egfr.fill("44.123456789")
    egfr.blur()
    expect(rounded).to_be_hidden()
    card.get_by_role("button", name="Reset to chart").click()
    expect(rounded).to_be_visible()


def test_only_a_result_can_be_copied_or_filed(panel):
    card = card_of(panel(), "ascvd-pce")
    save, copy = (card.get_by_role("button", name=name) for name in ("Save PDF", "Copy as text"))
    expect(save).to_be_hidden()
    expect(copy).to_be_hidden()
    card.locator('[name="race"]').select_option("white")
    expect(save).to_be_visible()
    expect(copy).to_be_visible()


def test_a_boolean_is_one_click(panel):
    card = card_of(panel(), "cha2ds2-vasc")
    before = int(value_of(card, "score").get_attribute("data-value"))
    card.get_by_role("group", name="Vascular disease").get_by_label("Yes").check()
    expect(value_of(card, "score")).to_have_attribute("data-value", str(before + 1))
    expect(card.locator('[name="vascular_disease"]').first).to_have_attribute("data-source", "entered")


def test_search_is_a_slash_away_and_opens_what_it_finds(panel):
    page = panel()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("phq")
    expect(page.locator("#found")).to_have_text(re.compile(r"^1 of \d+$"))
    expect(card_of(page, "fib-4")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(card_of(page, "phq-9").locator("details")).to_have_attribute("open", "")
    expect(card_of(page, "phq-9").locator("input").first).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "found"), [("fib4", "fib-4"), ("chadsvasc", "cha2ds2-vasc"), ("meld 3", "meld-3")]
)
def test_search_knows_a_name_as_it_is_typed(panel, typed, found):
    page = panel()
    page.locator("#search").fill(typed)
    page.keyboard.press("Enter")
    expect(card_of(page, found).locator(":focus")).to_have_count(1)


def test_item_nine_is_called_out_with_the_lifeline(panel):
    page = panel()
    card = card_of(page, "phq-9")
    card.locator("summary").click()
    for number in range(1, 10):
        card.locator(f'[name="q{number}"][value="{1 if number == 9 else 0}"]').check()
    expect(value_of(card, "score")).to_have_attribute("data-value", "1")
    expect(card.locator(".result")).to_contain_text("988")
    expect(card.locator(".result")).to_contain_text("Item 9")


def test_what_if_stands_beside_today(panel):
    card = card_of(panel("prevent_example"), "prevent")
    today = value_of(card, "cvd_10y").get_attribute("data-value")
    card.get_by_label("Systolic pressure 130").check()
    expect(card.locator(".what-if-words")).to_contain_text("not a promise")
    expect(card.locator(".bar-changed").first).to_be_visible()
    expect(value_of(card, "cvd_10y")).to_have_attribute("data-value", today)


def test_the_result_never_covers_the_pictures(panel):
    page = panel("prevent_example", width=1200, height=700)
    bar = card_of(page, "prevent").locator(".bar-today").first
    page.evaluate("node => scrollBy(0, node.getBoundingClientRect().top - 200)", bar.element_handle())
    on_top = """node => {
        const box = node.getBoundingClientRect();
        return document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2) === node;
    }"""
    assert bar.evaluate(on_top)


def test_a_trend_has_its_values_in_words(panel):
    page = panel()
    figure = page.locator("#trend-hba1c")
    expect(figure.get_by_role("img")).to_have_attribute("aria-label", re.compile(r"HbA1c %: .* on 20\d\d-"))
    figure.locator("summary").click()
    expect(figure.get_by_role("table")).to_be_visible()


def test_refresh_keeps_focus_and_what_was_typed(panel):
    page = panel()
    card_of(page, "fib-4").locator('[name="ast"]').fill("99")
    with page.expect_response("**/panel/refresh"):
        page.locator("#refresh").focus()
        page.keyboard.press("Enter")
    expect(card_of(page, "fib-4").locator('[name="ast"]')).to_have_value("99")
    expect(card_of(page, "fib-4").locator('[name="ast"]')).to_have_attribute("data-source", "entered")
    expect(page.locator("#refresh")).to_be_focused()


def test_copy_falls_back_to_a_selected_box(panel):
    page = panel()
    card = card_of(page, "fib-4")
    page.context.clear_permissions()
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('blocked'))")
    page.reload()
    card.get_by_role("button", name="Copy as text").click()
    box = card.get_by_role("textbox", name="Text to copy")
    expect(box).to_be_focused()
    text = box.input_value()
    assert text.startswith("FIB-4")
    assert "AST 38 U/L (Lab, 20" in text
    assert "doi:10.1002/hep.21178" in text


def test_a_dead_session_is_said_in_place(panel):
    page = panel()
    page.locator('meta[name="panel-session"]').evaluate("element => element.setAttribute('content', 'over')")
    card = card_of(page, "fib-4")
    with page.expect_response(lambda response: response.status == 401):
        card.locator('[name="ast"]').fill("50")
    expect(card.get_by_role("alert")).to_contain_text("open")
    expect(card.locator(".outputs")).to_be_hidden()


def test_everything_is_reached_by_keyboard(panel):
    page = panel()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("() => document.activeElement.closest('article').dataset.calculator")
    assert inside == page.locator("#results article").first.get_attribute("data-calculator")


@pytest.mark.parametrize("patient", ["complex_patient", "prevent_example", "name_long"])
def test_nothing_is_wider_than_the_frame(panel, patient):
    page = panel(patient)
    for width in (320, 400, 639, 640, 768, 899, 900, 1000, 1079, 1080, 1200, 1600):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("() => document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("patient", ["complex_patient", "prevent_example", "empty_chart"])
def test_axe_finds_nothing(panel, patient):
    page = panel(patient)
    page.locator("article.folded > details").evaluate_all("all => all.forEach(each => { each.open = true; })")
    assert [found["id"] for found in _violations(page)] == []


def test_axe_finds_nothing_at_320_px(panel):
    assert [found["id"] for found in _violations(panel(width=320))] == []


def test_controls_are_24_px_or_more(panel):
    page = panel(width=320)
    small = page.locator(f"#panel-body :is({CONTROLS})").evaluate_all(
        "all => all.map(each => [each.getBoundingClientRect().height, each.outerHTML.slice(0, 90)])"
    )
    assert [html for height, html in small if 0 < height < 24] == []


def test_nothing_moves_after_the_first_paint(panel):
    page = panel()
    page.add_init_script(
        """
        window.shifts = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((each) => { window.shifts += each.value; }))
          .observe({ type: "layout-shift", buffered: true });
        """
    )
    page.reload(wait_until="networkidle")
    assert page.evaluate("() => window.shifts") < 0.01


def test_the_first_view_is_small(panel, page: Page):
    sizes: list[Any] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    panel().wait_for_load_state("networkidle")
    assert sum(sizes) <= 60 * 1024


def test_it_prints_results_without_controls(panel):
    page = panel()
    page.emulate_media(media="print")
    expect(card_of(page, "fib-4").locator(".result")).to_be_visible()
    expect(page.locator("#refresh")).to_be_hidden()
    expect(page.locator(".find")).to_be_hidden()


def _violations(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    )
    for each in found:
        print(each["id"], each["help"], [node["html"][:200] for node in each["nodes"][:4]])
    return found
