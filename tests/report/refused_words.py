"""Words that the video instrument never prints, and where they stand if it does."""

from __future__ import annotations

import re

REFUSED = re.compile(
    r"\b(?:\w*joy\w*|emotion\w*|emotive|race[sd]?|racial\w*|racis\w*|racing|age[sd]?|age?ing|age?is[mt]s?|ageless|teenage\w*|\w*gender\w*|identit\w*)\b",
    re.IGNORECASE,
)
DATA = re.compile(r"data:image/jpeg;base64,[A-Za-z0-9+/=]+")


def refused_words(text: str) -> list[str]:
    """Every such word with what stands around it; pictures as letters do not count."""
    plain = DATA.sub("", text).replace("_", " ")
    return [plain[max(0, each.start() - 30) : each.end() + 30] for each in REFUSED.finditer(plain)]
