"""Filing as a doctor does it, in a real browser, from inside the chart."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from plugin import create_app
from plugin.drchrono.connections import find_connection, set_note_field
from tests.conftest import DOCTOR
from tests.sandbox_client import Sandbox
from tests.serving import Server, environment, free_port, run_flask, serving
from tests.writeback.conftest import connect

PATIENT = "prevent_example"
BLANKET_MS = 20_000
"""The machine may be busy; what is waited for is the answer, not the time."""


@pytest.fixture(scope="module")
def plugin(
    sandbox_process: Sandbox, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One plugin for all walks; the doctor is connected, with offices and note fields."""
    folder, port = tmp_path_factory.mktemp("filing"), free_port()
    shutil.copy(migrated_sqlite, folder / "chartside.db")
    sandbox_process.reset()
    settings = environment(
        sandbox_process.url, port=port, database_url=f"sqlite:///{folder / 'chartside.db'}"
    )
    sandbox_process.use_plugin(settings["PUBLIC_URL"])
    connect(create_app(settings), sandbox_process)
    with serving(settings, folder) as running:
        yield running


@pytest.fixture
def chart(plugin: Server, sandbox_process: Sandbox) -> Sandbox:
    """The chart as seeded, Chartside still connected."""
    sandbox_process.reset(keep_connections=True)
    sandbox_process.limits_off()
    sandbox_process.use_plugin(plugin.url)
    return sandbox_process


@pytest.fixture
def panel(page: Page, chart: Sandbox) -> Page:
    """The patient page's panel; a script error fails the test."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(BLANKET_MS)
    page.goto(chart.launch_url(chart.patient(PATIENT)))
    yield page
    assert errors == []


def card(page: Page) -> Locator:
    return page.locator('article[data-calculator="prevent"]')


def button(page: Page, name: str) -> Locator:
    return card(page).get_by_role("button", name=name, exact=True)


def says(page: Page, words: str, kind: str = "document") -> None:
    expect(card(page).locator(f'[data-filing-state="{kind}"] p')).to_contain_text(words, timeout=BLANKET_MS)


def standing(chart: Sandbox) -> list[dict]:
    rows = [row for row in chart.documents(chart.patient(PATIENT)) if "chartside" in row["metatags"]]
    return [row for row in rows if not row["archived"]]


def test_a_pdf_saved_from_the_note_is_readable_among_the_documents(page, chart):
    page.set_default_timeout(BLANKET_MS)
    visit = chart.visits_today(chart.patient(PATIENT))[0]
    page.goto(f"{chart.url}/")
    page.get_by_role("button", name="Okafor").first.click()
    page.goto(f"{chart.url}/notes/{visit['id']}/apps")
    frame = page.frame_locator("iframe").locator('article[data-calculator="prevent"]')
    frame.get_by_role("button", name="Save PDF").click()
    expect(frame.get_by_text("Saved to the patient's documents.")).to_be_visible(timeout=BLANKET_MS)
    page.goto(f"{chart.url}/patients/{chart.patient(PATIENT)}/documents")
    link = page.get_by_role("row").filter(has_text="PREVENT").get_by_role("link", name="Open PDF")
    pdf = page.request.get(f"{chart.url}{link.get_attribute('href')}")
    text = pypdf.PdfReader(io.BytesIO(pdf.body())).pages[0].extract_text()
    assert "Paula Prevent" in text and "9.2" in text


def test_a_double_click_files_one_document(panel, chart):
    button(panel, "Save PDF").dblclick()
    says(panel, "Saved")
    button(panel, "Save PDF").click()
    says(panel, "Saved")
    assert len(standing(chart)) == 1


def test_another_value_is_another_document(panel, chart):
    button(panel, "Save PDF").click()
    says(panel, "Saved")
    card(panel).locator('[name="sbp"]').fill("150")
    with panel.expect_response("**/panel/write-backs") as answer:
        button(panel, "Save PDF").click()
    assert answer.value.status == 201
    assert len(standing(chart)) == 2


def test_undo_takes_the_document_away(panel, chart):
    button(panel, "Save PDF").click()
    says(panel, "Saved")
    button(panel, "Undo").click()
    says(panel, "Undone")
    assert standing(chart) == []


def test_a_refusal_gives_the_reason_and_another_try(panel, chart):
    body = {"description": ["Not today."]}
    chart.fault("status", method="POST", path="/api/documents", status=400, body=body, count=1)
    button(panel, "Save PDF").click()
    says(panel, "Not today.")
    button(panel, "Try again").click()
    says(panel, "Saved")
    assert len(standing(chart)) == 1


def test_a_lost_answer_tried_again_is_the_same_document(panel, chart):
    def lose(route):
        route.fetch()
        route.abort()

    panel.route("**/panel/write-backs", lose, times=1)
    button(panel, "Save PDF").click()
    says(panel, "not known whether this worked")
    button(panel, "Try again").click()
    says(panel, "Saved")
    assert len(standing(chart)) == 1


def test_a_queued_one_is_watched_until_it_is_saved(panel, chart, plugin):
    chart.fault("status", method="POST", path="/api/documents", status=429, retry_after="1", count=1)
    button(panel, "Save PDF").click()
    says(panel, "it will be saved")
    expect(button(panel, "Undo")).to_be_visible()
    while run_flask(plugin.settings, "outbox", "drain").returncode:
        pass  # Retry-After is kept
    says(panel, "Saved")


def test_a_card_without_result_offers_no_filing(panel):
    card(panel).locator('[name="sbp"]').fill("")
    expect(button(panel, "Save PDF")).to_be_hidden()
    card(panel).locator('[name="sbp"]').fill("140")
    expect(button(panel, "Save PDF")).to_be_visible()


@pytest.fixture
def note(page: Page, chart: Sandbox, plugin: Server) -> tuple[str, int]:
    """Opens the note page of today's visit; that visit, and the field that lines are added to."""
    page.set_default_timeout(BLANKET_MS)
    visit = chart.visits_today(chart.patient(PATIENT))[0]["id"]
    with create_app(plugin.settings).app_context():
        field = find_connection(DOCTOR).profile.note_fields[0].id
        set_note_field(DOCTOR, field)
    page.goto(chart.launch_url(chart.patient(PATIENT), page="clinical-note", appointment_id=visit))
    return visit, field


