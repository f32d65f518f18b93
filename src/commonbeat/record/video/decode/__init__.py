"""Clips read in a process of their own: what a clip says of itself, its pictures and its sound, and nothing that it may do to us."""

from __future__ import annotations

from commonbeat.record.video.decode.limits import Limits
from commonbeat.record.video.decode.pictures import frames, open_frames
from commonbeat.record.video.decode.probe import probe, refuse_slow
from commonbeat.record.video.decode.sound import open_sound, sound_blocks

__all__ = ["Limits", "frames", "open_frames", "open_sound", "probe", "refuse_slow", "sound_blocks"]
