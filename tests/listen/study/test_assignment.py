"""Arms are drawn in whole blocks, always the same way under one secret, and cannot be told beforehand without it."""

import hmac
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.listen.study.answers import Answer
from commonbeat.listen.study.assignment import arm_at, block_at, mixed, stratum_of
from commonbeat.listen.study.parts import Arm

ARMS = tuple(Arm(name=name, kind="text", share=1) for name in ("clip", "control", "record", "words"))
SECRETS = st.binary(min_size=32, max_size=32)
SHARES = st.lists(st.integers(1, 4), min_size=2, max_size=5)


def arms_of(shares: list[int]) -> tuple[Arm, ...]:
    return tuple(Arm(name=f"arm_{number}", kind="text", share=share) for number, share in enumerate(shares))


def drawn(seed: bytes, stratum: str, people: int, arms: tuple[Arm, ...], sizes: tuple[int, ...]) -> list[str]:
    return [arm_at(seed, stratum, position, arms, sizes) for position in range(people)]


def block_ends(seed: bytes, stratum: str, sizes: tuple[int, ...], people: int) -> list[int]:
    """Where blocks end, read off the hash by other code than that of the module."""
    ends, block = [0], 0
    while ends[-1] < people:
        address = f'["sizes", "{stratum}", {block // 8}]'.encode()
        bits = hmac.new(seed, address, "sha256").digest()
        word = bits[4 * (block % 8) : 4 * (block % 8) + 4]
        ends.append(ends[-1] + sizes[int.from_bytes(word, "big") % len(sizes)])
        block += 1
    return ends


