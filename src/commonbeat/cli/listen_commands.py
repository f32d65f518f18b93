"""The commands that run a study: new, open, status, close, withdraw, erase and serve."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

    from commonbeat.storage import Store

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]
Flag = Parameter(negative="", show_default=False)
Design = Literal["present", "residents", "viewers"]


def register(listen: App) -> None:
    """The commands stand below `commonbeat listen`."""
    for command in (new, status, close, withdraw, erase, serve):
        listen.command(command)
    listen.command(open_, name="open")


def new(
    file: Path,
    /,
    *,
    like: str = "",
    design: Design = "residents",
    identifier: str = "",
    title: str = "",
    organisation: str = "",
    contact: str = "",
    as_json: Json = False,
) -> None:
    """Begin a study's file: a form to fill in, or a copy of a shipped study that begins today.

    Args:
        file: The file; it must not exist.
        like: A shipped study to copy: dance-off-present, dance-off-residents or dance-off-viewers.
        design: Who is asked: those present, residents again and again, or viewers in arms.
        identifier: A word for the study, used in addresses and tables.
        title: What respondents read above every page.
        organisation: Who asks, as respondents read it.
        contact: How respondents reach a person who answers for the study.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_listen import show_new
    from commonbeat.workflows.listen_new import StudyBeginning, new_study

    beginning = StudyBeginning(
        like=like,
        design="" if like else design,
        identifier=identifier,
        title=title,
        organisation=organisation,
        contact=contact,
    )
    show_new(new_study(file, beginning), as_json=as_json)


def open_(study: str, /, *, project: Path | None = None, database: str | None = None, as_json: Json = False) -> None:
    """Take a study into the project's store and open it: its links lead to its pages from now on.

    Args:
        study: A study's file, or the identifier of one that the store has.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_listen import show_next, show_status
    from commonbeat.workflows.listen_checked import open_all, read_to_open
    from commonbeat.workflows.listen_status import study_status

    read = read_to_open([study])
    with _store(project, database, create=read[0] != study) as store:
        (identifier,) = open_all(store, read)
        found = study_status(store, identifier)
    show_status(found, as_json=as_json)
    show_next(found)


def status(
    study: str = "", /, *, project: Path | None = None, database: str | None = None, as_json: Json = False
) -> None:
    """Tell how a study goes, or list all studies; of a file, check it and tell what is left to do.

    Args:
        study: The identifier of a study, or a study's file. Left out: every study of the store.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_listen import show_checked, show_status, show_studies
    from commonbeat.workflows.listen_checked import read_study_file
    from commonbeat.workflows.listen_keep import list_links, list_studies
    from commonbeat.workflows.listen_status import study_status

    read = read_study_file(study)
    if read is not None:
        show_checked(read, as_json=as_json)
        return
    with _store(project, database) as store:
        if study:
            show_status(study_status(store, study), list_links(store, study), as_json=as_json)
        else:
            show_studies(list_studies(store), as_json=as_json)


def close(study: str, /, *, project: Path | None = None, database: str | None = None, as_json: Json = False) -> None:
    """Close a study: nobody can answer any more, and what was answered stays.

    Args:
        study: The identifier of a study.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_listen import show_status
    from commonbeat.workflows.listen_keep import close_study
    from commonbeat.workflows.listen_status import study_status

    with _store(project, database) as store:
        close_study(store, study)
        show_status(study_status(store, study), as_json=as_json)


def withdraw(code: str, /, *, project: Path | None = None, database: str | None = None, as_json: Json = False) -> None:
    """Delete everything of the person who has this code, and its traces in the store's files.

    Args:
        code: The sixteen letters and digits that the person was shown at the end.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_listen import show_withdrawn
    from commonbeat.workflows.listen_keep import withdraw_and_overwrite

    with _store(project, database) as store:
        gone = withdraw_and_overwrite(store, code)
    show_withdrawn(gone, as_json=as_json)
    gone.require_all()


def erase(
    study: str, /, *, word: str = "", project: Path | None = None, database: str | None = None, as_json: Json = False
) -> None:
    """Delete the answers of a closed study and everybody who was asked, as its page of consent promised. It asks before.

    Args:
        study: The identifier of a study that is closed.
        word: The identifier once more, to say that you mean it, where nobody can be asked. Left out, you are asked to type it.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.listen_word import require_word
    from commonbeat.cli.show_listen import show_erased
    from commonbeat.workflows.listen_erase import erase_study, require_erasable
    from commonbeat.workflows.listen_studies import kept_study

    with _store(project, database) as store:
        with store.reading() as connection:
            require_erasable(kept_study(connection, study))
        require_word(study, word)
        gone = erase_study(store, study)
    show_erased(gone, as_json=as_json)
    gone.require_all()


def serve(
    *studies: str,
    host: str = "127.0.0.1",
    port: int = 8000,
    address: str = "",
    project: Path | None = None,
    database: str | None = None,
) -> None:
    """Serve the pages of those who answer, and none of the team's, until Ctrl-C.

    Args:
        studies: Files of studies, which are opened first, or identifiers. Left out: every open study of the store.
        host: Where to listen. Any other than this machine's own needs a password first: commonbeat web password.
        port: The port; 0 takes one that is free.
        address: What people open when a proxy with https stands in front, such as https://listen.example.org.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
    """
    from commonbeat.workflows.listen_checked import open_all, read_to_open

    read = read_to_open(studies)
    with _store(project, database, create=read != studies) as store:
        served = open_all(store, read)
    from commonbeat.web.serving import serve as serve_app

    serve_app(project or ".", database=database, host=host, port=port, address=address, staff=False, studies=served)


def _store(project: Path | None, database: str | None, *, create: bool = False) -> Store:
    from commonbeat.workflows.record_store import store_of

    return store_of(project, database, create=create)
