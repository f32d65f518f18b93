"""Smiles of children are a face measure: whoever codes them needs consent that names that scope, and is told so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.errors import ConsentError, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.record.coding.event import CodedEvent
    from commonbeat.record.coding.ratings import Cell

SMILING, CHILD, SCOPE = "smiling", ("child", "children"), "face measures"


def check_smiles(events: Iterable[CodedEvent], cells: Iterable[Cell], consent: str | Path | None) -> list[str]:
    """What to say of the children's smiles that were coded; nothing where there are none.

    consent: a file of consent, which every visible child and their guardians must have given for face measures by name; left out, only a note says
    what is needed. Raises ConsentError.
    """
    marked = sum(each.code.casefold() == SMILING and _of_child(each.subject, each.value) for each in events)
    judged = sum(each.code == SMILING and _of_child(each.group, each.value) for each in cells)
    agreed = None if consent is None else Path(consent)
    if agreed is not None:
        from commonbeat.record import load_consent
        from commonbeat.workflows.record_store import today

        known = load_consent(agreed)
        refusals = [each for each in known.refusals(SCOPE, today()) if each.place.startswith("child ")]
        if not known.covers_children:
            refusals = [
                Mistake("visible.child", 0, "are the children in this consent", "Is it the consent for this clip?")
            ]
        if refusals and marked + judged:
            heading = f"Consent {known.identifier} does not allow that children's smiles are coded (it needs '{SCOPE}' by name):"
            raise ConsentError(heading, refusals)
        return []
    if not marked + judged:
        return []
    told = (
        f"Smiling of children is coded ({marked + judged} times). It is a face measure: every child and their guardians must have agreed to '{SCOPE}' by "
        "name. --consent FILE checks that they did."
    )
    return [told]


def _of_child(subject: str, value: str) -> bool:
    role = subject.rstrip("0123456789").strip().casefold()
    return role in CHILD or value.strip().casefold() in CHILD
