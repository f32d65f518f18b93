"""Draws: addressed, banded, without the cards that are left out, and quick."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.errors import LedgerError
from commonbeat.evidence import draw_parameters, load_cards, load_parameters, summarise_prior
from commonbeat.evidence.priors import block_posterior

DRAWN = [parameter for parameter in load_parameters() if parameter.kind != "unknown"]
NEW_HAVEN = frozenset({"E003", "E004", "E005", "E006", "E007", "E008"})


def column(name: str, count: int = 400, **asked: object) -> np.ndarray:
    return np.array([draw_parameters(5, i, **asked)[name] for i in range(count)])  # pyright: ignore[reportArgumentType]


def test_a_draw_holds_every_parameter_but_the_unknown() -> None:
    draw = draw_parameters(1, 0)
    assert list(draw) == [parameter.name for parameter in DRAWN]
    assert all(type(value) is float and math.isfinite(value) for value in draw.values())


@given(st.integers(0, 2**40), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_a_draw_depends_on_its_address_alone(seed: int, draw: int) -> None:
    first = draw_parameters(seed, draw)
    draw_parameters(seed, draw + 1)
    assert draw_parameters(seed, draw) == first
    assert draw_parameters(seed, draw + 1) != first
    assert draw_parameters(seed + 1, draw) != first


def test_draws_follow_their_priors() -> None:
    draws = [draw_parameters(9, i) for i in range(1500)]
    for parameter in DRAWN:
        summary = summarise_prior(parameter.name)
        values = np.array([draw[parameter.name] for draw in draws])
        assert np.mean(values < summary.low) == pytest.approx(0.05, abs=0.025), parameter.name
        assert np.mean(values < summary.median) == pytest.approx(0.5, abs=0.06), parameter.name
        assert np.mean(values > summary.high) == pytest.approx(0.05, abs=0.025), parameter.name


def test_priors_drawn_on_their_own_are_unrelated() -> None:
    pair = np.array([[d["told_fraction"], d["feed_chance"]] for d in (draw_parameters(2, i) for i in range(1000))])
    assert abs(np.corrcoef(pair.T)[0, 1]) < 0.1


def test_parts_of_a_block_trade_off() -> None:
    """A stop known only over a past year is the stronger at the moment itself the less of it is retained."""
    posterior = block_posterior("trust")
    pair = np.stack([posterior.values["stop_trust"], posterior.values["contact_retention"]])
    weighted = np.cov(pair, aweights=posterior.weights)
    assert weighted[0, 1] / np.sqrt(weighted[0, 0] * weighted[1, 1]) > 0.12


@pytest.mark.parametrize("name", ["watched_trust", "told_fraction", "direct_trust", "contact_retention"])
def test_bands_stay_inside_the_quantiles_they_name(name: str) -> None:
    inside = column(name, 200, bands={name: (0.05, 0.5)})
    summary = summarise_prior(name)
    tolerance = 1e-3 * (summary.high - summary.low)
    assert inside.min() >= summary.low - tolerance
    assert inside.max() <= summary.median + tolerance
    assert np.unique(inside).size > 20


def test_bands_on_two_parts_of_a_block_hold_together() -> None:
    bands = {"direct_trust": (0.0, 0.3), "contact_retention": (0.0, 0.3)}
    drawn = [draw_parameters(3, i, bands=bands) for i in range(100)]
    for name in bands:
        whole = column(name, 1000)
        assert max(d[name] for d in drawn) < np.quantile(whole, 0.4)


def test_a_band_on_one_prior_leaves_the_others_as_they_were() -> None:
    free, held = draw_parameters(4, 7), draw_parameters(4, 7, bands={"watched_trust": (0.0, 0.2)})
    assert {name for name in free if free[name] != held[name]} <= {"watched_trust"}


def test_each_named_card_moves_its_prior() -> None:
    for parameter in DRAWN:
        whole = summarise_prior(parameter.name)
        for card in parameter.cards:
            without = summarise_prior(parameter.name, {card})
            assert (without.low, without.median, without.high) != (whole.low, whole.median, whole.high), (
                parameter.name,
                card,
            )


def test_a_card_that_is_not_named_moves_nothing() -> None:
    assert summarise_prior("watched_trust", {"E001", "E097"}) == summarise_prior("watched_trust")
    assert draw_parameters(1, 3, leave_out={"E097"}) == draw_parameters(1, 3)


def test_without_any_card_a_prior_is_wider() -> None:
    for parameter in DRAWN:
        if parameter.cards:
            whole, bare = summarise_prior(parameter.name), summarise_prior(parameter.name, set(parameter.cards))
            wider = bare.high - bare.low > 0.97 * (whole.high - whole.low)
            wider |= whole.low > 0 and bare.low > 0 and bare.high / bare.low > whole.high / whole.low
            assert wider, parameter.name
    everything = {card.id for card in load_cards()}
    assert all(math.isfinite(value) for value in draw_parameters(1, 0, leave_out=everything).values())


def test_trust_without_new_haven_is_lower_and_less_sure() -> None:
    whole, without = summarise_prior("direct_trust"), summarise_prior("direct_trust", NEW_HAVEN)
    assert without.median < whole.median
    assert (without.high - without.low) > 0.9 * (whole.high - whole.low)
    assert without.p_negative > whole.p_negative


def test_the_priors_say_what_a_sceptic_looks_for() -> None:
    watched = summarise_prior("watched_trust")
    assert 0 < watched.median < 0.1
    assert 0.15 < watched.p_negative < 0.4
    assert summarise_prior("violent_clip_trust").high < 0
    assert summarise_prior("stop_trust").p_negative > 0.9
    assert summarise_prior("direct_prejudice_reduction").low < 0 < summarise_prior("direct_prejudice_reduction").median
    ratio = summarise_prior("negative_to_positive_ratio")
    assert (ratio.low, ratio.median, ratio.high) == pytest.approx((1, 2.2, 5), rel=0.05)
    half_life = summarise_prior("trust_durable_half_life_days")
    assert half_life.high / half_life.low > 20


def test_a_summary_is_good_for_a_picture() -> None:
    summary = summarise_prior("told_fraction")
    assert len(summary.quantiles) == 40
    assert len(summary.density) == 41
    step = summary.density[1][0] - summary.density[0][0]
    assert sum(height for _, height in summary.density) * step == pytest.approx(1)


def test_the_samples_of_a_block_are_worth_enough() -> None:
    for name in ("trust", "prejudice"):
        posterior = block_posterior(name)
        assert posterior.weights.sum() == pytest.approx(1)
        assert posterior.effective_samples > 1000


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"leave_out": {"E999"}}, "is not a card"),
        ({"bands": {"watched_trst": (0, 1)}}, "Did you mean 'watched_trust'?"),
        ({"bands": {"watched_trust": (0.5, 0.2)}}, "is not 0 <= from_quantile"),
        ({"bands": {"watched_trust": (math.nan, 0.2)}}, "is not 0 <= from_quantile"),
        ({"bands": {"reproduction_number": (0, 1)}}, "is not a parameter that is drawn"),
        ({"bands": {"direct_trust": (0, 0.00001)}}, "Widen one of the bands"),
    ],
)
def test_what_cannot_be_drawn_is_refused(asked: dict, expected: str) -> None:
    with pytest.raises(LedgerError, match=expected.replace("?", r"\?")):
        draw_parameters(1, 0, **asked)


def test_a_second_draw_reads_no_card_and_makes_no_posterior_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw_parameters(1, 0)
    made = []
    for name in ("joint_posterior", "from_sample"):
        monkeypatch.setattr(f"commonbeat.evidence.priors.{name}", lambda *_, name=name, **__: made.append(name))
    monkeypatch.setattr("pathlib.Path.open", lambda *_, **__: made.append("a file"))
    for draw in range(1, 20):
        assert draw_parameters(1, draw) != first
    assert made == []
