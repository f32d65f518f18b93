"""What the forecast of `commonbeat fit-clip` is measured against, written from the papers and not from anybody's code.

Every rival learns on training clips and then forecasts the count at a later age from what was seen up to an earlier one:

    last value         the count does not grow any more
    log-linear         Szabo & Huberman 2010, doi 10.1145/1787234.1787254
    reinforced Poisson Shen, Wang, Song & Barabási 2014, AAAI-14
    SEISMIC            Zhao, Erdogdu, He, Rajaraman & Leskovec 2015, doi 10.1145/2783258.2783401
    TiDeH              Kobayashi & Lambiotte 2016, ICWSM-16, arXiv 1603.09449

Times are seconds since the post; index 0 is the post itself.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.fit.growth import ShareLog

    Floats = NDArray[np.float64]

DAY = 86_400.0
MEMORY_CONSTANT, MEMORY_EXPONENT = 300.0, 0.242  # seconds; both from Zhao et al. 2015, kept by Kobayashi & Lambiotte
SLOW = np.log(
    120.0
)  # log minutes, the centre of a wide pull that keeps the log-normal near the week where a clip leaves it open
RECENT, FADINGS = (
    (1.0, 0.5, 1 / 3),
    (0.5 * DAY, 2 * DAY),
)  # parts of the observed time, and where the search for tau starts
LARGEST = 1e7  # a forecast beyond it is one of a process that explodes


class Rival(Protocol):
    """Something that learns on clips and forecasts others."""

    name: str

    def learn(self, clips: Sequence[ShareLog], now: float, then: float) -> None:
        """Everything that the rival takes from training clips stands in it."""

    def forecast(self, clip: ShareLog, now: float, then: float) -> float:
        """The count of shares at age `then`, seen up to age `now` (seconds)."""


def count(clip: ShareLog, age: float) -> int:
    """Shares up to an age; the post is none."""
    return int(np.searchsorted(clip.seconds, age, side="right")) - 1


def relative_errors(guess: Floats, truth: Floats) -> Floats:
    """Absolute percentage errors, as shares."""
    return np.abs(guess / truth - 1)


@dataclass
class LastValue:
    """The count stays where it is."""

    name: str = "last value"

    def learn(self, clips: Sequence[ShareLog], now: float, then: float) -> None:
        """Nothing is to be learnt."""

    def forecast(self, clip: ShareLog, now: float, then: float) -> float:  # noqa: ARG002 - every rival is asked alike
        """The count now."""
        return float(count(clip, now))


@dataclass
class LogLinear:
    """log N(then) = intercept + slope * log N(now), in the version that has the smallest median error on the training clips.

    Szabo & Huberman fix the slope at 1 and correct the mean by half the residual variance. Offered beside it are the same without the
    correction, a free slope, and the constant factor with the smallest median error.
    """

    name: str = "log-linear (Szabo & Huberman)"
    version: tuple[str, float, float] = ("", 0.0, 1.0)

    def learn(self, clips: Sequence[ShareLog], now: float, then: float) -> None:
        """The version with the smallest median error, its intercept and its slope are known."""
        early = np.array([count(each, now) for each in clips], float)
        late = np.array([count(each, then) for each in clips], float)
        growth = np.log(late / early)
        slope, intercept = np.polyfit(np.log(early), np.log(late), 1)
        factors = np.exp(np.linspace(growth.min(), growth.max(), 400))
        best = min(factors, key=lambda factor: float(np.median(relative_errors(factor * early, late))))
        versions = (
            ("with the correction of the mean", float(growth.mean() + growth.var() / 2), 1.0),
            ("without it", float(growth.mean()), 1.0),
            ("with a free slope", float(intercept), float(slope)),
            ("the factor of least median error", float(np.log(best)), 1.0),
        )
        self.version = min(
            versions, key=lambda v: float(np.median(relative_errors(np.exp(v[1] + v[2] * np.log(early)), late)))
        )

    def forecast(self, clip: ShareLog, now: float, then: float) -> float:  # noqa: ARG002 - every rival is asked alike
        """The count now, grown as training clips grew."""
        _, intercept, slope = self.version
        return float(np.exp(intercept + slope * np.log(count(clip, now))))


@dataclass
class ReinforcedPoisson:
    """rate(t) = c f(t; mu, sigma) (m + N(t)), f log-normal; c has a Gamma prior learnt on the training clips (Shen et al. 2014).

    N(then) = (m + N(now)) exp(c (F(then) - F(now))) - m, averaged over the posterior of c; m = 30 as in the paper.
    """

    name: str = "reinforced Poisson (Shen et al.)"
    attention: float = 30.0
    prior: tuple[float, float] = (1.0, 0.0)

    def learn(self, clips: Sequence[ShareLog], now: float, then: float) -> None:  # noqa: ARG002 - every rival is asked alike
        """The Gamma prior of c fits the training clips' own values of it by moments."""
        fitted = np.array([self._fit(each, now, (1.0, 0.0))[2] for each in clips])
        rate = fitted.mean() / max(fitted.var(), 1e-9)
        self.prior = float(fitted.mean() * rate), float(rate)

    def forecast(self, clip: ShareLog, now: float, then: float) -> float:
        """The posterior mean of the count then."""
        middle, spread, _, shape, rate = self._fit(clip, now, self.prior)
        ahead = norm.cdf((np.log(then / 60) - middle) / spread) - norm.cdf((np.log(now / 60) - middle) / spread)
        grown = (rate / max(rate - ahead, 1e-6)) ** shape
        return float(min((self.attention + count(clip, now)) * grown - self.attention, LARGEST))

    def _fit(self, clip: ShareLog, now: float, prior: tuple[float, float]) -> tuple[float, float, float, float, float]:
        """mu, sigma (of log minutes), c, and the Gamma posterior of c: shape and rate."""
        times = np.log(np.maximum(clip.seconds[1 : count(clip, now) + 1], 1.0) / 60)
        held = self.attention + np.arange(len(times))
        end = np.log(now / 60)

        def exposure(middle: float, spread: float) -> float:
            """Integral of f times (m + N) up to now."""
            done = norm.cdf((times - middle) / spread)
            return max(float((held[-1] + 1) * norm.cdf((end - middle) / spread) - done.sum()), 1e-9)

        def loss(at: Floats) -> float:
            middle, spread = at[0], np.exp(at[1])
            within = exposure(middle, spread)
            density = norm.logpdf((times - middle) / spread) - np.log(spread)
            shape, rate = prior[0] + len(times), prior[1] + within
            return (
                -float(density.sum() - shape * np.log(rate)) + 0.5 * (at[1] / 2) ** 2 + 0.5 * ((middle - SLOW) / 3) ** 2
            )

        found = minimize(loss, np.array([times.mean(), np.log(times.std() + 0.1)]), method="Nelder-Mead")
        middle, spread = float(found.x[0]), float(np.exp(found.x[1]))
        shape, rate = prior[0] + len(times), prior[1] + exposure(middle, spread)
        return middle, spread, shape / rate, shape, rate


