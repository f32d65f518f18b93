"""The rules: signs, which card serves what, and how novelty wears off."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.mind import kinds as word
from commonbeat.mind.rules import CARDS_HAD_MET, build_rules
from tests.simulate.settings import PARAMETERS


def rules_with(**changes: float):
    return build_rules({**PARAMETERS, **changes}, np.zeros(4))


def test_a_negative_with_its_own_card_is_never_multiplied_by_the_ratio() -> None:
    once, thrice = rules_with(negative_to_positive_ratio=1.0), rules_with(negative_to_positive_ratio=3.0)
    changed = np.flatnonzero((once.effect != thrice.effect).any(axis=1))
    assert changed.tolist() == [word.CLIP_OF_STOP]
    assert thrice.effect[word.CLIP_OF_STOP, word.TRUST] == pytest.approx(-3.0 * PARAMETERS["watched_trust"])


def test_a_stop_clip_is_bad_news_even_when_a_friendly_clip_backfires() -> None:
    assert rules_with(watched_trust=-0.1).effect[word.CLIP_OF_STOP, word.TRUST] < 0


def test_one_pair_of_time_constants_per_outcome_and_retention_by_channel() -> None:
    rules = rules_with()
    assert rules.durable_rate[word.TRUST] == rules.durable_rate[word.COOPERATION]
    assert rules.durable_rate[word.TRUST] != rules.durable_rate[word.PREJUDICE]
    assert rules.retention[word.WATCHED, word.TRUST] != rules.retention[word.DIRECT, word.TRUST]
    half_life = PARAMETERS["trust_durable_half_life_days"] * 24
    assert np.exp(-rules.durable_rate[word.TRUST] * half_life) == pytest.approx(0.5)


def test_novelty_is_one_for_what_the_cards_people_had_met_and_then_wears_off() -> None:
    novelty = rules_with(novelty_exponent=0.5).novelty
    assert (novelty[:, 0] == 1.0).all()
    assert (np.diff(novelty, axis=1) < 0)[:, 1:].all()
    for counter, met in CARDS_HAD_MET.items():
        assert novelty[counter, 3] == pytest.approx((4 / (1 + met)) ** -0.5)


def test_an_officer_moment_says_less_of_the_police_than_of_the_officer() -> None:
    half, whole = rules_with(generalisation=0.5), rules_with(generalisation=1.0)
    assert half.effect[word.ENCOUNTER, word.TRUST] == pytest.approx(0.5 * whole.effect[word.ENCOUNTER, word.TRUST])
    assert half.effect[word.STOP, word.TRUST] == whole.effect[word.STOP, word.TRUST]


def test_the_words_and_their_numbers_agree() -> None:
    assert word.OUTCOMES[word.REGARD] == "regard"
    assert word.KINDS[word.VIOLENT_CLIP] == "violent_clip"
    assert word.CHANNELS[word.NEWS] == "news"
    assert len(set(word.KINDS)) == len(word.KINDS)
