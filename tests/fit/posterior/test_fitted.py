"""The whole of a fit on a simulator of one line: the second bank, the rows that are run, and the check."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from commonbeat.errors import FailureError
from commonbeat.fit.posterior import BankStore, FitOrder, Targets, fit, fitted
from commonbeat.fit.posterior import posterior as module
from commonbeat.fit.posterior.bank import Bank, BankItem, BankTask
from commonbeat.report.fit import render_fit
from commonbeat.workflows.fit import document
from tests.fit.posterior.towns import town
from tests.fit.posterior.toys import FIRST, column, prior, statistics

DRAWS, CHECKS = 150, 25


class Toy:
    """Stands for the simulator: the score of FIRST, with luck that belongs to the row; remembers the waves that were run."""

    def __init__(self) -> None:
        self.waves: list[tuple[str, int]] = []

    def __call__(self, task: BankTask, items: list[BankItem], store: BankStore, *, workers: int, progress) -> Bank:
        self.waves.append((items[0].wave, len(items)))
        progress(len(items))
        values = np.array([item.values for item in items])
        luck = np.random.default_rng(len(self.waves)).normal(scale=0.2, size=len(items))
        results = prior().of(values)[:, column(FIRST)] + luck
        return Bank(task.names, values, results[:, None], np.array([item.parameter_set for item in items]))


def fit_toy(
    tmp_path, monkeypatch: pytest.MonkeyPatch, observed: float, overlaps: tuple[str, ...] = ()
) -> tuple[fitted.Fitted, Toy, list[int]]:
    toy, heard = Toy(), []
    monkeypatch.setattr(fitted, "fill_bank", toy)
    monkeypatch.setattr(module, "FIRST_SAMPLES", 1 << 13)
    monkeypatch.setattr(module, "MOST_SCREENED", 1 << 15)
    asked = replace(statistics(observed), overlaps=overlaps)
    order = FitOrder(town(), "small", Targets((), (), "targets.csv", ""), asked, DRAWS, CHECKS, {})
    done = lambda safe, total: heard.append((safe, total))  # noqa: E731
    found = fit(order, BankStore(tmp_path / "bank"), workers=1, says=lambda _: None, progress=done)
    return found, toy, heard


def test_one_bank_is_enough_where_the_posterior_is_wide(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, toy, heard = fit_toy(tmp_path, monkeypatch, 0.8, ("a and b: these overlap",))
    assert toy.waves == [("bank", DRAWS), ("check", CHECKS)]
    assert heard == [(DRAWS, DRAWS + CHECKS), (DRAWS + CHECKS, DRAWS + CHECKS)]
    assert not found.second_bank
    assert found.doubts == ("a and b: these overlap",)
    assert document(found)["doubts"] == ["a and b: these overlap"]
    assert "a and b: these overlap" in render_fit(found)
    assert found.informed[0].parameter == FIRST
    assert found.checked[0].tail > 0.2
    assert found.weights.sum() == pytest.approx(1)


def test_a_thin_posterior_gets_a_second_bank_and_says_when_it_stays_thin(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEAST_SAMPLES", 1e6)
    found, toy, heard = fit_toy(tmp_path, monkeypatch, 1.5)
    assert toy.waves == [("bank", DRAWS), ("second", DRAWS // 2), ("check", CHECKS)]
    assert heard[-1] == (DRAWS + DRAWS // 2 + CHECKS,) * 2
    assert found.second_bank
    assert len(found.bank.values) == DRAWS + DRAWS // 2
    assert "hangs on few draws" in found.doubts[0]
    second = prior().of(found.bank.values)[DRAWS:, column(FIRST)]
    assert second.mean() > 1.0


def test_nothing_but_contradictions_is_no_fit(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FailureError, match="contradicts the model"):
        fit_toy(tmp_path, monkeypatch, 50.0)
