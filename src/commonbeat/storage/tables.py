"""The tables of records and the log. A change here needs a migration beside it; `schema` knows the other tables."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

encounters = Table(
    "encounters",
    metadata,
    Column("identifier", String(64), primary_key=True),
    Column("consent", String(64), nullable=False, index=True),
    Column("content", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("invented", Boolean, nullable=False),
    Column("unconfirmed", Integer, nullable=False),
    Column("imported_at", String(32), nullable=False),
)
"""One recorded encounter each, its consent inside; salt: what makes its fingerprint in the log mean nothing without it."""

derivatives = Table(
    "derivatives",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("encounter", String(64), nullable=False),
    Column("consent", String(64), nullable=False, index=True),
    Column("path", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("holds_until", String(10), nullable=False),
    Column("made_at", String(32), nullable=False),
    UniqueConstraint("encounter", "path", name="one_row_per_encounter_and_path"),
)
"""Files and folders made from an encounter, so that a withdrawal finds them. No foreign key: a clip may have none stored."""

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("encounter", String(64), primary_key=True),
    Column("consent", String(64), nullable=False),
    Column("why", String(20), nullable=False),
    Column("at", String(32), nullable=False),
)
"""What is left of a withdrawn encounter, so that it cannot come back unasked."""

log = Table(
    "log",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String(32), nullable=False),
    Column("act", String(20), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("scope", String(80), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("log_subject", "subject"),
    sqlite_autoincrement=True,
)
"""What was done, when, to which identifier, under which scope. Nothing in it can be changed or taken out."""
