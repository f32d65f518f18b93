"""The command for one clip: how far it will go."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App


def register(app: App) -> None:
    """The command stands in the command line."""
    app.command(fit_clip)


def fit_clip(
    shares: Path,
    /,
    *,
    horizon: str = "7d",
    observed: str | None = None,
    time: str | None = None,
    followers: str | None = None,
    group: str | None = None,
    share_id: str | None = None,
    unit: str | None = None,
    zone: str | None = None,
    seed: int = 1,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="", show_default=False)] = False,
) -> None:
    """Forecast how far one clip will go, from the times of its shares.

    Args:
        shares: A table with one row per share, the post itself first: CSV, Parquet, Excel; or two columns, seconds and followers.
        horizon: The age up to which to forecast, such as 24h or 7d; +24h counts from where the forecast begins.
        observed: The age from which to forecast, such as 6h. What the log tells of later is shown beside it. Left out: the whole log.
        time: The column of times. Left out: time, timestamp, created_at, seconds, hours and their like.
        followers: The column of how many followers each sharer has.
        group: The column of the sharers' groups.
        share_id: A column that tells shares apart. It serves to find duplicates and is not kept.
        unit: What plain numbers count: milliseconds, seconds, minutes, hours or days.
        zone: The time zone of times that carry none, such as America/Chicago.
        seed: Where the luck of the drawn futures starts.
        out: A folder for the forecast; it must not exist.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.progress import narrated
    from commonbeat.cli.show_clip import show_clip
    from commonbeat.fit.growth.reading import Asked
    from commonbeat.workflows.fit_clip import fit_clip as fitted

    asked = Asked(
        time=time,
        followers=followers,
        group=group,
        share_id=share_id,
        unit=unit,
        zone=zone,
        observed=observed,
        horizon=horizon,
    )
    with narrated("steps") as narrator:
        result = fitted(shares, asked, out=out, seed=seed, narrator=narrator)
    show_clip(result, as_json=as_json)
