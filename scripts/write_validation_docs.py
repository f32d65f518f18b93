"""Write what a validation found into the docs and the README, so that nobody types it by hand.

    commonbeat validate --out RUN
    python scripts/write_validation_docs.py RUN

Made: docs/validation.csv (the verdicts), docs/validation-results.md (the table, failures first), docs/pictures/validation-*.svg, and the
part of README.md between its two marks. A test compares them with each other and with today's evidence.
"""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reference_page import MADE_BY, table

from commonbeat.report.picture import standalone
from commonbeat.report.validation import chance, everything, figure, published
from commonbeat.workflows.validate import TABLE, read_validation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.report.chart import Picture
    from commonbeat.validate.scoring import Verdict

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- validation begins -->", "<!-- validation ends -->"
INTERVALS = {
    "numbers": "Lines hold 90 % of the draws; filled: passed, hollow: missed. A target is frozen before it is predicted.",
    "chances": "The dashed line is the wanted chance; filled: passed, hollow: missed. A target is frozen before it is predicted.",
}


def predicted(verdict: Verdict) -> str:
    """The middle draw and 90 % of the draws."""
    return f"{figure(verdict.predicted)} ({figure(verdict.low)} to {figure(verdict.high)})"


def long_table(verdicts: Sequence[Verdict]) -> str:
    """Every verdict with its scores."""
    heads = ("finding", "published", "predicted", "chance", "score: model, nothing, pooled mean", "why")
    return table(
        heads,
        [
            (
                f"{verdict.title}: {verdict.what} ({verdict.card}, {verdict.unit})",
                published(verdict),
                predicted(verdict),
                chance(verdict) or "–",
                ", ".join(figure(each) for each in (verdict.score, verdict.no_effect, verdict.pooled_mean)),
                verdict.why,
            )
            for verdict in verdicts
        ],
    )


def short_table(verdicts: Sequence[Verdict]) -> str:
    """What was missed, for the README."""
    heads = ("not predicted", "published", "predicted", "why")
    rows = [
        (f"{each.title}: {each.what}", published(each), predicted(each), each.why)
        for each in verdicts
        if not each.passed
    ]
    return table(heads, rows)


def results_page(verdicts: Sequence[Verdict], made: Mapping[str, Any]) -> str:
    """The page of results."""
    failed = [verdict for verdict in verdicts if not verdict.passed]
    passed = [verdict for verdict in verdicts if verdict.passed]
    head = (
        f"{len(failed)} of {len(verdicts)} findings are not predicted. Command: `commonbeat validate`. {made['draws']} draws, seed "
        f"{made['seed']}, version {made['version']}, evidence ledger `{made['ledger_hash'][:12]}`, society `{made['society_hash']}`."
    )
    parts = [
        MADE_BY,
        "# Validation: results",
        head,
        "## Not predicted",
        long_table(failed),
        "## Predicted",
        long_table(passed),
    ]
    return "\n\n".join(parts) + "\n"


def readme_part(verdicts: Sequence[Verdict]) -> str:
    """The README's own words on it."""
    passed = [verdict for verdict in verdicts if verdict.passed]
    count = f"**{len(verdicts) - len(passed)} of {len(verdicts)} published findings are not predicted.**"
    names = "; ".join(f"{each.title}, {each.what}" for each in passed)
    return f"{count} What was missed:\n\n{short_table(verdicts)}\n\nPredicted: {names}."


def short_picture(picture: Picture) -> str:
    """The picture as a file, its caption without the figures of every row."""
    words = "Each line is one published finding, predicted from priors that were computed without the study."
    return standalone(
        dataclasses.replace(picture, words=words, source="docs/validation.md"), "", INTERVALS[picture.name]
    )


def main() -> None:
    """Everything that is made stands in its place."""
    parser = argparse.ArgumentParser(description="Write a validation's results into docs and README.")
    parser.add_argument("run", type=Path, help="folder that `commonbeat validate --out` made")
    folder = parser.parse_args().run
    found = read_validation(folder)
    shutil.copyfile(folder / TABLE, ROOT / "docs" / "validation.csv")
    (ROOT / "docs" / "validation-results.md").write_text(results_page(found.verdicts, found.made), encoding="utf-8")
    for picture in everything(found.verdicts, found.made)["pictures"]:
        (ROOT / "docs" / "pictures" / f"validation-{picture.name}.svg").write_text(
            short_picture(picture), encoding="utf-8"
        )
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    if BEGIN not in readme or END not in readme:
        sys.exit(f"README.md has no place for the results: it wants {BEGIN} and {END}")
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    part = f"{BEGIN}\n{readme_part(found.verdicts)}\n{END}"
    (ROOT / "README.md").write_text(f"{before}{part}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
