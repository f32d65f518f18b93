"""Networks ready to run on the processor, with OpenVINO where it is installed and one clear error where it is not."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from commonbeat.errors import InputError, Mistake

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    import openvino
    from numpy.typing import NDArray

_cores: list[Any] = []
_one_at_a_time = threading.RLock()


def runtime() -> ModuleType:
    """OpenVINO, ready for several threads, or InputError that names the extra that brings it."""
    try:
        with _one_at_a_time:
            import openvino

            # OpenVINO fills its table of number types when it is first asked. Two threads that ask at the same moment
            # wait for each other for ever: one has the table, the other one Python's lock.
            openvino.Type.u8.to_dtype()
            openvino.Tensor([0.0])
    except ImportError as error:
        raise InputError(
            "The video instrument is not installed:",
            [Mistake("openvino", None, "is missing", 'Run: pip install "commonbeat[video]"')],
        ) from error
    return openvino


def core() -> openvino.Core:
    """The one core of this process: making it takes a while and it keeps no state of ours."""
    with _one_at_a_time:
        if not _cores:
            _cores.append(runtime().Core())
        return _cores[0]


def compiled(network: openvino.Model, threads: int = 0, requests: int = 1) -> openvino.CompiledModel:
    """The network ready for `requests` pictures at once on `threads` threads in all (0: as many as there are cores).

    Numbers are float32 throughout, so that a clip gives the same result on machines with and without half-precision units.
    Threads are bound to no core: OpenVINO would bind each network's first thread to the first core, where they wait for one another.
    """
    settings: dict[str, Any] = {
        "INFERENCE_PRECISION_HINT": "f32",
        "ENABLE_CPU_PINNING": False,
        "PERFORMANCE_HINT": "LATENCY" if requests == 1 else "THROUGHPUT",
        "NUM_STREAMS": requests,
    }
    if threads > 0:
        settings["INFERENCE_NUM_THREADS"] = threads
    return core().compile_model(network, "CPU", settings)


class Network:
    """A network that several threads may ask at once: one set of weights, and for each thread a request of its own."""

    def __init__(self, network: openvino.Model, threads: int = 0, at_once: int = 1) -> None:
        """It is ready for `at_once` threads that ask side by side, on `threads` threads in all."""
        self.compiled = compiled(network, threads, at_once)
        self._own = threading.local()

    def run(self, pictures: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """All outputs in the network's order; they are overwritten when the same thread asks again."""
        if not hasattr(self._own, "request"):
            self._own.request = self.compiled.create_infer_request()
        request = self._own.request
        request.infer([pictures])
        return [request.get_output_tensor(index).data for index in range(len(self.compiled.outputs))]
