"""Writing one patient's chart, in days before today."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.seed.loinc import LAB_TESTS
from sandbox.seed.patient_record import patient_record
from sandbox.seed.records import (
    appointment_record,
    document_record,
    field_value_record,
    lab_record,
    medication_record,
    problem_record,
)
from sandbox.world import Record, World

SEED = 20261122


class Chart:
    """One patient's records in a world; everything is dated in days before the doctor's today."""

    def __init__(self, world: World, *, patient_id: int, doctor_id: int):
        self.world = world
        self.patient_id = patient_id
        self.doctor_id = doctor_id
        self.today = world.today_of(doctor_id)
        self.random = random.Random(SEED + patient_id)
        self.patient: Record = {}
        offices = world.rows("offices", doctor=str(doctor_id))
        self._office: int = offices[0]["id"]

    def day(self, days_ago: int) -> date:
        """The date so many days before today (negative: after)."""
        return self.today - timedelta(days=days_ago)

    def born(self, years: int, *, extra_days: int | None = None) -> str:
        """A birth date for someone who turned `years` so many days ago (by default one to ten months)."""
        birthday = self.day(30 + self.patient_id * 37 % 280 if extra_days is None else extra_days)
        if (birthday.month, birthday.day) == (2, 29):
            birthday -= timedelta(days=1)
        return birthday.replace(year=birthday.year - years).isoformat()

    def register(
        self, first_name: str, last_name: str, date_of_birth: str | None, gender: str, race: str = "blank"
    ) -> Chart:
        """Add the patient's own record."""
        self.patient = self.world.add(
            "patients",
            patient_record(
                id=self.patient_id,
                doctor=self.doctor_id,
                first_name=first_name,
                last_name=last_name,
                date_of_birth=date_of_birth,
                gender=gender,
                race=race,
                stamp=self._stamp(900),
            ),
        )
        return self

    def visit(
        self, days_ago: int, vitals: Record | None = None, *, status: str = "Complete", **fields: Any
    ) -> Record:
        """A visit at `at` (default "09:00"); vitals in the vendor's names."""
        at = fields.pop("at", "09:00")
        return self.world.add(
            "appointments",
            appointment_record(
                doctor=self.doctor_id,
                patient=self.patient_id,
                office=self._office,
                scheduled_time=f"{self.day(days_ago).isoformat()}T{at}:00",
                status=status,
                vitals=vitals,
                stamp=self._stamp(max(days_ago, 0)),
                **{"reason": "Follow-up", **fields},
            ),
        )

    def lab(self, key: str, value: str, days_ago: int, **fields: Any) -> Record:
        """A result of LAB_TESTS[key]; fields override what the test usually says."""
        test = LAB_TESTS[key]
        usual = {
            "loinc_code": test.loinc,
            "title": test.title,
            "lab_result_value_units": test.units,
            "lab_normal_range": test.normal,
            "stamp": self._stamp(days_ago),
        }
        extra = {name: fields.pop(name) for name in ("lab_result_value_as_float",) if name in fields}
        record = lab_record(
            ordering_doctor=self.doctor_id,
            patient=self.patient_id,
            lab_result_value=value,
            date_test_performed=self.day(days_ago).isoformat(),
            **{**usual, **fields},
        )
        return self.world.add("labs", {**record, **extra})

    def labs(self, days_ago: int, **values: float | str) -> Chart:
        """Several results of one day, by key."""
        for key, value in values.items():
            self.lab(key, str(value), days_ago)
        return self

    def problem(self, icd_code: str, name: str, days_ago: int = 700, **fields: Any) -> Record:
        """A problem list entry."""
        record = problem_record(
            doctor=self.doctor_id,
            patient=self.patient_id,
            icd_code=icd_code,
            name=name,
            date_diagnosis=self.day(days_ago).isoformat(),
            stamp=self._stamp(days_ago),
            **fields,
        )
        return self.world.add("problems", record)

    def drug(self, name: str, days_ago: int = 400, **fields: Any) -> Record:
        """A medication list entry."""
        record = medication_record(
            doctor=self.doctor_id,
            patient=self.patient_id,
            name=name,
            date_prescribed=self.day(days_ago).isoformat(),
            stamp=self._stamp(days_ago),
            **fields,
        )
        return self.world.add("medications", record)

    def note_text(self, appointment: Record, field_id: int, text: str) -> Record:
        """What the doctor already typed into a field of a visit's note."""
        record = field_value_record(
            doctor=self.doctor_id,
            appointment=int(appointment["id"]),
            clinical_note_field=field_id,
            value=text,
        )
        return self.world.add("field_values", record)

    def document(self, description: str, content: bytes, days_ago: int) -> Record:
        """A scanned document."""
        record = self.world.add(
            "documents",
            document_record(
                doctor=self.doctor_id,
                patient=self.patient_id,
                description=description,
                date=self.day(days_ago).isoformat(),
                metatags=["scan"],
                stamp=self._stamp(days_ago),
            ),
        )
        self.world.files[record["id"]] = content
        return record

    def _stamp(self, days_ago: int) -> str:
        return datetime.combine(self.day(days_ago), datetime.min.time()).replace(hour=15).isoformat()


def vitals(
    *, bp: tuple[int, int] | None = None, inches: float | None = None, lbs: float | None = None, **more: Any
) -> Record:
    """Vitals in the units most charts use; anything else by the vendor's own names."""
    found: Record = {"smoking_status": "266919005", "temperature": 98.4, "pulse": 72}
    if bp:
        found |= {"blood_pressure_1": bp[0], "blood_pressure_2": bp[1]}
    if inches is not None:
        found |= {"height": inches, "height_units": "inches"}
    if lbs is not None:
        found |= {"weight": lbs, "weight_units": "lbs"}
    return found | more