@settings(max_examples=60, deadline=None)
@given(seed=SECRETS, shares=SHARES, multiples=st.lists(st.integers(1, 3), min_size=1, max_size=3))
def test_every_whole_block_holds_each_arm_by_its_share(seed, shares, multiples) -> None:
    arms, total = arms_of(shares), sum(shares)
    sizes = tuple(multiple * total for multiple in multiples)
    people = 12 * total
    arm_of = drawn(seed, "adult", people, arms, sizes)
    ends = [end for end in block_ends(seed, "adult", sizes, people) if end <= people]
    assert len(ends) > 3
    for start, end in pairwise(ends):
        counted = Counter(arm_of[start:end])
        assert {arm.name: arm.share * (end - start) // total for arm in arms} == counted


@settings(max_examples=60, deadline=None)
@given(seed=SECRETS, position=st.integers(0, 3000), stratum=st.text(max_size=30))
def test_an_arm_depends_on_the_address_alone(seed, position, stratum) -> None:
    first = arm_at(seed, stratum, position, ARMS, (4, 8, 12))
    arm_at(seed, stratum, position + 1, ARMS, (4, 8, 12))
    assert arm_at(seed, stratum, position, ARMS, (4, 8, 12)) == first


@settings(max_examples=40, deadline=None)
@given(seed=SECRETS, people=st.integers(1, 400))
def test_arms_never_lie_further_apart_than_one_block_allows(seed, people) -> None:
    counted = Counter(drawn(seed, "adult", people, ARMS, (4, 8)))
    counts = [counted[arm.name] for arm in ARMS]
    assert max(counts) - min(counts) <= 8 // 4


def test_strata_are_drawn_apart_and_each_is_balanced() -> None:
    seed = bytes(range(32))
    one, other = (drawn(seed, stratum, 400, ARMS, (4, 8, 12)) for stratum in ("adult; stopped=1", "adult; stopped=2"))
    agree = sum(first == second for first, second in zip(one, other, strict=True))
    assert 60 <= agree <= 140  # a quarter of 400, give or take four and a half standard errors
    for arm_of in (one, other):
        counts = Counter(arm_of)
        assert max(counts.values()) - min(counts.values()) <= 3


def test_no_two_addresses_share_their_luck() -> None:
    """Text and numbers of an address cannot run together: stratum "a1" with block 2 is not "a" with block 12."""
    seed = bytes(32)
    sequences = {tuple(drawn(seed, stratum, 60, ARMS, (4, 8))) for stratum in ("a", "a1", 'a",1', "a\\", "a\n", "")}
    assert len(sequences) == 6


def test_the_next_arm_is_not_told_by_those_before_it() -> None:
    """Over many secrets, whoever has seen three arms of a first block guesses the fourth hardly better than those at large.

    With blocks of 4 alone, the fourth would be certain. With 4, 8 and 12 the best guess, the arm not yet seen, is right as often as
    Bayes' rule says of somebody who knows the sizes and where the block began: .67, and no more.
    """
    right = seen = 0
    for number in range(4000):
        first = drawn(number.to_bytes(32, "big"), "adult", 4, ARMS, (4, 8, 12))
        if len(set(first[:3])) == 3:
            seen += 1
            right += first[3] not in first[:3]
    # Three different ones are certain in a block of 4 and rarer in longer ones.
    chance_of_three = {4: 1.0, 8: 6 / 7 * 4 / 6, 12: 9 / 11 * 6 / 10}
    weights = {size: chance / sum(chance_of_three.values()) for size, chance in chance_of_three.items()}
    expected = weights[4] * 1 + weights[8] * 2 / 5 + weights[12] * 3 / 9
    assert abs(right / seen - expected) < 4.5 * (expected * (1 - expected) / seen) ** 0.5


def test_every_order_of_a_block_comes_equally_often() -> None:
    arms = ARMS[:2]
    counted = Counter(tuple(drawn(number.to_bytes(32, "big"), "s", 4, arms, (4,))) for number in range(6000))
    orders = [order for order in product(("clip", "control"), repeat=4) if order.count("clip") == 2]
    assert set(counted) == set(orders)
    chi_square = sum((count - 1000) ** 2 / 1000 for count in counted.values())
    assert chi_square < 25.7  # the 99.99 % point with 5 degrees of freedom


def test_block_sizes_come_equally_often() -> None:
    sizes = (4, 8, 12)
    ends = block_ends(b"k" * 32, "s", sizes, 40_000)
    counted = Counter(end - start for start, end in pairwise(ends))
    expected = sum(counted.values()) / 3
    assert sum((count - expected) ** 2 / expected for count in counted.values()) < 18.5  # 99.99 %, 2 degrees of freedom


@settings(max_examples=40, deadline=None)
@given(seed=SECRETS, positions=st.lists(st.integers(0, 2000), min_size=1, max_size=20))
def test_the_number_of_a_block_is_that_of_its_ends_in_whatever_order_it_is_asked(seed, positions) -> None:
    ends = block_ends(seed, "adult", (4, 8, 12), 2001)
    for position in positions:
        block = block_at(seed, "adult", position, (4, 8, 12))
        assert ends[block] <= position < ends[block + 1]


def test_many_threads_find_the_same_arms() -> None:
    seed = b"t" * 32
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda position: arm_at(seed, "adult", position, ARMS, (4, 8, 12)), range(4000)))
    counts = Counter(found)
    assert max(counts.values()) - min(counts.values()) <= 3
    ends = [end for end in block_ends(seed, "adult", (4, 8, 12), 4000) if end <= 4000]
    assert all(len(set(Counter(found[start:end]).values())) == 1 for start, end in pairwise(ends))


def test_the_secret_and_the_seed_both_matter() -> None:
    secret = b"s" * 32
    assert mixed(secret, 1) != mixed(secret, 2)
    assert mixed(secret, 1) != mixed(b"t" * 32, 1)
    assert len(mixed(secret, 1)) == 32


@pytest.mark.parametrize(("position", "sizes"), [(-1, (4,)), (0, (5,)), (0, ()), (0, (0,))])
def test_what_does_not_go_together_is_refused(position, sizes) -> None:
    with pytest.raises(ValueError, match="do not go together"):
        arm_at(b"k" * 32, "s", position, ARMS, sizes)


def test_a_stratum_is_who_somebody_is_and_what_they_answered() -> None:
    answers = {"stopped": Answer("stopped", value=1), "seen": Answer("seen", skipped=True)}
    assert stratum_of((), "adult", answers) == "adult"
    assert stratum_of(("stopped", "seen", "never_asked"), "adult", answers) == (
        "adult; stopped=1; seen=skipped; never_asked=skipped"
    )
