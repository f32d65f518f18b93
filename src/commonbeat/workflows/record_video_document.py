"""Everything that is said of a clip but its series and pictures, as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonbeat.record.video.instrument.measured import (
        Chance,
        GroupMeasure,
        Happening,
        Measured,
        Pair,
        Person,
        Smiling,
        Sound,
    )


def document(measured: Measured) -> dict[str, Any]:
    """The whole clip as plain values."""
    covered = measured.moments.coverage
    return {
        "clip": {**asdict(measured.facts), "notes": list(measured.facts.notes)},
        "analysed": {
            "start_s": measured.span[0],
            "until_s": measured.span[1],
            "frames": measured.frames,
            "rate": round(measured.rate, 3),
        },
        "camera_known": _rounded(float(covered.mean()) if len(covered) else 0.0),
        "people": [_person(each) for each in measured.people],
        "pairs": [_pair(each) for each in measured.pairs],
        "happenings": [_happening(each) for each in measured.happenings],
        "groups": [
            {"start_s": _rounded(span[0]), "end_s": _rounded(span[1]), "people": list(people)}
            for span, people in measured.groups
        ],
        "everybody": [_group_measure(each) for each in measured.measures],
        "beat": _group_measure(measured.beat),
        "sound": None if measured.sound is None else _sound(measured.sound),
        "smiling": _smiling(measured.smiling),
        "pictures": {"shown": len(measured.key_frames), "why_not": measured.pictures_why_not},
        "not_measured": [{"what": what, "why": why} for what, why in measured.not_measured],
        "cautions": list(measured.cautions),
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "number": person.number,
        "first_s": _rounded(person.first_s),
        "last_s": _rounded(person.last_s),
        "coverage": _rounded(person.coverage),
    }


def _happening(each: Happening) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "start_s": _rounded(each.start_s),
        "end_s": _rounded(each.end_s),
        "uncertainty_s": _rounded(each.uncertainty_s),
        "people": list(each.people),
        "amount": _rounded(each.amount),
        "amount_sd": _rounded(each.amount_sd),
        "words": each.words,
    }


def _sound(sound: Sound) -> dict[str, Any]:
    return {
        "speech": _rounded(sound.speech),
        "music": _rounded(sound.music),
        "cannot_tell": _rounded(sound.unclear),
        "beats_a_minute": _rounded(sound.tempo_bpm),
        "beats_a_minute_low": _rounded(sound.tempo_low),
        "beats_a_minute_high": _rounded(sound.tempo_high),
        "beat_words": sound.tempo_words,
        "beats": len(sound.beats),
        "notes": list(sound.notes),
    }


def _smiling(smiling: Smiling) -> dict[str, Any]:
    return {
        "share": _rounded(smiling.share),
        "low": _rounded(smiling.low),
        "high": _rounded(smiling.high),
        "coverage": _rounded(smiling.coverage),
        "why_not": smiling.why_not,
    }


def _pair(pair: Pair) -> dict[str, Any]:
    lag = pair.lag
    return {
        "first": pair.first,
        "second": pair.second,
        "both_s": _rounded(pair.both_s),
        "near_s": _rounded(pair.near_s),
        "near": [[_rounded(start), _rounded(end)] for start, end in pair.near],
        "distance": _rounded(pair.distance),
        "distance_low": _rounded(pair.distance_low),
        "distance_high": _rounded(pair.distance_high),
        "depth_unclear": _rounded(pair.depth_unclear),
        "facing": _rounded(pair.facing),
        "facing_coverage": _rounded(pair.facing_coverage),
        "joint_s": _rounded(pair.joint_s),
        "together": _chance(pair.together),
        "without_beat": _chance(pair.without_beat),
        "phase_locking": _chance(pair.locking),
        "wavelet_coherence": _chance(pair.wavelets),
        "lag": None if lag is None else {name: _rounded(value) for name, value in asdict(lag).items()},
        "why_not": pair.why_not,
    }


def _group_measure(measure: GroupMeasure) -> dict[str, Any]:
    return {
        "name": measure.name,
        "meaning": measure.meaning,
        "value": _chance(measure.chance),
        "why_not": measure.why_not,
    }


def _chance(chance: Chance | None) -> dict[str, float | None] | None:
    return None if chance is None else {name: _rounded(value) for name, value in asdict(chance).items()}


def _rounded(value: float | None) -> float | None:
    """Four decimals, and nothing where a number is not known."""
    return None if value is None or value != value else round(float(value), 4)  # noqa: PLR0124 - NaN
