"""The `listen` commands: each stands in a module of its own and registers itself here."""

from __future__ import annotations

from cyclopts import App

from commonbeat.cli import listen_commands, listen_handing_commands, listen_results_commands

listen = App(
    name="listen", help="Ask the people in it, their neighbours and the viewers: studies that run on this machine."
)


def register(app: App) -> None:
    """`commonbeat listen` and everything below it stands on the command line."""
    listen_commands.register(listen)
    listen_handing_commands.register(listen)
    listen_results_commands.register(listen)
    app.command(listen)
