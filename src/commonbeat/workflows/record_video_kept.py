"""What a stopped measurement leaves beside its folder, so that the same command goes on from there.

It holds where people were, so only its owner may read it, the project's store knows it from the first moment on, and it is
deleted as soon as the measurement is whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commonbeat.errors import CommonBeatError, FailureError, InterruptedRunError, Mistake, RunFolderError, WriteError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from commonbeat.record import Consent
    from commonbeat.record.video.instrument.watch import Watch

WATCH, FINGERPRINT = "watch.npz", "made-by.json"
OWNER_ONLY = 0o700
PARTIAL, FINISHED = "partial", "video"


@dataclass(frozen=True, slots=True)
class Kept:
    """The folder beside `folder` in which finished minutes of film wait. made_by: all that they depend on."""

    folder: Path
    made_by: Mapping[str, Any]

    @property
    def partial(self) -> Path:
        """Where finished minutes wait."""
        return self.folder.with_name(f"{self.folder.name}.partial")

    def lay_down(self, content: bytes) -> None:
        """The work so far is safe."""
        from commonbeat.results.disk import write_whole

        try:
            self.partial.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY)
            self.partial.chmod(OWNER_ONLY)
        except OSError as error:
            raise WriteError(f"{self.partial}: could not be made ({error.strerror}).") from error
        write_whole(self.partial / FINGERPRINT, json.dumps(self.made_by, indent=2, sort_keys=True).encode())
        write_whole(self.partial / WATCH, content)

    def take_up(self, watch: Watch) -> bool:
        """The watch goes on from what was kept; False where nothing was. RunFolderError when it belongs to other work."""
        if not self.partial.exists():
            return False
        way_out = f"Remove {self.partial} to begin anew, or choose another --out."
        try:
            then = json.loads((self.partial / FINGERPRINT).read_bytes())
            wrong = [
                Mistake(name, None, "was another when that was begun", way_out)
                for name, value in json.loads(json.dumps(self.made_by)).items()
                if then.get(name) != value
            ]
            if not wrong:
                watch.take_up((self.partial / WATCH).read_bytes())
                return True
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            wrong = [Mistake(str(self.partial), None, "is not what a stopped measurement leaves", way_out)]
        raise RunFolderError(f"What was begun in {self.partial} belongs to another measurement:", wrong)

    def remove(self) -> None:
        """Nothing waits any more."""
        shutil.rmtree(self.partial, ignore_errors=True)


def content_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def known_to_the_store(project: Path, consent: Consent, kept: Kept) -> Iterator[None]:
    """Inside the block the store knows both folders, so that a withdrawal reaches them; afterwards those that are there.

    Raises ConsentError where the encounter was withdrawn.
    """
    from commonbeat.workflows.record_derivatives import forget_derivative, remember_derivative

    remember_derivative(project, consent, kept.partial, PARTIAL)
    remember_derivative(project, consent, kept.folder, FINISHED)
    try:
        yield
    finally:
        for path in (kept.partial, kept.folder):
            if not path.exists():
                forget_derivative(project, path)


@contextlib.contextmanager
def told_when_stopped(kept: Kept) -> Iterator[None]:
    """Whatever stops the block, the user is told what is kept and how to go on."""

    def words() -> str:
        if not (kept.partial / WATCH).exists():
            kept.remove()
            return "Not a minute of film was finished, and nothing is kept."
        return f"The finished minutes are kept in {kept.partial}; the same command goes on from them."

    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedRunError(f"Stopped. {words()}") from None
    except CommonBeatError:
        if not (kept.partial / WATCH).exists():
            kept.remove()
        raise
    except MemoryError as error:
        raise FailureError(f"Memory ran out. {words()}") from error
