"""Words of a design as Stata takes them: names of variables, texts in quotation marks, titles of rows."""

from __future__ import annotations

import re

LONGEST_NAME = 32


def stata_name(column: str) -> str:
    """The column's name as Stata allows it."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", column)
    plain = plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"
    return plain[:LONGEST_NAME]


def stata_text(value: object) -> str:
    """The value in quotation marks; in Stata's compound ones where it holds some itself. Marks that call macros are escaped."""
    words = " ".join(str(value).split()).replace("`", "\\`").replace("$", "\\$")
    return f'`"{words}"\'' if '"' in words else f'"{words}"'


def stata_title(words: str) -> str:
    """The words without the marks that Stata would read: what stands between parentheses of an option."""
    return re.sub(r"[()\"`'$\n]", " ", words).strip()


def stata_days(written: str | None) -> str:
    """The order of year, month and day in dates of this format, as Stata's date() takes it."""
    parts = {"%Y": "Y", "%m": "M", "%b": "M", "%B": "M", "%d": "D"}
    return "".join(parts.get(part, "") for part in re.findall("%.", written or "")) or "YMD"
