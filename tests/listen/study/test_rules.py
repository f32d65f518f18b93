"""What a study may not do: each rule broken alone, and told."""

import pytest

from commonbeat.listen.study.reading import study_from
from tests.listen.study.conftest import changed, mistakes, tree_of


def only(tree, place: str):
    """The mistake at the place, which is the only one."""
    found = mistakes(tree)
    assert set(found) == {place}, [str(each) for each in found.values()]
    return found[place]


def children_alone() -> dict:
    tree = tree_of("present")
    tree["audience"] = ["child"]
    tree["scales"] = ["child_joy", "child_trust"]
    tree["waves"][1]["scales"] = ["child_safety"]
    return tree


def test_an_officer_never_asks_children() -> None:
    mistake = only(changed("present", "collected_by", "officer"), "collected_by")
    assert mistake.rule == "may not collect children's answers"
    adults = changed("present", "audience", ["adult"]) | {"collected_by": "officer"}
    adults["scales"] = ["enjoyment"]
    adults["waves"][1]["scales"] = ["acquaintance_later"]
    assert study_from(adults).collected_by == "officer"


@pytest.mark.parametrize("scale", ["stereotypes_children", "stereotypes_officers"])
def test_a_study_of_children_never_asks_for_stereotypes(scale) -> None:
    tree = children_alone()
    tree["scales"].append(scale)
    assert "which no child is ever asked" in only(tree, "scales.3").rule


@pytest.mark.parametrize("scale", ["trust", "recent_contact", "age", "open_questions"])
def test_a_study_of_children_asks_nothing_made_for_adults(scale) -> None:
    tree = children_alone()
    tree["scales"].append(scale)
    mistake = only(tree, "scales.3")
    assert "and the study asks children" in mistake.rule
    assert "child_joy" in mistake.way_out
    assert "trust," not in mistake.way_out.replace("child_trust,", "")


def test_everybody_is_asked_something_in_each_wave() -> None:
    tree = tree_of("present")
    tree["waves"][1]["scales"] = ["acquaintance_later"]
    assert only(tree, "waves.2.scales").rule == "asks children nothing in wave 2"


@pytest.mark.parametrize("design", ["present", "residents"])
def test_only_viewers_are_drawn_to_arms(design) -> None:
    viewers = tree_of("viewers")
    tree = tree_of(design) | {key: viewers[key] for key in ("arms", "assignment")}
    tree["checks"] = {"manipulation": "manipulation"}
    found = mistakes(tree)
    assert {"arms", "assignment", "checks.manipulation"} <= set(found)
    assert all(
        found[place].rule == "belongs to viewers only" for place in ("arms", "assignment", "checks.manipulation")
    )


@pytest.mark.parametrize("arms", [0, 1])
def test_viewers_are_compared_between_arms(arms) -> None:
    tree = tree_of("viewers")
    tree["arms"] = tree["arms"][:arms]
    del tree["assignment"]
    assert "where at least 2 are needed" in only(tree, "arms").rule


def test_whoever_is_shown_one_of_several_things_is_told_so() -> None:
    tree = tree_of("viewers")
    del tree["debriefing"]
    assert "is missing" in only(tree, "debriefing").rule
    residents = tree_of("residents")
    del residents["debriefing"]
    assert study_from(residents).debriefing == {}


@pytest.mark.parametrize("sizes", [[6, 8], [4, 8, 10], [3]])
def test_blocks_are_filled_by_whole_shares(sizes) -> None:
    found = mistakes(changed("viewers", "assignment.block_sizes", sizes))
    wrong = {f"assignment.block_sizes.{number}" for number, size in enumerate(sizes, start=1) if size % 4}
    assert wrong <= set(found)
    assert all("is no multiple of 4, the sum of shares" in found[place].rule for place in wrong)


def test_shares_count_into_blocks() -> None:
    tree = changed("viewers", "arms.1.share", 2)
    assert "is no multiple of 5" in mistakes(tree)["assignment.block_sizes.1"].rule
    tree["assignment"]["block_sizes"] = [5, 10]
    assert study_from(tree).block_sizes == (5, 10)
    del tree["assignment"]["block_sizes"]
    assert study_from(tree).block_sizes == (5, 10, 15)


def test_one_size_of_block_can_be_foretold() -> None:
    assert only(changed("viewers", "assignment.block_sizes", [8]), "assignment.block_sizes").rule == "has only one size"


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        ("block_by", ["trust_rely"], "is not asked before the arm is drawn"),
        ("block_by", ["recent_stop"], "is no item of the bank"),
        ("block_by", ["recent_stops", "recent_stops"], "stands there twice"),
        ("block_by", ["recent_stops", "recent_stop_went", "recent_friendly"], "make 288 strata, above 60"),
        ("ask_before", ["recent_contact", "trust"], "is asked in that wave already"),
        ("ask_before", ["recent_contact", "recent_contact"], "stands there twice"),
    ],
)
def test_strata_come_from_answers_given_before(place, value, rule) -> None:
    found = mistakes(changed("viewers", f"assignment.{place}", value))
    assert any(rule in mistake.rule for mistake in found.values()), [str(each) for each in found.values()]


