"""Independent cascades against a twin in plain Python, and what must not matter to who is reached."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat import luck
from commonbeat.errors import InputError
from commonbeat.kernels import cascade as kernel
from commonbeat.society.ties import Ties, group_rows
from commonbeat.spread.independent import cascade_sizes, independent_cascade

ALL_BITS = (1 << 64) - 1


def random_ties(people, degree, seed):
    """Directed, with heavy tails on both ends, ties to oneself and a few ties listed twice."""
    generator = np.random.default_rng(seed)
    weight = (1 - generator.random(people)) ** -0.6
    ends = generator.choice(people, (2, people * degree), p=weight / weight.sum())
    return group_rows(ends[0], ends[1], people)


def mixed(bits):
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 & ALL_BITS
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB & ALL_BITS
    return bits ^ (bits >> 31)


def step_further(key, part):
    return mixed(key ^ mixed((part + 0x9E3779B97F4A7C15) & ALL_BITS))


def twin(ties, chance, seeds, seed, cascade, ids):
    """Person by person, with Python's whole numbers; the step in which each was reached."""
    key = step_further(step_further(mixed((seed + 0x9E3779B97F4A7C15) & ALL_BITS), luck.CASCADE), cascade)
    step_of = dict.fromkeys(seeds, 0)
    now = list(seeds)
    while now:
        later = []
        for person in now:
            source = step_further(key, ids[person] & ALL_BITS)
            for target in ties.row(person).tolist():
                coin = mixed((source + (ids[target] & ALL_BITS) * 0x9E3779B97F4A7C15) & ALL_BITS)
                if (coin >> 11) / 2**53 < chance and target not in step_of:
                    step_of[target] = step_of[person] + 1
                    later.append(target)
        now = later
    return step_of


def as_steps(found):
    return dict(zip(found.rows.tolist(), found.steps.tolist(), strict=True))


