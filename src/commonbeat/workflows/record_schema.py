"""The JSON schemas of a record and of a consent file."""

from __future__ import annotations

from typing import Any

from commonbeat.record.consent_slots import WRITTEN
from commonbeat.record.words import UNKNOWN


def describe_record() -> dict[str, Any]:
    """The JSON schema of a record file; its consent may be a table or the name of a file beside it."""
    from commonbeat.record import Encounter

    made = _filed(Encounter.model_json_schema())
    consent = made["properties"]["consent"]
    made["properties"]["consent"] = {
        "anyOf": [consent, {"type": "string"}],
        "description": consent.get("description", ""),
    }
    return made


def describe_consent() -> dict[str, Any]:
    """The JSON schema of a consent file."""
    from commonbeat.record import Consent

    return _filed(Consent.model_json_schema())


def _filed(model: dict[str, Any]) -> dict[str, Any]:
    """The schema of a model as a file has it: with its version, "unknown" for null, and nothing that only code fills."""
    made = _with_unknown(model)
    made["properties"] = {"schema": {"const": 1, "description": "The version of this form."}, **made["properties"]}
    made["required"] = ["schema", *made["required"]]
    for part in [made, *made.get("$defs", {}).values()]:
        fields = part.get("properties", {})
        fields.pop("nobody_real", None)
        if "slot" in fields:  # a file may write several people's at once
            fields["slot"]["pattern"] = WRITTEN
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def _with_unknown(value: Any) -> Any:
    if value == {"type": "null"}:
        return {"const": UNKNOWN}
    if isinstance(value, dict):
        return {key: _with_unknown(each) for key, each in value.items() if not (key == "default" and each is None)}
    return [_with_unknown(each) for each in value] if isinstance(value, list) else value
