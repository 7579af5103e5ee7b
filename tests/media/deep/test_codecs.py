"""All bits of JPEG 2000, AVIF and SGI, of which Pillow gives 8."""

import struct
from pathlib import Path

import numpy as np
import pytest

from poolcli.errors import PictureError
from poolcli.media.pictures import open_picture
from poolcli.media.pillow.reading.formats import deep_codecs
from tests.commands import Run
from tests.oracle import Array

pytestmark = pytest.mark.usefixtures("here")


def ramp(bits: int, channels: int) -> Array:
    """From black to white, both of which are there."""
    x = np.linspace(0, (1 << bits) - 1, 12 * 16 * channels).round()
    return x.astype("u2").reshape(12, 16, channels)


def encoded(suffix: str, x: Array, bits: int) -> bytes:
    codecs = pytest.importorskip("imagecodecs", reason="the extra [tiff] is not installed")
    if suffix == "avif":
        return bytes(codecs.avif_encode(x.squeeze(), level=100, bitspersample=bits))
    told = {"level": 0, "reversible": True, "bitspersample": bits}
    return bytes(codecs.jpeg2k_encode(x.squeeze(), **told))


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(("suffix", "bits"), [("jp2", 12), ("jp2", 16), ("avif", 10), ("avif", 12)])
def test_all_bits_are_read(run: Run, suffix: str, bits: int, channels: int) -> None:
    x = ramp(bits, channels)
    Path(f"in.{suffix}").write_bytes(encoded(suffix, x, bits))
    done = run("max", f"in.{suffix}", "out.npy", "-k", 1, "--alpha", "channel")
    white = (1 << bits) - 1
    note = f"poolcli: note: in.{suffix}: its white is {white}, not 65535: values stay as stored\n"
    assert done.err == ("" if bits == 16 else note)
    got = np.load("out.npy").transpose(1, 2, 0)
    np.testing.assert_array_equal(got[..., :3], x[..., :3])
    if channels == 4:
        np.testing.assert_array_equal(got[..., 3], np.rint(x[..., 3] * (65535 / white)))
    line = run("max", f"in.{suffix}", "out.png", "-k", 2, "--dry-run").out
    assert line == f"out.png: {channels}×12×16 → {channels}×6×8\n"


@pytest.mark.parametrize(("suffix", "bits"), [("jp2", 12), ("jp2", 16), ("avif", 10)])
def test_eight_bits_are_the_upper_ones(run: Run, suffix: str, bits: int) -> None:
    """Pillow rounds the white of a JPEG 2000 up to 256, and so to black."""
    x = ramp(bits, 3)
    Path(f"in.{suffix}").write_bytes(encoded(suffix, x, bits))
    done = run("max", f"in.{suffix}", "out.npy", "-k", 1, "--convert", "RGB")
    assert "only 8 bits of each of its RGB samples were read" in done.err
    apart = np.load("out.npy").transpose(1, 2, 0).astype(int) - (x >> (bits - 8))
    assert np.abs(apart).max() <= (suffix == "avif")


def test_without_the_library_a_jpeg_2000_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("in.jp2").write_bytes(encoded("jp2", ramp(16, 3), 16))
    monkeypatch.setattr(deep_codecs, "_library", lambda _: None)
    for words in ([], ["--convert", "RGB"]):
        told = run("max", "in.jp2", "out.png", "-k", 1, *words).failure
        assert told.endswith("samples, which cannot be read; pip install '.[tiff]' reads it")


def test_what_two_decoders_read_differently_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    x = ramp(10, 3)
    Path("in.avif").write_bytes(encoded("avif", x, 10))
    monkeypatch.setitem(deep_codecs._DECODERS, "AVIF", lambda *_: x[:, ::-1])
    with (
        pytest.raises(PictureError, match="of which only 8 can be read; use --convert RGB"),
        open_picture(Path("in.avif")) as picture,
    ):
        list(picture.frames)


def sgi(x: Array, *, packed: bool) -> bytes:
    """Planes from the bottom up; packed, every row is runs of one value each."""
    high, wide, channels = x.shape
    dimension = 3 if channels > 1 else 2
    head = struct.pack(">hBBHHHH", 474, packed, 2, dimension, wide, high, channels)
    planes = x[::-1].transpose(2, 0, 1).astype(">u2")
    if not packed:
        return head.ljust(512, b"\0") + planes.tobytes()
    rows = [
        b"".join(struct.pack(">2H", 1, value) for value in row) + b"\0\0"
        for row in planes.reshape(-1, wide).tolist()
    ]
    begin, size = 512 + 8 * len(rows), len(rows[0])
    starts = [begin + size * number for number in range(len(rows))]
    tables = struct.pack(f">{len(rows)}I", *starts) + struct.pack(
        f">{len(rows)}I", *[size] * len(rows)
    )
    return head.ljust(512, b"\0") + tables + b"".join(rows)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sgi_of_16_bits(run: Run, channels: int, packed: bool) -> None:
    x = ramp(16, channels)
    data = sgi(x, packed=packed)
    Path("in.sgi").write_bytes(data)
    assert run("max", "in.sgi", "out.npy", "-k", 1, "--alpha", "channel").err == ""
    np.testing.assert_array_equal(np.load("out.npy").transpose(1, 2, 0), x)
    Path("cut.sgi").write_bytes(data[:-40])
    assert run("max", "cut.sgi", "out.npy", "-k", 1).code == 1
