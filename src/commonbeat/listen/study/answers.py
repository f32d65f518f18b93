"""What somebody answered to the questions of a page: read off a form, checked, and nothing more than was asked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from commonbeat.errors import AnswerError, Mistakes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.listen.bank.item import Item
    from commonbeat.listen.study.pages import Page

LONGEST_TEXT: Final = 2000
SKIP: Final = "skip"  # what a form sends for "I would rather not answer"; an empty field means the same
NUMBER: Final = re.compile(r"[+-]?\d{1,9}", re.ASCII)
NO_OPTION: Final = "is none of the answers"
NO_NUMBER: Final = "is not a whole number"
OUT_OF_RANGE: Final = "is not between"
TOO_LONG: Final = "is longer than"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one item: a value for options and numbers, a text for open questions, neither where it was skipped."""

    item: str
    value: int | float | None = None
    text: str | None = None
    skipped: bool = False


def read_answers(page: Page, form: Mapping[str, str]) -> tuple[Answer, ...]:
    """One answer for each item of the page, in its order, from a form's fields, which are named as the items.

    A field that is empty, missing or "skip" is a skipped question; fields that are no items of the page are not looked at. Raises AnswerError
    with every answer that is out of range, no option or too long; each mistake's place is the item's identifier.
    """
    found = Mistakes()
    answers = tuple(_answer(item, form.get(item.identifier, ""), found) for item in page.items)
    found.raise_if_any(AnswerError, "These answers cannot be kept:")
    return answers


def _answer(item: Item, written: str, found: Mistakes) -> Answer:
    text = clean(written)
    if not text or (text == SKIP and item.format.kind != "text"):
        return Answer(item.identifier, skipped=True)
    if item.format.kind == "text":
        return Answer(item.identifier, text=_open_text(item, text, found))
    if item.format.kind == "number":
        return Answer(item.identifier, value=_number(item, text, found))
    value = int(text) if NUMBER.fullmatch(text) else None
    if value is None or value not in item.format.values:
        known = ", ".join(str(each) for each in item.format.values)
        found.add(item.identifier, text[:40], NO_OPTION, f"Known: {known}; or leave it empty.")
    return Answer(item.identifier, value=value)


def _open_text(item: Item, text: str, found: Mistakes) -> str:
    if len(text) > LONGEST_TEXT:
        rule = f"{TOO_LONG} {LONGEST_TEXT:,} characters ({len(text):,})"
        found.add(item.identifier, f"{text[:40]}...", rule, "Say it shorter.")
    return text


def _number(item: Item, text: str, found: Mistakes) -> int | None:
    low, high = item.format.low, item.format.high
    if not NUMBER.fullmatch(text):
        found.add(item.identifier, text[:40], NO_NUMBER, "Write it in digits, or leave it empty.")
        return None
    value = int(text)
    if (low is not None and value < low) or (high is not None and value > high):
        ends = f"{'' if low is None else f'{low:g}'} and {'any number' if high is None else f'{high:g}'}"
        found.add(item.identifier, value, f"{OUT_OF_RANGE} {ends}", "Write another number, or leave it empty.")
    return value


def clean(written: str) -> str:
    """The text without what cannot be printed or stored, with lines ended alike and no space around it."""
    lines = re.sub(r"\r\n?|[\u2028\u2029]", "\n", written)
    kept = (sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()
