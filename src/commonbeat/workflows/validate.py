"""The model says what published studies should have found: drawn, judged, saved whole, and told on a page."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import shutil
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import InputError, InterruptedRunError, Mistakes, did_you_mean
from commonbeat.workflows.kernel_cache import opened, prepare_kernel_cache
from commonbeat.workflows.ledger_hash import ledger_hash
from commonbeat.workflows.narrator import Silence
from commonbeat.workflows.power import partial_of
from commonbeat.workflows.simulate import check_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from commonbeat.validate.predict import Inquiry
    from commonbeat.validate.scoring import Verdict
    from commonbeat.workflows.narrator import Narrator

    Predicted = dict[str, float]

PAGE, DOCUMENT, TABLE, DRAWS, MANIFEST, KEPT = (
    "validation.html",
    "validation.json",
    "validation.csv",
    "draws.csv",
    "manifest.json",
    "kept.json",
)
SOCIETY = "minneapolis"
FEWEST_DRAWS = 20  # a 90 % interval needs a draw beyond each end


@dataclass(frozen=True, slots=True)
class Validation:
    """A verdict per finding, failures first; how it was made; and the folder, or None when none was asked for."""

    verdicts: tuple[Verdict, ...]
    made: Mapping[str, Any]
    folder: Path | None


def validate(
    out: str | Path | None = None,
    *,
    draws: int | None = None,
    seed: int | None = None,
    only: Sequence[str] = (),
    society: str = SOCIETY,
    workers: int | None = None,
    narrator: Narrator | None = None,
) -> Validation:
    """Every published study has been predicted from priors that do not know it, and judged by its frozen rule.

    only: ids of targets, all of them when empty. With `out`, a folder holds the table, the draws and a page; Ctrl-C keeps the
    finished draws beside it, and the same call goes on from them.

    Raises:
        LedgerError: targets that changed since they were frozen. InputError: unknown targets, too few draws. RunFolderError: something
        stands at `out`. InterruptedRunError after Ctrl-C. WriteError: the disk refused.
    """
    prepare_kernel_cache()
    from commonbeat.results.disk import refuse_existing
    from commonbeat.validate.predict import DRAWS as USUAL_DRAWS
    from commonbeat.validate.predict import SEED, Inquiry, verdicts
    from commonbeat.validate.target import load_targets

    narrator, folder = narrator or Silence(), None if out is None else Path(out)
    number = USUAL_DRAWS if draws is None else draws
    known = load_targets()
    check_asked(only, [target.id for target in known], number)
    if folder is not None:
        refuse_existing(folder)
    targets = tuple(target for target in known if not only or target.id in only)
    inquiry = Inquiry(targets, society, SEED if seed is None else seed)
    narrator.says(f"Opening the society '{society}' (built the first time, then taken from the cache)")
    made = made_of(inquiry, opened(society, narrator).content_hash, number)
    drawn = fill(inquiry, number, folder, made, check_workers(workers, number), narrator)
    found = tuple(verdicts(targets, [drawn[draw] for draw in range(number)]))
    if folder is not None:
        save(folder, found, drawn, made)
    return Validation(found, made, folder)


def check_asked(only: Sequence[str], known: Sequence[str], draws: int) -> None:
    """What was asked can be done, or InputError lists all that cannot."""
    found = Mistakes()
    for name in only:
        if name not in known:
            found.add("target", name, "is not a target", did_you_mean(name, known))
    if draws < FEWEST_DRAWS:
        found.add("draws", draws, f"is below {FEWEST_DRAWS}", "A 90 % interval needs a draw beyond each end.")
    found.raise_if_any(InputError, "The validation cannot start:")


def made_of(inquiry: Inquiry, society_hash: str, draws: int) -> dict[str, Any]:
    """Everything on which the prediction depends, so that only the same one is taken up again."""
    from importlib.metadata import version

    from commonbeat.validate.target import code_hash, frozen_targets

    known = frozen_targets()
    return {
        "draws": draws,
        "seed": inquiry.seed,
        "society": inquiry.society,
        "society_hash": society_hash,
        "ledger_hash": ledger_hash(),
        "version": version("commonbeat"),
        "emulations": code_hash(),
        "targets": {target.id: known[target.id].sha256 for target in inquiry.targets},
    }


def fill(
    inquiry: Inquiry, draws: int, folder: Path | None, made: Mapping[str, Any], workers: int, narrator: Narrator
) -> dict[int, Predicted]:
    """Every draw, by its number; those that were kept before are not made again."""
    from commonbeat.validate.predict import predict

    mark = fingerprint(made)
    drawn = {} if folder is None else kept(folder, mark)
    if drawn:
        narrator.says(f"{len(drawn)} of {draws} draws were finished before; going on with the rest")
    keep = keeper(folder, mark, drawn)

    def safe(draw: int, predicted: Predicted) -> None:
        drawn[draw] = predicted
        keep()
        narrator.progress(len(drawn), draws)

    narrator.progress(len(drawn), draws)
    missing = [draw for draw in range(draws) if draw not in drawn]
    try:
        predict(inquiry, missing, safe, workers=workers)
    except KeyboardInterrupt:
        where = (
            f"{len(drawn)} of {draws} draws are kept in {partial_of(folder)}; the same command goes on"
            if folder
            else ""
        )
        raise InterruptedRunError(f"Stopped. {where or 'Nothing is kept without --out.'}") from None
    return drawn


def fingerprint(made: Mapping[str, Any]) -> str:
    """The hash of what a draw depends on: not of how many there are."""
    return hashlib.sha256(json.dumps({**made, "draws": None}, sort_keys=True).encode()).hexdigest()


def kept(folder: Path, mark: str) -> dict[int, Predicted]:
    """The draws that an earlier call of the same validation has kept."""
    try:
        found = json.loads((partial_of(folder) / KEPT).read_text(encoding="utf-8"))
        if found["fingerprint"] != mark:
            return {}
        return {int(draw): {key: float(value) for key, value in row.items()} for draw, row in found["draws"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def keeper(folder: Path | None, mark: str, drawn: Mapping[int, Predicted]) -> Callable[[], None]:
    """A function after whose call all draws so far are safe beside the folder; without a folder it does nothing."""
    from commonbeat.results.disk import write_whole

    if folder is None:
        return lambda: None
    place = partial_of(folder)

    def keep() -> None:
        place.mkdir(parents=True, exist_ok=True)
        write_whole(place / KEPT, json.dumps({"fingerprint": mark, "draws": drawn}).encode())

    return keep


def save(folder: Path, found: Sequence[Verdict], drawn: Mapping[int, Predicted], made: Mapping[str, Any]) -> None:
    """The folder stands, whole."""
    from commonbeat.report.validation import render_validation
    from commonbeat.results.disk import whole_folder

    document = json.dumps(rows_of(found), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    with whole_folder(folder) as draft:
        (draft / DOCUMENT).write_text(document, encoding="utf-8")
        (draft / TABLE).write_text(table_of([asdict(verdict) for verdict in found]), encoding="utf-8")
        rows = [{"draw": draw, **drawn[draw]} for draw in sorted(drawn)]
        (draft / DRAWS).write_text(table_of(rows), encoding="utf-8")
        (draft / MANIFEST).write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
        (draft / PAGE).write_text(render_validation(found, made), encoding="utf-8")
    shutil.rmtree(partial_of(folder), ignore_errors=True)


def rows_of(found: Sequence[Verdict]) -> list[dict[str, Any]]:
    """The verdicts as plain values; what is not a finite number is None."""
    return [
        {
            key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in asdict(each).items()
        }
        for each in found
    ]


def table_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: f"{value:.6g}" if isinstance(value, float) else value for key, value in row.items()} for row in rows
    )
    return text.getvalue()


def read_validation(folder: str | Path) -> Validation:
    """A validation that was saved, read back from its folder."""
    from commonbeat.validate.scoring import Verdict

    place = Path(folder)
    made = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    numbers = {field.name for field in fields(Verdict) if field.type == "float"}
    verdicts = []
    for row in json.loads((place / DOCUMENT).read_text(encoding="utf-8")):
        known: dict[str, Any] = {
            key: math.nan if value is None and key in numbers else value for key, value in row.items()
        }
        verdicts.append(Verdict(**known))
    return Validation(tuple(verdicts), made, place)
