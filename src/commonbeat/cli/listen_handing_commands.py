"""The commands that hand a study to people and bring back what they answered: invite, link, sheet, offline, import and follow-up."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

    from commonbeat.storage import Store

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]
Audience = Literal["adult", "child", "officer"]
Kind = Literal["open", "kiosk", "offline"]
ADDRESS = "http://127.0.0.1:8000"


def register(listen: App) -> None:
    """The commands stand below `commonbeat listen`."""
    for command in (invite, link, sheet, offline):
        listen.command(command)
    listen.command(import_, name="import")
    listen.command(follow_up, name="follow-up")


def invite(
    study: str,
    /,
    *,
    count: int,
    to: Path | None = None,
    audience: Audience | None = None,
    address: str = ADDRESS,
    project: Path | None = None,
    database: str | None = None,
    as_json: Json = False,
) -> None:
    """Make personal links, each for one person. They are shown once: the store cannot give them again.

    Args:
        study: The identifier of a study.
        count: How many links.
        to: A CSV file for them, readable by you alone; it must not exist. Left out, they are printed.
        audience: Who gets them, where the study asks several. A child's link goes to the guardian.
        address: What stands before every link, as people reach the machine that serves.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_listen import note_invented, show_links
    from commonbeat.workflows.listen_keep import invite as invite_people
    from commonbeat.workflows.listen_links import link_to, refuse_list, require_address, write_list
    from commonbeat.workflows.listen_refusals import refuse_all

    with _store(project, database) as store:
        # Before anything is made: the store cannot show a link again.
        refuse_all("Nobody was invited:", lambda: refuse_list(to), lambda: require_address(address))
        note_invented(store, study)
        made = invite_people(store, study, count, audience=audience)
    links = [link_to(address, each.token) for each in made]
    if to is not None:
        write_list(to, {"link": links})
    show_links(links, to, as_json=as_json)


def link(
    study: str,
    /,
    *,
    kind: Kind = "open",
    audience: Audience | None = None,
    revoke: str = "",
    address: str = ADDRESS,
    project: Path | None = None,
    database: str | None = None,
    as_json: Json = False,
) -> None:
    """Make a link that many people use, one after the other or at once; or take one back.

    Args:
        study: The identifier of a study.
        kind: open: for a poster or a mailing list; kiosk: for one tablet; offline: where the file that works without a network is fetched.
        audience: Who answers by it, where the study asks several. Left out, people say it themselves.
        revoke: A link, or its name as `listen status` lists it: nobody new can come by it.
        address: What stands before the link, as people reach the machine that serves.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.output import print_lines
    from commonbeat.cli.show_listen import note_invented, show_links
    from commonbeat.workflows.listen_keep import open_link, revoke_link
    from commonbeat.workflows.listen_links import link_to, require_address, token_in

    require_address(address)
    with _store(project, database) as store:
        if revoke:
            revoke_link(store, study, token_in(revoke))
            print_lines(["The link is revoked: nobody new can come by it."])
            return
        note_invented(store, study)
        token = open_link(store, study, kind, audience=audience)
    show_links([link_to(address, token, kind)], None, as_json=as_json)


def sheet(
    study: str,
    /,
    *,
    to: Path,
    count: int | None = None,
    links: Path | None = None,
    poster: Kind | None = None,
    audience: Audience | None = None,
    language: str = "",
    address: str = ADDRESS,
    project: Path | None = None,
    database: str | None = None,
    as_json: Json = False,
) -> None:
    """Write links as QR codes on a page to print: six cards on a sheet of A4 to cut, or one link as a poster.

    Say which links with one of --count, --links and --poster.

    Args:
        study: The identifier of a study.
        to: An HTML file, readable by you alone; it must not exist. Open it in a browser and print it.
        count: So many new personal links.
        links: The links of a CSV file that `listen invite` or `listen follow-up` wrote.
        poster: One new link that many use: open for a wall or a table, kiosk for a tablet, offline for devices that leave the network.
        audience: Who gets new links, where the study asks several.
        language: Of the words on the sheet. Left out: the study's first.
        address: What stands before new links, as people reach the machine that serves.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_listen import note_invented, show_sheet
    from commonbeat.listen.bank.wording import wording
    from commonbeat.results.disk import write_whole
    from commonbeat.web.respond.sheet import sheet_file
    from commonbeat.workflows.listen_links import refuse_list, require_address
    from commonbeat.workflows.listen_refusals import refuse_all
    from commonbeat.workflows.listen_sheet import HEADING, SheetWish, require_sheet, sheet_links

    wish = SheetWish(count, links, poster, audience, language)
    with _store(project, database) as store:
        *_, kept = refuse_all(
            HEADING,
            lambda: refuse_list(to),
            lambda: require_address(address),
            lambda: require_sheet(store, study, wish),
        )
        note_invented(store, study)
        made = sheet_links(store, study, wish, address)
    page = sheet_file(made, kept.study, wording(kept.bank, language or kept.study.languages[0]))
    write_whole(to, page.encode(), private=True)
    show_sheet(to, len(made), as_json=as_json)


