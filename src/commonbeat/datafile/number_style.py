"""How the numbers of a text column are written: with a point, with decimal commas, or with thousands set apart."""

from __future__ import annotations

import polars as pl

PLAIN = "plain"
DECIMAL_COMMA = "decimal commas"
THOUSANDS_COMMA = "commas between thousands"

PATTERNS = {
    PLAIN: r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$",
    DECIMAL_COMMA: r"^[+-]?(\d+(,\d*)?|,\d+|[1-9]\d{0,2}(\.\d{3})+(,\d+)?)([eE][+-]?\d+)?$",
    THOUSANDS_COMMA: r"^[+-]?(\d{1,3}|[1-9]\d{0,2}(,\d{3})+)(\.\d*)?$",
}
SPACES = r"[ '’\u00A0\u2009\u202F]"
SPACED = rf"^[+-]?\d{{1,3}}({SPACES}\d{{3}})+([.,]\d+)?$"


def tidied(texts: pl.Series) -> pl.Series:
    """The texts with a hyphen for every minus sign and without the spaces or apostrophes that set thousands apart."""
    texts = texts.str.replace(r"^[−–]", "-").str.strip_chars_start("+")
    if not texts.str.contains(SPACES).any():
        return texts
    frame = pl.DataFrame({"text": texts})
    spaced = pl.col("text").str.contains(SPACED)
    bare = pl.col("text").str.replace_all(SPACES, "")
    return frame.select(pl.when(spaced).then(bare).otherwise(pl.col("text")).alias("text"))["text"]


def number_style(texts: pl.Series, *, ambiguous: str = THOUSANDS_COMMA) -> str | None:
    """The style in which every text is a number, or None.

    texts: tidied, without nulls. ambiguous: what "1,234" means when nothing in the column tells.
    """
    for style in styles_in_order(ambiguous):
        if texts.str.contains(PATTERNS[style]).all():
            return style
    return None


def likeliest_style(texts: pl.Series, *, ambiguous: str = THOUSANDS_COMMA) -> str:
    """The style in which most of the texts are numbers; of equals, the first in the order of trial."""
    counts = {style: int(texts.str.contains(PATTERNS[style]).sum()) for style in styles_in_order(ambiguous)}
    return max(counts, key=lambda style: counts[style])


def styles_in_order(ambiguous: str) -> tuple[str, str, str]:
    """Plain first; then the style that ambiguous numbers have; then the other one."""
    other = DECIMAL_COMMA if ambiguous == THOUSANDS_COMMA else THOUSANDS_COMMA
    return (PLAIN, ambiguous, other)


def is_ambiguous(texts: pl.Series) -> bool:
    """True when every text is a number both with decimal commas and with commas between thousands, and some have a comma."""
    if not texts.str.contains(",", literal=True).any():
        return False
    return all(texts.str.contains(PATTERNS[style]).all() for style in (DECIMAL_COMMA, THOUSANDS_COMMA))


def as_numbers(texts: pl.Series, style: str) -> pl.Series:
    """The numbers as Float64, null where a text is none in this style."""
    fits = texts.str.contains(PATTERNS[style])
    if style == DECIMAL_COMMA:
        texts = texts.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    elif style == THOUSANDS_COMMA:
        texts = texts.str.replace_all(",", "", literal=True)
    kept = pl.DataFrame({"text": texts, "fits": fits}).select(pl.when("fits").then(pl.col("text")))["text"]
    return kept.cast(pl.Float64, strict=False)
