"""The command of the video instrument: consent before anything else, all mistakes at once, nothing left on failure."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from commonbeat.cli import run
from commonbeat.cli.show_video import show_video
from commonbeat.record.video.instrument.draft import draft_of
from commonbeat.workflows import record_store
from commonbeat.workflows.record_video import VideoResult
from tests.record.examples import a_consent
from tests.record.video.instrument.consents import consent_of
from tests.report.clips import crowded, empty, measured
from tests.report.refused_words import refused_words

ABSENT = "/nowhere/clip.mp4"


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """A folder to work in, a cache without models, and a day on which the consents of the examples hold."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(record_store, "today", lambda: date(2026, 7, 1))
    monkeypatch.setenv("COMMONBEAT_MODELS", str(tmp_path / "models"))
    return tmp_path


def consent_file(desk: Path, **changes) -> str:
    path = desk / "consent.json"
    path.write_text(json.dumps(a_consent(**changes)), encoding="utf-8")
    return str(path)


def told(capsys, words: list[str], code: int) -> str:
    assert run(words) == code
    heard = capsys.readouterr()
    assert heard.out == ""
    return heard.err


def test_all_that_is_missing_is_named_at_once(desk, capsys) -> None:
    said = told(capsys, ["record", "video"], 2)
    assert all(words in said for words in ("CLIP: is missing", "--consent: is missing", "--out: is missing"))


def test_archives_belong_to_getting_models(desk, capsys) -> None:
    said = told(capsys, ["record", "video", "c.mp4", "--consent", "c", "--out", "o", "--from", "a.tgz"], 2)
    assert "--from: 'a.tgz' belongs to --get-model" in said


@pytest.mark.parametrize("missing", ["guardian", "self"])
def test_without_consent_of_everybody_nothing_is_decoded(desk, capsys, missing: str) -> None:
    """The clip is not even there, and the error is about consent all the same."""
    given = a_consent()["permissions"]
    kept = [each for each in given if (each["slot"], each["by"]) != ("child 2", missing)]
    path = consent_file(desk, permissions=kept)
    said = told(capsys, ["record", "video", ABSENT, "--consent", path, "--out", "out", "--json"], 2)
    assert "child 2" in said
    assert "is missing" in said
    assert "clip.mp4" not in said
    assert sorted(each.name for each in desk.iterdir()) == ["consent.json"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"expires_on": "2026-06-02"}, "expired on 2026-06-02"),
        ({"withdrawn_on": "2026-06-03"}, "was withdrawn on 2026-06-03"),
        ({"scope": ["keep", "show", "share"]}, "does not name 'analyse'"),
    ],
)
def test_what_is_over_or_was_never_given_is_refused(desk, capsys, changes, why: str) -> None:
    *others, officers = a_consent()["permissions"]
    path = consent_file(desk, permissions=[*others[:-1], {**others[-1], **changes}, officers])
    said = told(capsys, ["record", "video", ABSENT, "--consent", path, "--out", "out"], 2)
    assert why in said
    assert not (desk / "out").exists()


def test_an_officer_on_duty_who_was_not_asked_does_not_stop_a_measurement(desk, capsys) -> None:
    path = consent_file(desk, permissions=a_consent()["permissions"][:-1])
    said = told(capsys, ["record", "video", ABSENT, "--consent", path, "--out", "out"], 2)
    assert "--get-model" in said  # the next thing that is looked for
    assert "officer 1" not in said


def test_an_officer_may_not_have_asked_a_child(desk, capsys) -> None:
    given = a_consent()["permissions"]
    path = consent_file(desk, permissions=[{**given[0], "collected_by": "officer"}, *given[1:]])
    assert "officer" in told(capsys, ["record", "video", ABSENT, "--consent", path, "--out", "out"], 2)


def test_models_that_are_missing_are_said_before_the_clip_is_opened(desk, capsys) -> None:
    said = told(capsys, ["record", "video", ABSENT, "--consent", consent_file(desk), "--out", "out"], 2)
    assert "commonbeat record video --get-model" in said
    assert "clip.mp4" not in said
    assert sorted(each.name for each in desk.iterdir()) == ["consent.json"]


def test_what_stands_there_is_never_written_over(desk, capsys) -> None:
    (desk / "out").mkdir()
    said = told(capsys, ["record", "video", ABSENT, "--consent", consent_file(desk), "--out", "out"], 2)
    assert "exists already" in said


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--rate", "2", "is not between 5 and 60 frames a second"),
        ("--rate", "nan", "is not between 5 and 60 frames a second"),
        ("--start", "-1", "is no time in a clip"),
        ("--until", "0.5", "does not lie 1 s after the start"),
    ],
)
def test_options_that_make_no_sense_are_refused(desk, capsys, option: str, value: str, why: str) -> None:
    words = ["record", "video", ABSENT, "--consent", consent_file(desk), "--out", "out", option, value]
    assert why in told(capsys, words, 2)


def test_a_number_of_people_other_than_6_and_20_is_refused(desk, capsys) -> None:
    words = ["record", "video", ABSENT, "--consent", consent_file(desk), "--out", "out", "--people", "7"]
    assert run(words) == 2


@pytest.mark.parametrize("clip", [measured, crowded, empty])
@pytest.mark.parametrize("as_json", [True, False])
def test_what_is_printed_is_short_and_has_none_of_the_refused_words(clip, as_json, capsys) -> None:
    found = clip()
    show_video(VideoResult(found, draft_of(found, consent_of()), Path("out")), as_json=as_json)
    said = capsys.readouterr().out
    assert refused_words(said) == []
    if as_json:
        document = json.loads(said)
        assert len(document["pairs"]) == len(found.pairs)
        assert Path(document["report"]) == Path("out/report.html")
    else:
        assert len(said.splitlines()) < 45
        assert said.splitlines()[-1].endswith("report.html")


def test_no_value_is_printed_without_its_null(capsys) -> None:
    found = measured()
    show_video(VideoResult(found, draft_of(found, consent_of()), Path("out")), as_json=True)
    for each in json.loads(capsys.readouterr().out)["pairs"]:
        for value in (each["together"], each["without_beat"]):
            assert value is None or {"value", "low", "middle", "high", "p"} <= set(value)
        assert each["together"] is not None or each["why_not"]
