"""One fixed set of parameters for tests of the engine: round numbers, so that a failure can be followed by hand."""

from __future__ import annotations

PARAMETERS: dict[str, float] = {
    "direct_trust": 0.25, "stop_trust": -0.12, "harassment_trust": -0.2, "gun_pointed_trust": -0.4,
    "contact_retention": 0.5, "trust_transient_mean_days": 12.0, "trust_durable_half_life_days": 400.0,
    "direct_prejudice_reduction": 0.1, "media_retention": 0.4, "prejudice_retention": 0.6,
    "prejudice_transient_mean_days": 11.0, "prejudice_durable_half_life_days": 700.0,
    "watched_trust": 0.05, "watched_prejudice_reduction": 0.04, "watched_low_trust_gain": 0.02,
    "watched_recent_stop_shift": -0.06, "watched_youth_cooperation_shift": -0.03, "direct_low_trust_gain": 0.3,
    "direct_group_residual": 0.1, "violent_clip_trust": -0.35, "text_to_film": 0.9, "negative_to_positive_ratio": 2.2,
    "told_fraction": 0.35, "cooperation_per_trust": 0.7, "reform_per_trust": -0.2, "direct_regard": 0.15,
    "watched_regard": 0.05, "generalisation": 0.6, "participant_dose": 0.5, "bystander_share": 0.3, "play_for_prejudice": 0.4,
    "planned_authenticity": 0.7, "staged_authenticity": 0.3, "novelty_exponent": 0.5, "tell_chance_close": 0.3,
    "tell_chance_acquaintance": 0.03, "tie_formation_chance": 0.02, "stop_share_at_home": 0.75, "missing_race_tilt": 0.1,
    "empty_record_share": 0.3, "other_contacts_per_year": 0.15, "other_contact_dose": 0.1,
    "filmed_share_of_stops": 0.05, "feed_chance": 0.25, "feed_decay_hours": 12.0, "share_chance": 0.023,
    "appeal_sigma": 0.7, "share_delay_median_hours": 3.0, "share_delay_sigma": 2.3, "outlet_feed_chance": 0.1,
    "elsewhere_feed_ratio": 0.5, "outlet_pickup_chance": 0.3, "resident_pickup_per_share": 0.02,
}  # fmt: skip
