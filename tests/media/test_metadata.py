"""Metadata: kept where the format holds it, true of the pooled picture, dropped with --strip."""

import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.commands import Run
from tests.pictures import photo, read
from tests.programs import needs_exiftool

Base, Ifd = ExifTags.Base, ExifTags.IFD
FORMATS = ["jpg", "png", "tif", "webp", "avif"]
ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description tiff:Orientation="%d" '
    b'exif:PixelXDimension="48" exif:PixelYDimension="32" dc:title="hi"/></rdf:RDF></x:xmpmeta>'
)


def exif(orientation: int = 1) -> Image.Exif:
    """As a phone writes it."""
    whole = Image.Exif()
    whole[Base.Orientation] = orientation
    whole[Base.Make], whole[Base.Model] = "Acme", "Phone"
    whole[Base.XResolution] = whole[Base.YResolution] = 72.0
    whole[Base.ResolutionUnit] = 2
    inner = whole.get_ifd(Ifd.Exif)
    inner[Base.ExifImageWidth], inner[Base.ExifImageHeight] = 48, 32
    inner[Base.DateTimeOriginal] = "2024:01:02 03:04:05"
    whole.get_ifd(Ifd.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return whole


def write(suffix: str, orientation: int = 1) -> str:
    options: dict[str, Any] = {"exif": exif(orientation), "icc_profile": ICC, "dpi": (300, 200)}
    if suffix in ("jpg", "webp", "avif"):
        options["xmp"] = XMP % orientation
    if suffix == "jpg":
        options["comment"] = "a comment"
    photo("RGB", (48, 32)).save(f"in.{suffix}", **options)
    return f"in.{suffix}"


def info(path: str) -> dict[str, Any]:
    with Image.open(path) as image:
        image.load()
        return {str(key): value for key, value in image.info.items()}


def exif_of(path: str) -> tuple[Image.Exif, dict[int, Any], dict[int, Any]]:
    with Image.open(path) as image:
        found = image.getexif()
        return found, dict(found.get_ifd(Ifd.Exif)), dict(found.get_ifd(Ifd.GPSInfo))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize("orientation", [1, 6])
def test_from_format_to_format(run: Run, source: str, suffix: str, orientation: int) -> None:
    write(source, orientation)
    assert run("max", f"in.{source}", f"out.{suffix}", "-k", "2x4").err == ""
    high, wide = read(f"out.{suffix}")[1].shape[:2]
    turned = orientation == 6
    assert (high, wide) == ((24, 8) if turned else (16, 12))
    told, (whole, inner, place) = info(f"out.{suffix}"), exif_of(f"out.{suffix}")
    assert told["icc_profile"] == ICC
    assert whole.get(Base.Orientation, 1) == 1
    assert (whole[Base.Make], whole[Base.Model]) == ("Acme", "Phone")
    if source != "tif":  # Pillow writes no inner directories into one
        assert (inner[Base.ExifImageWidth], inner[Base.ExifImageHeight]) == (wide, high)
        assert inner[Base.DateTimeOriginal] == "2024:01:02 03:04:05"
        assert place[ExifTags.GPS.GPSLatitudeRef] == "N"
    if "dpi" in info(f"in.{source}") and suffix in ("jpg", "png", "tif"):
        assert told["dpi"] == pytest.approx((50, 150) if turned else (75, 100), abs=0.6)
    if source in ("jpg", "webp", "avif"):
        xmp = told["xmp"]
        assert b'tiff:Orientation="1"' in xmp
        assert b'PixelXDimension="%d" exif:PixelYDimension="%d"' % (wide, high) in xmp
        assert b'dc:title="hi"' in xmp
    if source == "jpg" and suffix in ("jpg", "png"):
        comment = told.get("comment", told.get("Comment"))
        assert comment in (b"a comment", "a comment")


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_strip(run: Run, source: str, suffix: str) -> None:
    write(source, 6)
    assert run("max", f"in.{source}", f"out.{suffix}", "-k", "2x4", "--strip").err == ""
    told = info(f"out.{suffix}")
    assert not {"icc_profile", "exif", "xmp", "comment", "Comment", "XML:com.adobe.xmp"} & set(told)
    assert "dpi" not in told or set(told["dpi"]) == {1}
    assert Base.Make not in exif_of(f"out.{suffix}")[0]
    assert read(f"out.{suffix}")[1].shape[:2] == (24, 8)


def with_thumbnail() -> bytes:
    """EXIF of two directories: of the make, and of a thumbnail in JPEG (6) of six bytes."""
    make = struct.pack("<HHHI4sI", 1, Base.Make, 2, 4, b"Acm", 26)
    thumbnail = struct.pack("<HHHIIHHIIHHIII", 3, 259, 3, 1, 6, 513, 4, 1, 68, 514, 4, 1, 6, 0)
    return b"Exif\0\0II*\0\x08\0\0\0" + make + thumbnail + b"\xff\xd8\xff\xd9\0\0"


def test_thumbnail_is_dropped(run: Run) -> None:
    photo("RGB", (48, 32)).save("in.jpg", exif=with_thumbnail())
    assert exif_of("in.jpg")[0].get_ifd(Ifd.IFD1)
    assert run("max", "in.jpg", "out.jpg", "-k", 2).err == ""
    kept = exif_of("out.jpg")[0]
    assert kept[Base.Make] == "Acm"
    assert not kept.get_ifd(Ifd.IFD1)


def test_texts_of_a_png(run: Run) -> None:
    texts = {"Title": "plain", "Author": "Zoë", "Comment": "猫", "Raw profile type exif": "stale"}
    chunks = PngInfo()
    for key, value in texts.items():
        chunks.add_itxt(key, value)
    photo("RGB").save("in.png", pnginfo=chunks)
    assert run("max", "in.png", "out.png", "-k", 2).err == ""
    with Image.open("out.png") as image:
        image.load()
        kept = {key: str(value) for key, value in image.text.items()}  # type: ignore[attr-defined]
    assert kept == {"Title": "plain", "Author": "Zoë", "Comment": "猫"}
    assert run("max", "in.png", "out.jpg", "-k", 2).err == ""
    assert info("out.jpg")["comment"] == "猫\nTitle: plain".encode()
    assert exif_of("out.jpg")[0][Base.Artist].encode("latin-1") == "Zoë".encode()


def test_comment_of_a_tiff(run: Run) -> None:
    """It is the picture's description there."""
    photo("RGB").save("in.jpg", comment=b"drawn by hand")
    assert run("max", "in.jpg", "out.tif", "-k", 2).err == ""
    with Image.open("out.tif") as image:
        assert image.tag_v2[Base.ImageDescription] == "drawn by hand"  # type: ignore[attr-defined]


def test_comment_of_a_gif(run: Run) -> None:
    photo("L").save("in.gif", comment=b"drawn by hand")
    assert run("max", "in.gif", "out.gif", "-k", 2).err == ""
    assert info("out.gif")["comment"] == b"drawn by hand"


@pytest.mark.parametrize("words", ["-k 3", "-k 3 -s 3", "-k 5 -s 3 -p 1", "--size 10x16"])
def test_dots_are_a_stride_apart(run: Run, words: str) -> None:
    photo("RGB", (48, 30)).save("in.tif", dpi=(600, 300))
    assert run("max", "in.tif", "out.tif", *words.split()).err == ""
    assert info("out.tif")["dpi"] == pytest.approx((200, 100))


def test_profile_of_other_colours(run: Run) -> None:
    """What was said of RGB is not said of grey."""
    write("tif")
    assert run("max", "in.tif", "out.png", "-k", 2, "--convert", "L").code == 0
    assert "icc_profile" not in info("out.png")
    assert run("max", "in.tif", "out.png", "-k", 2, "--convert", "RGBA").err == ""
    assert info("out.png")["icc_profile"] == ICC


def test_damaged_exif(run: Run) -> None:
    """What is said of a picture is no reason to lose the picture."""
    for broken in (b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*" + b"\xff" * 40):
        photo("RGB").save("in.jpg", exif=broken)
        for suffix in FORMATS:
            note = "poolcli: note: in.jpg: unreadable EXIF dropped\n" * (len(broken) > 14)
            assert run("max", "in.jpg", f"out.{suffix}", "-k", 2).err == note


@needs_exiftool
@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
def test_told_by_exiftool(run: Run, suffix: str) -> None:
    """EXIF as another program writes and reads it; in a PNG it puts it behind the pixels."""
    photo("RGB", (48, 32)).save(f"in.{suffix}")
    tags = "-Orientation#=8 -Artist=Zoë -ExposureTime=1/50 -XMP-dc:Title=hi".encode().split()
    line = [b"exiftool", b"-q", b"-overwrite_original", *tags, f"in.{suffix}".encode()]
    subprocess.run(line, check=True, capture_output=True)
    out = run("max", f"in.{suffix}", f"out.{suffix}", "-k", "2x4").out
    assert out == f"out.{suffix}: 3×48×32 → 3×24×8\n"
    told = subprocess.run(
        ["exiftool", "-s", "-warning", "-Orientation#", "-Artist", "-Title", f"out.{suffix}"],
        capture_output=True, check=True, encoding="utf-8",
    ).stdout  # fmt: skip
    assert "Warning" not in told
    assert "Artist" in told
    assert "Zoë" in told
    assert "Title" in told
    assert not [line for line in told.splitlines() if "Orientation" in line and line[-1] != "1"]


def test_same_bytes(run: Run) -> None:
    """Twice the same words, twice the same file."""
    for suffix in FORMATS:
        write(suffix, 5)
        for name in ("a", "b"):
            assert run("avg", f"in.{suffix}", f"{name}.{suffix}", "-k", 2).err == ""
        assert Path(f"a.{suffix}").read_bytes() == Path(f"b.{suffix}").read_bytes()
        assert np.array_equal(read(f"a.{suffix}")[1], read(f"b.{suffix}")[1])


@pytest.mark.parametrize("suffix", [".pdf", ".sgi"])
def test_no_temporary_name_is_left_in_a_file(suffix: str, here: Path, run: Run) -> None:
    Image.new("RGB", (4, 4)).save(here / "in.png")
    run("max", "in.png", f"out{suffix}", "-k", "2")
    assert b"poolcli" not in (here / f"out{suffix}").read_bytes()
