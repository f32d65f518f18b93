"""What somebody sees next: the template and its values, from where they stand in the study."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from commonbeat.web.respond.consenting import KINDS, decision, lines
from commonbeat.web.respond.questions import questions_of, to_mend

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from commonbeat.errors import AnswerError
    from commonbeat.listen.bank.item import Bank
    from commonbeat.listen.bank.wording import Wording
    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.listen.study.pages import Material, Page

KEY_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is made from: the study, its items, and the language and audience in which somebody reads it."""

    study: StudyDesign
    bank: Bank
    wording: Wording
    today: dt.date


@dataclass(frozen=True, slots=True)
class Screen:
    """One template below respond/parts, its heading for the browser's title, and what it shows."""

    part: str
    heading: str
    page: Mapping[str, Any] = field(default_factory=dict)


def page_screen(
    asked: Asked,
    wave: str,
    page: Page,
    *,
    base: str,
    given: Mapping[str, str] | None = None,
    refused: AnswerError | None = None,
    code: str = "",
    next_on: dt.date | None = None,
    address: str = "",
) -> Screen:
    """The screen of a page of the study. base: the address that its form and its film belong to.

    given, refused: what was sent and why it was not taken. code: for withdrawing, shown at the end, with the
    address where it is typed in. next_on: when the next wave opens.
    """
    hidden = {
        "key": secrets.token_urlsafe(KEY_BYTES),
        "doing": "consent" if page.kind in KINDS else "answers",
        "wave": wave,
        "identifier": page.identifier,
        "kind": page.kind,
        "mistakes": (),
    }
    if page.kind in KINDS:
        words = decision(page.kind, asked.study, asked.bank, asked.wording, asked.today)
        return Screen("consent", words.heading, {**hidden, "words": words})
    if page.kind == "material":
        return Screen(
            "material", asked.wording.page("material_heading"), {**hidden, **_material(page.material, asked, base)}
        )
    if page.kind == "debriefing":
        return Screen(
            "debriefing", asked.wording.page("thanks_heading"), {**hidden, **_ending(asked, code, next_on, address)}
        )
    questions = questions_of(page, asked.wording, given or {}, refused)
    shown = {"lead": asked.wording.scale_lead(page.scale or ""), "questions": questions, "mistakes": to_mend(questions)}
    return Screen("questions", asked.wording.page("questions_heading"), {**hidden, **shown})


def said_screen(wording: Wording, key: str, *, onward: str = "", **names: str) -> Screen:
    """A screen that says one thing, such as that a study is closed. key: of the sentence. onward: where a link leads."""
    heading = wording.page(f"{key}_heading")
    shown = {
        "heading": heading,
        "paragraphs": [wording.page(key, **names)],
        "onward": onward,
        "onward_words": wording.page("go_on"),
    }
    return Screen("said", heading, shown)


def _material(material: Material | None, asked: Asked, base: str) -> dict[str, Any]:
    """What the arm shows. The film's address names no file: it is whatever this person is to see now."""
    language = asked.wording.language
    film = bool(material and material.clip)
    return {
        "lead": asked.wording.page("material_watch" if film else "material_read"),
        "film": f"{base}/material" if film else "",
        "picture": f"{base}/picture" if material and material.picture else "",
        "captions": f"{base}/captions" if material and film and language in material.captions else "",
        "description": lines(material.description.get(language, "")) if material else [],
        "paragraphs": lines(material.text.get(language, "")) if material else [],
    }


def _debriefing(asked: Asked) -> list[str]:
    """What the study's file tells at the end. What it tells adults is not for children: they have words of their own, or a plain sentence."""
    study, language = asked.study, asked.wording.language
    told = lines(study.debriefing.get(language, ""))
    if asked.wording.audience != "child":
        return told
    theirs = lines(study.debriefing_for_children.get(language, ""))
    return theirs or ([asked.wording.page("debriefing_for_children")] if told else [])


def _ending(asked: Asked, code: str, next_on: dt.date | None, address: str) -> dict[str, Any]:
    """Thanks, what it was about, the code, and when somebody is asked again."""
    study, say = asked.study, asked.wording.page
    told = _debriefing(asked)
    if told:
        told += [say("debriefing_lot")] if study.arms else []
        told += [say("debriefing_invented")] if study.invented and study.arms else []
        told += [say("debriefing_unknown")]
    return {
        "code": code,
        "code_where": say("code_where", address=address, contact=study.contact, date=study.kept_until.isoformat()),
        "contact": study.contact_data and bool(code),
        "paragraphs": told,
        "help": say("debriefing_help", contact=study.contact),
        "again": say("debriefing_again", date=next_on.isoformat()) if next_on else "",
        "button": say("finish"),
    }
