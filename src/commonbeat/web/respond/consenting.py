"""The words of the three pages on which somebody decides: consent, a guardian's permission, a child's assent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

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
    paragraphs, points, after = {"consent": _consent, "permission": _permission, "assent": _assent}[kind](
        study, bank, wording, facts
    )
    return Decision(
        step=wording.page(f"{kind}_step"),
        heading=wording.page(f"{kind}_heading"),
        paragraphs=tuple(paragraphs),
        points=tuple(points),
        after=after,
        agree=wording.page(f"{kind}_agree"),
        refuse=wording.page(f"{kind}_refuse"),
    )


def _facts(study: StudyDesign, bank: Bank, wording: Wording, today: dt.date) -> dict[str, str]:
    """What the sentences are filled with."""
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
    }


def _consent(
    study: StudyDesign, bank: Bank, wording: Wording, facts: dict[str, str]
) -> tuple[list[str], list[str], str]:
    def say(key: str, *names: str) -> str:
        return wording.page(key, **{name: facts[name] for name in names})

    paragraphs = [say("consent_about", "organisation", "title"), *_lines(study.purpose[wording.language])]
    paragraphs.append(say("consent_minutes", "minutes"))
    if facts["dates"]:
        paragraphs.append(say("consent_again", "dates"))
    points = [say("consent_voluntary"), say("consent_skip")]
    points += [say("consent_sensitive")] if _asks_sensitive(study, bank, wording.audience) else []
    points += [say("consent_lot")] if study.arms else []
    points += [say("consent_kept", "organisation", "date"), say("consent_shown")]
    points += [say("consent_contact_data")] if study.contact_data else []
    points += [say("consent_withdraw", "date")]
    compensation = study.compensation.get(wording.language)
    points += [wording.page("consent_compensation", compensation=compensation)] if compensation else []
    return paragraphs, [*points, say("consent_contact", "contact")], ""


def _permission(
    study: StudyDesign, bank: Bank, wording: Wording, facts: dict[str, str]
) -> tuple[list[str], list[str], str]:
    def say(key: str, *names: str) -> str:
        return wording.page(key, **{name: facts[name] for name in names})

    paragraphs = [say("permission_about", "organisation", "title"), *_lines(study.purpose[wording.language])]
    paragraphs += [say("permission_asked"), say("permission_minutes", "minutes")]
    points = [say("permission_voluntary"), say("permission_kept", "organisation", "date")]
    points += [say("permission_safeguard", "organisation"), say("permission_withdraw", "date")]
    return paragraphs, [*points, say("permission_contact", "contact")], say("permission_next")


def _assent(
    study: StudyDesign, bank: Bank, wording: Wording, facts: dict[str, str]
) -> tuple[list[str], list[str], str]:
    points = ("assent_voluntary", "assent_skip", "assent_right", "assent_name", "assent_ask")
    return [wording.page("assent_about")], [wording.page(each) for each in points], ""


def _asks_sensitive(study: StudyDesign, bank: Bank, audience: str) -> bool:
    """Whether somebody of that audience meets a question about groups, about being stopped, or about who they are."""
    names = {name for wave in study.wave_names for name in study.scales_of(wave)} | set(study.asked_before)
    return any(item.sensitive and audience in item.audience for name in names for item in bank.scale(name).items)


def _lines(text: str) -> Iterator[str]:
    """The paragraphs of a text of the study's file."""
    return (line.strip() for line in text.split("\n") if line.strip())
