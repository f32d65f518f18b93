"""Listen: studies built from the bank, opened and closed, links and codes handed out, watched, told and exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route


def routes() -> list[Route]:
    """The addresses of the part."""
    from starlette.routing import Route

    from commonbeat.web.listen import building, handing_out, pages, previewing, taking_out, uploading

    one = "/listen/of/{identifier}"
    return [
        Route("/listen", pages.listed, methods=["GET"]),
        Route("/listen/new", building.begin, methods=["GET"]),
        Route("/listen/new", building.begun, methods=["POST"]),
        Route("/listen/build/{form}/drop", building.drop_form, methods=["POST"]),
        Route("/listen/build/{form}/{step:int}", building.shown, methods=["GET"]),
        Route("/listen/build/{form}/{step:int}", building.fill, methods=["POST"]),
        Route("/listen/shown/{form}", building.shown, methods=["GET"]),
        Route("/listen/shown/{form}", building.fill, methods=["POST"]),
        Route("/listen/materials/drop", uploading.drop_material, methods=["POST"]),
        Route("/listen/materials/{name}", uploading.send_material, methods=["GET"]),
        Route("/listen/withdraw", taking_out.take_back, methods=["POST"]),
        Route("/listen/exports/{name}", taking_out.exported, methods=["GET"]),
        Route(one, pages.one, methods=["GET"]),
        Route(f"{one}/live", pages.live, methods=["GET"]),
        Route(f"{one}/file", pages.file, methods=["GET"]),
        Route(f"{one}/change", building.change, methods=["GET"]),
        Route(f"{one}/preview", previewing.preview, methods=["GET"]),
        Route(f"{one}/preview", previewing.onward, methods=["POST"]),
        Route(f"{one}/preview/{{arm}}/{{language}}/{{part}}", previewing.material, methods=["GET"]),
        Route(f"{one}/drop", pages.drop, methods=["POST"]),
        Route(f"{one}/state", pages.set_state, methods=["POST"]),
        Route(f"{one}/invite", handing_out.invited, methods=["POST"]),
        Route(f"{one}/sheet", handing_out.sheet, methods=["POST"]),
        Route(f"{one}/links", handing_out.listed, methods=["POST"]),
        Route(f"{one}/link", handing_out.linked, methods=["POST"]),
        Route(f"{one}/revoke", handing_out.revoked, methods=["POST"]),
        Route(f"{one}/offline", handing_out.brought, methods=["POST"]),
        Route(f"{one}/results", taking_out.results, methods=["POST"]),
        Route(f"{one}/export", taking_out.export, methods=["POST"]),
        Route(f"{one}/erase", taking_out.erase, methods=["POST"]),
    ]
