"""An image that is turned a strip at a time, against Pillow's turning of the whole of it."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from poolcli.media.pillow import image_rows, upright_rows
from poolcli.media.pillow.borrowed_memory import borrow_memory
from poolcli.media.pillow.metadata.exif import AXIS_SWAPS, TRANSPOSES
from poolcli.media.pillow.upright_rows import UprightRows
from tests.oracle import Array
from tests.pictures import photo, pixels

slices = st.tuples(st.integers(0, 300), st.integers(0, 300))


@given(
    mode=st.sampled_from(["L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"]),
    orientation=st.sampled_from(sorted(TRANSPOSES)),
    size=st.tuples(st.integers(1, 300), st.integers(1, 140)),
    bands=st.lists(slices, min_size=1, max_size=5),
    step=st.integers(1, 3),
    spare=st.booleans(),
    lent=st.booleans(),
    strip=st.sampled_from([0, 1 << 14, 1 << 20]),
)
def test_rows_equal_those_that_pillow_turned(
    mode: str,
    orientation: int,
    size: tuple[int, int],
    bands: list[tuple[int, int]],
    step: int,
    spare: bool,
    lent: bool,
    strip: int,
) -> None:
    """Whatever is asked for after whatever, over edges of strips, of lent and of copied rows."""
    image, transpose = photo(mode, size), TRANSPOSES[orientation]
    upright = image.transpose(transpose)
    want = np.asarray(upright)[..., None] if mode == "P" else pixels(upright)
    with patch.object(upright_rows, "_STRIP_BYTES", strip):
        turned = UprightRows.of(image, transpose)
        with patch.object(image_rows, "borrow_memory", borrow_memory if lent else lambda _: None):
            fastest_source = turned.fastest_source(spare=spare)
    assert turned.shape == want.shape
    assert fastest_source.shape[2] == want.shape[2] + (spare and mode == "RGB")
    for source in (turned, fastest_source):
        assert source.dtype == want.dtype
        assert np.array_equal(source[()][..., : want.shape[2]], want)
        for low, high in bands:
            band = source[slice(low, high, step), slice(2, 7)]
            assert np.array_equal(band[..., : want.shape[2]], want[low:high:step, 2:7])
            assert band.shape[2] == source.shape[2]


class _Counting:
    """A source that counts how often it is sliced."""

    def __init__(self, x: Array) -> None:
        self.x, self.shape, self.dtype, self.count = x, x.shape, x.dtype, 0

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        self.count += 1
        return self.x[key]


@pytest.mark.parametrize("transpose", AXIS_SWAPS)
@pytest.mark.parametrize(("height", "strips"), [(200, 1), (13_107, 4), (70_000, 20)])
def test_rows_read_in_turn_are_turned_a_strip_at_a_time(
    transpose: Image.Transpose, height: int, strips: int
) -> None:
    """A strip holds 1 MiB: all of 300 rows of 200 bytes, 80 of 13107, 16 (the least) of 70000."""
    source = _Counting(np.zeros((height, 300, 1), np.uint8))
    upright = UprightRows(source, transpose, 1)
    for low in range(0, 300, 3):
        assert upright[slice(low, low + 3),].shape == (3, height, 1)
    assert source.count == strips
