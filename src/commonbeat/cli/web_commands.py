"""The commands of the local web app: serve it, set passwords, back up and restore."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

if TYPE_CHECKING:
    from commonbeat.storage import Store

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]
Flag = Parameter(negative="", show_default=False)
Role = Literal["viewer", "analyst", "owner"]

web = App(name="web", help="Open Common Beat in a browser on this machine, and look after its team and its backups.")
user = App(name="user", help="Who may sign in from another machine, and in which role.")
web.command(user)


def register(app: App) -> None:
    """`commonbeat web` and everything below it stands on the command line."""
    app.command(web)


@web.default
def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    address: str = "",
    database: str | None = None,
    project: Path | None = None,
) -> None:
    """Serve the app until Ctrl-C, and print the address that opens it.

    Args:
        host: Where to listen. Any other than this machine's own needs a password first: commonbeat web password.
        port: The port; 0 takes one that is free.
        address: What people open when a proxy with https stands in front, such as https://listen.example.org.
        database: An address such as postgresql+psycopg://user@host/name, in place of a file in the project.
        project: Folder with runs, findings and the store. Left out: the current one.
    """
    from commonbeat.web.serving import serve as serve_app

    serve_app(project or ".", database=database, host=host, port=port, address=address)


@web.command
def password(
    name: str = "owner",
    /,
    *,
    stdin: Annotated[bool, Flag] = False,
    database: str | None = None,
    project: Path | None = None,
) -> None:
    """Set somebody's password; the first one who gets one is an owner.

    Args:
        name: Who.
        stdin: Take the password from standard input, its first line, without asking.
        database: As for `commonbeat web`.
        project: As for `commonbeat web`.
    """
    _set(name, None, stdin=stdin, database=database, project=project)


@user.command
def add(
    name: str,
    /,
    *,
    role: Role = "viewer",
    stdin: Annotated[bool, Flag] = False,
    database: str | None = None,
    project: Path | None = None,
) -> None:
    """Make a user, or give a known one another role and password.

    Args:
        name: Who: up to forty of a-z, 0-9, dot, dash and underscore.
        role: A viewer reads; an analyst also works; an owner also looks after the team.
        stdin: Take the password from standard input, its first line, without asking.
        database: As for `commonbeat web`.
        project: As for `commonbeat web`.
    """
    _set(name, role, stdin=stdin, database=database, project=project)


@user.command(name="list")
def list_(*, database: str | None = None, project: Path | None = None, as_json: Json = False) -> None:
    """List everybody who can sign in with a password.

    Args:
        database: As for `commonbeat web`.
        project: As for `commonbeat web`.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.output import print_json, print_lines
    from commonbeat.workflows.web_users import list_users

    with _store(project, database) as store:
        users = list_users(store)
    if as_json:
        print_json([{"name": each.name, "role": each.role, "made_at": each.made_at} for each in users])
    else:
        print_lines(
            [f"{each.name}  {each.role}  since {each.made_at}" for each in users] or ["Nobody has a password yet."]
        )


@user.command
def remove(name: str, /, *, database: str | None = None, project: Path | None = None) -> None:
    """Take a user away and end their sessions.

    Args:
        name: Who.
        database: As for `commonbeat web`.
        project: As for `commonbeat web`.
    """
    from commonbeat.cli.output import print_lines
    from commonbeat.workflows.web_users import remove_user

    with _store(project, database) as store:
        remove_user(store, name)
    print_lines([f"{name} cannot sign in any more."])


@web.command
def backup(file: Path, /, *, database: str | None = None, project: Path | None = None, as_json: Json = False) -> None:
    """Copy the store and its secrets into one file, while the app runs or not.

    Args:
        file: The backup; it must not exist. Whoever has it can read every answer, so keep it as safe as the project.
        database: As for `commonbeat web`.
        project: As for `commonbeat web`.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.output import print_json, print_lines
    from commonbeat.workflows.web_backup import back_up

    made = back_up(project or ".", file, database)
    if as_json:
        print_json({"file": str(made.file), "made_at": made.made_at, "bytes": made.bytes, "secrets": made.secrets})
        return
    print_lines(
        [f"{made.file}: {made.bytes:,} bytes, checked. Runs, reports and films are not in it; copy their folders."]
    )


@web.command
def restore(
    file: Path,
    /,
    *,
    replace: Annotated[bool, Flag] = False,
    database: str | None = None,
    project: Path | None = None,
    as_json: Json = False,
) -> None:
    """Bring the store and its secrets back from a backup, whole or not at all.

    Args:
        file: What `commonbeat web backup` made.
        replace: Let the store that is there give way.
        database: As for `commonbeat web`.
        project: As for `commonbeat web`.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.output import print_json, print_lines
    from commonbeat.workflows.web_backup import restore as bring_back

    back = bring_back(project or ".", file, database, replace=replace)
    if as_json:
        words = {"withdrawn_again": back.withdrawn, "shut_again": back.shut, "open_now": back.open_now}
        print_json(
            {"file": str(back.file), "made_at": back.made_at, **{key: list(found) for key, found in words.items()}}
        )
        return
    lines = [f"The store is as it was at {back.made_at}. Everybody has to sign in again."]
    if back.withdrawn:
        lines.append(f"Taken back since, and taken out again: {', '.join(back.withdrawn)}.")
    lines += [f"Since then: {each}." for each in back.shut]
    lines += [f"Now: {each}." for each in back.open_now]
    lines.append("What was taken back elsewhere after that moment is in it again: withdraw it again.")
    print_lines(lines)


def _set(name: str, role: str | None, *, stdin: bool, database: str | None, project: Path | None) -> None:
    """The password was asked for and set."""
    from commonbeat.cli.output import print_lines
    from commonbeat.workflows.web_users import set_user

    secret = _from_stdin() if stdin else _asked(name)
    with _store(project, database) as store:
        made = set_user(store, name, secret, role)
    print_lines([f"{made.name} can sign in as {made.role}."])


def _from_stdin() -> str:
    import sys

    return sys.stdin.readline().rstrip("\r\n")


def _asked(name: str) -> str:
    """The password, typed twice without being shown; InputError when the two differ."""
    from getpass import getpass

    from commonbeat.errors import InputError, Mistakes

    first = getpass(f"New password of {name}: ")
    if getpass("Once more: ") != first:
        mistakes = Mistakes()
        mistakes.add("password", None, "was typed differently the second time", "Give the command again.")
        mistakes.raise_if_any(InputError, "The password was not set:")
    return first


def _store(project: Path | None, database: str | None) -> Store:
    from commonbeat.workflows.web_store import store_of

    return store_of(project, database)
