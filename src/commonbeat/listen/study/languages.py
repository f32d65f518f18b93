"""Texts that respondents read stand in each language of the study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commonbeat.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.errors import Mistakes


def in_languages(texts: Mapping[str, Any], languages: Sequence[str], place: str, found: Mistakes) -> None:
    """A text stands in each language of the study and in no other, or `found` has every gap."""
    for language in languages:
        if language not in texts:
            found.add(f"{place}.{language}", None, "is missing", "Translate it, or take the language out of languages.")
    for language in texts:
        if languages and language not in languages:
            found.add(f"{place}.{language}", None, "is no language of the study", did_you_mean(language, languages))
