"""Text that a spreadsheet would take for a formula begins with an apostrophe; reading takes it off again, so nothing is lost."""

from __future__ import annotations

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The cell as it is written: an apostrophe stands before a formula's sign, and one more where some stand there already. Numbers stay."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) and not is_number(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def is_number(text: str) -> bool:
    """Whether Python reads the text as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
