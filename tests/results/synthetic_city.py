"""The made-up city of the synthetic run: its arms, people, places and parameters, and the tables that no draw changes."""

from __future__ import annotations

import polars as pl

DAYS = 365
CHECKPOINTS = (7, 30, 90, 180, 365)
REFERENCE = "nothing"
ARMS = {
    "nothing": "The same year without the moment",
    "moment_unfilmed": "The moment, unfilmed",
    "resident_clip": "The moment, its clip posted by a resident",
    "outlet_clip": "The moment, its clip posted by an outlet",
    "outlet_clip_then_violent": "The outlet's clip, then a violent police clip",
    "weekly_year": "The moment every week for a year",
    "weekly_half_year": "The same programme, stopped half-way",
    "fewer_stops": "The ordinary year with half the stops",
}
ENCOUNTERS = {"nothing": 0, "fewer_stops": 0, "weekly_year": 53, "weekly_half_year": 26}  # otherwise one
CLIPS = {
    "resident_clip": {"dance_off/0": "resident"},
    "outlet_clip": {"dance_off/0": "outlet"},
    "outlet_clip_then_violent": {"dance_off/0": "outlet", "violent_clip/0": "outlet"},
}
PEOPLE = {
    "Black residents": 80_000,
    "White residents": 240_000,
    "All other residents": 80_000,
    "All residents": 400_000,
    "Officers": 600,
    "Elsewhere": 600_000,
}
STOPS = {"Black residents": 19_000, "White residents": 20_000, "All other residents": 9_000, "All residents": 48_000}
PARAMETERS = {
    "direct_trust": (0.12, 0.05),
    "stop_trust": (-0.11, 0.04),
    "watched_trust": (0.02, 0.03),
    "violent_clip_trust": (-0.35, 0.08),
    "contact_retention": (0.5, 0.2),
    "told_fraction": (0.4, 0.1),
    "outlet_feed_chance": (0.02, 0.012),
    "direct_prejudice_reduction": (0.1, 0.05),
    "media_retention": (0.45, 0.2),
    "cooperation_per_trust": (0.5, 0.1),
    "reform_per_trust": (-0.1, 0.2),
    "direct_regard": (0.05, 0.06),
}
PLACES = {
    # name: residents, latitude, longitude, stops per 1,000
    "Downtown West": (8_000, 44.975, -93.270, 520.0),
    "Jordan": (8_300, 45.000, -93.305, 210.0),
    "Kenwood": (1_500, 44.963, -93.300, 40.0),
    "Powderhorn Park": (8_900, 44.942, -93.258, 130.0),
    "Whittier": (14_400, 44.958, -93.278, 150.0),
    "Airport": (None, 44.885, -93.220, None),
}
OUTCOMES_OF = {"Officers": ("regard", "prejudice")}
RESIDENT_OUTCOMES = ("trust", "cooperation", "prejudice", "reform")
MANIFEST = {
    "title": "A dance-off in Minneapolis",
    "seed": 7,
    "days": DAYS,
    "reference": REFERENCE,
    "checkpoints": list(CHECKPOINTS),
    "society": "minneapolis",
    "society_hash": "synthetic-society",
    "parameter_ledger_hash": "synthetic-ledger",
    "arms": [{"name": name, "title": title, "note": ""} for name, title in ARMS.items()],
}
SCENARIO = "\n".join(
    [
        'title = "A dance-off in Minneapolis"',
        "seed = 7",
        f"days = {DAYS}",
        "draws = 12",
        'society = "minneapolis"',
        f'reference = "{REFERENCE}"',
        f"checkpoints = {list(CHECKPOINTS)}",
        "[encounters.dance_off]",
        "children = 8",
        'children_group = "Black"',
        "bystanders = 25",
        "officers = 1",
        'authenticity = "spontaneous"',
        'place = "drawn"',
        "hour = 16",
        *(f'[[arms]]\nname = "{name}"\ntitle = "{title}"' for name, title in ARMS.items()),
        "",
    ]
)


def stops_table() -> pl.DataFrame:
    """Stops by place, race as recorded by police and kind."""
    rows = []
    for place, (residents, _, _, rate) in PLACES.items():
        for category, share in {
            "Black": 0.35,
            "East African": 0.05,
            "White": 0.25,
            "Unknown": 0.2,
            "Empty": 0.15,
        }.items():
            for kind, part in {"traffic": 0.5, "suspicious": 0.5}.items():
                count = int((rate or 100.0) * (residents or 5_000) / 1000 * share * part)
                rows.append(
                    (
                        place,
                        category,
                        kind,
                        count,
                        residents,
                        count / residents * 1000 if residents else None,
                        None,
                        None,
                    )
                )
    return pl.DataFrame(
        rows,
        orient="row",
        schema={
            "place": pl.String,
            "category": pl.String,
            "kind": pl.String,
            "count": pl.Int64,
            "residents": pl.Float64,
            "per_1000": pl.Float64,
            "latitude": pl.Float64,
            "longitude": pl.Float64,
        },
    )


def account_table() -> pl.DataFrame:
    """A society's account in four lines."""
    return pl.DataFrame(
        {
            "name": ["residents", "stops", "stops without a usable race", "households"],
            "value": ["400000", "51920", "17440", "drawn"],
            "unit": ["people", "stops", "stops", ""],
            "status": ["measured", "measured", "missing", "assumed"],
            "source": ["MplsDemo", "MplsStops", "MplsStops", "no table of households"],
        }
    )
