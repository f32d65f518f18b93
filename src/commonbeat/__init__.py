"""Common Beat: find out whether a positive encounter mattered.

    from commonbeat import run_scenario
    run = run_scenario("dance-off", out="runs/mine", settings={"draws": 8})
    run.sql("select * from area").head()

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonbeat.errors import CommonBeatError
    from commonbeat.evidence.priors import draw_parameters, summarise_prior
    from commonbeat.record.encounter import Encounter
    from commonbeat.results.compare import compare_runs
    from commonbeat.results.run_folder import Run, open_run
    from commonbeat.scenario.model import Scenario
    from commonbeat.scenario.reading import load_scenario, shipped
    from commonbeat.society.opening import open_society
    from commonbeat.society.society import Society
    from commonbeat.workflows.claims import judge_claims
    from commonbeat.workflows.estimate import estimate_effects
    from commonbeat.workflows.report import write_report
    from commonbeat.workflows.simulate import run_scenario

__all__ = [
    "CommonBeatError",
    "Encounter",
    "Run",
    "Scenario",
    "Society",
    "compare_runs",
    "draw_parameters",
    "estimate_effects",
    "judge_claims",
    "load_scenario",
    "open_run",
    "open_society",
    "run_scenario",
    "shipped",
    "summarise_prior",
    "write_report",
]

_HOMES = {
    "CommonBeatError": "errors",
    "Encounter": "record.encounter",
    "Run": "results.run_folder",
    "Scenario": "scenario.model",
    "Society": "society.society",
    "compare_runs": "results.compare",
    "draw_parameters": "evidence.priors",
    "estimate_effects": "workflows.estimate",
    "judge_claims": "workflows.claims",
    "load_scenario": "scenario.reading",
    "open_run": "results.run_folder",
    "open_society": "society.opening",
    "run_scenario": "workflows.simulate",
    "shipped": "scenario.reading",
    "summarise_prior": "evidence.priors",
    "write_report": "workflows.report",
}


def __getattr__(name: str) -> Any:
    """The public name, loaded from where it lives."""
    if name in _HOMES:
        import_module("commonbeat.workflows.kernel_cache").prepare_kernel_cache()
        return getattr(import_module(f"commonbeat.{_HOMES[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*globals(), *__all__])
