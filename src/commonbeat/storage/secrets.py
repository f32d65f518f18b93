"""The secrets of a project: one file that its owner alone can read, beside the store and never inside it.

    secret(project, "contacts")     32 random bytes, the same ones each time

A copy of the store without this file opens no sealed contact.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from commonbeat.errors import Mistake, StoreError, WriteError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_NAME: Final = "commonbeat.secrets.json"
BYTES: Final = 32
MODE: Final = 0o600
WAY_OUT: Final = "Restore it from a backup. Without it sealed contacts stay sealed."


def secrets_file(project: str | Path) -> Path:
    """Where the project's secrets stand."""
    return Path(project).absolute() / FILE_NAME


def secret(project: str | Path, name: str) -> bytes:
    """The 32 secret bytes by that name: made when first asked for, the same ones ever after.

    Raises StoreError for a file that others can read or that is damaged, WriteError where the folder takes no file.
    """
    path = secrets_file(project)
    known = _read(path)
    if name not in known:
        with _alone(path.parent):
            known = _read(path)  # another process may have made it while this one waited
            if name not in known:
                known[name] = base64.b64encode(secrets.token_bytes(BYTES)).decode()
                _write(path, known)
    try:
        found = base64.b64decode(known[name], validate=True)
    except (ValueError, TypeError, AttributeError):
        found = b""
    if len(found) != BYTES:
        raise StoreError("The secrets cannot be used:", [Mistake(f"{path}: {name}", None, "is no secret", WAY_OUT)])
    return found


def _read(path: Path) -> dict[str, str]:
    """Every secret by name; StoreError where the file cannot be used."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read()
    except FileNotFoundError:
        return {}
    if mode & 0o077:
        rule, way_out = f"can be read by others (its mode is {mode:o})", f"Give: chmod 600 {path}"
        raise StoreError("The secrets cannot be used:", [Mistake(str(path), None, rule, way_out)])
    try:
        known = json.loads(content)
    except ValueError:
        known = None
    if not isinstance(known, dict):
        raise StoreError("The secrets cannot be used:", [Mistake(str(path), None, "is damaged", WAY_OUT)])
    return known


def _write(path: Path, known: dict[str, str]) -> None:
    """The file holds these secrets, whole, and nobody else could read it at any moment."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.writing")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(json.dumps(known, indent=2).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise WriteError(f"{path}: the secrets could not be written ({error.strerror}).") from error


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other process makes a secret in this folder meanwhile."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise WriteError(f"{folder}: the folder cannot be used for secrets ({error.strerror}).") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
