"""Marks of a table belong into the file to which they are added: they are of its clip and of its coder."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.errors import Mistakes
    from commonbeat.record.coding.event import CodedEvent


def check_whose(event: CodedEvent, clips: tuple[str, ...], coder: str, way_out: str, found: Mistakes) -> None:
    """The mark names this clip (with or without its film's ending) and this coder, or names none; else a mistake stands in `found`.

    clips: the names of the clip; empty where the file does not say which it is.
    """
    known = {clip.casefold() for clip in clips} | {PurePath(clip).stem.casefold() for clip in clips}
    place = event.place or "event"
    if clips and event.clip and event.clip.casefold() not in known:
        found.add(place, event.clip, f"is another clip than {clips[0]}, to which marks are added", way_out)
    if event.coder and event.coder.casefold() != coder.casefold():
        found.add(place, event.coder, f"is another coder than {coder}, to whose marks they are added", way_out)
