"""Links and codes of studies: 128 random bits in a link, 80 in a code, and the store holds only their hashes."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Final

TOKEN_BYTES: Final = 16
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U to be mistaken
LOOKALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
CODE_LETTERS: Final = 16


def new_token() -> str:
    """The part of a link that nobody can guess: 128 random bits in 22 letters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Whether the text has the form of a link's token or of a form's key."""
    return TOKEN.fullmatch(text) is not None


def hash_of(token: str) -> str:
    """What the store holds in place of a token or code. They are random, so that no salt or slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def withdrawal_code(secret: bytes, participant: int) -> str:
    """The participant's code, such as 4F7K-0QXM-9T2C-HB6V: the same whenever it is shown, and unknown to the store.

    secret: the study's, without which a code follows from nothing.
    """
    bits = int.from_bytes(hmac.digest(secret, f"withdrawal|{participant}".encode(), "sha256")[:10], "big")
    signs = [LETTERS[bits >> 5 * place & 31] for place in reversed(range(CODE_LETTERS))]
    return "-".join("".join(signs[start : start + 4]) for start in range(0, CODE_LETTERS, 4))


def plain_code(written: str) -> str:
    """The code as somebody typed it, without what does not matter: case, spaces, strokes, and O for 0 or L for 1."""
    return re.sub(r"[^0-9A-Z]", "", written.upper().translate(LOOKALIKES))
