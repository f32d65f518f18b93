"""Against simulators of one line, whose posterior is known in closed form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chisquare

from commonbeat.fit.posterior import calibration
from commonbeat.fit.posterior import posterior as module
from commonbeat.fit.posterior.bank import Bank
from commonbeat.fit.posterior.calibration import calibrate
from commonbeat.fit.posterior.emulator import Emulator, fit_emulators
from commonbeat.fit.posterior.learnt import learnt, trades
from commonbeat.fit.posterior.posterior import Posterior, resampled, usable, weighed
from commonbeat.fit.posterior.weighing import Evidence, alone, log_likelihood, without_each
from tests.fit.posterior.toys import FIRST, SECOND, THIRD, bank, column, prior, sampler, statistics


@pytest.fixture(scope="module", autouse=True)
def _small_samples() -> Iterator[None]:
    """Posteriors of these tests are wide: an eighth of the usual sample tells them as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FIRST_SAMPLES", 1 << 13)
        patch.setattr(module, "WANTED_SAMPLES", 1000.0)
        yield


def fitted(function, *observed: float, error: float = 0.3, rows: int = 240) -> Posterior:
    made = bank(function, rows=rows)
    asked = statistics(*observed, error=error)
    kept, emulators, unused = usable(asked, fit_emulators(prior().of(made.values), made))
    return weighed(prior().names, sampler, 1, kept, emulators, unused)


@pytest.fixture(scope="module")
def straight() -> Posterior:
    """Two results: the first parameter, and the second."""
    return fitted(lambda a, b, _: np.stack([a, b], axis=1), 1.0, 0.0)


def test_a_straight_line_has_the_posterior_of_the_textbook(straight: Posterior) -> None:
    """Prior N(0, 1), y = z + noise of variance .09 + .09: variance .18 / 1.18, mean 1 / 1.18."""
    row = {each.parameter: each for each in learnt(straight)}[FIRST]
    assert row.shrinkage == pytest.approx(1 - 0.18 / 1.18, abs=0.03)
    assert row.shift == pytest.approx(1 / 1.18, abs=0.07)
    assert row.informed
    assert row.informed_by == ("target 0",)


def test_the_emulator_states_its_error_and_finds_its_inputs(straight: Posterior) -> None:
    first, second = straight.emulators
    assert first.inputs == (column(FIRST),)
    assert second.inputs[0] == column(SECOND)
    assert first.deviation * first.scale.slope(np.zeros(1))[0] == pytest.approx(0.3, rel=0.15)


def test_what_no_target_touches_stays_at_its_prior(straight: Posterior) -> None:
    rows = {each.parameter: each for each in learnt(straight)}
    assert {name for name, each in rows.items() if each.informed} == {FIRST, SECOND}
    assert abs(rows[THIRD].shrinkage) < 0.1
    assert rows[THIRD].informed_by == ()


def test_a_product_ties_its_factors_together() -> None:
    found = fitted(lambda a, b, _: np.exp(0.6 * (a + b))[:, None], 2.5, error=0.15, rows=300)
    tied = trades(found)
    assert {tied[0].first, tied[0].second} == {FIRST, SECOND}
    assert tied[0].after < -0.4 < tied[0].before


def test_two_targets_that_say_the_same_teach_alone_and_lose_little() -> None:
    rows = {each.parameter: each for each in learnt(fitted(lambda a, _b, _c: np.stack([a, 2 * a], axis=1), 1.0, 2.0))}
    gives, lost = rows[FIRST].alone, rows[FIRST].lost
    assert min(gives) > 0.7
    assert max(lost) < 0.2


def test_a_target_beyond_everything_contradicts_the_model_and_does_not_weigh() -> None:
    made = bank(lambda a, b, _: np.stack([a, b], axis=1))
    kept, emulators, unused = usable(statistics(0.5, 40.0), fit_emulators(prior().of(made.values), made))
    assert [each.label for each in kept.statistics] == ["target 0"]
    assert len(emulators) == 1
    assert "contradicts the model" in unused[0]


