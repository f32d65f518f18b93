"""The `record` commands: each stands in a module of its own and registers itself here."""

from __future__ import annotations

from cyclopts import App

from commonbeat.cli import record_agree_command, record_blur_command, record_commands, record_video_command

record = App(name="record", help="Record an encounter with consent, code it, and measure what can be seen in its clip.")


def register(app: App) -> None:
    """`commonbeat record` and everything below it stands on the command line."""
    record_commands.register(record)
    record_agree_command.register(record)
    record_video_command.register(record)
    record_blur_command.register(record)
    app.command(record)