def remembered(age: Floats | float) -> Floats:
    """Integral of the memory up to an age: constant for five minutes, then a power law; it ends at 1."""
    age = np.maximum(np.asarray(age, float), 0)
    constant = 1 / (MEMORY_CONSTANT * (1 + 1 / MEMORY_EXPONENT))
    late = 1 + (1 - (np.maximum(age, MEMORY_CONSTANT) / MEMORY_CONSTANT) ** -MEMORY_EXPONENT) / MEMORY_EXPONENT
    return np.where(age < MEMORY_CONSTANT, constant * age, constant * MEMORY_CONSTANT * late)


def memory(age: Floats | float) -> Floats:
    """The memory itself: the density of the time until a follower reacts, per second."""
    age = np.asarray(age, float)
    constant = 1 / (MEMORY_CONSTANT * (1 + 1 / MEMORY_EXPONENT))
    late = constant * (np.maximum(age, MEMORY_CONSTANT) / MEMORY_CONSTANT) ** -(1 + MEMORY_EXPONENT)
    return np.where(age < 0, 0.0, np.where(age < MEMORY_CONSTANT, constant, late))


@dataclass
class Seismic:
    """R(then) = R + alpha p (N - N_e) / (1 - gamma p n): a branching process whose infectiousness p stays as it is.

    p is the triangular-kernel estimate over the last half of the observed time. alpha and gamma times n are chosen for the least median
    error on the training clips, as in the paper; for 24 hours they are chosen anew, which is more than the paper asks for.
    """

    name: str = "SEISMIC (Zhao et al.)"
    alpha: float = 1.0
    reach: float = 20.0

    def learn(self, clips: Sequence[ShareLog], now: float, then: float) -> None:
        """The values of alpha and gamma n are those of least median error."""
        states = np.array([self.state(each, now) for each in clips])
        truth = np.array([count(each, then) for each in clips], float)
        grid = [(a, r) for a in np.geomspace(0.02, 5, 120) for r in (0, 3, 10, 20, 40, 60, 100, 150, 200, 300, 400)]
        self.alpha, self.reach = min(
            grid, key=lambda g: float(np.median(relative_errors(self.grown(states.T, *g), truth)))
        )

    def forecast(self, clip: ShareLog, now: float, then: float) -> float:  # noqa: ARG002 - every rival is asked alike
        """The count then."""
        return float(self.grown(np.array(self.state(clip, now)), self.alpha, self.reach))

    @staticmethod
    def grown(states: Floats, alpha: float, reach: float) -> Floats:
        """The count from the state now; a supercritical process has no finite answer and gets the largest."""
        shares, infectiousness, waiting = states
        branching = 1 - reach * infectiousness
        grown = shares + alpha * infectiousness * waiting / np.where(branching > 0, branching, np.nan)
        return np.nan_to_num(np.minimum(grown, LARGEST), nan=LARGEST)

    @staticmethod
    def state(clip: ShareLog, now: float) -> tuple[float, float, float]:
        """Shares, infectiousness, and followers who have yet to react."""
        seen = count(clip, now) + 1
        times, followers = clip.seconds[:seen], clip.followers[:seen].astype(float)
        steps = np.linspace(now / 2, now, 121)
        middle = (steps[1:] + steps[:-1]) / 2
        weight = np.maximum(1 - 2 * (now - middle) / now, 0)
        exposed = np.array([followers @ np.diff(remembered(np.array([a, b])[None] - times[:, None]))[:, 0]
                            for a, b in itertools.pairwise(steps)])  # fmt: skip
        noticed = np.maximum(1 - 2 * (now - times[1:]) / now, 0).sum()
        infectiousness = noticed / max(float(weight @ exposed), 1e-12)
        return float(seen - 1), float(infectiousness), float(followers @ (1 - remembered(now - times)))


