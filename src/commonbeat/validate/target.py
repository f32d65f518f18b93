"""Targets: published studies, each with what it found and the rule by which a prediction passes.

A target is frozen before anybody tunes anything to it: the hash of its file stands beside the priors (`evidence/frozen_targets.csv`),
and a file that has changed since is refused.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from commonbeat.errors import LedgerError, Mistakes
from commonbeat.scenario.reading import frozen
from commonbeat.scenario.strict import StrictModel
from commonbeat.scenario.wording import schema_mistakes

HEADING = "The targets cannot be used:"
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Text = Annotated[str, Field(min_length=1)]
Above0 = Annotated[float, Field(gt=0)]
# What each kind of finding must state beside what all of them do.
NEEDED = {
    "number": ("published", "widest"),
    "range": ("published_low", "published_high", "widest"),
    "sign": ("sign",),
    "null": ("margin",),
}


class Rival(StrictModel):
    """A dull forecast of the statistic: normal, on the statistic's own scale."""

    mean: float
    """Its mean."""
    sd: Above0
    """Its SD: the sampling error of the study."""


class Finding(StrictModel):
    """One published finding and what a prediction must do to pass.

    number: the published number lies in the 90 % predictive interval, and the interval is no wider than `widest`. range: at least .8 of the
    mass lies in the published range, and the interval is no wider than `widest`. sign: the predicted probability of the sign is above .8.
    null: at least .8 of the mass lies within the margin around 0.
    """

    id: Identifier
    """Short name, used in tables and JSON."""
    card: Annotated[str, Field(pattern=r"^E\d{3}$")]
    """The evidence card that holds the finding."""
    kind: Literal["number", "range", "sign", "null"]
    """Which rule decides."""
    what: Text
    """The statistic, in words."""
    unit: Text
    """Its unit."""
    published: float | None = None
    """The published number."""
    published_low: float | None = None
    """Lower end of a published range."""
    published_high: float | None = None
    """Upper end of a published range."""
    widest: Above0 | None = None
    """The widest 90 % interval that could still have failed."""
    sign: Literal[-1, 1] | None = None
    """The published sign."""
    margin: Above0 | None = None
    """Half the width of the equivalence interval around 0."""
    no_effect: Rival
    """What somebody would say who expects nothing."""
    pooled_mean: Rival
    """What somebody would say who knows the field's pooled mean and nothing else."""
    note: str = ""
    """How the rivals or the margin were read off."""

    @model_validator(mode="after")
    def _states_its_rule(self) -> Self:
        rules = {name for names in NEEDED.values() for name in names}
        missing = [name for name in NEEDED[self.kind] if getattr(self, name) is None]
        surplus = [name for name in sorted(rules - set(NEEDED[self.kind])) if getattr(self, name) is not None]
        if missing or surplus:
            words = [f"needs {', '.join(missing)}"] * bool(missing) + [f"has no use for {', '.join(surplus)}"] * bool(
                surplus
            )
            message = f"{self.id}: a finding of kind '{self.kind}' {' and '.join(words)}"
            raise ValueError(message)
        return self


class Target(StrictModel):
    """A study, what is withheld from the priors when it is predicted, how it is emulated, and its findings."""

    id: Identifier
    """Short name; also the name of the file."""
    title: Text
    """What was studied, for people."""
    study: Text
    """Who published it, and when."""
    cards: Annotated[tuple[str, ...], Field(min_length=1)]
    """The cards of this study."""
    leave_out: tuple[str, ...]
    """Cards withheld from the priors."""
    emulation: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    """The module that emulates it."""
    design: Text
    """The study's design, in words."""
    given: Text
    """What the emulation is told and does not predict."""
    setting: Mapping[str, object]
    """Numbers of the design."""
    finding: Annotated[tuple[Finding, ...], Field(min_length=1)]
    """What the study found."""

    def number(self, name: str) -> float:
        """The setting of that name as a number; KeyError when the target has none."""
        value = self.setting[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            message = f"{self.id}: setting.{name} is not a number: {value!r}"
            raise TypeError(message)
        return float(value)

    def count(self, name: str) -> int:
        """The setting of that name as a whole number."""
        return round(self.number(name))


@dataclass(frozen=True, slots=True)
class Frozen:
    """When a target was frozen, and the hash of its file then."""

    target: str
    frozen_on: str
    sha256: str


def target_files() -> dict[str, bytes]:
    """The files of all shipped targets by name, sorted."""
    folder = resources.files("commonbeat.validate") / "targets"
    files = {
        file.name.removesuffix(".toml"): file.read_bytes() for file in folder.iterdir() if file.name.endswith(".toml")
    }
    return dict(sorted(files.items()))


def code_hash() -> str:
    """SHA-256 over the code that emulates and judges, so that draws of two versions of it are never mixed."""
    digest = hashlib.sha256()
    folder = resources.files("commonbeat.validate")
    for place in (folder, folder / "emulations"):
        for file in sorted((file for file in place.iterdir() if file.name.endswith(".py")), key=lambda file: file.name):
            digest.update(f"{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def frozen_targets() -> dict[str, Frozen]:
    """What was recorded beside the priors, by target."""
    text = (resources.files("commonbeat.evidence") / "frozen_targets.csv").read_text(encoding="utf-8")
    return {row["target"]: Frozen(**row) for row in csv.DictReader(io.StringIO(text))}


def load_targets() -> tuple[Target, ...]:
    """Every shipped target, unchanged since it was frozen.

    Raises:
        LedgerError: with every mistake: a file that is not a target, that changed since it was frozen, or that never was.
    """
    found, targets = Mistakes(), []
    known = frozen_targets()
    for name, content in target_files().items():
        if name not in known:
            found.add(
                f"targets/{name}.toml", None, "was never frozen", "See docs/validation.md: how a target is added."
            )
        elif hashlib.sha256(content).hexdigest() != known[name].sha256:
            rule = f"has changed since it was frozen on {known[name].frozen_on}"
            found.add(f"targets/{name}.toml", None, rule, "Put the frozen file back; a better target gets a new name.")
        target = parse_target(name, content, found)
        targets.extend([target] if target else [])
    for name in sorted(set(known) - set(target_files())):
        found.add("frozen_targets.csv", name, "has no file", "A target that was frozen is not taken back.")
    found.raise_if_any(LedgerError, HEADING)
    return tuple(targets)


def parse_target(name: str, content: bytes, found: Mistakes) -> Target | None:
    """The target in the file, or None with the reasons noted."""
    try:
        target = Target.model_validate(frozen(tomllib.loads(content.decode("utf-8"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found.add(f"targets/{name}.toml", None, f"is not TOML: {error}")
        return None
    except ValidationError as error:
        for mistake in schema_mistakes(error, Target).found:
            found.add(f"targets/{name}.toml {mistake.place}", mistake.value, mistake.rule, mistake.way_out)
        return None
    if target.id != name:
        found.add(f"targets/{name}.toml id", target.id, "is not the name of the file")
    return target
