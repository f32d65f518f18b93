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

from reference_page import table

from commonbeat.report.picture import standalone
from commonbeat.report.validation import chance, everything, figure, published
from commonbeat.workflows.validate import TABLE, read_validation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commonbeat.report.chart import Picture
    from commonbeat.validate.scoring import Verdict

ROOT = Path(__file__).parents[1]
MADE_BY = "<!-- Made by scripts/write_validation_docs.py: change what it is made from, not this file. -->"
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
    """Verdicts without their scores, for the README."""
    rows = [(f"{each.title}: {each.what}", published(each), predicted(each), each.why) for each in verdicts]
    return table(("finding", "published", "predicted", "why"), rows)


def parts(verdicts: Sequence[Verdict]) -> tuple[list[Verdict], list[Verdict], list[Verdict]]:
    """What is wrong, what is left open, what passed."""
    wrong, left_open, passed = ([each for each in verdicts if each.miss == miss] for miss in ("wrong", "open", ""))
    return wrong, left_open, passed


def count(verdicts: Sequence[Verdict], word: str) -> str:
    """How many are not predicted, and of which kind."""
    wrong, left_open, _ = parts(verdicts)
    missed = len(wrong) + len(left_open)
    kinds = f"on {len(wrong)} the model is wrong, {len(left_open)} it leaves open"
    return f"{missed} of {len(verdicts)} {word} are not predicted: {kinds}."


def results_page(verdicts: Sequence[Verdict], made: Mapping[str, Any]) -> str:
    """The page of results."""
    wrong, left_open, passed = parts(verdicts)
    head = (
        f"{count(verdicts, 'findings')} Command: `commonbeat validate`. {made['draws']} draws, seed "
        f"{made['seed']}, version {made['version']}, evidence ledger `{made['ledger_hash'][:12]}`, society `{made['society_hash']}`."
    )
    sections = [("Wrong", wrong), ("Left open", left_open), ("Predicted", passed)]
    tables = [text for heading, rows in sections for text in (f"## {heading}", long_table(rows))]
    return "\n\n".join([MADE_BY, "# Validation: results", head, *tables]) + "\n"


def readme_part(verdicts: Sequence[Verdict]) -> str:
    """The README's own words on it: what is wrong first, what is open folded away, what passed in a line."""
    wrong, left_open, passed = parts(verdicts)
    names = "; ".join(f"{each.title}, {each.what}" for each in passed)
    picture = "docs/pictures/validation-numbers.svg"
    return "\n\n".join(
        [
            f"**{count(verdicts, 'published findings')}** Where it is wrong:",
            short_table(wrong),
            f"<details><summary>The {len(left_open)} that it leaves open: too wide to have failed, or too near to a coin</summary>",
            short_table(left_open),
            "</details>",
            f"Predicted: {names}.",
            f"![Each published number beside what the model predicted, from no effect to as published]({picture})",
        ]
    )


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
