"""Small studies that are open on DAY, and somebody who goes through one."""

from __future__ import annotations

import secrets
from datetime import date
from functools import cache
from importlib.resources import files

from commonbeat.listen.study.answers import read_answers
from commonbeat.listen.study.model import StudyDesign
from commonbeat.listen.study.reading import load_study, study_from
from commonbeat.storage import Store
from commonbeat.workflows.listen_keep import (
    Standing,
    arrive,
    choose_language,
    consent,
    open_study,
    register_study,
    submit,
)

DAY = date(2026, 8, 1)
LATER = date(2026, 9, 3)
FEW = ["trust"]


@cache
def _shipped(name: str) -> StudyDesign:
    return load_study(str(files("commonbeat.studies") / f"{name}.toml"))


def viewers(**changes: object) -> StudyDesign:
    """Viewers with four arms that are all words, so that no film is needed."""
    tree = _shipped("dance-off-viewers").document()
    words = tree["arms"][-1]["text"]
    tree["arms"] = [{"name": each["name"], "kind": "text", "text": words} for each in tree["arms"]]
    tree["waves"] = [
        {"name": "first", "day": 0, "window_days": 3},
        {"name": "month_later", "day": 30, "window_days": 14},
    ]
    tree["scales"] = [*FEW, "reflection"]
    tree["waves"][1]["scales"] = FEW
    tree["checks"] = {}
    tree["invented"] = True
    return study_from({**tree, **changes})


def panel(**changes: object) -> StudyDesign:
    """Residents, asked twice, without arms; adults in two languages."""
    tree = _shipped("dance-off-residents").document()
    tree["waves"] = [{"name": "first", "day": 0, "window_days": 40}, {"name": "second", "day": 60, "window_days": 20}]
    tree["starts_on"], tree["closes_on"], tree["kept_until"] = "2026-08-01", "2026-12-31", "2027-12-31"
    tree.pop("day_zero", None)
    tree["scales"], tree["checks"], tree["contact_data"] = [*FEW, "reflection"], {}, True
    return study_from({**tree, **changes})


def lasting() -> StudyDesign:
    """The panel, whose second wave is open for years: commands go by the day on which the test runs."""
    waves = [{"name": "first", "day": 0, "window_days": 40}, {"name": "second", "day": 60, "window_days": 3650}]
    return panel(waves=waves, closes_on="2036-07-31", kept_until="2037-12-31")


def children(**changes: object) -> StudyDesign:
    """Those who were there, children among them."""
    tree = _shipped("dance-off-present").document()
    tree["starts_on"], tree["closes_on"], tree["kept_until"] = "2026-08-01", "2026-12-31", "2027-12-31"
    tree["waves"][0] |= {"day": 0, "window_days": 60}
    tree["waves"] = tree["waves"][:1]
    tree.pop("day_zero", None)
    return study_from({**tree, **changes})


def opened(store: Store, study: StudyDesign, on: date = DAY) -> StudyDesign:
    register_study(store, study)
    open_study(store, study.identifier, on=on)
    return study


def key() -> str:
    return secrets.token_urlsafe(16)


def agreed(store: Store, token: str, on: date = DAY) -> Standing:
    """Somebody who came by that link and agreed to take part."""
    now = arrive(store, token, on=on)
    if now.language is None:
        now = choose_language(store, now.token, "en", on=on)
    return consent(store, now.token, "consent", agreed=True, key=key(), on=on)


def filled(now: Standing, words: str = "") -> list:
    """Answers to every question of the page: the first option, 1, or words."""
    form = {}
    for item in now.page.items:
        kind = item.format.kind
        form[item.identifier] = str(item.format.values[0]) if kind == "options" else "1" if kind == "number" else words
    return list(read_answers(now.page, form))


def onward(store: Store, now: Standing, words: str = "", on: date = DAY) -> Standing:
    """The page is sent in."""
    return submit(store, now.token, now.wave, now.page.identifier, key(), filled(now, words), on=on)


def to_the_end(store: Store, now: Standing, words: str = "", on: date = DAY) -> Standing:
    """Every page is sent in, up to the debriefing."""
    while now.page is not None and now.page.kind != "debriefing":
        now = onward(store, now, words, on)
    return now
