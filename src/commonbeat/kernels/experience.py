"""Applying experiences to people: one cache line per person, closed-form fading, sums per cell in float64.

A person is one row of 16 float32 (64 bytes, one cache line), because the time of a simulated year goes to
random access. Some slots hold bits rather than numbers and are read through an int32 view of the same memory.

    slot 0        hour of the last touch
    slots 1-5     durable store per outcome       d(t) = durable(t) + transient(t)
    slots 6-10    transient store per outcome
    slot 11       starting trust, latent SDs from the mean, frozen at day 0
    slot 12       hour of the last stop, or NEVER
    slot 13       people this person stands for
    slot 14       bits: how many experiences of each counted kind, six times five bits, full at 31
    slot 15       bits: outcomes that apply (0-4), youth (5); from 8 on the cell

The plain-Python twin of every kernel stands in tests/kernels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from commonbeat.kernels.memory import prefetch

if TYPE_CHECKING:
    from numpy.typing import NDArray

OUTCOMES = 5
ROW = 16
TOUCHED, DURABLE, TRANSIENT, STARTING_TRUST, LAST_STOP, WEIGHT, COUNTS, BITS = 0, 1, 6, 11, 12, 13, 14, 15
NEVER = np.float32(-1e9)
YOUTH_BIT = 32
CELL_SHIFT = 8
CHANNELS = 4
SOURCES = 2
STORES = 2
CELL_WIDTH = SOURCES * CHANNELS * OUTCOMES * STORES
COUNT_BITS = 5
COUNT_FULL = 31
RECENT_HOURS = 8760
PREFETCH_AHEAD = 12


class People(NamedTuple):
    """Everybody's row, twice: as numbers and as bits of the same memory."""

    rows: NDArray[np.float32]  # (people, 16)
    bits: NDArray[np.int32]  # (people, 16), a view


class Experiences(NamedTuple):
    """What people meet, in the order of hour, channel and event; one entry per person and event."""

    person: NDArray[np.int32]
    hour: NDArray[np.int32]  # whole hours since the start of the burn-in
    kind: NDArray[np.int8]
    channel: NDArray[np.int8]
    source: NDArray[np.int8]
    dose: NDArray[np.float32]
    event: NDArray[np.int64]


class Rules(NamedTuple):
    """What an experience changes, as tables; built by `commonbeat.mind.rules`."""

    effect: NDArray[np.float64]  # (kinds, outcomes), latent SD at the moment itself
    low_trust_share: NDArray[np.float64]  # (kinds, outcomes), added share per SD of starting trust below the mean
    low_trust_gain: NDArray[np.float64]  # (kinds, outcomes), latent SD per SD below the mean
    recent_stop_shift: NDArray[np.float64]  # (kinds, outcomes), latent SD if stopped in the last year
    youth_shift: NDArray[np.float64]  # (kinds, outcomes), latent SD if under 18
    residual_share: NDArray[np.float64]  # (kinds, outcomes), added share where residual_cell is 1
    residual_cell: NDArray[np.float64]  # (cells,), 1 for the group that the residual is about
    channel_factor: NDArray[np.float64]  # (channels,)
    retention: NDArray[np.float64]  # (channels, outcomes), the share that goes to the durable store
    durable_rate: NDArray[np.float64]  # (outcomes,), per hour
    transient_rate: NDArray[np.float64]  # (outcomes,), per hour
    left_at_day_end: NDArray[np.float64]  # (25, outcomes, 2): what is left of each store after so many hours
    counter: NDArray[np.int64]  # (kinds, channels), which of the six counts
    novelty: NDArray[np.float64]  # (counters, 32)
    is_stop: NDArray[np.uint8]  # (kinds,)


@njit(cache=True, nogil=True)
def _bring_up_to_date(row: NDArray[np.float32], hour: int, rules: Rules) -> None:
    """The row's stores stand as they have faded until `hour`."""
    elapsed = hour - row[TOUCHED]
    if elapsed <= 0.0:
        return
    row[TOUCHED] = hour
    # Most outcomes share the first one's time constants, and an exponential costs more than a comparison.
    first_durable = math.exp(-rules.durable_rate[0] * elapsed)
    first_transient = math.exp(-rules.transient_rate[0] * elapsed)
    for k in range(OUTCOMES):
        if row[TRANSIENT + k] == 0.0 and row[DURABLE + k] == 0.0:
            continue
        if rules.durable_rate[k] == rules.durable_rate[0] and rules.transient_rate[k] == rules.transient_rate[0]:
            row[DURABLE + k] *= first_durable
            row[TRANSIENT + k] *= first_transient
        else:
            row[DURABLE + k] *= math.exp(-rules.durable_rate[k] * elapsed)
            row[TRANSIENT + k] *= math.exp(-rules.transient_rate[k] * elapsed)


