"""What a scenario's headlines hang on, on one page: their drivers, where these turn the sign, and luck's share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commonbeat.report.number import significant
from commonbeat.report.page import environment, style
from commonbeat.report.sensitivity_picture import ends_picture, share_picture, turning_picture

if TYPE_CHECKING:
    from commonbeat.fit.sensitivity.study import Driver, HeadlineStudy, Study
    from commonbeat.report.chart import Picture


@dataclass(frozen=True, slots=True)
class Told:
    """One headline on the page."""

    place: int
    study: HeadlineStudy
    pictures: tuple[Picture, ...]

    @property
    def claim(self) -> str:
        """The claim that its figures bear on."""
        return self.study.headline.claim

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return f"headline-{self.place}"


def render_sensitivity(study: Study, title: str) -> str:
    """The page of a study as one HTML text that needs no network."""
    return environment().get_template("sensitivity.html.j2").render(**everything(study, title))


def everything(study: Study, title: str) -> dict[str, Any]:
    """What the template shows."""
    return {
        "title": title,
        "study": study,
        "style": style(),
        "told": [_told(place, one) for place, one in enumerate(study.headlines, start=1)],
        "words_of": words_of,
        "turns": turns,
        "meanings": meanings(),
        "significant": significant,
    }


def _told(place: int, one: HeadlineStudy) -> Told:
    if not one.drivers:
        return Told(place, one, ())
    return Told(place, one, (share_picture(one, place), ends_picture(one, place), turning_picture(one, place)))


def words_of(name: str) -> str:
    """A parameter's name as words."""
    return name.replace("_", " ")


def turns(driver: Driver) -> str:
    """The tipping value with its interval, or that there is none."""
    found = driver.tipping
    if found.value is None:
        return "no value of its prior turns the sign"
    if found.low is None or found.high is None:
        return f"perhaps at {significant(found.value)} {driver.unit}: only {100 * found.crossed:.0f} % of the repeats turn at all"
    return f"{significant(found.value)} ({significant(found.low)} to {significant(found.high)}) {driver.unit}"


def meanings() -> dict[str, tuple[str, str]]:
    """Meaning and grounds of every parameter of the ledger."""
    from commonbeat.report.drivers import ledger

    return {name: (meaning, grounds.partition(": ")[2]) for name, (meaning, grounds, _) in ledger().items()}
