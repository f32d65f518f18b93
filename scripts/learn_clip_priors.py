"""Learn the priors of `commonbeat fit-clip` from the 70 training clips, and write them into the package.

    python scripts/learn_clip_priors.py [--data FOLDER] [--only PLACE ...]

Writes src/commonbeat/fit/growth/growth_priors.json: four priors (followers known or not, time of day known or not), each with the factors by which
intervals are widened so that forecasts of clips that were left out would have held. Derived numbers only; no clip is in it. About ten CPU minutes.
`--only` learns some of the four (0 to 3) anew and keeps the others.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

os.environ.setdefault("OMP_NUM_THREADS", "1")  # matrices here are small: threads would wait for each other

import numpy as np
from clip_folds import DATA, FOLDS, OBSERVED_HOURS, STOPPED, TRAINING, calibration, left_out, read_clips, taught

from commonbeat.fit.growth import HOUR

if TYPE_CHECKING:
    from commonbeat.fit.growth import ShareLog

PLACE = Path(__file__).parents[1] / "src" / "commonbeat" / "fit" / "growth" / "growth_priors.json"
DRAWS = 400
SIZE_HOURS = (0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0, 168.0)
KINDS = ((True, True), (True, False), (False, True), (False, False))
SOURCE = {
    "data": "70 retweet cascades of 2011 with more than 2,000 retweets each, files RT1 to RT70 of the training data of Kobayashi & Lambiotte 2016",
    "repository": "github.com/NII-Kobayashi/TiDeH, data/training (MIT), a sample of the data of Zhao et al. 2015",
    "made_by": "scripts/learn_clip_priors.py",
    "left_out": f"RT{STOPPED} (ends for good after 1.7 hours) teaches nothing; RT71 to RT100 were not read",
    "folds": FOLDS,
}


def sizes(clips: dict[int, ShareLog]) -> list[list[float]]:
    """Hours, and the fewest, the middle and the most shares that training clips had then."""
    counts = {hours: [clip.count(hours * HOUR) for clip in clips.values()] for hours in SIZE_HOURS}
    return [[hours, min(each), float(np.median(each)), max(each)] for hours, each in counts.items()]


def main() -> None:
    """The file holds the priors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--only", type=int, choices=range(len(KINDS)), nargs="+")
    options = parser.parse_args()
    clips = read_clips(TRAINING, options.data)
    kept = json.loads(PLACE.read_text(encoding="utf-8"))["priors"] if PLACE.exists() else []
    kept = {(each["uses_followers"], each["uses_clock"]): each for each in kept}
    for place, (followers, clock) in enumerate(KINDS):
        if options.only is not None and place not in options.only:
            continue
        started = perf_counter()
        whole = taught(clips, followers=followers, clock=clock)
        found, _ = left_out(clips, whole, OBSERVED_HOURS, DRAWS)
        whole = replace(whole, calibration=calibration(found))
        kept[followers, clock] = whole.plain()
        print(
            f"followers {followers}, clock {clock}: {whole.calibration} ({perf_counter() - started:.0f} s)", flush=True
        )
        document = {"source": SOURCE, "sizes": sizes(clips), "priors": [kept[kind] for kind in KINDS if kind in kept]}
        PLACE.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
