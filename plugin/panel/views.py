"""The framed pages, recalculation and refresh.

A launch is verified and nothing else of the address is read; from then on the panel's own session speaks.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState

import plugin.audit
from plugin.abuse import is_over_limit
from plugin.calculators import compute, find_calculator
from plugin.chart.facts import Chart
from plugin.chart.store import ChartView, PatientDeniedError, open_chart, refresh_chart, stored_chart
from plugin.config import settings
from plugin.drchrono.connections import ConnectionInfo, find_connection
from plugin.drchrono.deadline import Deadline
from plugin.drchrono.errors import ConnectionBrokenError, NotConnectedError
from plugin.launch import Launch, LaunchRefusedError, Page, issue_session, verify_launch
from plugin.logs import note_in_log
from plugin.panel.access import panel_session, panel_session_required
from plugin.panel.page import Body, body_of, local_now, posted_card
from plugin.panel.render import prepare_templates
from plugin.web import error_answer, error_page, wants_json
from plugin.writeback import booking_form, filed

bp = Blueprint("panel", __name__)
_FORM = "application/x-www-form-urlencoded"


@bp.record_once
def prepare(state: BlueprintSetupState) -> None:
    """What the panel's templates call."""
    prepare_templates(state.app.jinja_env)


@bp.get("/patient", strict_slashes=False)
def patient_page() -> Response:
    """The panel beside the chart."""
    return _open("patient")


@bp.get("/clinical-note", strict_slashes=False)
def clinical_note_page() -> Response:
    """The panel beside the clinical note."""
    return _open("clinical-note")


@bp.post("/panel/calculate/<id>")
@panel_session_required
def calculate(id: str) -> Response:
    """The card, or JSON, for the posted inputs alone."""
    calculator = find_calculator(id)
    if calculator is None:
        abort(404)
    if request.mimetype not in (_FORM, "") or (not request.mimetype and request.content_length):
        abort(415)
    posted = {name: values[0] if len(values) == 1 else values for name, values in request.form.lists()}
    if wants_json():
        return jsonify(compute(calculator, posted).to_json())
    launch = panel_session().launch
    connection = _connection_of(launch)
    try:
        chart = stored_chart(launch.doctor_id, launch.patient_id)
    except PatientDeniedError:  # nothing is shown of that chart; what was typed can still be computed
        chart = Chart()
    card = posted_card(calculator, posted, chart, local_now(connection).date())
    return make_response(render_template("panel/card.html", card=card, page=launch.page))


@bp.post("/panel/refresh")
@panel_session_required
def refresh() -> Response:
    """The panel's body after reading the chart again, or the snapshot with the reason why not."""
    launch = panel_session().launch
    connection = _connection_of(launch)
    deadline = Deadline.after(settings().upstream_timeout_seconds)
    try:
        view = refresh_chart(launch.doctor_id, launch.patient_id, deadline=deadline)
    except PatientDeniedError:
        return _denied(launch)
    plugin.audit.record("view", doctor_id=launch.doctor_id, patient_id=launch.patient_id)
    body = _body(launch, connection, view)
    return make_response(render_template("panel/_body.html", body=body, page=launch.page))


def _open(page: Page) -> Response:
    try:
        launch = verify_launch(request.args.getlist("jwt"), page)
    except LaunchRefusedError as refusal:
        return _refused(refusal)
    note_in_log(doctor=launch.doctor_id, patient=launch.patient_id)
    connection = find_connection(launch.doctor_id)
    if connection is None or connection.status != "connected":
        return _not_connected(launch, connection)
    deadline = Deadline.after(settings().upstream_timeout_seconds)
    try:
        view = open_chart(launch.doctor_id, launch.patient_id, deadline=deadline)
    except PatientDeniedError:
        return _denied(launch)
    except (NotConnectedError, ConnectionBrokenError):  # it ended, or broke, while the chart was being read
        return _not_connected(launch, find_connection(launch.doctor_id))
    plugin.audit.record("view", doctor_id=launch.doctor_id, patient_id=launch.patient_id)
    html = render_template(
        "panel/panel.html",
        body=_body(launch, connection, view),
        page=page,
        session=issue_session(launch, connection.generation),
        booking=booking_form(launch, connection, local_now(connection).date()),
    )
    return make_response(html)


def _body(launch: Launch, connection: ConnectionInfo, view: ChartView) -> Body:
    return body_of(
        view,
        launch=launch,
        now=local_now(connection),
        filed=filed(launch.doctor_id, launch.patient_id),
    )


def _connection_of(launch: Launch) -> ConnectionInfo:
    """The live connection of a session that was just verified; NotConnectedError if it ended that moment."""
    connection = find_connection(launch.doctor_id)
    if connection is None:
        raise NotConnectedError("connection ended")
    return connection


def _refused(refusal: LaunchRefusedError) -> Response:
    if is_over_limit("launch"):
        return error_page(
            429,
            "Too many pages could not be opened",
            "Wait ten minutes, then close this page in DrChrono and open it again.",
            code="too-many-refused",
        )
    return error_page(refusal.status, "This page could not be opened", refusal.words, code=refusal.code)


def _not_connected(launch: Launch, connection: ConnectionInfo | None) -> Response:
    """Nothing of the chart is shown: whoever may see it has to connect first."""
    plugin.audit.record(
        "view", doctor_id=launch.doctor_id, patient_id=launch.patient_id, outcome="not connected"
    )
    who = f"Doctor {launch.doctor_id}"
    if connection and connection.profile and connection.profile.last_name:
        profile = connection.profile
        who = f"{profile.first_name} {profile.last_name} (doctor {launch.doctor_id})".strip()
    if connection is not None and connection.status == "broken":
        words = (
            f"DrChrono no longer accepts the connection of {who}, who has to connect Chartside again; "
            "then open this page once more."
        )
    else:
        words = f"{who} has not connected Chartside to DrChrono. Connect it, then open this page once more."
    return error_page(
        403,
        "Chartside is not connected",
        words,
        link=("Open Chartside to connect", f"{settings().public_url}/onboarding/"),
        code=f"connection-{connection.status if connection else 'absent'}",
    )


def _denied(launch: Launch) -> Response:
    plugin.audit.record("view", doctor_id=launch.doctor_id, patient_id=launch.patient_id, outcome="denied")
    return error_answer(
        404,
        "DrChrono does not show this patient to this doctor",
        "Check in DrChrono that the patient's chart is shared with this doctor, then open this page again.",
        code="patient-denied",
    )
