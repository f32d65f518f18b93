"""How long a study takes somebody, in minutes: told before consent, and a reason to ask less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from commonbeat.listen.study.pages import draws_arm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.listen.bank.item import Bank, Scale
    from commonbeat.listen.study.model import StudyDesign

WORDS_A_MINUTE: Final = 200  # below the 238 of adults reading silently (Brysbaert 2019, doi 10.1016/j.jml.2019.104047)
CONSENT_MINUTES: Final = 1.0  # the fixed sentences of the page of consent; a guardian and a child read one each
CLIP_MINUTES: Final = 1.0  # assumed: the film's length is not known before it is there


def minutes_of(study: StudyDesign, bank: Bank, audience: str, wave: str | None = None) -> float:
    """Minutes that a wave takes somebody of an audience, or the longest wave where none is named; an estimate.

    The bank's own minutes for each scale, in proportion to the items that the audience is asked; reading at 200 words a minute;
    one minute for the page of consent, and one for a film. The longest arm counts.
    """
    if wave is None:
        return max(minutes_of(study, bank, audience, each) for each in study.wave_names)
    first = wave == study.waves[0].name
    attention, manipulation = study.attention_of(wave), study.checks.manipulation
    names = [*study.scales_of(wave), *([attention] if attention else [])]
    minutes = _reading(study.debriefing_for_children if audience == "child" else study.debriefing)
    if first:
        minutes += CONSENT_MINUTES * (2 if audience == "child" else 1) + _reading(study.purpose)
    if draws_arm(study, wave):
        names += [*study.asked_before, *([manipulation] if manipulation else [])]
        minutes += max(_reading(arm.text) + (0.0 if arm.kind == "text" else CLIP_MINUTES) for arm in study.arms)
    return minutes + sum(_asking(bank.scale(name), audience) for name in names)


def whole_minutes(minutes: float) -> int:
    """The minutes as people are told them: rounded up, at least 1."""
    return max(1, int(-(-minutes // 1)))


def _asking(scale: Scale, audience: str) -> float:
    asked = sum(audience in item.audience for item in scale.items)
    return scale.minutes * asked / len(scale.items) if scale.items else 0.0


def _reading(texts: Mapping[str, str]) -> float:
    return max((len(text.split()) for text in texts.values()), default=0) / WORDS_A_MINUTE
