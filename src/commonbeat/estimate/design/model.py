"""The design of a study as its TOML declares it, before anybody looks at an outcome.

Columns are named as in the data file. A study has exactly one of five shapes: a trial (`treatment`), people asked more than once (`[panel]`),
two groups before and after (`[before_after]`), a staggered roll-out (`[rollout]`), or a series by week and place (`[series]`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from commonbeat.claims.catalogue import CLAIM_PATTERN
from commonbeat.scenario.strict import StrictModel

Column = Annotated[str, Field(min_length=1)]
Value = str | int | float | bool
Share = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class Assignment(StrictModel):
    """How the arms were drawn; randomisation inference draws them again in the same way."""

    kind: Literal["complete", "blocked", "clustered", "blocked clustered", "stepped wedge"]
    """complete: people at large; blocked: people within blocks; clustered: whole clusters; both; or clusters that cross over in turn."""
    permutations: Annotated[int, Field(ge=99, le=1_000_000)] = 2_000
    """How many times the assignment is drawn again; all assignments are used where they are fewer."""
    step: Column | None = None
    """Stepped wedge only: the column with the period in which a row was measured."""


class Scale(StrictModel):
    """An index built from items."""

    items: Annotated[tuple[Column, ...], Field(min_length=1)]
    """The items' columns."""
    reverse: tuple[Column, ...] = ()
    """Items on which a higher answer means less of what the scale measures."""
    minimum: float | None = None
    """The lowest answer that can be given; needed to reverse an item that is not standardised."""
    maximum: float | None = None
    """The highest answer that can be given."""
    standardise: Literal["control", "everybody", "none"] = "control"
    """Whose mean and SD the items are set to 0 and 1 by: those of the control arm, of everybody, or not at all."""
    at_least: Annotated[float, Field(gt=0, le=1)] = 0.5
    """The share of items that must be answered for a person to get a score."""


class Attrition(StrictModel):
    """What may explain who did not answer."""

    predictors: tuple[Column, ...] = ()
    """Columns measured before treatment; left out, the covariates are used."""


class Equivalence(StrictModel):
    """A test that an effect is too small to matter, or not worse than a margin."""

    margin: Positive
    """The smallest effect that would matter."""
    unit: Literal["outcome", "SD"] = "SD"
    """The margin's unit: the outcome's own, or SDs of the control arm."""
    question: Literal["equivalent", "no worse", "no better"] = "equivalent"
    """Within the margin on both sides; or, for people, not worse or not better by more than it: `favourable` (or the claim) says which values are better."""


class Interference(StrictModel):
    """Who knows whom, so that exposure through others can be told from treatment."""

    ties: str
    """A data file of ties, one a row; a path relative to the design's folder."""
    source: Column = "from"
    """The column with one end of a tie."""
    target: Column = "to"
    """The column with the other end."""
    directed: bool = False
    """Whether only the target is exposed through the source."""
    permutations: Annotated[int, Field(ge=200, le=1_000_000)] = 5_000
    """Assignments drawn to learn how likely each exposure was."""


class Panel(StrictModel):
    """People asked more than once about something that happened to some of them in between."""

    person: Column
    """The column that tells who it is."""
    time: Column
    """The column with the wave."""
    exposure: Column
    """What happened to them up to that wave: a count or 0 and 1."""


class BeforeAfter(StrictModel):
    """Two groups, measured before and after something came to one of them: differences in differences."""

    group: Column
    """1 where it came, 0 elsewhere, in all rows of a place or person."""
    after: Column
    """1 for rows measured after, 0 for rows measured before."""
    unit: Column | None = None
    """The people or places that were measured more than once."""
    row_kind: Literal["person", "place"] = "person"
    """What a row stands for: a mean of fewer than ten people is not shown, one of few places is."""


class Rollout(StrictModel):
    """Places, or people, that took up a programme at different times."""

    unit: Column
    """The place or person."""
    unit_kind: Literal["place", "person"] = "place"
    """What a unit is: a mean of fewer than ten people is not shown, one of few places is."""
    time: Column
    """The period of a row: whole numbers in order."""
    first_treated: Column
    """The unit's first treated period; empty or 0 for never treated."""
    control: Literal["never treated", "not yet treated"] = "never treated"
    """Who stands for what would have happened."""
    base: Literal["varying", "universal"] = "varying"
    """Before treatment: each period against the one before, or all against the last one before treatment."""


