import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from plugin import audit
from plugin.extensions import writing
from tests.serving import invoke, run_flask


def write_entries(app, count):
    with app.app_context():
        for number in range(count):
            audit.record("view", doctor_id=1001, patient_id=number + 1)


def test_check_is_content_with_a_working_deployment(settings, app):
    done = run_flask(settings, "check")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("ok  ") == 5


def test_check_names_what_the_environment_lacks(settings):
    done = run_flask({**settings, "SECRET_KEY": "", "PUBLIC_URL": ""}, "check")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == (
        "Error: Chartside cannot start: PUBLIC_URL is missing; SECRET_KEY is missing."
    )


def test_check_names_a_database_that_is_away(settings, tmp_path):
    done = invoke({**settings, "DATABASE_URL": f"sqlite:///{tmp_path}/no/such.db"}, "check")
    assert done.exit_code == 1
    assert "FAIL database" in done.stdout


def test_check_blames_nothing_that_it_could_not_look_at(settings, tmp_path):
    away = invoke({**settings, "DATABASE_URL": f"sqlite:///{tmp_path}/no/such.db"}, "check").stdout
    assert "FAIL migrations: not looked at, see database" in away
    assert "FAIL keys: not looked at, see migrations" in away
    unmigrated = invoke({**settings, "DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"}, "check").stdout
    assert "FAIL migrations: run: flask" in unmigrated
    assert "ENCRYPTION_KEYS" not in unmigrated


def test_check_names_a_drchrono_that_does_not_answer(settings, app):
    done = invoke({**settings, "DRCHRONO_BASE_URL": "http://127.0.0.1:9"}, "check")
    assert done.exit_code == 1
    assert "FAIL clock" in done.stdout and "http://127.0.0.1:9 did not tell the time" in done.stdout


def test_check_names_a_clock_that_is_wrong(settings, app, sandbox):
    sandbox.options(date_skew_seconds=300.0)
    done = invoke(settings, "check")
    assert done.exit_code == 1
    assert "FAIL clock" in done.stdout


def test_check_names_an_unmigrated_database(settings, tmp_path):
    done = invoke({**settings, "DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"}, "check")
    assert done.exit_code == 1
    assert "FAIL migrations" in done.stdout and "db upgrade" in done.stdout


def test_doctors_list_names_each_doctor_and_the_budget(settings, connected):
    done = invoke(settings, "doctors", "list")
    assert done.stdout.startswith(f"{connected}\tconnected\t")
    assert "budget left this hour: 500 of 500" in done.stdout


def test_a_doctor_can_be_disconnected_from_the_command_line(settings, connected, sandbox):
    assert sandbox.frames() == [connected]
    done = invoke(settings, "doctors", "disconnect", str(connected))
    assert (done.exit_code, done.stdout) == (0, "Disconnected.\n")
    assert sandbox.frames() == []
    assert "connected\t" not in invoke(settings, "doctors", "list").stdout


def test_disconnecting_a_stranger_says_so(settings, app):
    done = invoke(settings, "doctors", "disconnect", "77")
    assert done.exit_code == 1
    assert "77 is not connected" in done.stderr


def test_the_audit_trail_is_exported_as_json_lines_and_as_csv(settings, app):
    write_entries(app, 2)
    lines = invoke(settings, "audit", "export").stdout.splitlines()
    assert [json.loads(line)["patient_id"] for line in lines] == [1, 2]
    table = invoke(settings, "audit", "export", "--format", "csv").stdout.splitlines()
    assert table[0].startswith("id,at,doctor_id,patient_id,action,outcome,reference") and len(table) == 3


def test_a_digest_kept_elsewhere_tells_of_a_trail_cut_short(settings, app):
    with app.app_context():
        for _ in range(2):
            write_entries(app, 2)
            head = audit.seal(datetime.now(UTC) + timedelta(minutes=10)).digest
    assert invoke(settings, "audit", "verify", "--digest", head).exit_code == 0
    with app.app_context(), writing() as session:
        session.execute(text("delete from audit_entries where id > 2"))
        session.execute(text("delete from audit_batches where last_id > 2"))
    assert invoke(settings, "audit", "verify").exit_code == 0
    cut = invoke(settings, "audit", "verify", "--digest", head)
    assert cut.exit_code == 1 and "does not pass through that digest" in cut.stderr


def test_keys_rotate_leaves_everything_readable_under_the_new_key_alone(settings, connected):
    old, new = settings["ENCRYPTION_KEYS"], "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="
    assert invoke({**settings, "ENCRYPTION_KEYS": new}, "check").exit_code == 1
    done = invoke({**settings, "ENCRYPTION_KEYS": f"{new},{old}"}, "keys", "rotate")
    assert done.stdout == "1 values sealed anew under the first key.\n"
    assert invoke({**settings, "ENCRYPTION_KEYS": new}, "check").exit_code == 0


def test_purge_runs(settings, app):
    assert invoke(settings, "purge").stdout == "0 snapshots erased.\n"


def test_keys_rotate_says_what_no_key_opens(settings, connected):
    new = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="
    done = run_flask({**settings, "ENCRYPTION_KEYS": new}, "keys", "rotate")
    assert done.returncode == 1
    assert "1 values open under none of ENCRYPTION_KEYS" in done.stderr
