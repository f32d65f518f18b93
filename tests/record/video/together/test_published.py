"""Measures equal published packages and formulas on shared series."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from multiSyncPy import synchrony_metrics as published
from numpy.testing import assert_allclose
from scipy.signal import hilbert

from commonbeat.record.video.together.group_measures import (
    cluster_phase,
    common_spectrum,
    mean_coherence,
    recurrence,
    symbolic_entropy,
)
from commonbeat.record.video.together.measures import phase_locking
from commonbeat.record.video.together.wavelets import wavelet_coherence
from commonbeat.record.video.together.windows import fisher_z, grand_average, profile, windowed_correlations

SERIES = np.cumsum(np.random.default_rng(5).standard_normal((4, 400)), axis=1)


@pytest.mark.parametrize("samples", [120, 400, 1100])
def test_group_measures_equal_multisyncpy(samples):
    luck = np.random.default_rng(samples)
    series = luck.standard_normal((4, samples)) + np.sin(np.arange(samples) / 5)
    phases = np.angle(hilbert(series, axis=1))
    assert_allclose(cluster_phase(phases), published.rho(phases)[0], rtol=1e-12)
    assert symbolic_entropy(series) == pytest.approx(published.symbolic_entropy(series), rel=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own quarter is longer than scipy likes on short series
        assert mean_coherence(series) == pytest.approx(published.coherence_team(series), rel=1e-9)
        assert common_spectrum(series) == pytest.approx(np.real(published.sum_normalized_csd(series)), rel=1e-9)


def test_recurrence_equals_multisyncpy():
    returned, lined, *_ = published.rqa_metrics(published.recurrence_matrix(SERIES[:, :150], radius=1.0))
    assert_allclose(recurrence(SERIES[:, :150], 1.0), (returned, lined), rtol=1e-12)


def test_windows_equal_the_published_formula_of_rmea():
    """Kleinbub & Ramseyer 2021: Pearson's r of each window at each lag, Fisher's z, absolute, averaged over windows and lags."""
    first, second, window, step, longest = SERIES[0], SERIES[1], 60, 30, 25
    total = []
    for start in range(longest, len(first) - window - longest + 1, step):
        for lag in range(-longest, longest + 1):
            r = np.corrcoef(first[start : start + window], second[start + lag : start + lag + window])[0, 1]
            total.append(abs(0.5 * np.log((1 + r) / (1 - r))))
    found = windowed_correlations(first, second, window, step, longest)
    assert found.r.size == len(total)
    assert grand_average(found) == pytest.approx(np.mean(total), rel=1e-9)
    assert_allclose(profile(found), fisher_z(found.r).mean(axis=0))


def test_phase_locking_has_its_closed_forms():
    turns = np.arange(600) / 12.5
    one, other = np.exp(2j * np.pi * 1.5 * turns), 3 * np.exp(2j * np.pi * 1.5 * turns + 1j)
    assert phase_locking(one, other) == pytest.approx(1.0)
    drifting = np.exp(2j * np.pi * (1.5 + 1 / 48) * turns)  # one turn away in 48 s
    assert phase_locking(one, drifting) == pytest.approx(0.0, abs=1e-9)


def test_wavelet_coherence_is_one_for_a_copy_and_low_for_strangers():
    luck = np.random.default_rng(1)
    one, other = luck.standard_normal((2, 750))
    assert wavelet_coherence(one, 2 * one, 12.5).mean == pytest.approx(1.0)
    strangers = wavelet_coherence(one, other, 12.5)
    assert 0.1 < strangers.mean < 0.55  # the smoothing leaves that much in white noise
    assert not strangers.sure[-1, :10].any()
    assert strangers.sure[:, 375].all()


def test_wavelet_coherence_tells_who_leads_at_which_tempo():
    times = np.arange(750) / 12.5
    luck = np.random.default_rng(2)
    one = np.sin(2 * np.pi * times) + 0.3 * luck.standard_normal(750)
    other = np.sin(2 * np.pi * (times - 0.1)) + 0.3 * luck.standard_normal(750)
    found = wavelet_coherence(one, other, 12.5)
    row = int(np.argmin(np.abs(found.periods_s - 1.0)))
    assert found.squared[row, 375] > 0.95
    assert found.phase[row, 200:550].mean() == pytest.approx(0.1 * 2 * np.pi, abs=0.06)
