"""What is made from a record is remembered, so that a withdrawal reaches it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.errors import ConsentError, Mistake, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from commonbeat.record import Consent


def remember_derivative(
    project: str | Path, consent: Consent, path: str | Path, kind: str, *, database: str | None = None
) -> None:
    """The project's store knows the file or folder at `path`, made under `consent`, and a withdrawal deletes it.

    kind: what it is, in a word or two: "video", "obscured copy", "export"; "partial" for what is deleted again when it is
    finished. The store is made if there is none. Nobody's permission is asked here: whoever makes something requires it
    before. Raises ConsentError where the encounter was withdrawn, StoreError for a path that holds more than that.
    """
    from commonbeat.workflows.record_store import store_of

    with store_of(project, database, create=True) as store, store.writing() as connection:
        refuse_withdrawn(connection, [consent.encounter])
        remember_in(connection, Path(project), consent, Path(path), kind)


def forget_derivative(project: str | Path, path: str | Path, *, database: str | None = None) -> None:
    """The project's store knows nothing at `path` any more: what was there has been deleted."""
    from commonbeat.record.derivatives import forget
    from commonbeat.workflows.record_store import store_of

    with store_of(project, database, create=True) as store, store.writing() as connection:
        forget(connection, stored_path(Path(project), Path(path)))


def remember_all(
    project: Path, consents: Iterable[Consent], kinds: Mapping[Path, str]
) -> tuple[tuple[Consent, Path], ...]:
    """The project's store knows these files and folders as made under each consent; returns what it did not know before.

    All or nothing, and no store is opened where there is no consent. Raises ConsentError where an encounter was withdrawn.
    """
    from commonbeat.record.derivatives import known
    from commonbeat.workflows.record_store import store_of

    pairs = [(consent, path) for consent in consents for path in kinds]
    if not pairs:
        return ()
    with store_of(project, None, create=True) as store, store.writing() as connection:
        refuse_withdrawn(connection, dict.fromkeys(consent.encounter for consent, _ in pairs))
        before = {(each.encounter, each.path) for each in known(connection)}
        for consent, path in pairs:
            remember_in(connection, project, consent, path, kinds[path])
    return tuple(each for each in pairs if (each[0].encounter, stored_path(project, each[1])) not in before)


def forget_unmade(project: Path, pairs: Iterable[tuple[Consent, Path]]) -> None:
    """The project's store knows nothing more of those files and folders that are not there."""
    from os.path import lexists

    from commonbeat.record.derivatives import forget_one
    from commonbeat.workflows.record_store import store_of

    unmade = [(consent.encounter, stored_path(project, path)) for consent, path in pairs if not lexists(path)]
    if unmade:
        with store_of(project, None, create=False) as store, store.writing() as connection:
            for encounter, path in unmade:
                forget_one(connection, encounter, path)


def remember_in(connection: Connection, project: Path, consent: Consent, path: Path, kind: str) -> None:
    """The same as `remember_derivative`, as a part of a transaction that is open."""
    from commonbeat.record.derivatives import remember

    if project.resolve().is_relative_to(path.resolve()):
        rule = "holds the whole project, and a withdrawal would delete it"
        raise StoreError(
            "This cannot be remembered:", [Mistake(str(path), None, rule, "Name a file or folder inside.")]
        )
    remember(connection, consent, stored_path(project, path), kind)


def stored_path(project: Path, path: Path) -> str:
    """The path as the store has it: from the project folder on where it lies inside, so that a project can be moved."""
    whole = path.absolute().parent.resolve() / path.name  # the last part may be a link, and a link is removed itself
    root = project.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(whole)


def refuse_withdrawn(connection: Connection, identifiers: Iterable[str]) -> None:
    """None of these encounters was withdrawn, or ConsentError says when each was."""
    from commonbeat.record.keeping import withdrawal_of

    gone = [found for each in identifiers if (found := withdrawal_of(connection, each)) is not None]
    if gone:
        way_out = "Ask everybody again, and record it anew under another identifier."
        raise ConsentError(
            "What was withdrawn does not come back:",
            [Mistake(each.encounter, None, f"was withdrawn on {each.at[:10]}", way_out) for each in gone],
        )
