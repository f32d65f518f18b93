"""When a wave is open for somebody: counted from the encounter, or for viewers from their own first day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commonbeat.listen.study.calendar import next_opening, open_wave, wave_days
from commonbeat.listen.study.reading import study_from
from tests.listen.study.conftest import changed, tree_of

RESIDENTS, VIEWERS = study_from(tree_of("residents")), study_from(tree_of("viewers"))


def test_residents_are_all_asked_on_the_same_days() -> None:
    spans = wave_days(RESIDENTS, began_on=date(2026, 7, 10))
    assert [(each.wave, each.opens_on, each.closes_on) for each in spans] == [
        ("day_3", date(2026, 6, 16), date(2026, 6, 22)),
        ("day_21", date(2026, 7, 4), date(2026, 7, 13)),
        ("day_90", date(2026, 9, 11), date(2026, 10, 1)),
    ]
    assert open_wave(RESIDENTS, date(2026, 6, 16), date(2026, 6, 22)) == "day_3"
    assert open_wave(RESIDENTS, date(2026, 6, 16), date(2026, 6, 23)) is None
    assert next_opening(RESIDENTS, date(2026, 6, 16), date(2026, 6, 16)) == date(2026, 7, 4)
    assert next_opening(RESIDENTS, date(2026, 6, 16), date(2026, 9, 11)) is None


@given(late=st.integers(0, 122))
def test_viewers_are_asked_equally_long_after_they_began(late) -> None:
    began = VIEWERS.starts_on + timedelta(days=late)
    assert open_wave(VIEWERS, began, began) == "first"
    spans = {each.wave: each for each in wave_days(VIEWERS, began)}
    follow_up = began + timedelta(days=30)
    if follow_up <= VIEWERS.closes_on:
        assert spans["month_later"].opens_on == follow_up
        assert open_wave(VIEWERS, began, follow_up) == "month_later"
    else:
        assert "month_later" not in spans
    assert all(each.opens_on <= each.closes_on <= VIEWERS.closes_on for each in spans.values())


def test_no_wave_lasts_beyond_the_study() -> None:
    study = study_from(changed("residents", "closes_on", "2026-09-20"))
    assert wave_days(study, study.starts_on)[-1].closes_on == date(2026, 9, 20)
