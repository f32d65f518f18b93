"""Which design is meant: a file, a Design, or the options of a command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.estimate.design import Design, load_design, make_design

if TYPE_CHECKING:
    from collections.abc import Mapping


def chosen_design(design: Design | str | Path | None, options: Mapping[str, Any] | None) -> tuple[Design, Path]:
    """The design with the options in place of its own keys, and the folder that its paths are relative to.

    Raises DesignError with every mistake.
    """
    given = {key: value for key, value in (options or {}).items() if value is not None and value != ()}
    if isinstance(design, Design):
        changed = {**design.model_dump(exclude_none=True, exclude_defaults=True), **given}
        return (make_design(changed) if given else design), Path()
    if design is None:
        return make_design(given), Path()
    return load_design(design, given), Path(design).parent
