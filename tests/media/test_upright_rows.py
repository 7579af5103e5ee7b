"""An image that is turned a strip at a time, against Pillow's turning of the whole of it."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolcli.media.pillow import image_rows as media_rows
from poolcli.media.pillow import upright_rows as turned_module
from poolcli.media.pillow.borrowed_memory import shared
from poolcli.media.pillow.upright_rows import TURNED, UPRIGHT, Turned
from tests.pictures import photo, pixels

slices = st.tuples(st.integers(0, 300), st.integers(0, 300))


@given(
    mode=st.sampled_from(["L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"]),
    orientation=st.sampled_from(sorted(UPRIGHT)),
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
    image, turn = photo(mode, size), UPRIGHT[orientation]
    upright = image.transpose(turn)
    want = np.asarray(upright)[..., None] if mode == "P" else pixels(upright)
    with patch.object(turned_module, "_STRIP_BYTES", strip):
        turned = Turned.of(image, turn)
        with patch.object(media_rows, "shared", shared if lent else lambda _: None):
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


@pytest.mark.parametrize("orientation", [number for number in UPRIGHT if UPRIGHT[number] in TURNED])
@pytest.mark.parametrize(("strip", "strips"), [(1 << 20, 1), (200 * 101, 4), (0, 20)])
def test_what_is_read_on_is_turned_once(
    orientation: int, strip: int, strips: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turned_module, "_STRIP_BYTES", strip)
    image = photo("L", (300, 200))
    with patch.object(Turned, "_upright", autospec=True, side_effect=Turned._upright) as upright:
        turned = Turned.of(image, UPRIGHT[orientation])
        for low in range(0, 300, 3):
            turned[slice(low, low + 3),]
    assert upright.call_count == strips
