"""A scenario beside a record that differs from the shipped one in some lines."""

from __future__ import annotations

from pathlib import Path

from commonbeat.workflows.record_files import shipped_record

SCENARIO = """
# What the office asked.
title = "Our record"
seed = 3
days = 12
draws = 3
society = "small"
reference = "nothing"

[[arms]]
name = "nothing"
title = "Nothing"

[[arms]]
name = "moment"
title = "The moment"

[[arms.events]]
kind = "encounter"
encounter = "ours.toml"
day = 1
place = "drawn"
bystanders = 6
"""
REAL = "invented = false"


def written(folder: Path, *changes: tuple[str, str]) -> str:
    """The path of a scenario in the folder, beside a record that differs from the shipped one in these lines."""
    record = shipped_record("dance-off-encounter").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in record
        record = record.replace(old, new)
    (folder / "ours.toml").write_text(record, encoding="utf-8")
    (folder / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    return str(folder / "scenario.toml")
