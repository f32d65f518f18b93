"""What looks at pictures besides the pose: the reader of smiles, and what obscures a picture before it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.record.video.instrument.key_pictures import Obscurer
    from commonbeat.record.video.instrument.smiling import Reader
    from commonbeat.record.video.models.weights import Models


def smile_reader(models: Models) -> Reader | None:
    """A reader of smiles."""
    del models
    return None


def obscurer(models: Models) -> Obscurer | None:
    """What obscures pictures."""
    del models
    return None
