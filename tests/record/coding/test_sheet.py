"""Sheets: the shipped ones say everything, a team's own is read strictly, and each form of print holds each code."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from commonbeat.errors import CodingError
from commonbeat.record.coding import sheet as module
from commonbeat.record.coding.sheet import SHIPPED, read_sheet, shipped_sheet
from commonbeat.record.coding.sheet_print import as_markdown, as_page, as_table
from tests.report.html_reading import read

FORBIDDEN = re.compile(r"\b(joy|joyful|emotion\w*|race|racial|ages?|gender\w*|identit\w*)\b", re.IGNORECASE)


@pytest.mark.parametrize("about", ["clips", "texts"])
def test_the_shipped_sheets_define_every_code(about):
    sheet = shipped_sheet(about)
    assert sheet.about == about
    for code in sheet.codes:
        for text in (code.definition, code.yes, code.no, code.coders, *code.examples):
            assert len(text) > 10 or text == "Being cute."
        assert code.examples
        assert code.near_misses
        assert code.key
        assert (code.kind == "interval") == (code.interval_s is not None)
    content = (Path(module.__file__).parent / SHIPPED[about]).read_text(encoding="utf-8")
    assert not FORBIDDEN.findall(content)


def test_the_sheet_of_clips_has_what_was_asked_for():
    wanted = {
        "approach",
        "joining",
        "invitation",
        "turn_taking",
        "smiling",
        "laughing",
        "moving_together",
        "respect",
        "hostility",
    }
    sheet = shipped_sheet("clips")
    assert {code.name for code in sheet.codes} == wanted
    assert {code.kind for code in sheet.codes} == {"moment", "stretch", "interval"}


def test_the_sheet_of_texts_speaks_of_officers_children_and_what_is_systemic():
    names = {code.name for code in shipped_sheet("texts").codes}
    assert {
        "officer_threat",
        "officer_helper",
        "officer_neighbour",
        "child_threat",
        "child_child",
        "child_artist",
    } <= names
    assert {"dehumanising", "systemic"} <= names


@pytest.mark.parametrize("about", ["clips", "texts"])
def test_every_print_holds_every_code(about):
    sheet = shipped_sheet(about)
    markdown, page = as_markdown(sheet), as_page(sheet)
    rows = list(csv.DictReader(io.StringIO(as_table(sheet))))
    assert [row["name"] for row in rows] == [code.name for code in sheet.codes]
    shown = " ".join(read(page).root.text.split())
    for code in sheet.codes:
        assert code.definition in markdown
        assert code.name in shown
        for value in code.values:
            assert value in markdown
    assert "<script" not in page
    assert "http" not in page


def test_what_a_team_writes_is_escaped(tmp_path):
    content = SOUND.replace("Sitting down", "<b>Sitting</b> & down")
    (tmp_path / "own.toml").write_text(content, encoding="utf-8")
    page = as_page(read_sheet(tmp_path / "own.toml"))
    assert "&lt;b&gt;Sitting&lt;/b&gt; &amp; down" in page


SOUND = """
title = "Ours"
version = 1
about = "clips"
instructions = "Look."
[[codes]]
name = "sitting"
title = "Sitting down"
key = "s"
kind = "stretch"
level = "nominal"
values = ["bench", "ground"]
definition = "A person sits down."
yes = "From sitting to rising."
no = "Crouching."
examples = ["On the bench."]
coders = "Two."
[[codes]]
name = "distance"
title = "Distance"
kind = "interval"
interval_s = 5.0
level = "ratio"
definition = "Metres between the two."
yes = "Judge it."
no = "Out of sight."
examples = ["2.5"]
coders = "Two."
"""


def test_an_own_sheet_is_read(tmp_path):
    (tmp_path / "own.toml").write_text(SOUND, encoding="utf-8")
    sheet = read_sheet(tmp_path / "own.toml")
    assert sheet.code(" SITTING ").values == ("bench", "ground")
    assert sheet.code("distance").values == ()
    assert sheet.code("nothing") is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "stretch"', 'kind = "strech"', "Did you mean 'stretch'?"),
        ("version = 1", "version = 2", "version"),
        ('name = "sitting"', 'name = "Sitting Down"', "lower-case letters"),
        ('name = "distance"', 'name = "sitting"', "stands at codes[0] too"),
        ("interval_s = 5.0", "", "goes with kind interval"),
        ('kind = "stretch"', 'kind = "stretch"\ninterval_s = 5.0', "goes with kind interval"),
        ('["bench", "ground"]', '["bench"]', "fewer than two values"),
        ('["bench", "ground"]', '["bench", "Bench"]', "stands there twice"),
        ('["bench", "ground"]', '["bench|ground", "x"]', "coding programs refuse"),
        ('level = "ratio"', 'level = "ratio"\nvalues = ["near", "far"]', "is not a number"),
        ('level = "nominal"', 'level = "nominal"\ntone = [0.0]', "is not one number for each"),
        ('key = "s"', 'key = "s"\nsides = ["officer"]', "is a kind without sides"),
        ("interval_s = 5.0", 'interval_s = 5.0\nsides = ["officer 1"]', "sides"),
        ("interval_s = 5.0", 'interval_s = 5.0\nsides = ["child", "child"]', "names a side twice"),
        ('about = "clips"', 'about = "texts"', "does not go with a sheet about texts"),
        ('examples = ["On the bench."]', "examples = []", "examples"),
        ('coders = "Two."', 'coders = "Two."\ncolour = "red"', "is not a key that belongs here"),
        ('title = "Ours"', "title = Ours", "is not TOML"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_told(tmp_path, old, new, told):
    assert old in SOUND
    (tmp_path / "own.toml").write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CodingError) as caught:
        read_sheet(tmp_path / "own.toml")
    assert told in str(caught.value)


def test_all_mistakes_of_a_sheet_are_told_at_once(tmp_path):
    content = (
        SOUND.replace('["bench", "ground"]', '["a", "A"]')
        .replace("interval_s = 5.0", "")
        .replace('key = "s"', 'key = "s"\ntone = [1.0]')
    )
    (tmp_path / "own.toml").write_text(content, encoding="utf-8")
    with pytest.raises(CodingError) as caught:
        read_sheet(tmp_path / "own.toml")
    assert len(caught.value.mistakes) >= 4


def test_what_is_no_sheet_is_refused(tmp_path):
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CodingError, match="not UTF-8"):
        read_sheet(tmp_path / "bytes.toml")
    with pytest.raises(CodingError, match="cannot be read"):
        read_sheet(tmp_path / "none.toml")
    (tmp_path / "large.toml").write_text("#" * ((1 << 20) + 1))
    with pytest.raises(CodingError, match="larger than one megabyte"):
        read_sheet(tmp_path / "large.toml")
