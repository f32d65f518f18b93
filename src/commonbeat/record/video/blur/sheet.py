"""A sheet of small obscured pictures for a person to look through: each doubtful passage, and moments in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.blur.passages import Passage

MOST_PASSAGES: Final = 24
LEAST_MOMENTS, MOST_MOMENTS = 24, 120
A_MOMENT_MORE_S: Final = 30.0
COLUMNS: Final = 6
TILE_PX: Final = 320
LABEL_PX: Final = 34


def moments(passages: tuple[Passage, ...], frames: int, seconds: float) -> list[int]:
    """The frames to be shown: the middle of each passage, up to 24 of them evenly, and moments over the whole clip.

    Of these there are 24, and one more for each half minute, up to 120.
    """
    spread = np.linspace(0, len(passages) - 1, min(MOST_PASSAGES, len(passages))).round().astype(int)
    middles = [(passages[k].first + passages[k].behind - 1) // 2 for k in spread]
    count = min(MOST_MOMENTS, LEAST_MOMENTS + int(seconds / A_MOMENT_MORE_S), frames)
    evenly = np.linspace(0, frames - 1, count).round().astype(int)
    return sorted({*middles, *evenly.tolist()})


class Sheet:
    """Grows by a picture at a time."""

    def __init__(self, wanted: list[int]) -> None:
        """Nothing is on it. wanted: the frames that it will show."""
        self.wanted = set(wanted)
        self._tiles: list[NDArray[np.uint8]] = []

    def add(self, picture: NDArray[np.uint8], time_s: float, words: str) -> None:
        """One obscured picture stands on the sheet, with its time and a few words below."""
        height, width = picture.shape[:2]
        factor = TILE_PX / max(width, height)
        small = cv2.resize(
            picture, (max(1, round(width * factor)), max(1, round(height * factor))), interpolation=cv2.INTER_AREA
        )
        high = small.shape[0]
        tile = np.full((high + LABEL_PX, TILE_PX, 3), 255, np.uint8)
        left = (TILE_PX - small.shape[1]) // 2
        tile[:high, left : left + small.shape[1]] = small
        minutes, seconds = divmod(time_s, 60)
        for row, line in enumerate((f"{int(minutes)}:{seconds:05.2f}", words)):
            place = (4, high + 12 + 16 * row)
            cv2.putText(tile, line, place, cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 0, 0), 1, cv2.LINE_AA)
        self._tiles.append(tile)

    def jpeg(self) -> bytes:
        """The sheet as a JPEG picture, six tiles to a row."""
        rows = []
        for start in range(0, len(self._tiles), COLUMNS):
            row = self._tiles[start : start + COLUMNS]
            row += [np.full_like(row[0], 255)] * (COLUMNS - len(row))
            rows.append(np.hstack(row))
        picture = cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR)
        return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
