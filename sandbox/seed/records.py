"""Complete records of a chart in the vendor's shapes, from the few facts that differ."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from sandbox.seed.patient_record import patient_record
from sandbox.world import Record, timestamp

EMPTY_VITALS: Record = {
    "blood_pressure_1": None,
    "blood_pressure_2": None,
    "pulse": None,
    "respiratory_rate": None,
    "oxygen_saturation": None,
    "temperature": None,
    "temperature_units": "f",
    "height": None,
    "height_units": "inches",
    "weight": None,
    "weight_units": "lbs",
    "bmi": None,
    "head_circumference": None,
    "head_circumference_units": "inches",
    "pain": "",
    "smoking_status": "blank",
}


def appointment_record(
    *,
    doctor: int,
    scheduled_time: str,
    patient: int | None = None,
    id: str | None = None,
    office: int = 4001,
    exam_room: int = 1,
    duration: int = 30,
    status: str = "",
    reason: str = "",
    notes: str = "",
    vitals: Record | None = None,
    locked: bool = False,
    deleted_flag: bool = False,
    is_virtual_base: bool = False,
    created_by: str = "mokafor",
    stamp: str = "",
) -> Record:
    """A visit, or a break when `patient` is None; `vitals` over an empty set."""
    stamp = stamp or timestamp()
    return {
        "id": id,
        "doctor": doctor,
        "patient": patient,
        "office": office,
        "exam_room": exam_room,
        "scheduled_time": scheduled_time,
        "duration": duration,
        "status": status,
        "reason": reason,
        "notes": notes,
        "appt_is_break": patient is None,
        "deleted_flag": deleted_flag,
        "is_walk_in": False,
        "is_virtual_base": is_virtual_base,
        "recurring_appointment": is_virtual_base,
        "base_recurring_appointment": None,
        "recurrence_instance_key": None,
        "recur_start_date": None,
        "recur_end_date": None,
        "recurs_every": None,
        "recurring_days": [],
        "allow_overlapping": False,
        "cloned_from": None,
        "profile": None,
        "color": "#7ab8d9",
        "custom_status": "",
        "billing_status": "",
        "billing_notes": [],
        "billing_provider": "",
        "supervising_provider": "",
        "payment_profile": "Insurance",
        "primary_insurer_name": "Sandbox Mutual",
        "primary_insurer_payer_id": "00000",
        "primary_insurance_id_number": "SBX-MEMBER-0000",
        "secondary_insurer_name": "",
        "secondary_insurer_payer_id": "",
        "secondary_insurance_id_number": "",
        "ins1_status": "",
        "ins2_status": "",
        "first_billed_date": None,
        "last_billed_date": None,
        "first_edi_date": None,
        "last_edi_date": None,
        "resubmit_claim_original_id": None,
        "icd9_codes": [],
        "icd10_codes": [],
        "created_by": created_by,
        "created_at": stamp,
        "updated_at": stamp,
        "extended_updated_at": stamp,
        "vitals": {**EMPTY_VITALS, **(vitals or {})},
        "custom_vitals": [],
        "custom_fields": [],
        "reminders": [],
        "status_transitions": [],
        "clinical_note": {"locked": locked, "pdf": None, "updated_at": stamp},
    }


def problem_record(
    *,
    doctor: int,
    patient: int,
    icd_code: str = "",
    name: str = "",
    icd_version: str = "10",
    snomed_ct_code: str = "",
    status: str = "active",
    verification_status: str = "confirmed",
    date_diagnosis: str | None = None,
    id: int | None = None,
    stamp: str = "",
) -> Record:
    """A problem list entry."""
    stamp = stamp or timestamp()
    return {
        "id": id,
        "doctor": doctor,
        "patient": patient,
        "appointment": None,
        "name": name,
        "description": name,
        "icd_code": icd_code,
        "icd_version": icd_version,
        "snomed_ct_code": snomed_ct_code,
        "status": status,
        "verification_status": verification_status,
        "date_diagnosis": date_diagnosis,
        "date_onset": date_diagnosis,
        "date_changed": date_diagnosis,
        "abatement_date": None,
        "category": "problem-list-item",
        "problem_type": "",
        "info_url": "",
        "notes": "PRIVATE-NOTE of a problem",
        "created_at": stamp,
        "updated_at": stamp,
    }


def medication_record(
    *,
    doctor: int,
    patient: int,
    name: str = "",
    rxnorm: str = "",
    status: str = "active",
    order_status: str = "Electronic eRx Sent",
    date_prescribed: str | None = None,
    date_started_taking: str | None = None,
    date_stopped_taking: str | None = None,
    id: int | None = None,
    stamp: str = "",
) -> Record:
    """A medication list entry."""
    stamp = stamp or timestamp()
    return {
        "id": id,
        "doctor": doctor,
        "patient": patient,
        "appointment": None,
        "name": name,
        "rxnorm": rxnorm,
        "ndc": "",
        "status": status,
        "order_status": order_status,
        "date_prescribed": date_prescribed,
        "date_started_taking": date_started_taking or date_prescribed,
        "date_stopped_taking": date_stopped_taking,
        "dosage_quantity": "1",
        "dosage_units": "tablet",
        "dispense_quantity": 90.0,
        "number_refills": 3,
        "frequency": "once a day",
        "route": "by mouth",
        "prn": False,
        "daw": False,
        "indication": "",
        "signature_note": "",
        "pharmacy_note": "",
        "notes": "PRIVATE-NOTE of a medication",
        "created_at": stamp,
        "updated_at": stamp,
    }


def lab_record(
    *,
    ordering_doctor: int,
    patient: int,
    loinc_code: str = "",
    title: str = "",
    lab_result_value: str = "",
    lab_result_value_units: str = "",
    date_test_performed: str | None = None,
    lab_abnormal_flag: str = "",
    lab_normal_range: str = "",
    id: int | None = None,
    stamp: str = "",
) -> Record:
    """A lab result; the float is there when the text is a plain number."""
    stamp = stamp or timestamp()
    return {
        "id": id,
        "ordering_doctor": ordering_doctor,
        "patient": patient,
        "loinc_code": loinc_code,
        "title": title,
        "lab_result_value": lab_result_value,
        "lab_result_value_as_float": _as_float(lab_result_value),
        "lab_result_value_units": lab_result_value_units,
        "lab_abnormal_flag": lab_abnormal_flag,
        "lab_normal_range": lab_normal_range,
        "lab_normal_range_units": lab_result_value_units if lab_normal_range else "",
        "lab_order_status": "Results Received",
        "lab_imported_from_ccr": None,
        "scanned_in_result": None,
        "date_test_performed": date_test_performed,
        "doctor_comments": "PRIVATE-NOTE of a lab result",
        "doctor_signoff": True,
        "created_at": stamp,
        "updated_at": stamp,
    }


def document_record(
    *,
    doctor: int,
    patient: int,
    description: str = "",
    date: str = "",
    metatags: list[str] | None = None,
    archived: bool = False,
    id: int | None = None,
    stamp: str = "",
) -> Record:
    """A document; `key` is the secret part of its address and is never sent as a field."""
    return {
        "id": id,
        "doctor": doctor,
        "patient": patient,
        "description": description,
        "date": date,
        "metatags": metatags or [],
        "archived": archived,
        "key": secrets.token_urlsafe(12),
        "updated_at": stamp or timestamp(),
    }


def field_value_record(
    *,
    doctor: int,
    appointment: int,
    clinical_note_field: int,
    value: str = "",
    id: int | None = None,
    stamp: str = "",
) -> Record:
    """What stands in one field of one visit's note."""
    stamp = stamp or timestamp()
    return {
        "id": id,
        "doctor": doctor,
        "appointment": appointment,
        "clinical_note_field": clinical_note_field,
        "value": value,
        "created_at": stamp,
        "updated_at": stamp,
    }


RECORD_MAKERS: dict[str, Callable[..., Record]] = {
    "patients": patient_record,
    "appointments": appointment_record,
    "problems": problem_record,
    "medications": medication_record,
    "labs": lab_record,
    "documents": document_record,
    "field_values": field_value_record,
}


def _as_float(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None
