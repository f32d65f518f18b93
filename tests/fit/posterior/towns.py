"""A small town to fit, and targets as a user would write them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from commonbeat.fit.posterior import Known, asked_of
from commonbeat.scenario import Scenario, parse_scenario
from commonbeat.simulate.frame import Frame
from commonbeat.society import open_society

TOWN = """
title = "A small town tries dancing"
seed = 11
days = 40
draws = 6
society = "small"
reference = "nothing"

[encounters.dance_off]
title = "An officer joins children dancing"
children = 8
bystanders = 25

[[arms]]
name = "nothing"
title = "The ordinary weeks"

[[arms]]
name = "moment"
title = "The moment, unfilmed"
[[arms.events]]
kind = "encounter"
encounter = "dance_off"
day = 3

[[arms]]
name = "outlet_clip"
title = "An outlet posts the clip"
[[arms.events]]
kind = "encounter"
encounter = "dance_off"
day = 3
clip = "outlet"
"""
HEADER = "kind,arm,group,ring,outcome,day,estimate,std_error,unit,sd,n,counted,clip,file,posted\n"
SURVEY = "survey_mean,moment,Black residents,,trust,{day},{estimate},{error},points,,{n},,,,\n"
PRESENT = "effect,moment,All,present,trust,7,0.11,0.03,SD,,120,,,,\n"
WATCHED = "effect,outlet_clip,All,watched,prejudice,7,-0.06,0.03,SD,,300,,,,\n"
CONTACTS = "count,nothing,All residents,,,40,40,,,,,other contact,,,\n"
USEFUL = HEADER + PRESENT + WATCHED + CONTACTS


@lru_cache(maxsize=1)
def town() -> Scenario:
    return parse_scenario(TOWN, source="town.toml")


@lru_cache(maxsize=1)
def known() -> Known:
    return Known(town(), asked_of(Frame(open_society("small"))))


def written(folder: Path, text: str, name: str = "targets.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
