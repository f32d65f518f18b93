"""The verdict: which of its claim's cards a design could see, in one sentence."""

from __future__ import annotations

import math

import pytest

from commonbeat.estimate.power import Progress, study
from commonbeat.estimate.power.assumption import assume
from commonbeat.estimate.power.claim import cards_of, delay_of, held_against, verdict
from tests.estimate.power_designs import planned


def seen(design) -> dict[str, bool]:
    faded = assume(design).certain
    return {each.card: each.seen for each in (held_against(design, card, faded) for card in cards_of(design))}


def sentence(design) -> str:
    faded = assume(design).certain
    return verdict(design, tuple(held_against(design, card, faded) for card in cards_of(design)), faded)


def test_a_claim_is_held_against_its_counted_cards_in_sds() -> None:
    assert [each.source for each in cards_of(planned("people = 100", top='claim = "C5"'))] == ["E003", "E004"]
    prejudice = planned("people = 100", top='claim = "C3"\noutcome = "prejudice"')
    assert [each.source for each in cards_of(prejudice)] == ["E020", "E022", "E023", "E027", "E029"]
    assert delay_of("E003") == 3
    assert delay_of("E004") == 21
    assert delay_of("E023") is None


def test_a_design_that_cannot_see_its_card_is_told_so_in_one_sentence() -> None:
    blind = planned("people = 800", top='claim = "C3"\noutcome = "prejudice"\ncard = "E022"')
    told = sentence(blind)
    assert told.startswith(
        "This design cannot see the effect of C3's card E022 (0.02 SD): the smallest effect that it sees"
    )
    assert told.count(".") - told.count("0.") == 1
    assert "E022 would take 78,492 people" in told


def test_a_design_may_see_some_cards_and_not_others() -> None:
    design = planned("people = 800", top='claim = "C3"\noutcome = "prejudice"')
    assert seen(design) == {"E020": True, "E022": False, "E023": False, "E027": False, "E029": False}
    assert "can see the effect of C3's card E020 (0.25 SD) but not that of C3's cards E022" in sentence(design)


def test_a_design_that_sees_all_says_so() -> None:
    design = planned("people = 4000", more="[[waves]]\ndelay_days = 3\n[[waves]]\ndelay_days = 21")
    assert sentence(design).startswith(
        "This design can see the effect of C5's cards E003 (0.44 SD) and E004 (0.29 SD);"
    )


def test_a_claim_without_such_a_card_says_what_can_be_seen() -> None:
    told = sentence(planned("people = 400", top='claim = "C1"'))
    assert told.startswith("No checked card of C1 gives an effect in SDs")
    assert "0.28 SD" in told


def test_an_effect_is_carried_to_later_waves_only() -> None:
    before = planned("people = 400", top='claim = "C5"\ncard = "E004"', more="[[waves]]\ndelay_days = 0")
    later = planned("people = 400", top='claim = "C5"\ncard = "E004"', more="[[waves]]\ndelay_days = 90")
    first, second = (held_against(each, cards_of(each)[0], assume(each).certain) for each in (before, later))
    assert first.effect == pytest.approx(0.29)
    assert second.effect < 0.27


def test_the_assumed_effect_is_written_or_the_cards_or_the_priors() -> None:
    assert assume(planned("people = 400")).words == "as written in the design"
    card = planned("people = 400", arm="", top='claim = "C5"\ncard = "E003"')
    assert assume(card).effects == {"dance": pytest.approx(0.44)}
    prior = assume(planned("people = 400", arm=""))
    assert "priors" in prior.words
    assert prior.effects["dance"] == pytest.approx(0.31, abs=0.06)
    # What the priors leave open on the effect itself makes no power certain, however many are asked.
    many = study(planned("people = 20000", arm="", more="[simulation]\ntrials = 100\nsizes = [100]"), Progress())
    assert many.answers[0].power < 0.999
    assert math.isfinite(many.answers[0].smallest_effect)


def test_cautions_name_what_weakens_a_design() -> None:
    few = planned(
        "clusters = 8\ncluster_size = 20",
        more="[[waves]]\ndelay_days = 90\nattrition_by_arm = { control = 0.2, dance = 0.5 }\n[simulation]\ntrials = 100\nsizes = [12]",
    )
    told = " ".join(study(few, Progress()).warnings)
    for words in ("8 clusters are few", "The icc is 0", "extrapolated", "unequal shares", "50 % do not answer"):
        assert words in told
