"""Where somebody speaks, by the published voice model that the package silero-vad carries (MIT), read by OpenVINO."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# The model takes 32 ms of sound at 16 kHz with the 4 ms before it.
RATE, CHUNK, CONTEXT, STATE = 16000, 512, 64, 128
CHUNK_S: Final = CHUNK / RATE


@dataclass(slots=True, eq=False)
class SpeechMeter:
    """Takes blocks of one channel at 16 kHz, of any length; keeps one chance of speech per 32 ms.

    weights: the file silero_vad_16k_sequence.onnx of silero-vad 6.2.3, checked by whoever hands it over.
    """

    weights: Path
    _model: Any = field(init=False)
    _states: list[NDArray[np.float32]] = field(init=False)
    _rest: NDArray[np.float32] = field(init=False)
    _chances: list[NDArray[np.float32]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        # Not OpenVINO itself: pictures may be looked at on another thread at the same time.
        from commonbeat.record.video.models.inference import compiled, core

        self._model = compiled(core().read_model(self.weights), threads=1)
        self._states = [np.zeros((1, 1, STATE), np.float32) for _ in range(2)]
        self._rest = np.zeros(CONTEXT, np.float32)

    def step(self, block: NDArray[np.floating]) -> None:
        """The block is counted in."""
        sound = np.concatenate([self._rest, np.asarray(block, dtype=np.float32)])
        chunks = (len(sound) - CONTEXT) // CHUNK
        if chunks > 0:
            windows = np.lib.stride_tricks.sliding_window_view(sound, CONTEXT + CHUNK)[::CHUNK][:chunks]
            answer = self._model([np.ascontiguousarray(windows), *self._states])
            self._chances.append(np.array(answer[0]).reshape(-1))
            self._states = [np.array(answer[1]), np.array(answer[2])]
        self._rest = sound[chunks * CHUNK :] if chunks > 0 else sound

    def finish(self) -> NDArray[np.float32]:
        """The chance that somebody speaks, (chunks,), chunk i from i * CHUNK_S seconds on."""
        return np.concatenate(self._chances) if self._chances else np.zeros(0, np.float32)
