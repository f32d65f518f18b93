"""Networks ready to run on the processor, with OpenVINO where it is installed and one clear error where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commonbeat.errors import InputError, Mistake

if TYPE_CHECKING:
    from types import ModuleType

    import openvino

_cores: list[Any] = []


def runtime() -> ModuleType:
    """OpenVINO, or InputError that names the extra that brings it."""
    try:
        import openvino
    except ImportError as error:
        raise InputError(
            "The video instrument is not installed:",
            [Mistake("openvino", None, "is missing", 'Run: pip install "commonbeat[video]"')],
        ) from error
    return openvino


def core() -> openvino.Core:
    """The one core of this process: making it takes a while and it keeps no state of ours."""
    if not _cores:
        _cores.append(runtime().Core())
    return _cores[0]


def compiled(network: openvino.Model, threads: int = 0, requests: int = 1) -> openvino.CompiledModel:
    """The network ready for `requests` pictures at once on `threads` threads in all (0: as many as there are cores).

    Numbers are float32 throughout, so that a clip gives the same result on machines with and without half-precision units.
    """
    settings: dict[str, Any] = {
        "INFERENCE_PRECISION_HINT": "f32",
        "PERFORMANCE_HINT": "LATENCY" if requests == 1 else "THROUGHPUT",
        "NUM_STREAMS": requests,
    }
    if threads > 0:
        settings["INFERENCE_NUM_THREADS"] = threads
    return core().compile_model(network, "CPU", settings)
