"""What a study says: who answered, the scores, what the arms changed; and the two pages that tell it."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import InputError
from commonbeat.workflows.narrator import Silence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.estimate.row import Estimate
    from commonbeat.listen.results.collected import Collected
    from commonbeat.listen.results.plan import Plan
    from commonbeat.listen.results.response import Response
    from commonbeat.listen.results.score_row import ScoreRow
    from commonbeat.listen.results.wide import Wide
    from commonbeat.storage import Store
    from commonbeat.workflows.estimate import Estimated
    from commonbeat.workflows.narrator import Narrator

PANEL_EXPOSURE = "recent_stops"


@dataclass(frozen=True, slots=True, eq=False)
class ListenResults:
    """A study's results. estimated: None where the design or the answers allow no estimate; remarks say why. folder: where they were left."""

    collected: Collected
    response: Response
    scores: tuple[ScoreRow, ...]
    changes: tuple[Estimate, ...]
    estimated: Estimated | None
    remarks: tuple[str, ...]
    texts: int
    folder: Path | None = None

    def document(self) -> dict[str, Any]:
        """Everything that may be shown, as plain values."""
        response = self.response
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
            "people": {column: response.people(column) for column in response.columns},
            "by": tables,
            "rates": [{"name": each.name, "value": each.value, "meaning": each.meaning} for each in response.rates],
            "scores": [each.as_row() for each in self.scores],
            "changes": [each.as_row() for each in self.changes],
            "estimates": [] if self.estimated is None else [row.as_row() for row in self.estimated.analysis.primary],
            "answer": None if self.estimated is None else self.estimated.answer,
            "remarks": [*response.remarks, *self.remarks],
            "open_answers": self.texts if self.texts == 0 or self.texts >= 10 else None,
            "folder": None if self.folder is None else str(self.folder),
            "finding": None
            if self.estimated is None or self.estimated.findings is None
            else str(self.estimated.findings),
        }


def listen_results(
    store: Store,
    identifier: str,
    *,
    out: str | Path | None = None,
    project: str | Path = ".",
    narrator: Narrator | None = None,
) -> ListenResults:
    """The results of a study as they are now; with `out` they stand there, with the pages, the data and the design made for `estimate`.

    out: a folder that must not exist yet, and that its owner alone can open: it holds a row per person. project: where a finding is kept, where the design allows one. Raises StoreError for a study that is not
    there, InputError while nobody has agreed, RunFolderError for a folder that exists.
    """
    from commonbeat.listen.results.wide import wide_data
    from commonbeat.results.disk import refuse_existing
    from commonbeat.workflows.listen_results_data import collect, refuse_empty

    if out is not None:
        refuse_existing(Path(out))
    collected = collect(store, identifier)
    refuse_empty(collected)
    wide = wide_data(collected)
    if out is None:
        with tempfile.TemporaryDirectory() as folder:
            return _results(collected, wide, Path(folder), Path(project), narrator or Silence(), keep=False)
    with _logged_folder(store, identifier, Path(out)) as draft:
        found = _results(collected, wide, draft, Path(project), narrator or Silence(), keep=True)
        _write(found, wide, draft)
    return _moved(found, Path(out))


@contextmanager
def _logged_folder(store: Store, identifier: str, out: Path) -> Iterator[Path]:
    """A folder that is whole or not there, and an entry in the log before it is: what left and nobody knows of could not be told."""
    from commonbeat.results.disk import whole_folder
    from commonbeat.workflows.listen_export_log import note_export

    with whole_folder(out, private=True) as draft:
        yield draft
        note_export(store, identifier, "results")


def _results(
    collected: Collected, wide: Wide, folder: Path, project: Path, narrator: Narrator, *, keep: bool
) -> ListenResults:
    from commonbeat.listen.results.open_answers import open_answers
    from commonbeat.listen.results.plan import plan_of
    from commonbeat.listen.results.response import response_of
    from commonbeat.workflows.listen_results_scores import changes, score_rows

    narrator.says("counting who answered, and hiding what few respondents would be known by")
    response = response_of(collected)
    plan = plan_of(collected, wide)
    estimated, refused = _estimated(collected, plan, folder, project, narrator, keep=keep)
    moved = () if collected.study.arms else changes(collected, wide, response)
    remarks = (*plan.remarks, *refused)
    return ListenResults(
        collected,
        response,
        score_rows(collected, wide, response),
        moved,
        estimated,
        remarks,
        open_answers(collected)[1],
    )


def _estimated(
    collected: Collected, plan: Plan, folder: Path, project: Path, narrator: Narrator, *, keep: bool
) -> tuple[Estimated | None, tuple[str, ...]]:
    """What `estimate` makes of the study's data and its plan; and why it makes nothing of them, where it does not."""
    from commonbeat.estimate.design import make_design
    from commonbeat.estimate.plan import freeze
    from commonbeat.workflows.estimate import estimate_effects

    data = folder / f"{collected.study.identifier}.csv"
    plan.frame.write_csv(data)
    if not plan.keys:
        return None, ()
    try:
        design = make_design(plan.keys)
        (folder / "design.toml").write_text(freeze(design), encoding="utf-8")
        out = folder / "estimate" if keep else None
        return estimate_effects(data, design=design, out=out, project=project, narrator=narrator), ()
    except InputError as error:
        reasons = "; ".join(str(mistake) for mistake in error.mistakes[:3]) or error.heading
        return None, (f"No effect is estimated from what was answered so far: {reasons}",)


def _write(found: ListenResults, wide: Wide, draft: Path) -> None:
    """The pages, the figures that may be shown, the codebook and the open answers stand in the folder."""
    from commonbeat.listen.results.codebook import codebook
    from commonbeat.listen.results.open_answers import open_answers
    from commonbeat.report.listening import Told, render_listening, render_listening_print

    told = Told(
        found.collected.study,
        found.response,
        found.scores,
        found.changes,
        None if found.estimated is None else found.estimated.analysis,
        found.remarks,
    )
    (draft / "report.html").write_text(render_listening(told), encoding="utf-8")
    (draft / "report-print.html").write_text(render_listening_print(told), encoding="utf-8")
    written = json.dumps({**found.document(), "folder": None}, indent=2, ensure_ascii=False, default=str)
    (draft / "results.json").write_text(written + "\n", encoding="utf-8")
    (draft / "codebook.md").write_text(codebook(found.collected, wide), encoding="utf-8")
    texts, count = open_answers(found.collected)
    if count:
        (draft / "open-answers.csv").write_text(texts, encoding="utf-8")


def _moved(found: ListenResults, out: Path) -> ListenResults:
    """The same results, with paths where they stand now."""
    from dataclasses import replace

    estimated = found.estimated
    if estimated is not None and estimated.folder is not None:
        estimated = replace(estimated, folder=out / "estimate")
    return replace(found, folder=out, estimated=estimated)
