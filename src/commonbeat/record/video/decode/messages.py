"""What the process that decodes is asked, and what it answers: one JSON object to a line, pictures and sound beside them in shared memory."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Any, Final

SLOTS: Final = 6
"""Pictures that may wait at once: decoding runs ahead by that many."""

UNREADABLE: Final = "cannot be decoded"
WAY_OUT: Final = (
    "Play it to its end in a media player. If it plays, write it anew: ffmpeg -i CLIP -c:v libx264 -c:a aac NEW.mp4"
)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with the file at `descriptor`.

    task: "probe", "pictures" or "sound". shared and slot_bytes: where answers that are arrays go. frames, width and
    height: how many frames the clip has and their size on a screen, upright, as found before. Others as in the calls.
    """

    task: str
    descriptor: int
    reader: str
    pixels: int
    most_frames: int
    longest_s: float
    memory_bytes: int
    processor_s: int
    shared: int = -1
    slot_bytes: int = 0
    longest_side: int | None = None
    rate: float | None = None
    start_s: float = 0.0
    frames: int = 0
    width: int = 0
    height: int = 0
    sound_rate: int = 0
    channels: int = 1


def packed(job: Job) -> bytes:
    """The job as one line."""
    return json.dumps(asdict(job)).encode() + b"\n"


def unpacked(line: bytes) -> Job:
    """The job that stands in the line."""
    return Job(**json.loads(line))


def answer(kind: str, **fields: Any) -> None:
    """One line has gone to whoever asked."""
    os.write(1, json.dumps({"kind": kind, **fields}).encode() + b"\n")


class RefusedHereError(Exception):
    """Inside the process that decodes: the clip is refused by this rule, with this way out."""

    def __init__(self, rule: str, way_out: str = WAY_OUT) -> None:
        super().__init__(rule)
        self.rule = rule
        self.way_out = way_out
