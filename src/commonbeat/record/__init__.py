"""The record of an encounter: what happened, and with whose consent."""

from __future__ import annotations

from commonbeat.record.consent import COLLECTORS, SCOPES, Consent
from commonbeat.record.encounter import Encounter, Participants

__all__ = ["COLLECTORS", "SCOPES", "Consent", "Encounter", "Participants"]
