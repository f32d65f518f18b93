"""Which way a head is turned, coarsely, as far as nose, eyes and ears carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.follow.body import EARS, EYES, HEAD_BREADTH, NOSE, SHOULDERS, seen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.observed import Track

UNKNOWN, LEFT, RIGHT, TOWARD, AWAY = range(5)
# The words of the codes; left and right are those of the picture, toward and away those of the camera.
HEADINGS: Final = ("not measurable", "left", "right", "toward the camera", "away from the camera")

# A head that should be narrower than this many pixels is too small: keypoints jitter by a third of it or more (assumed).
SMALLEST_HEAD_PX: Final = 12.0
# A head is about .11 of a body height long, with the ears near its middle and the nose a little before it; so the nose stands
# about .07 before the axis through the ears, and this offset is a turn of about 30 degrees (assumed, tested on a drawn head).
TURNED_HEIGHTS: Final = 0.035
# With one ear in view the other half of the head hides the axis: the ear itself stands up to .045 to the side.
TURNED_FROM_ONE_EAR: Final = 0.06
EARS_APART: Final = 0.02


def headings(track: Track, smallest_head_px: float = SMALLEST_HEAD_PX) -> NDArray[np.int8]:
    """The heading in each frame of a track, (length,) int8 codes into HEADINGS.

    Both ears in view: the nose's offset from their middle says left or right. One ear: its offset from that ear does. Without a
    turn, nose and ears in the order of a face say toward; no nose and the ears or shoulders in the order of a back say away.
    """
    visible, across = seen(track.keypoints), track.keypoints[..., 0].astype(float)
    height = track.height_px.astype(float)
    left_ear, right_ear = EARS
    nose, both = visible[:, NOSE], visible[:, left_ear] & visible[:, right_ear]
    one = visible[:, left_ear] ^ visible[:, right_ear]
    ear = np.where(visible[:, left_ear], across[:, left_ear], across[:, right_ear])
    axis = np.where(both, (across[:, left_ear] + across[:, right_ear]) / 2.0, ear)
    with np.errstate(invalid="ignore"):
        turned = (across[:, NOSE] - axis) / height
        limit = np.where(both, TURNED_HEIGHTS, TURNED_FROM_ONE_EAR)
        order = np.where(both, (across[:, left_ear] - across[:, right_ear]) / height, 0.0)
        breast = across[:, SHOULDERS[0]] - across[:, SHOULDERS[1]]
        measurable = height * HEAD_BREADTH >= smallest_head_px
    eyes = visible[:, EYES[0]] & visible[:, EYES[1]]
    sideways = nose & (both | one) & (np.abs(turned) >= limit)
    face = nose & eyes & ~sideways & ((both & (order > EARS_APART)) | (~both & (breast > 0)))
    back = ~nose & (
        (both & (order < -EARS_APART)) | (~both & ~eyes & (breast < 0) & visible[:, list(SHOULDERS)].all(axis=1))
    )
    told = np.select([sideways & (turned < 0), sideways, face, back], [LEFT, RIGHT, TOWARD, AWAY], UNKNOWN)
    return np.where(measurable, told, UNKNOWN).astype(np.int8)
