"""A new study's file: a copy of a shipped example that begins today, or a form of the same design in one's own words."""

from __future__ import annotations

import re
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tomlkit import TOMLDocument

    from commonbeat.listen.bank.item import Bank

EXAMPLES: Final = {"present": "dance-off-present", "residents": "dance-off-residents", "viewers": "dance-off-viewers"}
BY_LANGUAGE: Final = ("title", "purpose", "debriefing", "compensation", "description", "text", "captions")
FORM_HEADING: Final = """\
# A study to fill in. Every text that begins with [TO BE REPLACED] is yours to write; until then the study can be checked and not opened.
# What each key means stands in the documentation, on the page of a study's keys. Check it, and see what is left to do, with
#
#     commonbeat listen status STUDY.toml

"""


@dataclass(frozen=True, slots=True)
class StudyBeginning:
    """What is known of a study before its file is written; "" and () for what is not. `like` names a shipped study to copy as it is."""

    like: str = ""
    design: str = ""
    identifier: str = ""
    title: str = ""
    languages: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    organisation: str = ""
    collected_by: str = ""
    contact: str = ""
    encounter: str = ""
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewStudy:
    """A study's file as TOML text, the identifier in it, where it stands ("" for nowhere), and what is left to do before it opens.

    notes: what a copy of an example has of its own, and what it still has of the example.
    """

    identifier: str
    text: str
    file: str
    to_do: tuple[str, ...]
    notes: tuple[str, ...] = ()


def new_study(out: str | Path | None = None, beginning: StudyBeginning | None = None) -> NewStudy:
    """A sound study as TOML; a file at `out`, which must not exist, holds it when one is named.

    With `like`, a copy of that shipped study, whose days begin on `starts_on` (today if left out) and which is not marked as invented: whoever
    answers it is real. Otherwise a form of the design (residents if none is named) with what is known filled in.

    Raises:
        StudyError: when the example is not known, or what is known already cannot be used; every mistake is listed.
        RunFolderError: when something stands at `out`; nothing is ever written over.
    """
    from commonbeat.listen.study.materials import missing_materials
    from commonbeat.listen.study.reading import parse_study
    from commonbeat.results.disk import refuse_existing, write_whole

    known = beginning or StudyBeginning()
    if out is not None:
        refuse_existing(Path(out))
    text = _copied(known) if known.like else _form(known)
    folder = Path(out).absolute().parent if out is not None else Path.cwd()
    study = parse_study(text, folder=folder, source=str(out or "The new study"))
    if out is not None:
        write_whole(Path(out), text.encode("utf-8"))
    to_do = tuple(str(each) for each in missing_materials(study))
    return NewStudy(study.identifier, text, str(out or ""), to_do, _notes(known))


def _copied(known: StudyBeginning) -> str:
    """The shipped study with its comments, without what says that it is invented, its days moved, and whatever is known put in."""
    from tomlkit import dumps, parse

    text = _without_heading(_example_text(known.like))
    for key in ("organisation", "contact"):
        if getattr(known, key):  # or the remark would stand beside words that are not made up
            text = re.sub(rf"^({key} = .*?) *# made up$", r"\1", text, flags=re.MULTILINE)
    document = parse(text)
    document.remove("invented")
    _put(document, known)
    _move_days(document, known.starts_on or _today())
    return f"# A copy of {known.like}, the study that comes with Common Beat.\n\n{dumps(document)}"


def _notes(known: StudyBeginning) -> tuple[str, ...]:
    """What to know of a copy."""
    if not known.like:
        return ()
    kept = [f"{key} (--{key})" for key in ("identifier", "title", "organisation", "contact") if not getattr(known, key)]
    still = f"Still as in the example, so put in your own before anybody is asked: {', '.join(kept)}."
    begins = f"on {known.starts_on}" if known.starts_on else "today"
    own = f"Unlike {known.like}, it is not marked as invented, and it begins {begins}."
    return (own, *([still] if kept else []))


