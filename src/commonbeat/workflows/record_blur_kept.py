"""What a stopped `record blur` leaves, so that the same command goes on: what the first pass found, as numbers, and nothing of the pictures.

Under consent it lies beside the copy, and the project's store knows it, so that a withdrawal deletes it. With --no-record it lies in the
user's cache until the copy is made, for a day at most. Only its owner may read it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import time
from dataclasses import dataclass, field
from os.path import lexists
from typing import TYPE_CHECKING, Any, Final

from commonbeat.errors import FailureError, InterruptedRunError, Mistake, RunFolderError, WriteError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from commonbeat.record import Consent
    from commonbeat.record.video.blur.sightings import Sightings

FINGERPRINT, PIECES = "made-by.json", "looked-*.npz"
OWNER_ONLY: Final = 0o700
A_DAY_S: Final = 24 * 3600.0
WAITING_ROOM: Final = "unfinished-copies"


@dataclass(slots=True)
class KeptSightings:
    """The folder in which finished stretches of the first pass wait. for_a_day: it lies in the cache, not beside the copy."""

    folder: Path
    for_a_day: bool
    made_by: Mapping[str, Any] = field(default_factory=dict)

    def refuse_foreign(self) -> None:
        """Nothing stands there, or what a stopped command left; RunFolderError for anything else: it is never removed."""
        if not lexists(self.folder) or (self.folder / FINGERPRINT).is_file():
            return
        rule = "stands where unfinished work would wait, and is not such work"
        raise RunFolderError(
            "The copy cannot be begun:",
            [Mistake(str(self.folder), None, rule, "Move it away, or choose another --out.")],
        )

    def take_up(self, sightings: Sightings) -> bool:
        """The sightings hold what was kept; False, and the rest is gone, where it was made of another clip, in another way or of another version."""
        if not self.folder.exists():
            return False
        if not self._same_work():
            self.remove()
            return False
        pieces = sorted(self.folder.glob(PIECES))
        for place, piece in enumerate(pieces):
            try:
                sightings.take_up(piece.read_bytes())
            except (OSError, ValueError, KeyError, EOFError):
                for spoilt in pieces[place:]:
                    spoilt.unlink(missing_ok=True)
                break
        return bool(sightings.times)

    def _same_work(self) -> bool:
        try:
            return json.loads((self.folder / FINGERPRINT).read_bytes()) == json.loads(json.dumps(self.made_by))
        except (OSError, ValueError):
            return False

    def lay_down(self, sightings: Sightings, first: int, behind: int) -> None:
        """What was found in those frames is safe."""
        from commonbeat.results.disk import write_whole

        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY)
            self.folder.chmod(OWNER_ONLY)
        except OSError as error:
            raise WriteError(f"{self.folder}: could not be made ({error.strerror}).") from error
        if not (self.folder / FINGERPRINT).exists():
            write_whole(self.folder / FINGERPRINT, json.dumps(self.made_by, indent=2, sort_keys=True).encode())
        write_whole(self.folder / f"looked-{first:09}.npz", sightings.packed(first, behind))

    def remove(self) -> None:
        """Nothing waits any more."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def words(self) -> str:
        """What is kept, until when, how to go on and how to have it gone."""
        if not any(self.folder.glob(PIECES)):
            self.remove()
            return "Nothing was kept; the same command begins anew."
        until = (
            "until the copy is made, and after a day the next `record blur` deletes it"
            if self.for_a_day
            else "until the copy is made, and a withdrawal deletes it"
        )
        return (
            f"The same command goes on from here. Where heads were found, as numbers without a picture, is kept in {self.folder} "
            f"{until}. To have it gone now: delete that folder."
        )


def kept_for(out: Path, consent: Consent | None) -> KeptSightings:
    """Where unfinished work for that copy waits; what waited in the cache for more than a day is gone."""
    room = _waiting_room()
    _clear(room)
    if consent is not None:
        return KeptSightings(partial_path(out), for_a_day=False)
    place = hashlib.sha256(str(out.absolute()).encode()).hexdigest()[:32]
    return KeptSightings(room / place, for_a_day=True)


def partial_path(out: Path) -> Path:
    """Where unfinished work waits under consent: beside the copy."""
    return out.with_name(f"{out.name}.partial")


def _waiting_room() -> Path:
    from commonbeat.record.video.models.weights import cache_folder

    return cache_folder() / WAITING_ROOM


def _clear(room: Path) -> None:
    """Work that nobody came back to within a day is gone."""
    if not room.is_dir():
        return
    for folder in room.iterdir():
        with contextlib.suppress(OSError):  # another command may have removed it just now
            if time.time() - folder.stat().st_mtime > A_DAY_S:
                shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def told_when_stopped(kept: KeptSightings) -> Iterator[None]:
    """Whoever stops the block is told what is kept; after the disk's refusal it is kept too, and after any other error nothing is."""
    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedRunError(f"Stopped. {kept.words()}") from None
    except FailureError as error:
        raise type(error)(f"{error} {kept.words()}") from error
    except BaseException:
        kept.remove()
        raise


@contextlib.contextmanager
def known_to_the_store(project: Path, agreed: Consent | None, copies: Sequence[Path], partial: Path) -> Iterator[None]:
    """The store knows the copy, its sheet and unfinished work before they exist, so that nothing ever stands that a withdrawal cannot reach.

    When the block fails, it forgets the copies again; the work, when it is not there.
    """
    if agreed is None:
        yield
        return
    from commonbeat.workflows.record_derivatives import forget_derivative, remember_derivative

    for path in copies:
        remember_derivative(project, agreed, path, "obscured copy")
    remember_derivative(project, agreed, partial, "partial")
    try:
        yield
    except BaseException:
        for path in copies:
            forget_derivative(project, path)
        raise
    finally:
        if not lexists(partial):
            forget_derivative(project, partial)
