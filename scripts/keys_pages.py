"""The pages of docs/ that list the keys of a TOML file, each from the model that reads it."""

from __future__ import annotations

from reference_page import keys_page


def scenario_keys() -> str:
    """Every key of a scenario file, from the JSON schema that `commonbeat schema` prints."""
    from commonbeat.scenario import scenario_schema

    places = {
        "EncounterSetting": "[encounters.NAME]",
        "Arm": "[[arms]]",
        "EncounterEvent": '[[arms.events]], kind "encounter"',
        "ViolentClipEvent": '[[arms.events]], kind "violent_clip"',
        "NegativeEncounterEvent": '[[arms.events]], kind "stop", "harassment" or "gun_pointed"',
        "PriorBand": "[priors.PARAMETER]",
        "Reproduction": "[reproduction]",
    }
    intro = (
        "A scenario is one TOML file. It is read strictly: a key that is not in these tables is an error that names the "
        "nearest one. How to write a scenario stands on [its own page](scenario.md)."
    )
    return keys_page("Scenario keys", intro, scenario_schema(), places)


def design_keys() -> str:
    """Every key of the design of a study, from its model."""
    from commonbeat.estimate.design import Design

    places = {
        "Assignment": "[assignment]",
        "Scale": "[scales.NAME]",
        "Attrition": "[attrition]",
        "Equivalence": "[equivalence]",
        "Interference": "[interference]",
        "Mediation": "[mediation]",
        "Raking": "[raking]",
        "Panel": "[panel]",
        "BeforeAfter": "[before_after]",
        "Rollout": "[rollout]",
        "Series": "[series]",
    }
    intro = (
        "The design of a study is one TOML file for `commonbeat estimate DATA --design DESIGN.toml`. Where a list is "
        "asked for, one word will do. How to use it stands on [the page on estimating](estimate.md)."
    )
    return keys_page("Design keys", intro, Design.model_json_schema(), places)


def power_keys() -> str:
    """Every key of a planned study, from its model."""
    from commonbeat.estimate.power.model import PowerDesign

    places = {
        "Arm": "[[arms]]",
        "SampleSetting": "[sample]",
        "Wave": "[[waves]]",
        "Measure": "[measure]",
        "Spillover": "[spillover]",
        "Simulation": "[simulation]",
        "SocietySetting": "[society]",
    }
    intro = "A planned study is one TOML file for `commonbeat power DESIGN.toml`. What is computed from it stands on [the page on power](power.md)."
    return keys_page("Power keys", intro, PowerDesign.model_json_schema(), places)


def listen_keys() -> str:
    """Every key of a study that asks people, from its model."""
    from commonbeat.listen.study.model import StudyDesign

    places = {
        "Wave": "[[waves]]",
        "Arm": "[[arms]]",
        "Assignment": "[assignment]",
        "Checks": "[checks]",
    }
    intro = (
        "A study that asks people is one TOML file. It is read strictly: a key that is not in these tables is an error that names the nearest "
        'one. What is said to respondents stands there once for each language, as in `title.en = "..."`. How to make a study stands on '
        "[its own page](listen.md), what can be asked on [the page of items](items.md)."
    )
    return keys_page("Study keys", intro, StudyDesign.model_json_schema(), places)
