"""What a builder is asked to build, and the addresses of its luck."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from commonbeat.luck import SOCIETY, keys, normals, uniforms
from commonbeat.society.figures import Figures

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from commonbeat.society.account import AccountLine
    from commonbeat.society.places import Place, StopTable

BUILDER_VERSION = 1  # raise it whenever the same plan would give another society: it is part of the content hash

# Questions under the decision SOCIETY. Numbers are never reused.
HOUSEHOLD_SIZE = 1
MIXED_POOL = 2
MIXED_ORDER = 3
CHILD = 4
AGE = 5
OFFICER_GROUP = 6
ELSEWHERE_GROUP = 7
TRUST = 8
PLACE_TRUST = 9
SOCIAL_ORDER = 10
CORE_DEGREE = 11
CORE_PICK = 12
ACQUAINTANCE_DEGREE = 13
ACQUAINTANCE_PICK = 14
FOLLOWER_COUNT = 15
FOLLOWER_PICK = 16
ACTIVITY = 17
OUTLET = 18
SAMPLE = 19
CIRCLE_ORDER = 20


@dataclass(frozen=True)
class Audience:
    """The shares of the people of the city and of the people elsewhere, 12 and older, who use an outlet."""

    name: str
    reach: Literal["local", "elsewhere"]
    city_share: float
    elsewhere_share: float


@dataclass(frozen=True, eq=False)
class Plan:
    """How many of whom live where.

    `residents` int64[places, groups] and `officers` int64[places] leave out Elsewhere, which has `elsewhere` people of
    weight `elsewhere_weight`. `places` has Elsewhere as its last entry.
    """

    name: str
    seed: int
    groups: tuple[str, ...]
    places: tuple[Place, ...]
    residents: NDArray[np.int64]
    officers: NDArray[np.int64]
    elsewhere: int
    elsewhere_weight: float
    audiences: tuple[Audience, ...]
    stops: StopTable
    account: tuple[AccountLine, ...] = ()
    figures: Figures = field(default_factory=Figures)

    @property
    def content_hash(self) -> str:
        """Sixteen hexadecimal digits that change when the builder, its figures, the tables or the seed do."""
        words = (BUILDER_VERSION, self.name, self.seed, self.groups, self.places, self.elsewhere)
        more = (self.elsewhere_weight, self.audiences, self.account, self.figures)
        digest = hashlib.sha256(repr((words, more)).encode())
        stops = self.stops
        for table in (self.residents, self.officers, stops.counts, stops.by_day, stops.by_hour, stops.race_before):
            digest.update(np.ascontiguousarray(table, dtype=np.int64).tobytes())
        return digest.hexdigest()[:16]

    def chance(self, question: int, *whom: ArrayLike) -> NDArray[np.float64]:
        """A number in [0, 1) for each of these, for this question."""
        return uniforms(self.seed, SOCIETY, question, *whom)

    def normal(self, question: int, whom: ArrayLike) -> NDArray[np.float64]:
        """A standard normal number for each of these, for this question."""
        return normals(self.seed, SOCIETY, question, whom)

    def order(self, question: int, whom: ArrayLike) -> NDArray[np.uint64]:
        """64 bits for each of these: sorting by them shuffles."""
        return keys(self.seed, SOCIETY, question, whom)

    def key(self, question: int) -> int:
        """The key of this question, from which kernels go on."""
        return int(keys(self.seed, SOCIETY, question))
