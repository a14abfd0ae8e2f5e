"""The sandbox in virtual time: `python -m bench.capacity.vendor CLOCK SPEC` serves it until stdin closes.

It is the sandbox itself, unchanged, over HTTP, with all its limits; only `time.time` and `datetime.now` of this
process come from the shared clock. Before it serves, it is filled with doctors, their patients, tomorrow's
visits, and the rest of each doctor's panel: patients who do not come but who fill the lists (one set of records
shared by all doctors, to save memory). Prints one JSON line: its url and, by doctor, the visits.
"""

from __future__ import annotations

import datetime
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from bench.capacity.clock import SharedTime

_REAL = datetime.datetime
LABS_OF_OTHERS = 7000
VISITS_OF_OTHERS = 700
"""Rows at most; 28 pages and so more than a day has patients. A real panel has many more, to the same effect."""


def set_time(shared: SharedTime) -> None:
    """Make this process live in virtual time; before anything of the sandbox is imported."""

    class Like(type(_REAL)):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, _REAL)

    class Virtual(_REAL, metaclass=Like):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return _REAL.fromtimestamp(shared.get(), tz)

    datetime.datetime = Virtual
    time.time = shared.get


def fill(world: Any, spec: dict[str, Any]) -> dict[int, list[dict[str, Any]]]:
    """Doctor -> visits (patient, appointment, start, smoking drug…) of the day in `spec`."""
    from sandbox.seed import populate

    made = populate(world, spec["doctors"], spec["visits"])
    return {doctor: _book(world, doctor, patients, spec) for doctor, patients in made.items()}


def _book(world: Any, doctor: int, patients: list[int], spec: dict[str, Any]) -> list[dict[str, Any]]:
    from sandbox.seed.records import appointment_record

    booked = []
    for patient, minute in zip(patients, spec["minutes"], strict=True):
        start = f"{spec['day']}T{minute // 60:02d}:{minute % 60:02d}:00"
        record = appointment_record(
            doctor=doctor, patient=patient, scheduled_time=start, duration=20, office=doctor + 3000
        )
        world.add("appointments", record)
        booked.append({"patient": patient, "appointment": record["id"], "minute": minute})
    return booked


def fill_panels(world: Any, spec: dict[str, Any]) -> None:
    """The patients who do not come: `others` of them, shared by all doctors."""
    records = _others(world, spec)
    for table, rows in records.items():
        for doctor in list(world.owned["patients"]):
            if doctor >= spec["first_doctor"]:
                world.owned[table][doctor].update(rows)


def _others(world: Any, spec: dict[str, Any]) -> dict[str, dict[Any, dict[str, Any]]]:
    from sandbox.seed.records import RECORD_MAKERS

    counts = {
        "patients": spec["others"],
        "problems": int(spec["others"] * spec["problems_each"]),
        "medications": int(spec["others"] * spec["medications_each"]),
        "labs": min(spec["others"] * 40, LABS_OF_OTHERS),
        "appointments": min(spec["others"] * 9, VISITS_OF_OTHERS),
    }
    made: dict[str, dict[Any, dict[str, Any]]] = {}
    for table, count in counts.items():
        make = RECORD_MAKERS[table]
        first = 90_000_000
        made[table] = {}
        for number in range(first, first + count):
            facts: dict[str, Any] = {"ordering_doctor" if table == "labs" else "doctor": 0, "id": number}
            if table != "patients":
                facts["patient"] = first + number % max(1, spec["others"])
            if table == "appointments":
                facts |= {"id": str(number), "scheduled_time": "2025-06-02T09:00:00", "status": "Complete"}
            made[table][facts["id"]] = make(**facts)
    return made


def pages_of(world: Any, doctor: int) -> dict[str, int]:
    """Pages of each whole list, as the plugin's tables call it."""
    names = {"patient": "patients", "appointments": "appointments", "problems": "problems",
             "medications": "medications", "labs": "labs"}  # fmt: skip
    counts = {name: len(world.owned[table].get(doctor, {})) for name, table in names.items()}
    return {name: -(-count // (25 if name == "appointments" else 250)) for name, count in counts.items()}


def main(clock: str, spec_text: str) -> None:
    """Serve until stdin closes."""
    shared = SharedTime(Path(clock))
    set_time(shared)
    from sandbox import Settings, create_app
    from sandbox.server import SandboxServer

    spec = json.loads(spec_text)
    app = create_app(Settings(webhook_url=spec["webhook_url"], plugin_url=spec["plugin_url"]))
    state = app.extensions["sandbox"]
    spec["first_doctor"] = state.world.next_ids["doctors"]
    visits = fill(state.world, spec)
    fill_panels(state.world, spec)
    server = SandboxServer("127.0.0.1", 0, app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pages = pages_of(state.world, spec["first_doctor"])
    print(json.dumps({"url": server.url, "doctors": visits, "pages": pages}), flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
