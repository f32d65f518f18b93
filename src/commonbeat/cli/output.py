"""Words and tables on standard output; messages on standard error."""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.table import Table

WIDTH_UNKNOWN = 160  # columns when the output goes to a file or a pipe, where nothing has to fit


def console() -> Console:
    """A console on standard output, wide enough for tables when nobody says how wide it is."""
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=WIDTH_UNKNOWN)


def table(*headings: str) -> Table:
    """An empty table with these columns; a heading that begins with > is for numbers."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        justify = "right" if heading.startswith(">") else "left"
        made.add_column(heading.removeprefix(">"), justify=justify, overflow="fold")
    return made


def print_lines(lines: Iterable[str]) -> None:
    """Each line stands on standard output as it is, neither wrapped nor coloured: paths can be copied."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


def print_json(value: object) -> None:
    """One JSON document stands on standard output."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def plain(value: Any) -> Any:
    """`value` made of what JSON knows: numbers that are not finite become null, anything else unknown text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes):
        return [plain(item) for item in value]
    return str(value)
