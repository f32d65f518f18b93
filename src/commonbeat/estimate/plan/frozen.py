"""A design frozen: its every value written out as TOML under the hash of that text, so that a later change shows.

The hash is of the text below the first lines, as it stands in the file. A later version that knows more keys still reads it as whole.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from commonbeat.estimate.design import design_text, parse_design

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from commonbeat.estimate.design import Design

MARK = "# frozen, SHA-256 of all lines below: "
ESTIMATING = ("estimate", "kernels", "datafile")  # the packages whose source decides an estimate; luck.py beside them


@dataclass(frozen=True, slots=True)
class FrozenDesign:
    """A design that was read again. recorded: the hash that its file names, None without one. found: the hash of its text."""

    design: Design
    recorded: str | None
    found: str

    @property
    def is_whole(self) -> bool:
        """Whether nobody changed the text since it was frozen."""
        return self.recorded == self.found


def freeze(design: Design) -> str:
    """The design as TOML with every value written out, under the hash of that text."""
    body = whole_text(design)
    return f"{MARK}{text_hash(body)}\n{body}"


def load_frozen(path: str | Path) -> FrozenDesign:
    """The design that a plan froze, and whether its text is still the one that was frozen.

    Raises:
        DesignError: where the file cannot be read or is no design.
    """
    text = design_text(path)
    first, _, rest = text.partition("\n")
    recorded = first.removeprefix(MARK).strip() if first.startswith(MARK) else None
    body = rest.replace("\r\n", "\n") if recorded is not None else text
    return FrozenDesign(parse_design(text, source=str(path)), recorded, text_hash(body))


def design_hash(design: Design) -> str:
    """SHA-256 of the design's whole text: the same for two designs that ask the same of the data."""
    return text_hash(whole_text(design))


def whole_text(design: Design) -> str:
    """Every value of the design as TOML, defaults too; the path to a plan is no part of a plan."""
    values = design.model_dump(exclude_none=True, exclude={"plan"})
    plain = {key: value for key, value in values.items() if not isinstance(value, dict)}
    tables = {key: value for key, value in values.items() if isinstance(value, dict) and value}
    return "".join([*lines(plain), *(line for key, value in tables.items() for line in table((key,), value))])


def table(path: tuple[str, ...], values: Mapping[str, Any]) -> Iterator[str]:
    """One table with its own keys first and the tables inside it after them."""
    inner = {key: value for key, value in values.items() if isinstance(value, dict)}
    yield f"\n[{'.'.join(quote(part) for part in path)}]\n"
    yield from lines({key: value for key, value in values.items() if key not in inner})
    for key, value in inner.items():
        yield from table((*path, key), value)


def lines(values: Mapping[str, Any]) -> Iterator[str]:
    """One line for each key."""
    for key, value in values.items():
        yield f"{quote(key)} = {toml(value)}\n"


def toml(value: Any) -> str:
    """A plain value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple | list):
        return f"[{', '.join(toml(item) for item in value)}]"
    return repr(value)


def quote(key: str) -> str:
    """A key, in quotes where it is more than letters, digits, dashes and underscores."""
    plain = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if plain else toml(key)


def text_hash(text: str) -> str:
    """SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 over the source of everything that decides an estimate: names and bytes, in the order of names."""
    root = resources.files("commonbeat")
    found = [("luck.py", root / "luck.py")]
    found += [entry for package in ESTIMATING for entry in sources(package, root / package)]
    whole = hashlib.sha256()
    for name, file in sorted(found, key=lambda pair: pair[0]):
        whole.update(name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return whole.hexdigest()


def sources(name: str, folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    """Every Python file below a folder, with its name from the package on."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from sources(f"{name}/{entry.name}", entry)
        elif entry.name.endswith(".py"):
            yield f"{name}/{entry.name}", entry
