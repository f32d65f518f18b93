"""A planned study as its TOML declares it: who, how many, in what groups, measured when and how well.

Effects are in SDs of the true score (what the answers measure, without their error), on somebody reached, at the moment
itself. Shares of variance (`icc`, `block_share`) and the baseline's correlation are of the answers as they are given.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from commonbeat.claims.catalogue import CLAIM_PATTERN
from commonbeat.scenario.strict import StrictModel

Positive = Annotated[float, Field(gt=0)]
Open = Annotated[float, Field(gt=0, lt=1)]
Share = Annotated[float, Field(ge=0, lt=1)]
Closed = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class Arm(StrictModel):
    """One arm of the trial; the first one written is the arm that the others are compared with."""

    name: Annotated[str, Field(min_length=1)]
    """What it is called in tables."""
    share: Positive = 1.0
    """Its size beside the other arms' shares: 1 and 1 are halves, 2 and 1 are two thirds and a third."""
    effect: float | None = None
    """What the experience does to somebody reached, at the moment itself; left out, the cards and priors decide."""
    take_up: Closed | None = None
    """The share of its people whom the experience reaches; left out, everybody, and nobody in the first arm."""


class SampleSetting(StrictModel):
    """How many people, alone or in clusters that are assigned as a whole."""

    people: Annotated[int, Field(ge=4, le=2_000_000)] | None = None
    """People assigned in all arms together, where each is assigned alone."""
    clusters: Annotated[int, Field(ge=4, le=20_000)] | None = None
    """Clusters in all arms together, where whole clusters are assigned."""
    cluster_size: Annotated[float, Field(ge=1, le=100_000)] | None = None
    """People in a cluster, on average."""
    cluster_size_cv: Annotated[float, Field(ge=0, le=3)] = 0.0
    """How unequal clusters are: the SD of their sizes over the mean."""
    cluster_sizes: tuple[Annotated[int, Field(ge=1, le=100_000)], ...] = ()
    """The sizes themselves, where they are known; larger samples repeat them."""
    icc: Share = 0.0
    """The share of the variance of answers that lies between clusters."""
    blocks: Count | None = None
    """Blocks within which the arms are drawn."""
    block_size: Annotated[int, Field(ge=2)] | None = None
    """People, or clusters, in a block; the number of blocks then grows with the sample."""
    block_share: Share = 0.0
    """The share of the variance of answers that lies between blocks; with clusters, a part of the icc."""


class Wave(StrictModel):
    """One round of questions."""

    delay_days: Annotated[float, Field(ge=0, le=3650)]
    """Days after the experience."""
    attrition: Share = 0.0
    """The share of the people assigned who do not answer in this wave."""
    attrition_by_arm: dict[str, Share] = Field(default_factory=dict)
    """The same for single arms, by their names."""


class Measure(StrictModel):
    """How well the answers measure what they are about."""

    reliability: Annotated[float, Field(gt=0, le=1)] | None = None
    """The share of the answers' variance that is not error; left out, by the items, or 1."""
    items: Count | None = None
    """Items in the scale."""
    item_reliability: Annotated[float, Field(gt=0, le=1)] | None = None
    """The reliability of one item."""
    baseline_correlation: Share = 0.0
    """How the answers correlate with the same answers before; above 0 the analysis adjusts for them."""


class Spillover(StrictModel):
    """Controls who hear the story from treated friends, or see the clip."""

    controls_reached: Closed
    """The share of the comparison arm that hears or sees it."""
    fraction: Closed | None = None
    """What that does to them, relative to being reached oneself; left out, the evidence's prior of what is told."""


class Simulation(StrictModel):
    """How long to simulate."""

    trials: Annotated[int, Field(ge=100, le=100_000)] = 2_000
    """Trials at most at each sample size."""
    error: Annotated[float, Field(gt=0, le=0.2)] = 0.01
    """The chance that stopping early says the wrong thing on whether the power is reached."""
    sizes: tuple[Annotated[int, Field(ge=4, le=2_000_000)], ...] = ()
    """Sample sizes of the curve, people or clusters in all; left out, a quarter to four times the planned size."""