@pytest.mark.parametrize("people", [1, 2, 63, 64, 65, 700])
@pytest.mark.parametrize("chance", [0.0, 0.07, 0.3, 1.0])
@pytest.mark.parametrize("ids", [None, "large"])
def test_agrees_with_the_twin_person_by_person(people, chance, ids):
    ties = random_ties(people, 5, people)
    names = None if ids is None else np.random.default_rng(1).permutation(people) * 10**15 - 10**17
    seeds = sorted({0, people // 2, people - 1})
    for cascade in range(3):
        found = independent_cascade(ties, chance, seeds, seed=-5, cascade=cascade, ids=names)
        wanted = twin(ties, chance, seeds, -5, cascade, range(people) if names is None else names.tolist())
        assert as_steps(found) == wanted
        assert len(found.rows) == len(wanted)


def test_chance_zero_reaches_the_seeds_and_chance_one_everybody_who_can_be_reached():
    ties = group_rows(np.array([0, 1, 2, 4]), np.array([1, 2, 0, 3]), 6)
    assert as_steps(independent_cascade(ties, 0, [0, 5], seed=1, cascade=0)) == {0: 0, 5: 0}
    assert as_steps(independent_cascade(ties, 1, [0, 5], seed=1, cascade=0)) == {0: 0, 5: 0, 1: 1, 2: 2}


def test_no_seeds_and_nobody():
    ties = random_ties(10, 3, 1)
    assert len(independent_cascade(ties, 0.5, [], seed=1, cascade=0).rows) == 0
    assert len(independent_cascade(Ties(np.zeros(1), np.zeros(0)), 0.5, [], seed=1, cascade=0).rows) == 0
    assert len(cascade_sizes(ties, 0.5, [1], seed=1, cascades=[], threads=3)) == 0


@settings(max_examples=40, deadline=None)
@given(
    chances=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    seed=st.integers(-(2**63), 2**63 - 1),
    cascade=st.integers(0, 2**40),
)
def test_a_lower_chance_and_fewer_seeds_reach_a_subset(chances, seed, cascade):
    ties = random_ties(200, 4, 3)
    low, high = sorted(chances)
    many = set(independent_cascade(ties, high, [3, 50, 51], seed=seed, cascade=cascade).rows.tolist())
    assert set(independent_cascade(ties, low, [3, 50, 51], seed=seed, cascade=cascade).rows.tolist()) <= many
    assert set(independent_cascade(ties, high, [50], seed=seed, cascade=cascade).rows.tolist()) <= many


def test_threads_change_nothing():
    ties = random_ties(3000, 8, 5)
    sizes = [cascade_sizes(ties, 0.1, [1, 2], seed=9, cascades=range(41), threads=k) for k in (1, 2, 7, 64)]
    assert all(np.array_equal(sizes[0], other) for other in sizes[1:])
    assert len(set(sizes[0].tolist())) > 10


def test_a_cascade_depends_on_its_number_only_not_on_its_company():
    ties = random_ties(500, 6, 6)
    alone = [len(independent_cascade(ties, 0.15, [1], seed=2, cascade=c).rows) for c in (12, 0, 5)]
    assert cascade_sizes(ties, 0.15, [1], seed=2, cascades=[12, 0, 5]).tolist() == alone


def test_renumbering_people_changes_nobodys_luck_when_ids_are_given():
    people = 400
    ties = random_ties(people, 6, 7)
    ids = np.random.default_rng(2).permutation(people) + 1000
    row_of_old = np.random.default_rng(3).permutation(people)  # the new row of each old row
    old_row = np.argsort(row_of_old)
    start = np.repeat(np.arange(people), ties.degrees)
    renumbered = group_rows(row_of_old[start], row_of_old[ties.targets], people)
    before = independent_cascade(ties, 0.2, [5, 9], seed=4, cascade=1, ids=ids)
    after = independent_cascade(renumbered, 0.2, row_of_old[[5, 9]], seed=4, cascade=1, ids=ids[old_row])
    assert as_steps(before) == {int(old_row[row]): step for row, step in as_steps(after).items()}
    assert 20 < len(before.rows) < people


def test_a_tie_listed_twice_is_one_tie():
    once = Ties(np.array([0, 1, 1]), np.array([1]))
    twice = Ties(np.array([0, 2, 2]), np.array([1, 1]))
    asked = {"seed": 3, "cascades": range(400)}
    assert np.array_equal(cascade_sizes(once, 0.5, [0], **asked), cascade_sizes(twice, 0.5, [0], **asked))


def test_mean_reach_and_its_spread_are_those_of_brute_force():
    people, chance, runs = 60, 0.22, 6000
    ties = random_ties(people, 4, 8)
    generator = np.random.default_rng(9)
    rows = [sorted(set(ties.row(i).tolist())) for i in range(people)]
    brute = []
    for _ in range(runs):
        seen, now = {7}, [7]
        while now:
            person = now.pop()
            new = [t for t in rows[person] if generator.random() < chance and t not in seen]
            seen.update(new)
            now += new
        brute.append(len(seen))
    ours = cascade_sizes(ties, chance, [7], seed=10, cascades=range(runs))
    noise = np.sqrt((np.var(brute) + np.var(ours)) / runs)
    assert abs(np.mean(brute) - ours.mean()) < 4 * noise
    assert abs(np.std(brute) / ours.std() - 1) < 0.1


def test_the_workspace_is_clean_after_small_and_large_cascades():
    ties = random_ties(2000, 8, 11)
    targets = ties.targets.view(np.uint32)
    rows = kernel.Rows(ties.offsets, targets, targets, np.zeros(0, dtype=np.uint64))
    space = kernel.Workspace(np.zeros(32, np.uint64), np.empty(20000, np.uint32), np.empty(2001, np.uint32))
    sizes = []
    for limit in (np.uint64(0), np.uint64(2**53)):
        sizes.append(kernel.cascade(rows, np.uint64(1), limit, np.array([3], np.uint32), space)[0])
        assert not space.seen.any()
    assert sizes[0] == 1
    assert sizes[1] > 1000


def coins(sources, names):
    return np.array([[kernel.coin(np.uint64(s), np.uint64(n)) for n in names] for s in sources], dtype=np.uint64)


def test_coins_are_even_and_their_bits_balanced():
    sample = coins(luck.keys(1, luck.CASCADE, 0, np.arange(300)), np.arange(200)).ravel()
    counts = np.bincount((sample >> np.uint64(45)).astype(int), minlength=256)
    chi_square = ((counts - len(sample) / 256) ** 2 / (len(sample) / 256)).sum()
    assert 255 - 5 * np.sqrt(510) < chi_square < 255 + 5 * np.sqrt(510)
    ones = ((sample[:, None] >> np.arange(53, dtype=np.uint64)) & np.uint64(1)).mean(axis=0)
    assert np.abs(ones - 0.5).max() < 5 * 0.5 / np.sqrt(len(sample))
    assert len(np.unique(sample)) == len(sample)


def test_coins_of_neighbouring_addresses_are_independent():
    square = coins(luck.keys(1, luck.CASCADE, 0, np.arange(260)), np.arange(260)) / 2.0**53
    for other in (square.T, np.roll(square, 1, 0), np.roll(square, 1, 1), np.roll(square, (1, 1), (0, 1))):
        off_diagonal = ~np.eye(260, dtype=bool)
        ours, theirs = square[off_diagonal], other[off_diagonal]
        assert abs(np.corrcoef(ours, theirs)[0, 1]) < 5 / np.sqrt(len(ours) / 2)
        joint = np.histogram2d(ours, theirs, bins=8, range=[[0, 1], [0, 1]])[0]
        # Against its transpose a pair is counted twice, so the spread of chi-square is doubled; 63 cells are free.
        assert ((joint - joint.mean()) ** 2 / joint.mean()).sum() < 2 * (63 + 6 * np.sqrt(126))


def test_coins_of_two_cascades_are_independent():
    first, second = (coins(luck.keys(1, luck.CASCADE, c, np.arange(200)), np.arange(200)) / 2.0**53 for c in (0, 1))
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 5 / 200


def test_ties_that_are_mapped_from_disk_and_read_only(tmp_path):
    ties = random_ties(300, 5, 12)
    np.save(tmp_path / "offsets.npy", ties.offsets)
    np.save(tmp_path / "targets.npy", ties.targets)
    mapped = Ties(*(np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in ("offsets", "targets")))
    before = len(kernel.cascade.signatures)
    asked = {"seed": 1, "cascades": range(5)}
    wanted = cascade_sizes(ties, 0.2, [0], **asked)
    between = len(kernel.cascade.signatures)
    assert np.array_equal(cascade_sizes(mapped, 0.2, [0], **asked), wanted)
    assert len(kernel.cascade.signatures) == between <= before + 1


def test_all_mistakes_are_told_at_once():
    broken = Ties(np.array([0, 2, 1, 3]), np.array([1, 9, -1]))
    with pytest.raises(InputError) as told:
        cascade_sizes(broken, 1.5, [0, 3, 0], seed=1, cascades=[-1], threads=0, ids=[4, 4, 5])
    message = str(told.value)
    for part in (
        "ties.offsets[2]: 1", "ties.targets[1]: 9", "2 such targets", "chance: 1.5", "threads: 0",
        "cascades", "seeds[1]: 3", "seeds[2]: 0 stands there twice", "ids: 4",
    ):  # fmt: skip
        assert part in message


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"chance": float("nan")}, "chance"),
        ({"chance": "half"}, "chance"),
        ({"seeds": [0.5]}, "seeds"),
        ({"seeds": [[0]]}, "seeds"),
        ({"seeds": [-1]}, "seeds[0]"),
        ({"cascade": 0.5}, "cascades"),
        ({"ids": [1, 2]}, "ids"),
        ({"ids": [1.0, 2.0, 3.0]}, "ids"),
        ({"ties": Ties(np.array([1, 1, 1, 1]), np.array([2]))}, "ties.offsets"),
        ({"ties": Ties(np.array([0, 1, 1, 1]), np.array([2, 2]))}, "ties.offsets"),
    ],
)
def test_each_mistake_names_its_place(change, place):
    asked = {
        "ties": Ties(np.array([0, 1, 1, 1]), np.array([2])), "chance": 0.5, "seeds": [0], "seed": 1, "cascade": 0,
    } | change  # fmt: skip
    with pytest.raises(InputError) as told:
        independent_cascade(asked.pop("ties"), asked.pop("chance"), asked.pop("seeds"), **asked)
    assert [mistake.place for mistake in told.value.mistakes] == [place]
