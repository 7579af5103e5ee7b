"""What EXIF counts and measures is true of the pooled picture, or is left out."""

from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image

from tests.commands import Run
from tests.pictures import photo

Base, Ifd = ExifTags.Base, ExifTags.IFD
CENTIMETRES, INCHES = 3, 2


def exif_of(path: str) -> tuple[Image.Exif, dict[int, Any]]:
    """A file's EXIF, and its inner directory."""
    with Image.open(path) as image:
        found = image.getexif()
        return found, dict(found.get_ifd(Ifd.Exif))


def write(path: str, exif: Image.Exif, **options: Any) -> None:
    photo("RGB", (48, 32)).save(path, exif=exif, **options)


@pytest.mark.parametrize("suffix", ["jpg", "webp"])
def test_dots_per_centimetre_become_dots_per_inch(run: Run, suffix: str) -> None:
    """100 per cm are 254 per inch; with every fourth row and every second column kept …"""
    exif = Image.Exif()
    exif[Base.XResolution] = exif[Base.YResolution] = 100.0
    exif[Base.ResolutionUnit] = CENTIMETRES
    write("in.jpg", exif)
    assert run("max", "in.jpg", f"out.{suffix}", "-k", "4x2").err == ""
    told = exif_of(f"out.{suffix}")[0]
    assert told[Base.ResolutionUnit] == INCHES
    assert float(told[Base.XResolution]) == pytest.approx(127)
    assert float(told[Base.YResolution]) == pytest.approx(63.5)


def test_a_tiff_in_centimetres_is_written_in_inches(run: Run) -> None:
    photo("RGB", (48, 32)).save("in.tif", resolution_unit=CENTIMETRES, resolution=100)
    assert run("max", "in.tif", "out.tif", "-k", "4x2").err == ""
    with Image.open("out.tif") as image:
        tags = image.tag_v2  # type: ignore[attr-defined]
        assert image.info["dpi"] == pytest.approx((127, 63.5))
        assert tags[Base.ResolutionUnit] == INCHES


def test_resolution_that_nobody_knows_is_left_alone(run: Run) -> None:
    """No unit and no dots: nothing is made up."""
    exif = Image.Exif()
    exif[Base.Make] = "Acme"
    write("in.png", exif)
    assert run("max", "in.png", "out.png", "-k", 2).err == ""
    told = exif_of("out.png")[0]
    assert told[Base.Make] == "Acme"
    assert {Base.XResolution, Base.YResolution, Base.ResolutionUnit}.isdisjoint(told)
    with Image.open("out.png") as image:
        assert "dpi" not in image.info


@pytest.mark.parametrize("suffix", ["png", "tif", "jpg"])
def test_no_dots_per_inch_are_none(run: Run, suffix: str) -> None:
    """Zero dots is what some programs write for want of a number."""
    photo("RGB", (48, 32)).save("in.png", dpi=(0, 0))
    with Image.open("in.png") as image:
        assert image.info["dpi"] == (0, 0)
    assert run("max", "in.png", f"out.{suffix}", "-k", 2).err == ""
    with Image.open(f"out.{suffix}") as image:
        assert set(image.info.get("dpi", ())) <= {1}  # which TIFF has to say


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_names_are_kept_byte_by_byte(run: Run, suffix: str) -> None:
    """In UTF-8, as most programs write them, though EXIF knows but ASCII."""
    exif = Image.Exif()
    exif[Base.Artist] = "Zoë 猫".encode()
    write("in.jpg", exif)
    assert run("max", "in.jpg", f"out.{suffix}", "-k", 2).err == ""
    told = exif_of(f"out.{suffix}")[0][Base.Artist]
    assert told.encode("latin-1") == "Zoë 猫".encode()


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif"])
def test_widths_and_heights_are_those_of_the_result_where_there_are_any(
    run: Run, suffix: str
) -> None:
    exif = Image.Exif()
    exif[Base.ImageWidth], exif[Base.ImageLength] = 48, 32
    inner = exif.get_ifd(Ifd.Exif)
    inner[Base.ExifImageWidth] = 48
    write("in.jpg", exif)
    assert run("max", "in.jpg", f"out.{suffix}", "-k", "4x2").err == ""
    whole, told = exif_of(f"out.{suffix}")
    assert (whole[Base.ImageWidth], whole[Base.ImageLength]) == (24, 8)
    assert told[Base.ExifImageWidth] == 24
    assert Base.ExifImageHeight not in told


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif"])
def test_exif_that_all_stands_in_inner_directories_is_kept(run: Run, suffix: str) -> None:
    for ifd, tag, value in (
        (Ifd.Exif, Base.DateTimeOriginal, "2024:01:02 03:04:05"),
        (Ifd.GPSInfo, ExifTags.GPS.GPSLatitudeRef, "N"),
    ):
        exif = Image.Exif()
        exif.get_ifd(ifd)[tag] = value
        write("in.jpg", exif)
        assert run("max", "in.jpg", f"out.{suffix}", "-k", 2).err == ""
        with Image.open(f"out.{suffix}") as image:
            assert dict(image.getexif().get_ifd(ifd)) == {tag: value}


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif", "tif"])
def test_a_place_in_the_old_file_is_not_told_in_the_new_one(run: Run, suffix: str) -> None:
    """The directory of interoperability is not copied, so its offset must not be."""
    exif = Image.Exif()
    inner = exif.get_ifd(Ifd.Exif)
    inner[Ifd.Interop] = {1: "R98", 2: b"0100"}
    inner[Base.DateTimeOriginal] = "2024:01:02 03:04:05"
    write("in.jpg", exif)
    assert Base.ExifInteroperabilityOffset in exif_of("in.jpg")[1]
    assert run("max", "in.jpg", f"out.{suffix}", "-k", 2).err == ""
    told = exif_of(f"out.{suffix}")[1]
    assert Base.ExifInteroperabilityOffset not in told
    assert told[Base.DateTimeOriginal] == "2024:01:02 03:04:05"


def test_a_makers_note_does_not_go_into_a_tiff(run: Run) -> None:
    """It counts from where it stood in the old file; what stands beside it is kept."""
    inner = {
        int(Base.MakerNote): b"Acme\0" + bytes(range(60)),
        int(Base.DateTimeOriginal): "2024:01:02 03:04:05",
    }
    photo("RGB").save("in.tif", compression="raw", tiffinfo={int(Ifd.Exif): inner})
    assert Base.MakerNote in exif_of("in.tif")[1]
    err = run("max", "in.tif", "out.tif", "-k", 2).err
    assert err == "poolcli: note: in.tif: maker note dropped\n"
    told = exif_of("out.tif")[1]
    assert told[Base.DateTimeOriginal] == "2024:01:02 03:04:05"
    assert Base.MakerNote not in told
    assert b"Acme" not in Path("out.tif").read_bytes()