def _form(known: StudyBeginning) -> str:
    """The example of the design without its own words."""
    from tomlkit import dumps, parse

    from commonbeat.listen.study.words import TO_REPLACE

    text = _example_text(EXAMPLES.get(known.design or "residents", known.design))
    text = _without_heading(text)
    text = re.sub(r" *# (?:made up|the day of the encounter)$", "", text, flags=re.MULTILINE)
    document = parse(text)
    for key in ("title", "purpose", "debriefing"):
        for language in document[key]:  # pyright: ignore[reportGeneralTypeIssues] - tables of texts
            document[key][language] = f"{TO_REPLACE} {MEANING[key]}"  # pyright: ignore[reportIndexIssue]
    document["invented"] = False
    document["organisation"] = f"{TO_REPLACE} Who asks"
    document["contact"] = f"{TO_REPLACE} How to reach a person"
    document["identifier"] = f"study-{secrets.token_hex(4)}"
    document["seed"] = secrets.randbelow(2**31)
    if not known.encounter:
        document.remove("encounter")
    for arm in document.get("arms", ()):
        for key in ("description", "text"):
            for language in arm.get(key, ()):
                arm[key][language] = f"{TO_REPLACE} {MEANING[key]}"
    _put(document, known)
    _move_days(document, known.starts_on or _today())
    return FORM_HEADING + dumps(document)


MEANING: Final = {
    "title": "What respondents read above every page",
    "purpose": "What the study is for",
    "debriefing": "What respondents are told at the end",
    "description": "What is seen and heard in the film",
    "text": "What is shown to read",
}


def _example_text(name: str) -> str:
    from commonbeat.errors import Mistake, StudyError, did_you_mean
    from commonbeat.listen.study.shipped import SHIPPED, shipped_study

    if name not in SHIPPED:
        way_out = did_you_mean(name, [*SHIPPED, *EXAMPLES])
        raise StudyError("No study can be begun like this:", [Mistake(name, None, "is not shipped", way_out)])
    return shipped_study(name).read_text(encoding="utf-8")


def _without_heading(text: str) -> str:
    """The example without what it says of itself."""
    return re.sub(r"\A(?:#.*\n)+\n*", "", text)


def _put(document: TOMLDocument, known: StudyBeginning) -> None:
    """Whatever is known stands in the document."""
    for key in ("identifier", "organisation", "collected_by", "contact", "encounter"):
        if getattr(known, key):
            document[key] = getattr(known, key)
    if known.languages:
        document["languages"] = list(known.languages)
        _choose_languages(document, known.languages)
    if known.title:
        _entitle(document, known.title)
    if known.audience:
        document["audience"] = list(known.audience)
        _choose_scales(document, known.audience)


def _entitle(document: TOMLDocument, title: str) -> None:
    """The title stands in the study's first language. In the others it is still to be written: one language never stands in another's pages."""
    from commonbeat.listen.study.words import TO_REPLACE

    for place, language in enumerate(document["languages"]):  # pyright: ignore[reportArgumentType] - a list
        document["title"][language] = f"{TO_REPLACE} {title}" if place else title  # pyright: ignore[reportIndexIssue]


def _choose_languages(table: MutableMapping[str, Any], languages: Sequence[str]) -> None:
    """Every text of the document stands in these languages and no other; one that nobody has written yet says so."""
    from commonbeat.listen.study.words import TO_REPLACE

    for key, value in table.items():
        if key in BY_LANGUAGE and isinstance(value, MutableMapping):
            for language in [each for each in value if each not in languages]:
                del value[language]
            for language in languages:
                value.setdefault(language, f"{TO_REPLACE} {MEANING.get(key, key)}")
        elif isinstance(value, MutableMapping):
            _choose_languages(value, languages)
        elif isinstance(value, list):
            for row in value:
                if isinstance(row, MutableMapping):
                    _choose_languages(row, languages)


def _choose_scales(document: TOMLDocument, audience: Sequence[str]) -> None:
    """What nobody of the audience may be asked is taken out."""
    from commonbeat.listen.bank.read import load_bank

    bank = load_bank()
    for holder in (document, *document["waves"]):  # pyright: ignore[reportGeneralTypeIssues] - a list of tables
        if "scales" in holder:
            holder["scales"] = [each for each in holder["scales"] if _for(bank, each, audience)]


def _for(bank: Bank, scale: str, audience: Sequence[str]) -> bool:
    return scale not in bank.scales or bool(bank.scales[scale].audience & set(audience))


def _move_days(document: TOMLDocument, starts_on: date) -> None:
    """All days lie as far from each other as before, and the study begins on `starts_on`."""
    first = document["starts_on"]
    moved = starts_on - date(first.year, first.month, first.day)  # pyright: ignore[reportAttributeAccessIssue] - a day
    for key in ("starts_on", "closes_on", "kept_until", "day_zero"):
        if key in document:
            day: Any = document[key]
            document[key] = date(day.year, day.month, day.day) + timedelta(days=moved.days)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the day as it is where the study is made
