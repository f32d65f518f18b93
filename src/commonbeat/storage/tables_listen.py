"""The tables of studies and of those who answer. Days only: nobody's answer has an hour, an address or a device.

Tokens and codes are kept as SHA-256: whoever reads the store cannot open anybody's link with what stands in it.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from commonbeat.storage.tables import metadata

DAY = String(10)

studies = Table(
    "studies",
    metadata,
    Column("identifier", String(64), primary_key=True),
    Column("document", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("registered_on", DAY, nullable=False),
    Column("opened_on", DAY),
    Column("closed_on", DAY),
    Column("assignment_seed", LargeBinary, nullable=False),
)
"""One study each. state: draft, open or closed. assignment_seed: 32 secret bytes, so that the study's file foretells no arm."""

participants = Table(
    "participants",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("study", String(64), ForeignKey("studies.identifier"), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("withdrawal_hash", String(64)),
    Column("came_by", String(12), nullable=False),
    Column("audience", String(12)),
    Column("language", String(12)),
    Column("stratum", String(300)),
    Column("position", Integer),
    Column("arm", String(64)),
    Column("state", String(12), nullable=False),
    Column("arrived_on", DAY),
    Column("consented_on", DAY),
    Column("finished_on", DAY),
    Column("withdrawn_on", DAY),
    Unique("token_hash", name="one_participant_per_token"),
    Unique("withdrawal_hash", name="one_participant_per_withdrawal_code"),
    Unique("study", "stratum", "position", name="one_participant_per_place_in_a_stratum"),
    # What `listen status` counts, so that it reads the index and no row.
    Index("participants_counted", "study", "state", "arm", "audience"),
    sqlite_autoincrement=True,
)
"""Somebody who was invited or came. state: invited, permitted, consented, finished, declined or withdrawn."""

strata = Table(
    "strata",
    metadata,
    Column("study", String(64), ForeignKey("studies.identifier"), primary_key=True),
    Column("stratum", String(300), primary_key=True),
    Column("drawn", Integer, nullable=False),
)
"""How many arms were drawn in each stratum: the next place is one further, whoever withdrew since."""

turns = Table(
    "turns",
    metadata,
    Column("participant", Integer, ForeignKey("participants.number"), primary_key=True),
    Column("wave", String(64), primary_key=True),
    Column("study", String(64), ForeignKey("studies.identifier"), nullable=False),
    Column("arm", String(64)),
    Column("begun_on", DAY, nullable=False),
    Column("finished_on", DAY),
    Index("turns_counted", "study", "wave", "arm", "finished_on"),
)
"""A participant in a wave: begun with the first answer page, finished with the last. arm: copied, to be counted."""

submissions = Table(
    "submissions",
    metadata,
    Column("participant", Integer, ForeignKey("participants.number"), primary_key=True),
    Column("wave", String(64), primary_key=True),
    Column("page", String(64), primary_key=True),
    Column("key", String(64), nullable=False),
    Column("day", DAY, nullable=False),
    Unique("participant", "key", name="one_submission_per_key"),
)
"""A page that was sent in. key: made with the form, so that the same form sent twice is kept once."""

answers = Table(
    "answers",
    metadata,
    Column("participant", Integer, ForeignKey("participants.number"), primary_key=True),
    Column("wave", String(64), primary_key=True),
    Column("item", String(64), primary_key=True),
    Column("value", Float),
    Column("text", Text),
    Column("skipped", Boolean, nullable=False),
)
"""One answer each: a number, words, or that the question was passed over."""

contacts = Table(
    "contacts",
    metadata,
    Column("participant", Integer, ForeignKey("participants.number"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""How to reach somebody who left it for a later wave: encrypted, with a key that is not in the store."""

open_links = Table(
    "open_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("study", String(64), ForeignKey("studies.identifier"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("audience", String(12)),
    Column("made_on", DAY, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("brought_on", DAY),
    Column("brought", Integer, nullable=False, server_default="0"),
)
"""A link that many may use: of kind open, kiosk or offline. Each who comes by it gets a link of their own.

brought: how many responses an offline link brought on the day brought_on, which has an end.
"""

seats = Table(
    "seats",
    metadata,
    Column("seat_hash", String(64), primary_key=True),
    Column("sealed_token", LargeBinary, nullable=False),
    Column("touched_at", Integer, nullable=False, index=True),
)
"""Who sits at a kiosk now, and only now: the personal link is sealed with the word of the seat, which the store does not have.

touched_at: seconds since 1970 of the last sign of life; the row goes when the seat is free, and the time with it.
"""
