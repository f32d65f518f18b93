"""The words of one language: what respondents read. Plain TOML files in a folder, one folder for a language.

A translator edits four files and needs nothing else: items.toml, options.toml, pages.toml and language.toml. English is the
model: every other language may lack keys (a study in that language then lists them), but has no key that English lacks, and the
same {names} in each sentence.
"""

from __future__ import annotations

import difflib
import re
import string
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import BankError, Mistakes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MODEL_LANGUAGE: Final = "en"
LANGUAGES_FOLDER: Final = Path(__file__).parent / "languages"
LANGUAGE_CODE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
FILES: Final = ("language", "items", "options", "pages")
LARGEST_BYTES: Final = 1_000_000
JOINERS: Final = str.maketrans("", "", "\u200c\u200d\u200e\u200f")  # some scripts cannot be written without them
LONGEST: Final = {"item": 300, "lead": 400, "option": 90, "page": 900}


@dataclass(frozen=True, slots=True)
class Words:
    """All sentences of one language.

    name: of the language, in itself. direction: "ltr" or "rtl". items: item -> question. leads: scale -> what stands above its items.
    options: (format, value) -> answer. pages: key -> sentence, with {names} to be filled in. by_audience: sentences that are said
    otherwise to somebody, by ("child", key).
    """

    code: str
    name: str
    direction: str
    items: Mapping[str, str] = field(default_factory=dict)
    leads: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[tuple[str, int], str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    by_audience: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def with_own(self, own: Words) -> Words:
        """These words and a team's own beside them."""
        return replace(
            self,
            items={**self.items, **own.items},
            leads={**self.leads, **own.leads},
            options={**self.options, **own.options},
        )


def read_languages(folder: Path, mistakes: Mistakes) -> dict[str, Words]:
    """The words of every language that has a folder below `folder`, by its code."""
    try:
        folders = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))
    except OSError as error:
        mistakes.add(str(folder), None, f"cannot be read: {(error.strerror or 'no folder').lower()}", "Check the path.")
        return {}
    found = {}
    for path in folders:
        if LANGUAGE_CODE.fullmatch(path.name):
            found[path.name] = _read_language(path, mistakes)
        else:
            mistakes.add(
                str(path), path.name, "is not the code of a language", "Name the folder as in en, es or pt-BR."
            )
    return found


def _read_language(folder: Path, mistakes: Mistakes) -> Words:
    trees = {name: read_tree(folder / f"{name}.toml", mistakes) for name in FILES}
    place = folder.name
    for key in sorted(trees["language"].keys() - {"name", "direction"}):
        mistakes.add(f"{place}/language.toml {key}", None, "is no key of a language", "Known: direction, name.")
    pages, by_audience = _pages(f"{place}/pages.toml", trees["pages"], mistakes)
    return Words(
        code=folder.name,
        name=_sentence(f"{place}/language.toml name", trees["language"].get("name"), 40, mistakes),
        direction=_direction(place, trees["language"].get("direction", "ltr"), mistakes),
        items=sentences(f"{place}/items.toml item", trees["items"].get("item", {}), LONGEST["item"], mistakes),
        leads=sentences(f"{place}/items.toml lead", trees["items"].get("lead", {}), LONGEST["lead"], mistakes),
        options=_options(f"{place}/options.toml", trees["options"], mistakes),
        pages=pages,
        by_audience=by_audience,
    )


def read_tree(path: Path, mistakes: Mistakes) -> dict[str, Any]:
    """The tables of a TOML file; an empty one after a mistake is noted."""
    try:
        if path.exists() and not path.is_file():
            mistakes.add(str(path), None, "is not a file", "Name the file itself.")
            return {}
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            mistakes.add(str(path), None, f"is larger than {LARGEST_BYTES:,} bytes", "Cut it into several.")
            return {}
        return tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        mistakes.add(str(path), None, f"cannot be read: {(error.strerror or 'no file').lower()}", "Check the path.")
    except RecursionError:
        mistakes.add(str(path), None, "is nested more deeply than any file of items", "Check the brackets.")
    except ValueError as error:  # a wrong encoding, wrong TOML and a path with a zero byte are all ValueErrors
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else f"is not TOML: {error}"
        mistakes.add(str(path), None, reason, "Mend that line; sentences stand in quotes.")
    return {}


def _direction(place: str, value: Any, mistakes: Mistakes) -> str:
    if value not in ("ltr", "rtl"):
        mistakes.add(f"{place}/language.toml direction", value, "is not a direction of writing", "Known: ltr, rtl.")
    return str(value)


