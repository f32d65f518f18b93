"""The shipped worlds end differently, and only because of bands that lie within the priors."""

from __future__ import annotations

import re

import pytest

from commonbeat.evidence import draw_parameters, summarise_prior
from commonbeat.scenario import shipped, shipped_text
from commonbeat.workflows.simulate import run_scenario


def in_small(name: str) -> str:
    """The shipped scenario in the small society, six draws of sixty days, without the long programmes."""
    text = shipped_text(name).replace('"minneapolis"', '"small"')
    text = text.replace("days = 365 ", "days = 60 ").replace("draws = 48 ", "draws = 6 ")
    text = text.replace("checkpoints = [7, 30, 90, 180, 365]", "checkpoints = [7, 60]")
    return re.sub(r"\[\[arms\]\]\nname = \"weekly.*?(?=\[\[arms\]\]\nname = \"fewer)", "", text, flags=re.DOTALL)


def clip_effects(name: str, tmp_path, monkeypatch) -> list[float]:
    """The outlet's clip's effect on all residents' trust on day 60, draw by draw."""
    monkeypatch.setattr("commonbeat.workflows.report.write_report", lambda run: {})
    (tmp_path / f"{name}.toml").write_text(in_small(name), encoding="utf-8")
    run = run_scenario(tmp_path / f"{name}.toml", out=tmp_path / name, workers=1)
    question = "select effect from daily where arm = 'outlet_clip' and day = 60 and outcome = 'trust'"
    return run.sql(f"{question} and \"group\" = 'All residents' order by draw")["effect"].to_list()


@pytest.mark.slow
def test_backfiring_does_harm_and_nothing_does_next_to_nothing(tmp_path, monkeypatch) -> None:
    harm = clip_effects("backfire", tmp_path, monkeypatch)
    nothing = clip_effects("nothing-happens", tmp_path, monkeypatch)
    assert sum(effect < 0 for effect in harm) >= 5
    assert sorted(abs(effect) for effect in nothing)[3] < sorted(abs(effect) for effect in harm)[3] / 2


@pytest.mark.parametrize("name", ["backfire", "nothing-happens"])
def test_bands_stay_inside_the_priors(name: str) -> None:
    bands = {key: (band.from_quantile, band.to_quantile) for key, band in shipped(name).priors.items()}
    draws = [draw_parameters(7, draw, bands=bands) for draw in range(20)]
    for parameter, (low, high) in bands.items():
        assert high - low >= 0.05, parameter
        values = [draw[parameter] for draw in draws]
        assert len(set(values)) > 5, parameter
        median = summarise_prior(parameter).median
        assert all(value <= median for value in values) if high <= 0.5 else all(value >= median for value in values)
