"""ELAN files come back byte for byte, differ only in what was added, read the same in pympi, and are refused where they are not sound."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pympi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonbeat.errors import CodingError
from commonbeat.record.coding.elan import parse_elan, read_elan
from commonbeat.record.coding.event import CodedEvent
from commonbeat.record.coding.sheet import shipped_sheet
from commonbeat.record.coding.sheet_elan import as_elan
from tests.record.coding.made import ELAN

CONTENT = ELAN.encode()


def canonical(content: bytes) -> str:
    return ET.canonicalize(content.decode(), with_comments=True)


def test_a_file_comes_back_byte_for_byte(tmp_path):
    (tmp_path / "a.eaf").write_bytes(CONTENT)
    file = read_elan(tmp_path / "a.eaf")
    assert file.to_bytes() == CONTENT
    assert canonical(file.to_bytes()) == canonical(CONTENT)


def test_marks_have_times_values_coders_and_subjects():
    coded = parse_elan(CONTENT, "anna.eaf").coded()
    assert [(each.coder, each.code, each.subject, each.value, each.start_s, each.end_s) for each in coded.events] == [
        ("anna", "dance", "officer 1", "slow & low", 1.0, 2.5),
        ("bo", "note", "officer 1", "one", 4.0, 6.5),
        ("anna", "dance", "officer 1", "fast", 4.0, 9.0),
        ("bo", "note", "officer 1", "t<w>o", 6.5, 9.0),
    ]
    assert {each.clip for each in coded.events} == {"dance off.mp4"}
    assert coded.observed == (("dance off.mp4", "anna"), ("dance off.mp4", "bo"))


def test_after_an_addition_only_that_is_new():
    file = parse_elan(CONTENT, "anna.eaf")
    added = [
        CodedEvent("", "", "dance", 12.0, 13.5, "", "fast"),
        CodedEvent("", "", "approach", 0.25, 0.25, "", 'a < b & "c" ]]>'),
    ]
    more = file.with_events(added)
    tree = ET.fromstring(more.to_bytes())  # noqa: S314 - our own
    slots = tree.find("TIME_ORDER")
    assert [slot.get("TIME_VALUE") for slot in slots][4:] == ["12000", "13500", "250", "251"]
    for parent in tree.iter("TIER"):
        for annotation in list(parent):
            if annotation[0].get("ANNOTATION_ID") in ("a5", "a6"):
                parent.remove(annotation)
    for slot in list(slots)[4:]:
        slots.remove(slot)
    tree.find("TIER[@TIER_ID='approach']").text = None
    # Without what was added the tree is the one that was read; comments before and after the root are in the bytes.
    assert canonical(ET.tostring(tree)) == canonical(ET.tostring(ET.fromstring(CONTENT)))  # noqa: S314 - our own
    assert more.to_bytes().startswith(CONTENT[: CONTENT.index(b"</TIME_ORDER>")])
    assert more.to_bytes().endswith(b"<!-- and one after it -->\n")
    assert [
        (each.code, each.value, each.start_s) for each in more.coded().events if each.value not in ("one", "t<w>o")
    ] == [
        ("approach", 'a < b & "c" ]]>', 0.25),
        ("dance", "slow & low", 1.0),
        ("dance", "fast", 4.0),
        ("dance", "fast", 12.0),
    ]


def test_pympi_sees_the_same_annotations(tmp_path):
    file = parse_elan(CONTENT, "a.eaf").with_events([CodedEvent("", "", "approach", 0.25, 2.0, "", "to <children>")])
    (tmp_path / "a.eaf").write_bytes(file.to_bytes())
    other = pympi.Eaf(str(tmp_path / "a.eaf"))
    assert other.get_annotation_data_for_tier("approach") == [(250, 2000, "to <children>")]
    assert set(other.get_tier_names()) == {"dance", "note@officer 1", "approach"}
    aligned, _, attributes, _ = other.tiers["dance"]
    ours = {each.id: (each.start, each.end, each.value) for each in file.parts.tiers[0].annotations}
    assert {key: value[:3] for key, value in aligned.items()} == ours
    assert attributes["PARTICIPANT"] == "officer 1"


marks = st.lists(
    st.tuples(
        st.sampled_from(["approach", "dance"]),
        st.integers(10**5, 10**7),
        st.integers(0, 10**5),  # 0: a moment, which ELAN keeps as one millisecond
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
            max_size=20,
        ),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=marks)
def test_whatever_is_added_pympi_sees_the_same_and_the_rest_stays(tmp_path, marks):
    free = CONTENT.replace(b'CONTROLLED_VOCABULARY_REF="steps" ', b"")
    file = parse_elan(free, "a.eaf")
    marks = [
        (code, start + 2 * 10**7 * place, length, value) for place, (code, start, length, value) in enumerate(marks)
    ]
    events = [
        CodedEvent("", "", code, start / 1000, (start + length) / 1000, "", value)
        for code, start, length, value in marks
    ]
    more = file.with_events(events)
    (tmp_path / "a.eaf").write_bytes(more.to_bytes())
    other = pympi.Eaf(str(tmp_path / "a.eaf"))
    for tier in ("approach", "dance"):
        wanted = [(start, start + max(length, 1), value) for code, start, length, value in marks if code == tier]
        there = [annotation for annotation in other.tiers[tier][0].items() if int(annotation[0][1:]) > 4]
        assert [(other.timeslots[each[0]], other.timeslots[each[1]], each[2]) for _, each in there] == wanted
    for line in (line for line in free.splitlines() if b"approach" not in line and b"TIME_ORDER" not in line):
        assert line.strip() in more.to_bytes()
    assert len(more.coded().events) == len(file.coded().events) + len(marks)


def test_what_pympi_writes_is_read(tmp_path):
    other = pympi.Eaf()
    other.add_tier("dance")
    for start, end, value in ((0, 500, "a"), (700, 1500, "b & c"), (2000, 2001, "ü")):
        other.add_annotation("dance", start, end, value)
    other.add_tier("note", parent="dance", ling="ref")
    other.add_linguistic_type("ref", constraints="Symbolic_Association", timealignable=False)
    other.add_tier("remark", ling="ref", parent="dance")
    other.add_ref_annotation("remark", "dance", 1000, "said")
    other.to_file(str(tmp_path / "p.eaf"))
    file = read_elan(tmp_path / "p.eaf")
    found = [(each.code, each.start_s, each.end_s, each.value) for each in file.coded().events]
    assert found == [
        ("dance", 0.0, 0.5, "a"),
        ("dance", 0.7, 1.5, "b & c"),
        ("remark", 0.7, 1.5, "said"),
        ("dance", 2.0, 2.0, "ü"),  # one millisecond is how ELAN keeps a moment
    ]
    assert file.to_bytes() == (tmp_path / "p.eaf").read_bytes()


def test_the_sheet_becomes_a_template_that_pympi_reads(tmp_path):
    sheet = shipped_sheet("clips")
    (tmp_path / "s.etf").write_bytes(as_elan(sheet, coder="Ann & Bo"))
    other = pympi.Eaf(str(tmp_path / "s.etf"))
    assert set(other.get_tier_names()) == {
        f"{code.name}@{side}" if side else code.name for code in sheet.codes for side in code.sides or ("",)
    }
    for code in sheet.codes:
        entries = other.get_cv_entries(code.name).values()
        assert [values[0][0] for values, _ in entries] == list(code.values)
        tier = f"{code.name}@{code.sides[0]}" if code.sides else code.name
        assert other.get_parameters_for_tier(tier)["ANNOTATOR"] == "Ann & Bo"
    file = read_elan(tmp_path / "s.etf").with_events([CodedEvent("", "", "respect", 0, 10, "officer", "-1")])
    assert file.coded().events[0].coder == "Ann & Bo"
    assert file.coded().events[0].subject == "officer"
    with pytest.raises(CodingError, match="not in the vocabulary"):
        file.with_events([CodedEvent("", "", "respect", 20, 30, "officer", "5")])
    with pytest.raises(CodingError, match="There are: respect@officer, respect@child, respect@adult"):
        file.with_events([CodedEvent("", "", "respect", 20, 30, "officer 1", "1")])


def test_two_children_who_join_at_once_have_tiers_of_their_own(tmp_path):
    sheet = shipped_sheet("clips")
    (tmp_path / "s.eaf").write_bytes(as_elan(sheet, subjects=("child 1", "child 2")))
    both = [CodedEvent("", "", "joining", 3, 9, f"child {number}", "child") for number in (1, 2)]
    file = read_elan(tmp_path / "s.eaf").with_events(both)
    assert [(each.code, each.subject, each.start_s, each.end_s) for each in file.coded().events] == [
        ("joining", "child 1", 3, 9),
        ("joining", "child 2", 3, 9),
    ]
    (tmp_path / "s.eaf").write_bytes(file.to_bytes())
    other = pympi.Eaf(str(tmp_path / "s.eaf"))
    assert {"joining", "joining@child 1", "joining@child 2", "respect@officer"} <= set(other.get_tier_names())
    assert "respect@child 1" not in other.get_tier_names()
    assert other.get_parameters_for_tier("joining@child 2")["PARTICIPANT"] == "child 2"


def changed(old: str, new: str) -> bytes:
    assert old in ELAN
    return ELAN.replace(old, new).encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<a", "not well-formed"),
        (b"<a/>", "is not the root of an ELAN file"),
        (changed("<!-- a comment before the root -->", '<!DOCTYPE a [<!ENTITY x "y">]>'), "declares a document type"),
        (
            changed("<!-- a comment before the root -->", '<!DOCTYPE a SYSTEM "file:///etc/passwd">'),
            "declares a document type",
        ),
        (changed('encoding="UTF-8"', 'encoding="ISO-8859-1"'), "not the encoding"),
        (changed('VERSION="3.0"', 'VERSION="9.0"'), "not a version"),
        (changed('TIME_UNITS="milliseconds"', 'TIME_UNITS="frames"'), "not the unit"),
        (changed('TIME_VALUE="4000"', 'TIME_VALUE="4 s"'), "not a whole number of milliseconds"),
        (changed('TIME_SLOT_REF2="ts4"', 'TIME_SLOT_REF2="ts9"'), "a time slot that the file does not have"),
        (changed('TIME_VALUE="9000"', 'TIME_VALUE="3000"'), "ends before it begins"),
        (changed('ANNOTATION_ID="a2"', 'ANNOTATION_ID="a1"'), "is the name of two annotations"),
        (changed('TIER_ID="approach"', 'TIER_ID="dance"'), "is the name of two tiers"),
        (changed('ANNOTATION_ID="a3" ANNOTATION_REF="a2"', 'ANNOTATION_ID="a3" ANNOTATION_REF="a7"'), "does not have"),
        (changed('ANNOTATION_ID="a3" ANNOTATION_REF="a2"', 'ANNOTATION_ID="a3" ANNOTATION_REF="a3"'), "in a circle"),
        (changed('ANNOTATION_ID="a3" ', ""), "has no ANNOTATION_ID"),
        (b"<ANNOTATION_DOCUMENT>" + b"<X>" * 50 + b"</X>" * 50 + b"</ANNOTATION_DOCUMENT>", "levels deep"),
    ],
)
def test_what_is_not_sound_is_refused(content, told):
    with pytest.raises(CodingError, match=told):
        parse_elan(content, "a.eaf")


def test_every_mistake_is_told_at_once():
    content = changed('TIME_VALUE="4000"', 'TIME_VALUE="x"').replace(b'TIME_SLOT_REF1="ts1"', b'TIME_SLOT_REF1="ts8"')
    content = content.replace(b'VERSION="3.0"', b'VERSION="1.0"').replace(
        b'ANNOTATION_REF="a2"', b'ANNOTATION_REF="b2"'
    )
    with pytest.raises(CodingError) as caught:
        parse_elan(content, "a.eaf")
    assert len(caught.value.mistakes) >= 5


def test_strange_values_are_told_and_kept():
    file = parse_elan(changed("<ANNOTATION_VALUE>fast<", "<ANNOTATION_VALUE>wild<"), "a.eaf")
    assert any("wild" in warning for warning in file.warnings)
    assert any(each.value == "wild" for each in file.coded().events)


def test_adding_to_a_tier_that_has_no_times_of_its_own_is_refused():
    file = parse_elan(CONTENT, "a.eaf")
    with pytest.raises(CodingError) as caught:
        file.with_events(
            [CodedEvent("", "", "note@officer 1", 1, 2, "", "x"), CodedEvent("", "", "dnace", 3, 2, "", "\x01")]
        )
    told = str(caught.value)
    assert "belong to others" in told
    assert "Did you mean 'dance'?" in told


@pytest.mark.parametrize("times", [[(30, 40), (35, 45)], [(30, 40), (32, 32)]])
def test_marks_of_one_tier_that_overlap_are_refused(times):
    file = parse_elan(CONTENT, "a.eaf")
    with pytest.raises(CodingError, match="overlaps the mark from 30 to 40 s of tier approach"):
        file.with_events([CodedEvent("", "", "approach", start, end, "", "x") for start, end in times])
    beside = [CodedEvent("", "", "approach", start, end, "", "x") for start, end in ((30, 40), (40, 45))]
    assert len(file.with_events(beside).coded().events) == len(file.coded().events) + 2


def test_a_number_too_long_for_a_time_is_a_mistake_and_no_crash():
    for digits in (400, 5000):
        content = re.sub(rb'TIME_VALUE="\d+"', b'TIME_VALUE="' + b"9" * digits + b'"', CONTENT, count=1)
        with pytest.raises(CodingError, match="is not a whole number of milliseconds"):
            parse_elan(content, "a.eaf")
    named = parse_elan(CONTENT.replace(b'"ts1"', b'"ts' + b"9" * 5000 + b'"'), "a.eaf")
    assert named.with_events([CodedEvent("", "", "approach", 30, 40, "", "x")]).coded().events


def test_empty_and_self_closing_parts_take_marks():
    content = CONTENT.replace(b"\r", b"")
    start, end = content.index(b"    <TIME_ORDER>"), content.index(b"</TIME_ORDER>") + len(b"</TIME_ORDER>")
    tiers, after = content.index(b"    <TIER "), content.index(b'    <TIER LINGUISTIC_TYPE_REF="free"')
    bare = content[:start] + b"    <TIME_ORDER />" + content[end:tiers] + content[after:]
    bare = bare.replace(b'TIER_ID="approach"/>', b"TIER_ID='approach' NOTE='a > b' />")
    file = parse_elan(bare, "a.eaf").with_events([CodedEvent("", "", "approach", 1, 2, "", "x")])
    assert [(each.start_s, each.end_s, each.value) for each in file.coded().events] == [(1.0, 2.0, "x")]
    again = file.with_events([CodedEvent("", "", "approach", 3, 4, "", "y")])
    assert len(again.coded().events) == 2
    assert b"NOTE='a > b'" in again.to_bytes()


@pytest.mark.parametrize("milliseconds", [1, 290, 1001, 4035, 16385001])
def test_times_keep_every_millisecond(milliseconds):
    time_s = milliseconds / 1000
    file = parse_elan(CONTENT, "a.eaf").with_events([CodedEvent("", "", "approach", time_s, time_s, "", "x")])
    assert [value for _, value in file.parts.slots[-2:]] == [milliseconds, milliseconds + 1]
    assert file.coded().events[[each.value for each in file.coded().events].index("x")].start_s == time_s


def test_a_moment_lasts_a_millisecond_in_the_file_and_is_a_moment_when_read():
    moments = [CodedEvent("", "", "approach", time_s, time_s, "", "x") for time_s in (20.0, 20.001, 30.0)]
    file = parse_elan(CONTENT, "a.eaf").with_events(moments)
    lengths = [end - start for start, end in (file.times_s[each.id] for each in file.parts.tiers[2].annotations)]
    assert lengths == pytest.approx([0.001] * 3)
    assert [(each.start_s, each.end_s) for each in file.coded().events if each.value == "x"] == [
        (20.0, 20.0),
        (20.001, 20.001),
        (30.0, 30.0),
    ]
    with pytest.raises(CodingError, match="overlaps the mark from 20 to"):
        file.with_events([CodedEvent("", "", "approach", 20.0, 20.0, "", "x")])


@pytest.mark.parametrize(
    ("slots", "wanted_s"),
    [
        ((("ts1", 1000), ("ts2", 5000), ("ts3", None)), 5.0),  # at its last timed neighbour; 17.5 if new slots moved it
        ((("ts1", 1000), ("ts2", None), ("ts3", None)), 1.0),
    ],
)
def test_a_last_slot_without_a_time_stays_where_it_was(slots, wanted_s):
    start, end = ELAN.index("    <TIME_ORDER>"), ELAN.index("</TIME_ORDER>")
    lines = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="{name}"/>'
        if value is None
        else f'<TIME_SLOT TIME_SLOT_ID="{name}" TIME_VALUE="{value}"/>'
        for name, value in (*slots, ("ts4", None))
    )
    text = ELAN[:start] + "<TIME_ORDER>" + lines + ELAN[end:]
    before = parse_elan(text.encode(), "a.eaf")
    added = [CodedEvent("", "", "approach", 30.0, 40.0, "", "x"), CodedEvent("", "", "approach", 50.0, 51.0, "", "y")]
    after = before.with_events(added)
    assert {name: after.times_s[name] for name in before.times_s} == before.times_s
    assert before.times_s["a2"][1] == wanted_s
    assert [(each.start_s, each.value) for each in after.coded().events][-2:] == [(30.0, "x"), (50.0, "y")]
    again = after.with_events([CodedEvent("", "", "approach", 60.0, 61.0, "", "z")])
    assert {name: again.times_s[name] for name in after.times_s} == after.times_s


def test_a_subject_without_a_tier_is_refused_and_a_comment_that_has_no_place_is_told():
    file = parse_elan(CONTENT, "a.eaf")
    with pytest.raises(
        CodingError, match=r"'child 1' has no tier of approach in a\.eaf\. Make the tier approach@child 1"
    ):
        file.with_events([CodedEvent("", "", "approach", 20, 20, "child 1", "x", "why")])
    with_tier = CONTENT.replace(
        b'<TIER LINGUISTIC_TYPE_REF="free" TIER_ID="approach"/>',
        b'<TIER LINGUISTIC_TYPE_REF="free" TIER_ID="approach"/><TIER LINGUISTIC_TYPE_REF="free" TIER_ID="approach@child 1"/>',
    )
    more = parse_elan(with_tier, "a.eaf").with_events(
        [
            CodedEvent("", "", "approach", 20, 20, "child 1", "x", "why"),
            CodedEvent("", "", "dance", 20, 21, "officer 1", "fast"),
        ]
    )
    assert [(each.code, each.subject) for each in more.coded().events if each.start_s == 20] == [
        ("approach", "child 1"),
        ("dance", "officer 1"),
    ]
    assert "1 comment was not written" in more.coded().warnings[-1]


@pytest.mark.parametrize(
    ("clip", "coder", "told"),
    [("other.mp4", "", "is another clip than dance off.mp4"), ("", "bo", "is another coder than ann")],
)
def test_marks_of_another_clip_or_coder_are_refused(clip, coder, told):
    file = parse_elan(CONTENT, "ann.eaf")
    with pytest.raises(CodingError, match=told):
        file.with_events([CodedEvent(clip, coder, "approach", 20, 20, "", "x")])
    assert file.with_events([CodedEvent("Dance off", "Ann", "approach", 20, 20, "", "x")]).coded().events
    assert file.with_events([CodedEvent("", "cy", "approach", 20, 20, "", "x")], "cy").coded("cy").events
