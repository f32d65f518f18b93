"""The addresses of those who answer."""

from __future__ import annotations

from starlette.routing import Route

from commonbeat.web.respond import kiosk
from commonbeat.web.respond.answering import answer
from commonbeat.web.respond.materials import send_captions, send_film, send_picture
from commonbeat.web.respond.syncing import send_file, synchronise_file
from commonbeat.web.respond.withdrawing import ADDRESS, take_back

BOTH = ["GET", "POST"]


def addresses() -> list[Route]:
    """Every address."""
    return [
        Route("/r/{token}", answer, methods=BOTH),
        Route("/r/{token}/material", send_film),
        Route("/r/{token}/picture", send_picture),
        Route("/r/{token}/captions", send_captions),
        Route("/r/{token}/{wave}/{place:int}", answer),
        Route("/k/{desk}", kiosk.start, methods=BOTH),
        Route("/k/{desk}/{token}", kiosk.answer, methods=BOTH),
        Route("/k/{desk}/{token}/material", kiosk.send_film),
        Route("/k/{desk}/{token}/picture", kiosk.send_picture),
        Route("/k/{desk}/{token}/captions", kiosk.send_captions),
        Route("/k/{desk}/{token}/{wave}/{place:int}", kiosk.answer),
        Route(ADDRESS, take_back, methods=BOTH),
        Route("/offline/{token}", send_file),
        Route("/offline/{token}", synchronise_file, methods=["POST", "OPTIONS"]),
    ]
