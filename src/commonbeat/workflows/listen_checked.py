"""A study's file, read and checked: how long it takes, what is left to do before it opens, and what it may do better."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from commonbeat.workflows.listen_refusals import refuse_all
from commonbeat.workflows.listen_studies import (
    OPEN,
    kept_study,
    list_studies,
    open_study,
    register_study,
    require_answers,
    require_takeable,
)

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


def read_to_open(words: Sequence[str]) -> tuple[ReadStudy | str, ...]:
    """The studies in the files among these words, each finished; a word that is no file is an identifier and stays one.

    Raises InputError with all that is wrong with a file or left to do in it. No store is needed for that, and none is made.
    """
    from commonbeat.listen.study.materials import require_materials

    found = tuple(read_study_file(word) or word for word in words)
    files = [each for each in found if isinstance(each, ReadStudy)]
    if len(files) == 1:
        require_materials(files[0].study)
    refuse_all("These studies cannot be opened:", *(partial(require_materials, each.study) for each in files))
    return found


def open_all(store: Store, found: Sequence[ReadStudy | str]) -> tuple[str, ...]:
    """The identifiers of these studies, all of them open: files are taken into the store first. None named: all that are open.

    All are opened or none. Raises InputError with every reason: something that arms show is missing or changed, an identifier is not there,
    a study was erased, or a file changed since its study was opened.
    """
    if not found:
        return tuple(line.identifier for line in list_studies(store) if line.state == OPEN)
    refuse_all("No study was opened:", *(partial(_require_openable, store, each) for each in found))
    for each in found:
        if isinstance(each, ReadStudy):
            register_study(store, each.study)
    names = tuple(each.study.identifier if isinstance(each, ReadStudy) else each for each in found)
    for name in names:
        open_study(store, name)
    return names


def _require_openable(store: Store, found: ReadStudy | str) -> None:
    """The store would open the study, or InputError says why not; nothing is changed."""
    from commonbeat.listen.study.materials import require_materials
    from commonbeat.workflows.listen_materials import require_unchanged

    with store.reading() as connection:
        if isinstance(found, ReadStudy):
            study = found.study
            if require_takeable(connection, study) is not None:
                require_answers(kept_study(connection, study.identifier), "The study is not opened:")
        else:
            kept = kept_study(connection, found)
            require_answers(kept, "The study is not opened:")
            study = kept.study
        require_unchanged(connection, study.identifier, require_materials(study))
