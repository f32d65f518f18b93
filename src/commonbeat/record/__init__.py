"""The record of an encounter: what happened, and with whose consent.

Names are loaded when they are first used: the processes that decode films import what lies below this package and nothing of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "consent": ("Consent", "Permission", "Visible"),
    "encounter": ("Encounter",),
    "parts": (
        "Acquaintance",
        "After",
        "Clip",
        "Course",
        "Join",
        "People",
        "Rating",
        "Source",
        "Tone",
        "When",
        "Where",
    ),
    "plain": ("plain_consent", "plain_record"),
    "reading": ("load_consent", "load_record", "load_records"),
    "words": ("COLLECTORS", "ROLES", "SCOPES"),
    "writing": ("consent_toml", "record_toml"),
}


def __getattr__(name: str) -> Any:
    """The name, loaded from the module that has it."""
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*globals(), *__all__])
