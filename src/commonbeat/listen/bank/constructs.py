"""What a scale can be about. The list is closed, so that a scale about groups of people is known as such and kept from children."""

from __future__ import annotations

from typing import Final

STEREOTYPES: Final = frozenset({"stereotypes of children", "stereotypes of officers"})

CONSTRUCTS: Final[dict[str, str]] = {
    "acquaintance": "who got to know whom, and whether it lasted",
    "approach of the officer": "who came up to whom, freely or not",
    "attention": "whether the question was read",
    "background": "who somebody is, in their own account",
    "bias awareness": "noticing one's own assumptions about groups",
    "contact with police": "recent stops and other meetings, and how they went",
    "cooperation": "helping the police, meant and done",
    "credit of culture": "whether those whose culture it is were asked and named",
    "engagement": "joining or starting such encounters, meant and done",
    "enjoyment": "how it felt to be there",
    "felt safety": "feeling safe where one lives",
    "legitimacy": "whether the police rightly have their powers",
    "manipulation": "what was seen of the material",
    "own words": "what people say when nobody gives them answers to choose from",
    "procedural justice": "whether people are heard, respected and treated alike",
    "reach": "how the encounter or its clip became known",
    "reform": "the demand that policing change",
    "regard for residents": "what officers think of the people whom they serve",
    "respect and empathy": "respecting and feeling for the other side",
    "stereotypes of children": "fixed pictures of Black children",
    "stereotypes of officers": "fixed pictures of police officers",
    "the team's own": "something that a team asks besides",
    "trust": "expecting that the police mean well and do right",
}
