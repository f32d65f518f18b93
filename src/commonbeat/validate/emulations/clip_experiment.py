"""People are shown a film, a picture or a text, or nothing, and asked at once.

Whoever is asked is drawn from the society by the study's shares of groups, after a year of ordinary stops and contacts. The
estimator is the difference in means of each arm against the control, in SDs of the control's answers; moderators are interacted with
the assignment. The answers err as the measure's reliability says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.kernels.experience import LAST_STOP, RECENT_HOURS
from commonbeat.mind import kinds as word
from commonbeat.simulate.world import BURN_IN_DAYS
from commonbeat.validate.people import HOURS, answers, sample_by_group, shown, slope_of_effect, unshown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.simulate.world import World
    from commonbeat.validate.draw import StudyDraw

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int32]

FEWEST_STOPPED = 2  # per arm, so that there is a difference between them
# Arms of the study on violence after the control: text, text and film, film of a lethal case, then the same of another.
VIOLENCE = ("text-lethal", "both-lethal", "film-lethal", "text", "both", "film")


class Panel(NamedTuple):
    """Who was asked: rows, assignment (0 is the control) and where each stands without and with what was shown."""

    row: Rows
    arm: NDArray[np.int64]
    without: Floats  # (people, outcomes), latent SD
    shown: Floats  # (kinds of showing, people, outcomes)


def emulate(draw: StudyDraw) -> dict[str, float]:
    """The statistics of the study's findings in this draw."""
    world = draw.lived()
    setting = draw.target.setting
    rows = sample_by_group(draw.frame, draw.target.count("people"), setting["group_shares"], setting["ages"], draw.luck)
    return _violence(draw, world, rows) if setting["experience"] == "violent_clip" else _friendly(draw, world, rows)


def _friendly(draw: StudyDraw, world: World, rows: Rows) -> dict[str, float]:
    treated = draw.luck.permutation(np.arange(len(rows)) % 2)
    moved = np.where(
        treated[:, None] == 1, shown(world, rows, word.CLIP_OF_ENCOUNTER, word.WATCHED), unshown(world, rows)
    )
    start = draw.frame.society.people.starting_trust[rows].astype(np.float64)
    reliability = draw.target.number("reliability")
    trust = answers(start + moved[:, word.TRUST], reliability, draw.luck)
    cooperation = answers(draw.luck.standard_normal(len(rows)) + moved[:, word.COOPERATION], reliability, draw.luck)
    before = answers(start + unshown(world, rows)[:, word.TRUST], reliability, draw.luck)
    stopped = recently_stopped(world, rows)
    found = {
        "trust": difference(trust, treated),
        "cooperation": difference(cooperation, treated),
        "low-trust": slope_of_effect(trust, treated.astype(np.float64), before),
        "recently-stopped": difference_of_differences(trust, treated, stopped),
    }
    return {each.id: found[each.id.split("-", 1)[1]] for each in draw.target.finding}


def _violence(draw: StudyDraw, world: World, rows: Rows) -> dict[str, float]:
    arm = draw.luck.permutation(np.arange(len(rows)) % (len(VIOLENCE) + 1))
    start = draw.frame.society.people.starting_trust[rows].astype(np.float64)
    film = shown(world, rows, word.VIOLENT_CLIP, word.WATCHED)[:, word.TRUST]
    text = shown(world, rows, word.VIOLENT_CLIP, word.NEWS)[:, word.TRUST]
    level = unshown(world, rows)[:, word.TRUST]
    for position, name in enumerate(VIOLENCE, start=1):
        level = np.where(arm == position, text if name.startswith("text") else film, level)
    trust = answers(start + level, draw.target.number("reliability"), draw.luck)
    found = {
        name: difference(trust[here], (arm[here] == position).astype(np.int64))
        for position, name in enumerate(VIOLENCE, start=1)
        for here in [(arm == 0) | (arm == position)]
    }
    films = np.isin(arm, [0, 1 + VIOLENCE.index("film-lethal"), 1 + VIOLENCE.index("film")])
    found["direction"] = difference(trust[films], (arm[films] > 0).astype(np.int64))
    return {each.id: found[each.id.split("-", 1)[1]] for each in draw.target.finding}


def difference(answer: Floats, treated: NDArray[np.integer]) -> float:
    """Mean of the treated less mean of the control, in SDs of the control's answers."""
    control = answer[treated == 0]
    return float((answer[treated == 1].mean() - control.mean()) / control.std(ddof=1))


def difference_of_differences(answer: Floats, treated: NDArray[np.integer], inside: NDArray[np.bool_]) -> float:
    """The difference among those inside less that among the others, in SDs of all control answers; nan if too few are inside."""
    counts = np.bincount(treated[inside], minlength=2)
    if counts.min() < FEWEST_STOPPED:
        return float("nan")
    effects = [
        answer[here & (treated == 1)].mean() - answer[here & (treated == 0)].mean() for here in (inside, ~inside)
    ]
    return float((effects[0] - effects[1]) / answer[treated == 0].std(ddof=1))


def recently_stopped(world: World, rows: Rows) -> NDArray[np.bool_]:
    """Who of these was stopped in the last 365 days, at the end of the burn-in."""
    hour = BURN_IN_DAYS * HOURS
    return hour - world.workplace.past.rows[rows, LAST_STOP] <= RECENT_HOURS
