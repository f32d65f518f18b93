"""One record as an encounter of a scenario: who took part, how it came about, how good it was, each as far as it is known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from commonbeat.errors import ConsentError, Mistake, RecordError
from commonbeat.workflows.recorded_events import refuse_outside_consent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from commonbeat.errors import Mistakes
    from commonbeat.record import Consent, Encounter, People

READ_BY_SCENARIO = (
    "title",
    "when.hour",
    "where.place",
    "people",
    "course.authenticity",
    "course.began_as",
    "course.could_leave",
    "tone",
    "after.followed",
    "clip",
)
NOT_TO_BE_SHOWN = "An encounter that was recorded"  # in place of a title in people's own words
INVENTED, LONGEST_TITLE = " (invented)", 200
COUNTED = ("children", "bystanders", "officers")
CLIPS = {"resident": "resident", "participant": "resident", "outlet": "outlet"}


@dataclass(frozen=True, slots=True)
class RecordedEncounter:
    """What a record says, in a scenario's words.

    name: of the table under [encounters]; setting: that table, empty when the record cannot be used; clip: who posted
    it, "" when nobody is known to have; hour and authenticity: None when the record does not know them; consent: None when nobody
    real is in it.
    """

    name: str
    asked: Mapping[str, Any]
    setting: Mapping[str, Any] = field(default_factory=dict)
    clip: str = ""
    hour: int | None = None
    authenticity: str | None = None
    consent: Consent | None = None
    origin: str = ""
    notes: tuple[str, ...] = ()


def read_recorded(
    path: Path, said: str, asked: Mapping[str, Any], folder: Path, place: str, found: Mistakes
) -> RecordedEncounter:
    """The encounter that the record at `path` tells of, or an empty one with every mistake in `found`.

    said: the path as the scenario writes it. asked: what the event says beside it (ONLY_WITH_RECORD). folder: of the
    scenario. place: of the event.
    """
    from commonbeat.record import load_record

    where, nothing = f"{place}.encounter ({said})", RecordedEncounter("unreadable", asked)
    try:
        record = load_record(path)
    except (RecordError, ConsentError) as error:
        found.found += [
            Mistake(f"{where}: {each.place}", each.value, each.rule, each.way_out) for each in error.mistakes
        ]
        return nothing
    before = len(found.found)
    _refuse_unconfirmed(record, where, found)
    refusal = None if record.invented else refuse_outside_consent(record.consent, where)
    found.found += [refusal] if refusal else []
    setting = _setting(record, asked, folder, where, found)
    if len(found.found) > before:
        return nothing
    return RecordedEncounter(
        name=_name_of(record),
        asked=asked,
        setting=setting,
        clip=CLIPS.get(record.clip.posted_by or "", "") if record.clip.posted else "",
        hour=record.when.hour,
        authenticity=record.course.authenticity,
        consent=None if record.invented else record.consent,
        notes=_notes(record, said, setting),
        origin=f"From the record {record.identifier}, sha256 of its file {hashlib.sha256(path.read_bytes()).hexdigest()}",
    )


def _name_of(record: Encounter) -> str:
    name = record.identifier.replace("-", "_")
    return name if name[0].isalpha() else f"record_{name}"


def _notes(record: Encounter, said: str, setting: Mapping[str, Any]) -> tuple[str, ...]:
    """What a reader should know of how the record was read."""
    adults = sum(row.count or 0 for row in record.people or () if row.part == "took part" and row.role == "adult")
    notes = [f"{said}: {setting['quality']['source']}"]
    if adults:
        notes.append(
            f"{said}: {adults} adults who took part count among those who stood by, a smaller dose: no card measured them"
        )
    if record.invented:
        notes.append(f"{said}: the record is marked as invented")
    else:
        until = record.consent.holds_until()
        ends = f", until {until} at the longest" if until else ""
        notes.append(
            f"{said}: a real encounter, simulated with people who are made up; its consent allows to analyse it{ends}"
        )
    return tuple(notes)


def _refuse_unconfirmed(record: Encounter, where: str, found: Mistakes) -> None:
    for place in record.unconfirmed():
        # A source may stand for a whole part of the record, such as "people", or for one cell of it.
        if any(f"{place}.".startswith(f"{each}.") or each.startswith(f"{place}.") for each in READ_BY_SCENARIO):
            rule = "is a draft's value that no person has confirmed"
            found.add(f"{where}: {place}", None, rule, "Look at it, then write confirmed = true in its source.")


def _setting(record: Encounter, asked: Mapping[str, Any], folder: Path, where: str, found: Mistakes) -> dict[str, Any]:
    """The table under [encounters] that the record makes."""
    setting: dict[str, Any] = {"title": _title(record)}
    counts = {key: [row for row in record.people or () if key in _may_be(row)] for key in COUNTED}
    for key, counted in counts.items():
        setting[key] = _count(key, counted, record, asked, where, found)
    if record.people is not None and all(row.count == 0 for row in counts["officers"]):
        found.add(f"{where}: people", None, "has no officer who took part", "The model knows encounters with police.")
    group = _group(asked, [row for row in counts["children"] if row.role == "child"], where, found)
    setting |= {"children_group": group} if group else {}
    for key, value in (("authenticity", record.course.authenticity), ("hour", record.when.hour)):
        setting |= {} if value is None else {key: value}
    setting["place"] = str(asked.get("place") or record.where.place or "drawn")
    setting["quality"] = _quality(record, asked, folder, where, found)
    return setting


def _title(record: Encounter) -> str:
    """The record's own words where everybody agreed that they are shown: they stand in the run and in its report.

    Of an invented record they say so there, wherever they are read.
    """
    from commonbeat.workflows.record_store import today

    if record.invented:
        room = LONGEST_TITLE - len(INVENTED)
        return record.title if record.title.endswith(INVENTED) else record.title[:room].rstrip() + INVENTED
    return record.title if record.consent.allows("show", today()) else NOT_TO_BE_SHOWN


def _may_be(row: People) -> frozenset[str]:
    """What people of this row are to a scenario; several words where the record does not know their role or part."""
    taking_part = {"child": ("children",), "officer": ("officers",), "adult": ("bystanders",), None: COUNTED}[row.role]
    standing_by = ("not counted",) if row.role == "officer" else ("bystanders",)
    by_part = {"took part": taking_part, "stood by": standing_by, None: (*taking_part, *standing_by)}
    return frozenset(by_part[row.part])


def _count(
    key: str, rows: list[People], record: Encounter, asked: Mapping[str, Any], where: str, found: Mistakes
) -> int:
    """How many of them the record counts; where it does not know, how many the event says."""
    known = record.people is not None and all(
        row.count == 0 or (row.count is not None and len(_may_be(row)) == 1) for row in rows
    )
    if known and key in asked:
        rule = "stands in the event, and the record knows it"
        found.add(f"{where}: {key}", asked[key], rule, "Take it out of the event, or correct the record.")
    if known:
        return sum(row.count or 0 for row in rows)
    if key not in asked:
        way_out = f"Count them and correct the record, or say in the event what is assumed: {key} = 25."
        found.add(f"{where}: people", None, f"does not say how many {key} there were", way_out)
    return asked.get(key, 0)


def _group(asked: Mapping[str, Any], children: Iterable[Any], where: str, found: Mistakes) -> str:
    """The children's group in the society's words: as the event says, or as the children describe themselves."""
    if "children_group" in asked:
        return str(asked["children_group"])
    said = {row.self_described_group for row in children if row.count}
    if len(said) == 1 and (only := next(iter(said))):
        return only
    if said:
        told = "tells of several groups" if len(said) > 1 else "does not say how the children describe themselves"
        way_out = 'Say in the event which group of the society stands for them: children_group = "Black".'
        found.add(f"{where}: people", None, f"{told}, and nobody guesses it", way_out)
    return ""


def _quality(record: Encounter, asked: Mapping[str, Any], folder: Path, where: str, found: Mistakes) -> dict[str, Any]:
    """The factor on the dose that answers and codes give, by the written rule of record/quality.py."""
    from commonbeat.record.quality import USE_NEGATIVE, quality_of

    quality = quality_of(record)
    if quality.refusal:
        found.add(where, None, quality.refusal, USE_NEGATIVE)
    source = f"Record {record.identifier}: {'; '.join(quality.reasons)}"
    told = {"low": quality.low, "middle": quality.middle, "high": quality.high, "source": source}
    if "moving_together" not in asked:
        return told
    from commonbeat.workflows.recorded_together import counted

    told, mistake = counted(told, folder / str(asked["moving_together"]), record)
    if mistake is not None:
        found.add(f"{where}: {mistake.place}", mistake.value, mistake.rule, mistake.way_out)
    return told
