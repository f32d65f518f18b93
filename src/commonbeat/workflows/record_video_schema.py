"""Every table of a measured clip, column by column: what a row is, the unit of each number, and what it means.

No table holds movement, smiling or any other measure of one person, and none holds names, roles or groups of people.
"""

from __future__ import annotations

import polars as pl

from commonbeat.record.video.instrument.measured import HAPPENINGS
from commonbeat.results.columns import Column, Table

SECONDS = "seconds"
HEIGHTS = "body heights"
SHARE = "share"
NOT_MEASURED = "not measured; why_not says why"
KINDS_OF_SOUND = ("speech", "music", "speech and music", "neither", "cannot tell", "silence")

_TIME = Column("time_s", pl.Float64, SECONDS, "time on the clip's own clock")
_PERSON = Column("person", pl.Int32, "", "number of somebody who was followed, within this clip only")
_FIRST = Column("first", pl.Int32, "", "number of one person of the pair")
_SECOND = Column("second", pl.Int32, "", "number of the other person of the pair")


def _null(prefix: str, of: str) -> tuple[Column, ...]:
    """A value with its null beside it, so that neither is read alone."""
    return (
        Column(prefix, pl.Float64, "0 to 1", of, missing=NOT_MEASURED),
        Column(f"{prefix}_null_low", pl.Float64, "0 to 1", "lower end of the null of that value", missing=NOT_MEASURED),
        Column(f"{prefix}_null_middle", pl.Float64, "0 to 1", "middle of the null of that value", missing=NOT_MEASURED),
        Column(
            f"{prefix}_null_high",
            pl.Float64,
            "0 to 1",
            "upper end of the null of that value",
            missing=NOT_MEASURED,
        ),
        Column(
            f"{prefix}_p", pl.Float64, "probability", "share of the null at or above the value", missing=NOT_MEASURED
        ),
    )


