"""A run on disk: `scenario.toml`, `manifest.json`, `views.sql`, `tables/*.parquet`, and the report beside them.

`write_run` leaves it whole or not at all, `open_run` checks it against its manifest, and the `Run` that both
give answers `run.table("rings")`, `run.scan("daily")` and `run.sql("select ...")`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from commonbeat.errors import Mistake, Mistakes, RunFolderError, did_you_mean
from commonbeat.results.check import as_in_schema, required_tables
from commonbeat.results.codebook import views
from commonbeat.results.disk import refuse_existing, whole_folder, write_parquet, write_whole
from commonbeat.results.manifest import GIVEN, LAYOUT, as_json, file_hash, whole_manifest
from commonbeat.results.schema import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "manifest.json"
SCENARIO = "scenario.toml"
VIEWS = "views.sql"
TABLES_FOLDER = "tables"
_OWN = (MANIFEST, SCENARIO, VIEWS, TABLES_FOLDER)


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run folder, opened for reading; a table is read when it is first asked for."""

    folder: Path
    manifest: Mapping[str, Any]
    scenario_text: str
    _read: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @property
    def table_names(self) -> tuple[str, ...]:
        """The tables that this run has, in the order of the schema."""
        return tuple(name for name in BY_NAME if name in self.manifest["tables"])

    def path(self, name: str) -> Path:
        """Where the table's file is; RunFolderError with the nearest name when the run has no such table."""
        if name not in self.manifest["tables"]:
            raise RunFolderError(
                f"The run {self.folder} lacks a table:",
                [Mistake(f"tables.{name}", name, "is not a table of this run", did_you_mean(name, self.table_names))],
            )
        return _table_path(self.folder, name)

    def table(self, name: str) -> pl.DataFrame:
        """The whole table, read once and then kept."""
        path = self.path(name)
        if name not in self._read:
            self._read[name] = pl.read_parquet(path, glob=False)
        return self._read[name]

    def scan(self, name: str) -> pl.LazyFrame:
        """The table as a plan that reads only what is asked of it."""
        return pl.scan_parquet(self.path(name), glob=False)

    def sql(self, text: str) -> pl.DataFrame:
        """The answer of `sql.query` to a question about this run's tables."""
        from commonbeat.results.sql import query  # DuckDB loads only for those who ask it

        return query(self, text)


def write_run(
    folder: str | Path,
    *,
    scenario_text: str,
    manifest: Mapping[str, Any],
    tables: Mapping[str, pl.DataFrame],
    files: Mapping[str, bytes] | None = None,
) -> Run:
    """A whole run folder stands at `folder` and is returned opened; or an error is raised and nothing stands there.

    `manifest` gives at least `manifest.GIVEN` and keeps whatever else it says; versions, machine and hashes are
    added. `files` are further files by plain name. Raises RunFolderError for a folder that exists, tables that
    do not fit the schema and a manifest that is not whole; WriteError when the disk refuses.
    """
    folder = Path(folder)
    refuse_existing(folder)
    files = {} if files is None else files
    for name in files:
        _check_plain_name(name)
    tables = as_in_schema(tables, whole_run=required_tables())
    manifest = whole_manifest(manifest, scenario_text, tables)
    with whole_folder(folder) as draft:
        (draft / SCENARIO).write_bytes(scenario_text.encode())
        (draft / VIEWS).write_text(views(tables), encoding="utf-8")
        (draft / TABLES_FOLDER).mkdir()
        for name, table in tables.items():
            write_parquet(_table_path(draft, name), table)
            manifest["tables"][name]["sha256"] = file_hash(_table_path(draft, name))
        for name, content in files.items():
            (draft / name).write_bytes(content)
        (draft / MANIFEST).write_bytes(as_json(manifest))
    return Run(folder, manifest, scenario_text, dict(tables))


