"""An image that is made when it is sliced, against the whole of it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from poolcli.media import rows as media_rows
from poolcli.media.rows import Rows
from tests import pictures
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
    spare = rows.with_spare()
    for low, high in bands:
        assert np.array_equal(rows[slice(low, high),], whole[low:high])
        assert np.array_equal(rows[slice(low, high, step), slice(2, 7)], whole[low:high:step, 2:7])
        band = spare[slice(low, high, step), slice(2, 7)]
        assert np.array_equal(band[..., : whole.shape[2]], whole[low:high:step, 2:7])
        assert band.shape[2:] == spare.shape[2:]
    assert np.array_equal(rows[:, :], whole)
    assert np.array_equal(rows[()], whole)


class _Uncopied:
    """An image that can only be encoded."""

    def __init__(self, image: Image.Image) -> None:
        self.mode, self.im, self.width = image.mode, image.im, image.width


class _Hasty:
    """An encoder that stops before the end."""

    def setimage(self, *_: object) -> None:
        pass

    def encode(self, _: int) -> tuple[int, int, bytes]:
        return 1, 1, b"."


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK", "HSV", "I;16", "I", "F"])
@pytest.mark.parametrize("spare", [False, True])
def test_rows_at_once_and_by_what_pillow_promises(
    mode: str, spare: bool, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = photo("RGB").convert(mode) if mode == "HSV" else photo(mode)
    rows = Rows(image, spare=spare)
    bands = [slice(0, 15), slice(3, 9), slice(4, 4), slice(14, 15)]
    want = [rows[band,].tobytes() for band in bands]
    monkeypatch.setattr(rows, "_image", _Uncopied(image))
    assert [rows[band,].tobytes() for band in bands] == want
    monkeypatch.undo()
    monkeypatch.setattr(media_rows, "_encoded", lambda *_: None)
    assert [rows[band,].tobytes() for band in bands] == want


@pytest.mark.parametrize("other", [None, lambda *_: None, lambda *_: _Hasty()])
def test_rows_of_another_pillow(other: Any, photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "_getencoder", other)
    assert media_rows._encoded(photo("L"), "L", 0, 2, 2 * photo("L").width) is None
