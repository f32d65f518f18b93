"""A backup of the store and its secrets in one file, made while the app runs, and the way back.

The file is a plain tar that any machine opens: `manifest.json` with a hash of each part, `store.sqlite3` as one moment
had it, and `secrets.json`, without which sealed contacts stay sealed. Run folders, reports and films are plain files
of the project; whoever copies the folder has those.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import secrets
import sqlite3
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from commonbeat.errors import InputError, Mistakes, StoreError, WriteError
from commonbeat.storage import open_store, where_store
from commonbeat.storage.engine import make_private_file
from commonbeat.storage.log import append, now
from commonbeat.storage.secrets import secrets_file
from commonbeat.workflows.web_backup_doors import doors_of, keep_shut, open_doors
from commonbeat.workflows.web_backup_kept import withdrawn_in, withdrawn_since

if TYPE_CHECKING:
    from commonbeat.storage import Store
    from commonbeat.storage.location import Location

FORMAT: Final = "commonbeat backup 1"
MANIFEST, STORE, SECRETS = "manifest.json", "store.sqlite3", "secrets.json"
LARGEST_SMALL_PART: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made or restored.

    withdrawn: what was taken back since it was made, and was taken out again. shut: what was shut since, and stays so. open_now: who can come
    in after a restoring, for whoever restored it to look at. All of it in words.
    """

    file: Path
    made_at: str
    bytes: int
    secrets: bool
    withdrawn: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()
    open_now: tuple[str, ...] = ()


def back_up(project: str | Path, file: str | Path, database: str | None = None) -> Backup:
    """The file holds the store as it is at this moment and its secrets; nobody but its owner can read it.

    Others go on writing meanwhile. The copy is opened and checked before the file takes its name. Raises InputError
    where the file exists, StoreError where there is no store or where it is not SQLite's.
    """
    file, location = Path(file).absolute(), where_store(project, database)
    _refuse_existing(file)
    store_file = _store_file(location)
    open_store(location, create=False).engine.dispose()
    made_at = now()
    try:
        with tempfile.TemporaryDirectory(prefix=".commonbeat.", dir=file.parent) as folder:
            draft = Path(folder) / STORE
            _copy(store_file, draft)
            kept = _secrets_of(project)
            parts = {STORE: draft.stat().st_size, **({SECRETS: len(kept)} if kept else {})}
            hashes = {STORE: _hash(draft), **({SECRETS: hashlib.sha256(kept).hexdigest()} if kept else {})}
            manifest = {"format": FORMAT, "made_at": made_at, "bytes": parts, "sha256": hashes}
            whole = Path(folder) / "whole"
            _pack(whole, json.dumps(manifest, indent=2).encode(), draft, kept)
            whole.replace(file)
    except OSError as error:
        raise WriteError(f"{file}: the backup could not be written ({error.strerror or error}).") from error
    with open_store(location, create=False) as store, store.writing() as connection:
        append(connection, "backed up", "store")
    return Backup(file, made_at, file.stat().st_size, bool(kept))


def restore(project: str | Path, file: str | Path, database: str | None = None, *, replace: bool = False) -> Backup:
    """The project's store and secrets are those of the backup, whole or not at all.

    replace: whether a store that is there gives way; otherwise InputError. What was withdrawn in it after the backup
    was made is taken out of the restored one too; links revoked and studies closed in it stay so, and its team stays the team.
    Nobody is signed in any more. A server that runs meanwhile shows the restored store.
    """
    file, location = Path(file).absolute(), where_store(project, database)
    target = _store_file(location)
    manifest, kept = read_backup(file)
    if not replace:
        _refuse_replacing(target, secrets_file(project) if kept else None)
    with tempfile.TemporaryDirectory(prefix=".commonbeat.", dir=_folder(target)) as folder:
        draft = Path(folder) / STORE
        _unpack_store(file, draft, manifest["sha256"][STORE])
        before, doors = (withdrawn_in(location), doors_of(location)) if target.exists() else (None, None)
        if kept:
            _write_private(secrets_file(project), kept)
        make_private_file(location)
        _copy(draft, target)
    with open_store(location, create=False) as store:
        gone = withdrawn_since(store, before)
        shut = keep_shut(store, doors)
        _end_sessions(store, manifest["made_at"])
        open_now = open_doors(store)
        store.erase_traces()
    return Backup(file, manifest["made_at"], file.stat().st_size, bool(kept), gone, shut, open_now)


def read_backup(file: Path) -> tuple[dict, bytes]:
    """The backup's manifest and its secrets (empty where it has none); InputError where the file is no backup of ours."""
    try:
        with tarfile.open(file, "r:") as packed:
            manifest = json.loads(_small_part(packed, MANIFEST))
            kept = _small_part(packed, SECRETS) if SECRETS in manifest["sha256"] else b""
            packed.getmember(STORE)
            sound = manifest["format"] == FORMAT and isinstance(manifest["made_at"], str)
            if kept:
                sound = sound and hashlib.sha256(kept).hexdigest() == manifest["sha256"][SECRETS]
    except FileNotFoundError as error:
        raise _no_backup(file, "does not exist") from error
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise _no_backup(file, "is no backup of Common Beat, or is damaged") from error
    if not sound:
        raise _no_backup(file, "is damaged, or was made by another version")
    return manifest, kept