@dataclass
class Tideh:
    """p(t) = p0 (1 - r sin(2 pi (t + phase) / 24 h)) exp(-t / tau); the rest of the clip by the self-consistent integral equation.

    r, phase and tau are learnt on the training clips and p0 by least squares on half-hour windows of the clip, as the paper advises for less than half a day;
    on all windows or on those of the last half or third of the observed time, whichever does best on the training clips.
    """

    name: str = "TiDeH (Kobayashi & Lambiotte)"
    amplitude: float = 0.4
    phase: float = 0.0
    fading: float = 2 * DAY
    recent: float = 1.0
    window: float = 1800.0
    step: float = 3600.0

    def learn(self, clips: Sequence[ShareLog], now: float, then: float) -> None:
        """Amplitude, phase and fading are those of least median error (then of least mean error) on the training clips."""
        truth = np.array([count(each, then) for each in clips], float)
        states = [self._state(each, now, then) for each in clips]

        def loss(at: Floats) -> float:
            guess = np.array([self._solve(each, state, now, at) for each, state in zip(clips, states, strict=True)])
            errors = np.minimum(relative_errors(guess, truth), 3.0)
            return float(np.median(errors) + 0.1 * errors.mean())

        tried = []
        for recent in RECENT:
            self.recent = recent
            starts = [np.array([0.4, phase, np.log(fading)]) for phase in np.arange(0, 1, 0.125) for fading in FADINGS]
            best = min(starts, key=loss)
            options = {"maxfev": 120, "initial_simplex": _simplex(best)}
            found = minimize(loss, best, method="Nelder-Mead", options=options)
            tried.append((float(found.fun), recent, found.x))
        _, self.recent, at = min(tried, key=lambda each: each[0])
        self.amplitude, self.phase, self.fading = float(at[0]), float(at[1]), float(np.exp(at[2]))

    def forecast(self, clip: ShareLog, now: float, then: float) -> float:
        """The count then."""
        at = np.array([self.amplitude, self.phase, np.log(self.fading)])
        return self._solve(clip, self._state(clip, now, then), now, at)

    def _state(self, clip: ShareLog, now: float, then: float) -> tuple[Floats, ...]:
        """Windows of the past (middles, counts, exposures) and steps of the future (middles, exposures, memory between steps)."""
        seen = count(clip, now) + 1
        times, followers = clip.seconds[:seen], clip.followers[:seen].astype(float)
        edges = np.arange(0, now + 1, self.window)
        counts = np.histogram(times[1:], edges)[0].astype(float)
        past = followers @ np.diff(remembered(edges[None] - times[:, None]), axis=1)
        ahead = np.arange(now, then + 1, self.step)
        future = followers @ np.diff(remembered(ahead[None] - times[:, None]), axis=1) / self.step
        lags = remembered((np.arange(len(ahead)) + 0.5) * self.step)
        between = np.diff(np.append(0.0, lags))
        mean = np.array([followers[1:].mean()])
        return (edges[1:] + edges[:-1]) / 2, counts, past, (ahead[1:] + ahead[:-1]) / 2, future, between, mean

    def _solve(self, clip: ShareLog, state: tuple[Floats, ...], now: float, at: Floats) -> float:
        """The count then: p0 by least squares on the windows, then the integral equation step by step."""
        past_middle, counts, past, middle, future, between, mean = state
        shape = _rhythm(clip, past_middle, at)
        infectiousness = counts / np.maximum(past, 1e-12)
        used = past_middle >= now * (1 - self.recent)
        level = float(infectiousness[used] @ shape[used] / max(float(shape[used] @ shape[used]), 1e-12))
        chance = np.maximum(level * _rhythm(clip, middle, at), 0)
        rate = np.zeros(len(middle))
        for place in range(len(middle)):
            inherited = future[place] + mean[0] * float(rate[:place] @ between[place:0:-1])
            own = 1 - chance[place] * mean[0] * between[0]
            rate[place] = min(chance[place] * inherited / max(own, 0.05), LARGEST)
        return float(min(count(clip, now) + rate.sum() * self.step, LARGEST))


def _simplex(best: Floats) -> Floats:
    return np.vstack([best, best + np.diag([0.2, 0.08, 0.5])])


def _rhythm(clip: ShareLog, age: Floats, at: Floats) -> Floats:
    """The daily rhythm and the fading at these ages, without the level."""
    amplitude, phase, fading = np.clip(at[0], 0, 0.99), at[1], np.exp(np.clip(at[2], 8, 16))
    return (1 - amplitude * np.sin(2 * np.pi * ((clip.clock or 0.0) + age / DAY + phase))) * np.exp(-age / fading)


def rivals() -> list[Rival]:
    """One of each."""
    return [LastValue(), LogLinear(), ReinforcedPoisson(), Seismic(), Tideh()]
