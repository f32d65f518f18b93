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

# What is counted for novelty, always by sign: hearing of a dance must not make later news of stops less new.
COUNTERS = ("good_contact", "bad_contact", "told_good", "told_bad", "good_clip", "bad_clip")
GOOD_CONTACT, BAD_CONTACT, TOLD_GOOD, TOLD_BAD, GOOD_CLIP, BAD_CLIP = range(6)
GOOD_KINDS = (ENCOUNTER, OTHER_CONTACT, CLIP_OF_ENCOUNTER)
