"""A study is built in the browser: begun from a design or an example, filled in step by step, checked, kept as a draft.

Each step has an address of its own, and what was filled in waits on the disk: a button keeps the step and leads to the next address, so the
browser's Back and Reload go through steps and send nothing anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from commonbeat.errors import InputError, Mistake, StudyError
from commonbeat.web.filling.sent import Sent
from commonbeat.web.filling.toml_text import wrong_with
from commonbeat.web.forms import texts_of
from commonbeat.web.listen.arms import FilesTaken, take_files
from commonbeat.web.listen.bank_shown import earlier
from commonbeat.web.listen.form import judge, sent_by
from commonbeat.web.listen.questions import after_step, bank_for
from commonbeat.web.listen.step import Refusal, show_step
from commonbeat.web.listen.unfinished import forget_form, keep_form, kept_form, name_for, new_name, study_in
from commonbeat.web.listen.uploading import studies_of
from commonbeat.web.listen.words import DESIGNS, LAST, SHOWN
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

MOST_ROWS: Final = 20
FIRST_OF: Final = {"waves": "name", "arms": "name"}


@needs("analyst")
def begin(request: Request) -> Response:
    """The choice of a design or an example."""
    from commonbeat.listen.study.shipped import SHIPPED

    return page(request, "listen/begin.html.j2", designs=DESIGNS, examples=SHIPPED)


@needs("analyst")
def begun(request: Request) -> Response:
    """A form of that design, or of that example, waits at its first step."""
    from commonbeat.listen.study.reading import parse_study
    from commonbeat.workflows.listen_new import StudyBeginning, new_study

    how, _, name = Sent.of(request.state.form).text("do").partition(":")
    beginning = StudyBeginning(like=name[:80]) if how == "like" else StudyBeginning(design=name[:80])
    studies, form = studies_of(request), new_name()
    study = parse_study(new_study(beginning=beginning).text, folder=studies, source="the study")
    keep_form(studies, form, sent_by(study))
    return _to(form, 0)


@needs("analyst")
def change(request: Request) -> Response:
    """To the form of a draft. A study that was opened stays as it is."""
    form = name_for(request.path_params["identifier"])
    _sent_of(request, form)
    return _to(form, 0)


@needs("analyst")
def shown(request: Request) -> Response:
    """One step of a form that waits."""
    form = request.path_params["form"]
    return show_step(request, form, _number(request), FilesTaken(_sent_of(request, form)))


@needs("analyst")
def fill(request: Request) -> Response:
    """What a button of the step asks for: another step, a row more or less, another order, the text, keeping."""
    form, number, studies = request.path_params["form"], _number(request), studies_of(request)
    before = _sent_of(request, form)
    sent = after_step(number, before, Sent.of(request.state.form), bank_for(before, studies), studies)
    do, _, what = texts_of(request.state.form).get("do", "").strip().partition(":")
    taken = take_files(request.state.form, sent, studies) if number == SHOWN else FilesTaken(sent)
    sent, anchor = _done(do, what, taken.sent)
    number = _step_after(do, what, number)
    keep_form(studies, form, sent.with_values({"asked": ("yes",)}) if number == LAST else sent)
    if taken.mistakes:
        return show_step(request, form, SHOWN, FilesTaken(sent, taken.told, taken.mistakes))
    if do == "text":
        return _from_text(request, form)
    return _save(request, form, sent) if do == "save" else _to(form, number, anchor)


@needs("analyst")
def drop_form(request: Request) -> Response:
    """The form waits no more; a draft that it was to change stays as it was."""
    forget_form(studies_of(request), request.path_params["form"])
    return RedirectResponse("/listen", status_code=303)


def _done(do: str, what: str, sent: Sent) -> tuple[Sent, str]:
    """The form after a button that changes rows or their order, and the place on the page at which it is seen."""
    if do == "add" and what in FIRST_OF and len(sent.numbers(what)) < MOST_ROWS:
        last = max(sent.numbers(what), default=0) + 1
        return sent.with_values({f"{what}.{last}.{FIRST_OF[what]}": ("",)}), f"at-{what}-{last}"
    place, _, row = what.rpartition(":")
    if do == "remove" and place in FIRST_OF and row.isdecimal():
        return sent.without([f"{place}.{row}."]), f"at-{place}"
    if do == "earlier":
        return sent.with_values({"scales": earlier(sent.texts("scales"), what)}), f"scale-{what}"
    if do == "take" and what.isdecimal():
        return sent, f"at-arms-{what}"
    return sent, ""


def _step_after(do: str, what: str, number: int) -> int:
    if do == "step" and what.isascii() and what.isdecimal() and len(what) < 4:
        return min(int(what), LAST)
    return LAST if do in ("save", "text") else number


def _from_text(request: Request, form: str) -> Response:
    """The form holds what the text says, or its mistakes are told with the text as it was."""
    from commonbeat.listen.study.reading import parse_study

    text = texts_of(request.state.form).get("toml", "").replace("\r\n", "\n")
    studies = studies_of(request)
    try:
        wrong = wrong_with(text, "text")
        if wrong:
            raise StudyError("The text cannot be used:", wrong)
        study = parse_study(text, folder=studies, source="the text")
    except InputError as error:
        return show_step(request, form, LAST, FilesTaken(_sent_of(request, form)), Refusal(error, text))
    keep_form(studies, form, sent_by(study).with_values({"asked": ("yes",)}))
    return _to(form, LAST)


def _save(request: Request, form: str, sent: Sent) -> Response:
    """The store has the draft, and the form waits no more; or the last step tells what is to mend."""
    from commonbeat.workflows.listen_studies import register_study

    studies = studies_of(request)
    judged = judge(sent, studies)
    if judged.study is None:
        return show_step(request, form, LAST, FilesTaken(sent), Refusal())
    try:
        _refuse_taken(request, judged.study.identifier, study_in(form))
        register_study(request.app.state.store, judged.study)
    except InputError as error:
        return show_step(request, form, LAST, FilesTaken(sent), Refusal(error))
    forget_form(studies, form)
    return RedirectResponse(f"/listen/of/{judged.study.identifier}", status_code=303)


def _refuse_taken(request: Request, identifier: str, changes: str) -> None:
    """No other study has that word, or StudyError: a new form must not take the place of somebody's draft."""
    from commonbeat.workflows.listen_studies import list_studies

    if identifier != changes and identifier in {each.identifier for each in list_studies(request.app.state.store)}:
        mistake = Mistake("identifier", identifier, "is the word of another study", "Take another word in step 1.")
        raise StudyError("The study was not kept:", [mistake])


def _sent_of(request: Request, form: str) -> Sent:
    """What the form holds, or what the draft says that it is to change; 404 for a form that does not wait."""
    from commonbeat.web.listen.pages import kept_at

    draft = kept_at(request, study_in(form)) if study_in(form) else None
    if draft is not None and draft.state != "draft":
        rule, way_out = "was opened and stays as it is", "Begin another one, with another word."
        raise StudyError("This study cannot be changed:", [Mistake(draft.study.identifier, None, rule, way_out)])
    sent = kept_form(studies_of(request), form)
    if sent is None and draft is None:
        raise HTTPException(404)
    return sent if sent is not None else sent_by(draft.study)  # pyright: ignore[reportOptionalMemberAccess] - one is there


def _to(form: str, number: int, anchor: str = "") -> Response:
    where = f"/listen/shown/{form}" if number == SHOWN else f"/listen/build/{form}/{number + 1}"
    return RedirectResponse(f"{where}#{anchor}" if anchor else where, status_code=303)


def _number(request: Request) -> int:
    """The step of the address, counted from 0. The one with films has an address of its own, because more may be sent there."""
    number = request.path_params.get("step", SHOWN + 1) - 1
    if not 0 <= number <= LAST:
        raise HTTPException(404)
    return number