def test_strata_come_from_options() -> None:
    tree = changed("viewers", "assignment.ask_before", ["recent_contact", "cooperation_done"])
    tree["assignment"]["block_by"] = ["done_met"]
    assert only(tree, "assignment.block_by.1").rule == "has no options"


def test_the_windows_of_waves_lie_apart_and_in_order() -> None:
    mistake = only(changed("residents", "waves.1.window_days", 19), "waves.2.day")
    assert mistake.rule == "opens before waves.1 has closed, on day 21"
    assert study_from(changed("residents", "waves.1.window_days", 18)).waves[0].window_days == 18
    assert "waves.3.day" in mistakes(changed("residents", "waves.3.day", 5))
    assert "is the name of an earlier one" in only(changed("residents", "waves.2.name", "day_3"), "waves.2.name").rule


def test_waves_lie_within_the_days_of_the_study() -> None:
    assert "before starts_on" in only(changed("residents", "waves.1.day", 2), "waves.1.day").rule
    assert "after closes_on" in only(changed("residents", "closes_on", "2026-09-10"), "waves.3.day").rule
    assert only(changed("viewers", "closes_on", "2026-07-30"), "waves.2.day").rule.startswith("opens on 2026-07-31")
    assert only(changed("viewers", "waves.1.day", 1), "waves.1.day").rule == "is not 0"
    assert only(changed("viewers", "day_zero", "2026-07-01"), "day_zero").rule == "has no meaning for viewers"


def test_a_planned_encounter_may_be_asked_about_before() -> None:
    tree = tree_of("residents") | {"starts_on": "2026-06-06"}
    tree["waves"].insert(0, {"name": "before", "day": -7, "window_days": 6})
    assert study_from(tree).wave_names[0] == "before"


@pytest.mark.parametrize("kept", ["2026-10-03", "2026-01-01"])
def test_answers_are_kept_for_some_time_after_the_end(kept) -> None:
    assert "does not lie after closes_on" in only(changed("residents", "kept_until", kept), "kept_until").rule


def test_the_end_lies_after_the_beginning() -> None:
    assert "lies before starts_on" in mistakes(changed("viewers", "closes_on", "2026-06-01"))["closes_on"].rule


@pytest.mark.parametrize(
    ("key", "year"), [("closes_on", "9999"), ("kept_until", "3000"), ("day_zero", "0001"), ("starts_on", "1999")]
)
def test_no_calendar_ends_within_a_study(key, year) -> None:
    assert mistakes(changed("residents", key, f"{year}-12-31"))[key].rule == "is no day between 2000 and 2999"


@pytest.mark.parametrize(("day", "length"), [(3651, 7), (10**12, 7), (-366, 7), (90, 3651)])
def test_a_wave_lies_within_years_of_the_study(day, length) -> None:
    tree = changed("residents", "waves.3.day", day)
    tree["waves"][2]["window_days"] = length
    found = mistakes(tree)
    assert found["waves.3.day" if length == 7 else "waves.3.window_days"].rule.startswith("is ")


def test_respondents_read_everything_in_each_language() -> None:
    tree = tree_of("viewers")
    del (
        tree["purpose"]["es"],
        tree["debriefing"]["en"],
        tree["arms"][0]["description"]["es"],
        tree["arms"][3]["text"]["en"],
    )
    assert set(mistakes(tree)) == {"purpose.es", "debriefing.en", "arms.1.description.es", "arms.4.text.en"}
    french = tree_of("residents")
    french["languages"] = ["en", "fr"]
    found = mistakes(french)
    assert "has no folder of words" in found["languages"].rule
    assert {"title.fr", "title.es"} <= set(found)


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        ("arms.1.description", None, "is missing"),
        ("arms.3.text", None, "is missing"),
        ("arms.1.text", {"en": "a", "es": "b"}, "is not shown in an arm of kind clip"),
        ("arms.4.clip", "a.mp4", "is not shown in an arm of kind text"),
        ("arms.1.clip", "../a.mp4", "leads out of the study's folder"),
        ("arms.1.captions", {"en": "a.vtt", "es": "b.vtt"}, "has no clip that it belongs to"),
        ("arms.2.name", "clip", "is the name of an earlier one"),
    ],
)
def test_an_arm_has_what_it_shows_and_no_more(place, value, rule) -> None:
    assert rule in only(changed("viewers", place, value), place).rule


def test_checks_are_checks() -> None:
    mistake = only(changed("viewers", "checks.attention", "reached"), "checks.attention")
    assert mistake.rule == "is no check"
    assert "attention" in mistake.way_out


def test_nothing_is_asked_twice_in_a_wave() -> None:
    assert "stands there twice" in only(changed("residents", "scales.2", "recent_contact"), "scales.2").rule
    assert "asked in that wave already" in only(changed("viewers", "scales.1", "attention"), "scales.1").rule
    assert (
        "stands there twice"
        in only(changed("residents", "waves.2.scales.2", "recent_contact"), "waves.2.scales.2").rule
    )
