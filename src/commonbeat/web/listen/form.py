"""The form of a study: a study that is there as a form, and what was filled in as a study or as every mistake."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, get_origin

from commonbeat.errors import InputError
from commonbeat.listen.study.model import StudyDesign
from commonbeat.listen.study.words import TO_REPLACE
from commonbeat.web.filling.sent import Sent, plain_type, row_type, sent_of, tree_of
from commonbeat.web.listen.arms import NOT_SHOWN, as_their_kinds_show
from commonbeat.workflows.listen_new import MEANING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from commonbeat.errors import Mistake

LISTS: Final = ("waves", "arms")
TO_WRITE: Final = {**MEANING, "organisation": "Who asks", "contact": "How to reach a person"}
STILL_EMPTY: Final = frozenset(f"{TO_REPLACE} {meaning}" for meaning in TO_WRITE.values())
OF_VIEWERS: Final = ("arms.", "assignment.", "checks.manipulation")
OF_OTHERS: Final = ("day_zero",)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a form means: the study, or every mistake at its place in the form."""

    study: StudyDesign | None
    mistakes: tuple[Mistake, ...]


def sent_by(study: StudyDesign) -> Sent:
    """The form of a study that is there. A text that nobody has written yet is an empty field."""
    document = {key: value for key, value in study.document().items() if key not in ("folder", "format")}
    values = {name: texts for name, texts in sent_of(document).items() if texts != ("none",)}
    sizes = values.get("assignment.block_sizes")
    values |= {"assignment.block_sizes": (", ".join(sizes),)} if sizes else {}
    return Sent({name: texts for name, texts in values.items() if not STILL_EMPTY.intersection(texts)})


def judge(sent: Sent, folder: Path) -> Judged:
    """The study that was filled in, its paths meant from the project's folder of studies; or all mistakes."""
    from commonbeat.listen.study.reading import study_from

    try:
        study = study_from({**document_of(sent), "folder": str(folder)})
    except InputError as error:
        return Judged(None, tuple(_in_the_form(each, sent) for each in error.mistakes))
    return Judged(study, ())


def document_of(sent: Sent) -> dict[str, Any]:
    """The study as its file would have it, without what was left out; a text that is still to be written says so."""
    asked = as_their_kinds_show(_as_its_design_asks(_in_its_languages(sent)))
    tree = _known(tree_of(StudyDesign, asked.with_values(dict(_to_write(asked)))))
    seed = sent.text("seed")
    return {**tree, "format": 1, "seed": int(seed) if seed.isdecimal() and len(seed) < 19 else secrets.randbelow(2**31)}


def is_of_viewers(sent: Sent) -> bool:
    """Whether the study has arms."""
    return sent.text("design") == "viewers"


def _as_its_design_asks(sent: Sent) -> Sent:
    """The form without what its design has no use for: it waits in the form, in case another design is chosen again."""
    return sent.without(OF_OTHERS if is_of_viewers(sent) else OF_VIEWERS)


def _in_its_languages(sent: Sent) -> Sent:
    """The form without texts in languages that are not ticked: no field shows them, so nobody could mend them."""
    ticked = sent.texts("languages")
    fields = _written_in_languages() if ticked else ()
    texts = {name for name in sent if len(parts := name.split(".")) > 1 and parts[-2] in fields}
    return Sent({name: given for name, given in sent.items() if name not in texts or name.split(".")[-1] in ticked})


def _to_write(sent: Sent) -> Iterator[tuple[str, tuple[str]]]:
    """Each field that is empty and that a study needs before it opens, with the text that keeps it closed."""
    languages = sent.texts("languages")
    texts = ["title", "purpose", *(["debriefing"] if is_of_viewers(sent) else [])]
    names = ["organisation", "contact", *(f"{text}.{language}" for text in texts for language in languages)]
    for number in sent.numbers("arms"):
        arm = f"arms.{number}"
        kind = sent.text(f"{arm}.kind")
        keys = {"description", "text"} - set(NOT_SHOWN.get(kind, ()))
        if kind == "text" and not sent.text(f"{arm}.picture"):
            keys.discard("description")
        names += [f"{arm}.{key}.{language}" for key in sorted(keys) if kind for language in languages]
    for name in names:
        if not sent.text(name):
            keys_of = [part for part in name.split(".") if part in TO_WRITE]
            yield name, (f"{TO_REPLACE} {TO_WRITE[keys_of[-1]]}",)


def _written_in_languages() -> set[str]:
    """The names of fields that hold a text in each language, those of arms among them."""
    models = (StudyDesign, row_type(plain_type(StudyDesign.model_fields["arms"].annotation)))
    fields = [(name, info) for model in models for name, info in model.model_fields.items()]
    return {name for name, info in fields if get_origin(plain_type(info.annotation)) is dict}


def _known(value: Any) -> Any:
    """The tree without what was left out, and without tables in which nothing is left."""
    if isinstance(value, dict):
        kept = {key: _known(each) for key, each in value.items() if each is not None}
        return {key: each for key, each in kept.items() if each != {}}
    return [_known(each) for each in value] if isinstance(value, list) else value


def _in_the_form(mistake: Mistake, sent: Sent) -> Mistake:
    """The mistake at the row of the form: rows lose their gaps on the way to a study."""
    for place in LISTS:
        match = re.match(rf"{place}\.(\d+)(.*)", mistake.place)
        if match:
            numbers = sent.numbers(place)
            if 1 <= int(match[1]) <= len(numbers):
                return replace(mistake, place=f"{place}.{numbers[int(match[1]) - 1]}{match[2]}")
    return mistake
