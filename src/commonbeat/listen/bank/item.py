"""What can be asked: an item, the format of its answers, the scale that it belongs to, and the bank of them all.

Nothing here has words for a respondent: those stand apart, one folder for a language (wording.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from commonbeat.errors import BankError, Mistake, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.listen.bank.words import Words

Audience = Literal["adult", "child", "officer"]
AnswerKind = Literal["options", "number", "text"]
ScaleKind = Literal["index", "single", "behaviour", "check", "open", "background"]

AUDIENCES: Final = ("adult", "child", "officer")
ANSWER_KINDS: Final = ("options", "number", "text")
SCALE_KINDS: Final = ("index", "single", "behaviour", "check", "open", "background")
Entry = TypeVar("Entry")
OUTCOMES: Final = ("trust", "cooperation", "prejudice", "reform", "regard")


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """How an item is answered.

    kind: "options" (one of `values`), "number" (whole, from low to high) or "text". values: the codes, in the order in which they
    are shown. unscored: those of them that are answers but no points of the scale, such as "rather not say"; a score leaves them out.
    pictures: each option has a drawing beside its words.
    """

    identifier: str
    kind: AnswerKind
    values: tuple[int, ...] = ()
    pictures: bool = False
    low: float | None = None
    high: float | None = None
    unscored: tuple[int, ...] = ()

    @property
    def scored(self) -> tuple[int, ...]:
        """The codes that are points of the scale."""
        return tuple(value for value in self.values if value not in self.unscored)


@dataclass(frozen=True, slots=True)
class Item:
    """One question: its scale, how it is answered, whether more of it means less of the construct, and who is asked.

    sensitive: about groups of people, about what the police did to the person, or about who the person is; never asked of a child.
    correct: the answer that an attention check wants, None elsewhere.
    """

    identifier: str
    scale: str
    format: AnswerFormat
    reversed: bool
    audience: frozenset[str]
    sensitive: bool = False
    correct: int | None = None

    @property
    def open_text(self) -> bool:
        """True if the answer is written in the person's own words."""
        return self.format.kind == "text"


@dataclass(frozen=True, slots=True)
class Scale:
    """Items that ask for one thing.

    construct: what is asked for, one of constructs.py. claim: the claim of the story that it speaks to ("C5"), if any. outcome: the
    outcome of the simulator that it measures, if any. source: whose scale or survey it comes after. reliability: as published for the
    source's own wording, a planning figure for ours; None where there is none. minutes: to answer it all once.
    """

    identifier: str
    construct: str
    claim: str | None
    outcome: str | None
    items: tuple[Item, ...]
    source: str
    source_url_or_doi: str
    reliability: float | None
    reliability_source: str
    audience: frozenset[str]
    kind: ScaleKind
    minutes: float


@dataclass(frozen=True, slots=True)
class Bank:
    """All scales by name, all formats, and the words of every language; `own` names the scales that a team added."""

    scales: Mapping[str, Scale]
    formats: Mapping[str, AnswerFormat]
    words: Mapping[str, Words]
    own: frozenset[str] = frozenset()
    _items: Mapping[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {item.identifier: item for scale in self.scales.values() for item in scale.items}
        object.__setattr__(self, "_items", MappingProxyType(by_name))

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of all languages that have words, in order: en, es, ..."""
        return tuple(sorted(self.words))

    @property
    def items(self) -> Mapping[str, Item]:
        """Every item by its identifier."""
        return self._items

    def item(self, identifier: str) -> Item:
        """The item of that name. Raises BankError with the nearest name if there is none."""
        return _found(self._items, identifier, "item")

    def scale(self, identifier: str) -> Scale:
        """The scale of that name. Raises BankError with the nearest name if there is none."""
        return _found(self.scales, identifier, "scale")


def _found(known: Mapping[str, Entry], name: str, what: str) -> Entry:
    if name in known:
        return known[name]
    raise BankError(
        "The bank has no such entry:", [Mistake(what, name, "is not in the bank", did_you_mean(name, known))]
    )
