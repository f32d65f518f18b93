"""The words of the model: outcomes, kinds of experience, channels and sources, with their numbers in arrays.

The order is the order of every array with such an axis. New words go to the end.
"""

from __future__ import annotations

OUTCOMES = ("trust", "cooperation", "prejudice", "reform", "regard")
TRUST, COOPERATION, PREJUDICE, REFORM, REGARD = range(5)

KINDS = (
    "encounter",
    "other_contact",
    "stop",
    "harassment",
    "gun_pointed",
    "clip_of_encounter",
    "clip_of_stop",
    "violent_clip",
)
ENCOUNTER, OTHER_CONTACT, STOP, HARASSMENT, GUN_POINTED, CLIP_OF_ENCOUNTER, CLIP_OF_STOP, VIOLENT_CLIP = range(8)
STOPS = (STOP, HARASSMENT, GUN_POINTED)
CLIPS = (CLIP_OF_ENCOUNTER, CLIP_OF_STOP, VIOLENT_CLIP)

CHANNELS = ("direct", "told", "watched", "news")
DIRECT, TOLD, WATCHED, NEWS = range(4)

SOURCES = ("background", "scenario")
BACKGROUND, SCENARIO = range(2)

# What is counted for novelty: direct experiences by their sign, what others told, and clips of any kind.
COUNTERS = ("good_contact", "bad_contact", "told", "clip")
GOOD_CONTACT, BAD_CONTACT, HEARD, CLIP = range(4)
