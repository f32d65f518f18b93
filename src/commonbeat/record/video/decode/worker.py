"""A process that decodes, seen from outside: started with bounds, listened to with patience, ended in any case."""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import select
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any, Self

from commonbeat.record.video.decode.entrance import refused
from commonbeat.record.video.decode.messages import SLOTS, WAY_OUT, Job, packed

if TYPE_CHECKING:
    from types import TracebackType

    from commonbeat.errors import ClipError
    from commonbeat.record.video.decode.entrance import Opened
    from commonbeat.record.video.decode.limits import Limits

CHILD = "commonbeat.record.video.decode.child"
LONGEST_ANSWER_BYTES = 1 << 20
ENDING_S = 30.0
"""How long a process that has been told to end, or has said its last, may take to be gone."""
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Numerical libraries take address space for each thread that they might want; the decoder needs none of them."""

KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(256 << 20)}
"""Memory of one picture serves the next, where the system's library knows these words, instead of being given back and asked for anew."""


class SharedSlots:
    """Memory for a few pictures that both processes see. It has no name, so it is gone with them, however they end."""

    def __init__(self, slot_bytes: int) -> None:
        """The memory exists."""
        size = max(slot_bytes, 1) * SLOTS
        if hasattr(os, "memfd_create"):
            self.descriptor = os.memfd_create("clip")
        else:  # not Linux: a file without a name does the same
            with tempfile.TemporaryFile() as file:
                self.descriptor = os.dup(file.fileno())
        os.ftruncate(self.descriptor, size)
        self.memory = mmap.mmap(self.descriptor, size)
        self.slot_bytes = slot_bytes

    def content(self, slot: int, size: int) -> bytearray:
        """A copy of the first `size` bytes of the slot, which may be changed."""
        if not 0 <= slot < SLOTS or not 0 <= size <= self.slot_bytes:
            raise ValueError(slot, size)
        start = slot * self.slot_bytes
        return bytearray(memoryview(self.memory)[start : start + size])

    def close(self) -> None:
        """The memory is given back."""
        self.memory.close()
        os.close(self.descriptor)


class Worker:
    """One process that decodes one clip. Use it as a context: it has ended when the block has."""

    def __init__(self, clip: Opened, limits: Limits, task: str, *, slot_bytes: int = 0, **asked: Any) -> None:
        """The process runs and has its job. asked: the fields of the job that belong to the task."""
        self._name = clip.name
        self._limits = limits
        self._buffer = b""
        self.slots = SharedSlots(slot_bytes) if slot_bytes else None
        shared = self.slots.descriptor if self.slots else -1
        job = Job(
            task,
            clip.file.fileno(),
            clip.reader,
            limits.pixels,
            limits.frames,
            limits.longest_s,
            limits.memory_bytes + slot_bytes * SLOTS,
            limits.processor_s,
            shared,
            slot_bytes,
            **asked,
        )
        self._process = subprocess.Popen(  # noqa: S603  # our own module, in our own Python
            [sys.executable, "-P", "-m", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[job.descriptor, *([shared] if shared >= 0 else [])],
            env=dict(os.environ) | dict.fromkeys(ONE_THREAD, "1") | KEPT_MEMORY,
            start_new_session=True,  # Ctrl-C is for the parent, which then ends this process
        )
        self._tell(packed(job))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The process has ended, whatever it was doing."""
        with contextlib.suppress(OSError):
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):  # a process that no signal ends, on a disk that hangs
            self._process.wait(ENDING_S)
        if self.slots is not None:
            self.slots.close()

    def free(self, slot: int) -> None:
        """The process may use the slot again."""
        self._tell(bytes([slot]))

    def _tell(self, content: bytes) -> None:
        if self._process.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):  # it ended meanwhile: the next answer, or its lack, says why
            os.write(self._process.stdin.fileno(), content)

    def next(self) -> dict[str, Any]:
        """The next answer. Raises ClipError when the clip was refused, the process broke down on it, or went quiet."""
        line = self._line()
        try:
            answer: dict[str, Any] = json.loads(line)
            kind = answer["kind"]
        except (ValueError, KeyError, TypeError) as error:
            raise self._broken("answered what cannot be read") from error
        if kind == "refused":
            raise refused(self._name, str(answer["rule"]), str(answer["way_out"]) or WAY_OUT)
        if kind == "memory":
            raise self._out_of_memory()
        return answer

    def _line(self) -> bytes:
        while b"\n" not in self._buffer:
            source = self._process.stdout
            assert source is not None  # noqa: S101  # it was asked for as a pipe
            ready, _, _ = select.select([source], [], [], self._limits.patience_s)
            if not ready:
                raise self._broken(f"said nothing for {self._limits.patience_s:.0f} s")
            got = os.read(source.fileno(), 65536)
            if not got:
                raise self._ended()
            self._buffer += got
            if len(self._buffer) > LONGEST_ANSWER_BYTES:
                raise self._broken("answered without end")
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def _ended(self) -> ClipError:
        try:
            code = self._process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            return self._broken("closed its output and did not end")
        if code == -signal.SIGXCPU:
            return self._broken(f"took more than {self._limits.processor_s} s of processor time for one step")
        if code in (-signal.SIGKILL, -signal.SIGABRT):
            return self._out_of_memory()
        return self._broken(f"broke down ({signal.Signals(-code).name})" if code < 0 else f"ended early ({code})")

    def _out_of_memory(self) -> ClipError:
        return refused(
            self._name,
            f"takes more than {self._limits.memory_bytes / (1 << 30):.1f} GiB of memory to decode",
            "Make it smaller first: ffmpeg -i CLIP -vf scale=1280:-2 SMALLER.mp4",
        )

    def _broken(self, words: str) -> ClipError:
        return refused(self._name, f"cannot be decoded: the process that decodes {words}", WAY_OUT)
