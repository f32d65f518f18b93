"""Finished draws wait on disk until the run is whole, so that stopping loses only what was under way.

    store = DrawStore(folder.partial, fingerprint)
    for draw in store.missing(draws): store.keep(draw, tables)      # in any order, from any process
    write_run(folder, tables={**store.collect(range(draws)), ...}); store.discard()

A bundle is a zip without compression of one Arrow file per table: its list of members stands at the end and
each member has a checksum, so a bundle that was cut short or damaged cannot pass for a whole one.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from commonbeat.errors import Mistake, Mistakes, RunFolderError, WriteError
from commonbeat.results.disk import whole_folder, write_whole
from commonbeat.results.frames import frames_of_draw
from commonbeat.results.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FINGERPRINT = "fingerprint.json"
_BUNDLE = re.compile(r"draw-(\d{6,})\.zip")
_OURS = re.compile(r"draw-\d{6,}\.zip|\.(draw-\d{6,}\.zip|fingerprint\.json)\.[0-9a-f]{8}\.writing|fingerprint\.json")


class DrawStore:
    """The finished draws of one run that is under way."""

    def __init__(self, folder: str | Path, fingerprint: Mapping[str, Any]) -> None:
        """The folder stands and belongs to this run, or RunFolderError says by what it belongs to another.

        `fingerprint` holds everything on which a draw depends: seed, scenario hash, society hash, ledger hash,
        version. How many draws are wanted is no part of it.
        """
        self.folder = Path(folder)
        own = json.loads(json.dumps(fingerprint))
        if not self.folder.exists():
            with whole_folder(self.folder) as draft:
                (draft / FINGERPRINT).write_text(json.dumps(own, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        self._compare(own)

    def keep(self, draw: int, tables: Mapping[str, Mapping[str, Any]]) -> None:
        """The draw is on disk whole; WriteError when the disk refuses, and then nothing of it is."""
        frames = frames_of_draw(draw, tables)
        bundle = io.BytesIO()
        with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as members:
            for name, frame in frames.items():
                member = io.BytesIO()
                frame.write_ipc(member, compression="zstd")
                members.writestr(zipfile.ZipInfo(f"{name}.arrow"), member.getvalue())
        write_whole(self._path(draw), bundle.getvalue())

    def finished(self) -> tuple[int, ...]:
        """The numbers of the draws that are on disk whole, in order; what is damaged is removed to be done again."""
        numbers = sorted(
            int(match.group(1)) for path in self.folder.iterdir() if (match := _BUNDLE.fullmatch(path.name))
        )
        return tuple(draw for draw in numbers if self._is_whole(draw))

    def missing(self, draws: int) -> tuple[int, ...]:
        """The draws from 0 to `draws` that are still to be done."""
        done = set(self.finished())
        return tuple(draw for draw in range(draws) if draw not in done)

    def collect(self, draws: Iterable[int] | None = None) -> dict[str, pl.DataFrame]:
        """The tables of these draws (all finished ones if none are named), one draw after the other by number.

        The content depends neither on the order in which draws were finished nor on who did them. Raises
        RunFolderError when a named draw is not finished.
        """
        done = self.finished()
        wanted = done if draws is None else sorted(set(draws))
        lacking = [draw for draw in wanted if draw not in set(done)]
        if lacking or not wanted:
            raise RunFolderError(
                f"The draws in {self.folder} cannot be gathered:",
                [Mistake("draws", lacking, "are not finished", "Start the same command again: it does only these.")],
            )
        bundles = [_read_bundle(self._path(draw)) for draw in wanted]
        names = {name for bundle in bundles for name in bundle}
        return {
            table.name: pl.concat([bundle[table.name] for bundle in bundles if table.name in bundle], rechunk=True)
            for table in TABLES
            if table.name in names
        }

    def discard(self) -> None:
        """The folder is gone; a file in it that is not ours stays, and the folder with it."""
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if _OURS.fullmatch(path.name):
                    path.unlink()
            self.folder.rmdir()

    def _path(self, draw: int) -> Path:
        return self.folder / f"draw-{draw:06d}.zip"

    def _is_whole(self, draw: int) -> bool:
        try:
            with zipfile.ZipFile(self._path(draw)) as members:
                broken = members.testzip()
        except (zipfile.BadZipFile, EOFError):
            broken = "all"
        except OSError as error:
            raise WriteError(f"{self._path(draw)}: could not be read ({error.strerror or error}).") from error
        if broken is not None:
            self._path(draw).unlink(missing_ok=True)
        return broken is None

    def _compare(self, own: Mapping[str, Any]) -> None:
        path = self.folder / FINGERPRINT
        way_out = f"Remove {self.folder} to begin anew, or choose another --out."
        try:
            found = json.loads(path.read_bytes())
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise RunFolderError(
                "The draws begun there cannot be taken up again:",
                [Mistake(str(path), None, "is not the fingerprint of a run", way_out)],
            ) from error
        then, now = _leaves(found), _leaves(own)
        differing = [name for name in {**now, **then} if then.get(name) != now.get(name)]
        mistakes = Mistakes()
        for name in differing:
            rule = f"{then.get(name, 'nothing')} then, {now.get(name, 'nothing')} now"
            mistakes.add(name, None, rule, way_out if name == differing[-1] else "")
        mistakes.raise_if_any(RunFolderError, f"The draws begun in {self.folder} belong to another run:")


def _leaves(value: Any, place: str = "") -> dict[str, str]:
    """Every single value of a fingerprint by its place, as a scenario's own messages write it: arms[1].events[0].day."""
    if isinstance(value, dict):
        parts = {f"{place}.{key}" if place and place != "scenario" else key: item for key, item in value.items()}
    elif isinstance(value, list):
        parts = {f"{place}[{index}]": item for index, item in enumerate(value)}
    else:
        return {place: json.dumps(value, ensure_ascii=False)}
    return {name: leaf for part, item in parts.items() for name, leaf in _leaves(item, part).items()}


def _read_bundle(path: Path) -> dict[str, pl.DataFrame]:
    with zipfile.ZipFile(path) as members:
        return {name.removesuffix(".arrow"): pl.read_ipc(io.BytesIO(members.read(name))) for name in members.namelist()}
