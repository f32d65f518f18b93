"""The questions of one step of the form, in words; what came from it in place of what the form held; and where a mistake is mended."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from commonbeat.errors import InputError
from commonbeat.listen.study.model import StudyDesign
from commonbeat.web.filling.field import Field, Rows, fields_in
from commonbeat.web.filling.parts import Asking, by_place, elsewhere, parts_of
from commonbeat.web.filling.sent import Sent
from commonbeat.web.listen.arms import TOLD, fields_of_arms
from commonbeat.web.listen.bank_shown import checks_of, items_to_block_by, scales_to_ask_before
from commonbeat.web.listen.form import is_of_viewers
from commonbeat.web.listen.saying import COLLECTORS, DESIGN, KINDS, PEOPLE, language_name
from commonbeat.web.listen.words import HINTS, LABELS, ROW_WORDS, SCALES, SHOWN, STEPS

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.errors import Mistake
    from commonbeat.listen.bank.item import Bank
    from commonbeat.web.filling.field import Choices, Part

OWN_FIELDS: Final = frozenset({"csrf", "do", "step", "toml"})
SCALES_OF_WAVE: Final = re.compile(r"waves\.\d+\.scales\b")
FOR_CHILDREN: Final = "debriefing_for_children."
CHOOSE: Final = ("", "choose")


def bank_for(sent: Sent, studies: Path) -> Bank:
    """The items that may be asked: the shipped ones, and the team's own where their file can be read."""
    from commonbeat.listen.bank.read import load_bank

    own = sent.text("own_items")
    path = (studies / own).resolve() if own else None
    try:
        return load_bank(own=path if path and path.is_relative_to(studies.resolve()) else None)
    except (InputError, OSError, ValueError):
        return load_bank()


def questions_of(
    number: int, sent: Sent, mistakes: tuple[Mistake, ...], bank: Bank, encounters: Choices, studies: Path
) -> tuple[Part, ...]:
    """The fields of a step that this study has a use for, those of scales left out. encounters: the records that there are."""
    known: dict[str, Choices] = {
        "languages": tuple((code, bank.words[code].name) for code in bank.languages),
        "audience": tuple(PEOPLE.items()),
        "encounter": encounters,
        "design": (CHOOSE, *DESIGN.items()),
        "collected_by": (CHOOSE, *COLLECTORS.items()),
        "arms.*.kind": (CHOOSE, *KINDS.items()),
        "checks.attention": checks_of(bank, "attention"),
        "checks.attention_later": checks_of(bank, "attention"),
        "checks.manipulation": checks_of(bank, "manipulation"),
        "assignment.ask_before": scales_to_ask_before(bank, sent),
        "assignment.block_by": items_to_block_by(bank, sent),
    }
    languages = sent.texts("languages") or ("en",)
    asking = Asking(sent, by_place(mistakes), LABELS, known, ROW_WORDS, languages, optional_rows=False)
    parts = fields_of_arms(parts_of(StudyDesign, "", asking, _names(number, sent)), sent, studies)
    return tuple(_in_words(each, bank) for each in parts if _is_asked(each, sent))


def after_step(number: int, before: Sent, came: Sent, bank: Bank, studies: Path) -> Sent:
    """The form with what came from that step in place of what it held there. A box that is not ticked sends nothing, and is empty then."""
    own = own_names(number, questions_of(number, before, (), bank, (), studies), before)
    kept = {name: texts for name, texts in before.items() if name not in own and not name.startswith(TOLD)}
    return Sent({**kept, **{name: texts for name, texts in came.items() if name not in OWN_FIELDS}})


def own_names(number: int, parts: tuple[Part, ...], sent: Sent) -> set[str]:
    """The names of all fields that a step shows."""
    names = {each.place for each in fields_in(parts)}
    if number == SCALES:
        names |= {"scales", *(f"waves.{each}.scales" for each in sent.numbers("waves"))}
    if number == SHOWN:
        names.add("assignment.block_by")  # not shown where nothing is asked before, and then chosen by nobody
    return names


def step_of(mistake: Mistake) -> int | None:
    """The step in which a mistake can be mended; None where no step shows it."""
    if SCALES_OF_WAVE.match(mistake.place):
        return SCALES
    first = mistake.place.partition(".")[0]
    return next((number for number, step in enumerate(STEPS) if first in step.names), None)


def elsewhere_than(number: int, parts: tuple[Part, ...], mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """The mistakes that no field of that step shows."""
    away = elsewhere(mistakes, parts)
    return tuple(each for each in away if number != SCALES or step_of(each) != SCALES)


def _names(number: int, sent: Sent) -> tuple[str, ...]:
    if number == SCALES:
        return ()
    if number == SHOWN and not is_of_viewers(sent):
        return ("checks",)
    return STEPS[number].names


def _is_asked(part: Part, sent: Sent) -> bool:
    """Whether the design has a use for the field, and whether there is anything to choose in it."""
    if part.place == "day_zero":
        return not is_of_viewers(sent)
    if part.place.startswith(FOR_CHILDREN):
        return "child" in sent.texts("audience")
    if part.place == "checks.manipulation":
        return is_of_viewers(sent)
    return part.place != "assignment.block_by" or bool(items_of(part))


def items_of(part: Part) -> Choices:
    """What may be chosen in a field; nothing in rows."""
    return part.choices if isinstance(part, Field) else ()


def _in_words(part: Part, bank: Bank) -> Part:
    """The part with languages by their names in its labels, and with hints of the form where it has them. Scales of waves are asked with the scales."""
    if isinstance(part, Rows):
        rows = tuple(
            replace(
                row,
                fields=tuple(_named(each, bank) for each in row.fields if not SCALES_OF_WAVE.match(each.place)),
            )
            for row in part.rows
        )
        return replace(part, rows=rows, hint=HINTS.get(part.place, part.hint))
    return _named(part, bank)


def _named(field: Field, bank: Bank) -> Field:
    code = field.place.rpartition(".")[2]
    label = field.label
    if label.endswith(f"({code})"):
        label = f"{label.removesuffix(f'({code})')}({language_name(bank, code)})"
    general = ".".join("*" if each.isdecimal() else each for each in field.place.split("."))
    hint = next((HINTS[key] for key in (general, general.rpartition(".")[0]) if key in HINTS), field.hint)
    return replace(field, label=label, hint=hint)
