"""The factor on the dose follows its written rule, is never certain, and refuses what was no positive encounter."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.errors import RecordError
from commonbeat.record import Encounter
from commonbeat.record.quality import Quality, quality_of
from tests.record.examples import a_record
from tests.record.files import read


def rated(folder, present: float | None, coders: float | None = None, n: int = 30, **changes) -> Encounter:
    """The example with a mean rating from -1 to 1 by children, and by coders."""

    def rows(judged_by: str, mean: float | None) -> list[dict]:
        row = {
            "judged_by": judged_by,
            "collected_by": "school",
            "scale_low": -1,
            "scale_high": 1,
            "neutral": 0,
            "mean": mean,
            "sd": 0.3,
            "n": n,
        }
        return [] if mean is None else [row]

    tone = {"by_those_present": rows("child", present), "by_coders": rows("coder", coders)}
    return read(folder, a_record(tone=tone, sources={}, **changes))


def width(quality: Quality) -> float:
    return quality.high - quality.low


def test_nothing_known_is_centred_on_one_from_half_to_twice(tmp_path):
    quality = quality_of(rated(tmp_path, None))
    assert quality.middle == pytest.approx(1, abs=1e-3)
    assert (quality.low, quality.high) == (pytest.approx(0.5, rel=0.003), pytest.approx(2, rel=0.003))
    assert not quality.refusal
    assert quality.reasons[0].startswith("assumed")


@pytest.mark.parametrize(("present", "coders"), [(0.9, None), (0.4, 0.8), (0.1, 0.0)])
def test_the_rule_is_the_one_that_is_written(tmp_path, present, coders):
    luck = np.random.default_rng(5)
    size = 400_000
    sides = [each for each in (present, coders) if each is not None]
    error = np.sqrt(sum(0.3**2 / 30 + 0.15**2 for _ in sides) / len(sides) ** 2 + ((sides[0] - sides[-1]) / 2) ** 2)
    tone = luck.normal(np.mean(sides), error, size)
    drawn = 1 + luck.uniform(0, 1, size) * (tone / luck.uniform(0.3, 0.8, size) - 1)
    drawn *= np.exp(luck.normal(0, np.log(2) / 1.6449, size))
    quality = quality_of(rated(tmp_path, present, coders))
    for value, percent in ((quality.low, 5), (quality.middle, 50), (quality.high, 95)):
        assert value == pytest.approx(np.percentile(drawn, percent), abs=0.03)
        assert quality.at(percent / 100) == value


def test_a_better_tone_is_more_and_a_neutral_one_less_than_usual(tmp_path):
    found = [quality_of(rated(tmp_path, tone)).middle for tone in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert found == sorted(found)
    assert found[0] < 0.6
    assert found[-1] > 1.2


def test_it_is_never_certain_however_many_answered(tmp_path):
    few, many = (quality_of(rated(tmp_path, 0.55, n=n)) for n in (2, 100_000))
    assert width(few) > width(many) > 1.2
    assert many.low < 0.6
    assert many.high > 1.6


def test_the_two_views_are_kept_apart_and_their_distance_is_doubt(tmp_path):
    agree, differ = quality_of(rated(tmp_path, 0.5, 0.5)), quality_of(rated(tmp_path, 0.95, 0.05))
    assert width(differ) > width(agree)
    assert any("30 present (child): tone +0.95" in each for each in differ.reasons)
    assert any("30 coding (coder): tone +0.05" in each for each in differ.reasons)


def test_the_sign_may_turn_where_the_tone_is_near_neutral(tmp_path):
    quality = quality_of(rated(tmp_path, 0.05, n=1))
    assert quality.percentiles[0] < 0 < quality.middle
    assert list(quality.percentiles) == sorted(quality.percentiles)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"after": {"followed": ["talk", "arrest"]}}, "was enforcement: arrest followed"),
        ({"course": {"began_as": "stop"}}, "began as a stop"),
    ],
)
def test_enforcement_is_no_positive_encounter(tmp_path, changes, why):
    quality = quality_of(rated(tmp_path, 0.9, **changes))
    assert why in quality.refusal
    with pytest.raises(RecordError, match='kind "stop", "harassment" or "gun_pointed"') as caught:
        quality.require_positive("pavement")
    assert caught.value.mistakes[0].place == "pavement"


@pytest.mark.parametrize(("present", "coders"), [(-0.1, None), (-0.1, 0.9), (None, -0.2), (0.1, -0.9)])
def test_worse_than_neutral_is_no_positive_encounter(tmp_path, present, coders):
    quality = quality_of(rated(tmp_path, present, coders))
    assert "worse than neutral" in quality.refusal
    quality_of(rated(tmp_path, 0.1, 0.1)).require_positive("pavement")


def test_officers_do_not_judge_their_own_doing_and_what_nobody_confirmed_does_not_count(tmp_path):
    nothing = quality_of(rated(tmp_path, None))
    tree = a_record(sources={})
    tree["tone"] = {"by_those_present": [{**tree["tone"]["by_those_present"][0], "judged_by": "officer"}]}
    by_officers = quality_of(read(tmp_path, tree))
    assert by_officers.percentiles == nothing.percentiles
    assert "the officers' own judgement is not used" in by_officers.reasons
    for place in ("tone", "tone.by_coders", "tone.by_coders.1", "tone.by_coders.1.mean"):
        sources = {place: {"source": "coder", "confirmed": False}}
        tree = a_record(sources=sources)
        tree["tone"] = {"by_coders": tree["tone"]["by_coders"]}
        assert quality_of(read(tmp_path, tree)).percentiles == nothing.percentiles, place


def test_a_scale_that_is_not_even_has_its_own_two_halves(tmp_path):
    row = {
        "judged_by": "child",
        "collected_by": "school",
        "scale_low": 1,
        "scale_high": 5,
        "neutral": 2,
        "mean": 3.5,
        "sd": 0.9,
        "n": 9,
    }
    quality = quality_of(read(tmp_path, a_record(tone={"by_those_present": [row]}, sources={})))
    assert any("tone +0.50" in each for each in quality.reasons)
    row |= {"mean": 1.5}
    quality = quality_of(read(tmp_path, a_record(tone={"by_those_present": [row]}, sources={})))
    assert any("tone -0.50" in each for each in quality.reasons)
