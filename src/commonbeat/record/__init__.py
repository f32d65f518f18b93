"""The record of an encounter: what happened, and with whose consent."""

from __future__ import annotations

from commonbeat.record.consent import Consent, Permission, Visible
from commonbeat.record.encounter import Encounter
from commonbeat.record.parts import (
    Acquaintance,
    After,
    Clip,
    Course,
    Join,
    People,
    Rating,
    Source,
    Tone,
    When,
    Where,
)
from commonbeat.record.plain import plain_consent, plain_record
from commonbeat.record.reading import load_consent, load_record, load_records
from commonbeat.record.words import COLLECTORS, ROLES, SCOPES
from commonbeat.record.writing import consent_toml, record_toml

__all__ = [
    "COLLECTORS",
    "ROLES",
    "SCOPES",
    "Acquaintance",
    "After",
    "Clip",
    "Consent",
    "Course",
    "Encounter",
    "Join",
    "People",
    "Permission",
    "Rating",
    "Source",
    "Tone",
    "Visible",
    "When",
    "Where",
    "consent_toml",
    "load_consent",
    "load_record",
    "load_records",
    "plain_consent",
    "plain_record",
    "record_toml",
]
