"""The form of a study: what was sent becomes a study or every mistake, and the questions of one step."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, get_origin

from commonbeat.errors import InputError
from commonbeat.listen.study.model import StudyDesign
from commonbeat.web.filling.field import fields_in
from commonbeat.web.filling.parts import Asking, by_place, elsewhere, parts_of
from commonbeat.web.filling.sent import Sent, plain_type, row_type, sent_of, tree_of
from commonbeat.web.listen.bank_shown import checks_of
from commonbeat.web.listen.words import LABELS, ROW_WORDS, SCALES, STEPS

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.errors import Mistake
    from commonbeat.listen.bank.item import Bank
    from commonbeat.web.filling.field import Choices, Part

FOLDER: Final = "studies"
LISTS: Final = ("waves", "arms")
CARRIED: Final = ("seed", "own_items")
FILMS: Final = (".mp4", ".webm")
OWN_FIELDS: Final = frozenset({"csrf", "do", "step", "toml"})


@dataclass(frozen=True, slots=True)
class Judged:
    """What a form means: the study, or every mistake at its place in the form."""

    study: StudyDesign | None
    mistakes: tuple[Mistake, ...]


def sent_by(study: StudyDesign) -> Sent:
    """The form of a study that is there."""
    document = {key: value for key, value in study.document().items() if key not in ("folder", "format")}
    lists = {name: ", ".join(value) for name, value in _nested_lists(document).items()}
    values = {name: texts for name, texts in sent_of(document).items() if texts != ("none",)}
    return Sent({**values, **{name: (text,) for name, text in lists.items()}})


def _nested_lists(document: dict[str, Any]) -> dict[str, list[str]]:
    """Lists that stand in one field with commas: those of waves and of the assignment."""
    found: dict[str, list[str]] = {}
    for number, wave in enumerate(document.get("waves", ()), 1):
        found |= {f"waves.{number}.scales": wave["scales"]} if wave.get("scales") else {}
    for key, value in (document.get("assignment") or {}).items():
        found |= {f"assignment.{key}": [str(each) for each in value]} if value else {}
    return found


def judge(sent: Sent, folder: Path) -> Judged:
    """The study that was filled in, its paths meant from the project's folder of studies; or all mistakes."""
    from commonbeat.listen.study.reading import study_from

    try:
        study = study_from({**document_of(sent), "folder": str(folder)})
    except InputError as error:
        return Judged(None, tuple(_in_the_form(each, sent) for each in error.mistakes))
    return Judged(study, ())


def document_of(sent: Sent) -> dict[str, Any]:
    """The study as its file would have it, without what was left out."""
    tree = _known(tree_of(StudyDesign, _in_its_languages(sent)))
    seed = sent.text("seed")
    return {**tree, "format": 1, "seed": int(seed) if seed.isdecimal() and len(seed) < 19 else secrets.randbelow(2**31)}


def _in_its_languages(sent: Sent) -> Sent:
    """The form without texts in languages that are not ticked: no field shows them, so nobody could mend them."""
    ticked = sent.texts("languages")
    fields = _written_in_languages() if ticked else ()
    texts = {name for name in sent if len(parts := name.split(".")) > 1 and parts[-2] in fields}
    return Sent({name: given for name, given in sent.items() if name not in texts or name.split(".")[-1] in ticked})


def _written_in_languages() -> set[str]:
    """The names of fields that hold a text in each language, those of arms among them."""
    models = (StudyDesign, row_type(plain_type(StudyDesign.model_fields["arms"].annotation)))
    fields = [(name, info) for model in models for name, info in model.model_fields.items()]
    return {name for name, info in fields if get_origin(plain_type(info.annotation)) is dict}


def step_parts(
    number: int, sent: Sent, mistakes: tuple[Mistake, ...], bank: Bank, choices: dict[str, Choices]
) -> tuple[Part, ...]:
    """The questions of one step. choices: encounters and films that there are."""
    known: dict[str, Choices] = {
        "languages": tuple((code, f"{bank.words[code].name} ({code})") for code in bank.languages),
        "checks.attention": checks_of(bank, "attention"),
        "checks.attention_later": checks_of(bank, "attention"),
        "checks.manipulation": checks_of(bank, "manipulation"),
        **choices,
    }
    languages = sent.texts("languages") or ("en",)
    asking = Asking(sent, by_place(mistakes), LABELS, known, ROW_WORDS, languages, optional_rows=False)
    names = () if number == SCALES else STEPS[number].names
    return parts_of(StudyDesign, "", asking, names)


def step_of(mistake: Mistake) -> int | None:
    """The step in which a mistake can be mended; None where no step shows it."""
    first = mistake.place.partition(".")[0]
    return next((number for number, step in enumerate(STEPS) if first in step.names), None)


def elsewhere_than(number: int, parts: tuple[Part, ...], mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """The mistakes that no field of that step shows."""
    away = elsewhere(mistakes, parts)
    return tuple(each for each in away if number != SCALES or not each.place.startswith("scales"))


def hidden_fields(number: int, parts: tuple[Part, ...], sent: Sent) -> dict[str, tuple[str, ...]]:
    """What other steps hold, to be sent along unseen."""
    own = {each.place for each in fields_in(parts)} | OWN_FIELDS | ({"scales"} if number == SCALES else set())
    return {name: texts for name, texts in sent.items() if name not in own}


def films_in(folder: Path) -> Choices:
    """The films of the project's folder of studies."""
    found = sorted(each.name for each in folder.glob("*") if each.suffix.lower() in FILMS) if folder.is_dir() else []
    return (("", "none yet"), *((name, name) for name in found))


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
