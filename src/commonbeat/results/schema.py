"""Every table of a run, column by column: the one list behind validation, the codebook and the SQL views.

Effects are in SD of the latent outcome and keep the outcome's own sign: a negative effect on `prejudice` is
less prejudice. `effect` always is the paired difference from the scenario's reference arm in the same draw.
"""

from __future__ import annotations

import polars as pl

from commonbeat.results.columns import (
    AUDIENCES,
    CHANNELS,
    ORIGINS,
    OUTCOMES,
    RINGS,
    SOURCES,
    TWIN_PARTS,
    Column,
    Table,
)

SD = "latent SD"
GROUP_MEANING = "reporting group: residents of a group, All residents, Officers or Elsewhere"
SD_DAYS = "latent SD x days"

_DRAW = Column("draw", pl.Int32, "", "number of the draw, from 0")
_ARM = Column("arm", pl.String, "", "name of the scenario's arm")
_GROUP = Column("group", pl.String, "", GROUP_MEANING)
_RING_GROUP = Column("group", pl.String, "", f"{GROUP_MEANING}; All for everybody in the ring")
_OUTCOME = Column("outcome", pl.String, "", "what is measured in the person", OUTCOMES)
_DAY = Column(
    "day", pl.Int16, "days", "days since the scenario began: 0 is its first moment, 1 the end of its first day"
)
_CHECKPOINT = Column("day", pl.Int16, "days", "checkpoint of the scenario, in days since it began")
_CLIP = Column("clip", pl.String, "", "name of the event that was filmed, the same in every arm")
_PERSON = Column("person", pl.Int64, "", "stable number of a simulated person")

