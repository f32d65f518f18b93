"""The parts that every page made from code shares: its heading, tables, and the keys of a TOML file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MADE_BY = "<!-- Made by scripts/write_reference_docs.py: change what it is made from, not this file. -->"
LONGEST_DEFAULT = 40
KINDS = {
    "array": "list",
    "boolean": "`true` or `false`",
    "integer": "whole number",
    "number": "number",
    "object": "tables",
    "string": "text",
}


def page(title: str, *parts: str) -> str:
    """A page with its title, the note that it is made, and its parts."""
    return "\n\n".join([MADE_BY, f"# {title}", *(part.strip("\n") for part in parts)]) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; what would end a cell or a line early is written so that it does not."""
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def cell(value: object) -> str:
    """One value inside a table."""
    return re.sub(r"\s+", " ", str(value)).replace("|", "\\|").strip()


def plain(text: str) -> str:
    """Words from a ledger, with the signs that Markdown would read as its own made harmless."""
    return re.sub(r"([\\`*_{}\[\]<>#$~])", r"\\\1", text)


def figure(value: float) -> str:
    """Two digits that mean something: priors are not known any better."""
    return f"{value:.2g}" if abs(value) < 100 else f"{value:,.0f}"


def keys_section(title: str, model: Mapping[str, Any]) -> str:
    """The keys of one table of the scenario."""
    rows = [
        (f"`{name}`", shown_type(entry), shown_default(name, entry, model), plain(entry.get("description", "")))
        for name, entry in model["properties"].items()
    ]
    words = plain(model.get("description", ""))
    return "\n".join([f"## {title}", "", words, "", table(("key", "takes", "if left out", "meaning"), rows)])


def shown_type(entry: Mapping[str, Any]) -> str:
    """What may stand behind a key, in words."""
    entry = next((option for option in entry.get("anyOf", ()) if option.get("type") != "null"), entry)
    if "const" in entry or "enum" in entry:
        return " or ".join(f"`{json.dumps(word)}`" for word in entry.get("enum", [entry.get("const")]))
    if entry.get("format") == "date":
        return "day"
    kind = KINDS.get(entry.get("type", ""), "table")
    low = entry.get("minimum", 0 if "exclusiveMinimum" in entry else None)
    high = entry.get("maximum")
    if "exclusiveMaximum" in entry:
        return f"{kind}, 0 or more"
    return kind if low is None else f"{kind}, {low:g} or more" if high is None else f"{kind}, {low:g} to {high:,g}"


def shown_default(name: str, entry: Mapping[str, Any], model: Mapping[str, Any]) -> str:
    """What stands for a key that is left out."""
    if name in model.get("required", ()):
        return "required"
    default = entry.get("default")
    text = (
        "" if default in (None, "", [], ()) else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    )
    return text if len(text) < LONGEST_DEFAULT else ""


def keys_page(title: str, intro: str, schema: Mapping[str, Any], places: Mapping[str, str]) -> str:
    """A page with the keys at the top level, and those of each table where it stands in the file."""
    sections = [keys_section("Top level", schema)]
    sections += [keys_section(f"`{place}`", schema["$defs"][name]) for name, place in places.items()]
    return page(title, intro, *sections)