def test_a_statistic_without_values_is_not_emulated() -> None:
    made = bank(lambda a, b, _: np.stack([a, np.where(b > 1.5, b, np.nan)], axis=1))
    emulators = fit_emulators(prior().of(made.values), made)
    assert emulators[0] is not None
    assert emulators[1] is None
    *_, unused = usable(statistics(0.5, 1.0), emulators)
    assert "too few draws" in unused[0]


def test_screening_looks_at_fewer_draws_and_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def line(a, b, c):
        return np.stack([a, b, c], axis=1)

    monkeypatch.setattr(module, "WANTED_SAMPLES", 1500.0)
    found = fitted(line, 1.5, -1.0, 1.0, error=0.1)
    assert found.screened > found.plain
    assert len(found.weights) < 0.6 * found.screened
    assert found.effective >= 1500
    rows = {each.parameter: each for each in learnt(found)}
    for name, observed in ((FIRST, 1.5), (SECOND, -1.0), (THIRD, 1.0)):
        assert rows[name].shift == pytest.approx(observed / 1.1, abs=0.1)
        assert rows[name].shrinkage == pytest.approx(1 - 0.1 / 1.1, abs=0.03)


def test_likelihoods_without_one_and_alone_agree_with_the_whole() -> None:
    random = np.random.default_rng(2)
    means, deviations = random.normal(size=(50, 3)), random.uniform(0.5, 2, (50, 3))
    root = random.normal(size=(3, 3))
    correlation = np.array([[1, 0.4, 0.1], [0.4, 1, -0.3], [0.1, -0.3, 1]])
    evidence = Evidence(random.normal(size=3), root @ root.T, correlation)
    found = without_each(evidence, means, deviations)
    for left in range(3):
        kept = [place for place in range(3) if place != left]
        smaller = Evidence(
            evidence.observed[kept], evidence.covariance[np.ix_(kept, kept)], correlation[np.ix_(kept, kept)]
        )
        assert found[:, left] == pytest.approx(log_likelihood(smaller, means[:, kept], deviations[:, kept]))
    one = Evidence(evidence.observed[:1], evidence.covariance[:1, :1], np.ones((1, 1)))
    assert alone(evidence, means, deviations)[:, 0] == pytest.approx(
        log_likelihood(one, means[:, :1], deviations[:, :1])
    )


def test_resampling_keeps_shares() -> None:
    weights = np.array([0.5, 0.0, 0.3, 0.2])
    places, shares = resampled(weights, 1000, 0.37)
    assert places.tolist() == [0, 2, 3]
    assert shares == pytest.approx([0.5, 0.3, 0.2], abs=1e-3)


def test_ranks_of_truths_are_uniform() -> None:
    """The reduced form of scripts/calibrate_fit.py: a product of two parameters and a third one, seen with error."""
    made = bank(lambda a, b, c: np.stack([np.exp(0.4 * (a + b)), c], axis=1), rows=240, noise=0.2)
    found = calibrate(made, statistics(0.0, 0.0, error=0.3), prior(), seed=8, folds=3)
    assert found.ranks.shape == (240, len(prior().names) + 1)
    for name in (FIRST, SECOND, THIRD, "log likelihood"):
        counts = np.bincount(found.ranks[:, found.names.index(name)] // 10, minlength=10)
        assert chisquare(counts).pvalue > 0.01, (name, counts)
    assert found.shrinkage[:, column(THIRD)].mean() > 0.5


def test_ranks_show_a_posterior_that_is_too_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """With emulators that state a fifth of their error the ranks pile up at both ends: the test above can fail."""

    def too_sure(scores: np.ndarray, made: Bank) -> list[Emulator | None]:
        return [each and replace(each, deviation=each.deviation / 5) for each in fit_emulators(scores, made)]

    monkeypatch.setattr(calibration, "fit_emulators", too_sure)
    made = bank(lambda a, _b, _c: a[:, None], noise=0.6)
    found = calibrate(made, statistics(0.0, error=0.05), prior(), seed=8, folds=3)
    counts = np.bincount(found.ranks[:, found.names.index(FIRST)] // 10, minlength=10)
    assert chisquare(counts).pvalue < 1e-6
    assert min(counts[0], counts[-1]) > max(counts[1:-1])
