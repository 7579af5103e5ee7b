"""Files written by the writer for pictures with grain, and for colours of 16 bits."""

import sys
import threading
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from poolcli.media.pillow import zlib_libraries
from poolcli.media.pillow.writing.png import deflating, writer
from poolcli.media.pillow.writing.png.deflating import Setting, combined_adler
from poolcli.media.pillow.writing.png.writer import write_png
from tests.media.png.strict import decoded, parts
from tests.oracle import Array
from tests.pictures import noise, pixels

KINDS = [("L", 1, "u1"), ("LA", 2, "u1"), ("RGB", 3, "u1"), ("RGBA", 4, "u1"), ("I;16", 1, "u2")]
DEEP = [("LA", 2, "u2"), ("RGB", 3, "u2"), ("RGBA", 4, "u2")]
SETTINGS = [
    None,
    Setting(1, zlib.Z_HUFFMAN_ONLY),
    Setting(1, zlib.Z_RLE),
    *(Setting(level, zlib.Z_FILTERED) for level in (0, 1, 4, 6, 9)),
]


def grain(high: int, wide: int, channels: int, dtype: str) -> Array:
    """Values that drift down and across, with noise in their lowest bits."""
    drift = np.cumsum(noise((high, 1, channels)) % 9, axis=0)
    drift = drift + np.cumsum(noise((1, wide, channels)) % 9, axis=1)
    values: Array = drift * (257 if dtype == "u2" else 1) + noise((high, wide, channels)) % 7
    return values.astype(dtype)


def written(x: Array, mode: str, *rest: Any, **more: Any) -> bytes:
    file = BytesIO()
    write_png(file, x, mode, *rest, **more)
    return file.getvalue()


def by_pillow(data: bytes) -> Array:
    with Image.open(BytesIO(data)) as image:
        return pixels(image)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several pieces, and so threads, for a picture of a few rows."""
    monkeypatch.setattr(writer, "PIECE_BYTES", 200)


@pytest.mark.parametrize(("mode", "channels", "dtype"), KINDS + DEEP)
@pytest.mark.parametrize("size", [(1, 1), (1, 70), (70, 1), (9, 8)])
def test_what_was_written_is_read(
    mode: str, channels: int, dtype: str, size: tuple[int, int]
) -> None:
    x = grain(*size, channels, dtype)
    data = written(x, mode)
    assert np.array_equal(decoded(data), x)
    if (mode, channels, dtype) in KINDS:
        assert np.array_equal(by_pillow(data), x)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize(("mode", "channels", "dtype"), [KINDS[2], DEEP[2]])
def test_pieces_are_one_stream(
    mode: str, channels: int, dtype: str, setting: Setting | None
) -> None:
    x = grain(40, 11, channels, dtype)
    data = written(x, mode, None, setting)
    assert np.array_equal(decoded(data), x)
    assert len([name for name, _ in parts(data) if name == b"IDAT"]) > 5
    assert data == written(x, mode, None, setting, threads=2)


def test_rows_are_filtered_the_same_however_they_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    x = grain(40, 11, 3, "u1")
    streams = []
    for piece_bytes in (200, 1 << 18):
        monkeypatch.setattr(writer, "PIECE_BYTES", piece_bytes)
        packed = [body for name, body in parts(written(x, "RGB")) if name == b"IDAT"]
        streams.append(zlib.decompress(b"".join(packed)))
    assert streams[0] == streams[1]


def test_repetitions_are_found_across_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece, little longer than what repeats, would be noise by itself."""
    monkeypatch.setattr(writer, "PIECE_BYTES", 33_000)
    x = np.tile(noise((100, 100, 3)), (4, 1, 1))
    assert len(written(x, "RGB", None, Setting(6, zlib.Z_FILTERED))) < 45_000


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_checksums_of_pieces_are_combined(first: bytes, second: bytes) -> None:
    got = combined_adler(zlib.adler32(first), zlib.adler32(second), len(second))
    assert got == zlib.adler32(first + second)


def test_checksums_of_long_pieces_are_combined() -> None:
    one = b"\xff" * 1_000_001
    got = combined_adler(zlib.adler32(one), zlib.adler32(one), len(one))
    assert got == zlib.adler32(one + one)


