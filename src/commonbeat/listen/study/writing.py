"""A study as TOML, for whoever made it in a form and wants its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.listen.study.model import StudyDesign


def study_toml(study: StudyDesign) -> str:
    """The study's file: every key that is not as it would be if it were left out. `parse_study` reads the same study from it."""
    from tomlkit import dumps

    return dumps(study.model_dump(exclude_none=True, exclude_defaults=True))
