"""Which reader a file is given to, by its first bytes: five kinds of film, and words for what is none of them.

The list says what may be read, not what may not: a playlist, a description of a stream or a picture never reaches
a reader that would follow it to other files or to the network.
"""

from __future__ import annotations

from typing import Final

HEAD_BYTES: Final = 4096

MOV: Final = "mov"
MATROSKA: Final = "matroska"
AVI: Final = "avi"
TRANSPORT: Final = "mpegts"
GIF: Final = "gif"
KNOWN: Final = "MP4 or MOV, Matroska or WebM, AVI, MPEG-TS, GIF"

_MOV_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"#EXTM3U", "a playlist, which names other files or addresses"),
    (b"ffconcat", "a list of other files"),
    (b"v=0", "the description of a stream on a network"),
    (b"[playlist]", "a playlist, which names other files or addresses"),
    (b"<?xml", "a text in XML, such as a manifest, which names other files"),
    (b"<MPD", "a manifest, which names other files"),
    (b"<svg", "a drawing"),
    (b"\x89PNG", "a single picture"),
    (b"\xff\xd8\xff", "a single picture"),
    (b"BM", "a single picture"),
    (b"II*\x00", "a single picture"),
    (b"MM\x00*", "a single picture"),
    (b"ID3", "sound without pictures"),
    (b"fLaC", "sound without pictures"),
    (b"OggS", "an Ogg file, which is not read here"),
    (b"FLV", "a Flash film, which is not read here"),
    (b"\x30\x26\xb2\x75", "a Windows Media film, which is not read here"),
    (b"PK\x03\x04", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"%PDF", "a document"),
)


def reader_of(head: bytes) -> str | None:
    """The name of the reader for a file that begins with `head`, or None when it is no film of a known kind."""
    if head[4:8] in _MOV_BOXES:
        return None if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS else MOV
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return MATROSKA
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return AVI
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return GIF
    return TRANSPORT if _is_transport(head) else None


def _is_transport(head: bytes) -> bool:
    """Whether the byte 0x47 begins each packet of 188 bytes, or of 192 with the time in front, as cameras write it."""
    for step, first in ((188, 0), (192, 4)):
        marks = head[first : first + 5 * step : step]
        if len(marks) == 5 and marks == b"G" * 5:
            return True
    return False


def what_it_is(head: bytes) -> str:
    """Words for a file that is no film: what it seems to be, as far as its first bytes tell."""
    if not head:
        return "empty"
    if head[4:8] == b"ftyp":
        return "a single picture"
    if head[:4] == b"RIFF":
        return "sound or a picture, not a film"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, words in _FOREIGN:
        if start.startswith(mark):
            return words
    return "not a film of a kind that is known here"