TRACKS = Table(
    "tracks",
    "where each person who was followed stood in each analysed frame",
    (
        _TIME,
        _PERSON,
        Column(
            "across",
            pl.Float32,
            HEIGHTS,
            "place of the hips to the right of the first picture's corner, camera motion taken out; the unit is the median body height of all in the clip",
            missing="not found in this frame",
        ),
        Column("down", pl.Float32, HEIGHTS, "place of the hips below that corner", missing="not found in this frame"),
        Column(
            "height",
            pl.Float32,
            "share of the median body height",
            "own height in the picture, upright",
            missing="not known",
        ),
        Column(
            "passage",
            pl.Int32,
            "",
            "passage of the camera, -1 where its motion is not known; places compare within one passage only",
        ),
        Column("found", pl.Boolean, "", "whether the pose was found in this frame"),
        Column(
            "coverage",
            pl.Float64,
            SHARE,
            "of the person's frames between first and last, those in which they were found",
        ),
    ),
    ("time_s", "person"),
)
PAIRS = Table(
    "pairs",
    "two people: how near they were, and whether they moved together more than strangers would",
    (
        _FIRST,
        _SECOND,
        Column("both_s", pl.Float64, SECONDS, "for how long both were seen"),
        Column(
            "distance",
            pl.Float64,
            HEIGHTS,
            "median distance in the plane of the picture",
            missing="never seen together",
        ),
        Column("distance_low", pl.Float64, HEIGHTS, "5 % of the time they were nearer", missing="never seen together"),
        Column(
            "distance_high", pl.Float64, HEIGHTS, "5 % of the time they were farther", missing="never seen together"
        ),
        Column("near_s", pl.Float64, SECONDS, "for how long they were near each other"),
        Column("near_share", pl.Float64, SHARE, "of the time when both were seen"),
        Column(
            "depth_unclear",
            pl.Float64,
            SHARE,
            "of that time when their heights in the picture differ so much that one may stand far behind the other",
        ),
        Column(
            "facing",
            pl.Float64,
            SHARE,
            "of the time when heads could be read, at least one turned toward the other",
            missing="heads too small, or too rarely seen",
        ),
        Column(
            "facing_coverage", pl.Float64, SHARE, "of the time when both were seen, that in which heads could be read"
        ),
        Column("joint_s", pl.Float64, SECONDS, "of joint track that the comparison of movements had"),
        *_null("together", "how closely the movements of the two go together"),
        Column(
            "together_p_adjusted",
            pl.Float64,
            "probability",
            "the same, adjusted for the number of pairs",
            missing=NOT_MEASURED,
        ),
        *_null("without_beat", "the same with the music's beat taken out of both"),
        *_null("phase_locking", "how closely the two keep one relation of phase, however much each moves; not tested"),
        *_null("wavelet_coherence", "mean squared wavelet coherence over tempos and time; not tested"),
        Column(
            "lag_s",
            pl.Float64,
            SECONDS,
            "by how much the second follows the first; negative: the first follows",
            missing=NOT_MEASURED,
        ),
        Column("lag_low_s", pl.Float64, SECONDS, "lower end of the lag", missing=NOT_MEASURED),
        Column("lag_high_s", pl.Float64, SECONDS, "upper end of the lag", missing=NOT_MEASURED),
        Column(
            "lag_period_s",
            pl.Float64,
            SECONDS,
            "the lag is known up to whole numbers of this period, because the movement repeats",
            missing=NOT_MEASURED,
        ),
        Column("why_not", pl.String, "", "why a measure is missing; empty when none is"),
    ),
    ("first", "second"),
)
GROUP = Table(
    "group",
    "everybody together, second by second",
    (
        _TIME,
        Column("people", pl.Float64, "people", "mean number of people found"),
        Column(
            "movement",
            pl.Float64,
            "body heights a second",
            "mean movement of all who were found, camera motion taken out",
            missing="fewer than two people were found, or the camera's motion is not known",
        ),
        Column("coverage", pl.Float64, SHARE, "of this second that was analysed with the camera's motion known"),
    ),
    ("time_s",),
)
HAPPENED = Table(
    "happenings",
    "what happened at a time: who joined a group or left it, who came closer, and where the instrument lost its thread",
    (
        Column("kind", pl.String, "", "what it is", HAPPENINGS),
        Column("start_s", pl.Float64, SECONDS, "when it began"),
        Column("end_s", pl.Float64, SECONDS, "when it ended"),
        Column("uncertainty_s", pl.Float64, SECONDS, "half-width of these times"),
        Column("people", pl.List, "", "the people in it; who joined, left or came closer stands first"),
        Column(
            "amount",
            pl.Float64,
            HEIGHTS,
            "by how much the first moved toward the second",
            missing="not asked for this kind",
        ),
        Column(
            "amount_sd", pl.Float64, HEIGHTS, "standard deviation of that amount", missing="not asked for this kind"
        ),
        Column("words", pl.String, "", "the same in a sentence"),
    ),
    ("kind", "start_s", "people"),
)
SOUND = Table(
    "sound",
    "the sound, step by step",
    (
        _TIME,
        Column(
            "loudness_lufs",
            pl.Float64,
            "LUFS",
            "momentary loudness relative to full scale; no sound pressure",
            missing="silence",
        ),
        Column(
            "kind",
            pl.String,
            "",
            "what the step sounds like; music: tones that hold, or a regular beat",
            KINDS_OF_SOUND,
        ),
        Column("beats", pl.Int32, "beats", "beats of the music that fall into the step"),
    ),
    ("time_s",),
)
KEYPOINTS = Table(
    "keypoints",
    "the points of each pose in the picture",
    (
        _TIME,
        _PERSON,
        Column("point", pl.String, "", "which point of the body"),
        Column("x", pl.Float32, "pixels", "to the right, in the picture as displayed"),
        Column("y", pl.Float32, "pixels", "down, in the picture as displayed"),
        Column("score", pl.Float32, "0 to 1", "the model's own confidence"),
    ),
    ("time_s", "person", "point"),
    optional="kept only where consent names the scope keep",
)
TABLES = (TRACKS, PAIRS, GROUP, HAPPENED, SOUND, KEYPOINTS)
