"""What a browser sent, safe to hand on: texts that every database can hold, files within their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from commonbeat.web.security.refusals import TooMuchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request

MOST_FIELDS: Final = 10_000
"""A record with three hundred rows of consent has half of them."""
MOST_FILES: Final = 24  # a field for each arm of a study
TOO_MANY: Final = f"What was sent has more than {MOST_FIELDS:,} fields or more than {MOST_FILES} files. Take out rows, or bring the rest as a file."
FORM_KINDS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_form(request: Request) -> FormData:
    """The form, or 400 for one that is damaged or holds what is no text, and 413 for one that is too large.

    A body that is no form counts as an empty one; an endpoint that takes JSON reads it by itself. NUL and halves of
    characters are refused here, because a database refuses them later and less kindly.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORM_KINDS:
        return FormData()
    if kind == FORM_KINDS[0] and (await request.body()).count(b"&") >= MOST_FIELDS:
        raise TooMuchError(TOO_MANY)  # before a list of them is made
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=1 << 20)
    except HTTPException as error:
        if str(error.detail).startswith("Too many"):
            raise TooMuchError(TOO_MANY) from error
        raise
    except (ValueError, LookupError, OverflowError) as error:
        raise HTTPException(400) from error
    for text in _texts(form):
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise HTTPException(400)
    return form


def texts_of(form: FormData) -> dict[str, str]:
    """The fields that are texts, by name; the last one where a name comes twice."""
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


def uploads_of(form: FormData) -> Mapping[str, UploadFile]:
    """The files that were chosen, by field; a field without a file is left out."""
    return {name: value for name, value in form.multi_items() if isinstance(value, UploadFile) and value.filename}


def _texts(form: FormData) -> Iterator[str]:
    for name, value in form.multi_items():
        yield name
        yield value if isinstance(value, str) else (value.filename or "")
