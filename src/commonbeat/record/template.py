"""A form to fill in: a record as TOML in which every field says what it means and which words it takes."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from commonbeat.record.encounter import Encounter
from commonbeat.record.kinds import kinds_of, rows_of, words_of
from commonbeat.record.words import COLLECTORS, ROLES
from commonbeat.record.writing import record_toml
from commonbeat.scenario.place import model_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.record.consent import Visible
    from commonbeat.scenario.strict import StrictModel

HEADING = """\
# The record of an encounter: good, neutral and bad ones have the same form.
#
# Write "unknown" for whatever nobody knows, and never guess. An empty list, [], says that there was nothing of the kind.
# Nobody is named, here or in any text: roles and counts are all that is kept of people. Check it with
#
#     commonbeat record check FILE
"""
WIDTH = 118
ONE_BY_ONE = 8  # people of a role; beyond that, a row for each would hide the rest of the form
NOT_ASKED = '"nobody asked yet"'  # no answer that passes: whoever takes the marks off has to write the real ones


def template(encounter: Encounter) -> str:
    """The record as a form: what is known is filled in, the rest is "unknown", and each line has its meaning above it."""
    lines, place = [HEADING], ""
    for line in record_toml(encounter).splitlines():
        heading = re.fullmatch(r"\[+([\w.]+)\]+", line)
        key = re.match(r"(\w+) = ", line)
        if heading:
            place = heading[1]
            lines += [*_comments(_meaning(place)), line]
        elif line == "permissions = []":
            continue  # rows could not be added below such a line
        elif key and key[1] != "schema":
            lines += [*_comments(_meaning(f"{place}.{key[1]}" if place else key[1])), line]
        else:
            lines.append(line)
    return "\n".join([*lines, "", *_consent_form(encounter)]) + "\n"


def _comments(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, WIDTH)]


def _meaning(place: str) -> str:
    """What the field at a place means, the words it takes, and what a row of it holds."""
    model, name = _holder(place)
    field = model.model_fields.get(name) if model else None
    if field is None:
        return ""
    told, words, row = [field.description or ""], words_of(field.annotation), rows_of(field.annotation)
    if words or bool in kinds_of(field.annotation):
        told.append(f"Known: {', '.join(words) or 'true, false (without quotes)'}.")
    if row:
        told.append(f"Rows stand under [[{place}]], in place of such a line, with {', '.join(row.model_fields)}.")
    return " ".join(told)


def _holder(place: str) -> tuple[type[StrictModel] | None, str]:
    """The model that has the field at a place, and the field's name in it."""
    *path, name = place.split(".")
    here: type[StrictModel] | None = Encounter
    for part in path:
        here = (model_at(here, (part,)) or model_at(here, (part, 0))) if here else None
    return here, name


def _consent_form(encounter: Encounter) -> Iterator[str]:
    """One permission to copy for every person who is asked; nothing is allowed until they stand there."""
    yield '# Fill in and copy for everybody visible. A child needs two: its guardian\'s (by = "guardian") and its own (by = "self").'
    yield "# Officers are on duty: their permission is needed to show and to share, and not to analyse and keep."
    yield '# scope: a list such as ["analyse", "keep"], of analyse, keep, show, share; "face measures" only where it is meant.'
    yield f"# collected_by: who asked, one of {', '.join(COLLECTORS)}. An officer may not ask children."
    yield "# given_on, expires_on: days such as 2026-06-15, the last one still counts. Nothing is filled in before somebody was asked."
    yield '# slot: "child 1"; or "child 1 to 25" where that many people said the same to the same person on the same day.'
    for slot in _slots(encounter.consent.visible):
        for by in ("guardian", "self") if slot.startswith("child ") else ("self",):
            yield "#"
            yield "# [[consent.permissions]]"
            yield f'# slot = "{slot}"'
            yield f'# by = "{by}"'
            yield f"# scope = {NOT_ASKED}"
            yield f"# collected_by = {NOT_ASKED}"
            yield f"# given_on = {NOT_ASKED}"
            yield f"# expires_on = {NOT_ASKED}"


def _slots(visible: Visible) -> Iterator[str]:
    """The slots of those visible, and those of many people of a role at once, who may be parted by whoever fills it in."""
    for role in ROLES:
        count = getattr(visible, role)
        yield from (
            [f"{role} 1 to {count}"] if count > ONE_BY_ONE else [f"{role} {number}" for number in range(1, count + 1)]
        )
