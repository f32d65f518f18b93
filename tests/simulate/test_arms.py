"""What must hold between the arms of one draw, whatever the luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from commonbeat.kernels.experience import levels
from commonbeat.mind.kinds import CHANNELS, DIRECT, OUTCOMES, TRUST
from commonbeat.simulate.arms import choose_twins, run_arms
from commonbeat.simulate.columns import exposures_of, tables_of
from commonbeat.simulate.record import RINGS
from commonbeat.society import Society
from commonbeat.society.people import People
from commonbeat.society.ties import Friends, Ties
from tests.simulate.settings import PARAMETERS
from tests.simulate.worlds import scenario, small_society, world_of


def effects(tables: dict, arm: str) -> np.ndarray:
    return tables["daily"]["effect"][tables["daily"]["arm"] == arm]


@pytest.fixture(scope="module")
def tables() -> dict:
    arms = run_arms(world_of(scenario("unfilmed", "outlet", "weekly", "fewer", "same", "violent")), follow_twins=1)
    return tables_of(arms, 0)


def test_an_arm_that_changes_nothing_differs_by_exactly_zero(tables: dict) -> None:
    assert not effects(tables, "same").any()
    assert not effects(tables, "nothing").any()


def test_every_other_arm_changes_something(tables: dict) -> None:
    for arm in ("unfilmed", "outlet", "weekly", "fewer", "violent"):
        assert effects(tables, arm).any()


def test_without_ties_that_may_form_the_unchanged_arm_still_differs_by_exactly_zero() -> None:
    arms = run_arms(
        world_of(scenario("same", "unfilmed"), parameters={**PARAMETERS, "tie_formation_chance": 0.0}), follow_twins=0
    )
    made = tables_of(arms, 0)
    assert not effects(made, "same").any()
    assert arms.records["unfilmed"].ties_formed == 0


def test_nothing_happens_to_anybody_when_every_effect_is_zero() -> None:
    zero = {name: 0.0 for name in PARAMETERS if name.endswith(("_trust", "_reduction", "_regard", "_gain", "_shift"))}
    made = tables_of(
        run_arms(world_of(scenario("violent", "fewer"), parameters={**PARAMETERS, **zero}), follow_twins=0), 0
    )
    assert not made["daily"]["change"].any()


def test_channel_accounts_add_up_to_the_whole_effect(tables: dict) -> None:
    channels, daily = tables["channels"], tables["daily"]
    totals: dict[tuple, float] = {}
    for key, account in zip(
        zip(*(channels[name].tolist() for name in ("arm", "group", "outcome", "day")), strict=True),
        channels["account"],
        strict=True,
    ):
        totals[key] = totals.get(key, 0.0) + account
    keys = zip(*(daily[name].tolist() for name in ("arm", "group", "outcome", "day")), strict=True)
    effect = dict(zip(keys, daily["effect"].tolist(), strict=True))
    assert totals
    for key, total in totals.items():
        assert total == pytest.approx(effect[key], rel=1e-6, abs=1e-14)


def test_the_city_is_the_sum_of_the_people_whom_the_moment_reached() -> None:
    world = world_of(scenario("outlet"), parameters={**PARAMETERS, "tie_formation_chance": 0.0})
    arms = run_arms(world, follow_twins=0)
    made = tables_of(arms, 0)
    rings = made["rings"]
    for outcome in ("trust", "cooperation", "reform", "prejudice"):
        chosen = (rings["arm"] == "outlet") & (rings["day"] == 30) & (rings["outcome"] == outcome)
        reached = chosen & (rings["ring"] != "city") & np.isin(rings["group"], world.frame.reporting[:3])
        total = (rings["effect"] * rings["people"])[reached].sum()
        city = chosen & (rings["ring"] == "city") & (rings["group"] == "All residents")
        assert (rings["effect"] * rings["people"])[city].sum() == pytest.approx(total, rel=1e-4)


def test_fewer_stops_are_a_subset_and_touch_nobody_else() -> None:
    world = world_of(
        scenario("fewer"),
        parameters={
            **PARAMETERS,
            "tell_chance_close": 0.0,
            "tell_chance_acquaintance": 0.0,
            "filmed_share_of_stops": 0.0,
        },
    )
    arms = run_arms(world, follow_twins=0)
    year = world.year(1)
    made = (year.keep_luck < 0.4) & (year.stopped >= 0) & (year.stop_day < 30)
    left_out = (year.keep_luck >= 0.4) & (year.stopped >= 0) & (year.stop_day < 30)
    counted = arms.records["fewer"].counts
    assert sum(count for (kind, _), count in counted.items() if kind == "stop") == made.sum()
    reached = arms.records["fewer"].reached[30]
    assert set(reached.person.tolist()) == set(year.stopped[left_out].tolist())
    assert {RINGS[ring] for ring in reached.ring.tolist()} == {"stops not made"}


def test_people_are_in_the_nearest_ring_only_and_those_present_are_neither_told_nor_viewers(tables: dict) -> None:
    world = world_of(scenario("outlet"))
    arms = run_arms(world, follow_twins=0)
    reached = arms.records["outlet"].reached[30]
    assert len(np.unique(reached.person)) == len(reached.person)
    met = [part for day, part in world.met if day >= 365]
    scenario_met = [(part.person[part.source == 1], part.channel[part.source == 1]) for part in met]
    present = {
        int(p) for persons, channels in scenario_met for p, c in zip(persons, channels, strict=True) if c == DIRECT
    }
    assert len(present) == 34
    others = {
        int(p) for persons, channels in scenario_met for p, c in zip(persons, channels, strict=True) if c != DIRECT
    }
    assert not present & others


def test_the_same_people_take_part_in_every_arm_that_holds_the_moment() -> None:
    arms = run_arms(world_of(scenario("unfilmed", "outlet", "resident")), follow_twins=0)
    present = [arms.records[name].reached[30] for name in ("unfilmed", "outlet", "resident")]
    sets = [set(reached.person[reached.ring == 0].tolist()) for reached in present]
    assert sets[0] == sets[1] == sets[2]
    assert len(sets[0]) == 34


def doubled(society: Society) -> Society:
    people = society.people
    away = people.place == society.elsewhere_place
    return replace(society, people=replace(people, weight=np.where(away, 2 * people.weight, people.weight)))


def test_doubling_the_weights_of_people_elsewhere_leaves_the_effects_per_viewer_unchanged() -> None:
    setting = scenario("outlet", "violent")
    once = tables_of(run_arms(world_of(setting), follow_twins=0), 0)
    twice = tables_of(run_arms(world_of(setting, doubled(small_society())), follow_twins=0), 0)
    np.testing.assert_allclose(once["daily"]["effect"], twice["daily"]["effect"], rtol=1e-12, atol=0)
    apart = once["rings"]["group"] != "All"
    for name in ("effect", "share_negative", "people"):
        np.testing.assert_allclose(once["rings"][name][apart], twice["rings"][name][apart], rtol=1e-12, atol=0)
    elsewhere = once["rings"]["group"] == "Elsewhere"
    assert elsewhere.any()
    np.testing.assert_allclose(
        2 * once["rings"]["people_weighted"][elsewhere], twice["rings"]["people_weighted"][elsewhere]
    )


def renumbered(society: Society, new_row: np.ndarray) -> Society:
    """The same people, ties and ids, with rows in another order."""
    old_row = np.argsort(new_row)
    people = People(**{name: getattr(society.people, name)[old_row] for name in People.__dataclass_fields__})

    def moved(ties: Ties) -> tuple[np.ndarray, np.ndarray]:
        rows = [new_row[ties.row(i)] for i in old_row.tolist()]
        return np.concatenate(([0], np.cumsum([len(row) for row in rows]))), np.concatenate(rows)

    offsets, targets = moved(society.friends)
    core_end = offsets[:-1] + society.friends.core_degrees[old_row]
    outlets = Ties(society.outlet_followers.offsets, new_row[society.outlet_followers.targets])
    return replace(
        society,
        people=people,
        household=Ties(*moved(society.household)),
        friends=Friends(offsets, targets, core_end),
        followers=Ties(*moved(society.followers)),
        outlet_followers=outlets,
    )


def test_the_order_of_people_changes_nothing() -> None:
    setting = scenario("outlet", "weekly", "fewer", "violent")
    society = small_society()
    new_row = np.random.default_rng(5).permutation(len(society.people))
    first = run_arms(world_of(setting), follow_twins=1)
    second = run_arms(world_of(setting, renumbered(society, new_row)), follow_twins=1)
    for name, record in first.records.items():
        other = second.records[name]
        a, b = record.reached[30], other.reached[30]
        order = np.argsort(new_row[a.person])
        assert np.array_equal(new_row[a.person][order], b.person)
        assert np.array_equal(a.ring[order], b.ring)
        np.testing.assert_allclose(a.level[order], b.level, rtol=0, atol=1e-6)
        np.testing.assert_allclose(record.daily, other.daily, rtol=1e-9, atol=1e-9)
    ids = society.people.id
    assert [(part, int(new_row[row])) for part, row in first.twins] == list(second.twins)
    assert [int(ids[row]) for _, row in first.twins]
    assert exposure_set(first) == exposure_set(second)


def exposure_set(arms) -> set[tuple]:
    columns = exposures_of(arms, 0)
    return set(zip(*(columns[name].tolist() for name in columns), strict=True))


def test_provenance_names_who_saw_it_through_whom_and_when() -> None:
    arms = run_arms(world_of(scenario("outlet")), follow_twins=0)
    columns = exposures_of(arms, 0)
    society = arms.world.frame.society
    rows = {int(person): row for row, person in enumerate(society.people.id.tolist())}
    assert len(columns["person"]) > 20
    by_person = dict(zip(columns["person"].tolist(), columns["hour"].tolist(), strict=True))
    for person, parent, hour, channel in zip(
        *(columns[n].tolist() for n in ("person", "parent", "hour", "channel")), strict=True
    ):
        if parent < 0:
            assert rows[person] in society.outlet_followers.row(-1 - parent)
            assert channel == "news"
        else:
            assert rows[person] in society.followers.row(rows[parent])
            assert hour >= by_person[parent]
            assert channel == "watched"


def test_new_acquaintances_hear_of_what_comes_later() -> None:
    sure = {**PARAMETERS, "tie_formation_chance": 1.0, "tell_chance_acquaintance": 1.0}
    arms = run_arms(world_of(scenario("unfilmed"), parameters=sure), follow_twins=0)
    assert arms.records["unfilmed"].ties_formed > 400
    account = arms.records["unfilmed"].daily[30] - arms.records["nothing"].daily[30]
    told_of_the_ordinary_day = account[:, 0, CHANNELS.index("told"), TRUST]
    assert np.abs(told_of_the_ordinary_day).sum() > 0


def test_encounters_cause_encounters_only_with_data() -> None:
    without = run_arms(world_of(scenario("unfilmed", days=120)), follow_twins=0)
    data = '\n[reproduction]\nnumber_low = 1.5\nnumber_high = 2.0\nsource = "a made-up study for this test"\n'
    with_data = run_arms(world_of(scenario("unfilmed", days=120, more=data)), follow_twins=0)
    assert without.records["unfilmed"].encounters == 1
    assert with_data.records["unfilmed"].encounters > 1
    assert with_data.records["nothing"].encounters == 0


def test_twins_are_who_they_are_said_to_be() -> None:
    world = world_of(scenario("unfilmed", "outlet"))
    parts = dict(choose_twins(world))
    society = world.frame.society
    assert set(parts) == {"child", "bystander", "viewer"}
    assert society.people.age_band[parts["child"]] < 2
    assert society.local[parts["viewer"]]


def test_children_never_answer_on_stereotypes_nor_officers_on_trust() -> None:
    arms = run_arms(world_of(scenario("violent", "weekly")), follow_twins=0)
    frame = arms.world.frame
    child = frame.society.people.age_band < 2
    assert not frame.applies[child][:, OUTCOMES.index("prejudice")].any()
    reached = arms.records["weekly"].reached[30]
    of_children = child[reached.person]
    assert of_children.any()
    assert not reached.level[of_children][:, OUTCOMES.index("prejudice")].any()
    daily = tables_of(arms, 0)["daily"]
    assert set(daily["outcome"][daily["group"] == "Officers"].tolist()) == {"prejudice", "regard"}


def test_a_dance_that_does_nothing_leaves_no_trace_in_anybody() -> None:
    nothing = ("direct_trust", "direct_regard", "direct_prejudice_reduction", "watched_trust", "watched_regard")
    shifts = ("watched_prejudice_reduction", "watched_low_trust_gain", "watched_recent_stop_shift")
    names = (*nothing, *shifts, "watched_youth_cooperation_shift", "tie_formation_chance")
    parameters = {**PARAMETERS, **dict.fromkeys(names, 0.0)}
    made = tables_of(run_arms(world_of(scenario("outlet", "weekly"), parameters=parameters), follow_twins=0), 0)
    assert made["daily"]["change"].any()
    assert np.abs(made["daily"]["effect"]).max() < 1e-12


def test_the_order_of_arms_changes_nothing_even_where_they_post_the_same_clip_at_another_hour() -> None:
    def staged_after(*names: str) -> np.ndarray:
        text = '\n[[arms]]\nname = "staged"\ntitle = "s"\n[[arms.events]]\nkind = "encounter"\nencounter = "dance_off"\nday = 3\nclip = "outlet"\nauthenticity = "staged"\nhour = 22\n'
        return effects(tables_of(run_arms(world_of(scenario(*names, more=text)), follow_twins=0), 0), "staged")

    assert np.array_equal(staged_after(), staged_after("outlet"))


@pytest.mark.parametrize("name", ["unfilmed", "outlet", "weekly", "fewer", "violent"])
def test_rings_add_up_to_the_city_in_every_arm(name: str) -> None:
    world = world_of(scenario(name, days=90))
    rings = tables_of(run_arms(world, follow_twins=0), 0)["rings"]
    for day in (7, 30, 90):
        chosen = (rings["arm"] == name) & (rings["day"] == day) & (rings["outcome"] == "trust")
        reached = chosen & (rings["ring"] != "city") & np.isin(rings["group"], world.frame.reporting[:3])
        city = chosen & (rings["ring"] == "city") & (rings["group"] == "All residents")
        for column in ("effect", "share_negative", "share_positive"):
            total = (rings[column] * rings["people"])[reached].sum()
            assert (rings[column] * rings["people"])[city].sum() == pytest.approx(total, rel=1e-3, abs=1e-7), column


def test_harm_is_counted_as_harm() -> None:
    rings = tables_of(run_arms(world_of(scenario("violent", "harassed")), follow_twins=0), 0)["rings"]
    harmed = (rings["arm"] == "harassed") & (rings["outcome"] == "trust") & (rings["group"] == "All")
    assert (rings["share_negative"][harmed] > 0.9).all()
    assert not rings["share_positive"][harmed].any()
    city = (rings["arm"] == "harassed") & (rings["ring"] == "city") & (rings["outcome"] == "trust")
    assert rings["share_negative"][city].max() > 0
    assert not rings["share_positive"][city].any()


def test_shares_of_the_city_count_whom_people_stand_for() -> None:
    society = small_society()
    heavy = replace(society, people=replace(society.people, weight=10 * society.people.weight))
    once = tables_of(run_arms(world_of(scenario("outlet")), follow_twins=0), 0)["rings"]
    ten = tables_of(run_arms(world_of(scenario("outlet"), heavy), follow_twins=0), 0)["rings"]
    city = once["ring"] == "city"
    np.testing.assert_allclose(once["share_positive"][city], ten["share_positive"][city])


def test_those_present_never_count_as_viewers_even_when_everybody_sees_the_clip() -> None:
    everybody = {
        **PARAMETERS,
        "outlet_feed_chance": 1.0,
        "elsewhere_feed_ratio": 1.0,
        "feed_chance": 1.0,
        "share_chance": 0.25,
    }
    world = world_of(scenario("outlet"), parameters=everybody)
    run_arms(world, follow_twins=0)
    after = [met for day, met in world.met if day >= 365]
    present = {int(p) for met in after for p in met.person[(met.source == 1) & (met.channel == DIRECT)]}
    viewers = {int(p) for met in after for p in met.person[(met.source == 1) & (met.channel > 1)]}
    assert len(viewers) > 500
    assert not present & viewers


def test_a_long_scenario_keeps_people_and_sums_together() -> None:
    quick = {**PARAMETERS, "trust_transient_mean_days": 10.0}
    world = world_of(scenario("unfilmed", days=1600), parameters=quick)
    arms = run_arms(world, follow_twins=0)
    everybody = np.arange(len(world.frame.society.people), dtype=np.int32)
    rows = world.workplace.present.rows  # of the reference, which runs last
    out = np.empty((len(everybody), len(OUTCOMES)))
    levels(rows, everybody, (365 + 1600) * 24, world.rules.durable_rate, world.rules.transient_rate, out)
    resident = world.frame.society.local & (world.frame.society.people.role == 0)
    base = arms.records["nothing"].daily[1600].sum(axis=(1, 2))[:3, TRUST].sum()
    assert out[resident, TRUST].sum() == pytest.approx(base, rel=1e-4)


def test_the_ratio_elsewhere_sets_how_many_far_away_see_an_outlet() -> None:
    def far_viewers(ratio: float) -> int:
        parameters = {**PARAMETERS, "elsewhere_feed_ratio": ratio, "share_chance": 0.0, "outlet_pickup_chance": 1.0}
        arms = run_arms(world_of(scenario("outlet"), parameters=parameters), follow_twins=0)
        views = arms.records["outlet"].views[0]
        return int((~arms.world.frame.society.local[views.viewer]).sum())

    assert far_viewers(0.0) == 0
    assert 0 < far_viewers(0.5) < far_viewers(5.0)
