"""One step of the form of a study as a page: its questions, its mistakes, and on the last one what the study would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commonbeat.web.filling.field import identifier_of
from commonbeat.web.listen.arms import files_of_arms
from commonbeat.web.listen.bank_shown import minutes_chosen, scales_shown
from commonbeat.web.listen.form import document_of, is_of_viewers, judge
from commonbeat.web.listen.questions import bank_for, elsewhere_than, questions_of, step_of
from commonbeat.web.listen.saying import sayings
from commonbeat.web.listen.unfinished import study_in
from commonbeat.web.listen.uploading import studies_of
from commonbeat.web.listen.words import LAST, MEANINGS, SCALES, SHOWN, STEPS
from commonbeat.web.pages import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.errors import InputError
    from commonbeat.listen.bank.item import Bank
    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.web.filling.sent import Sent
    from commonbeat.web.listen.arms import FilesTaken


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why what a button asked for was not done: because of the form's own mistakes, or of this error. text: the study's text as it was sent."""

    error: InputError | None = None
    text: str | None = None


def show_step(request: Request, form: str, number: int, taken: FilesTaken, refusal: Refusal | None = None) -> Response:
    """The page of a step. taken: the form, with what became of files that came with it."""
    sent, studies = taken.sent, studies_of(request)
    bank = bank_for(sent, studies)
    judged = judge(sent, studies) if sent.text("asked") or number == LAST else None
    mistakes = judged.mistakes if judged else ()
    parts = questions_of(number, sent, mistakes, bank, _encounters(request), studies)
    away = elsewhere_than(number, parts, mistakes)
    values: dict[str, Any] = {
        "form": form,
        "changes": study_in(form),
        "steps": STEPS,
        "number": number,
        "last": LAST,
        "parts": parts,
        "files": files_of_arms(taken, studies) if number == SHOWN else {},
        "languages": sent.texts("languages"),
        "with_arms": is_of_viewers(sent),
        "meanings": MEANINGS,
        **(_scales(sent, bank) if number == SCALES else {}),
        "here": [each for each in mistakes if each not in away],
        "elsewhere": [(each, step_of(each)) for each in away],
        "mistakes": mistakes,
        "wrong_steps": {step_of(each) for each in mistakes},
        "identifier_of": identifier_of,
        "study": _looked_over(judged.study) if judged and judged.study and number == LAST else None,
        "refused": refusal.error if refusal else None,
        **sayings(bank),
    }
    if number == LAST:
        values["text"] = (
            _text_of(judged.study if judged else None, sent) if not refusal or refusal.text is None else refusal.text
        )
    wrong = refusal is not None or bool(taken.mistakes)
    return page(request, "listen/form.html.j2", status=400 if wrong else 200, **values)


def _scales(sent: Sent, bank: Bank) -> dict[str, Any]:
    """The scales of the study, and of each time that people are asked where there are several."""
    language, audience = (sent.texts("languages") or ("en",))[0], sent.texts("audience")
    waves = sent.numbers("waves") if len(sent.numbers("waves")) > 1 else ()
    return {
        "scales": scales_shown(bank, sent.texts("scales"), audience, language),
        "chosen_minutes": minutes_chosen(bank, sent.texts("scales")),
        "waves": [
            (number, place, sent.text(f"waves.{number}.name"), own, scales_shown(bank, own, audience, language))
            for place, number in enumerate(waves, 1)
            for own in [sent.texts(f"waves.{number}.scales")]
        ],
    }


def _looked_over(study: StudyDesign) -> dict[str, Any]:
    """What the last step tells: how long it takes whom, what is missing before it opens, what it may do better."""
    from commonbeat.listen.study.cautions import study_cautions
    from commonbeat.listen.study.length import minutes_of, whole_minutes
    from commonbeat.listen.study.materials import missing_materials
    from commonbeat.listen.study.reading import bank_of

    bank = bank_of(study)
    return {
        "minutes": [
            (who, wave, whole_minutes(minutes_of(study, bank, who, wave)))
            for wave in study.wave_names
            for who in study.audience
        ],
        "to_do": missing_materials(study),
        "cautions": study_cautions(study, bank),
    }


def _text_of(study: StudyDesign | None, sent: Sent) -> str:
    """The study's file; of one that is not sound yet, what it would be."""
    from tomlkit import dumps

    from commonbeat.listen.study.writing import study_toml

    return study_toml(study) if study else dumps(document_of(sent))


def _encounters(request: Request) -> tuple[tuple[str, str], ...]:
    """The records that a study may be about, by title."""
    from commonbeat.record.keeping import stored_records

    with request.app.state.store.reading() as connection:
        found = [each.encounter for each in stored_records(connection)]
    return (("", "none"), *((each.identifier, f"{each.title} ({each.identifier})") for each in found))
