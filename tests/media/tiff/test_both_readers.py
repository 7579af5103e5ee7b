"""The same file gives the same pixels whichever of Pillow and tifffile takes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from poolcli.media import pictures
from poolcli.media.options import Reading
from poolcli.media.pillow.reading.formats.tiff_pages import tiff_pages
from poolcli.media.tiff import reader as tiff_reader
from tests.pictures import PILLOW, noise, photo

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")

SHAPE = (37, 45)

LAYOUTS: dict[str, dict[str, Any]] = {
    "strips": {},
    "tiles": {"tile": (16, 32)},
    "big-endian": {"byteorder": ">"},
    "big": {"bigtiff": True},
}
SAMPLES: dict[str, tuple[str, tuple[int, ...], dict[str, Any]]] = {
    "grey": ("u1", SHAPE, {"photometric": "minisblack"}),
    "white-zero": ("u1", SHAPE, {"photometric": "miniswhite"}),
    "rgb": ("u1", (*SHAPE, 3), {"photometric": "rgb"}),
    "planar": ("u1", (3, *SHAPE), {"photometric": "rgb", "planarconfig": "separate"}),
    "cmyk": ("u1", (*SHAPE, 4), {"photometric": "separated"}),
    "uint16": ("u2", SHAPE, {"photometric": "minisblack"}),
    "int16": ("i2", SHAPE, {"photometric": "minisblack"}),
    "int32": ("i4", SHAPE, {"photometric": "minisblack"}),
    "rgba": ("u1", (*SHAPE, 4), {"photometric": "rgb", "extrasamples": ["unassalpha"]}),
    "premultiplied": ("u1", (*SHAPE, 4), {"photometric": "rgb", "extrasamples": ["assocalpha"]}),
}
COMPRESSIONS = (None, "lzw", "zlib", *(["zstd"] if PILLOW >= (13, 0) else []))


def by_each(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[Any]]:
    """Every frame's mode, pixels and resolution, read by Pillow and by tifffile."""
    found = []
    for taken in (False, True):

        def choose(file: Any, _: Reading, taken: bool = taken, **__: bool) -> Any:
            pages = tiff_pages(file)
            file.seek(0)
            return pages if taken else None

        monkeypatch.setattr(tiff_reader, "_taken", choose)
        with pictures.open_picture(path) as picture:
            found.append([
                (one.mode, np.array(one.pixels[(slice(None),)]), one.dpi, one.density)
                for one in picture.frames
            ])  # fmt: skip
    return found


def check_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pillow, other = by_each(path, monkeypatch)
    assert len(pillow) == len(other) > 0
    for one, two in zip(pillow, other, strict=True):
        assert (one[0], one[2:]) == (two[0], two[2:])
        assert one[1].dtype == two[1].dtype
        np.testing.assert_array_equal(one[1], two[1])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("samples", SAMPLES)
def test_tifffile_files(
    here: Path, monkeypatch: pytest.MonkeyPatch, samples: str, compression: str, layout: str
) -> None:
    dtype, shape, how = SAMPLES[samples]
    how = {**how, **LAYOUTS[layout], "compression": compression, "metadata": None}
    tifffile.imwrite("a.tif", noise(shape, dtype), **how)
    check_same(here / "a.tif", monkeypatch)


def few_bits(bits: int) -> Callable[[str], None]:
    def write(name: str) -> None:
        values = noise(SHAPE, "u2" if bits > 8 else "u1") >> (16 - bits if bits > 8 else 8 - bits)
        tifffile.imwrite(name, values, bitspersample=bits, photometric=1, metadata=None)

    return write


def by_pillow(mode: str, compression: str, **more: Any) -> Callable[[str], None]:
    def write(name: str) -> None:
        photo(mode, (45, 37)).save(name, compression=compression, **more)

    return write


def turned(orientation: int) -> Callable[[str], None]:
    def write(name: str) -> None:
        exif = Image.Exif()
        exif[274] = orientation
        photo("RGB", (45, 37)).save(name, exif=exif, dpi=(100, 50))

    return write


def by_opencv(name: str) -> None:
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
    cv2.imwrite(name, noise((*SHAPE, 3)))


def palette_of_bytes(name: str) -> None:
    colours = noise((3, 256), "u1").astype("u2")
    tifffile.imwrite(name, noise(SHAPE), photometric="palette", colormap=colours, metadata=None)


