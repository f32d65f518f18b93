"""A study's data, one row a person: the draw, and every answer by wave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.listen.bank.wording import wording
from commonbeat.listen.results.variable import NOT_ASKED, SKIPPED, Variable, people_variables, variable_of

if TYPE_CHECKING:
    from commonbeat.listen.results.collected import Collected


@dataclass(frozen=True, slots=True, eq=False)
class Wide:
    """One row per person who agreed. frame: null where nothing was answered. passed: the same items' columns, true where passed over."""

    frame: pl.DataFrame
    passed: pl.DataFrame
    variables: tuple[Variable, ...]

    def items(self, wave: str | None = None) -> tuple[Variable, ...]:
        """The columns that hold answers, of one wave or all."""
        return tuple(each for each in self.variables if each.item and wave in (None, each.wave))

    def coded(self) -> pl.DataFrame:
        """The frame with a code for each reason that a number is missing, for programs that can be told which codes mean nothing."""
        columns = [
            pl.when(pl.col(each.name).is_null() & self.passed[each.name])
            .then(float(SKIPPED))
            .when(pl.col(each.name).is_null())
            .then(float(NOT_ASKED))
            .otherwise(pl.col(each.name))
            .alias(each.name)
            for each in self.items()
            if each.kind == "number"
        ]
        return self.frame.with_columns(columns)

    def scored(self) -> pl.DataFrame:
        """The frame without answers that are no points of their scale, such as "rather not say": ready to be averaged."""
        columns = [
            pl.when(pl.col(each.name).is_in([float(code) for code in each.unscored]))
            .then(None)
            .otherwise(pl.col(each.name))
            .alias(each.name)
            for each in self.items()
            if each.unscored
        ]
        return self.frame.with_columns(columns)


def wide_data(collected: Collected, *, language: str | None = None, texts: bool = False) -> Wide:
    """The study's data, one row a person, rows in an order of chance. texts: whether words of people's own are in it."""
    words = wording(collected.bank, language or collected.study.languages[0])
    people = collected.people
    told = collected.told
    asked = [(item, wave) for wave in collected.waves for item in collected.items_of(wave)]
    variables = [variable_of(item, wave, collected, words) for item, wave in asked if texts or not item.open_text]
    frame, passed = _people(collected, people), people.select("number")
    for each in variables:
        rows = told.filter((pl.col("wave") == each.wave) & (pl.col("item") == each.item))
        value = "text" if each.kind == "text" else "value"
        here = rows.select("participant", pl.col(value).alias(each.name), pl.col("skipped").alias("passed"))
        joined = frame.select("number").join(
            here, left_on="number", right_on="participant", how="left", maintain_order="left"
        )
        frame = frame.with_columns(joined[each.name])
        passed = passed.with_columns(joined["passed"].fill_null(value=False).alias(each.name))
    return Wide(frame.drop("number"), passed.drop("number"), (*people_variables(collected), *variables))


def _people(collected: Collected, people: pl.DataFrame) -> pl.DataFrame:
    names = ["respondent", "number", *[each.name for each in people_variables(collected)][1:]]
    for wave in collected.waves:
        answered = pl.col("number").is_in(list(collected.answered(wave)))
        people = people.with_columns(answered.cast(pl.Int64).alias(f"answered_{wave}"))
    return people.with_columns(pl.col("stratum").fill_null("")).select(list(dict.fromkeys(names)))


def long_data(collected: Collected, *, texts: bool = False) -> pl.DataFrame:
    """The study's data, one row an answer: respondent, arm, audience, language, wave, scale, item, value, skipped and, if asked for, text."""
    people = collected.people
    keys = ["respondent", "number", *(["arm"] if collected.study.arms else []), "audience", "language"]
    scale = {name: collected.bank.item(name).scale for name in collected.told["item"].unique().to_list()}
    rows = collected.told.join(people.select(keys), left_on="participant", right_on="number")
    rows = rows.with_columns(pl.col("item").replace_strict(scale, return_dtype=pl.String).alias("scale"))
    if not texts:
        open_items = [name for name in scale if collected.bank.item(name).open_text]
        rows = rows.filter(~pl.col("item").is_in(open_items))
    order = {wave: place for place, wave in enumerate(collected.waves)}
    rows = rows.with_columns(
        pl.col("wave").replace_strict(order, default=len(order), return_dtype=pl.Int64).alias("place")
    )
    names = [name for name in keys if name != "number"] + ["wave", "scale", "item", "value", "skipped"]
    return rows.sort("respondent", "place", "item").select([*names, *(["text"] if texts else [])])
