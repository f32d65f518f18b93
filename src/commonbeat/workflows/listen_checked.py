"""A study's file, read and checked: how long it takes, what is left to do before it opens, and what it may do better."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from commonbeat.workflows.listen_studies import OPEN, list_studies, open_study, register_study

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.storage import Store

SUFFIX: Final = ".toml"


@dataclass(frozen=True, slots=True)
class ReadStudy:
    """A sound study. minutes: by audience, for the longest wave. to_do: what is missing before it can open."""

    study: StudyDesign
    file: str
    minutes: Mapping[str, float]
    to_do: tuple[str, ...]
    cautions: tuple[str, ...]


def read_study_file(written: str) -> ReadStudy | None:
    """The study in that file, or None where the word is no file but an identifier. StudyError lists every mistake."""
    if not written.endswith(SUFFIX) and not Path(written).is_file():
        return None
    from commonbeat.listen.study.cautions import study_cautions
    from commonbeat.listen.study.length import minutes_of
    from commonbeat.listen.study.materials import missing_materials
    from commonbeat.listen.study.reading import bank_of, load_study

    study = load_study(written)
    bank = bank_of(study)
    longest = {who: max(minutes_of(study, bank, who, wave) for wave in study.wave_names) for who in study.audience}
    to_do = tuple(str(each) for each in missing_materials(study))
    return ReadStudy(study, written, longest, to_do, study_cautions(study, bank))


def open_all(store: Store, studies: Sequence[str]) -> tuple[str, ...]:
    """The identifiers of these studies, all of them open: files are taken into the store first. None named: all that are open.

    Raises StudyError for a file that cannot be used or whose films are missing, StoreError for an identifier that is not there.
    """
    if not studies:
        return tuple(line.identifier for line in list_studies(store) if line.state == OPEN)
    read = [(word, read_study_file(word)) for word in studies]
    for _, found in read:
        if found is not None:
            register_study(store, found.study)
    names = tuple(found.study.identifier if found else word for word, found in read)
    for name in names:
        open_study(store, name)
    return names
