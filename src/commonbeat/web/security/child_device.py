"""What a device saved on a day without a network: a short document is read here, a long one by a process with bounds."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import InputError, Mistake
from commonbeat.workflows.listen_bring import AS_SAVED, read_document

if TYPE_CHECKING:
    from collections.abc import Mapping

READER: Final = "commonbeat.web.security.child_device:read"
LONGEST_HERE: Final = 256 << 10
"""Bytes: what twenty people typed, read in milliseconds; a process of its own would take a hundred times as long."""


def document_of(body: bytes) -> Any:
    """The values of the document. Raises InputError for what is none of a device, and what `told_by` raises."""
    from commonbeat.web.security.children import told_by

    if len(body) <= LONGEST_HERE:
        return _read(body)
    with tempfile.TemporaryDirectory(prefix=".commonbeat.") as private:
        path = Path(private) / "device.json"
        path.write_bytes(body)
        return told_by(READER, path)


def read(path: Path, _: Mapping[str, Any]) -> Any:
    """The values of the document in the file, for a process apart."""
    return _read(path.read_bytes())


def _read(body: bytes) -> Any:
    try:
        return read_document(body)
    except ValueError as error:
        raise InputError("Nothing was kept:", [Mistake("file", None, str(error), AS_SAVED)]) from error
