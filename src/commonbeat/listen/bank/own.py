"""The words inside a team's own file: beside each item, scale and format, one sentence for a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commonbeat.errors import did_you_mean
from commonbeat.listen.bank.words import LONGEST, Words, option_words, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.errors import Mistakes

WORDS = ("wording", "lead")


def without_words(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree as the shipped files have it: without sentences."""
    return {key: _without(value) if key in ("format", "scale") else value for key, value in tree.items()}


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner) for key, inner in value.items() if key not in WORDS}
    if isinstance(value, list):
        return [_without(inner) for inner in value]
    return value


def own_words(tree: dict[str, Any], file: str, known: Mapping[str, Words], mistakes: Mistakes) -> dict[str, Words]:
    """The own sentences of each known language. What has no words in any language, or words in an unknown one, is noted."""
    items: dict[str, dict[str, str]] = {code: {} for code in known}
    leads: dict[str, dict[str, str]] = {code: {} for code in known}
    options: dict[str, dict[tuple[str, int], str]] = {code: {} for code in known}
    for name, entry in _dicts(tree.get("scale")).items():
        place = f"{file} scale.{name}"
        for code, text in _by_language(f"{place}.lead", entry.get("lead", {}), "lead", known, mistakes).items():
            leads[code][name] = text
        entries = entry.get("item")
        for item in entries if isinstance(entries, list) else []:
            if isinstance(item, dict) and isinstance(item.get("identifier"), str):
                found = _by_language(
                    f"{place}.{item['identifier']}.wording", item.get("wording"), "item", known, mistakes
                )
                for code, text in found.items():
                    items[code][item["identifier"]] = text
    for name, entry in _dicts(tree.get("format")).items():
        for code, texts in _format_words(f"{file} format.{name}", name, entry, known, mistakes).items():
            options[code] |= texts
    return {
        code: Words(code, words.name, words.direction, items[code], leads[code], options[code])
        for code, words in known.items()
    }


def _dicts(value: Any) -> dict[str, dict[str, Any]]:
    return {name: each for name, each in value.items() if isinstance(each, dict)} if isinstance(value, dict) else {}


def _by_language(place: str, tree: Any, what: str, known: Mapping[str, Words], mistakes: Mistakes) -> dict[str, str]:
    """Sentences by language: { en = "...", es = "..." }."""
    if tree is None or (tree == {} and what != "lead"):
        mistakes.add(place, None, "is missing", 'Write wording = { en = "...", es = "..." }.')
        return {}
    found = sentences(place, tree, LONGEST[what], mistakes)
    return {code: text for code, text in found.items() if _is_known(place, code, known, mistakes)}


def _format_words(
    place: str, name: str, entry: dict[str, Any], known: Mapping[str, Words], mistakes: Mistakes
) -> dict[str, dict[tuple[str, int], str]]:
    """The options of a format by language; a number and a text need no words."""
    tree = entry.get("wording", {})
    if not isinstance(tree, dict) or (not tree and entry.get("kind") == "options"):
        mistakes.add(f"{place}.wording", None, "is missing", f'Write [format.{name}.wording.en] and 1 = "...".')
        return {}
    found: dict[str, dict[tuple[str, int], str]] = {}
    values = entry.get("values")
    for code, options in tree.items():
        if not _is_known(f"{place}.wording", code, known, mistakes):
            continue
        found[code] = option_words(f"{place}.wording.{code}", name, options, mistakes)
        for _, value in found[code]:
            if isinstance(values, list) and value not in values:
                mistakes.add(f"{place}.wording.{code}", value, "is no value of the format", f"Known: {values}.")
    return found


def _is_known(place: str, code: str, known: Mapping[str, Words], mistakes: Mistakes) -> bool:
    if code not in known:
        mistakes.add(f"{place}.{code}", None, "is no language with words of its own", did_you_mean(code, known))
    return code in known
