"""Segments: decoded when they are sliced, once while they are kept."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poolcli.errors import PictureError
from poolcli.media.tiff.segments import cache
from poolcli.media.tiff.segments.cache import SegmentCache
from poolcli.media.tiff.segments.planes import SegmentedPlane
from tests.oracle import Array
from tests.pictures import noise

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")

TILE_BYTES = 16 * 16 * 2


@contextmanager
def plane(x: Array, limit: int, **how: Any) -> Iterator[SegmentedPlane]:
    tifffile.imwrite("a.tif", x, compression="zlib", metadata=None, photometric=1, **how)
    with tifffile.TiffFile("a.tif") as tif:
        yield SegmentedPlane(SegmentCache(limit), 0, tif.pages[0], tif.pages[0])


@pytest.fixture
def decoded(here: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the segments that were decoded, in order."""
    assert here.exists()
    numbers: list[int] = []
    decode = cache._decode

    def counted(page: Any, keyframe: Any, index: int, lock: Any) -> Array | None:
        numbers.append(index)
        return decode(page, keyframe, index, lock)

    monkeypatch.setattr(cache, "_decode", counted)
    return numbers


def test_only_what_is_sliced_is_decoded(decoded: list[int]) -> None:
    x = noise((40, 50), "u2")
    with plane(x, 1 << 20, tile=(16, 16)) as source:
        got = source[slice(10, 20), slice(20, 30)]
        np.testing.assert_array_equal(got[..., 0], x[10:20, 20:30])
        assert decoded == [1, 5]
        np.testing.assert_array_equal(source[slice(None, None, 3),][..., 0], x[::3])
        assert sorted(decoded) == list(range(12))


def test_the_segments_used_last_are_kept(decoded: list[int]) -> None:
    with plane(noise((16, 64), "u2"), 2 * TILE_BYTES, tile=(16, 16)) as source:
        for column in (0, 16, 0, 32, 0, 16):
            source[slice(None), slice(column, column + 1)]
    assert decoded == [0, 1, 2, 1]


def test_threads_that_want_one_segment_decode_it_once(decoded: list[int]) -> None:
    x = noise((200, 300), "u2")
    with plane(x, 1 << 22, rowsperstrip=200) as source, ThreadPoolExecutor(8) as pool:
        parts = pool.map(lambda n: source[slice(None), slice(n, n + 1)], range(64))
        np.testing.assert_array_equal(np.concatenate(list(parts), 1)[..., 0], x[:, :64])
    assert decoded == [0]


def test_a_damaged_segment_is_an_error_each_time_and_no_other_is(here: Path) -> None:
    tifffile.imwrite(here / "a.tif", noise((32, 16), "u2"), tile=(16, 16), compression="zlib")
    with tifffile.TiffFile("a.tif") as tif:
        place = tif.pages[0].dataoffsets[1]
    raw = bytearray(Path("a.tif").read_bytes())
    raw[place : place + 20] = bytes(20)
    Path("a.tif").write_bytes(raw)
    with tifffile.TiffFile("a.tif") as tif:
        source = SegmentedPlane(SegmentCache(), 0, tif.pages[0], tif.pages[0])
        for _ in range(2):
            with pytest.raises(PictureError, match="truncated or damaged"):
                source[slice(16, 32),]
        assert source[slice(0, 16),].shape == (16, 16, 1)
