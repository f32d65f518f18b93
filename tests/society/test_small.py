"""The rules that every built society keeps, on the small invented one."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from commonbeat.society import OFFICER, RESIDENT, build_small
from commonbeat.society.cache import arrays_of
from commonbeat.society.plan import BUILDER_VERSION


@pytest.fixture(scope="module")
def society():
    return build_small(5, residents=3000, elsewhere=1500)


def rows_of(ties):
    return np.repeat(np.arange(len(ties)), ties.degrees)


def pairs(ties):
    return rows_of(ties) * len(ties) + ties.targets


def test_everybody_has_a_row_and_an_id_of_their_own(society):
    people = society.people
    assert len(np.unique(people.id)) == len(people) == 3000 + 12 + 1500
    assert np.count_nonzero(people.role == OFFICER) == 12
    assert people.id.dtype == np.int64
    assert people.starting_trust.dtype == np.float32


def test_rows_are_sorted_by_place_and_households_stand_together(society):
    people = society.people
    assert (np.diff(people.place) >= 0).all()
    home = people.household[(people.role == RESIDENT) & society.local]
    assert (np.diff(home) >= 0).all()


def test_friends_are_mutual_single_and_never_of_the_household(society):
    friends, people = society.friends, society.people
    row, target = rows_of(friends), friends.targets
    assert len(np.unique(pairs(friends))) == len(target)
    assert set(zip(row.tolist(), target.tolist(), strict=True)) == set(zip(target.tolist(), row.tolist(), strict=True))
    assert (people.household[row] != people.household[target]).all()
    assert society.local[row].all()


def test_core_ties_come_first_and_are_mutual(society):
    core = society.friends.core
    found = set(zip(rows_of(core).tolist(), core.targets.tolist(), strict=True))
    assert found == {(b, a) for a, b in found}
    row = 17
    start, end = society.friends.offsets[row], society.friends.core_end[row]
    assert core.row(row).tolist() == society.friends.targets[start:end].tolist()
    assert len(core.row(row)) > 0


def test_households_tie_exactly_those_who_share_one(society):
    people = society.people
    for row in (0, 1, 500, 1234, 2999):
        home = people.household[row]
        expected = np.flatnonzero((people.household == home) & (np.arange(len(people)) != row))
        assert society.household.row(row).tolist() == expected.tolist()
    assert society.household.degrees[~society.local].sum() == 0
    assert len(society.household.targets) > 1000


def test_children_live_with_an_adult(society):
    people = society.people
    child = society.local & (people.age_band < 2)
    homes_with_adults = np.unique(people.household[society.local & (people.age_band >= 2)])
    assert child.sum() > 300
    assert np.isin(people.household[child], homes_with_adults).all()


def test_nobody_follows_twice_or_themselves_or_below_twelve(society):
    followers, people = society.followers, society.people
    assert len(np.unique(pairs(followers))) == len(followers.targets)
    assert (rows_of(followers) != followers.targets).all()
    assert (people.age_band[followers.targets] > 0).all()
    assert followers.degrees[people.age_band == 0].sum() == 0


def test_outlets_reach_about_the_share_that_they_should(society):
    local, online = society.local, society.people.age_band > 0
    listeners = society.outlet_followers.row(0)
    assert society.outlets[0].reach == "local"
    assert len(listeners) == len(set(listeners.tolist()))
    assert local[listeners].sum() / (local & online).sum() == pytest.approx(0.35, abs=0.03)


def test_cells_list_residents_by_place_group_and_id(society):
    people, cells = society.people, society.residents_by_place_group
    place, group = 2, 1
    rows = cells.row(place * len(society.groups) + group)
    expected = np.flatnonzero((people.place == place) & (people.group == group) & (people.role == RESIDENT))
    assert sorted(rows.tolist()) == expected.tolist()
    assert (np.diff(people.id[rows]) > 0).all()
    assert cells.degrees.sum() == np.count_nonzero(people.role == RESIDENT)
    assert society.adults_by_place_group.degrees.sum() + society.children_by_place_group.degrees.sum() == len(
        cells.targets
    )


def test_officers_stand_on_their_beats(society):
    for place, rows in enumerate(map(society.officers_by_place.row, range(len(society.places)))):
        assert (society.people.place[rows] == place).all()
    assert society.officers_by_place.degrees.sum() == 12


def test_rows_are_found_by_id_and_strangers_are_named(society):
    rows = np.array([3, 2999, 4000, 0])
    assert society.row_of(society.people.id[rows]).tolist() == rows.tolist()
    with pytest.raises(KeyError, match="nobody has the id 42"):
        society.row_of([42])


def test_the_same_seed_gives_the_same_society_and_another_seed_another(society):
    again, other = build_small(5, residents=3000, elsewhere=1500), build_small(6, residents=3000, elsewhere=1500)
    assert again.content_hash == society.content_hash != other.content_hash
    assert np.array_equal(again.friends.targets, society.friends.targets)
    assert np.array_equal(again.followers.targets, society.followers.targets)
    assert not np.array_equal(other.friends.targets, society.friends.targets)


def test_weights_stand_on_people_elsewhere_only(society):
    assert (society.people.weight[society.local] == 1.0).all()
    assert (society.people.weight[~society.local] == 400.0).all()


def test_the_builder_gives_what_its_version_gave(society):
    """When this fails on purpose, raise BUILDER_VERSION too, or old caches pass for new societies."""
    ties = [array for name, array in arrays_of(society).items() if name.endswith(("targets", "offsets"))]
    digest = hashlib.sha256(b"".join(array.tobytes() for array in ties)).hexdigest()[:12]
    assert (BUILDER_VERSION, digest) == (1, "720dbf5a20a0")
