"""Records and consents as plain trees: what files hold, with "unknown" for what nobody knows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from commonbeat.record.words import SCHEMA, UNKNOWN

if TYPE_CHECKING:
    from commonbeat.record.consent import Consent
    from commonbeat.record.encounter import Encounter


def plain_record(encounter: Encounter) -> dict[str, Any]:
    """The record as JSON knows it: text, numbers, booleans, lists and tables; unknown is written out."""
    return {"schema": SCHEMA, **_written(encounter.model_dump(mode="json"))}


def plain_consent(consent: Consent) -> dict[str, Any]:
    """The consent as JSON knows it, as a file of its own."""
    return {"schema": SCHEMA, **_written(consent.model_dump(mode="json"))}


def _written(value: Any) -> Any:
    """`value` with "unknown" for what nobody knows. A withdrawal that has not happened is left out: it is not unknown."""
    if value is None:
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _written(each) for key, each in value.items() if each is not None or key not in LEFT_OUT}
    return [_written(each) for each in value] if isinstance(value, list | tuple) else value


LEFT_OUT = frozenset({"withdrawn_on", "note", "uncertainty"})


def read_tree(value: Any) -> Any:
    """`value` as the models take it: None for "unknown", days as text, and no number that is not finite."""
    if isinstance(value, str):
        return None if value.strip().lower() == UNKNOWN else value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # which is no number for the models, and can be shown
    if isinstance(value, Mapping):
        return {str(key): read_tree(each) for key, each in value.items()}
    return [read_tree(each) for each in value] if isinstance(value, list | tuple) else value
