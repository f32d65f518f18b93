"""What space says is told of a clip: positions in body heights, seconds with their coverage, joins and approaches in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from commonbeat.record.video.instrument.asked import Asked
from commonbeat.record.video.instrument.assemble import Looks, assembled
from commonbeat.record.video.instrument.draft import draft_of
from commonbeat.record.video.instrument.happened import happenings_of
from commonbeat.record.video.instrument.key_pictures import KeyPictures
from commonbeat.record.video.instrument.rhythm import Rhythms
from commonbeat.record.video.instrument.smiling import Smiles
from commonbeat.record.video.instrument.watch import Watch
from commonbeat.record.video.space.groups import groups_over_time
from commonbeat.record.video.space.places import places_of
from tests.record.video.instrument.consents import consent_of
from tests.record.video.instrument.made_up import JOINING, SIZE, facts, seen

SECONDS = 30.0
# The newcomer walks from x = 600 to 430 between the 10th and 14th second; 2 stands at 300 and is about 183 px tall.
WITHIN_REACH_S = 10 + 4 * (600 - 300 - 1.2 * 183) / (600 - 430)


@pytest.fixture(scope="module")
def measured():
    watch = Watch.begun(*SIZE, Smiles(None), KeyPictures((0.0, SECONDS), None))
    tracks = watch.run(seen(JOINING, SECONDS), (0.0, SECONDS), lambda _: None, lambda _: None)
    looks = Looks(Smiles(None).result("not agreed to"), (), "not agreed to")
    return assembled(facts(SECONDS), Asked(), (0.0, SECONDS), tracks, Rhythms(), looks)


def test_a_join_is_told_within_a_second(measured) -> None:
    joins = measured.of("joined")
    assert [each.people for each in joins] == [(3, 1, 2)]
    assert joins[0].start_s == pytest.approx(WITHIN_REACH_S, abs=1.0)
    assert joins[0].words == "3 joined 1 and 2; 3 moved"


def test_who_came_closer_stands_first(measured) -> None:
    closer = next(each for each in measured.of("came closer") if set(each.people) == {2, 3})
    assert closer.people == (3, 2)
    assert closer.amount == pytest.approx((600 - 430) / 183, rel=0.1)
    assert 0 < closer.amount_sd < 0.2
    assert abs(closer.start_s - 10.0) <= closer.uncertainty_s
    assert abs(closer.end_s - 14.0) <= closer.uncertainty_s


def test_positions_are_in_body_heights(measured) -> None:
    where = measured.positions
    assert where.body_height_px == pytest.approx(182, rel=0.06)
    apart = [np.nanmedian(where.across[where.person == number]) for number in (1, 2)]
    assert apart[1] - apart[0] == pytest.approx((300 - 180) / where.body_height_px, rel=0.05)
    assert len(where.times) == sum(int(each) for each in np.bincount(where.person))


def test_distances_and_nearness_of_pairs(measured) -> None:
    pairs = {(each.first, each.second): each for each in measured.pairs}
    assert set(pairs) == {(1, 2), (1, 3), (2, 3)}
    assert pairs[1, 2].distance == pytest.approx(120 / 183, rel=0.08)
    assert pairs[1, 2].near_share > 0.95
    assert pairs[2, 3].near_share == pytest.approx((SECONDS - WITHIN_REACH_S) / SECONDS, abs=0.05)
    assert pairs[1, 3].near == ()


def test_every_second_says_how_many_were_seen(measured) -> None:
    moments = measured.moments
    np.testing.assert_allclose(moments.times, np.arange(SECONDS))
    np.testing.assert_allclose(moments.people, 3.0)
    assert moments.coverage.min() > 0.9
    assert np.isfinite(moments.energy).all()


def test_a_group_lasts_until_another_joins_it(measured) -> None:
    assert [members for _, members in measured.groups] == [(1, 2), (1, 2, 3)]


def test_what_was_not_measured_says_why(measured) -> None:
    told = dict(measured.not_measured)
    assert told["visible smiling"] == "not agreed to"
    assert told["the sound"] == "the clip has no sound"
    assert "1 and 2 moving together" in told


def test_a_full_frame_is_said_to_be_full() -> None:
    watch = Watch.begun(*SIZE, Smiles(None), KeyPictures((0.0, 5.0), None))
    tracks = watch.run(seen(JOINING, 5.0), (0.0, 5.0), lambda _: None, lambda _: None)
    looks = Looks(Smiles(None).result(""), (), "")
    crowded = assembled(facts(5.0), Asked(people=6), (0.0, 5.0), tracks, Rhythms(), looks)
    assert not any("--people 20" in each for each in crowded.cautions)
    fewer = Asked(people=6)
    object.__setattr__(fewer, "people", 3)
    assert any(
        "--people 20" in each for each in assembled(facts(5.0), fewer, (0.0, 5.0), tracks, Rhythms(), looks).cautions
    )


def test_a_join_beside_a_suspected_swap_is_doubted_in_words_and_in_the_draft(measured) -> None:
    tracks, groups = joining()
    there = replace(tracks, swaps_suspected=np.array([[WITHIN_REACH_S + 1.0, 2.0, 3.0]]))
    elsewhere = replace(tracks, swaps_suspected=np.array([[WITHIN_REACH_S + 9.0, 2.0, 3.0]]))
    join = next(each for each in happenings_of(there, groups, ()) if each.kind == "joined")
    assert "2 and 3 may have changed places just then" in join.words
    sources = draft_of(replace(measured, happenings=(join,)), consent_of()).sources
    assert "may only have passed by" in sources["course.joins.1.count"].uncertainty
    assert next(each for each in happenings_of(elsewhere, groups, ()) if each.kind == "joined").doubt == ""


def joining():
    watch = Watch.begun(*SIZE, Smiles(None), KeyPictures((0.0, 20.0), None))
    tracks = watch.run(seen(JOINING, 20.0), (0.0, 20.0), lambda _: None, lambda _: None)
    return tracks, groups_over_time(places_of(tracks), tracks.times)


@pytest.mark.parametrize(("frame_px", "told"), [(256, False), (100, True)])
def test_people_who_are_small_for_the_pose_model_are_told_so(frame_px: int, *, told: bool) -> None:
    tracks, _ = joining()
    asked = Asked()
    object.__setattr__(asked, "frame_px", frame_px)
    looks = Looks(Smiles(None).result(""), (), "")
    cautions = assembled(facts(20.0), asked, (0.0, 20.0), tracks, Rhythms(), looks).cautions
    assert any("--frame 384 may find more" in each for each in cautions) == told
