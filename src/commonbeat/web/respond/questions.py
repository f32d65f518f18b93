"""The questions of a page as the templates show them, with what was typed before and what is to be mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from commonbeat.listen.study.answers import LONGEST_TEXT, SKIP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.errors import AnswerError
    from commonbeat.listen.bank.item import AnswerFormat, Item
    from commonbeat.listen.bank.wording import Wording
    from commonbeat.listen.study.pages import Page

RATHER_NOT: Final = 99  # the bank's code for "I would rather not say": where it is an answer, no second one is offered


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: what the form sends, its words, and a drawing where children answer."""

    value: str
    words: str
    picture: Markup | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    anchor: the id of its group of fields. given: what was typed before. wrong: what is to be mended, "" for nothing; would_be_wrong: the same sentence, for a browser that looks before it sends.
    """

    name: str
    anchor: str
    asked: str
    kind: str
    pictures: bool
    options: tuple[Option, ...]
    skip: str
    hint: str
    low: float | None
    high: float | None
    longest: int
    given: str
    wrong: str
    would_be_wrong: str


@dataclass(frozen=True, slots=True)
class ToMend:
    """One line of the list of mistakes: what is said, and the question it leads to."""

    anchor: str
    said: str


def questions_of(
    page: Page, wording: Wording, given: Mapping[str, str], refused: AnswerError | None = None
) -> tuple[Question, ...]:
    """The page's questions in order. given: fields that were sent before, by item. refused: why they were not taken."""
    places = {mistake.place for mistake in refused.mistakes} if refused else set()
    return tuple(
        _question(item, wording, given.get(item.identifier, ""), item.identifier in places) for item in page.items
    )


def to_mend(questions: tuple[Question, ...]) -> tuple[ToMend, ...]:
    """The list of mistakes above the questions: each names its question and leads to it."""
    return tuple(ToMend(each.anchor, f"{each.asked} {each.wrong}") for each in questions if each.wrong)


def _question(item: Item, wording: Wording, given: str, wrong: bool) -> Question:  # noqa: FBT001 - one of two states
    kind, form = item.format.kind, item.format
    return Question(
        name=item.identifier,
        anchor=f"question-{item.identifier}",
        asked=wording.item(item.identifier),
        kind=kind,
        pictures=form.pictures,
        options=tuple(
            Option(str(value), wording.option(form.identifier, value), _picture(form, value)) for value in form.values
        ),
        skip=SKIP if kind == "options" and RATHER_NOT not in form.values else "",
        hint=_hint(form, wording),
        low=form.low,
        high=form.high,
        longest=LONGEST_TEXT,
        given=given,
        wrong=_wrong(form, wording) if wrong else "",
        would_be_wrong=_wrong(form, wording),
    )


def _hint(form: AnswerFormat, wording: Wording) -> str:
    """What stands above a field to write in."""
    if form.kind == "number":
        return wording.page("number_hint", low=_whole(form.low), high=_whole(form.high))
    return wording.page("open_hint") if form.kind == "text" else ""


def _wrong(form: AnswerFormat, wording: Wording) -> str:
    """What stands at a question whose answer cannot be kept."""
    if form.kind == "number":
        return wording.page("mistake_number", low=_whole(form.low), high=_whole(form.high))
    if form.kind == "text":
        return wording.page("mistake_text", longest=LONGEST_TEXT)
    return wording.page("mistake_option")


def _whole(end: float | None) -> str:
    return "" if end is None else f"{end:g}"


def _picture(form: AnswerFormat, value: int) -> Markup | None:
    """The drawing of one answer. A screen reader hears its words alone."""
    from commonbeat.listen.bank.pictures import picture

    drawn = picture(form, value)
    return None if drawn is None else Markup(drawn)  # noqa: S704 - our own drawings
