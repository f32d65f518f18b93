"""An ELAN file: read with every mistake told, and written back with nothing lost.

The file's bytes are the document. What is added is put into them at its place, so that comments, properties, lexicons, other tiers and the order of
attributes stay as ELAN, or whoever else, wrote them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from commonbeat.errors import CodingError, Mistakes, did_you_mean
from commonbeat.record.coding.bytes_of import bytes_of
from commonbeat.record.coding.elan_reading import HEADING, WAY_OUT, Parts, Tier, read_parts
from commonbeat.record.coding.elan_times import times_of
from commonbeat.record.coding.elan_writing import new_lines, spliced
from commonbeat.record.coding.event import CodedEvent, CodedFile, spelled
from commonbeat.record.coding.whose_marks import check_whose

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSIONS: Final = ("2.", "3.")
NEAR_S: Final = 1e-6
LONGEST_MOMENT_S: Final = 0.0015  # a moment lasts one millisecond in ELAN, the shortest that it keeps


@dataclass(frozen=True, slots=True, eq=False)
class ElanFile:
    """A file as it stood. times_s: start and end of each annotation by its id."""

    name: str
    content: bytes
    parts: Parts
    times_s: dict[str, tuple[float, float]]
    warnings: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """The file: byte for byte what was read, and what was added since."""
        return self.content

    @property
    def clip(self) -> str:
        """The first linked film's name without its folder, or the file's own name."""
        first = next((each for each in self.parts.media if each), "")
        return unquote(PurePosixPath(first.replace("\\", "/")).name) or Path(self.name).stem

    def coded(self, coder: str = "") -> CodedFile:
        """The marks of all tiers. The code is the tier's name before any @, its value what stands there.

        coder: whose they are where a tier names no annotator; left out, the file's name.
        """
        coder = coder or Path(self.name).stem
        events = []
        watched = {(self.clip, tier.annotator or coder): None for tier in self.parts.tiers} or {
            (self.clip, coder): None
        }
        for tier in self.parts.tiers:
            for each in tier.annotations:
                start_s, end_s = self.times_s[each.id]
                if end_s - start_s < LONGEST_MOMENT_S:
                    end_s = start_s
                place = f"{self.name}, line {each.line}"
                code, who = tier.id.partition("@")[0], tier.participant or tier.id.partition("@")[2]
                events.append(
                    CodedEvent(
                        self.clip, tier.annotator or coder, code, start_s, end_s, who, each.value.strip(), "", place
                    )
                )
        events.sort(key=lambda event: (event.start_s, event.end_s, event.code))
        return CodedFile(tuple(events), tuple(watched), {}, self.warnings)

    def with_events(self, events: Iterable[CodedEvent], coder: str = "") -> ElanFile:
        """The file with these marks more, each in the tier named like its code, or code@subject where a subject is named.

        coder: as in `coded`. A moment lasts one millisecond, because ELAN has no annotation without a length. Comments have no place in the
        format and are told in `warnings`.

        Raises CodingError for a code or subject without a tier, a value that its vocabulary lacks, a tier that takes no times, and marks of
        another clip or coder.
        """
        return _with_events(self, list(events), coder or Path(self.name).stem)


def read_elan(path: str | Path) -> ElanFile:
    """The file at the path. Raises CodingError with every mistake in it."""
    return parse_elan(bytes_of(path, HEADING), Path(path).name)


def parse_elan(content: bytes, name: str) -> ElanFile:
    """The file in the bytes; see `read_elan`."""
    parts = read_parts(content, name)
    found = Mistakes(list(parts.problems))
    if not parts.version.startswith(VERSIONS):
        found.add(
            name,
            parts.version or None,
            "is not a version of the format that is known",
            "Known: 2.x and 3.x. Save it in ELAN 6.",
        )
    if parts.units != "milliseconds":
        found.add(name, parts.units, "is not the unit of ELAN's times", "Save it again with milliseconds.")
    _unique("tier", [tier.id for tier in parts.tiers], name, found)
    _unique("time slot", [slot for slot, _ in parts.slots], name, found)
    _unique("annotation", [each.id for tier in parts.tiers for each in tier.annotations], name, found)
    times = times_of(parts, name, found)
    found.raise_if_any(CodingError, HEADING)
    return ElanFile(name, content, parts, times, tuple(_strangers(parts)))


def _unique(what: str, names: list[str], file: str, found: Mistakes) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            found.add(file, name, f"is the name of two {what}s", WAY_OUT)
        seen.add(name)


def _strangers(parts: Parts) -> Iterable[str]:
    """A sentence for each tier with values that its vocabulary lacks, and one where no film is named."""
    if not any(parts.media):
        yield "The file names no film: its own name stands for the clip. Link the film in ELAN, so that coders' files meet."
    for tier in parts.tiers:
        words = parts.vocabularies.get(parts.kinds.get(tier.kind, ""), [])
        others = sorted({each.value for each in tier.annotations} - set(words)) if words else []
        if others:
            yield f"Tier {tier.id} has values that its vocabulary lacks: {', '.join(others[:5])}{', ...' if others[5:] else ''}."


def _with_events(file: ElanFile, events: list[CodedEvent], coder: str) -> ElanFile:
    found = Mistakes()
    codes = {tier.id.partition("@")[0] for tier in file.parts.tiers}
    events = [event._replace(code=spelled(event.code, codes)) for event in events]
    placed = [(event, _tier_for(file, event, coder, found)) for event in events]
    found.raise_if_any(CodingError, HEADING)
    _apart(file, placed, found)
    found.raise_if_any(CodingError, HEADING)
    more = parse_elan(spliced(file.content, new_lines(file.parts, placed)), file.name)
    comments = sum(bool(event.comment) for event in events)
    if comments:
        told = f"{comments} comment{'s were' if comments > 1 else ' was'} not written: an ELAN file has no place for them. Keep the table."
        more = replace(more, warnings=(*more.warnings, told))
    return more


def _tier_for(file: ElanFile, event: CodedEvent, coder: str, found: Mistakes) -> Tier | None:
    place = event.place or "event"
    named = {tier.id: tier for tier in file.parts.tiers}
    plain = named.get(event.code)
    tier = named.get(f"{event.code}@{event.subject}") if event.subject else plain
    if tier is None and plain is not None and plain.participant == event.subject:
        tier = plain
    if tier is None and event.subject and any(each.partition("@")[0] == event.code for each in named):
        own = ", ".join(each for each in named if each.partition("@")[0] == event.code)
        way_out = f"Make the tier {event.code}@{event.subject} in ELAN (coding-sheet --subjects makes them from the start). There are: {own}."
        found.add(place, event.subject, f"has no tier of {event.code} in {file.name}", way_out)
        return None
    if tier is None:
        found.add(place, event.code, f"has no tier in {file.name}", did_you_mean(event.code, named))
        return None
    way_out = "Give the file of that clip and coder, or say with --coder whose the file is."
    clips = (file.clip,) if any(file.parts.media) else ()
    check_whose(event, clips, tier.annotator or coder, way_out, found)
    if tier.parent or any(each.parent for each in tier.annotations):
        found.add(place, event.code, "is a tier whose annotations belong to others", "Add it in ELAN.")
    if file.parts.order_end_byte < 0:
        found.add(file.name, None, "has no TIME_ORDER", WAY_OUT)
    _check_content(file, event, tier, found)
    return tier


def _check_content(file: ElanFile, event: CodedEvent, tier: Tier, found: Mistakes) -> None:
    place = event.place or "event"
    words = file.parts.vocabularies.get(file.parts.kinds.get(tier.kind, ""), [])
    if words and event.value not in words:
        found.add(place, event.value, f"is not in the vocabulary of tier {tier.id}", did_you_mean(event.value, words))
    if not 0 <= event.start_s <= event.end_s < math.inf:
        found.add(place, event.start_s, "does not begin before it ends", "Give times in seconds.")
    if any(ord(letter) < 32 and letter not in "\t\n\r" for letter in event.value):
        found.add(place, event.value, "has signs that XML cannot hold", "Leave them out.")


def _apart(file: ElanFile, placed: list[tuple[CodedEvent, Tier | None]], found: Mistakes) -> None:
    """No mark overlaps another of its tier: a tier of ELAN has one annotation at a time."""
    taken = {tier.id: [file.times_s[each.id] for each in tier.annotations] for tier in file.parts.tiers}
    for event, tier in placed:
        if tier is None:
            continue
        start_s = round(event.start_s * 1000) / 1000  # as it is written: a moment takes a millisecond
        end_s = max(round(event.end_s * 1000) / 1000, start_s + 0.001)
        other = next((each for each in taken[tier.id] if start_s < each[1] - NEAR_S and each[0] < end_s - NEAR_S), None)
        if other is not None:
            found.add(
                event.place or "event",
                f"{event.code} {event.start_s:g} to {event.end_s:g} s",
                f"overlaps the mark from {other[0]:g} to {other[1]:g} s of tier {tier.id}",
                f"Make a tier of its own in ELAN, such as {event.code}@{event.subject or 'child 1'}.",
            )
        taken[tier.id].append((start_s, end_s))