def _copy(source: Path, target: Path) -> None:
    """SQLite's own copy of a database that others use: one moment of it, checked before anybody trusts it."""
    if not target.exists():
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with (
        contextlib.closing(sqlite3.connect(source, timeout=30)) as old,
        contextlib.closing(sqlite3.connect(target, timeout=30)) as new,
    ):
        try:
            old.backup(new)
            sound = new.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        except sqlite3.DatabaseError as error:
            raise WriteError(f"{target}: the store could not be copied ({error}).") from error
        if not sound:
            raise WriteError(f"{target}: the copy is not whole. Nothing was kept.")
        if source.suffix != target.suffix or target.name == STORE:
            new.execute("PRAGMA journal_mode = DELETE")  # one file, without a side file


def _pack(whole: Path, manifest: bytes, store: Path, kept: bytes) -> None:
    """One tar with the parts, on the disk, for its owner only."""
    with os.fdopen(os.open(whole, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as packed:
            _add(packed, MANIFEST, io.BytesIO(manifest), len(manifest))
            if kept:
                _add(packed, SECRETS, io.BytesIO(kept), len(kept))
            with store.open("rb") as content:
                _add(packed, STORE, content, store.stat().st_size)
        file.flush()
        os.fsync(file.fileno())


def _add(packed: tarfile.TarFile, name: str, content: io.BufferedIOBase, size: int) -> None:
    part = tarfile.TarInfo(name)
    part.size, part.mode = size, 0o600
    packed.addfile(part, content)  # pyright: ignore[reportArgumentType]


def _small_part(packed: tarfile.TarFile, name: str) -> bytes:
    """The content of a part that is known to be small; a part of another kind is damage."""
    part = packed.getmember(name)
    content = packed.extractfile(part) if part.isreg() and part.size <= LARGEST_SMALL_PART else None
    if content is None:
        raise ValueError(name)
    return content.read()


def _unpack_store(file: Path, draft: Path, wanted: str) -> None:
    """The store of the backup stands at `draft`, exactly as it was packed; InputError where it is not."""
    with tarfile.open(file, "r:") as packed, draft.open("xb") as target:
        draft.chmod(0o600)
        part = packed.extractfile(STORE)
        while part is not None and (block := part.read(1 << 20)):
            target.write(block)
    if _hash(draft) != wanted:
        raise _no_backup(file, "is damaged: its store is not the one that was packed")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _secrets_of(project: str | Path) -> bytes:
    try:
        return secrets_file(project).read_bytes()
    except FileNotFoundError:
        return b""


def _write_private(path: Path, content: bytes) -> None:
    """The file holds the content, whole, for its owner only."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.writing")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _end_sessions(store: Store, made_at: str) -> None:
    """Nobody is signed in by a cookie of the time of the backup; the log tells of the restoring."""
    from sqlalchemy import delete

    from commonbeat.storage.tables_web import sessions

    with store.writing() as connection:
        connection.execute(delete(sessions))
        append(connection, "restored", "store", scope=made_at)


def _folder(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.parent


def _store_file(location: Location) -> Path:
    """The store's file; StoreError tells what to do for PostgreSQL, which has tools of its own for this."""
    if location.file is not None:
        return location.file
    from sqlalchemy.engine import make_url

    url = make_url(location.url).set(drivername="postgresql").render_as_string(hide_password=True)
    mistakes = Mistakes()
    way_out = (
        f'Give: pg_dump --format=custom --file=FILE "{url}", and pg_restore --clean --dbname="{url}" FILE for the way back. '
        "Copy commonbeat.secrets.json of the project too."
    )
    mistakes.add("database", url, "is PostgreSQL's, which makes backups itself", way_out)
    mistakes.raise_if_any(StoreError, "No backup here:")
    raise AssertionError


def _refuse_existing(file: Path) -> None:
    mistakes = Mistakes()
    if os.path.lexists(file):
        mistakes.add(str(file), None, "exists already, and is never written over", "Choose another name.")
    elif not file.parent.is_dir():
        mistakes.add(str(file.parent), None, "is no folder", "Make it first, or choose another one.")
    mistakes.raise_if_any(InputError, "No backup was made:")


def _refuse_replacing(*files: Path | None) -> None:
    mistakes = Mistakes()
    for file in files:
        if file is not None and os.path.lexists(file):
            way_out = "Give --replace if what is there may go, or name an empty project: --project DIR"
            mistakes.add(str(file), None, "exists already", way_out)
    mistakes.raise_if_any(InputError, "Nothing was restored:")


def _no_backup(file: Path, rule: str) -> InputError:
    mistakes = Mistakes()
    mistakes.add(str(file), None, rule, "Name a file that `commonbeat web backup` made.")
    return InputError("Nothing was restored:", mistakes.found)