@njit(cache=True, nogil=True)
def _novelty(bit_row: NDArray[np.int32], counter: int, novelty: NDArray[np.float64]) -> float:
    """How new this is to the person, by the count before it; the count goes up by one until it is full."""
    shift = COUNT_BITS * counter
    count = (bit_row[COUNTS] >> shift) & COUNT_FULL
    if count < COUNT_FULL:
        bit_row[COUNTS] += np.int32(1) << shift
    return novelty[counter, count]


@njit(cache=True, nogil=True)
def experience(people: People, sums: NDArray[np.float64], met: Experiences, day_end: int, rules: Rules) -> None:
    """Every experience has been deposited with its person, and in the cell's sums as they stand at `day_end`.

    For each experience of a person in outcome k (latent SD, at the moment itself), z being starting trust:

        delta = dose * channel_factor * (effect * max(0, 1 - low_trust_share * z) * (1 + residual)
                                         - low_trust_gain * z + recent_stop_shift * stopped + youth_shift * youth)
        durable += retention * delta * novelty(count),  transient += (1 - retention) * delta
    """
    for e in range(met.person.size):
        if e + PREFETCH_AHEAD < met.person.size:
            prefetch(people.rows, met.person[e + PREFETCH_AHEAD] * ROW)
        row = people.rows[met.person[e]]
        bit_row = people.bits[met.person[e]]
        now, kind, channel = met.hour[e], met.kind[e], met.channel[e]
        _bring_up_to_date(row, now, rules)
        flags = bit_row[BITS]
        cell = flags >> CELL_SHIFT
        below = -row[STARTING_TRUST]
        stopped = 1.0 if now - row[LAST_STOP] <= RECENT_HOURS else 0.0
        youth = 1.0 if flags & YOUTH_BIT else 0.0
        new = _novelty(bit_row, rules.counter[kind, channel], rules.novelty)
        group = rules.residual_cell[cell]
        scale = met.dose[e] * rules.channel_factor[channel]
        base = cell * CELL_WIDTH + (met.source[e] * CHANNELS + channel) * OUTCOMES * STORES
        remaining = day_end - now
        for k in range(OUTCOMES):
            if not flags & (1 << k):
                continue
            share = max(0.0, 1.0 + rules.low_trust_share[kind, k] * below) * (
                1.0 + rules.residual_share[kind, k] * group
            )
            own = rules.low_trust_gain[kind, k] * below + rules.recent_stop_shift[kind, k] * stopped
            delta = scale * (rules.effect[kind, k] * share + own + rules.youth_shift[kind, k] * youth)
            if delta != 0.0:
                kept = rules.retention[channel, k] * delta * new
                fading = (1.0 - rules.retention[channel, k]) * delta
                row[DURABLE + k] += kept
                row[TRANSIENT + k] += fading
                at = base + k * STORES
                sums[at] += row[WEIGHT] * kept * rules.left_at_day_end[remaining, k, 0]
                sums[at + 1] += row[WEIGHT] * fading * rules.left_at_day_end[remaining, k, 1]
        if rules.is_stop[kind] and channel == 0:
            row[LAST_STOP] = now


@njit(cache=True, nogil=True)
def levels(
    rows: NDArray[np.float32],
    person: NDArray[np.int32],
    hour: int,
    durable_rate: NDArray[np.float64],
    transient_rate: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """`out` (people, outcomes) holds d(t) of the named people at `hour`, latent SD; nobody is touched."""
    for index in range(person.size):
        if index + PREFETCH_AHEAD < person.size:
            prefetch(rows, person[index + PREFETCH_AHEAD] * ROW)
        row = rows[person[index]]
        elapsed = hour - row[TOUCHED]
        durable_left, transient_left = 0.0, 0.0
        for k in range(OUTCOMES):
            # Outcomes that share the time constants of the one before share its exponentials.
            if k == 0 or durable_rate[k] != durable_rate[k - 1] or transient_rate[k] != transient_rate[k - 1]:
                durable_left = math.exp(-durable_rate[k] * elapsed)
                transient_left = math.exp(-transient_rate[k] * elapsed)
            out[index, k] = row[DURABLE + k] * durable_left + row[TRANSIENT + k] * transient_left
