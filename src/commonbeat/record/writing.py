"""Records and consents as TOML text that reads back as the same record."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from commonbeat.record.plain import plain_consent, plain_record

if TYPE_CHECKING:
    from commonbeat.record.consent import Consent
    from commonbeat.record.encounter import Encounter

BARE = re.compile(r"[A-Za-z0-9_-]+")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAYS = frozenset({"date", "posted_on", "given_on", "expires_on", "withdrawn_on"})


def record_toml(encounter: Encounter) -> str:
    """The record as TOML."""
    return toml_text(plain_record(encounter))


def consent_toml(consent: Consent) -> str:
    """The consent as a TOML file of its own."""
    return toml_text(plain_consent(consent))


def toml_text(tree: Mapping[str, Any]) -> str:
    """A tree of tables and lists as TOML: plain values first, then tables, then lists of tables."""
    return "\n".join(_table(tree, "")).strip("\n") + "\n"


def _table(table: Mapping[str, Any], place: str) -> list[str]:
    lines = [f"{_key(key)} = {_value(key, value)}" for key, value in table.items() if not _is_table(value)]
    for key, value in table.items():
        inner = f"{place}.{_key(key)}" if place else _key(key)
        if isinstance(value, Mapping) and value and all(isinstance(each, Mapping) for each in value.values()):
            lines += ["", f"[{inner}]", *(f"{_key(name)} = {_value(name, each)}" for name, each in value.items())]
        elif isinstance(value, Mapping):
            lines += ["", f"[{inner}]", *_table(value, inner)]
        elif _is_table(value):
            for row in value:
                lines += ["", f"[[{inner}]]", *_table(row, inner)]
    return lines


def _is_table(value: Any) -> bool:
    """Whether the value stands under a heading of its own: a table, or a list of tables."""
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _text(key)


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value if key in DAYS and DAY.fullmatch(value) else _text(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(name, each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value("", each) for each in value) + "]"
    return repr(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