PARAMETERS = Table(
    "parameters",
    "the parameters that a draw was run with",
    (
        _DRAW,
        Column("parameter", pl.String, "", "name in the parameter ledger"),
        Column("value", pl.Float64, "the parameter's own", "value drawn from its prior"),
    ),
    ("draw", "parameter"),
)
DRAWS = Table(
    "draws",
    "one row per draw: which priors and which luck it had",
    (
        _DRAW,
        Column("parameter_set", pl.Int32, "", "draws with the same number were run with the same parameters"),
        Column("luck_seed", pl.String, "", "seed of the draw's luck, as text because it needs 64 bits"),
        Column("seconds", pl.Float64, "seconds", "time that the draw took on this machine; no part of the content"),
    ),
    ("draw",),
)
DAILY = Table(
    "daily",
    "the mean of a group on every day of every arm",
    (
        _DRAW,
        _ARM,
        _GROUP,
        _OUTCOME,
        _DAY,
        Column("change", pl.Float64, SD, "mean change of the group since the start of day 0, burn-in included"),
        Column("effect", pl.Float64, SD, "change less the reference arm's change in the same draw; 0 for it"),
    ),
    ("draw", "arm", "group", "outcome", "day"),
)
CHANNELS_TABLE = Table(
    "channels",
    "which channel the effect is booked under; bookkeeping, not cause",
    (
        _DRAW,
        _ARM,
        _GROUP,
        _OUTCOME,
        _CHECKPOINT,
        Column("channel", pl.String, "", "how the experience reached the person", CHANNELS),
        Column("source", pl.String, "", "whether the ordinary year or the scenario's events caused it", SOURCES),
        Column("account", pl.Float64, SD, "mean per member, less the reference's; sums over rows to the effect"),
    ),
    ("draw", "arm", "group", "outcome", "day", "channel", "source"),
)
RINGS_TABLE = Table(
    "rings",
    "the people around the moment, ring by ring, and what changed in each",
    (
        _DRAW,
        _ARM,
        _CHECKPOINT,
        Column(
            "ring", pl.String, "", "how near to the moment; a person is in the nearest ring only; city is all", RINGS
        ),
        _RING_GROUP,
        _OUTCOME,
        Column("people", pl.Float64, "simulated people", "how many are in the ring; an empty ring may have no row"),
        Column("people_weighted", pl.Float64, "people", "how many real people they stand for"),
        Column("effect", pl.Float64, SD, "mean paired difference per person", missing="nobody was in the ring"),
        Column("share_negative", pl.Float64, "share", "of the ring below -1e-6 SD", missing="nobody was in the ring"),
        Column("share_positive", pl.Float64, "share", "of the ring above 1e-6 SD", missing="nobody was in the ring"),
    ),
    ("draw", "arm", "day", "ring", "group", "outcome"),
)
PLACES = Table(
    "places",
    "the effect among the residents of each place",
    (
        _DRAW,
        _ARM,
        _CHECKPOINT,
        Column("place", pl.String, "", "neighbourhood or other place of the society"),
        _GROUP,
        _OUTCOME,
        Column(
            "effect", pl.Float64, SD, "mean paired difference per resident", missing="nobody of the group lives there"
        ),
        Column("residents", pl.Int64, "simulated people", "residents of the group in the place"),
    ),
    ("draw", "arm", "day", "place", "group", "outcome"),
)
REACH = Table(
    "reach",
    "how far each clip went",
    (
        _DRAW,
        _ARM,
        _CLIP,
        Column("origin", pl.String, "", "who posted it first", ORIGINS),
        Column("audience", pl.String, "", "where its viewers are", AUDIENCES),
        Column("views", pl.Int64, "simulated people", "people who saw it"),
        Column("views_weighted", pl.Float64, "people", "real people for whom they stand"),
        Column("shares", pl.Int64, "shares", "times that it was passed on"),
        Column("depth_max", pl.Int16, "hops", "longest chain of shares from a post"),
        Column("hours_to_half", pl.Float64, "hours", "until half of its views", missing="nobody saw it"),
    ),
    ("draw", "arm", "clip", "audience"),
)
OCCURRENCES = Table(
    "occurrences",
    "what happened over the whole run, counted",
    (
        _DRAW,
        _ARM,
        Column(
            "kind",
            pl.String,
            "",
            "what it was: stop, other contact, encounter (being present at one), told of ..., watched ..., news: ...; "
            "encounter held and tie formed count the thing itself, not the people, and stand under All residents",
        ),
        Column("group", pl.String, "", GROUP_MEANING),
        Column("count", pl.Int64, "occurrences", "how many; a kind that did not occur may have no row"),
    ),
    ("draw", "arm", "kind", "group"),
)
TWINS = Table(
    "twins",
    "a few simulated people followed through every arm",
    (
        _DRAW,
        _ARM,
        _PERSON,
        Column("part", pl.String, "", "part that the person has in the moment", TWIN_PARTS),
        _GROUP,
        _DAY,
        _OUTCOME,
        Column("change", pl.Float64, SD, "the person's change since the start of day 0"),
        Column("lived", pl.String, "", "what happened to the person that day; empty when nothing did"),
    ),
    ("draw", "arm", "person", "part", "day", "outcome"),
)
EXPOSURES = Table(
    "exposures",
    "who saw a clip, when, and through whom",
    (
        _DRAW,
        _ARM,
        _CLIP,
        _PERSON,
        Column("hour", pl.Float64, "hours", "hours since the scenario began"),
        Column("parent", pl.Int64, "", "simulated person whose share was seen; below 0: an outlet, -1 less its number"),
        Column("depth", pl.Int16, "hops", "shares between the last outlet's or first post and this view"),
        Column("channel", pl.String, "", "how the clip reached the person", CHANNELS),
    ),
    ("draw", "arm", "clip", "person"),
    optional="written only on request",
)
AREA = Table(
    "area",
    "the effect summed over the days of the run",
    (
        _DRAW,
        _ARM,
        _GROUP,
        _OUTCOME,
        Column("area_sd_days", pl.Float64, SD_DAYS, "sum of the effect over the days from 1 to the last"),
        Column("effect_last", pl.Float64, SD, "effect on the last day"),
    ),
    ("draw", "arm", "group", "outcome"),
)
STOPS = Table(
    "stops",
    "police stops as the society's data record them; data, not simulation",
    (
        Column("place", pl.String, "", "place where the stop was made"),
        Column("category", pl.String, "", "race as recorded by police"),
        Column("kind", pl.String, "", "kind of stop as recorded by police"),
        Column("count", pl.Int64, "stops", "stops in the year of the data"),
        Column("residents", pl.Float64, "people", "residents of the place", missing="no population is known"),
        Column(
            "per_1000",
            pl.Float64,
            "stops per 1,000 residents",
            "stops over residents",
            missing="no population is known",
        ),
        Column("latitude", pl.Float64, "degrees", "middle of the place", missing="not known"),
        Column("longitude", pl.Float64, "degrees", "middle of the place", missing="not known"),
    ),
    ("place", "category", "kind"),
)
ACCOUNT = Table(
    "account",
    "what the society knows, misses and assumes",
    (
        Column("name", pl.String, "", "what is accounted for"),
        Column("value", pl.String, "see unit", "its value, as text"),
        Column("unit", pl.String, "", "unit of the value"),
        Column("status", pl.String, "", "measured, derived, assumed, missing, unknown or unmatched"),
        Column("source", pl.String, "", "where it comes from"),
    ),
    ("name",),
)

TABLES: tuple[Table, ...] = (
    PARAMETERS,
    DRAWS,
    DAILY,
    CHANNELS_TABLE,
    RINGS_TABLE,
    PLACES,
    REACH,
    OCCURRENCES,
    TWINS,
    EXPOSURES,
    AREA,
    STOPS,
    ACCOUNT,
)
BY_NAME = {table.name: table for table in TABLES}

# These say how the work was done, not what came out, so the hash of the content leaves them out.
NO_CONTENT = frozenset({("draws", "seconds")})
