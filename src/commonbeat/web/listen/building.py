"""A study is built in the browser: begun from a design or an example, filled in step by step, checked, kept as a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.responses import RedirectResponse

from commonbeat.errors import InputError, Mistake, StudyError
from commonbeat.web.filling.field import identifier_of
from commonbeat.web.filling.sent import Sent
from commonbeat.web.listen.bank_shown import earlier, scales_shown
from commonbeat.web.listen.form import (
    FOLDER,
    document_of,
    elsewhere_than,
    films_in,
    hidden_fields,
    judge,
    sent_by,
    step_of,
    step_parts,
)
from commonbeat.web.listen.words import DESIGNS, LAST, SCALES, STEPS
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.listen.study.model import StudyDesign

MOST_ROWS: Final = 20
LARGEST_TEXT: Final = 200_000
FIRST_OF: Final = {"waves": "name", "arms": "name"}


@needs("analyst")
def begin(request: Request) -> Response:
    """The choice of a design, an example or a file."""
    from commonbeat.listen.study.shipped import SHIPPED

    return page(request, "listen/begin.html.j2", designs=DESIGNS, examples=SHIPPED)


@needs("analyst")
def begun(request: Request) -> Response:
    """The first step of a study of that design, or of that example."""
    from commonbeat.listen.study.reading import parse_study
    from commonbeat.workflows.listen_new import StudyBeginning, new_study

    how, _, name = Sent.of(request.state.form).text("do").partition(":")
    beginning = StudyBeginning(like=name[:80]) if how == "like" else StudyBeginning(design=name[:80])
    text = new_study(beginning=beginning).text
    return _step(request, sent_by(parse_study(text, folder=_folder(request), source="the study")), 0)


@needs("analyst")
def change(request: Request) -> Response:
    """The form of a draft. A study that was opened stays as it is."""
    from commonbeat.web.listen.pages import kept_of

    kept = kept_of(request)
    if kept.state != "draft":
        rule, way_out = "was opened and stays as it is", "Begin another one, with another word."
        raise StudyError("This study cannot be changed:", [Mistake(kept.study.identifier, None, rule, way_out)])
    return _step(request, sent_by(kept.study), 0)


@needs("analyst")
def fill(request: Request) -> Response:
    """What a button of the form asks for: another step, a row more or less, another order, the text, keeping."""
    sent = Sent.of(request.state.form)
    do, _, what = sent.text("do").partition(":")
    number = _number(sent.text("step"))
    if do == "save":
        return _save(request, sent)
    if do == "text":
        return _from_text(request, sent)
    if do == "add" and what in FIRST_OF and len(sent.numbers(what)) < MOST_ROWS:
        last = max(sent.numbers(what), default=0) + 1
        sent = sent.with_values({f"{what}.{last}.{FIRST_OF[what]}": ("",)})
    elif do == "remove":
        place, _, row = what.rpartition(":")
        sent = sent.without([f"{place}.{row}."]) if place in FIRST_OF and row.isdecimal() else sent
    elif do == "earlier":
        sent = sent.with_values({"scales": earlier(sent.texts("scales"), what)})
    elif do == "step":
        number = _number(what)
    return _step(request, sent, number)


def _from_text(request: Request, sent: Sent) -> Response:
    """The form of the text that stands in the field, or its mistakes with the text as it was."""
    from commonbeat.listen.study.reading import parse_study

    text = sent.text("toml")
    try:
        if len(text) > LARGEST_TEXT:
            raise StudyError("The text cannot be used:", [Mistake("text", None, "is larger than a study")])
        study = parse_study(text, folder=_folder(request), source="the text")
    except InputError as error:
        return _step(request, sent, LAST, refused=error, text=text)
    return _step(request, sent_by(study), LAST)


def _save(request: Request, sent: Sent) -> Response:
    from commonbeat.workflows.listen_studies import register_study

    judged = judge(sent, _folder(request))
    if judged.study is None:
        return _step(request, sent, LAST)
    try:
        register_study(request.app.state.store, judged.study)
    except InputError as error:
        return _step(request, sent, LAST, refused=error)
    return RedirectResponse(f"/listen/of/{judged.study.identifier}", status_code=303)


def _step(
    request: Request, sent: Sent, number: int, *, refused: InputError | None = None, text: str | None = None
) -> Response:
    from commonbeat.listen.bank.read import load_bank

    asked = bool(sent.text("asked")) or number == LAST
    judged = judge(sent, _folder(request)) if asked else None
    mistakes = judged.mistakes if judged else ()
    bank = load_bank()
    choices = {"encounter": _encounters(request), "arms.*.clip": films_in(_folder(request))}
    parts = step_parts(number, sent, mistakes, bank, choices)
    away = elsewhere_than(number, parts, mistakes)
    audience, language = sent.texts("audience"), (sent.texts("languages") or ("en",))[0]
    values: dict[str, Any] = {
        "steps": STEPS,
        "number": number,
        "last": LAST,
        "parts": parts,
        "scales": scales_shown(bank, sent.texts("scales"), audience, language) if number == SCALES else (),
        "here": [each for each in mistakes if each not in away],
        "elsewhere": [(each, step_of(each)) for each in away],
        "mistakes": mistakes,
        "wrong_steps": {step_of(each) for each in mistakes},
        "hidden": hidden_fields(number, parts, sent) | ({"asked": ("yes",)} if asked else {}),
        "identifier_of": identifier_of,
        "study": _looked_over(judged.study) if judged and judged.study and number == LAST else None,
        "text": (_text_of(judged.study, sent) if text is None and judged else text) if number == LAST else None,
        "refused": refused,
    }
    wrong = refused or (mistakes and sent.text("do") == "save")
    return page(request, "listen/form.html.j2", status=400 if wrong else 200, **values)


def _looked_over(study: StudyDesign) -> dict[str, Any]:
    """What the last step tells: how long it takes whom, what is missing before it opens, what it may do better."""
    from commonbeat.listen.study.cautions import study_cautions
    from commonbeat.listen.study.length import minutes_of, whole_minutes
    from commonbeat.listen.study.materials import missing_materials
    from commonbeat.listen.study.reading import bank_of

    bank = bank_of(study)
    return {
        "minutes": [(who, whole_minutes(minutes_of(study, bank, who))) for who in study.audience],
        "to_do": missing_materials(study),
        "cautions": study_cautions(study, bank),
    }


def _text_of(study: StudyDesign | None, sent: Sent) -> str:
    """The study's file; of one that is not sound yet, what it would be."""
    from tomlkit import dumps

    from commonbeat.listen.study.writing import study_toml

    return study_toml(study) if study else dumps(document_of(sent))


def _encounters(request: Request) -> tuple[tuple[str, str], ...]:
    from commonbeat.record.keeping import stored_records

    with request.app.state.store.reading() as connection:
        names = [each.encounter.identifier for each in stored_records(connection)]
    return (("", "none"), *((name, name) for name in names))


def _folder(request: Request) -> Path:
    return request.app.state.settings.project / FOLDER


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 3:
        return 0
    return min(int(text), LAST)
