"""The drawings beside a child's answers."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from commonbeat.listen.bank import load_bank
from commonbeat.listen.bank.pictures import PICTURES_FOLDER, picture

BANK = load_bank()
PICTURED = [(each, value) for each in BANK.formats.values() if each.pictures for value in each.values]
DRAWN = {"svg", "circle", "path", "rect"}
KNOWN = {"xmlns", "viewBox", "width", "height", "aria-hidden", "focusable", "fill", "stroke", "stroke-width"}
KNOWN |= {"stroke-linecap", "stroke-linejoin", "cx", "cy", "r", "d", "x", "y", "rx"}


def test_every_answer_with_a_picture_has_one_of_its_own():
    drawn = [picture(each, value) for each, value in PICTURED]
    assert None not in drawn
    assert len(set(drawn)) == len(PICTURED) == len(list(PICTURES_FOLDER.glob("*.svg")))


def test_a_picture_is_lines_and_shapes_in_the_colour_of_the_text_and_nothing_else():
    for each, value in PICTURED:
        root = ET.fromstring(picture(each, value))  # noqa: S314 - our own files
        for part in root.iter():
            assert part.tag.rpartition("}")[2] in DRAWN
            assert set(part.attrib) <= KNOWN
            assert not (part.text or "").strip()
            assert part.get("fill") in (None, "none", "currentColor")
            assert part.get("stroke") in (None, "none", "currentColor")
        assert root.get("aria-hidden") == "true"


def test_other_answers_have_none():
    assert picture(BANK.formats["agree_5"], 1) is None
    assert picture(BANK.formats["faces_5"], 9) is None
