"""What a sound study may still do better: said to whoever makes it, and no reason to refuse it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from commonbeat.listen.study.calendar import wave_days
from commonbeat.listen.study.length import minutes_of
from commonbeat.record.places import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.listen.bank.item import Bank, Scale
    from commonbeat.listen.study.model import StudyDesign

LONGEST_MINUTES: Final = {"adult": 15, "officer": 15, "child": 5}
MADE_UP: Final = "(made up)"
NOBODYS: Final = re.compile(r"\.example\b|\b555[ -]?01\d\d\b")
WHO: Final = {"adult": "adults", "child": "children", "officer": "officers"}


def study_cautions(study: StudyDesign, bank: Bank) -> tuple[str, ...]:
    """One sentence for each thing to think about before the study opens, empty where there is none."""
    return (
        *_invented(study),
        *_length(study, bank),
        *_later_whether_they_did(study, bank),
        *_stops_beside_trust(study, bank),
        *_checks(study),
        *_captions(study),
        *_waves(study),
    )


def _invented(study: StudyDesign) -> Iterator[str]:
    """An example that real people answer would say of their answers that nobody gave them; and real people need somebody who is there."""
    if study.invented:
        yield (
            "The study is marked as an invented example: its report would say that nothing was measured. "
            "Take the line `invented = true` out before real people are asked."
        )
        return
    made_up = [place for place, value in leaves(study.model_dump()) if isinstance(value, str) and MADE_UP in value]
    if made_up:
        yield f"Still as in the invented example, and said to be made up: {', '.join(made_up)}. Put in what is so."
    if NOBODYS.search(study.contact):
        yield f"Nobody is reached by the contact, {study.contact}: such addresses and numbers are kept for examples (RFC 2606; 555-0100 to 555-0199)."


def _length(study: StudyDesign, bank: Bank) -> Iterator[str]:
    for who in study.audience:
        for wave in study.wave_names:
            minutes, longest = minutes_of(study, bank, who, wave), LONGEST_MINUTES[who]
            if minutes > longest:
                yield f"Wave {wave} takes {WHO[who]} about {minutes:.0f} minutes, above {longest}: fewer will finish it. Ask less."


def _asked(study: StudyDesign, bank: Bank, wave: str, *, before: bool) -> list[Scale]:
    names = [*(study.asked_before if before else ()), *study.scales_of(wave)]
    return [bank.scale(name) for name in names]


def _later_whether_they_did(study: StudyDesign, bank: Bank) -> Iterator[str]:
    """How many encounters one encounter causes (R_e) is learnt from what people did later, never from what they meant to do."""
    asked = {wave: _asked(study, bank, wave, before=False) for wave in study.wave_names}
    meant = [
        number
        for number, scales in enumerate(asked.values())
        if any(each.construct == "engagement" and each.kind != "behaviour" for each in scales)
    ]
    done = [
        number
        for number, scales in enumerate(asked.values())
        if any(each.construct == "engagement" and each.kind == "behaviour" for each in scales)
    ]
    if meant and not any(number > meant[0] for number in done):
        yield (
            "Willingness is asked and no later wave asks whether they did: encounters that cause encounters stay unknown. "
            'Add the scale "engaged" to a later wave.'
        )


def _stops_beside_trust(study: StudyDesign, bank: Bank) -> Iterator[str]:
    """Enforcement stands beside every figure of trust."""
    scales = [each for wave in study.wave_names for each in _asked(study, bank, wave, before=True)]
    trusted = any(each.outcome == "trust" and "adult" in each.audience for each in scales)
    if "adult" in study.audience and trusted and not any(each.construct == "contact with police" for each in scales):
        yield 'Trust is asked and recent stops are not: add "recent_contact", so that a figure of trust has them beside it.'


def _checks(study: StudyDesign) -> Iterator[str]:
    if not study.arms:
        return
    if study.checks.attention is None:
        yield "No attention check is asked: who did not read cannot be told from who was not moved."
    if study.checks.manipulation is None:
        yield "No manipulation check is asked: whether people took in what they were shown stays unknown."
    if not study.asked_before:
        yield "Nothing is asked before arms are drawn: they are drawn in one stratum, and no answer from before can sharpen the comparison."


def _captions(study: StudyDesign) -> Iterator[str]:
    without = [arm.name for arm in study.arms if arm.clip and not arm.captions]
    if without:
        yield f"Films without captions: {', '.join(without)}. Whoever cannot hear misses what is said; leave them out only where nothing is."


def _waves(study: StudyDesign) -> Iterator[str]:
    if len(study.waves) > 1 and not study.contact_data:
        yield "People are asked more than once and leave no way to reach them: they come back only if they kept their link."
    if len(study.waves) == 1 and study.contact_data:
        yield "People are asked once and may still leave a way to reach them: ask for it only where it is needed."
    days = {each.wave: each for each in wave_days(study, study.starts_on)}
    for wave in study.waves:
        span = days.get(wave.name)
        if span and (span.closes_on - span.opens_on).days + 1 < wave.window_days:
            yield f"Wave {wave.name} is cut short by closes_on, {study.closes_on}."
    last = max(wave.day for wave in study.waves)
    if study.design == "viewers" and last > 0:
        yield f"Whoever begins after {study.closes_on - timedelta(days=last)} cannot answer the last wave: stop inviting then."
