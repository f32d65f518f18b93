"""Arms in the form of a study: the files that were chosen for them are taken, and each shows the fields of its kind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from commonbeat.errors import InputError
from commonbeat.web.forms import uploads_of
from commonbeat.web.listen.uploading import MATERIALS, kept_files, take

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from starlette.datastructures import FormData

    from commonbeat.errors import Mistake
    from commonbeat.web.filling.field import Choices, Field, Part, Rows
    from commonbeat.web.filling.sent import Sent
    from commonbeat.web.listen.uploading import Taken

UPLOAD: Final = "file."
CAPTIONS_IN: Final = "captions_in."
TOLD: Final = "told."
FILMS: Final = (".mp4", ".webm")
NOT_SHOWN: Final = {"text": ("clip", "captions"), "clip": ("text",), "control_clip": ("text",)}
NONE_YET: Final = ("", "none yet")


@dataclass(frozen=True, slots=True)
class FilesTaken:
    """The form with the files that came with it. told: a sentence on each that was taken; mistakes: why one was not; both by the arm's number."""

    sent: Sent
    told: dict[int, str] = field(default_factory=dict)
    mistakes: dict[int, tuple[Mistake, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArmFiles:
    """What the form shows beside an arm: addresses of its film, picture and captions by language, and what became of a file that was sent."""

    film: str
    picture: str
    captions: dict[str, str]
    told: str
    mistakes: tuple[Mistake, ...]


def take_files(form: FormData, sent: Sent, studies: Path) -> FilesTaken:
    """Every file that was chosen is kept, and its arm names it; the language of captions is the one chosen beside the file."""
    found = FilesTaken(sent)
    for name, upload in uploads_of(form).items():
        number = int(name.removeprefix(UPLOAD)) if _names_arm(name) else 0
        if number not in sent.numbers("arms"):
            continue
        try:
            taken = take(studies, upload)
        except InputError as error:
            found.mistakes[number] = error.mistakes
            continue
        place = _place_of(taken, number, found.sent)
        found.told[number] = f"{upload.filename}: {taken.told}."
        found = replace(found, sent=found.sent.with_values({place: (taken.path,)}))
    told = {f"{TOLD}{number}": (sentence,) for number, sentence in found.told.items()}
    return replace(found, sent=found.sent.with_values(told))


def as_their_kinds_show(sent: Sent) -> Sent:
    """The form without what the kind of an arm does not show: it waits in the form, in case another kind is chosen again."""
    return sent.without(each for number in sent.numbers("arms") for each in _beginnings(number, sent))


def fields_of_arms(parts: tuple[Part, ...], sent: Sent, studies: Path) -> tuple[Part, ...]:
    """The parts of the form, each arm with the fields of its kind, and files as choices among those that are there."""
    return tuple(_arms(each, sent, studies) if each.place == "arms" else each for each in parts)


def files_of_arms(taken: FilesTaken, studies: Path) -> dict[int, ArmFiles]:
    """What is shown beside each arm."""
    there = {each.path for each in kept_files(studies)}
    return {number: _files_of(number, taken, there) for number in taken.sent.numbers("arms")}


def _files_of(number: int, taken: FilesTaken, there: set[str]) -> ArmFiles:
    def address(name: str) -> str:
        path = taken.sent.text(f"arms.{number}.{name}")
        return f"/listen/{path}" if path in there else ""

    shown = as_their_kinds_show(taken.sent)
    names = [name.removeprefix(f"arms.{number}.") for name in shown if name.startswith(f"arms.{number}.")]
    captions = {name.removeprefix("captions."): address(name) for name in names if name.startswith("captions.")}
    return ArmFiles(
        address("clip") if "clip" in names else "",
        address("picture"),
        {language: where for language, where in captions.items() if where},
        taken.told.get(number, "") or taken.sent.text(f"{TOLD}{number}"),
        taken.mistakes.get(number, ()),
    )


def _arms(part: Rows | Field, sent: Sent, studies: Path) -> Rows | Field:
    rows = getattr(part, "rows", None)
    if not rows:
        return part
    hidden = {row.number: tuple(_beginnings(row.number, sent)) for row in rows}
    made = tuple(
        replace(
            row,
            fields=tuple(
                _as_choice(each, studies) for each in row.fields if not f"{each.place}.".startswith(hidden[row.number])
            ),
        )
        for row in rows
    )
    return replace(part, rows=made)  # pyright: ignore[reportCallIssue] - rows belong to Rows alone


def _as_choice(each: Field, studies: Path) -> Field:
    """A field that names a file as a choice among the files of its part."""
    key = each.place.split(".")[2]
    if key not in ("clip", "picture", "captions"):
        return each
    return replace(each, kind="choice", choices=_files_for(key, studies))


def _files_for(key: str, studies: Path) -> Choices:
    """The files that may be named there: those that were taken, and films that somebody put into the folder of studies."""
    names = [each.path for each in kept_files(studies) if each.part == key]
    if key == "clip" and studies.is_dir():
        names += sorted(each.name for each in studies.glob("*") if each.suffix.lower() in FILMS)
    return (NONE_YET, *((name, name.removeprefix(f"{MATERIALS}/")) for name in names))


def _beginnings(number: int, sent: Sent) -> Iterable[str]:
    """How the names of fields begin that this arm's kind does not show."""
    kind = sent.text(f"arms.{number}.kind")
    keys = list(NOT_SHOWN.get(kind, ()))
    if kind == "text" and not sent.text(f"arms.{number}.picture"):
        keys.append("description")
    return (f"arms.{number}.{key}" for key in keys)


def _place_of(taken: Taken, number: int, sent: Sent) -> str:
    """The field of the form that names a file of that part."""
    if taken.part != "captions":
        return f"arms.{number}.{taken.part}"
    language = sent.text(f"{CAPTIONS_IN}{number}")
    known = sent.texts("languages") or ("en",)
    return f"arms.{number}.captions.{language if language in known else known[0]}"


def _names_arm(name: str) -> bool:
    digits = name.removeprefix(UPLOAD)
    return name.startswith(UPLOAD) and digits.isascii() and digits.isdecimal() and len(digits) < 6
