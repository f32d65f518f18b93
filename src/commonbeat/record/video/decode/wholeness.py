"""Whether a file is as long as its own structure says: the outermost boxes are walked, and nothing is decoded.

A film that was cut off while it was copied plays to where it ends, and whoever counts what is in it would take a part
for the whole. MP4, Matroska, AVI and GIF state their outer lengths; MPEG-TS only has packets of one size.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from commonbeat.record.video.decode.containers import AVI, GIF, MATROSKA, MOV

if TYPE_CHECKING:
    from typing import BinaryIO


CLUSTER: Final = b"\x1f\x43\xb6\x75"


def cut_off(file: BinaryIO, reader: str) -> str:
    """Words for how the file falls short of what it states, or "" when it does not. The file is read from its beginning."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    walk = {MOV: _mov, MATROSKA: _matroska, AVI: _avi, GIF: _gif}.get(reader)
    words = walk(file, size) if walk else _transport(file, size)
    file.seek(0)
    return words


def _short(stated: int, size: int) -> str:
    return f"it states {stated:,} bytes and has {size:,}" if stated > size else ""


def _mov(file: BinaryIO, size: int) -> str:
    """Boxes one after another, each with its length in front; the index (moov) must be among them."""
    place, index_seen = 0, False
    while place + 8 <= size:
        file.seek(place)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        kind = head[4:8]
        if length == 1 and len(head) == 16:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:
            length = size - place
        if length < 8:
            break
        if not all(32 <= byte < 127 or byte == 0xA9 for byte in kind):
            break  # what some cameras append is not made of boxes
        index_seen = index_seen or kind == b"moov"
        place += length
    if words := _short(place, size):
        return words
    return "" if index_seen else "its index is missing, which is written last"


def stated_by_mov(file: BinaryIO) -> float | None:
    """The length in seconds that the index of an MP4 or MOV states for the whole film, or None when it states none.

    Readers work with the tables behind it; players show this one.
    """
    size, place = file.seek(0, os.SEEK_END), 0
    while place + 8 <= size:
        file.seek(place)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        length = int.from_bytes(head[8:16], "big") if length == 1 else length or size - place
        if head[4:8] == b"moov":
            return _film_header(file, place + (16 if head[:4] == b"\0\0\0\1" else 8))
        if length < 8:
            break
        place += length
    return None


def _film_header(file: BinaryIO, place: int) -> float | None:
    """The box mvhd, which stands first in the index."""
    file.seek(place)
    box = file.read(8 + 32)
    if box[4:8] != b"mvhd":
        return None
    wide = box[8] == 1
    unit = int.from_bytes(box[28:32] if wide else box[20:24], "big")
    length = int.from_bytes(box[32:40] if wide else box[24:28], "big")
    endless = length in (0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
    return None if not unit or endless else length / unit


def _matroska(file: BinaryIO, size: int) -> str:
    """The header and one segment; the elements in it fill it, and those in its clusters fill them.

    A segment or cluster of unknown length, as in a recording that was streamed, is taken as it is.
    """
    file.seek(4)
    length, used = _ebml_number(file)
    place = 4 + used + length
    file.seek(place)
    if file.read(4) != b"\x18\x53\x80\x67":
        return _short(place, size) or "its segment is missing"
    length, used = _ebml_number(file)
    if length == _unknown(used):
        return ""
    start = place + 4 + used
    return _short(start + length, size) or _misfit(file, start, start + length, deeper=True)


def _misfit(file: BinaryIO, start: int, end: int, *, deeper: bool) -> str:
    """Words for the first element that does not fit between start and end; clusters are looked into when `deeper`."""
    place = start
    while place < end:
        file.seek(place)
        head = file.read(1)
        id_bytes = 9 - head[0].bit_length() if head and head[0] else 9
        name = head + file.read(min(id_bytes, 4) - 1)
        length, used = _ebml_number(file)
        inside = place + id_bytes + used
        if length == _unknown(used) and id_bytes <= 4:
            return ""
        if id_bytes > 4 or inside + length > end:
            return f"what stands at byte {place:,} does not fit into what holds it"
        if deeper and name == CLUSTER and (words := _misfit(file, inside, inside + length, deeper=False)):
            return words
        place = inside + length
    return ""


def _unknown(used: int) -> int:
    return (1 << (7 * used)) - 1


def _ebml_number(file: BinaryIO) -> tuple[int, int]:
    """A number of variable length, and how many bytes it takes."""
    first = file.read(1)
    if not first or first[0] == 0:
        return 0, 1
    used = 9 - first[0].bit_length()
    rest = file.read(used - 1)
    return int.from_bytes(bytes([first[0] & ((1 << (8 - used)) - 1)]) + rest, "big"), used


def _avi(file: BinaryIO, size: int) -> str:
    """RIFF lists one after another: one, or several in a long film."""
    place = 0
    while place + 12 <= size:
        file.seek(place)
        head = file.read(8)
        if head[:4] != b"RIFF":
            break
        length = int.from_bytes(head[4:], "little")
        place += 8 + length + (length & 1)
    return _short(place - 1, size)  # the last padding byte is often missing


def _gif(file: BinaryIO, size: int) -> str:
    """Blocks up to the trailer; each picture is a row of pieces with their lengths in front."""
    content = file.read()
    place = 13 + _colours(content[10]) if size > 13 else size
    while place < size:
        kind = content[place]
        if kind == 0x3B:
            return ""
        if kind == 0x21:
            place += 2
        elif kind == 0x2C and place + 10 < size:
            place += 11 + _colours(content[place + 9])
        else:
            return "what stands in it is no picture"
        while place < size and content[place]:
            place += content[place] + 1
        place += 1
    return "its end is missing"


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _transport(file: BinaryIO, size: int) -> str:
    step = 192 if file.read(5)[4:] == b"G" and size % 192 == 0 else 188
    return f"its last packet has {size % step} of {step} bytes" if size % step else ""
