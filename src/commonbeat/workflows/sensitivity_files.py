"""The folder of a sensitivity study: written whole, and read again for a report of the same scenario and evidence."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import Mistake, Mistakes, RunFolderError
from commonbeat.scenario import parse_scenario
from commonbeat.workflows.ledger_hash import ledger_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.fit.sensitivity.study import HeadlineStudy, Study
    from commonbeat.results.run_folder import Run
    from commonbeat.society import Society
    from commonbeat.workflows.simulate import Order

PAGE, DOCUMENT, MANIFEST, SCENARIO = "sensitivity.html", "sensitivity.json", "manifest.json", "scenario.toml"
INDICES, TIPPING, SCREENING = "sensitivity.csv", "tipping.csv", "screening.csv"
LAYOUT = 1
MAKE_ONE = "Make one with: commonbeat sensitivity SCENARIO.toml --out FOLDER."


def save(found: Study, order: Order, society: Society) -> Path:
    """The study stands in the order's folder, whole."""
    from commonbeat.report.sensitivity import render_sensitivity
    from commonbeat.results.disk import whole_folder

    whole = document(found, order)
    files = {
        SCENARIO: order.text,
        MANIFEST: _as_json(manifest(found, order, society)),
        DOCUMENT: _as_json(whole),
        INDICES: _as_csv(_index_rows(found)),
        TIPPING: _as_csv(_tipping_rows(found)),
        SCREENING: _as_csv([asdict(row) for row in found.screening]),
        PAGE: render_sensitivity(found, order.scenario.title),
    }
    with whole_folder(order.folder) as draft:
        for name, content in files.items():
            (draft / name).write_text(content, encoding="utf-8")
    return order.folder


def question_of(text: str) -> dict[str, Any]:
    """What a scenario asks, as plain values: all of it but how often it is drawn and from which seed."""
    scenario = parse_scenario(text, source=SCENARIO)
    return json.loads(json.dumps(scenario.model_dump(mode="json", exclude={"draws", "seed"})))


def manifest(found: Study, order: Order, society: Society) -> dict[str, Any]:
    """What made the study, from what, and how much of it there is."""
    import importlib.metadata
    from datetime import UTC, datetime

    from commonbeat.results.manifest import machine, text_hash

    scenario = order.scenario
    return {
        "layout": LAYOUT,
        "title": scenario.title,
        "seed": scenario.seed,
        "version": importlib.metadata.version("commonbeat"),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "scenario_hash": text_hash(order.text),
        "society": scenario.society,
        "society_hash": society.content_hash,
        "parameter_ledger_hash": ledger_hash(),
        "trajectories": found.effort.trajectories,
        "rows": found.effort.rows,
        "evaluations": found.evaluations,
        **({} if order.sample is None else {"priors": order.sample.about()}),
        "machine": machine(),
        "libraries": {name: importlib.metadata.version(name) for name in ("numba", "numpy", "SALib", "scipy")},
    }


def document(found: Study, order: Order) -> dict[str, Any]:
    """The study as plain values: figures that are not finite become None."""
    scenario = order.scenario
    whole = {
        "title": scenario.title,
        "seed": scenario.seed,
        "days": scenario.days,
        "reference": scenario.reference,
        "unit": "latent SD, paired difference from the reference",
        **asdict(found),
    }
    return _plain(whole)


def open_sensitivity(folder: str | Path, run: Run) -> dict[str, Any]:
    """The study's document, after it was found to ask what the run asks, of the same society and evidence.

    Raises RunFolderError with everything in which the two differ.
    """
    place = Path(folder)
    try:
        made = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        found = json.loads((place / DOCUMENT).read_text(encoding="utf-8"))
        text = (place / SCENARIO).read_text(encoding="utf-8")
        whole = isinstance(made, dict) and made.get("layout") == LAYOUT and isinstance(found.get("headlines"), list)
    except (OSError, ValueError, AttributeError):
        whole, made, found, text = False, {}, {}, ""
    if not whole:
        mistake = Mistake(str(place), None, "is not the folder of a sensitivity study", MAKE_ONE)
        raise RunFolderError("The study cannot be read:", [mistake])
    mistakes, same = Mistakes(), "Study the scenario of this run, with the evidence and the society that it had."
    if question_of(text) != question_of(run.scenario_text):
        mistakes.add("scenario", None, "is another one than the run's", same)
    for name, words in (("parameter_ledger_hash", "evidence"), ("society_hash", "society")):
        if made.get(name) != run.manifest[name]:
            mistakes.add(words, None, "has changed between the study and the run", same)
    if _fitted(made) != _fitted(run.manifest):
        mistakes.add("priors", None, "are a fit's in one of the two and not the same in the other", same)
    mistakes.raise_if_any(RunFolderError, f"The study in {place} is not about this run:")
    return found


def _fitted(manifest: Mapping[str, Any]) -> str:
    """The hash of the priors file that stood in place of the priors; "" where none did."""
    return str((manifest.get("priors") or {}).get("sha256", ""))


def _index_rows(found: Study) -> list[dict[str, Any]]:
    return [
        {**_named(one), "factor": each.factor, "kind": each.kind, **_estimates(asdict(each))}
        for one in found.headlines
        for each in one.indices
    ]


def _tipping_rows(found: Study) -> list[dict[str, Any]]:
    rows = []
    for one in found.headlines:
        for place, each in enumerate(one.drivers, start=1):
            figures = asdict(each.tipping)
            for end in ("at_low", "at_high"):
                low, high = figures.pop(f"{end}_interval")
                figures |= {f"{end}_5": low, f"{end}_95": high}
            rows.append({**_named(one), "driver": place, "parameter": each.parameter, "unit": each.unit, **figures})
    return rows


def _named(one: HeadlineStudy) -> dict[str, Any]:
    head = one.headline
    return {"arm": head.arm, "group": head.group, "outcome": head.outcome, "day": head.day}


def _estimates(index: Mapping[str, Any]) -> dict[str, float]:
    parts = ("first", "total", "first_of_rank", "total_of_rank")
    return {
        name if end == "value" else f"{name}_{end}": index[name][end]
        for name in parts
        for end in ("value", "low", "high")
    }


def _as_csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.8g}" if math.isfinite(value) else ""
    return "" if value is None else value


def _as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
