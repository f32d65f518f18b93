"""Community policing comes to half of the areas of a site, reaches a few of the adults there, and citizens are asked months later.

Each of the sites is the society with luck of its own; the share that is reached and how often are drawn per site, because the card
has neither. A contact is one structured contact; household and friends hear of it, in areas without the programme too. The effects of
the sites are pooled with equal weights. The ordinary days are the same in both arms and left out. Ties are mutual, so what the citizens
asked hear is found from their own ties: a hundredth of all that is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.effects import batch_effects
from commonbeat.mind import kinds as word
from commonbeat.simulate.experiences import by_day, experiences, in_order, joined
from commonbeat.simulate.telling import EVENING_HOUR
from commonbeat.simulate.world import BURN_IN_DAYS
from commonbeat.validate.people import HOURS, answers, live_days

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.kernels.experience import Experiences
    from commonbeat.simulate.world import World
    from commonbeat.validate.draw import StudyDraw

    Rows = NDArray[np.int32]
    Whole = NDArray[np.int64]

AFTERNOON = 18


def emulate(draw: StudyDraw) -> dict[str, float]:
    """The effect pooled over the sites, in SDs of the answers."""
    # A programme speaks for the department, as the visits of the cards did.
    draw = draw.stated(generalisation=1.0)
    world = draw.lived()
    found = [_site(draw, world) for _ in range(draw.target.count("sites"))]
    return {finding.id: float(np.mean(found)) for finding in draw.target.finding}


def _site(draw: StudyDraw, world: World) -> float:
    target, luck, society = draw.target, draw.luck, draw.frame.society
    adults = draw.frame.city_adults
    place = society.people.place[adults]
    areas = np.unique(place)
    treated_areas = luck.permutation(areas)[: len(areas) // 2]
    asked = _citizens(adults, place, target.count("citizens_per_area"), luck)
    contacts = _contacts(draw, adults[np.isin(place, treated_areas)])
    day = target.count("survey_day")
    moved = live_days(world, asked, _met_by(draw, asked, contacts), [day])[0][:, word.TRUST]
    answer = answers(society.people.starting_trust[asked] + moved, target.number("reliability"), luck)
    area = society.people.place[asked]
    treated = np.isin(area, treated_areas).astype(np.float64)
    return float(batch_effects(answer / answer[treated == 0].std(ddof=1), treated, area).estimate[0])


def _contacts(draw: StudyDraw, adults: Rows) -> Whole:
    """[people of the society, times]: the day of each contact of those reached; -1 for everybody else."""
    target, luck = draw.target, draw.luck
    reached_share = luck.uniform(target.number("reached_share_low"), target.number("reached_share_high"))
    times = int(luck.integers(1, target.count("contacts_most") + 1))
    reached = adults[luck.random(len(adults)) < reached_share]
    day = np.full((len(draw.frame.society.people), times), -1, np.int64)
    day[reached] = luck.integers(0, target.count("survey_day"), (len(reached), times))
    return day


def _met_by(draw: StudyDraw, asked: Rows, contacts: Whole) -> dict[int, Experiences]:
    """What those asked meet and hear of the programme, by day after the burn-in."""
    own, which = np.nonzero(contacts[asked] >= 0)
    hour = (BURN_IN_DAYS + contacts[asked[own], which]) * HOURS + AFTERNOON
    event = asked[own].astype(np.int64) * contacts.shape[1] + which
    direct = experiences(asked[own], hour, word.ENCOUNTER, word.DIRECT, word.SCENARIO, 1.0, event)
    met = in_order(joined([direct, *(_heard(draw, asked, layer, contacts) for layer in ("household", "friends"))]))
    return {day - BURN_IN_DAYS: part for day, part in by_day(met)}


def _heard(draw: StudyDraw, asked: Rows, layer: str, contacts: Whole) -> Experiences:
    """What those asked hear along one layer of ties: a coin per contact, listener and teller."""
    society = draw.frame.society
    ties = society.household if layer == "household" else society.friends
    starts, counts = ties.offsets[asked], ties.offsets[asked.astype(np.int64) + 1] - ties.offsets[asked]
    listener = np.repeat(np.arange(len(asked)), counts)
    tie = np.arange(len(listener)) + np.repeat(starts - np.cumsum(counts) + counts, counts)
    reached = contacts[:, 0] >= 0
    tie, listener = (each[reached[ties.targets[tie]]] for each in (tie, listener))
    teller = ties.targets[tie]
    close = np.ones(len(tie), bool) if layer == "household" else tie < society.friends.core_end[asked][listener]
    chance = np.where(close, draw.parameters["tell_chance_close"], draw.parameters["tell_chance_acquaintance"])
    of, which = np.nonzero(draw.luck.random((len(teller), contacts.shape[1])) < chance[:, None])
    hour = (BURN_IN_DAYS + contacts[teller[of], which]) * HOURS + EVENING_HOUR
    event = teller[of].astype(np.int64) * contacts.shape[1] + which
    return experiences(asked[listener[of]], hour, word.ENCOUNTER, word.TOLD, word.SCENARIO, 1.0, event)


def _citizens(adults: Rows, place: NDArray[np.integer], count: int, luck: np.random.Generator) -> Rows:
    """So many adults of every area, all of them where there are fewer."""
    areas = (adults[place == area] for area in np.unique(place))
    return np.concatenate([luck.choice(here, min(count, len(here)), replace=False) for here in areas]).astype(np.int32)
