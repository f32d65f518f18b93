"""What a study says: who answered, the scores, what the arms changed; and the two pages that tell it."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import InputError
from commonbeat.listen.results.folder import PRIVATE
from commonbeat.workflows.narrator import Silence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.listen.results.collected import Collected
    from commonbeat.listen.results.names import Names
    from commonbeat.listen.results.plan import Plan
    from commonbeat.listen.results.response import Response
    from commonbeat.listen.results.shown import ShownChange, ShownEffect, ShownScore
    from commonbeat.listen.results.wide import Wide
    from commonbeat.storage import Store
    from commonbeat.workflows.estimate import Estimated
    from commonbeat.workflows.listen_releases import Release
    from commonbeat.workflows.narrator import Narrator

STEPS = 20  # of which the estimate takes most
COUNTED, SCORED, ESTIMATED = 1, 4, 16
NOTHING_ESTIMATED = "No effect is estimated from what was answered so far: too few answered in the arms, or their answers do not differ."


@dataclass(frozen=True, slots=True, eq=False)
class ListenResults:
    """A study's results as they may be told, and what stands behind them.

    response, scores, changes, effects: hidden where they rest on few, rounded else. estimated: the whole estimate, for those who may see the data; None
    where the design or the answers allow none, and remarks say why. cautions: what to know before these are passed on beside earlier ones.
    texts: exactly how many open answers there are. folder: where the results were left.
    """

    collected: Collected
    response: Response
    scores: tuple[ShownScore, ...]
    changes: tuple[ShownChange, ...]
    effects: tuple[ShownEffect, ...]
    estimated: Estimated | None
    remarks: tuple[str, ...]
    cautions: tuple[str, ...]
    texts: int
    folder: Path | None = None

    @property
    def names(self) -> Names:
        """The words of arms, waves and groups."""
        from commonbeat.listen.results.names import Names

        return Names(self.collected.study, self.collected.bank)

    @property
    def answer(self) -> tuple[str, ...]:
        """What the first effect says, in sentences; () where none was declared."""
        from commonbeat.report.listening import answer_sentences

        return answer_sentences(self.effects)

    def document(self) -> dict[str, Any]:
        """Everything that may be shown, as plain values."""
        from commonbeat.listen.results.suppression import FEWEST, nearest

        response, step = self.response, self.response.shown.step
        tables = {
            each.name: {
                group: {column: response.people(column, each, group) for column in response.columns}
                for group in each.groups
            }
            for each in response.groupings
        }
        return {
            "study": self.collected.study.identifier,
            "title": self.collected.title(),
            "cautions": list(self.cautions),
            "counts_rounded_to": step,
            "people": {column: response.people(column) for column in response.columns},
            "by": tables,
            "rates": [
                {
                    "name": each.name,
                    "value": None if each.value is None else round(each.value, 2),
                    "meaning": each.meaning,
                }
                for each in response.rates
            ],
            "scores": [each.as_row() for each in self.scores],
            "changes": [each.as_row() for each in self.changes],
            "effects": [each.as_row() for each in self.effects],
            "answer": " ".join(self.answer) or None,
            "remarks": [*response.remarks, *self.remarks],
            "open_answers": nearest(self.texts, step) if self.texts == 0 or self.texts >= FEWEST else None,
            "folder": None if self.folder is None else str(self.folder),
            "finding": None
            if self.estimated is None or self.estimated.findings is None
            else str(self.estimated.findings),
        }


class _Part:
    """The narrator of one part of the work: its progress is a share of the whole, and its sentences are not passed on, as they may count few people."""

    def __init__(self, narrator: Narrator, first: int, last: int) -> None:
        self._narrator, self._first, self._last = narrator, first, last

    def says(self, text: str) -> None:
        """Nothing is passed on."""

    def progress(self, done: int, total: int) -> None:
        """The whole stands as far as the part does."""
        self._narrator.progress(self._first + (self._last - self._first) * done // max(1, total), STEPS)


def listen_results(
    store: Store,
    identifier: str,
    *,
    out: str | Path | None = None,
    project: str | Path = ".",
    narrator: Narrator | None = None,
) -> ListenResults:
    """The results of a study as they are now; with `out` they stand there: pages and figures that may be passed on, and a private folder with the data.

    out: a folder that must not exist yet, and that its owner alone can open. project: where a finding is kept, where the design allows one.
    narrator: hears how far it is, in steps. Raises StoreError for a study that is not there, InputError while nobody has agreed, RunFolderError for
    a folder that exists.
    """
    from commonbeat.listen.results.wide import wide_data
    from commonbeat.results.disk import refuse_existing
    from commonbeat.workflows.listen_releases import earlier_releases
    from commonbeat.workflows.listen_results_data import collected_in, refuse_empty

    if out is not None:
        refuse_existing(Path(out))
    with store.reading() as connection:
        collected, earlier = collected_in(connection, identifier), earlier_releases(connection, identifier)
    refuse_empty(collected)
    wide, tell = wide_data(collected), narrator or Silence()
    if out is None:
        with tempfile.TemporaryDirectory() as folder:
            return _results(collected, wide, earlier, Path(folder), Path(project), tell, keep=False)
    with _logged_folder(store, collected, Path(out)) as draft:
        (draft / PRIVATE).mkdir(mode=0o700)
        found = _results(collected, wide, earlier, draft / PRIVATE, Path(project), tell, keep=True)
        _write_public(found, wide, draft)
        _write_private(found, wide, draft / PRIVATE)
    tell.progress(STEPS, STEPS)
    return _moved(found, Path(out))


@contextmanager
def _logged_folder(store: Store, collected: Collected, out: Path) -> Iterator[Path]:
    """A folder that is whole or not there, and an entry in the log before it is: what left and nobody knows of could not be told."""
    from commonbeat.results.disk import whole_folder
    from commonbeat.workflows.listen_export_log import note_export
    from commonbeat.workflows.listen_releases import release_scope

    with whole_folder(out, private=True) as draft:
        yield draft
        note_export(store, collected.study.identifier, release_scope(_at_each_stage(collected)))


def _at_each_stage(collected: Collected) -> tuple[int, ...]:
    """Exactly how many people stand at each stage."""
    from commonbeat.listen.results.response import stage_counts

    return tuple(stage_counts(collected).row(0)[2:])


def _results(
    collected: Collected,
    wide: Wide,
    earlier: tuple[Release, ...],
    folder: Path,
    project: Path,
    narrator: Narrator,
    *,
    keep: bool,
) -> ListenResults:
    from commonbeat.listen.results.open_answers import open_answers
    from commonbeat.listen.results.plan import plan_of
    from commonbeat.listen.results.response import response_of
    from commonbeat.listen.results.shown import shown_scores
    from commonbeat.workflows.listen_releases import release_cautions
    from commonbeat.workflows.listen_results_effects import shown_effects, without_thin_claim
    from commonbeat.workflows.listen_results_scores import changes, score_rows

    cautions = release_cautions(earlier, _at_each_stage(collected), len(collected.study.arms))
    for caution in cautions:
        narrator.says(caution)
    narrator.says("counting who answered, and hiding what few respondents would be known by")
    response = response_of(collected)
    narrator.progress(COUNTED, STEPS)
    rows, step = score_rows(collected, wide, response), response.shown.step
    moved = () if collected.study.arms else changes(collected, wide, response)
    narrator.progress(SCORED, STEPS)
    plan = without_thin_claim(plan_of(collected, wide), collected, rows)
    if plan.keys:
        narrator.says("estimating")
    estimated, refused = _estimated(collected, plan, folder, project, narrator, keep=keep)
    narrator.progress(ESTIMATED, STEPS)
    effects = () if estimated is None else shown_effects(estimated.analysis, collected, rows, step)
    texts = open_answers(collected)[1]
    remarks = (*plan.remarks, *refused)
    return ListenResults(
        collected, response, shown_scores(rows, step), moved, effects, estimated, remarks, cautions, texts
    )


def _estimated(
    collected: Collected, plan: Plan, folder: Path, project: Path, narrator: Narrator, *, keep: bool
) -> tuple[Estimated | None, tuple[str, ...]]:
    """What `estimate` makes of the study's data and its plan; and that it makes nothing of them, where it does not."""
    from commonbeat.estimate.design import make_design
    from commonbeat.estimate.plan import freeze
    from commonbeat.listen.results.files import csv_bytes
    from commonbeat.workflows.estimate import estimate_effects

    data = folder / f"{collected.study.identifier}.csv"
    data.write_bytes(csv_bytes(plan.frame))
    if not plan.keys:
        return None, ()
    try:
        design = make_design(plan.keys)
        (folder / "design.toml").write_text(freeze(design), encoding="utf-8")
        out, part = folder / "estimate" if keep else None, _Part(narrator, SCORED, ESTIMATED)
        return estimate_effects(data, design=design, out=out, project=project, narrator=part), ()
    except InputError as error:
        narrator.says("; ".join(str(mistake) for mistake in error.mistakes[:3]) or error.heading)
        return None, (NOTHING_ESTIMATED,)