def offline(
    study: str,
    /,
    *,
    to: Path,
    audience: Audience | None = None,
    language: str = "",
    address: str = "",
    project: Path | None = None,
    database: str | None = None,
    as_json: Json = False,
) -> None:
    """Write a study without arms as one HTML file that asks its questions on a device without a network.

    Args:
        study: The identifier of a study.
        to: The HTML file; it must not exist. Copy it to the devices and open it there in a browser.
        audience: Who answers by it, where the study asks several. Left out, people say it themselves.
        language: The only one that it offers. Left out: all of the study's.
        address: Where it sends what was answered once there is a network, such as https://listen.example.org. Left out: nowhere; answers are saved as a file on the device and brought by `listen import`.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_listen import note_invented, show_offline
    from commonbeat.results.disk import write_whole
    from commonbeat.web.respond.offline import offline_file
    from commonbeat.workflows.listen_keep import open_link
    from commonbeat.workflows.listen_links import refuse_list, require_address
    from commonbeat.workflows.listen_refusals import refuse_all
    from commonbeat.workflows.listen_sheet import require_offline
    from commonbeat.workflows.record_store import today

    with _store(project, database) as store:
        *_, kept = refuse_all(
            "No offline file was made:",
            lambda: refuse_list(to),
            lambda: require_address(address) if address else None,
            lambda: require_offline(store, study, audience, language),
        )
        note_invented(store, study)
        token = open_link(store, study, "offline", audience=audience)
    languages = (language,) if language else kept.study.languages
    audiences = (audience,) if audience else kept.study.audience
    page = offline_file(kept.study, kept.bank, token, languages, address=address, today=today(), audiences=audiences)
    write_whole(to, page.encode(), private=True)
    show_offline(to, address, as_json=as_json)


def import_(
    study: str, /, *files: Path, project: Path | None = None, database: str | None = None, as_json: Json = False
) -> None:
    """Keep what devices saved on a day without a network, each response once however often its file is brought.

    Ends with exit code 2 where a response was refused; the others are kept.

    Args:
        study: The identifier of a study that is open.
        files: What "Save as a file" wrote on the devices.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_listen import show_brought
    from commonbeat.workflows.listen_bring import bring, read_device_files

    documents = read_device_files(files)
    with _store(project, database) as store:
        found = bring(store, study, documents)
    show_brought(found, as_json=as_json)
    found.require_all()


def follow_up(
    study: str,
    wave: str,
    /,
    *,
    to: Path,
    address: str = ADDRESS,
    project: Path | None = None,
    database: str | None = None,
    as_json: Json = False,
) -> None:
    """Write how to reach those who left it and have not finished a wave, each with a new link; old links end.

    Args:
        study: The identifier of a study.
        wave: The wave for which they are asked again, as its file or a report names it: day_21 and "day 21" are the same.
        to: A CSV file, readable by you alone; it must not exist. Delete it when the messages are sent.
        address: What stands before every link, as people reach the machine that serves.
        project: The folder of the store and of the key. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.output import print_json, print_lines
    from commonbeat.workflows.listen_contacts import follow_up as followed_up
    from commonbeat.workflows.listen_contacts import require_follow_up
    from commonbeat.workflows.listen_links import link_to, refuse_list, require_address, write_list
    from commonbeat.workflows.listen_refusals import refuse_all

    wave = wave.strip().replace(" ", "_")
    with _store(project, database) as store:
        # Before anything is made: the store cannot show a link again, and old ones end.
        refuse_all(
            "Nobody is followed up:",
            lambda: require_follow_up(store, study, wave),
            lambda: refuse_list(to),
            lambda: require_address(address),
        )
        made = followed_up(store, study, wave, project=project or ".")
    write_list(
        to, {"contact": [each.contact for each in made], "link": [link_to(address, each.token) for each in made]}
    )
    if as_json:
        print_json({"file": str(to), "people": len(made)})
    else:
        print_lines([f"{to}: {len(made)} to be asked again"])


def _store(project: Path | None, database: str | None) -> Store:
    from commonbeat.workflows.record_store import store_of

    return store_of(project, database, create=False)
