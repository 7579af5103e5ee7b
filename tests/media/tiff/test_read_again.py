"""Segments that are asked for again, and that memory has no room for: laid aside on disk."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poolcli.media.options import Reading
from poolcli.media.tiff.segments.spool import Spool
from poolcli.media.volumes.opening import open_volume
from tests.commands import Run
from tests.oracle import Array
from tests.pictures import noise

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")

PLANE_BYTES = 32 * 16 * 2


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Pages that were decoded, one segment each, with room in memory for two of them."""
    from poolcli.media.tiff import encoding, stack
    from poolcli.media.tiff.segments import cache

    pages: list[int] = []
    decode = cache._decode

    def counted(page: Any, *rest: Any) -> Any:
        pages.append(page.index)
        return decode(page, *rest)

    monkeypatch.setattr(cache, "_decode", counted)
    small = partial(cache.SegmentCache, 2 * PLANE_BYTES)
    monkeypatch.setattr(stack, "SegmentCache", small)
    monkeypatch.setattr(encoding, "_BOX_BYTES", PLANE_BYTES)
    return pages


def write(name: str) -> Array:
    x = noise((8, 32, 16), "u2")
    told = {"metadata": {"axes": "ZYX"}, "photometric": 1, "rowsperstrip": 32}
    tifffile.imwrite(name, x, compression="zlib", **told)
    return x


@pytest.mark.parametrize("name", ["b.tif", "b.npy"])
@pytest.mark.parametrize(
    ("words", "starts", "depth"),
    [("-k 4x1x1", (0, 4), 4), ("-k 8x1x1", (0,), 8), ("-k 3x1x1 -s 1", range(6), 3)],
)
def test_pages_of_one_segment_are_decoded_once(
    run: Run, decoded: list[int], words: str, starts: tuple[int, ...], depth: int, name: str
) -> None:
    x = write("a.ome.tif")
    assert run("median", "a.ome.tif", name, "--axes", "ZYX", *words.split()).code == 0
    want = [np.sort(x[low : low + depth], 0)[(depth - 1) // 2] for low in starts]
    got = np.load(name) if name == "b.npy" else tifffile.imread(name)
    np.testing.assert_array_equal(got.reshape(np.shape(want)), want)
    assert sorted(decoded) == list(range(8))


def test_a_disk_without_room_costs_time_alone(
    run: Run, decoded: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from poolcli.media.tiff.segments import spool

    def full(**_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "TemporaryFile", full)
    x = write("a.ome.tif")
    assert run("max", "a.ome.tif", "b.npy", "--axes", "ZYX", "-k", "8x1x1").code == 0
    np.testing.assert_array_equal(np.load("b.npy")[0], x.max(0))
    assert len(decoded) > 8


def test_chunks_smaller_than_pages_decode_each_once(here: Path, decoded: list[int]) -> None:
    x = write(str(here / "a.ome.tif"))
    with open_volume(here / "a.ome.tif", Reading()) as volume:
        for low in (0, 16):
            rows = slice(low, low + 16)
            got = volume.source[slice(0, 8), rows, slice(0, 16)]
            np.testing.assert_array_equal(got, x[:, rows])
    assert decoded == list(range(8))


def test_channels_that_lie_apart_are_decoded_once(run: Run, decoded: list[int]) -> None:
    x = noise((32, 16, 3), "u4")
    told = {"photometric": "rgb", "planarconfig": "separate", "rowsperstrip": 32}
    tifffile.imwrite("a.tif", x.transpose(2, 0, 1), compression="zlib", **told)
    assert run("mode", "a.tif", "b.tif", "-k", 1).code == 0
    np.testing.assert_array_equal(tifffile.imread("b.tif"), x)
    assert len(decoded) == 3


def test_nothing_is_laid_aside_where_each_segment_is_used_once(
    run: Run, decoded: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(*_: Any) -> Any:
        raise AssertionError("a segment was laid aside")

    monkeypatch.setattr(Spool, "put", put)
    write("a.ome.tif")
    assert run("max", "a.ome.tif", "b.tif", "--axes", "ZYX", "-k", "1x2x2").code == 0
    assert sorted(decoded) == list(range(8))


def test_places_in_the_file_are_used_again_by_arrays_of_one_size() -> None:
    spool = Spool()
    kept, gone = spool.put(np.full(4, 7)), spool.put(np.full(4, 8))
    assert kept is not None
    assert gone is not None
    place = gone._offset
    del gone
    wide, new = spool.put(np.full(8, 9)), spool.put(np.full(4, 5))
    assert wide is not None
    assert new is not None
    assert new._offset == place
    for spooled, value in ((kept, 7), (wide, 9), (new, 5)):
        assert set(spooled[slice(None),].tolist()) == {value}
    spool.close()
