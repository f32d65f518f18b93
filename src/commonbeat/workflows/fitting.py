"""A scenario meets its society: what does not fit is refused, what may fall short is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.scenario import Room, require_fit, shortfalls

if TYPE_CHECKING:
    from commonbeat.scenario import Scenario
    from commonbeat.society import Society, Ties


def fit(scenario: Scenario, society: Society) -> list[str]:
    """The scenario fits the society; returned is one line for each encounter that may find fewer people than asked."""
    room = room_of(society)
    outlets = [outlet.name for outlet in society.outlets]
    require_fit(scenario, groups=society.groups, places=room.places, outlets=outlets, room=room)
    return list(shortfalls(scenario, room))


def room_of(society: Society) -> Room:
    """How many children, residents and officers the places of the society hold; Elsewhere is no place to meet."""

    def by_group(cells: Ties) -> dict[str, tuple[int, ...]]:
        counts = cells.degrees.reshape(len(society.places), len(society.groups))[: society.elsewhere_place]
        return {group: tuple(counts[:, column].tolist()) for column, group in enumerate(society.groups)}

    return Room(
        places=tuple(place.name for place in society.places[: society.elsewhere_place]),
        children=by_group(society.children_by_place_group),
        members=by_group(society.residents_by_place_group),
        officers=int(society.officers_by_place.degrees.sum()),
    )
