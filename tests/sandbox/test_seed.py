"""The seed: the same every time, complete, and documented."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import pytest

from sandbox.faults import KINDS
from sandbox.seed import TRAPS, build_world
from sandbox.seed.patient_record import PRIVATE_MARKS
from sandbox.settings import Options
from sandbox.world import World
from tests.sandbox_client import Sandbox

README = Path(__file__).parents[2] / "sandbox" / "README.md"
API_SHAPES = {
    "problems": {
        "icd_code",
        "icd_version",
        "snomed_ct_code",
        "status",
        "verification_status",
        "abatement_date",
    },
    "medications": {"name", "rxnorm", "status", "order_status", "date_stopped_taking", "frequency", "ndc"},
    "labs": {
        "loinc_code",
        "lab_result_value",
        "lab_result_value_as_float",
        "lab_result_value_units",
        "title",
    },
    "patients": {"social_security_number", "primary_insurance", "address", "chart_id", "race", "email"},
}


def world(today: str = "2026-11-22") -> World:
    made = World(today=date.fromisoformat(today))
    build_world(made)
    for document in made.tables["documents"].values():
        document["key"] = ""
    return made


def test_the_seed_is_the_same_every_time() -> None:
    assert world() == world()


@pytest.mark.parametrize("today", ["2024-02-29", "2026-01-01", "2026-12-31"])
def test_any_day_can_be_today(today: str) -> None:
    assert len(world(today).rows("appointments", scheduled_time=f"{today}T09:00:00", patient=5001)) == 1


def test_every_trap_has_its_own_patient() -> None:
    ids = [trap.patient_id for trap in TRAPS.values()]
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(world().tables["patients"])


@pytest.mark.parametrize("name", TRAPS)
def test_the_readme_lists_the_trap(name: str) -> None:
    trap = TRAPS[name]
    assert f"| `{name}` | {trap.patient_id} | {trap.teaches} |" in README.read_text()


@pytest.mark.parametrize("name", [*KINDS, *(each.name for each in dataclasses.fields(Options))])
def test_the_readme_lists_the_fault_or_option(name: str) -> None:
    assert f"| `{name}` |" in README.read_text()


@pytest.mark.parametrize("table", API_SHAPES)
def test_records_have_the_vendors_fields(table: str) -> None:
    assert all(set(row) >= API_SHAPES[table] for row in world().rows(table))


@pytest.mark.parametrize("mark", PRIVATE_MARKS)
def test_every_patient_carries_private_data(mark: str) -> None:
    everything = world()
    table = "patients"
    assert all(mark in json.dumps(row) for row in everything.rows(table))


def test_the_published_example_is_in_the_chart() -> None:
    seed = world()
    labs = {row["loinc_code"]: row["lab_result_value"] for row in seed.rows("labs", patient=5001)}
    measured = seed.rows("appointments", patient=5001)[0]["vitals"]
    assert labs == {"2093-3": "200", "2085-9": "45", "98979-8": "90"}
    assert measured["blood_pressure_1"] == 160
    assert measured["weight"] / (measured["height"] / 100) ** 2 == pytest.approx(35)


def test_a_visit_is_today_in_the_doctors_zone(sandbox: Sandbox) -> None:
    assert [row["scheduled_time"][11:16] for row in sandbox.visits_today(5041)] == ["11:00", "15:00"]


def test_reset_brings_the_seed_back(sandbox: Sandbox) -> None:
    sandbox.change("patients", 5001, first_name="Changed")
    sandbox.remove("patients", 5002)
    sandbox.reset()
    assert sandbox.records("patients", id=5001)[0]["first_name"] == "Paula"
    assert len(sandbox.records("patients", id=5002)) == 1


def test_reset_can_leave_the_connections(sandbox: Sandbox) -> None:
    sandbox.tokens_for(frame=True)
    sandbox.reset(keep_connections=True)
    assert sandbox.frames() == [1001]


def test_more_doctors_can_be_added_for_load(sandbox: Sandbox) -> None:
    made = sandbox.populate(2, 3)
    assert [len(patients) for patients in made.values()] == [3, 3]
    assert len(sandbox.records("appointments", patient=next(iter(made.values()))[0])) == 9
