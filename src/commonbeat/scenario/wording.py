"""pydantic's findings, told as mistakes in the scenario's own places and words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from typing import TYPE_CHECKING, Any

from commonbeat.claims.catalogue import CLAIM_PATTERN, load_claims
from commonbeat.errors import Mistakes, did_you_mean
from commonbeat.scenario.event import EVENT_MODELS
from commonbeat.scenario.model import Scenario
from commonbeat.scenario.place import model_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from commonbeat.scenario.strict import StrictModel

LONGEST_VALUE = 60
TYPE_RULES = {
    "int_type": "is not a whole number",
    "float_type": "is not a number",
    "string_type": "is not text in quotes",
    "tuple_type": "is not a list",
    "dict_type": "is not a table",
    "mapping_type": "is not a table",
    "model_type": "is not a table",
    "model_attributes_type": "is not a table",
    "finite_number": "is not a finite number",
    "greater_than_equal": "is below {ge}",
    "greater_than": "is not above {gt}",
    "less_than_equal": "is above {le}",
    "less_than": "is not below {lt}",
    "string_too_short": "is shorter than {min_length} {characters}",
    "string_too_long": "is longer than {max_length} {characters}",
    "string_pattern_mismatch": "is not made of lower-case letters, digits and _, beginning with a letter",
    "too_short": "has {actual_length} where at least {min_length} are needed",
    "int_from_float": "is not a whole number",
}


def schema_mistakes(error: ValidationError, root: type[StrictModel] = Scenario) -> Mistakes:
    """Every finding of pydantic on a `root` as a mistake with its TOML place."""
    found = Mistakes()
    for detail in error.errors():
        if not _told_elsewhere(detail):
            _add(detail, root, found)
    return found


def _told_elsewhere(detail: ErrorDetails) -> bool:
    """Whether the finding is no mistake of its own: an objective has its own check, a list counts only sound items."""
    if detail["type"] == "too_short":
        return isinstance(detail["input"], tuple) and len(detail["input"]) >= detail.get("ctx", {}).get("min_length", 0)
    return detail["loc"] == ("objective",)


def place_of(location: Sequence[int | str]) -> str:
    """A location as the user would write it: arms[2].events[0].clip."""
    text = ""
    for index, part in enumerate(location):
        if isinstance(part, int):
            text += f"[{part}]"
        elif not _is_tag(location, index) and part != "[key]":
            text += f".{part}" if text else part
    return text or "the file"


def _is_tag(location: Sequence[int | str], index: int) -> bool:
    """Whether this part only tells which kind of event, or which type of value, pydantic chose."""
    event = index == 4 and location[0] == "arms" and location[2] == "events"
    return event or location[index] in ("str", "int", "float", "bool", "constrained-str", "constrained-int")


def _add(detail: ErrorDetails, root: type[StrictModel], found: Mistakes) -> None:
    location, kind, value = detail["loc"], detail["type"], _shown(detail["input"])
    context: dict[str, Any] = dict(detail.get("ctx", {}))
    place = place_of(location)
    if kind == "extra_forbidden":
        model = model_at(root, location[:-1])
        known = model.model_fields if model else ()
        found.add(place, None, "is not a key that belongs here", did_you_mean(str(location[-1]), known))
    elif kind == "missing":
        model = model_at(root, location[:-1])
        field = model.model_fields.get(str(location[-1])) if model else None
        found.add(place, None, "is missing", (field.description or "") if field else "")
    elif kind == "literal_error":
        known = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        found.add(place, value, "is not a word that is known here", did_you_mean(str(value), known))
    elif kind == "union_tag_invalid":
        found.add(f"{place}.kind", context["tag"], "is not a kind of event", did_you_mean(context["tag"], EVENT_MODELS))
    elif kind == "union_tag_not_found":
        found.add(f"{place}.kind", None, "is missing", f"Known: {', '.join(sorted(EVENT_MODELS))}.")
    elif kind == "string_pattern_mismatch" and context.get("pattern") == CLAIM_PATTERN:
        found.add(
            place,
            value,
            "is no claim",
            did_you_mean(str(detail["input"]).upper(), [claim.id for claim in load_claims()]),
        )
    else:
        template = TYPE_RULES.get(kind)
        context["characters"] = (
            "character" if 1 in (context.get("min_length"), context.get("max_length")) else "characters"
        )
        rule = template.format(**context) if template else f"cannot be used: {detail['msg']}"
        found.add(place, None if kind == "too_short" else value, rule, _way_out(root, location))


def _way_out(root: type[StrictModel], location: Sequence[int | str]) -> str:
    """What the field means, as the way out of a wrong value."""
    for length in range(len(location), 0, -1):
        model = model_at(root, location[: length - 1])
        field = model.model_fields.get(str(location[length - 1])) if model else None
        if field is not None:
            return f"It means: {field.description}" if field.description else ""
    return ""


class Written(str):
    """Text that is shown as it stands, without quotes around it."""

    __slots__ = ()
    __repr__ = str.__str__


def _shown(value: object) -> object:
    """`value` as TOML has it, cut when it is too long to be shown."""
    text = repr(value) if isinstance(value, str) else toml_of(value)
    if len(text) > LONGEST_VALUE:
        return Written(f"{text[:LONGEST_VALUE]}...")
    return value if isinstance(value, str) else Written(text)


def toml_of(value: object) -> str:
    """The value as it would be written in TOML, on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {toml_of(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_of(item) for item in value) + "]"
    return repr(value)
