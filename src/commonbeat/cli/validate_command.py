"""The command that sets the model against published studies."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]


def register(app: App) -> None:
    """The command stands in the command line."""
    app.command(validate)


def validate(
    *,
    out: Path | None = None,
    target: tuple[str, ...] = (),
    draws: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    as_json: Json = False,
) -> None:
    """Predict published studies from priors that do not know them, and say which predictions fail.

    Each study is emulated many times: its sample, its treatment, its losses, its measure's error, its own estimator. What passes was
    written down and frozen before. Failures come first. Ctrl-C keeps the finished draws when there is a folder.

    Args:
        out: Folder for the table, the draws and a page; it must not exist. Left out: nothing is kept.
        target: Only this study; can be given several times. Left out: all of them.
        draws: How many times parameters and luck are drawn, 20 at least.
        seed: Where luck starts.
        workers: Processes that work at once. Left out: one per core. The result does not depend on it.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.progress import narrated
    from commonbeat.cli.show_validation import show_validation
    from commonbeat.workflows.validate import validate as run

    with narrated() as narrator:
        found = run(out, draws=draws, seed=seed, only=target, workers=workers, narrator=narrator)
    show_validation(found, as_json=as_json)