class Series(StrictModel):
    """Calls, complaints or use of force by week (or other period), in one place or many, around an event."""

    time: Column
    """Dates, or whole numbers in order."""
    start: str | int
    """The first period after the event, written as in the column."""
    unit: Column | None = None
    """The place; needed for synthetic control."""
    treated_unit: Value | None = None
    """The place where it happened; the other places are donors."""
    season_periods: Count | None = None
    """Periods in a year (52 for weeks, 12 for months, 4 for quarters; 7 for days of a week): the season is then taken out."""
    lags: Annotated[int, Field(ge=0)] | None = None
    """Periods over which errors may hang together; left out, by the length of the series."""
    population: Column | None = None
    """People at risk: counts become rates per 1,000."""


class Mediation(StrictModel):
    """A path from treatment through one outcome to another, for instance from trust to cooperation."""

    mediator: Column
    """The column of what is thought to carry the effect."""
    draws: Annotated[int, Field(ge=200, le=100_000)] = 2_000
    """Draws for the intervals."""


class Raking(StrictModel):
    """Margins of the population that the weights must meet."""

    margins: dict[str, dict[str, Share]]
    """For each column its categories' shares in the population."""
    smallest: Positive = 0.2
    """No weight below this multiple of the mean weight."""
    largest: Positive = 5.0
    """No weight above this multiple of the mean weight."""


class Stops(StrictModel):
    """Police stops recorded where the study was made, which stand beside the answer."""

    place: Annotated[str, Field(min_length=1)]
    """The place that the figures are of."""
    year: Annotated[int, Field(ge=1900, le=2200)]
    """The year in which they were recorded."""
    count: Annotated[int, Field(ge=0)]
    """All stops of that year."""
    residents: Annotated[int, Field(ge=1)] | None = None
    """People who live there."""
    per_1000: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    """Stops per 1,000 residents for each race, as recorded by police."""
    source: str = "the design"
    """Where the figures are from."""


class Design(StrictModel):
    """A study: what was measured, who was assigned to what and how, and what will be asked of the data."""

    title: str = ""
    """The study's name; findings of one study count once."""
    outcome: Annotated[tuple[Column, ...], Field(min_length=1)]
    """What may have changed: columns of the data or names of scales; the first is the main one."""
    claim: Annotated[str, Field(pattern=CLAIM_PATTERN)] | None = None
    """The claim that the study speaks to."""
    bearing: Literal["direct", "adjacent"] = "direct"
    """direct: the claim's outcome after the claim's kind of experience; adjacent: near it, shown beside the verdict and not counted."""
    favourable: Literal["higher", "lower"] | None = None
    """Which values of the outcome favour the claim; left out, as the claim says."""
    population: str = ""
    """Who was asked, in words."""
    treatment: Column | None = None
    """What people were assigned to."""
    control: Value | None = None
    """The treatment's value in the control arm; needed when it is not 0 and 1."""
    treated: tuple[Value, ...] = ()
    """The values to compare with control, one comparison each; left out, the only other value."""
    cluster: Column | None = None
    """What was assigned as a whole: household, street, precinct."""
    block: Column | None = None
    """Within what the assignment was drawn."""
    weight: Column | None = None
    """Survey weights."""
    covariates: tuple[Column, ...] = ()
    """Measured before treatment."""
    complied: Column | None = None
    """Whether the treatment was received."""
    baseline: Column | None = None
    """The outcome before treatment."""
    by: Column | None = None
    """Pre-declared groups."""
    person: Column | None = None
    """Who it is; a person may stand in the data once."""
    level: Share = 0.05
    """One minus the coverage of the intervals."""
    seed: Annotated[int, Field(ge=0)] = 1
    """Where the luck of resampling starts."""
    plan: str | None = None
    """The pre-analysis plan's design, a path relative to this file; the report says where the analysis left it."""
    missing: tuple[Value, ...] = ()
    """Values that mean no answer, such as -99."""
    assignment: Assignment | None = None
    """How the arms were drawn."""
    scales: dict[str, Scale] = Field(default_factory=dict)
    """Indices to build from items."""
    attrition: Attrition | None = None
    """What may explain who did not answer."""
    equivalence: Equivalence | None = None
    """A test that the effect is small, or not worse than a margin."""
    interference: Interference | None = None
    """Ties through which controls may have been reached."""
    panel: Panel | None = None
    """Repeated measures of the same people."""
    before_after: BeforeAfter | None = None
    """Two groups before and after."""
    rollout: Rollout | None = None
    """A staggered start across places."""
    series: Series | None = None
    """A series around an event."""
    mediation: Mediation | None = None
    """A path through a mediator."""
    stops: Stops | None = None
    """Police stops recorded where the study was made."""
    raking: Raking | None = None
    """Population margins for weights."""
