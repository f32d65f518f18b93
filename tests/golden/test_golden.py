"""The golden run has not changed, or somebody says why."""

from __future__ import annotations

import json

import pytest

from tests.golden.making import GOLDEN, figures


def test_the_golden_run_is_as_it_was() -> None:
    stored = json.loads(GOLDEN.read_text(encoding="utf-8"))
    found = figures()
    assert {kind: sorted(values) for kind, values in found.items()} == {k: sorted(v) for k, v in stored.items()}
    for kind, values in stored.items():
        for name, value in values.items():
            assert found[kind][name] == pytest.approx(value, rel=1e-6, abs=1e-12, nan_ok=True), f"{kind} {name}"
