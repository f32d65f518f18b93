"""The form of an encounter in the browser: a step at a time, rows added and taken out, kept at the end or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.responses import RedirectResponse

from commonbeat.errors import InputError, Mistake, StoreError
from commonbeat.web.filling.field import identifier_of
from commonbeat.web.filling.sent import Sent
from commonbeat.web.forms import uploads_of
from commonbeat.web.pages import page
from commonbeat.web.record import consent_rows
from commonbeat.web.record.form import begun, hidden_fields, judge, shown_elsewhere, step_of, step_parts
from commonbeat.web.record.missing import missing_is_not_found
from commonbeat.web.record.told import label_at
from commonbeat.web.record.words import CONSENT, LAST, STEPS
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.record.encounter import Encounter

ENDINGS: Final = (".toml", ".json", ".csv")
LARGEST_FILE: Final = 2_000_000
MOST_ROWS: Final = 200


@needs("analyst")
def begin(request: Request) -> Response:
    """The first step of an empty form, or of the example's."""
    if request.query_params.get("example"):
        from commonbeat.record import load_record
        from commonbeat.workflows.record_files import SHIPPED, shipped_record

        return _step(request, begun(load_record(shipped_record(SHIPPED[0]))), 0)
    return _step(request, begun(), 0)


@needs("analyst")
def change(request: Request) -> Response:
    """The form of a record that is there, to be mended or confirmed; only where it may be shown."""
    with missing_is_not_found():
        shown = _stored(request, request.path_params["identifier"])
    if shown is None:
        rule = "is not to be shown, so that it cannot be changed here"
        way_out = "Import it again from its file, with the box for replacing ticked."
        raise InputError(
            "This record stays as it is:", [Mistake(request.path_params["identifier"], None, rule, way_out)]
        )
    return _step(request, begun(shown), 0, changing=True)


@needs("analyst")
def fill(request: Request) -> Response:
    """What a button of the form asks for: another step, a row more or less, a look over, keeping."""
    sent = Sent.of(request.state.form)
    do, _, what = sent.text("do").partition(":")
    number = _number(sent.text("step"))
    if do in ("save", "replace"):
        return _save(request, sent, replace=do == "replace")
    if do == "add" and len(sent.numbers(what)) < MOST_ROWS:
        last = max(sent.numbers(what), default=0) + 1
        sent = sent.without([f"{what}.{last}."]).with_values(_first_field(what, last))
    elif do == "remove":
        place, _, row = what.rpartition(":")
        sent = sent.without([f"{place}.{row}."]) if place and row.isdecimal() else sent
    elif do == "step":
        number = _number(what)
    if number == CONSENT:
        sent = consent_rows.with_people_visible(sent)
        sent = sent if do in ("add", "remove") else consent_rows.laid_out(sent)
    return _step(request, sent, number)


@needs("analyst")
def take_file(request: Request) -> Response:
    """The records of an uploaded file are kept, all of them or none."""
    from commonbeat.web.record.uploaded import records_in
    from commonbeat.web.security.children import upload_on_disk
    from commonbeat.workflows.record_import import keep_entered
    from commonbeat.workflows.record_store import today

    upload = uploads_of(request.state.form).get("file")
    if upload is None:
        raise InputError("No file was chosen:", [Mistake("file", None, "is missing", "Choose a file first.")])
    with upload_on_disk(upload.file, upload.filename or "", ENDINGS, LARGEST_FILE) as path:
        encounters = records_in(path)
    replace = "replace" if request.state.form.get("replace") else ""
    keep_entered(request.app.state.store, encounters, replace=replace, on=today())
    where = f"/record/of/{encounters[0].identifier}" if len(encounters) == 1 else "/record"
    return RedirectResponse(where, status_code=303)


