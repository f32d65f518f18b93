"""What arms show stays what it was when the study was opened; where it does not, that is noticed and said.

The log has an entry for each file with its SHA-256 when a study is opened: a film that is another one later would make the people of an
arm see two different things under one name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from commonbeat.errors import Mistake, StudyError
from commonbeat.storage.log import append
from commonbeat.storage.tables import log
from commonbeat.storage.tables_listen import studies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from commonbeat.listen.study.materials import MaterialFile
    from commonbeat.storage import Store
    from commonbeat.workflows.listen_studies import KeptStudy

SHOWS: Final = "study shows"
CHANGED: Final = "is not the file with which the study was opened"
WAY_OUT: Final = "Put the former one back, or close the study and ask anew under another identifier."


def note_materials(connection: Connection, identifier: str, files: Sequence[MaterialFile]) -> None:
    """The log knows what each arm shows from now on. Raises StudyError where it showed another file when it was opened before."""
    known = require_unchanged(connection, identifier, files)
    for each in files:
        if each.place not in known:
            append(connection, SHOWS, identifier, scope=each.place, fingerprint=each.sha256)


def require_unchanged(connection: Connection, identifier: str, files: Sequence[MaterialFile]) -> Mapping[str, str]:
    """The SHA-256 of each file by its place, as the log has it; StudyError where one of these is another by now."""
    known = _opened_with(connection, identifier)
    changed = _changed(files, known)
    if changed:
        raise StudyError(f"{identifier} cannot be opened again:", changed)
    return known


def changed_materials(store: Store, kept: KeptStudy) -> tuple[Mistake, ...]:
    """The files of an open study that are gone or are not those with which it was opened; empty for a draft and a closed one."""
    from commonbeat.listen.study.materials import material_files, missing_materials

    if kept.state != "open" or not kept.study.arms:
        return ()
    with store.reading() as connection:
        known = _opened_with(connection, kept.study.identifier)
    return (*missing_materials(kept.study), *_changed(material_files(kept.study), known))


def paths_shown(store: Store) -> frozenset[Path]:
    """Every file that an arm of any study of the store names, wherever its study stands."""
    from commonbeat.listen.study.materials import named_paths
    from commonbeat.workflows.listen_studies import study_of

    with store.reading() as connection:
        documents = connection.execute(select(studies.c.document)).scalars().all()
    return frozenset(path for each in documents for path in named_paths(study_of(each)[0]))


def _changed(files: Iterable[MaterialFile], known: Mapping[str, str]) -> list[Mistake]:
    return [
        Mistake(each.place, each.path.name, CHANGED, WAY_OUT)
        for each in files
        if known.get(each.place, each.sha256) != each.sha256
    ]


def _opened_with(connection: Connection, identifier: str) -> Mapping[str, str]:
    """The SHA-256 of each file by its place, as it was when the study was opened first."""
    chosen = select(log.c.scope, log.c.fingerprint).where(log.c.subject == identifier, log.c.act == SHOWS)
    return {row.scope: row.fingerprint for row in connection.execute(chosen)}
