"""What a clip is, before anything is measured in it."""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING

from commonbeat.record.video.decode.entrance import opened, refused
from commonbeat.record.video.decode.limits import Limits
from commonbeat.record.video.decode.worker import Worker
from commonbeat.record.video.observed import ClipFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from commonbeat.record.video.decode.entrance import Opened

CHUNK_BYTES = 1 << 22
SLOWEST_RATE = 5.0
"""Frames per second below which people cannot be followed: a step of a dance takes a third to a half of a second."""


def probe(
    path: str | Path, limits: Limits | None = None, *, meanwhile: Callable[[], object] | None = None
) -> ClipFacts:
    """What the clip says of itself, checked against all its packets and its first decoded picture.

    meanwhile: what this process does while another one looks; what it raises passes on.

    rotation is in degrees clockwise, by which the stored pictures are turned for display, and is already in width and height.

    Raises ClipError for whatever is not one whole film within the limits: docs/obscured-copy.md has the table.
    """
    limits = limits or Limits()
    with opened(path) as clip:
        with Worker(clip, limits, "probe") as worker:
            sha256 = _sha256(clip.file)
            if meanwhile is not None:
                meanwhile()
            answer = worker.next()
        answer.pop("kind")
        notes = tuple(str(note) for note in answer.pop("notes"))
        return ClipFacts(name=clip.name, sha256=sha256, notes=notes, **answer)


def refuse_slow(facts: ClipFacts, slowest_rate: float = SLOWEST_RATE) -> None:
    """The clip has enough frames a second for movement to be measured, or ClipError says so.

    It is asked by what measures movement; the obscured copy takes a slow clip as it is.
    """
    if facts.frame_rate < slowest_rate:
        raise refused(
            facts.name,
            f"has {facts.frame_rate:.2g} frames a second, and below {slowest_rate:g} no movement can be followed",
            "Give the clip as it was filmed.",
        )


@contextlib.contextmanager
def opened_again(path: str | Path, facts: ClipFacts) -> Iterator[Opened]:
    """Inside the block, the clip is open and is the one that was looked at before, byte for byte, or ClipError says that it changed.

    What was planned for one film must never be painted over another.
    """
    with opened(path) as clip:
        if _sha256(clip.file) != facts.sha256:
            way_out = "Leave the file as it is meanwhile, and begin anew."
            raise refused(clip.name, "has changed since it was first looked at", way_out)
        yield clip


def _sha256(file: BinaryIO) -> str:
    """Read by places, for the process that decodes shares the file's position."""
    digest, at = hashlib.sha256(), 0
    while piece := os.pread(file.fileno(), CHUNK_BYTES, at):
        digest.update(piece)
        at += len(piece)
    return digest.hexdigest()
