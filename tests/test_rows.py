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
    for low, high in bands:
        assert np.array_equal(rows[slice(low, high),], whole[low:high])
        assert np.array_equal(rows[slice(low, high, step), slice(2, 7)], whole[low:high:step, 2:7])
    assert np.array_equal(rows[:, :], whole)
    assert np.array_equal(rows[()], whole)


def test_rows_are_copied_once(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands that overlap cost no row twice."""
    rows, asked = Rows(photo("RGB")), []
    copied = rows._copied

    def spy(low: int, high: int) -> Array:
        asked.append((low, high))
        return copied(low, high)

    monkeypatch.setattr(rows, "_copied", spy)
    for band in ((0, 6), (4, 10), (8, 15)):
        assert len(rows[slice(*band),]) == band[1] - band[0]
    assert asked[0][0] == 0
    assert asked[-1][1] == 15
    assert all(one[1] == other[0] for one, other in pairwise(asked))
