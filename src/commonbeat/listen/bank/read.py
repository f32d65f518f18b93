"""The bank of items: the shipped files, a team's own beside them, and the words of every language, or every mistake in them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import Mistakes
from commonbeat.listen.bank.children import child_mistakes
from commonbeat.listen.bank.entries import read_format, read_scale
from commonbeat.listen.bank.item import Bank
from commonbeat.listen.bank.own import own_words, without_words
from commonbeat.listen.bank.words import (
    LANGUAGES_FOLDER,
    MODEL_LANGUAGE,
    check_against_model,
    read_languages,
    read_tree,
    unreadable,
)

if TYPE_CHECKING:
    from commonbeat.listen.bank.item import AnswerFormat, Scale
    from commonbeat.listen.bank.words import Words

__all__ = ["Bank", "load_bank"]

SCALES_FOLDER: Final = Path(__file__).parent / "scales"
OWN_KEYS: Final = ("format", "languages_folder", "scale")


def load_bank(own: str | Path | None = None, languages_folder: str | Path | None = None) -> Bank:
    """Every scale that can be asked, with its words.

    own: a team's own items, a TOML file of the same shape with the words inside; it may name a `languages_folder` beside it.
    languages_folder: further languages, one folder each. Raises BankError with every mistake in them.
    """
    shipped = _shipped()
    if own is None and languages_folder is None:
        return shipped
    mistakes = Mistakes()
    tree = read_tree(Path(own), mistakes) if own is not None else {}
    folders = [Path(languages_folder)] if languages_folder is not None else []
    if own is not None and isinstance(tree.get("languages_folder"), str):
        folders.append(Path(own).parent / tree["languages_folder"])
    words = dict(shipped.words)
    for folder in folders:
        words = _with_languages(words, folder, mistakes)
    bank = _with_own(shipped, words, tree, Path(own).name if own is not None else "", mistakes)
    unreadable(mistakes)
    return bank


@lru_cache(maxsize=1)
def _shipped() -> Bank:
    mistakes = Mistakes()
    words = read_languages(LANGUAGES_FOLDER, mistakes)
    for each in words.values():
        check_against_model(each, words[MODEL_LANGUAGE], mistakes)
    formats: dict[str, AnswerFormat] = {}
    scales: dict[str, Scale] = {}
    for path in sorted(SCALES_FOLDER.glob("*.toml")):
        _add(read_tree(path, mistakes), path.name, formats, scales, mistakes)
    for scale in scales.values():
        child_mistakes(scale, words, mistakes, scale.identifier)
    unreadable(mistakes)
    return Bank(MappingProxyType(scales), MappingProxyType(formats), MappingProxyType(words))


def _add(
    tree: dict[str, Any], file: str, formats: dict[str, AnswerFormat], scales: dict[str, Scale], mistakes: Mistakes
) -> None:
    """The formats and scales of one file stand beside those of the files before it; nothing stands there twice."""
    for key in sorted(tree.keys() - set(OWN_KEYS)):
        mistakes.add(f"{file} {key}", None, "is no part of a file of items", f"Known: {', '.join(OWN_KEYS)}.")
    taken = {item.identifier: scale.identifier for scale in scales.values() for item in scale.items}
    for name, entry in _tables(tree, "format", file, mistakes).items():
        if name in formats:
            mistakes.add(f"{file} format.{name}", None, "is the name of a format already", "Give it another.")
        elif (made := read_format(f"{file} format.{name}", name, entry, mistakes)) is not None:
            formats[name] = made
    for name, entry in _tables(tree, "scale", file, mistakes).items():
        for identifier in _identifiers(entry):
            if identifier in taken:
                rule = f"is an item of {taken[identifier]} already"
                mistakes.add(f"{file} scale.{name}", identifier, rule, "Give it another identifier.")
            taken[identifier] = name
        if name in scales:
            mistakes.add(f"{file} scale.{name}", None, "is the name of a scale already", "Give it another.")
        elif (scale := read_scale(f"{file} scale.{name}", name, entry, formats, mistakes)) is not None:
            scales[name] = scale


def _identifiers(entry: dict[str, Any]) -> list[str]:
    items = entry.get("item")
    found = [each.get("identifier") for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    return [each for each in found if isinstance(each, str)]


def _tables(tree: dict[str, Any], key: str, file: str, mistakes: Mistakes) -> dict[str, dict[str, Any]]:
    found = tree.get(key, {})
    if isinstance(found, dict) and all(isinstance(entry, dict) for entry in found.values()):
        return found
    mistakes.add(f"{file} {key}", None, "is not a table of tables", f"Begin each entry with [{key}.name].")
    return {}


def _with_languages(words: dict[str, Words], folder: Path, mistakes: Mistakes) -> dict[str, Words]:
    found = read_languages(folder, mistakes)
    for code, each in found.items():
        if code in words:
            mistakes.add(f"{folder.name}/{code}", None, "is a language that is there already", "Name another.")
        check_against_model(each, words[MODEL_LANGUAGE], mistakes)
    return {**found, **words}


def _with_own(shipped: Bank, words: dict[str, Words], tree: dict[str, Any], file: str, mistakes: Mistakes) -> Bank:
    """The bank with a team's own formats and scales in it, checked like the shipped ones and against their own words."""
    formats, scales = dict(shipped.formats), dict(shipped.scales)
    if "languages_folder" in tree and not isinstance(tree["languages_folder"], str):
        mistakes.add(f"{file} languages_folder", tree["languages_folder"], "is not a path", 'Write "languages".')
    if file and not mistakes.found and not tree.get("scale"):
        mistakes.add(file, None, "holds no scale", "Begin with [scale.name] and [[scale.name.item]].")
    _add(without_words(tree), file, formats, scales, mistakes)
    own = frozenset(scales) - frozenset(shipped.scales)
    for name in sorted(formats.keys() - shipped.formats.keys()):
        if formats[name].pictures:
            rule = "has no drawings: they come with the shipped formats"
            mistakes.add(f"{file} format.{name}.pictures", True, rule, "Take faces_5, amount_4 or yes_maybe_no.")
    texts = own_words(tree, file, words, mistakes)
    words = {code: each.with_own(texts[code]) for code, each in words.items()}
    for name in sorted(own):
        child_mistakes(scales[name], words, mistakes, f"{file} scale.{name}")
    return Bank(MappingProxyType(scales), MappingProxyType(formats), MappingProxyType(words), own)
