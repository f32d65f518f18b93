"""The experience kernel against a plain-Python twin that keeps every deposit and forgets nothing."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from commonbeat.kernels import experience as kernel
from commonbeat.mind.rules import left_at_day_end

KINDS = 3
CELLS = 2
PEOPLE = 4
COUNTERS = 2


def rules_from(luck: np.random.Generator) -> kernel.Rules:
    shape = (KINDS, kernel.OUTCOMES)
    rates = luck.uniform(1e-5, 1e-3, kernel.OUTCOMES), luck.uniform(2e-3, 5e-3, kernel.OUTCOMES)
    for rate in rates:
        rate[1:3] = rate[0]  # some outcomes share their time constants, and the kernel makes use of it
    return kernel.Rules(
        effect=luck.normal(size=shape),
        low_trust_share=luck.normal(0, 0.8, shape),
        low_trust_gain=luck.normal(0, 0.1, shape),
        recent_stop_shift=luck.normal(0, 0.1, shape),
        youth_shift=luck.normal(0, 0.1, shape),
        residual_share=luck.normal(0, 0.1, shape),
        residual_cell=np.array([1.0, 0.0]),
        channel_factor=luck.uniform(0.2, 1.2, kernel.CHANNELS),
        retention=luck.uniform(0.15, 0.95, (kernel.CHANNELS, kernel.OUTCOMES)),
        durable_rate=rates[0],
        transient_rate=rates[1],
        left_at_day_end=left_at_day_end(*rates),
        counter=luck.integers(0, COUNTERS, (KINDS, kernel.CHANNELS)),
        novelty=np.sort(luck.uniform(0.1, 1, (COUNTERS, 256)))[:, ::-1].copy(),
        is_stop=np.array([0, 1, 0], np.uint8),
    )


def people_from(luck: np.random.Generator) -> kernel.People:
    rows = np.zeros((PEOPLE, kernel.ROW), np.float32)
    rows[:, kernel.STARTING_TRUST] = luck.normal(size=PEOPLE)
    rows[:, kernel.LAST_STOP] = kernel.NEVER
    rows[:, kernel.WEIGHT] = luck.integers(1, 400, PEOPLE)
    bits = rows.view(np.int32)
    bits[:, kernel.BITS] = luck.integers(0, 64, PEOPLE) + (luck.integers(0, CELLS, PEOPLE) << kernel.CELL_SHIFT)
    return kernel.People(rows, bits)


def events_from(luck: np.random.Generator, many: int) -> kernel.Experiences:
    return kernel.Experiences(
        person=luck.integers(0, PEOPLE, many).astype(np.int32),
        hour=np.sort(luck.integers(0, 24, many)).astype(np.int32),
        kind=luck.integers(0, KINDS, many).astype(np.int8),
        channel=luck.integers(0, kernel.CHANNELS, many).astype(np.int8),
        source=luck.integers(0, kernel.SOURCES, many).astype(np.int8),
        dose=luck.uniform(0, 1, many).astype(np.float32),
        event=np.arange(many),
    )


class Twin:
    """Keeps (person, outcome, channel, source, hour, durable part, transient part) of every deposit."""

    def __init__(self, people: kernel.People, rules: kernel.Rules) -> None:
        self.rows, self.bits, self.rules = people.rows.copy(), people.bits.copy(), rules
        self.deposits: list[tuple] = []
        self.counts = {(person, counter): 0 for person in range(PEOPLE) for counter in range(COUNTERS)}
        self.last_stop = dict.fromkeys(range(PEOPLE), -math.inf)

    def live(self, met: kernel.Experiences) -> None:
        for person, hour, kind, channel, source, dose, _ in zip(*(column.tolist() for column in met), strict=True):
            flags = int(self.bits[person, kernel.BITS])
            z = float(self.rows[person, kernel.STARTING_TRUST])
            counter = int(self.rules.counter[kind, channel])
            novelty = self.rules.novelty[counter, min(255, self.counts[person, counter])]
            self.counts[person, counter] += 1
            for k in range(kernel.OUTCOMES):
                if flags & (1 << k):
                    delta = self.delta(person, flags, z, hour, kind, channel, dose, k)
                    kept = self.rules.retention[channel, k]
                    self.deposits.append((person, k, channel, source, hour, kept * delta * novelty, (1 - kept) * delta))
            if self.rules.is_stop[kind] and channel == 0:
                self.last_stop[person] = hour

    def delta(self, person, flags, z, hour, kind, channel, dose, k) -> float:
        rules = self.rules
        share = max(0.0, 1 - rules.low_trust_share[kind, k] * z)
        share *= 1 + rules.residual_share[kind, k] * rules.residual_cell[flags >> kernel.CELL_SHIFT]
        own = -rules.low_trust_gain[kind, k] * z
        own += rules.recent_stop_shift[kind, k] * (hour - self.last_stop[person] <= kernel.RECENT_HOURS)
        own += rules.youth_shift[kind, k] * bool(flags & kernel.YOUTH_BIT)
        return dose * rules.channel_factor[channel] * (rules.effect[kind, k] * share + own)

    def faded(self, deposit: tuple, hour: int) -> float:
        _, k, _, _, then, durable, transient = deposit
        fading = math.exp(-self.rules.durable_rate[k] * (hour - then))
        return durable * fading + transient * math.exp(-self.rules.transient_rate[k] * (hour - then))

    def level(self, person: int, outcome: int, hour: int) -> float:
        return sum(self.faded(deposit, hour) for deposit in self.deposits if deposit[:2] == (person, outcome))

    def sum_of(self, cell: int, source: int, channel: int, outcome: int, hour: int) -> float:
        return sum(
            float(self.rows[deposit[0], kernel.WEIGHT]) * self.faded(deposit, hour)
            for deposit in self.deposits
            if deposit[1:4] == (outcome, channel, source)
            and self.bits[deposit[0], kernel.BITS] >> kernel.CELL_SHIFT == cell
        )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), days=st.integers(1, 6), per_day=st.integers(0, 30))
def test_rows_and_sums_equal_the_twin_that_forgets_nothing(seed: int, days: int, per_day: int) -> None:
    luck = np.random.default_rng(seed)
    rules, people = rules_from(luck), people_from(luck)
    twin = Twin(people, rules)
    sums = np.zeros(CELLS * kernel.CELL_WIDTH)
    for day in range(days):
        met = events_from(luck, per_day)
        met = met._replace(hour=(met.hour + 24 * day).astype(np.int32))
        shaped = sums.reshape(-1, kernel.OUTCOMES, kernel.STORES)
        shaped *= np.exp(-24 * np.stack([rules.durable_rate, rules.transient_rate], axis=1))
        kernel.experience(people, sums, met, 24 * (day + 1), rules)
        twin.live(met)
    end = 24 * days
    out = np.empty((PEOPLE, kernel.OUTCOMES))
    kernel.levels(people.rows, np.arange(PEOPLE, dtype=np.int32), end, rules.durable_rate, rules.transient_rate, out)
    expected = [[twin.level(person, k, end) for k in range(kernel.OUTCOMES)] for person in range(PEOPLE)]
    np.testing.assert_allclose(out, expected, rtol=2e-5, atol=2e-5)
    shape = (CELLS, kernel.SOURCES, kernel.CHANNELS, kernel.OUTCOMES, kernel.STORES)
    found = sums.reshape(shape).sum(axis=-1)
    for index in np.ndindex(found.shape):
        cell, source, channel, outcome = index
        assert math.isclose(found[index], twin.sum_of(cell, source, channel, outcome, end), rel_tol=1e-9, abs_tol=1e-7)


def test_a_full_count_stays_full() -> None:
    luck = np.random.default_rng(1)
    rules, people = rules_from(luck), people_from(luck)
    sums = np.zeros(CELLS * kernel.CELL_WIDTH)
    many = 300
    met = events_from(luck, many)._replace(
        person=np.zeros(many, np.int32), kind=np.zeros(many, np.int8), channel=np.zeros(many, np.int8)
    )
    kernel.experience(people, sums, met, 24, rules)
    counts = int(np.uint32(people.bits[0, kernel.COUNTS]))
    full = rules.counter[0, 0]
    assert [(counts >> (5 * counter)) & 31 for counter in range(6)] == [31 * (counter == full) for counter in range(6)]


def test_nobody_else_is_touched() -> None:
    luck = np.random.default_rng(2)
    rules, people = rules_from(luck), people_from(luck)
    before = people.rows.copy()
    met = events_from(luck, 20)
    met = met._replace(person=np.full(20, 2, np.int32))
    kernel.experience(people, np.zeros(CELLS * kernel.CELL_WIDTH), met, 24, rules)
    assert np.array_equal(before[[0, 1, 3]].view(np.int32), people.bits[[0, 1, 3]])
    assert not np.array_equal(before[2].view(np.int32), people.bits[2])