def _sentence(place: str, value: Any, longest: int, mistakes: Mistakes) -> str:
    if not isinstance(value, str) or not value.strip():
        mistakes.add(place, value, "is not a sentence", "Write it in quotes, or take the line out.")
        return ""
    text = " ".join(value.split())
    if len(text) > longest:
        mistakes.add(place, f"{text[:40]}...", f"has {len(text)} characters, above {longest}", "Say it shorter.")
    if not text.translate(JOINERS).isprintable():
        mistakes.add(place, text[:40], "holds characters that cannot be printed", "Type it anew.")
    return text


def sentences(place: str, tree: Any, longest: int, mistakes: Mistakes) -> dict[str, str]:
    """Sentences by key, each a text that is not too long; whatever is not is noted."""
    if not isinstance(tree, dict):
        mistakes.add(place, tree, "is not a table of sentences", 'Write lines such as trust_decisions = "...".')
        return {}
    return {key: _sentence(f"{place}.{key}", value, longest, mistakes) for key, value in tree.items()}


def option_words(place: str, name: str, tree: Any, mistakes: Mistakes) -> dict[tuple[str, int], str]:
    """The words of one format's options: {1 = "Yes"} becomes {(format, 1): "Yes"}."""
    found = {}
    for key, text in sentences(place, tree, LONGEST["option"], mistakes).items():
        if re.fullmatch(r"-?\d+", key):
            found[name, int(key)] = text
        else:
            mistakes.add(f"{place}.{key}", None, "is not a code of an answer", 'Write for example 1 = "Yes".')
    return found


def _options(place: str, tree: dict[str, Any], mistakes: Mistakes) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for name, entries in tree.items():
        found |= option_words(f"{place} {name}", name, entries, mistakes)
    return found


def _pages(place: str, tree: dict[str, Any], mistakes: Mistakes) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Sentences by key, and those below [child] and [officer] by audience. Other tables are headings for the translator."""
    pages: dict[str, str] = {}
    by_audience: dict[tuple[str, str], str] = {}
    for name, table in tree.items():
        found = sentences(f"{place} {name}", table, LONGEST["page"], mistakes)
        if name in ("child", "officer"):
            by_audience |= {(name, key): text for key, text in found.items()}
            continue
        for key in found.keys() & pages.keys():
            mistakes.add(f"{place} {name}.{key}", None, "stands already under another heading", "Keep one.")
        pages |= found
    return pages, by_audience


def names_in(sentence: str) -> frozenset[str]:
    """The {names} that a sentence wants filled in. Raises ValueError where braces do not match, or hold more than a name."""
    names = set()
    for _, name, layout, conversion in string.Formatter().parse(sentence):
        if name is not None:
            if layout or conversion:
                raise ValueError("only names stand in braces")
            names.add(name)
    return frozenset(names)


def check_against_model(words: Words, model: Words, mistakes: Mistakes) -> None:
    """Every key of a language that its model lacks, and every sentence with other {names}, is noted."""
    for what, have, known in (
        ("items.toml item", words.items, model.items),
        ("items.toml lead", words.leads, model.leads),
        ("pages.toml", words.pages, model.pages),
    ):
        for key in have.keys() - known.keys():
            rule = f"is not in {model.code}"
            mistakes.add(f"{words.code}/{what} {key}", None, rule, nearest(key, known))
    for name, value in sorted(words.options.keys() - model.options.keys()):
        mistakes.add(f"{words.code}/options.toml {name}.{value}", None, f"is not in {model.code}", "Take it out.")
    for key, text in words.pages.items():
        _check_names(f"{words.code}/pages.toml {key}", text, model.pages.get(key, ""), mistakes)
    for (who, key), text in words.by_audience.items():
        place = f"{words.code}/pages.toml {who}.{key}"
        if key in model.pages:
            _check_names(place, text, model.pages[key], mistakes, may_leave_out=True)
        else:
            mistakes.add(place, None, f"is not in {model.code}", nearest(key, model.pages))


def _check_names(place: str, text: str, model: str, mistakes: Mistakes, *, may_leave_out: bool = False) -> None:
    """A sentence has its model's names; one for a child may leave some out, as it says less."""
    try:
        have, wanted = names_in(text), names_in(model)
    except ValueError:
        mistakes.add(place, text[:60], "has braces that do not match, or hold more than a name", "Write {date}.")
        return
    if not have <= wanted or (have < wanted and not may_leave_out):
        shown = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "none"
        mistakes.add(place, text[:60], f"does not have the model's names ({shown})", "Keep them as they are.")


def nearest(word: str, known: Iterable[str]) -> str:
    """The way out of a misspelt key where the list of all keys would be too long to read."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else "Take it out."


def unreadable(mistakes: Mistakes) -> None:
    """Nothing was noted, or BankError is raised with all of it."""
    mistakes.raise_if_any(BankError, "The items and their wordings cannot be used as they stand:")