def _write_public(found: ListenResults, wide: Wide, draft: Path) -> None:
    """The pages, the figures that may be shown and the codebook stand in the folder, and a page that says what may be passed on."""
    from commonbeat.listen.results.codebook import codebook
    from commonbeat.listen.results.folder import README
    from commonbeat.report.listening import Told, render_listening, render_listening_print

    collected = found.collected
    told = Told(
        collected.study,
        found.names,
        found.response,
        found.scores,
        found.changes,
        found.effects,
        found.remarks,
        found.cautions,
    )
    document = {**found.document(), "folder": None, "finding": None}
    files = {
        "report.html": render_listening(told),
        "report-print.html": render_listening_print(told),
        "results.json": json.dumps(document, indent=2, ensure_ascii=False) + "\n",
        "codebook.md": codebook(collected, wide),
        "README.md": README,
    }
    for name, text in files.items():
        (draft / name).write_text(text, encoding="utf-8")


def _write_private(found: ListenResults, wide: Wide, folder: Path) -> None:
    """What rests on single people or on few stands beside the data: exact counts and scores, and what people wrote."""
    import polars as pl

    from commonbeat.listen.results.folder import PRIVATE_README
    from commonbeat.listen.results.open_answers import open_answers
    from commonbeat.listen.results.response import stage_counts
    from commonbeat.workflows.listen_results_scores import every_score

    collected = found.collected
    (folder / "README.md").write_text(PRIVATE_README.format(study=collected.study.identifier), encoding="utf-8")
    stage_counts(collected).write_csv(folder / "counts.csv")
    rows = [each.as_row() for each in every_score(collected, wide, found.response)]
    if rows:
        pl.DataFrame(rows, infer_schema_length=None).write_csv(folder / "scores.csv")
    texts, count = open_answers(collected)
    if count:
        (folder / "open-answers.csv").write_text(texts, encoding="utf-8")


def _moved(found: ListenResults, out: Path) -> ListenResults:
    """The same results, with paths where they stand now."""
    estimated = found.estimated
    if estimated is not None and estimated.folder is not None:
        estimated = replace(estimated, folder=out / PRIVATE / "estimate")
    return replace(found, folder=out, estimated=estimated)
