"""A prior as a line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.evidence import PriorSummary

BLOCKS = " ▁▂▃▄▅▆▇█"
WIDTH = 24


def picture(prior: PriorSummary) -> str:
    """The density between the prior's outermost quantiles, WIDTH characters wide, with a bar where zero lies."""
    points = prior.density
    columns = [points[index * len(points) // WIDTH : (index + 1) * len(points) // WIDTH] for index in range(WIDTH)]
    heights = [sum(height for _, height in column) / max(len(column), 1) for column in columns]
    top = max(heights) or 1.0
    # Whatever is not exactly zero gets at least the lowest block: a thin tail is not an absent one.
    letters = [BLOCKS[max(round(height / top * (len(BLOCKS) - 1)), int(height > 0))] for height in heights]
    low, high = points[0][0], points[-1][0]
    if low < 0 < high:
        letters.insert(round(WIDTH * (0 - low) / (high - low)), "|")
    return "".join(letters)