def test_chunks_around_the_pixels_are_those_of_pillow() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add(b"gAMA", (45455).to_bytes(4, "big"))
    texts.add_itxt("Title", "hélas")
    texts.add(b"teSt", b"behind", after_idat=True)
    exif = Image.Exif()
    exif[270] = "described"
    options = {"pnginfo": texts, "dpi": (72, 36), "icc_profile": b"profile", "exif": exif}
    x = grain(5, 6, 3, "u1")
    theirs = BytesIO()
    Image.fromarray(x).save(theirs, "PNG", **options)
    around = [part for part in parts(theirs.getvalue()) if part[0] != b"IDAT"]
    assert len(around) == 8
    assert [part for part in parts(written(x, "RGB", options)) if part[0] != b"IDAT"] == around


class Rows:
    """A source that notes which rows are asked for, and may fail at one."""

    def __init__(self, x: Array, fails_at: int | None = None) -> None:
        self.shape, self.dtype, self.asked = x.shape, x.dtype, list[int]()
        self._x, self._fails_at = x, fails_at

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        low, high, _ = key[0].indices(len(self._x))
        self.asked += range(low, high)
        if self._fails_at is not None and self._fails_at < high:
            raise OSError("no such row")
        return self._x[key]


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("threads", [1, 2])
def test_rows_are_asked_for_once_from_top_to_bottom(threads: int) -> None:
    rows = Rows(grain(60, 11, 3, "u1"))
    written(rows, "RGB", None, SETTINGS[1], threads=threads)  # type: ignore[arg-type]
    assert rows.asked == list(range(60))


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_of_the_rows_ends_the_threads(threads: int) -> None:
    rows, before = Rows(grain(60, 11, 3, "u1"), fails_at=45), threading.active_count()
    with pytest.raises(OSError, match="no such row"):
        written(rows, "RGB", None, SETTINGS[1], threads=threads)  # type: ignore[arg-type]
    assert threading.active_count() == before


@pytest.mark.parametrize(("mode", "channels", "dtype"), KINDS + DEEP)
def test_opencv_reads_it(tmp_path: Path, mode: str, channels: int, dtype: str) -> None:
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
    x = grain(30, 40, channels, dtype)
    (tmp_path / "a.png").write_bytes(written(x, mode))
    y = cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_UNCHANGED)
    if channels == 2:  # which it reads as blue, green, red and alpha
        assert np.array_equal(y[..., [0, 3]], x)
        return
    order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[channels]
    assert np.array_equal(y.reshape(*y.shape[:2], -1)[..., order], x)


@pytest.mark.parametrize(("mode", "channels", "dtype"), KINDS + DEEP)
def test_libvips_reads_it(tmp_path: Path, mode: str, channels: int, dtype: str) -> None:
    pyvips = pytest.importorskip("pyvips", reason="libvips is not installed")
    x = grain(30, 40, channels, dtype)
    (tmp_path / "a.png").write_bytes(written(x, mode))
    image = pyvips.Image.new_from_file(str(tmp_path / "a.png"), fail_on="warning")
    assert np.array_equal(image.numpy().reshape(x.shape), x)


@pytest.mark.parametrize("strategy", [zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE])
def test_a_file_is_the_same_with_a_faster_zlib(
    strategy: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    zlib_ng = pytest.importorskip("zlib_ng.zlib_ng", reason="the extra [fast] is not installed")
    x = grain(150, 700, 3, "u1")
    by_ng = written(x, "RGB", {}, Setting(1, strategy))
    monkeypatch.setattr(deflating, "deflating_library", lambda _: zlib)
    assert written(x, "RGB", {}, Setting(1, strategy)) == by_ng
    assert zlib_libraries.deflating_library(strategy) is zlib_ng
    assert zlib_libraries.deflating_library(zlib.Z_FILTERED) is zlib


def test_a_missing_extra_leaves_the_standard_zlib(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("zlib_ng", "isal"):
        monkeypatch.setitem(sys.modules, name, None)
    assert zlib_libraries.deflating_library.__wrapped__(zlib.Z_RLE) is zlib
    assert zlib_libraries.inflating_library.__wrapped__() is zlib
