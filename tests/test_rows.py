"""An image that is made when it is sliced, against the whole of it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolcli.media.rows import Rows
from tests import pictures
from tests.oracle import Array
from tests.pictures import Photo, pixels

slices = st.tuples(st.integers(0, 15), st.integers(0, 15))


@settings(deadline=None, derandomize=True)
@given(
    mode=st.sampled_from(["L", "LA", "RGB", "CMYK", "I;16", "I", "F"]),
    bands=st.lists(slices, min_size=1, max_size=8),
    step=st.integers(1, 3),
)
def test_rows(mode: str, bands: list[tuple[int, int]], step: int) -> None:
    """Whatever is asked for after whatever: ahead, back, overlapping, empty."""
    image = pictures.photo(mode)
    whole = pixels(image)
    rows = Rows(image)
    assert (rows.shape, rows.dtype) == (whole.shape, whole.dtype)
    quick = rows.quick()
    for low, high in bands:
        assert np.array_equal(rows[slice(low, high),], whole[low:high])
        assert np.array_equal(rows[slice(low, high, step), slice(2, 7)], whole[low:high:step, 2:7])
        band = quick[slice(low, high, step), slice(2, 7)]
        assert np.array_equal(band[..., : whole.shape[2]], whole[low:high:step, 2:7])
        assert band.shape[2:] == quick.shape[2:]
    assert np.array_equal(rows[:, :], whole)
    assert np.array_equal(rows[()], whole)


@pytest.mark.parametrize("quick", [False, True])
def test_rows_are_copied_once(quick: bool, photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands that overlap cost no row twice."""
    rows, asked = Rows(photo("RGB")), []
    if quick:
        rows = rows.quick()
    copy = rows._copy

    def spy(low: int, high: int, into: Array) -> None:
        asked.append((low, high))
        copy(low, high, into)

    monkeypatch.setattr(rows, "_copy", spy)
    for band in ((0, 6), (4, 10), (8, 15)):
        assert len(rows[slice(*band),]) == band[1] - band[0]
    assert asked[0][0] == 0
    assert asked[-1][1] == 15
    assert all(one[1] == other[0] for one, other in pairwise(asked))


def test_quick_rows_take_no_memory_anew(photo: Photo) -> None:
    rows = Rows(photo("L")).quick()
    begins = {rows[slice(low, low + 4),].base.ctypes.data for low in range(0, 12, 2)}  # type: ignore[union-attr]
    assert len(begins) == 2


def test_pieces(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are copied a few at a time, however many are asked for."""
    image = photo("RGB")
    whole = pixels(image)
    monkeypatch.setattr("poolcli.media.rows._PIECE_BYTES", 2 * image.width * 3 + 1)
    assert np.array_equal(Rows(image)[slice(1, 14),], whole[1:14])