class SocietySetting(StrictModel):
    """The trial is drawn among the simulator's people, who talk to each other and see clips."""

    name: Annotated[str, Field(min_length=1)] = "minneapolis"
    """A shipped society, or the folder of an own one."""
    assign: Literal["person", "household", "place"] = "person"
    """What is assigned as a whole."""
    places: Count | None = None
    """From so many neighbourhoods, drawn anew each time, people are asked; left out, from all."""
    dose: Positive = 1.0
    """How strong the experience is, relative to the contact that the cards measured."""
    clip: Literal["none", "resident", "outlet"] = "none"
    """Whether it is filmed, and who posts the clip."""
    draws: Annotated[int, Field(ge=2, le=2_000)] = 30
    """Draws of the priors and of luck."""
    trials_per_draw: Annotated[int, Field(ge=1, le=1_000)] = 10
    """Trials in each draw, with people and arms drawn anew."""
    sizes: tuple[Annotated[int, Field(ge=4, le=500_000)], ...] = ()
    """Sample sizes to simulate, people in all; left out, the planned size alone."""


class PowerDesign(StrictModel):
    """A planned study."""

    title: str = ""
    """The study's name."""
    claim: Annotated[str, Field(pattern=CLAIM_PATTERN)]
    """The claim that the study is to test."""
    card: Annotated[str, Field(pattern=r"^E\d{3,}$")] | None = None
    """The evidence card whose effect must be seen; left out, every checked card of the claim that gives one."""
    outcome: Literal["trust", "cooperation", "prejudice", "reform", "regard"] = "trust"
    """What is measured; it decides how an effect fades."""
    experience: Literal["direct", "watched"] = "direct"
    """Whether people meet an officer or watch a clip; it decides how an effect fades."""
    power: Annotated[float, Field(ge=0.5, lt=1)] = 0.8
    """The chance of seeing the effect that the study must have."""
    level: Annotated[float, Field(gt=0, le=0.2)] = 0.05
    """The chance of seeing an effect that is not there, two-sided."""
    several_arms: Literal["each alone", "bonferroni"] = "bonferroni"
    """Whether the level is shared by the comparisons of several arms."""
    seed: Annotated[int, Field(ge=0)] = 1
    """Where luck starts; the same seed gives the same result."""
    arms: Annotated[tuple[Arm, ...], Field(min_length=2)]
    """The arms; the first is the comparison."""
    sample: SampleSetting
    """How many."""
    waves: Annotated[tuple[Wave, ...], Field(min_length=1)] = (Wave(delay_days=0),)
    """When people are asked."""
    measure: Measure = Measure()
    """How well they are measured."""
    spillover: Spillover | None = None
    """What controls hear or see."""
    simulation: Simulation = Simulation()
    """How many trials, and at which sample sizes."""
    society: SocietySetting | None = None
    """A trial on the simulator's people; left out, none."""

    @property
    def treated(self) -> tuple[Arm, ...]:
        """The arms that are compared with the first one."""
        return self.arms[1:]

    @property
    def comparison_level(self) -> float:
        """The level of each single comparison."""
        return self.level / len(self.treated) if self.several_arms == "bonferroni" else self.level

    @property
    def clustered(self) -> bool:
        """Whether whole clusters are assigned."""
        return self.sample.people is None

    @property
    def planned_size(self) -> int:
        """The sample as planned: clusters where whole clusters are assigned, people otherwise."""
        sample = self.sample
        return sample.people or sample.clusters or len(sample.cluster_sizes)

    @property
    def mean_cluster_size(self) -> float:
        """People in a cluster on average; 1 where people are assigned alone."""
        sizes = self.sample.cluster_sizes
        return sum(sizes) / len(sizes) if sizes else (self.sample.cluster_size or 1.0) if self.clustered else 1.0

    @property
    def reliability(self) -> float:
        """Of the answers: as written, or by Spearman and Brown k r / (1 + (k - 1) r) from k items, or 1."""
        measure = self.measure
        if measure.reliability is not None:
            return measure.reliability
        if measure.items is None or measure.item_reliability is None:
            return 1.0
        return measure.items * measure.item_reliability / (1 + (measure.items - 1) * measure.item_reliability)

    def take_up(self, arm: Arm) -> float:
        """The share of the arm's people whom the experience reaches."""
        if arm.take_up is not None:
            return arm.take_up
        return 0.0 if arm is self.arms[0] else 1.0
