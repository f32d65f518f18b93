"""The XML of an ELAN file as plain parts, each with its place in the file's bytes.

The parser is expat without entities: a document type declaration, with which files blow up or reach for other files, is refused as soon as
it begins. Places are kept so that a change is put into the bytes and everything else stays as it was (`elan.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from commonbeat.errors import CodingError, Mistake

if TYPE_CHECKING:
    from collections.abc import Callable

HEADING: Final = "The ELAN file cannot be used as it stands:"
DEEPEST: Final = 40
MOST_DIGITS: Final = 15
WAY_OUT: Final = "Open it in ELAN and save it again."


@dataclass(slots=True)
class Annotation:
    """One annotation. start, end: ids of time slots, "" for one that refers to another; parent: the id of that one; previous: of its elder sibling."""

    id: str
    tier: str
    line: int
    start: str = ""
    end: str = ""
    parent: str = ""
    previous: str = ""
    value: str = ""


@dataclass(slots=True)
class Tier:
    """One tier. end_byte: where its end tag begins (or, for `<TIER .../>`, where the tag begins); closed: whether it has an end tag."""

    id: str
    kind: str
    participant: str
    annotator: str
    parent: str
    end_byte: int = 0
    closed: bool = True
    annotations: list[Annotation] = field(default_factory=list)


@dataclass(slots=True)
class Parts:
    """What the reader found. slots: (id, milliseconds or None) in their order; kinds: vocabulary by linguistic type; media: file names."""

    version: str = ""
    units: str = "milliseconds"
    slots: list[tuple[str, int | None]] = field(default_factory=list)
    tiers: list[Tier] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    vocabularies: dict[str, list[str]] = field(default_factory=dict)
    media: list[str] = field(default_factory=list)
    order_end_byte: int = -1
    order_closed: bool = True
    problems: list[Mistake] = field(default_factory=list)


def read_parts(content: bytes, name: str) -> Parts:
    """The parts of the file. Raises CodingError when it is no XML, no UTF-8, no ELAN file, or declares a document type."""
    reader = _Reader(content, name)
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        rule = f"is not well-formed XML: {expat.ErrorString(error.code)}"
        raise CodingError(HEADING, [Mistake(f"{name}, line {error.lineno}", None, rule, WAY_OUT)]) from error
    return reader.parts


class _Reader:
    """The handlers of the parser, and what they have found so far."""

    def __init__(self, content: bytes, name: str) -> None:
        self.content, self.name, self.parts = content, name, Parts()
        self.path: list[str] = []
        self.starts: list[int] = []
        self.text: list[str] = []
        self.annotation: Annotation | None = None
        self.vocabulary: list[str] | None = None
        self.beginnings: dict[str, Callable[[dict[str, str]], None]] = {
            "ANNOTATION_DOCUMENT": self._root,
            "HEADER": self._header,
            "MEDIA_DESCRIPTOR": self._media,
            "TIME_SLOT": self._slot,
            "TIER": self._tier,
            "ALIGNABLE_ANNOTATION": self._aligned,
            "REF_ANNOTATION": self._referring,
            "LINGUISTIC_TYPE": self._kind,
            "CONTROLLED_VOCABULARY": self._words,
        }
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.text.append

    def _refuse(self, value: object, rule: str, way_out: str = WAY_OUT) -> None:
        place = f"{self.name}, line {self.parser.CurrentLineNumber}"
        raise CodingError(HEADING, [Mistake(place, value, rule, way_out)])

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.casefold() not in ("utf-8", "utf8"):
            self._refuse(encoding, "is not the encoding that ELAN writes", "Save it as UTF-8 in ELAN.")

    def _doctype(self, *_: object) -> None:
        self._refuse(
            None,
            "declares a document type, which ELAN files never do and which can hide other files",
            "Take the line out.",
        )

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.path and tag != "ANNOTATION_DOCUMENT":
            self._refuse(tag, "is not the root of an ELAN file", "Give the .eaf file.")
        if len(self.path) >= DEEPEST:
            self._refuse(tag, f"stands more than {DEEPEST} levels deep")
        self.path.append(tag)
        self.starts.append(self.parser.CurrentByteIndex)
        self.text.clear()
        handler = self.beginnings.get(tag)
        if handler is not None:
            handler(attributes)

    def _end(self, tag: str) -> None:
        began, here = self.starts.pop(), self.parser.CurrentByteIndex
        closed = self.content[here : here + 2] == b"</"
        here = here if closed else began
        self.path.pop()
        if tag == "TIME_ORDER":
            self.parts.order_end_byte, self.parts.order_closed = here, closed
        elif tag == "TIER" and self.parts.tiers:
            self.parts.tiers[-1].end_byte, self.parts.tiers[-1].closed = here, closed
        elif tag == "ANNOTATION_VALUE" and self.annotation is not None:
            self.annotation.value = "".join(self.text)
        elif tag in ("CVE_VALUE", "CV_ENTRY") and self.vocabulary is not None:
            self.vocabulary.append("".join(self.text))
        self.text.clear()

    def _needed(self, attributes: dict[str, str], *names: str) -> list[str]:
        """The attributes' values; a missing one is a problem and "" here."""
        place = f"{self.name}, line {self.parser.CurrentLineNumber}"
        for name in names:
            if name not in attributes:
                self.parts.problems.append(Mistake(place, self.path[-1], f"has no {name}", WAY_OUT))
        return [attributes.get(name, "") for name in names]

    def _root(self, attributes: dict[str, str]) -> None:
        self.parts.version = attributes.get("VERSION") or attributes.get("FORMAT", "")

    def _header(self, attributes: dict[str, str]) -> None:
        self.parts.units = attributes.get("TIME_UNITS", "milliseconds")

    def _media(self, attributes: dict[str, str]) -> None:
        self.parts.media.append(attributes.get("RELATIVE_MEDIA_URL") or attributes.get("MEDIA_URL", ""))

    def _slot(self, attributes: dict[str, str]) -> None:
        (slot,) = self._needed(attributes, "TIME_SLOT_ID")
        written = attributes.get("TIME_VALUE")
        if written is not None and not (written.isdecimal() and len(written) <= MOST_DIGITS):
            place = f"{self.name}, line {self.parser.CurrentLineNumber}"
            self.parts.problems.append(Mistake(place, written, "is not a whole number of milliseconds", WAY_OUT))
            written = None
        self.parts.slots.append((slot, None if written is None else int(written)))

    def _tier(self, attributes: dict[str, str]) -> None:
        tier, kind = self._needed(attributes, "TIER_ID", "LINGUISTIC_TYPE_REF")
        participant, annotator, parent = (
            attributes.get(name, "") for name in ("PARTICIPANT", "ANNOTATOR", "PARENT_REF")
        )
        self.parts.tiers.append(Tier(tier, kind, participant, annotator, parent))

    def _aligned(self, attributes: dict[str, str]) -> None:
        own, start, end = self._needed(attributes, "ANNOTATION_ID", "TIME_SLOT_REF1", "TIME_SLOT_REF2")
        self._add(Annotation(own, "", self.parser.CurrentLineNumber, start, end))

    def _referring(self, attributes: dict[str, str]) -> None:
        own, parent = self._needed(attributes, "ANNOTATION_ID", "ANNOTATION_REF")
        previous = attributes.get("PREVIOUS_ANNOTATION", "")
        self._add(Annotation(own, "", self.parser.CurrentLineNumber, parent=parent, previous=previous))

    def _add(self, annotation: Annotation) -> None:
        if "TIER" not in self.path or not self.parts.tiers:
            place = f"{self.name}, line {annotation.line}"
            self.parts.problems.append(Mistake(place, annotation.id, "stands in no tier", WAY_OUT))
            return
        annotation.tier = self.parts.tiers[-1].id
        self.annotation = annotation
        self.parts.tiers[-1].annotations.append(annotation)

    def _kind(self, attributes: dict[str, str]) -> None:
        (kind,) = self._needed(attributes, "LINGUISTIC_TYPE_ID")
        self.parts.kinds[kind] = attributes.get("CONTROLLED_VOCABULARY_REF", "")

    def _words(self, attributes: dict[str, str]) -> None:
        (name,) = self._needed(attributes, "CV_ID")
        self.vocabulary = self.parts.vocabularies.setdefault(name, [])
