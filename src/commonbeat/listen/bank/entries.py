"""One entry of a file of items: an answer format, a scale, an item. Whatever is wrong with it is noted, all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from commonbeat.claims.catalogue import CLAIM_PATTERN
from commonbeat.errors import did_you_mean
from commonbeat.listen.bank.constructs import CONSTRUCTS
from commonbeat.listen.bank.item import ANSWER_KINDS, AUDIENCES, OUTCOMES, SCALE_KINDS, AnswerFormat, Item, Scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from commonbeat.errors import Mistakes

NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
FORMAT_KEYS: Final = ("kind", "values", "pictures", "low", "high", "unscored")
ITEM_KEYS: Final = ("identifier", "format", "reversed", "sensitive", "audience", "correct")
SCALE_KEYS: Final = (
    "construct", "claim", "outcome", "kind", "audience", "source", "source_url_or_doi", "reliability",
    "reliability_source", "minutes", "sensitive", "item",
)  # fmt: skip
NOT_PUBLISHED: Final = "not published for this wording"
# Assumed, near what panels report (docs/items.md): nine seconds to read and choose, twelve where a child does.
MINUTES: Final = {"options": 0.15, "pictures": 0.2, "number": 0.2, "text": 1.0}
MOST_OPTIONS: Final = 12
LARGEST_NUMBER: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a file, with the place to name in a mistake."""

    place: str
    tree: Mapping[str, Any]
    mistakes: Mistakes

    def only(self, known: Iterable[str]) -> None:
        """A mistake is noted for each key that has no meaning here."""
        for key in self.tree.keys() - set(known):
            self.mistakes.add(f"{self.place}.{key}", None, "is no key that belongs here", did_you_mean(key, known))

    def text(self, key: str, default: str | None = None) -> str:
        """A text of one to 400 characters."""
        value = self.tree.get(key, default)
        if not isinstance(value, str) or len(value) > 400 or (default is None and not value.strip()):
            rule = "is missing" if value is None else "is not a text of 1 to 400 characters"
            self.mistakes.add(f"{self.place}.{key}", value, rule, "Write it in quotes.")
            return ""
        return value.strip()

    def one_of(self, key: str, known: Iterable[str], *, optional: bool = False) -> str | None:
        """One of the known words; None where it may be left out and is."""
        value = self.tree.get(key)
        if value is None and optional:
            return None
        if not isinstance(value, str) or value not in known:
            rule = "is missing" if value is None else "is not known here"
            self.mistakes.add(f"{self.place}.{key}", value, rule, did_you_mean(str(value), known))
        return str(value)

    def truth(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self.tree.get(key, default)
        if not isinstance(value, bool):
            self.mistakes.add(f"{self.place}.{key}", value, "is neither true nor false", "Write true or false.")
            return default
        return value

    def number(self, key: str, low: float, high: float) -> float | None:
        """A number between low and high, or None where there is none."""
        value = self.tree.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.mistakes.add(f"{self.place}.{key}", value, f"is not a number from {low:g} to {high:g}", "Correct it.")
            return None
        return value

    def whole_numbers(self, key: str) -> tuple[int, ...]:
        """Whole numbers, each once."""
        value = self.tree.get(key, [])
        whole = isinstance(value, list) and all(isinstance(v, int) and not isinstance(v, bool) for v in value)
        if not whole or len(set(value)) < len(value):
            rule = "is not a list of whole numbers, each once"
            self.mistakes.add(f"{self.place}.{key}", value, rule, "Write for example [1, 2, 3].")
            return ()
        return tuple(value)

    def audience(self, default: frozenset[str] | None = None) -> frozenset[str]:
        """Who is asked: some of adult, child, officer."""
        value = self.tree.get("audience")
        if value is None and default is not None:
            return default
        if not isinstance(value, list) or not value or not all(each in AUDIENCES for each in value):
            rule = "is missing" if value is None else "names somebody who is not known"
            self.mistakes.add(f"{self.place}.audience", value, rule, f"Known: {', '.join(AUDIENCES)}.")
            return frozenset()
        return frozenset(value)

    def named(self, name: str) -> None:
        """A mistake is noted if the name is no name."""
        if not NAME.fullmatch(name):
            rule = "is not made of 2 to 40 small letters, digits and _, a letter first"
            self.mistakes.add(self.place, name, rule, "Rename it.")


def read_format(place: str, name: str, tree: Mapping[str, Any], mistakes: Mistakes) -> AnswerFormat | None:
    """The format of that entry, or None after its mistakes are noted."""
    before, entry = len(mistakes.found), Entry(place, tree, mistakes)
    entry.named(name)
    entry.only(FORMAT_KEYS)
    kind = entry.one_of("kind", ANSWER_KINDS)
    values, unscored = entry.whole_numbers("values"), entry.whole_numbers("unscored")
    low = entry.number("low", -LARGEST_NUMBER, LARGEST_NUMBER)
    high = entry.number("high", -LARGEST_NUMBER, LARGEST_NUMBER)
    if kind == "options" and not 2 <= len(values) <= MOST_OPTIONS:
        mistakes.add(f"{place}.values", list(values), f"does not list 2 to {MOST_OPTIONS} answers", "Write [1, 2, 3].")
    if kind != "options" and (values or tree.get("pictures")):
        mistakes.add(f"{place}.values", None, f"makes no sense for a {kind}", 'Leave it out, or set kind = "options".')
    if kind == "number" and (low is None or high is None or low >= high):
        mistakes.add(f"{place}.low and high", None, "do not bound the number", "Write low = 0 and high = 99.")
    if not set(unscored) <= set(values):
        mistakes.add(f"{place}.unscored", list(unscored), "is not among the values", "List values only.")
    pictures = entry.truth("pictures")
    if len(mistakes.found) > before:
        return None
    return AnswerFormat(name, kind, values, pictures, low, high, unscored)  # pyright: ignore[reportArgumentType]


def read_scale(
    place: str, name: str, tree: Mapping[str, Any], formats: Mapping[str, AnswerFormat], mistakes: Mistakes
) -> Scale | None:
    """The scale of that entry with its items, or None after its mistakes are noted."""
    before, entry = len(mistakes.found), Entry(place, tree, mistakes)
    entry.named(name)
    entry.only(SCALE_KEYS)
    audience, sensitive = entry.audience(), entry.truth("sensitive")
    items = tuple(_items(place, name, tree, formats, audience, mistakes, sensitive=sensitive))
    claim = entry.text("claim") if "claim" in tree else None
    if claim is not None and not re.fullmatch(CLAIM_PATTERN, claim):
        mistakes.add(f"{place}.claim", claim, "is no claim of the story", "Write C1 to C16, or leave it out.")
    reliability = entry.number("reliability", 0, 1)
    made = Scale(
        identifier=name,
        construct=entry.one_of("construct", CONSTRUCTS) or "",
        claim=claim,
        outcome=entry.one_of("outcome", OUTCOMES, optional=True),
        items=items,
        source=entry.text("source"),
        source_url_or_doi=entry.text("source_url_or_doi", ""),
        reliability=reliability,
        reliability_source=entry.text("reliability_source", None if reliability is not None else NOT_PUBLISHED),
        audience=audience,
        kind=entry.one_of("kind", SCALE_KINDS) or "single",  # pyright: ignore[reportArgumentType]
        minutes=entry.number("minutes", 0.05, 60) or round(sum(map(_minutes, items)), 2),
    )
    return made if len(mistakes.found) == before else None


def _minutes(item: Item) -> float:
    return MINUTES["pictures" if item.format.pictures else item.format.kind]


def _items(
    place: str,
    scale: str,
    tree: Mapping[str, Any],
    formats: Mapping[str, AnswerFormat],
    audience: frozenset[str],
    mistakes: Mistakes,
    *,
    sensitive: bool,
) -> Iterable[Item]:
    entries = tree.get("item")
    if not isinstance(entries, list) or not entries or not all(isinstance(each, dict) for each in entries):
        mistakes.add(f"{place}.item", None, "is missing", f"Begin each item with [[scale.{scale}.item]].")
        return
    for number, each in enumerate(entries, start=1):
        identifier = each.get("identifier")
        if not isinstance(identifier, str):
            mistakes.add(f"{place}.item {number}.identifier", identifier, "is missing or no text", "Name it.")
            continue
        entry = Entry(f"{place}.{identifier}", each, mistakes)
        entry.named(identifier)
        entry.only(ITEM_KEYS)
        format_name = entry.one_of("format", formats)
        asked = entry.audience(audience)
        if not asked <= audience:
            rule = "is wider than the scale's"
            mistakes.add(f"{entry.place}.audience", sorted(asked), rule, f"The scale's: {', '.join(sorted(audience))}.")
        is_sensitive, is_reversed = entry.truth("sensitive", default=sensitive), entry.truth("reversed")
        if format_name is not None and format_name in formats:
            answers = formats[format_name]
            correct = _correct(entry, answers)
            yield Item(identifier, scale, answers, is_reversed, asked, is_sensitive, correct)


def _correct(entry: Entry, answers: AnswerFormat) -> int | None:
    correct = entry.tree.get("correct")
    if correct is not None and (isinstance(correct, bool) or correct not in answers.values):
        rule = f"is no answer of {answers.identifier}"
        entry.mistakes.add(f"{entry.place}.correct", correct, rule, f"Known: {', '.join(map(str, answers.values))}.")
        return None
    return correct
