"""Pictures that leave the page carry interval, unit, source and the stop rate in themselves."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from commonbeat.errors import WriteError
from commonbeat.report import export_png, export_svg

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.results.run_folder import Run

SVG = "{http://www.w3.org/2000/svg}"


def test_every_exported_picture_burns_in_interval_and_stop_rate(city_run: Run, tmp_path: Path) -> None:
    files = export_svg(city_run, tmp_path)
    assert {"map-stops.svg", "map-effect.svg", "reach.svg", "dose-effect.svg", "stopping.svg", "twin-child.svg"} <= {
        f.name for f in files
    }
    for file in files:
        tree = ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - our own file
        foot = " ".join(text.text or "" for text in tree.findall(f"{SVG}text"))
        assert "stops per 1,000 residents" in foot, file.name
        assert "nine in ten draws" in foot, file.name
        assert "claim C" in foot, file.name
        assert "run:" in foot, file.name
        if file.name.startswith(("fan", "dose", "stopping", "reach")):
            assert re.search(r"\([+−\d.,]+ to [+−\d.,]+\)", foot), file.name
        assert "var(" not in file.read_text(encoding="utf-8"), file.name


def test_png_files_are_pictures(city_run: Run, tmp_path: Path) -> None:
    files = export_png(city_run, tmp_path / "new")
    assert len(files) > 10
    for file in files:
        content = file.read_bytes()
        assert content.startswith(b"\x89PNG"), file.name
        assert int.from_bytes(content[16:20], "big") >= 1000, file.name
    assert not list((tmp_path / "new").glob(".*"))


def test_a_folder_that_cannot_be_written_is_an_error_with_a_way_out(city_run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(WriteError, match="name another folder"):
        export_svg(city_run, tmp_path / "taken")
