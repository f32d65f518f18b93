"""The figures of a run that can stand beside a claim, by key. The report turns a key into a number and a picture."""

from __future__ import annotations

NOT_SIMULATED = "not simulated: no evidence"

MEASURES: dict[str, str] = {
    "break_even.stops_not_made": "how many stops not made equal one encounter of a programme, at day 365 and as area under the curve",
    "dose.weekly_half_year.trust": "trust with the moment every week, stopped half-way",
    "dose.weekly_year.trust": "trust with the moment every week for a year",
    "occurrences.tie": "acquaintances that formed at the encounter",
    "reach.city.views": "views of the clip in the city, by who posted it",
    "reach.elsewhere.views": "views of the clip elsewhere, by who posted it",
    "rings.city.trust": "trust over the whole city, by group",
    "rings.present.cooperation": "cooperation of those present, effect per person",
    "rings.present.prejudice": "prejudice of those present, effect per person",
    "rings.present.trust": "trust of those present, effect per person",
    "rings.told.trust": "trust of those who were told, effect per person",
    "rings.watched.prejudice": "prejudice of those who watched, officers apart",
    "rings.watched.regard": "the regard for residents of officers who watched",
    "rings.watched.trust": "trust of those who watched, effect per person",
    "stops.per_1000": "recorded stops per 1,000 residents by neighbourhood",
}