def test_the_note_page_adds_to_the_note(page, chart, note):
    visit, field = note
    button(page, "Add to note").click()
    says(page, "Added to the clinical note.", "note")
    assert "PREVENT: " in chart.note_values(visit)[field]


def test_no_button_moves_when_a_line_says_what_happened(panel):
    place = "node => [node.offsetLeft, node.offsetTop]"
    before = button(panel, "Save PDF").evaluate(place)
    button(panel, "Save PDF").click()
    says(panel, "Saved")
    assert button(panel, "Save PDF").evaluate(place) == before


def test_the_second_half_of_a_double_click_files_nothing_else(page, chart, note):
    button(page, "Add to note").dispatch_event("click", {"detail": 2})
    button(page, "Save PDF").click()
    says(page, "Saved")
    assert chart.note_values(note[0]) == {}


def test_the_patient_page_does_not_offer_the_note(panel):
    expect(button(panel, "Save PDF")).to_be_visible()
    expect(button(panel, "Add to note")).to_have_count(0)


def test_a_taken_time_is_said_and_what_was_typed_is_kept(panel, chart):
    button(panel, "Book follow-up").click()
    form = panel.locator("#booking form")
    day = form.locator('[name="date"]').input_value()
    chart.add("appointments", doctor=DOCTOR, patient=None, scheduled_time=f"{day}T09:00:00", duration=60)
    form.locator('[name="time"]').fill("09:30")
    form.locator('[name="reason"]').fill("See the results")
    form.get_by_role("button", name="Book").click()
    expect(form.get_by_role("status")).to_contain_text("09:00 to 10:00")
    expect(form.locator('[name="reason"]')).to_have_value("See the results")
    form.locator('[name="time"]').fill("10:00")
    form.get_by_role("button", name="Book").click()
    expect(form.get_by_role("status")).to_contain_text(f"Booked for {day} at 10:00.")
    booked = [
        row
        for row in chart.appointments(chart.patient(PATIENT))
        if row["scheduled_time"] == f"{day}T10:00:00"
    ]
    assert [row["reason"] for row in booked] == ["See the results"]


def test_the_booking_form_is_reached_and_left_by_keyboard(panel):
    opener = button(panel, "Book follow-up")
    opener.focus()
    panel.keyboard.press("Enter")
    expect(panel.locator('#booking [name="office"]')).to_be_focused()
    expect(panel.locator('#booking [name="reason"]')).to_have_value("Follow-up: PREVENT")
    panel.keyboard.press("Escape")
    expect(panel.locator("#booking")).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_booking_by_keyboard_keeps_the_focus(panel):
    button(panel, "Book follow-up").click()
    form = panel.locator("#booking form")
    form.get_by_role("button", name="Book").press("Enter")
    expect(form.get_by_role("status")).to_contain_text("Booked for")
    expect(form.get_by_role("button", name="Book")).to_be_focused()


def test_filing_is_accessible_and_fits_320_px(panel):
    panel.set_viewport_size({"width": 320, "height": 700})
    button(panel, "Save PDF").click()
    says(panel, "Saved")
    button(panel, "Book follow-up").click()
    violations = Axe().run(panel, context='article[data-calculator="prevent"]').response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []
    assert panel.evaluate("document.documentElement.scrollWidth") <= 320
