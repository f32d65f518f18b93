"""The tables of the local web app: who may use it, who is in it, and what it works on. All of them about staff."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from commonbeat.storage.tables import metadata

MOMENT = String(32)

users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("made_at", MOMENT, nullable=False),
)
"""Staff. role: owner, analyst or viewer. password_hash: as argon2 writes it, its salt and cost inside."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user", String(64), nullable=False, index=True),
    Column("role", String(10), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("seen_at", Integer, nullable=False),
    Column("expires_at", Integer, nullable=False, index=True),
)
"""Staff who are in: seconds since 1970 of the last page and of the end. No foreign key: the start key makes no user."""

jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("folder", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("process", Integer),
    Column("asked_by", String(64), nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("begun_at", MOMENT),
    Column("ended_at", MOMENT),
    Index("jobs_state", "state"),
    sqlite_autoincrement=True,
)
"""Work that takes long. state: waiting, running, stopping, stopped, finished or failed; done of total is its progress."""