def pages(name: str) -> None:
    for number in range(3):
        tifffile.imwrite(name, noise((5 + number, 7)), append=number > 0, metadata=None)


WRITERS: dict[str, Callable[[str], None]] = {
    "2 bits": few_bits(2),
    "4 bits": few_bits(4),
    "12 bits": few_bits(12),
    "bilevel": lambda name: tifffile.imwrite(name, noise(SHAPE) > 99, metadata=None),
    "group 4": by_pillow("1", "group4"),
    "palette": by_pillow("P", "tiff_lzw"),
    "palette of bytes": palette_of_bytes,
    "palette and alpha": by_pillow("PA", "raw"),
    "jpeg": by_pillow("RGB", "jpeg"),
    "packbits": by_pillow("LA", "packbits"),
    "float": by_pillow("F", "tiff_adobe_deflate", dpi=(300, 150)),
    **{f"orientation {number}": turned(number) for number in range(2, 9)},
    "OpenCV": by_opencv,
    "pages": pages,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_files_of_all_writers(here: Path, monkeypatch: pytest.MonkeyPatch, writer: str) -> None:
    WRITERS[writer]("a.tif")
    check_same(here / "a.tif", monkeypatch)


@contextmanager
def taken(path: str, **options: Any) -> Iterator[bool]:
    reading = Reading(**options)
    with Path(path).open("rb") as file, tiff_reader.open_stack(file, None, reading) as stack:
        yield stack is not None


KINDS: dict[str, tuple[bool, Any, dict[str, Any]]] = {
    "plain RGB": (False, noise((8, 8, 3)), {"photometric": "rgb"}),
    "three pages": (False, noise((3, 8, 8)), {"photometric": "minisblack"}),
    "16-bit grey": (False, noise((8, 8), "u2"), {}),
    "16-bit RGB": (False, noise((8, 8, 3), "u2"), {"photometric": "rgb"}),
    "float64": (True, noise((8, 8)).astype("f8"), {}),
    "float16": (True, noise((8, 8)).astype("f2"), {}),
    "uint32": (True, noise((8, 8), "u4"), {}),
    "uint64": (True, noise((8, 8), "u8"), {}),
    "int8": (True, noise((8, 8), "i1"), {}),
    "LZMA": (True, noise((8, 8)), {"compression": "lzma"}),
    "Zstandard": (True, noise((8, 8)), {"compression": "zstd"}),
    "five channels": (True, noise((8, 8, 5)), {"photometric": 1, "planarconfig": "contig"}),
    "RGB and one more": (True, noise((8, 8, 4)), {"photometric": "rgb", "extrasamples": [0]}),
    "georeference": (True, noise((8, 8)), {"extratags": [(33550, "d", 3, (1, 1, 0), True)]}),
    "no data": (True, noise((8, 8)), {"extratags": [(42113, "s", 0, "-9", True)]}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_who_takes_a_kind(here: Path, kind: str) -> None:
    wanted, values, how = KINDS[kind]
    tifffile.imwrite(here / "a.tif", values, metadata=None, **how)
    with taken("a.tif") as by_tifffile:
        assert by_tifffile is wanted


def test_stacks_with_named_axes_are_tifffiles(here: Path) -> None:
    values = noise((3, 8, 8))
    tifffile.imwrite(here / "ome.tif", values, ome=True, metadata={"axes": "ZYX"})
    tifffile.imwrite(here / "imagej.tif", values, imagej=True)
    tifffile.imwrite(here / "named.tif", values, metadata={"axes": "ZYX"}, photometric=1)
    for name in ("ome.tif", "imagej.tif", "named.tif"):
        with taken(name) as by_tifffile:
            assert by_tifffile, name


def test_large_pages_are_tifffiles(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tifffile.imwrite(here / "a.tif", noise((64, 64)), metadata=None)
    monkeypatch.setattr(tiff_reader, "_LARGE", 64 * 64 - 1)
    with taken("a.tif") as by_tifffile:
        assert by_tifffile
    monkeypatch.setattr(tiff_reader, "_LARGE", 64 * 64)
    with taken("a.tif") as by_tifffile:
        assert not by_tifffile


def test_a_conversion_that_pillow_makes_stays_pillows(here: Path) -> None:
    tifffile.imwrite(here / "a.tif", noise((8, 8, 3), "u2"), photometric="rgb", metadata=None)
    with taken("a.tif", convert="RGB") as by_tifffile:
        assert not by_tifffile
