"""A society is opened by its name or by the folder of somebody's own tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.errors import Mistakes, SocietyError, did_you_mean
from commonbeat.society.cache import kept

if TYPE_CHECKING:
    from commonbeat.society.society import Society

SHIPPED = ("minneapolis", "small")


def open_society(name_or_path: str | Path, cache: Path | str | None = None) -> Society:
    """The society, built once and then out of the cache in well under a second.

    A name is one of `minneapolis` and `small` (invented, for tests and tutorials); anything else is the path of a
    folder with people.csv or people.parquet and ties.csv or ties.parquet. SocietyError lists what is wrong with it.
    """
    name = str(name_or_path)
    if name == "minneapolis":
        from commonbeat.society.minneapolis import build_minneapolis, plan_minneapolis

        return kept(name, plan_minneapolis().content_hash, build_minneapolis, cache)
    if name == "small":
        from commonbeat.society.small import build_small

        return build_small()
    folder = Path(name_or_path)
    if folder.is_dir():
        from commonbeat.society.load import hash_of, load_society

        return kept("own", hash_of(folder), lambda: load_society(folder), cache)
    mistakes = Mistakes()
    mistakes.add("society", name, "is neither a shipped society nor a folder", did_you_mean(name, SHIPPED))
    raise SocietyError("The society cannot be opened.", mistakes.found)
