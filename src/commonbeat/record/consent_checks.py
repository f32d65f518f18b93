"""What the types of a consent cannot see: permissions that contradict the people they are about, or each other.

Works on plain tables as files give them and steps over whatever has the wrong type, so that these mistakes are found
in the same pass as wrong types and unknown keys.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from commonbeat.errors import Mistakes
from commonbeat.record.consent_slots import MOST_PERMISSIONS, slots_of
from commonbeat.scenario.checks import rows, table, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ASK_OTHERS = "Let a researcher, a resident, the school or another office without weapons ask."


def consent_mistakes(consent: Mapping[str, Any], place: str = "") -> Mistakes:
    """Every mistake that lies between parts of a consent; `place` is where it stands in its record, with a dot."""
    found = Mistakes()
    visible = table(consent.get("visible"))
    if "visible" in consent and not any(whole(visible.get(role)) for role in ("officer", "child", "adult")):
        found.add(f"{place}visible", None, "names nobody", "Say how many officers, children and adults can be seen.")
    if consent.get("nobody_real"):
        found.add(f"{place}nobody_real", None, "is not a key that belongs here", "Everybody visible is asked.")
    _permissions([table(each) for each in rows(consent.get("permissions"))], visible, f"{place}permissions", found)
    return found


def _permissions(
    permissions: Sequence[Mapping[str, Any]], visible: Mapping[str, Any], place: str, found: Mistakes
) -> None:
    """Each permission is sound by itself, and nobody has the same one twice."""
    if sum(len(slots_of(each.get("slot"))) for each in permissions) > MOST_PERMISSIONS:
        found.add(place, None, f"stand for more than {MOST_PERMISSIONS:,} people", "Write every person's once.")
        return
    first: dict[tuple[str, object], str] = {}
    for number, permission in enumerate(permissions, start=1):
        here, slot = f"{place}.{number}", permission.get("slot")
        if not isinstance(slot, str):
            continue
        _person(slot, permission, visible, here, found)
        _dates(permission, here, found)
        before: dict[str, str] = {}  # the first of those people whom an earlier row names, by that row
        for each in slots_of(slot):
            earlier = first.setdefault((each, permission.get("by")), here)
            if earlier != here:
                before.setdefault(earlier, each)
        for earlier, each in before.items():
            found.add(here, each, f"has this permission already, by {earlier}", "Keep the one that holds.")


def _person(slot: str, permission: Mapping[str, Any], visible: Mapping[str, Any], here: str, found: Mistakes) -> None:
    """The slot is one of those visible, and nobody asked or answered who may not."""
    role, number = slot.partition(" ")[0], slot.rpartition(" ")[2]
    count = whole(visible.get(role, 0))
    if number.isdecimal() and role in {"officer", "child", "adult"} and count is not None and int(number) > count:
        found.add(
            f"{here}.slot", slot, f"is not among the {count} visible", f"Raise visible.{role}, or mend the number."
        )
    if role == "child" and permission.get("collected_by") == "officer":
        found.add(f"{here}.collected_by", "officer", "may not collect a child's consent", ASK_OTHERS)
    if role in {"officer", "adult"} and permission.get("by") == "guardian":
        found.add(f"{here}.by", "guardian", f"does not speak for an {role}", "Ask the person.")


def _dates(permission: Mapping[str, Any], here: str, found: Mistakes) -> None:
    given, expires, withdrawn = (day(permission.get(key)) for key in ("given_on", "expires_on", "withdrawn_on"))
    if given and expires and expires < given:
        found.add(f"{here}.expires_on", str(expires), f"lies before given_on, {given}", "Swap them.")
    if given and withdrawn and withdrawn < given:
        found.add(f"{here}.withdrawn_on", str(withdrawn), f"lies before given_on, {given}", "Mend the year.")


def day(value: object) -> date | None:
    """`value` when it is a day, or text that is one; otherwise None."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
