"""The words of the three pages on which somebody decides: consent, a guardian's permission, a child's assent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

    from commonbeat.listen.bank.item import Bank
    from commonbeat.listen.bank.wording import Wording
    from commonbeat.listen.study.model import StudyDesign

KINDS: Final = ("consent", "permission", "assent")


@dataclass(frozen=True, slots=True)
class Decision:
    """What stands on the page. step: whose turn it is. points: what holds whatever is decided. after: what comes next."""

    step: str
    heading: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...]
    after: str
    agree: str
    refuse: str


def decision(kind: str, study: StudyDesign, bank: Bank, wording: Wording, today: dt.date) -> Decision:
    """The page of that kind in the wording's language; all that it says follows from the study's file."""
    facts = _facts(study, bank, wording, today)

    def say(*keys: str) -> tuple[str, ...]:
        return tuple(wording.page(key, **facts) for key in keys)

    about, purpose = say(f"{kind}_about"), tuple(lines(study.purpose[wording.language]))
    if kind == "permission":
        about += purpose + say("permission_asked", "permission_minutes")
    elif kind == "consent":
        about += purpose + say("consent_minutes", *(("consent_again",) if facts["dates"] else ()))
    return Decision(
        step=wording.page(f"{kind}_step"),
        heading=wording.page(f"{kind}_heading"),
        paragraphs=about,
        points=say(*_points(kind, study, bank, wording)),
        after=wording.page("permission_next") if kind == "permission" else "",
        agree=wording.page(f"{kind}_agree"),
        refuse=wording.page(f"{kind}_refuse"),
    )


def lines(text: str) -> list[str]:
    """The paragraphs of a text of the study's file."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def _points(kind: str, study: StudyDesign, bank: Bank, wording: Wording) -> list[str]:
    """The sentences that hold whatever is decided, as far as this study needs them."""
    if kind == "assent":
        return ["assent_voluntary", "assent_skip", "assent_right", "assent_name", "assent_ask"]
    if kind == "permission":
        names = ("voluntary", "kept", "safeguard", "withdraw", "contact")
        return [f"permission_{name}" for name in names]
    wanted = {
        "voluntary": True,
        "skip": True,
        "sensitive": _asks_sensitive(study, bank, wording.audience),
        "lot": bool(study.arms),
        "kept": True,
        "shown": True,
        "contact_data": study.contact_data,
        "withdraw": True,
        "compensation": wording.language in study.compensation,
        "contact": True,
    }
    return [f"consent_{name}" for name, holds in wanted.items() if holds]


def _facts(study: StudyDesign, bank: Bank, wording: Wording, today: dt.date) -> dict[str, str]:
    """What the sentences are filled with; each takes what it names."""
    from commonbeat.listen.study.calendar import wave_days
    from commonbeat.listen.study.length import minutes_of, whole_minutes

    later = [each.opens_on.isoformat() for each in wave_days(study, today) if each.opens_on > today]
    return {
        "organisation": study.organisation,
        "title": study.title[wording.language],
        "minutes": str(whole_minutes(minutes_of(study, bank, wording.audience))),
        "dates": ", ".join(later),
        "date": study.kept_until.isoformat(),
        "contact": study.contact,
        "compensation": study.compensation.get(wording.language, ""),
    }


def _asks_sensitive(study: StudyDesign, bank: Bank, audience: str) -> bool:
    """Whether somebody of that audience meets a question about groups, about being stopped, or about who they are."""
    names = {name for wave in study.wave_names for name in study.scales_of(wave)} | set(study.asked_before)
    return any(item.sensitive and audience in item.audience for name in names for item in bank.scale(name).items)