def _save(request: Request, sent: Sent, *, replace: bool) -> Response:
    from commonbeat.workflows.record_import import keep_entered
    from commonbeat.workflows.record_store import today

    judged = judge(sent, _before(request, sent))
    if judged.encounter is None:
        return _step(request, sent, LAST, asked=True)
    word = "replace" if replace or sent.text("changing") == judged.encounter.identifier else ""
    try:
        keep_entered(request.app.state.store, (judged.encounter,), replace=word, on=today())
    except InputError as error:
        differs = any("is in the store already" in each.rule for each in error.mistakes)
        return _step(request, sent, LAST, refused=error, differs=differs)
    return RedirectResponse(f"/record/of/{judged.encounter.identifier}", status_code=303)


def _step(
    request: Request,
    sent: Sent,
    number: int,
    *,
    asked: bool = False,
    changing: bool = False,
    refused: InputError | None = None,
    differs: bool = False,
) -> Response:
    """One step as a page. asked: whether mistakes are told; before, a form that is half filled is no mistake."""
    if changing:
        sent = sent.with_values({"changing": (sent.text("identifier"),)})
    asked = asked or bool(sent.text("asked")) or number == LAST
    judged = judge(sent, _before(request, sent)) if asked else None
    mistakes = judged.mistakes if judged else ()
    away = shown_elsewhere(number, sent, mistakes)
    values: dict[str, Any] = {
        "steps": STEPS,
        "number": number,
        "last": LAST,
        "parts": step_parts(number, sent, mistakes),
        "here": [each for each in mistakes if each not in away],
        "elsewhere": [(each, step_of(each)) for each in away],
        "label_at": label_at,
        "identifier_of": identifier_of,
        "mistakes": mistakes,
        "wrong_steps": {step_of(each) for each in mistakes},
        "hidden": hidden_fields(number, sent, mistakes) | ({"asked": ("yes",)} if asked else {}),
        "record": _looked_over(judged.encounter) if judged and judged.encounter and number == LAST else None,
        "confirmed": sent.texts("confirm"),
        "refused": refused,
        "differs": differs,
        "changing": sent.text("changing"),
    }
    wrong = refused is not None or (mistakes and request.method == "POST" and sent.text("do") in ("save", "replace"))
    return page(request, "record/form.html.j2", status=400 if wrong else 200, **values)


def _looked_over(encounter: Encounter) -> dict[str, Any]:
    """What the last step tells: the record in a line, what may be done with it, and what nobody confirmed yet."""
    from commonbeat.record import SCOPES
    from commonbeat.workflows.record_store import today

    scopes = []
    for scope in SCOPES:
        refusals = encounter.consent.refusals(scope, today())
        scopes.append((scope, not refusals, [f"{each.place}: {each.rule}" for each in refusals]))
    return {
        "summary": encounter.summary(),
        "scopes": scopes,
        "unconfirmed": encounter.unconfirmed(),
        "until": encounter.consent.holds_until(),
    }


def _before(request: Request, sent: Sent) -> Encounter | None:
    """The record that is being changed, as it is kept; None where it is gone meanwhile."""
    if not sent.text("changing"):
        return None
    try:
        return _stored(request, sent.text("changing"))
    except StoreError:
        return None


def _stored(request: Request, identifier: str) -> Encounter | None:
    from commonbeat.workflows.record_shown import show_record
    from commonbeat.workflows.record_store import today

    state = request.app.state
    return show_record(state.store, state.settings.project, identifier, on=today()).encounter


def _first_field(place: str, number: int) -> dict[str, tuple[str, ...]]:
    """An empty row is there as soon as one of its fields is, even without a value."""
    first = {
        "people": "role",
        "course.joins": "who",
        "tone.by_those_present": "judged_by",
        "tone.by_coders": "judged_by",
        "after.acquaintances": "role",
        consent_rows.PLACE: "slot",
    }.get(place)
    return {f"{place}.{number}.{first}": ("",)} if first else {}


def _number(text: str) -> int:
    return min(int(text), LAST) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
