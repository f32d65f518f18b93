"""The JSON schema of a scenario."""

from __future__ import annotations

from typing import Any


def describe_scenario() -> dict[str, Any]:
    """The JSON schema of a scenario file."""
    from commonbeat.scenario import scenario_schema

    return scenario_schema()
