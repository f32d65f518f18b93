"""The rows of consent on the form: one for everybody visible, those of many who may be parted together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from commonbeat.record.consent_slots import slots_of
from commonbeat.record.words import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.web.filling.sent import Sent

PLACE: Final = "consent.permissions"
ANSWERS: Final = ("scope", "collected_by", "given_on", "expires_on", "withdrawn_on")
TOGETHER: Final = 8  # people of a role: more stand in one row, which a team may part
MOST_VISIBLE: Final = 1000


def is_blank(sent: Sent, number: int) -> bool:
    """Whether nobody was asked in that row."""
    return not any(sent.texts(f"{PLACE}.{number}.{name}") for name in ANSWERS)


def filled(sent: Sent) -> tuple[int, ...]:
    """The numbers of the rows in which somebody was asked."""
    return tuple(number for number in sent.numbers(PLACE) if not is_blank(sent, number))


def with_people_visible(sent: Sent) -> Sent:
    """Who took part counts as visible, where nobody said yet who is."""
    if any(sent.text(f"consent.visible.{role}") for role in ROLES):
        return sent
    counts = dict.fromkeys(ROLES, 0)
    for number in sent.numbers("people"):
        role, count = sent.text(f"people.{number}.role"), sent.text(f"people.{number}.count")
        if role in counts and sent.text(f"people.{number}.part") == "took part" and _is_count(count):
            counts[role] += int(count)
    return sent.with_values({f"consent.visible.{role}": (str(count),) for role, count in counts.items() if count})


def laid_out(sent: Sent) -> Sent:
    """Everybody visible has a row, for a child two; empty rows of people who are not visible are gone."""
    kept = filled(sent)
    empty = [f"{PLACE}.{number}." for number in sent.numbers(PLACE) if number not in kept]
    asked = {(slot, sent.text(f"{PLACE}.{n}.by")) for n in kept for slot in slots_of(sent.text(f"{PLACE}.{n}.slot"))}
    number = max(kept, default=0)
    more: dict[str, tuple[str, ...]] = {}
    for slot, by in _missing(sent, asked):
        number += 1
        more |= {f"{PLACE}.{number}.slot": (slot,), f"{PLACE}.{number}.by": (by,)}
    return sent.without(empty).with_values(more)


def _missing(sent: Sent, asked: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(slot, by) of every row that is still to be there, person by person: the guardian of a child before the child."""
    for role in ROLES:
        written = sent.text(f"consent.visible.{role}")
        count = min(int(written), MOST_VISIBLE) if _is_count(written) else 0
        rows: list[tuple[int, int, str]] = []
        for by in ("guardian", "self") if role == "child" else ("self",):
            left = [number for number in range(1, count + 1) if (f"{role} {number}", by) not in asked]
            together = _runs(left) if len(left) > TOGETHER else ((each, each) for each in left)
            rows += [(first, last, by) for first, last in together]
        for first, last, by in sorted(rows, key=lambda row: row[0]):
            yield (f"{role} {first}" if first == last else f"{role} {first} to {last}"), by


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of every run of numbers without a gap."""
    first = 0
    for place, number in enumerate(numbers):
        if place + 1 == len(numbers) or numbers[place + 1] != number + 1:
            yield numbers[first], number
            first = place + 1


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 6
