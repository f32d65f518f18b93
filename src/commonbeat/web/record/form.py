"""The form of an encounter: what was sent becomes a record or every mistake, and the questions of one step."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from commonbeat.errors import Mistakes
from commonbeat.record.consent import Consent
from commonbeat.record.encounter import Encounter
from commonbeat.record.places import value_at
from commonbeat.record.plain import plain_record, read_tree
from commonbeat.record.reading import parse_record
from commonbeat.record.words import SCHEMA
from commonbeat.web.filling.field import Rows, fields_in
from commonbeat.web.filling.parts import Asking, by_place, elsewhere, parts_of
from commonbeat.web.filling.sent import Sent, sent_of, tree_of
from commonbeat.web.record import consent_rows
from commonbeat.web.record.words import BY_WORDS, LABELS, ROW_WORDS, SCOPE_WORDS, STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.errors import Mistake
    from commonbeat.web.filling.field import Part

CHOICES = {"consent.permissions.*.scope": SCOPE_WORDS, "consent.permissions.*.by": BY_WORDS}
LISTS = ("people", "course.joins", "tone.by_those_present", "tone.by_coders", "after.acquaintances", consent_rows.PLACE)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a form means: the record, or every mistake at its place in the form."""

    encounter: Encounter | None
    mistakes: tuple[Mistake, ...]


def begun(encounter: Encounter | None = None) -> Sent:
    """A form as it begins: empty with a word made by luck, or with what a record holds."""
    if encounter is None:
        return Sent({"identifier": (f"encounter-{secrets.token_hex(4)}",), "invented": ("no",)})
    tree = {key: value for key, value in plain_record(encounter).items() if key not in ("schema", "sources")}
    values = sent_of(read_tree(tree))
    sources = {place: each.model_dump(mode="json") for place, each in encounter.sources.items()}
    return Sent({**values, **({"sources": (json.dumps(sources),)} if sources else {})})


def judge(sent: Sent, before: Encounter | None = None) -> Judged:
    """The record that was filled in, or all mistakes. before: the record as it was, to tell which values a person changed."""
    found = Mistakes()
    encounter = parse_record(tree_from(sent, before), "", found)
    return Judged(encounter, tuple(_in_the_form(each, sent) for each in found.found))


def tree_from(sent: Sent, before: Encounter | None = None) -> dict[str, Any]:
    """The record as a file would have it."""
    whole = tree_of(Encounter, sent)
    identifier = sent.text("identifier")
    consent = whole.get("consent") or {}
    rows = [tree_of_permission(sent, number) for number in consent_rows.filled(sent)]
    named = sent.text("consent.identifier") or f"{identifier[:56]}-consent"
    consent = {**consent, "identifier": named, "encounter": identifier, "permissions": rows}
    tree = _known({**whole, "schema": SCHEMA, "consent": consent})
    sources = _sources(sent, tree, before)
    return {**tree, "sources": sources} if sources else tree


def tree_of_permission(sent: Sent, number: int) -> dict[str, Any]:
    """One row of consent; who said no to everything has an empty list of scopes."""
    from commonbeat.record.consent import Permission

    row = _known(tree_of(Permission, sent, f"{consent_rows.PLACE}.{number}"))
    return {**row, "scope": row.get("scope", [])}


def step_parts(number: int, sent: Sent, mistakes: tuple[Mistake, ...]) -> tuple[Part, ...]:
    """The questions of one step, with what was sent and what is wrong."""
    asking = Asking(sent, by_place(mistakes), LABELS, CHOICES, ROW_WORDS)
    if STEPS[number].names == ("consent",):
        return _consent_parts(asking)
    return parts_of(Encounter, "", asking, STEPS[number].names)


def step_of(mistake: Mistake) -> int | None:
    """The step in which a mistake can be mended; None where no step shows it."""
    first = mistake.place.partition(".")[0]
    return next((number for number, step in enumerate(STEPS) if first in step.names), None)


def shown_elsewhere(number: int, sent: Sent, mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """The mistakes that no field of that step shows."""
    return elsewhere(mistakes, step_parts(number, sent, mistakes))


def hidden_fields(number: int, sent: Sent, mistakes: tuple[Mistake, ...]) -> dict[str, tuple[str, ...]]:
    """What other steps hold, to be sent along unseen."""
    parts = step_parts(number, sent, mistakes)
    own = {each.place for each in fields_in(parts)} | {"csrf", "do", "step", "confirm"}
    return {name: texts for name, texts in sent.items() if name not in own}


def _consent_parts(asking: Asking) -> tuple[Part, ...]:
    parts = parts_of(Consent, "consent", asking, ("visible", "note", "permissions"))
    return tuple(_titled(part, asking.sent) if isinstance(part, Rows) else part for part in parts)


def _titled(part: Rows, sent: Sent) -> Rows:
    """Rows that are called after whom they are about."""
    rows = []
    for row in part.rows:
        slot, by = (sent.text(f"{part.place}.{row.number}.{name}") for name in ("slot", "by"))
        who = {"guardian": "the guardian", "self": "own consent"}.get(by, "")
        title = ", ".join(each for each in (slot, who) if each) or row.title
        # An empty row says that nobody was asked, so none of its fields is needed by itself.
        rows.append(replace(row, title=title, fields=tuple(replace(each, required=False) for each in row.fields)))
    return replace(part, rows=tuple(rows), empty=None)


def _known(value: Any) -> Any:
    """The tree without what nobody knows, so that what is needed is told as missing."""
    if isinstance(value, dict):
        return {key: _known(each) for key, each in value.items() if each is not None}
    return [_known(each) for each in value] if isinstance(value, list) else value


def _sources(sent: Sent, tree: Mapping[str, Any], before: Encounter | None) -> dict[str, Any]:
    """Where values come from: as before; a person's where one was changed or confirmed; gone where there is none any more."""
    try:
        carried = json.loads(sent.text("sources") or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(carried, dict):
        return {}
    old = {} if before is None else read_tree(plain_record(before))
    confirmed = sent.texts("confirm")
    found: dict[str, Any] = {}
    for place, source in carried.items():
        value = value_at(tree, place)
        if value is None or not isinstance(source, dict):
            continue
        if before is not None and value_at(old, place) != value:
            found[place] = {"source": "person", "confirmed": True}
        else:
            found[place] = {**source, "confirmed": bool(source.get("confirmed")) or place in confirmed}
    return found


def _in_the_form(mistake: Mistake, sent: Sent) -> Mistake:
    """The mistake at the row of the form: rows lose their gaps, and empty rows of consent, on the way to a record."""
    for place in LISTS:
        match = re.match(rf"{re.escape(place)}\.(\d+)(.*)", mistake.place)
        if match:
            numbers = consent_rows.filled(sent) if place == consent_rows.PLACE else sent.numbers(place)
            if 1 <= int(match[1]) <= len(numbers):
                return replace(mistake, place=f"{place}.{numbers[int(match[1]) - 1]}{match[2]}")
    return mistake
