"""The drawings beside a child's answers: faces from bad to good, bars from little to much, yes, maybe and no."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from commonbeat.listen.bank.item import AnswerFormat

PICTURES_FOLDER: Final = Path(__file__).parent / "pictures"


@lru_cache(maxsize=64)
def picture(answers: AnswerFormat, value: int) -> str | None:
    """The drawing of an answer as an SVG element, or None where there is none.

    It takes the colour of the text around it, has no style or script of its own, and is hidden from screen readers: the words of
    the answer stand beside it. A team's own formats may use the drawings by taking the shipped formats for their items.
    """
    path = PICTURES_FOLDER / f"{answers.identifier}_{value}.svg"
    if not answers.pictures or not path.is_file():
        return None
    return path.read_text(encoding="utf-8").strip()
