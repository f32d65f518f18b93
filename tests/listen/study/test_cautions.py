"""How long a study takes, and what a sound one may still do better."""

import pytest

from commonbeat.listen.study.cautions import study_cautions
from commonbeat.listen.study.length import minutes_of, whole_minutes
from commonbeat.listen.study.reading import study_from
from tests.listen.study.conftest import changed, tree_of

INVENTED = (
    "The study is marked as an invented example: its report would say that nothing was measured. "
    "Take the line `invented = true` out before real people are asked."
)


@pytest.mark.parametrize("name", ["present", "residents"])
def test_shipped_studies_need_no_caution_but_that_they_are_invented(name, bank, shipped) -> None:
    assert study_cautions(shipped(name), bank) == (INVENTED,)


def test_viewers_are_told_until_when_to_invite(bank, shipped) -> None:
    assert study_cautions(shipped("viewers"), bank) == (
        INVENTED,
        "Whoever begins after 2026-10-01 cannot answer the last wave: stop inviting then.",
    )


def test_a_copy_says_what_is_still_made_up_until_it_is_not(bank) -> None:
    tree = changed("present", "invented", value=False)
    made_up, nobodys = study_cautions(study_from(tree), bank)
    assert made_up == "Still as in the invented example, and said to be made up: organisation. Put in what is so."
    assert nobodys.startswith("Nobody is reached by the contact, the youth house, telephone 555 0100")
    tree |= {"organisation": "Youth House", "contact": "telephone 555 2100, house@city.example"}
    assert len(study_cautions(study_from(tree), bank)) == 1
    tree["contact"] = "telephone 555 2100, mail@examples.org"
    assert study_cautions(study_from(tree), bank) == ()


def test_minutes_are_those_of_what_somebody_is_asked(bank, shipped) -> None:
    study = shipped("present")
    asked = sum(bank.scale(name).minutes for name in ("child_friends_later", "child_safety"))
    assert minutes_of(study, bank, "child", "later") == pytest.approx(asked)  # they do not read what adults are told
    purpose = len(study.purpose["es"].split()) / 200
    scales = ("child_joy", "child_again", "child_trust", "child_friends", "child_words")
    first = sum(bank.scale(name).minutes for name in scales)
    assert minutes_of(study, bank, "child", "after") == pytest.approx(first + purpose + 2)
    assert minutes_of(study, bank, "child") == minutes_of(study, bank, "child", "after")


def test_material_and_checks_take_time_too(bank) -> None:
    tree = tree_of("viewers")
    minutes = minutes_of(study_from(tree), bank, "adult", "first")
    tree["checks"] = {}
    assert minutes_of(study_from(tree), bank, "adult", "first") == pytest.approx(
        minutes - bank.scale("attention").minutes - bank.scale("manipulation").minutes
    )
    tree["arms"][3]["text"]["en"] = "word " * 900
    assert minutes_of(study_from(tree), bank, "adult", "first") > minutes + 2


@pytest.mark.parametrize(("minutes", "told"), [(0.0, 1), (0.2, 1), (3.0, 3), (3.01, 4)])
def test_minutes_are_told_rounded_up(minutes, told) -> None:
    assert whole_minutes(minutes) == told


def test_a_long_study_is_said_to_be_long(bank) -> None:
    children = changed("present", "purpose.en", "word " * 400)
    assert any("takes children about 7 minutes, above 5" in each for each in study_cautions(study_from(children), bank))
    adults = [name for name, scale in bank.scales.items() if scale.kind != "check" and scale.audience != {"officer"}]
    long = changed("residents", "scales", adults)
    long["audience"] = ["adult", "child"]
    long["waves"][1]["scales"].append("child_safety")
    long["waves"][2]["scales"].append("child_safety")
    assert any("Wave day_3 takes adults about" in each for each in study_cautions(study_from(long), bank))


@pytest.mark.parametrize("name", ["residents", "viewers", "present"])
def test_who_asks_for_willingness_asks_later_whether_they_did(name, bank) -> None:
    tree = tree_of(name)
    for wave in tree["waves"]:
        wave["scales"] = [each for each in wave.get("scales", tree["scales"]) if each != "engaged"]
    assert any('"engaged"' in each for each in study_cautions(study_from(tree), bank))


def test_asking_it_in_the_same_wave_is_not_later(bank) -> None:
    tree = tree_of("residents")
    tree["scales"] = [*tree["scales"], "engaged"]
    del tree["waves"][1:]
    assert any('"engaged"' in each for each in study_cautions(study_from(tree), bank))


def test_who_is_asked_once_need_not_be_reached_again(bank) -> None:
    tree = tree_of("residents")
    del tree["waves"][1:]
    said = "asked once and may still leave a way to reach them"
    assert any(said in each for each in study_cautions(study_from({**tree, "contact_data": True}), bank))
    assert not any(said in each for each in study_cautions(study_from({**tree, "contact_data": False}), bank))


def test_stops_stand_beside_trust(bank) -> None:
    tree = tree_of("residents")
    for wave in (tree, *tree["waves"]):
        wave["scales"] = [each for each in wave.get("scales", tree["scales"]) if each != "recent_contact"]
    assert any('"recent_contact"' in each for each in study_cautions(study_from(tree), bank))


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("checks.attention", None, "No attention check"),
        ("checks.manipulation", None, "No manipulation check"),
        ("assignment", None, "drawn in one stratum"),
        ("contact_data", False, "no way to reach them"),
        ("arms.1.clip", "dance.mp4", "Films without captions: clip."),
        ("closes_on", "2026-08-02", "is cut short by closes_on"),
    ],
)
def test_what_could_be_better_is_said(place, value, said, bank) -> None:
    assert any(said in each for each in study_cautions(study_from(changed("viewers", place, value)), bank))
