"""The sentence under a headline: from a run's own draws, as far as they show anything."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from commonbeat.report.arms import tell
from commonbeat.report.changes import Changes, Turn, what_changes
from commonbeat.report.number import significant
from commonbeat.report.page import environment
from commonbeat.scenario import shipped_text

GROUP = "Black residents"
ROOT = 0.02


def reading_of(sets: int, repeats: int, factor: float = 1.0) -> SimpleNamespace:
    """What a report asks of a run: three arms, and fifty parameters of which one decides the clip's sign."""
    random = np.random.default_rng(2)
    draws = sets + repeats
    parameter_set = np.array([draw if draw < sets else draw - sets for draw in range(draws)])
    values = {f"useless_{number}": random.normal(size=sets)[parameter_set] for number in range(40)}
    values["watched_trust"] = random.normal(0.03, 0.08, sets)[parameter_set]
    clip = (values["watched_trust"] - ROOT) * np.exp(0.5 * random.normal(size=draws)) * factor
    effects = {
        "outlet_clip": clip,
        "moment_unfilmed": random.normal(size=draws) * factor,
        "fewer_stops": np.zeros(draws),
    }
    daily = [
        {"draw": draw, "arm": arm, "group": GROUP, "outcome": "trust", "day": 365, "effect": float(found[draw])}
        for arm, found in effects.items()
        for draw in range(draws)
    ]
    tables = {
        "draws": pl.DataFrame({"draw": range(draws), "parameter_set": parameter_set}),
        "parameters": pl.DataFrame(
            [{"draw": draw, "parameter": name, "value": float(found[draw])} for name, found in values.items() for draw in range(draws)]
        ),
    }  # fmt: skip
    there = pl.DataFrame({"draw": range(draws), "effect": effects["moment_unfilmed"]})
    arms = ["nothing", "moment_unfilmed", "outlet_clip", "fewer_stops"]
    return SimpleNamespace(
        telling=tell(shipped_text("dance-off"), arms, 365),
        headline_group=GROUP,
        daily=pl.DataFrame(daily),
        table=tables.__getitem__,
        ring_frame=lambda *_: there,
    )


def words(changes: Changes) -> str:
    template = '{% from "changes.html.j2" import changed with context %}{{ changed(found, "C5") }}'
    page = environment().from_string(template).render(found=changes)
    return " ".join(page.replace("<b>", "").replace("</b>", "").split())


def test_a_driver_that_the_draws_show_is_named_with_the_value_at_which_it_turns_the_sign() -> None:
    there, clip, stops = what_changes(reading_of(40, 8))
    assert [turn.name for turn in clip.turning] == ["watched trust"]
    assert clip.turning[0].low < ROOT < clip.turning[0].high
    assert clip.turning[0].unit == "latent SD"
    assert clip.sets == 40
    assert "its sign turns with watched trust at" in words(clip)
    assert there.turns == ()
    assert "the draws do not show one" in words(there)
    assert "commonbeat sensitivity" in words(there)
    assert stops.still
    assert "no draw gave any change" in words(stops)


def test_few_sets_show_nothing_however_well_they_are_in_order() -> None:
    _, clip, _ = what_changes(reading_of(6, 1))
    assert clip.turns == ()


def test_a_study_that_does_not_know_the_arm_leaves_the_runs_own_draws_to_speak() -> None:
    _, clip, _ = what_changes(reading_of(40, 8), {"headlines": [], "effort": {"rows": 8}})
    assert clip.source == "run:parameters"


def test_what_turns_and_what_only_moves_are_told_apart() -> None:
    known, idle = Turn("one", "share", 0.5, 0.4, 0.6), Turn("two", "days", None, None, None)
    unsure = Turn("three", "share", 0.5, None, None)
    told = words(Changes((known, idle, unsure), "sensitivity:tipping", 256, (0.2, 0.1, 0.3)))
    assert "its sign turns with one at" in told
    assert "0.50 share (0.40 to 0.60)" in told
    assert "It also moves with two and three; no value of these is known to turn it." in told
    assert "Luck is" in told
    assert "it moves with two; no value is known that turns its sign" in words(
        Changes((idle,), "sensitivity:tipping", 256)
    )
    assert "no parameter stands out" in words(Changes((), "sensitivity:tipping", 256))


@pytest.mark.parametrize(
    ("value", "text"),
    [(803.2, "800"), (0.000141, "0.00014"), (-0.0393, "−0.039"), (0.0, "0"), (4387.8, "4,400"), (0.996, "1.00")],
)
def test_a_value_by_itself_has_two_significant_digits(value: float, text: str) -> None:
    assert significant(value) == text