def open_run(folder: str | Path) -> Run:
    """The run, after its manifest, scenario and every table were found whole and unchanged.

    Raises RunFolderError with everything that is missing, damaged or altered.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder)
    mistakes = Mistakes()
    scenario_text = _read_scenario(folder, manifest, mistakes)
    for name, entry in manifest["tables"].items():
        _check_table_file(folder, name, entry, mistakes)
    mistakes.raise_if_any(RunFolderError, f"The run {folder} is not whole:")
    return Run(folder, manifest, scenario_text)


def attach_file(run: Run, name: str, content: bytes) -> Path:
    """A file such as `report.html` stands in the run folder with exactly `content`, in place of any older one."""
    _check_plain_name(name)
    path = run.folder / name
    write_whole(path, content)
    return path


def _table_path(folder: Path, name: str) -> Path:
    return folder / TABLES_FOLDER / f"{name}.parquet"


def _check_plain_name(name: str) -> None:
    if name in {"", ".", ".."} or name != Path(name).name or "\\" in name or name in _OWN:
        raise RunFolderError(
            "The file cannot be put into the run folder:",
            [Mistake("file", name, "is not a plain name of its own", f"Avoid slashes and: {', '.join(_OWN)}.")],
        )


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not folder.is_dir() or not path.is_file():
        rule = "is not a folder" if not folder.is_dir() else f"has no {MANIFEST}, so it is not a run"
        raise RunFolderError(
            "There is no run to open:",
            [Mistake(str(folder), None, rule, "Make one with: commonbeat simulate SCENARIO.toml --out FOLDER.")],
        )
    try:
        manifest = json.loads(path.read_bytes())
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RunFolderError(
            "The run cannot be read:", [Mistake(str(path), None, f"is not whole JSON ({error})", "Run it again.")]
        ) from error
    mistakes = Mistakes()
    _check_manifest(str(path), manifest, mistakes)
    mistakes.raise_if_any(RunFolderError, "The run cannot be read:")
    return manifest


def _check_manifest(place: str, manifest: object, mistakes: Mistakes) -> None:
    if not isinstance(manifest, dict):
        mistakes.add(place, None, "is not the manifest of a run", "Run it again.")
        return
    if manifest.get("layout") != LAYOUT:
        mistakes.add(
            f"{place}: layout",
            manifest.get("layout"),
            f"is not the layout {LAYOUT} that this version reads",
            "Open it with the version that wrote it, or run it again.",
        )
    for name, (kind, _) in {**GIVEN, "scenario_hash": (str, ""), "version": (str, "")}.items():
        if not isinstance(manifest.get(name), kind):
            mistakes.add(f"{place}: {name}", manifest.get(name), f"must be {kind.__name__}", "Run it again.")
    tables = manifest.get("tables")
    if not isinstance(tables, dict) or not all(isinstance(entry, dict) for entry in tables.values()):
        mistakes.add(f"{place}: tables", None, "must list the tables", "Run it again.")
        return
    for name in required_tables():
        if name not in tables:
            mistakes.add(f"{place}: tables.{name}", None, "is missing", "Run it again.")
    for name in tables:
        if name not in BY_NAME:
            mistakes.add(f"{place}: tables.{name}", name, "is not a table of a run", did_you_mean(name, BY_NAME))


def _read_scenario(folder: Path, manifest: Mapping[str, Any], mistakes: Mistakes) -> str:
    path = folder / SCENARIO
    if not path.is_file():
        mistakes.add(str(path), None, "is missing", "Put it back, or run again.")
        return ""
    if file_hash(path) != manifest["scenario_hash"]:
        mistakes.add(str(path), None, "is not the scenario that was run", "Put the original back, or run again.")
        return ""
    return path.read_bytes().decode()


def _check_table_file(folder: Path, name: str, entry: Mapping[str, Any], mistakes: Mistakes) -> None:
    path = _table_path(folder, name)
    if not path.is_file():
        mistakes.add(str(path), None, "is missing", "Put it back, or run again.")
        return
    if file_hash(path) != entry.get("sha256"):
        mistakes.add(str(path), None, "was truncated or altered after the run", "Put the original back, or run again.")
        return
    try:
        columns = pl.scan_parquet(path, glob=False).collect_schema()
    except pl.exceptions.PolarsError as error:
        mistakes.add(
            str(path), None, f"is not Parquet ({str(error).splitlines()[0]})", "Put the original back, or run again."
        )
        return
    expected = {column.name: column.type for column in BY_NAME[name].columns}
    if dict(columns) != expected:
        mistakes.add(str(path), list(columns), "has other columns than the schema", "Run it again with this version.")
