"""Marks as lines of an ELAN file, put into its bytes at their places.

An annotation without a length is none to ELAN, so a moment lasts one millisecond. New time slots follow the old ones; where the last old one has no time,
which makes it lie where its last timed neighbour does, a slot at that neighbour's time stands between, so that it stays there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from commonbeat.record.coding.elan_reading import Parts, Tier
    from commonbeat.record.coding.event import CodedEvent

NUMBER: Final = re.compile(r"(?<!\d)\d{1,15}$")
Inserted = dict[tuple[int, bool, str], list[str]]


def new_lines(parts: Parts, placed: Sequence[tuple[CodedEvent, Tier | None]]) -> Inserted:
    """The lines of time slots and annotations, by the place in the bytes before which they belong."""
    slot = _next_number(slot for slot, _ in parts.slots)
    number = _next_number(each.id for tier in parts.tiers for each in tier.annotations)
    slots: list[str] = []
    inserted: Inserted = {(parts.order_end_byte, parts.order_closed, "TIME_ORDER"): slots}
    if placed and parts.slots and parts.slots[-1][1] is None:
        known = [value for _, value in parts.slots if value is not None]
        slots.append(_slot(slot, known[-1] if known else 0))
        slot += 1
    for event, tier in placed:
        if tier is None:
            continue
        start = round(event.start_s * 1000)
        end = max(round(event.end_s * 1000), start + 1)
        slots += [_slot(slot, start), _slot(slot + 1, end)]
        inserted.setdefault((tier.end_byte, tier.closed, "TIER"), []).append(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID={quoteattr(f"a{number}")} TIME_SLOT_REF1="ts{slot}" '
            f'TIME_SLOT_REF2="ts{slot + 1}"><ANNOTATION_VALUE>{escape(event.value)}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>'
        )
        slot, number = slot + 2, number + 1
    return inserted if slots else {}


def _slot(number: int, milliseconds: int) -> str:
    return f'<TIME_SLOT TIME_SLOT_ID="ts{number}" TIME_VALUE="{milliseconds}"/>'


def _next_number(names: Iterable[str]) -> int:
    """One above the largest number at the end of a name."""
    ends = (NUMBER.search(name) for name in names)
    return max((int(each.group()) for each in ends if each), default=0) + 1


def spliced(content: bytes, inserted: Inserted) -> bytes:
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
