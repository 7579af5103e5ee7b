"""An image that is turned a strip at a time, against Pillow's turning of the whole of it."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolcli.media.pillow import image_rows, upright_rows
from poolcli.media.pillow.borrowed_memory import borrow_memory
from poolcli.media.pillow.upright_rows import AXIS_SWAPS, TRANSPOSES, UprightRows
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
def test_turned(
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
            quickest = turned.quickest(spare=spare)
    assert turned.shape == want.shape
    assert quickest.shape[2] == want.shape[2] + (spare and mode == "RGB")
    for source in (turned, quickest):
        assert source.dtype == want.dtype
        assert np.array_equal(source[()][..., : want.shape[2]], want)
        for low, high in bands:
            band = source[slice(low, high, step), slice(2, 7)]
            assert np.array_equal(band[..., : want.shape[2]], want[low:high:step, 2:7])
            assert band.shape[2] == source.shape[2]


@pytest.mark.parametrize(
    "orientation", [number for number in TRANSPOSES if TRANSPOSES[number] in AXIS_SWAPS]
)
@pytest.mark.parametrize(("strip", "strips"), [(1 << 20, 1), (200 * 101, 4), (0, 20)])
def test_what_is_read_on_is_turned_once(
    orientation: int, strip: int, strips: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upright_rows, "_STRIP_BYTES", strip)
    image = photo("L", (300, 200))
    with patch.object(
        UprightRows, "_read_upright", autospec=True, side_effect=UprightRows._read_upright
    ) as upright:
        turned = UprightRows.of(image, TRANSPOSES[orientation])
        for low in range(0, 300, 3):
            turned[slice(low, low + 3),]
    assert upright.call_count == strips
