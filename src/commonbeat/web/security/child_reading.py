"""The process that reads a file somebody uploaded: it bounds itself, runs one reader, leaves a document, and ends."""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from commonbeat.errors import InputError

LARGEST_FILE_BYTES: Final = 512 << 20


def main() -> int:
    """The file was read or refused, and what the job names as `told` says which."""
    job: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    bound(job["memory_bytes"], job["processor_s"])
    module, _, function = job["reader"].partition(":")
    reader = getattr(import_module(module), function)
    try:
        told = {"found": reader(Path(job["path"]), job["order"])}
    except InputError as error:
        mistakes = [[each.place, _plain(each.value), each.rule, each.way_out] for each in error.mistakes]
        told = {"kind": type(error).__name__, "heading": error.heading, "mistakes": mistakes}
    Path(job["told"]).write_text(json.dumps(told, default=_plain), encoding="utf-8")
    return 0


def bound(memory_bytes: int, processor_s: int) -> None:
    """The process has its limits; systems that lack one of them keep the others."""
    sizes = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: LARGEST_FILE_BYTES,
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: processor_s,
    }
    for kind, size in sizes.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (size, size))


def _plain(value: object) -> object:
    """A value that JSON has no word for, as text."""
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


if __name__ == "__main__":
    sys.exit(main())
