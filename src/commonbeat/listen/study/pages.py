"""The pages that somebody goes through in a wave, in order.

    adults, officers   consent ─┐
    children        permission, assent ─┴─> what is asked before > [arm is drawn] > material > questions, attention check in the middle
                                              > manipulation check > debriefing

Nothing is asked before consent. A child's guardian is asked first, and then the child. The arm is drawn when the page with the material is
about to be shown, so nobody's answers before it can depend on the arm, and nobody who arranges the study can know it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from commonbeat.listen.bank.item import Bank, Item
    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.listen.study.parts import Arm
    from commonbeat.listen.study.words import MaterialKind

PageKind = Literal["consent", "permission", "assent", "questions", "material", "debriefing"]
MATERIAL: Final = "material"
DEBRIEFING: Final = "debriefing"
ROTATED: Final = ("index",)


@dataclass(frozen=True, slots=True)
class Material:
    """What one arm shows: a film's file with its captions, a picture's, their description, or words by language, or all of these."""

    arm: str
    kind: MaterialKind
    clip: str | None
    captions: Mapping[str, str]
    description: Mapping[str, str]
    text: Mapping[str, str]
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: questions of one scale, or material without any question, or consent, or the end.

    identifier: unique in its wave. scale: whose items these are, None on other pages.
    """

    identifier: str
    kind: PageKind
    items: tuple[Item, ...] = ()
    material: Material | None = None
    scale: str | None = None


def pages_of(
    study: StudyDesign,
    bank: Bank,
    wave: str,
    audience: str,
    arm: str | None,
    *,
    number: int | None = None,
    consented: bool = False,
) -> tuple[Page, ...]:
    """The pages of a wave for somebody of an audience, in order.

    Where arms are drawn in this wave and `arm` is None, the pages end before the material: what follows is nobody's to know yet. `number` is the
    participant's, which rotates items if the study asks for it; it changes no identifier. `consented` leaves the pages of consent out.
    KeyError for an unknown wave or arm.
    """
    pages = [] if consented else [Page(kind, kind) for kind in _consent(audience)]
    drawn = draws_arm(study, wave)
    if drawn:
        pages += _asked(study, bank, study.asked_before, audience, number)
        if arm is None:
            return tuple(pages)
        pages.append(Page(MATERIAL, "material", material=material_of(study.arm(arm))))
    questions = _asked(study, bank, study.scales_of(wave), audience, number)
    middle = (len(questions) + 1) // 2
    pages += questions[:middle]
    pages += _check(study, bank, study.attention_of(wave), audience)
    pages += questions[middle:]
    if drawn:
        pages += _check(study, bank, study.checks.manipulation, audience)
    return (*pages, Page(DEBRIEFING, "debriefing"))


def page_count(study: StudyDesign, bank: Bank, wave: str, audience: str, *, consented: bool = False) -> int:
    """How many pages the wave has for an audience, which is the same in every arm."""
    arm = study.arms[0].name if draws_arm(study, wave) else None
    return len(pages_of(study, bank, wave, audience, arm, consented=consented))


def assignment_point(study: StudyDesign, bank: Bank, audience: str) -> str | None:
    """The identifier of the page before which the arm is drawn, "material", after consent and everything asked before; None without arms."""
    _ = bank, audience  # the same for everybody: kept so that a caller need not know that
    return MATERIAL if study.arms else None


def draws_arm(study: StudyDesign, wave: str) -> bool:
    """Whether arms are drawn and shown in that wave: in the first one of a study that has any."""
    return bool(study.arms) and wave == study.waves[0].name


def material_of(arm: Arm) -> Material:
    """What the arm shows."""
    return Material(arm.name, arm.kind, arm.clip, arm.captions, arm.description, arm.text, arm.picture)


def _consent(audience: str) -> Iterable[Literal["consent", "permission", "assent"]]:
    return ("permission", "assent") if audience == "child" else ("consent",)


def _asked(study: StudyDesign, bank: Bank, scales: Iterable[str], audience: str, number: int | None) -> list[Page]:
    """The pages of these scales with the items that the audience is asked; a long scale is cut into even parts."""
    pages = []
    for name in scales:
        scale = bank.scale(name)
        items = tuple(item for item in scale.items if audience in item.audience)
        if study.rotate_items and number is not None and scale.kind in ROTATED:
            items = _rotated(items, study.seed, name, number)
        parts = -(-len(items) // study.items_per_page)
        ends = [part * len(items) // parts for part in range(parts + 1)] if parts else []
        for ordinal, (start, end) in enumerate(pairwise(ends), start=1):
            identifier = name if ordinal == 1 else f"{name}-{ordinal}"
            pages.append(Page(identifier, "questions", items[start:end], scale=name))
    return pages


def _check(study: StudyDesign, bank: Bank, name: str | None, audience: str) -> list[Page]:
    return _asked(study, bank, (name,), audience, None) if name else []


def _rotated(items: tuple[Item, ...], seed: int, scale: str, number: int) -> tuple[Item, ...]:
    """The items beginning at another one for each participant, and always at the same one for the same."""
    if not items:
        return items
    bits = hashlib.sha256(f"order of items|{seed}|{scale}|{number}".encode()).digest()
    start = int.from_bytes(bits[:8], "big") % len(items)
    return items[start:] + items[:start]
