"""A complete patient in the vendor's shape, from the few facts that differ.

It carries what a real chart carries and the plugin must never keep: a social security number, addresses,
telephone numbers, insurance. All of it is invented (numbers of the ranges reserved for fiction) and easy to
search for: see PRIVATE_MARKS.
"""

from __future__ import annotations

import zlib

from sandbox.world import Record, timestamp

PRIVATE_MARKS = (
    "900-55-",
    "Seedling Street",
    "Sandbox Mutual",
    "SBX-MEMBER-",
    "@patients.example",
    "(555) 01",
    "Trusted Emergency",
    "PRIVATE-NOTE",
)
"""One of these is in every private field: a store, log or page that holds one has kept too much."""


def patient_record(
    *,
    doctor: int,
    first_name: str = "New",
    last_name: str = "Patient",
    date_of_birth: str | None = "1970-01-01",
    gender: str = "Female",
    id: int | None = None,
    chart_id: str = "",
    race: str = "blank",
    stamp: str = "",
) -> Record:
    """A patient with demographics, insurance and contacts."""
    number = zlib.crc32(f"{first_name}|{last_name}|{id}".encode()) % 10000
    stamp = stamp or timestamp()
    return {
        "id": id,
        "first_name": first_name,
        "middle_name": "",
        "last_name": last_name,
        "nick_name": "",
        "date_of_birth": date_of_birth,
        "date_of_death": None,
        "gender": gender,
        "gender_identity_code": "",
        "gender_identity_description": "",
        "pronouns": "",
        "doctor": doctor,
        "chart_id": chart_id or f"{last_name[:4].upper()}{number:06d}",
        "social_security_number": f"900-55-{number:04d}",
        "address": f"{number % 900 + 1} Seedling Street",
        "city": "Springfield",
        "state": "NY",
        "zip_code": "10001",
        "home_phone": f"(555) 01{number % 100:02d}-{number:04d}",
        "cell_phone": f"(555) 01{number % 90:02d}-{number:04d}",
        "office_phone": "",
        "email": f"p{number:04d}@patients.example",
        "race": race,
        "race_subcategories": [],
        "ethnicity": "blank",
        "preferred_language": "eng",
        "preferred_language_code": "eng",
        "preferred_language_description": "English",
        "patient_status": "A",
        "patient_photo": None,
        "patient_photo_date": None,
        "patient_payment_profile": "Insurance",
        "patient_flags": [],
        "patient_flags_attached": [],
        "custom_demographics": [{"field_type": 9, "value": f"PRIVATE-NOTE {number}", "updated_at": stamp}],
        "emergency_contact_name": "Trusted Emergency",
        "emergency_contact_phone": f"(555) 01{number % 80:02d}-{number:04d}",
        "emergency_contact_relation": "sibling",
        "employer": "Example Works",
        "employer_address": f"{number % 300 + 1} Seedling Street",
        "employer_city": "Springfield",
        "employer_state": "NY",
        "employer_zip_code": "10001",
        "responsible_party_name": "",
        "responsible_party_relation": "",
        "responsible_party_phone": "",
        "responsible_party_email": "",
        "primary_care_physician": "",
        "referring_source": "",
        "referring_doctor": _no_referrer(),
        "primary_insurance": _insurance(number),
        "secondary_insurance": {},
        "tertiary_insurance": {},
        "auto_accident_insurance": {},
        "workers_comp_insurance": {},
        "copay": "20.00",
        "default_pharmacy": "",
        "preferred_pharmacies": [],
        "offices": [],
        "disable_sms_messages": False,
        "medication_history_consent": "given",
        "date_of_first_appointment": None,
        "date_of_last_appointment": None,
        "created_at": stamp,
        "updated_at": stamp,
    }


def _insurance(number: int) -> Record:
    return {
        "insurance_company": "Sandbox Mutual",
        "insurance_id_number": f"SBX-MEMBER-{number:04d}",
        "insurance_group_name": "Sandbox Mutual Group",
        "insurance_group_number": f"{number:06d}",
        "insurance_payer_id": "00000",
        "insurance_plan_name": "Gold",
        "insurance_plan_type": "",
        "is_subscriber_the_patient": True,
        "patient_relationship_to_subscriber": "",
        "subscriber_social_security": f"900-55-{number:04d}",
        "subscriber_address": f"{number % 900 + 1} Seedling Street",
        "photo_front": None,
        "photo_back": None,
    }


def _no_referrer() -> Record:
    names = ("first_name", "middle_name", "last_name", "suffix", "npi", "email", "phone", "fax", "address")
    return dict.fromkeys(names, "")
