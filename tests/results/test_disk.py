"""A refusal of the disk is told with the way out that fits it."""

from __future__ import annotations

import errno
import os

import pytest

from commonbeat.results.disk import way_out_of


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EFBIG, "Lift the file-size limit"),
        (errno.EACCES, "you may write to"),
        (errno.ENOENT, "moved or removed meanwhile"),
        (errno.EIO, "Choose another folder, and try again."),
    ],
)
def test_the_way_out_fits_the_refusal(number: int, said: str) -> None:
    way_out = way_out_of(OSError(number, os.strerror(number)))
    assert said in way_out
    assert ("space" in way_out) == (number == errno.ENOSPC)


def test_a_number_in_the_words_of_another_writer_counts() -> None:
    assert "Free some space" in way_out_of(OSError("No space left on device (os error 28): run/daily.parquet"))
