import json

import pytest

from plugin import create_app
from plugin.assets import asset
from tests.serving import environment, run_flask


def test_the_process_says_that_it_lives(client):
    assert client.get("/healthz").status_code == 200


def test_a_migrated_database_with_its_keys_is_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert (answer.json["database"], answer.json["migrations"], answer.json["keys"]) == (True, True, True)


def test_budget_and_worker_are_reported(client):
    assert client.get("/readyz").json.keys() >= {"budget_left", "worker_last_seen"}


@pytest.mark.parametrize("path", ["/nowhere", "/static/x/none.css", "/healthz"])
def test_every_page_but_the_panel_refuses_to_be_framed(client, path):
    headers = client.get(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/patient", "/clinical-note"])
def test_the_panel_may_be_framed_by_the_vendor_and_by_itself(client, settings, path):
    headers = client.get(path).headers
    assert f"frame-ancestors {settings['FRAME_ANCESTORS']} 'self'" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers


def test_no_page_allows_inline_scripts_or_other_hosts(client):
    policy = client.get("/nowhere").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy and "http" not in policy


def test_pages_are_not_stored_and_static_files_are(client, app):
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"
    with app.app_context():
        address = app.jinja_env.globals["asset"]("base.css")
    kept = client.get(address).headers["Cache-Control"]
    assert "max-age=31536000" in kept and "immutable" in kept and "public" in kept


def test_an_error_page_shows_the_reference_that_is_in_the_log(capfd, client):
    page = client.get("/nowhere").text
    line = json.loads(capfd.readouterr().err.strip().splitlines()[-1])
    assert f"Reference {line['reference']}" in page


def test_no_query_string_reaches_the_log(capfd, client):
    client.get("/patient?jwt=a-secret-of-somebody")
    assert "a-secret-of-somebody" not in capfd.readouterr().err


def test_a_body_beyond_the_limit_is_refused_in_words(client):
    answer = client.post(
        "/panel/calculate/bmi", data="x" * 70_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (401, 413)


def test_a_database_that_is_away_is_said_in_words(settings):
    app = create_app({**settings, "DATABASE_URL": "sqlite:////nowhere/at/all.db"})
    answer = app.test_client().get("/patient", query_string={"jwt": "forged"})
    assert answer.status_code == 503
    assert "Try again in a minute" in answer.text


@pytest.mark.parametrize(("method", "is_certain"), [("GET", True), ("POST", False)])
def test_a_fault_of_ours_claims_that_nothing_was_done_only_where_that_is_sure(app, method, is_certain):
    app.add_url_rule("/panel/broken", view_func=lambda: 1 / 0, methods=["GET", "POST"])
    answer = app.test_client().open("/panel/broken", method=method)
    assert answer.status_code == 500
    assert ("Nothing was changed in the chart" in answer.text) is is_certain
    assert ("not certain" in answer.text) is not is_certain


def test_the_start_is_refused_with_every_missing_variable_named():
    settings = environment("http://127.0.0.1:1", port=1, database_url="sqlite:///x.db")
    done = run_flask({**settings, "SECRET_KEY": "", "PUBLIC_URL": ""}, "routes")
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr and "PUBLIC_URL" in done.stderr


def test_migrations_lead_to_the_models_and_back(app, settings):
    assert run_flask(settings, "db", "check").returncode == 0
    assert run_flask(settings, "db", "downgrade", "base").returncode == 0
    assert run_flask(settings, "db", "upgrade").returncode == 0


def test_a_file_is_kept_for_a_year_under_its_own_address_alone(client, app):
    with app.app_context():
        own = asset("base.css")
    kept, other = (client.get(path).cache_control for path in (own, "/static/of-another-release/base.css"))
    assert (kept.immutable, kept.max_age) == (True, 31_536_000)
    assert (other.immutable, other.max_age) == (False, 0)
