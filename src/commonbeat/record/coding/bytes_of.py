"""The bytes of a coding file: there, not too many, and unpacked where it is packed."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Final

from commonbeat.errors import CodingError, Mistake

LARGEST_BYTES: Final = 64 << 20
GZIP: Final = b"\x1f\x8b"


def bytes_of(path: str | Path, heading: str) -> bytes:
    """The content of the file, unpacked if it is gzip. Raises CodingError if it is missing, no file, empty or above 64 MB."""
    path = Path(path)
    try:
        if not path.is_file():
            rule = "is not a file" if path.exists() else "does not exist"
            raise CodingError(heading, [Mistake(str(path), None, rule, "Check the path.")])
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise CodingError(
            heading, [Mistake(str(path), None, f"cannot be read: {error.strerror}", "Check the path.")]
        ) from error
    if content.startswith(GZIP):
        content = _unpacked(content, path, heading)
    if len(content) > LARGEST_BYTES:
        way_out = "Split it into a file per clip."
        raise CodingError(heading, [Mistake(path.name, None, f"is larger than {LARGEST_BYTES >> 20} MB", way_out)])
    if not content.strip():
        raise CodingError(heading, [Mistake(path.name, None, "is empty", "Is it the right file?")])
    return content


def _unpacked(content: bytes, path: Path, heading: str) -> bytes:
    """At most one byte more than is allowed, whatever the packed file would grow to."""
    try:
        return zlib.decompressobj(wbits=31).decompress(content, LARGEST_BYTES + 1)
    except zlib.error as error:
        raise CodingError(heading, [Mistake(path.name, None, "is a damaged gzip file", "Save it again.")]) from error
