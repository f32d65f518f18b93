"""An ELAN file: read with every mistake told, and written back with nothing lost.

The file's bytes are the document. What is added is put into them at its place, so that comments, properties, lexicons, other tiers and the order of
attributes stay as ELAN, or whoever else, wrote them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

from commonbeat.errors import CodingError, Mistakes, did_you_mean
from commonbeat.record.coding.bytes_of import bytes_of
from commonbeat.record.coding.elan_reading import HEADING, WAY_OUT, Parts, Tier, read_parts
from commonbeat.record.coding.elan_times import times_of
from commonbeat.record.coding.event import CodedEvent, CodedFile, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSIONS: Final = ("2.", "3.")
NUMBER: Final = re.compile(r"(?<!\d)\d{1,15}$")


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
                place = f"{self.name}, line {each.line}"
                code, who = tier.id.partition("@")[0], tier.participant or tier.id.partition("@")[2]
                events.append(
                    CodedEvent(
                        self.clip, tier.annotator or coder, code, start_s, end_s, who, each.value.strip(), "", place
                    )
                )
        events.sort(key=lambda event: (event.start_s, event.end_s, event.code))
        return CodedFile(tuple(events), tuple(watched), {}, self.warnings)

    def with_events(self, events: Iterable[CodedEvent]) -> ElanFile:
        """The file with these marks more, each in the tier named like its code (and @subject, where such a tier is there).

        Raises CodingError for a code without a tier, a value that its vocabulary lacks, or a tier that takes no times.
        """
        return _with_events(self, list(events))


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


def _with_events(file: ElanFile, events: list[CodedEvent]) -> ElanFile:
    found = Mistakes()
    codes = {tier.id.partition("@")[0] for tier in file.parts.tiers}
    events = [event._replace(code=spelled(event.code, codes)) for event in events]
    placed = [(event, _tier_for(file, event, found)) for event in events]
    found.raise_if_any(CodingError, HEADING)
    _apart(file, placed, found)
    found.raise_if_any(CodingError, HEADING)
    slot = _next_number(slot for slot, _ in file.parts.slots)
    number = _next_number(each.id for tier in file.parts.tiers for each in tier.annotations)
    inserted: dict[tuple[int, bool, str], list[str]] = {}
    order = (file.parts.order_end_byte, file.parts.order_closed, "TIME_ORDER")
    for event, tier in placed:
        if tier is None:
            continue
        refs = (f"ts{slot}", f"ts{slot + 1}")
        for ref, time_s in zip(refs, (event.start_s, event.end_s), strict=True):
            line = f'<TIME_SLOT TIME_SLOT_ID="{ref}" TIME_VALUE="{round(time_s * 1000)}"/>'
            inserted.setdefault(order, []).append(line)
        inserted.setdefault((tier.end_byte, tier.closed, "TIER"), []).append(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID={quoteattr(f"a{number}")} TIME_SLOT_REF1="{refs[0]}" '
            f'TIME_SLOT_REF2="{refs[1]}"><ANNOTATION_VALUE>{escape(event.value)}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>'
        )
        slot, number = slot + 2, number + 1
    return parse_elan(_spliced(file.content, inserted), file.name)


def _tier_for(file: ElanFile, event: CodedEvent, found: Mistakes) -> Tier | None:
    place = event.place or "event"
    named = {tier.id: tier for tier in file.parts.tiers}
    tier = named.get(f"{event.code}@{event.subject}") or named.get(event.code)
    if tier is None:
        found.add(place, event.code, f"has no tier in {file.name}", did_you_mean(event.code, named))
        return None
    if tier.parent or any(each.parent for each in tier.annotations):
        found.add(place, event.code, "is a tier whose annotations belong to others", "Add it in ELAN.")
    if file.parts.order_end_byte < 0:
        found.add(file.name, None, "has no TIME_ORDER", WAY_OUT)
    words = file.parts.vocabularies.get(file.parts.kinds.get(tier.kind, ""), [])
    if words and event.value not in words:
        found.add(place, event.value, f"is not in the vocabulary of tier {tier.id}", did_you_mean(event.value, words))
    if not 0 <= event.start_s <= event.end_s < math.inf:
        found.add(place, event.start_s, "does not begin before it ends", "Give times in seconds.")
    if any(ord(letter) < 32 and letter not in "\t\n\r" for letter in event.value):
        found.add(place, event.value, "has signs that XML cannot hold", "Leave them out.")
    return tier


def _apart(file: ElanFile, placed: list[tuple[CodedEvent, Tier | None]], found: Mistakes) -> None:
    """No mark overlaps another of its tier: a tier of ELAN has one annotation at a time."""
    taken = {tier.id: [file.times_s[each.id] for each in tier.annotations] for tier in file.parts.tiers}
    for event, tier in placed:
        if tier is None:
            continue
        other = next((each for each in taken[tier.id] if event.start_s < each[1] and each[0] < event.end_s), None)
        if other is not None:
            found.add(
                event.place or "event",
                f"{event.code} {event.start_s:g} to {event.end_s:g} s",
                f"overlaps the mark from {other[0]:g} to {other[1]:g} s of tier {tier.id}",
                f"Make a tier of its own in ELAN, such as {event.code}@{event.subject or 'child 1'}.",
            )
        taken[tier.id].append((event.start_s, event.end_s))


def _next_number(names: Iterable[str]) -> int:
    """One above the largest number at the end of a name."""
    ends = (NUMBER.search(name) for name in names)
    return max((int(each.group()) for each in ends if each), default=0) + 1


def _spliced(content: bytes, inserted: dict[tuple[int, bool, str], list[str]]) -> bytes:
    """The bytes with the lines put before the end tags at these places; an empty tag is opened first."""
    for (place, closed, tag), lines in sorted(inserted.items(), reverse=True):
        text = "".join(lines).encode()
        if closed:
            content = content[:place] + text + content[place:]
        else:
            end = _tag_end(content, place)
            content = content[: end - 2] + b">" + text + f"</{tag}>".encode() + content[end:]
    return content


def _tag_end(content: bytes, place: int) -> int:
    """The byte after the tag that begins at `place`; signs within quotes do not end it."""
    quote = b""
    for index in range(place, len(content)):
        sign = content[index : index + 1]
        if quote:
            quote = b"" if sign == quote else quote
        elif sign in (b'"', b"'"):
            quote = sign
        elif sign == b">":
            return index + 1
    return len(content)
