"""The levels of measurement, and what separates them."""

from __future__ import annotations

from typing import Final, Literal

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: Final = ("nominal", "ordinal", "interval", "ratio")
