"""Which parameters a scenario may put a band on."""

from __future__ import annotations


def drawn_parameter_names() -> tuple[str, ...]:
    """Names of all parameters that are drawn from a prior, sorted."""
    # Only when a scenario has bands: reading the evidence takes longer than reading the scenario.
    from commonbeat.evidence import load_parameters

    return tuple(sorted(parameter.name for parameter in load_parameters() if parameter.kind != "unknown"))
