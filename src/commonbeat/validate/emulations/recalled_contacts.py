"""Adults are asked once what contacts with police they recall, how good these were, and how far they trust police.

The contacts are those of the ordinary year. A contact is truly good or bad, whoever meets it, and moves trust when it happens: a bad one
as a stop does, a good one by that over the true ratio; both fade until the survey. Two things stand between that and the answers:

    rated bad:  logit P = logit(share of bad ones) - k z, k drawn      who trusts police less finds the same treatment worse
    recalled:   every contact that was rated bad, a drawn share of those rated good

The direction of the first is that of Brandl, Frank, Worden & Bynum 1994 (doi 10.1080/07418829400092161): what people thought of police
before shapes how they rate a contact more than the other way round. No card has either size; both are drawn from wide spans. The
third thing is who meets police at all. Groups are controlled for, as in the study, so that what remains is who is met within them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import logit

from commonbeat.estimate.linear import fit_linear
from commonbeat.evidence.retention import retained
from commonbeat.mind import kinds as word
from commonbeat.simulate.world import BURN_IN_DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.validate.draw import StudyDraw

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

HOURS = 24


class Contacts(NamedTuple):
    """The contacts of those who are asked: whose (position among them) and how many days before the survey."""

    whose: NDArray[np.int64]
    days_ago: Floats


def emulate(draw: StudyDraw) -> dict[str, float]:
    """The ratio of the two coefficients, the t of the good one's, and how far the bad one's exceeds the true ratio."""
    adults = draw.frame.city_adults
    asked = np.sort(draw.luck.choice(adults, min(draw.target.count("people"), len(adults)), replace=False))
    people = draw.frame.society.people
    trust, group = people.starting_trust[asked].astype(np.float64), people.group[asked].astype(np.int64)
    contacts = _contacts(draw, asked)
    good_share = _between(draw, "good_share")
    truly_bad, rated_bad = _rated(draw, trust[contacts.whose], good_share)
    answer = _answers(draw, trust, contacts, truly_bad)
    recalled = rated_bad | (draw.luck.random(len(rated_bad)) < _between(draw, "good_recalled_share"))
    good = np.isin(np.arange(len(asked)), contacts.whose[recalled & ~rated_bad])
    bad = np.isin(np.arange(len(asked)), contacts.whose[rated_bad])
    return asymmetry(answer, good, bad, group, draw.target.number("true_ratio"))


def asymmetry(answer: Floats, good: Flags, bad: Flags, group: NDArray[np.int64], true_ratio: float) -> dict[str, float]:
    """The figures, from the regression of the answer on both kinds of contact and a dummy for each group (errors: HC2).

    Where the coefficient of a good contact is not above 0 there is no ratio: nan.
    """
    dummies = np.column_stack([group == one for one in np.unique(group)]).astype(np.float64)
    design = np.column_stack([good.astype(np.float64), bad.astype(np.float64), dummies])
    names = ["good", "bad", *(f"group {one}" for one in range(dummies.shape[1]))]
    fit = fit_linear(answer, design, names=names, kind="HC2")
    gain, loss = fit.of("good"), fit.of("bad")
    return {
        "recalled-ratio": -loss.estimate / gain.estimate if gain.estimate > 0.0 else math.nan,
        "recalled-good-contact": gain.estimate / gain.std_error,
        "recalled-asymmetry": -loss.estimate - true_ratio * gain.estimate,
    }


def _contacts(draw: StudyDraw, asked: NDArray[np.int32]) -> Contacts:
    """What the ordinary year brought to those asked; both stops and contacts that police did not begin."""
    met = draw.world.year(0).met
    own = (met.channel == word.DIRECT) & np.isin(met.kind, [word.STOP, word.OTHER_CONTACT])
    who, hour = met.person[own], met.hour[own]
    here = np.isin(who, asked)
    return Contacts(np.searchsorted(asked, who[here]), BURN_IN_DAYS - hour[here] / HOURS)


def _between(draw: StudyDraw, name: str) -> float:
    return float(draw.luck.uniform(draw.target.number(f"{name}_low"), draw.target.number(f"{name}_high")))


def _rated(draw: StudyDraw, trust: Floats, good_share: float) -> tuple[Flags, Flags]:
    """Which contacts were truly bad and which are rated so: one number per contact decides both, the rating shifted by trust."""
    quality = logit(np.clip(draw.luck.random(len(trust)), 1e-12, 1.0 - 1e-12))
    least = logit(1.0 - good_share)
    shift = _between(draw, "rating_log_odds_per_sd") * trust
    return quality < least, quality + shift < least


def _answers(draw: StudyDraw, trust: Floats, contacts: Contacts, truly_bad: Flags) -> Floats:
    """Where everybody stands at the survey, in SDs of the answers."""
    parameters, reliability = draw.parameters, draw.target.number("reliability")
    bad = parameters["stop_trust"]
    moved = np.where(truly_bad, bad, -bad / draw.target.number("true_ratio")) * _left(contacts.days_ago, parameters)
    latent = trust + np.bincount(contacts.whose, weights=moved, minlength=len(trust))
    error = draw.luck.standard_normal(len(trust))
    answer = math.sqrt(reliability) * latent + math.sqrt(1.0 - reliability) * error
    return answer / answer.std()


def _left(days: Floats, parameters: dict[str, float]) -> Floats:
    """The share of a change in trust by an own experience that is left after so many days."""
    return retained(
        days,
        parameters["contact_retention"],
        parameters["trust_durable_half_life_days"],
        parameters["trust_transient_mean_days"],
    )
