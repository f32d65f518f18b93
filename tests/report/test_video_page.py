"""The page of a clip: coverage first, the null beside every value, one page of A4, and none of the refused words."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest

from commonbeat.report.video import MUSIC, render_video, statement
from commonbeat.report.video_strip import NARROW, time_strip
from commonbeat.report.video_words import clock, happenings_shown, pairs_shown
from tests.report.clips import crowded, empty, measured
from tests.report.html_reading import read
from tests.report.refused_words import refused_words
from tests.report.test_browser import MEASURE, WIDTHS, browser, pages_of, run_browser

__all__ = ["browser"]  # a fixture that is used here as well
CLIPS = {"usual": measured, "crowded": crowded, "empty": empty}


@pytest.fixture(scope="module", params=CLIPS)
def clip(request):
    return CLIPS[request.param]()


@pytest.fixture(scope="module")
def page(clip) -> str:
    return render_video(clip)


def test_the_page_is_whole_and_says_none_of_the_refused_words(page: str) -> None:
    read(page)
    assert refused_words(page) == []


@pytest.mark.parametrize(
    "word",
    [
        "joy",
        "emotional",
        "race",
        "Racial",
        "aged",
        "ages",
        "gender",
        "transgender",
        "identities",
        "age_years",
        "joyless",
        "teenager",
        "emotive",
    ],
)
def test_refused_words_are_found_where_they_stand(word: str) -> None:
    assert refused_words(f"the {word} of it")
    assert not refused_words("an average page with an image; embrace the stage, trace the package, personage")


def test_coverage_stands_before_anything_that_was_found(page: str, clip) -> None:
    assert (
        page.index("Camera’s motion known") < page.index("Along the clip</h2>") < page.index("Pairs beside chance</h2>")
    )
    if clip.people:
        assert re.search(r"found in \d+.% of their frames", statement(clip))


def test_no_value_of_moving_together_stands_without_its_null(page: str, clip) -> None:
    shown = [each for each in pairs_shown(clip) if each.together is not None]
    assert len(re.findall(r"\(null −?\d\.\d\d to −?\d\.\d\d\)", page)) >= 2 * len(shown)
    assert page.count('class="strip null"') == len(shown)


def test_what_people_hear_is_said_beside_how_they_move(page: str) -> None:
    assert MUSIC in page
    assert "No step is made from moving together or from smiling to trust." in page


def test_every_figure_carries_claim_and_source(page: str) -> None:
    for each in read(page).all:
        if each.attributes.get("class") in ("number", "quoted"):
            assert each.attributes["data-claim"]
            assert each.attributes["data-source"]


def test_pictures_are_said_in_words(page: str, clip) -> None:
    elements = read(page).all
    images = [each for each in elements if each.tag == "img"]
    assert len(images) == len(clip.key_frames)
    assert all(each.attributes["alt"].startswith("At ") for each in images)
    assert all(each.attributes["src"].startswith("data:image/jpeg;base64,") for each in images)
    drawn = [each for each in elements if each.tag == "svg" and each.attributes.get("class") == "picture"]
    assert len({each.attributes["aria-labelledby"] for each in drawn}) == len(drawn) == 2
    identifiers = [each.attributes["id"] for each in elements if "id" in each.attributes]
    assert len(identifiers) == len(set(identifiers))
    for section in (each for each in elements if each.tag == "section"):
        assert section.attributes["aria-labelledby"] in identifiers


def test_pairs_on_the_page_are_chosen_by_how_long_they_could_be_compared() -> None:
    few = measured()
    high = replace(few.pairs[0], first=8, second=9, joint_s=5.0)
    many = replace(few, pairs=(high, *(replace(few.pairs[1], first=1, second=each) for each in range(10, 20))))
    assert high not in pairs_shown(many)


def test_joins_are_told_before_approaches_where_room_is_short() -> None:
    few = measured()
    assert [each.kind for each in happenings_shown(few, 2)] == ["joined", "left"]


def one_in(clip, **changes):
    """The clip with pairs whose chances are these."""
    return replace(clip, pairs=tuple(replace(each, together=chance) for each, chance in changes["pairs"]))


def test_the_statement_claims_no_more_than_the_number_of_pairs_allows() -> None:
    few = measured()
    base = few.pairs[0].together
    above = replace(base, value=0.5, high=0.4, p=0.02, p_adjusted=0.06)
    below = replace(base, value=0.3, high=0.4, p=0.4, p_adjusted=0.8)
    told = statement(one_in(few, pairs=zip(few.pairs, (above, below, below, None, None, None), strict=True)))
    assert "none moved together more than chance gives, the number of pairs reckoned with; 1 lay above its own" in told
    sure = replace(above, p=0.01, p_adjusted=0.03)
    told = statement(one_in(few, pairs=zip(few.pairs, (sure, below, below, None, None, None), strict=True)))
    assert "1 moved together more than chance gives, the number of pairs reckoned with." in told
    assert "With the music’s beat taken out it still does." in told
    alone = tuple(replace(each, without_beat=below) for each in few.pairs)
    told = statement(one_in(few, pairs=zip(alone, (sure, sure, below, None, None, None), strict=True)))
    assert "With the music’s beat taken out, none of them still do." in told
    short = replace(below, p_least=0.02)
    told = statement(one_in(few, pairs=zip(few.pairs, (short, short, short, None, None, None), strict=True)))
    assert "No pair could have: this is too little film for so many pairs." in told
    enough = replace(below, p_least=0.01)
    told = statement(one_in(few, pairs=zip(few.pairs, (enough, enough, enough, None, None, None), strict=True)))
    assert "No pair could have" not in told


def test_a_join_that_may_be_none_is_not_counted_as_sure() -> None:
    few = measured()
    join = few.of("joined")[0]
    doubted = replace(join, doubt="1 and 4 may have changed places just then")
    assert "A group was joined once." in statement(few)
    assert "joined once, or somebody only passed by." in statement(replace(few, happenings=(doubted,)))
    assert "joined 2 times, 1 of them doubtful." in statement(replace(few, happenings=(join, doubted)))


def test_a_single_pair_is_told_in_the_singular() -> None:
    few = measured()
    base = replace(few.pairs[0].together, p_adjusted=None)
    for value, words in ((0.6, "it moved together more"), (0.1, "it did not move together more")):
        pair = replace(few.pairs[0], together=replace(base, value=value, high=0.4, p=0.01))
        assert f"One pair could be compared; {words} than chance gives." in statement(replace(few, pairs=(pair,)))


def test_who_is_missed_more_often_is_said_on_every_page(page: str) -> None:
    assert "is missed or misread more often" in page


def test_a_pair_that_could_not_be_compared_says_why() -> None:
    assert "joint track 21 s of 30 s" in render_video(measured())


def test_a_join_stands_in_the_strip_at_its_time() -> None:
    few = measured()
    found = re.search(r'<text x="([\d.]+)"[^>]*><title>0:15: 4 joined 1 and 2', time_strip(few).body)
    assert found
    left, right = 96.0, 992.0
    assert float(found[1]) == pytest.approx(left + 14.6 / 60 * (right - left), abs=0.1)


def test_the_strip_of_an_hour_stays_small() -> None:
    assert len(time_strip(crowded(), NARROW).body) < 60_000


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0:00"), (59.6, "1:00"), (754, "12:34"), (3723, "1:02:03")])
def test_times_are_written_as_people_read_them(seconds: float, words: str) -> None:
    assert clock(seconds) == words


def test_nothing_overflows_and_nothing_is_asked_for(browser, page: str, tmp_path) -> None:
    wrapped = MEASURE.replace("%s", json.dumps(WIDTHS)).replace("PAGE", json.dumps(page).replace("</", "<\\/"))
    (tmp_path / "measure.html").write_text(wrapped, encoding="utf-8")
    printed = run_browser(browser, tmp_path, "--dump-dom", f"file://{tmp_path / 'measure.html'}")
    found = re.search(r'<pre id="result">(.*?)</pre>', printed, re.DOTALL)
    assert found, printed[:400]
    for width, seen in json.loads(html.unescape(found.group(1))).items():
        assert seen["overflow"] == 0, (width, seen["wide"])
        assert seen["wide"] == [], width
        assert seen["requests"] == 0
        assert seen["sections"] == 4


def test_it_prints_as_one_page(browser, page: str, tmp_path) -> None:
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    target = tmp_path / "page.pdf"
    run_browser(
        browser, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={target}", f"file://{tmp_path / 'page.html'}"
    )
    assert pages_of(target.read_bytes()) == 1
