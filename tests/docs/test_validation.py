"""What docs and README say of the validation is one run's, of today's evidence and targets."""

from __future__ import annotations

import csv
import re

from commonbeat.validate.target import load_targets
from commonbeat.workflows.ledger_hash import ledger_hash
from tests.docs.pages import DOCS, ROOT

PAGE = (DOCS / "validation-results.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
AGAIN = "run: commonbeat validate --out RUN, then python scripts/write_validation_docs.py RUN"


def saved() -> list[dict[str, str]]:
    with (DOCS / "validation.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_results_are_of_todays_evidence_and_targets():
    found = re.search(r"evidence ledger `([0-9a-f]{12})`", PAGE)
    assert found is not None
    assert ledger_hash().startswith(found[1]), AGAIN
    assert {row["id"] for row in saved()} == {each.id for target in load_targets() for each in target.finding}, AGAIN


def test_page_and_readme_count_what_the_table_holds_and_show_every_miss_first():
    missed = [row for row in saved() if row["passed"] == "False"]
    wrong = sum(row["miss"] == "wrong" for row in missed)
    words = f"{len(missed)} of {len(saved())}"
    assert f"{words} findings are not predicted" in PAGE
    assert f"{words} published findings are not predicted" in README
    assert f"on {wrong} the model is wrong, {len(missed) - wrong} it leaves open" in README
    kinds = [row["miss"] for row in saved()]
    assert kinds == sorted(kinds, key=("wrong", "open", "").index)
    for row in missed:
        assert f"{row['title']}: {row['what']}" in README
    assert README.index("Where it is wrong") < README.index("that it leaves open") < README.index("Predicted:")


def test_the_pictures_of_the_results_are_there():
    for name in ("numbers", "chances"):
        assert "<svg" in (DOCS / "pictures" / f"validation-{name}.svg").read_text(encoding="utf-8")
