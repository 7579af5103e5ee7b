"""Tags of a TIFF: a page's own, EXIF directories, and what other software counts in pixels."""

from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from tests.commands import Run
from tests.pictures import photo

Base, Ifd = ExifTags.Base, ExifTags.IFD
ASCII, DOUBLE, SHORT, BYTE = 2, 12, 3, 1
INCH, NO_UNIT = 2, 1


def tags_of(path: str) -> list[dict[int, Any]]:
    """Read the tags of every page."""
    found = []
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append(dict(image.tag_v2))  # type: ignore[attr-defined]
    return found


def write(path: str, tags: dict[int, tuple[int, Any]], mode: str = "L", **options: Any) -> None:
    """Write a picture with tags, each of a type and a value."""
    directory = ImageFileDirectory_v2()
    for tag, (kind, value) in tags.items():
        directory.tagtype[tag] = kind
        directory[tag] = value
    photo(mode, (8, 8)).save(path, tiffinfo=directory, **options)


def test_directories_reach_a_compressed_file_and_the_next(run: Run) -> None:
    exif = Image.Exif()
    exif[Base.Make] = "Cam"
    exif.get_ifd(Ifd.Exif)[Base.DateTimeOriginal] = "2024:01:02 03:04:05"
    exif.get_ifd(Ifd.GPSInfo)[ExifTags.GPS.GPSLatitude] = (12.0, 30.0, 0.25)
    photo("RGB", (8, 8)).save("in.webp", exif=exif, lossless=True)
    for source, destination in (("in.webp", "a.tif"), ("a.tif", "b.tif"), ("b.tif", "c.jpg")):
        assert run("max", source, destination, "-k", 1).err == ""
        with Image.open(destination) as image:
            found = image.getexif()
            assert found[Base.Make] == "Cam"
            assert found.get_ifd(Ifd.Exif)[Base.DateTimeOriginal] == "2024:01:02 03:04:05"
            assert found.get_ifd(Ifd.GPSInfo)[ExifTags.GPS.GPSLatitude] == (12.0, 30.0, 0.25)
    with Image.open("b.tif") as image:
        assert image.info["compression"] == "tiff_adobe_deflate"
        assert np.array_equal(np.asarray(image), np.asarray(photo("RGB", (8, 8))))


def test_each_page_has_its_own_tags(run: Run) -> None:
    pages = [photo("L", (8, 8)) for _ in range(3)]
    for number, page in enumerate(pages):
        page.encoderinfo = {"description": f"page {number}", "dpi": (100 + 50 * number,) * 2}
    pages[0].save("in.tif", save_all=True, append_images=pages[1:], **pages[0].encoderinfo)
    assert run("max", "in.tif", "out.tif", "-k", 2).err == ""
    told = [(page[Base.ImageDescription], page[Base.XResolution]) for page in tags_of("out.tif")]
    wanted = [
        (page[Base.ImageDescription], page[Base.XResolution] / 2) for page in tags_of("in.tif")
    ]
    assert told == wanted
    assert len(told) == 3


KEPT = {
    269: (ASCII, "name"),
    285: (ASCII, "page"),
    316: (ASCII, "host"),
    318: (5, (0.3127, 0.329)),
    33432: (ASCII, "(c) X"),
}


def test_descriptive_tags_are_kept(run: Run) -> None:
    write("in.tif", KEPT, compression="raw")
    assert run("max", "in.tif", "out.tif", "-k", 2).err == ""
    (told,) = tags_of("out.tif")
    assert {tag: told[tag] for tag in (269, 285, 316, 33432)} == {
        269: "name", 285: "page", 316: "host", 33432: "(c) X",
    }  # fmt: skip
    assert tuple(map(float, told[318])) == pytest.approx((0.3127, 0.329))


@pytest.mark.usefixtures("pillow_alone")
@pytest.mark.parametrize(
    ("tags", "note"),
    [
        ({33550: (DOUBLE, (30.0, 30.0, 0.0))}, "georeference"),
        ({34735: (SHORT, (1, 1, 0, 0))}, "georeference"),
        ({65000: (SHORT, 7), 42112: (ASCII, "<GDALMetadata/>")}, "GDAL metadata and tag 65000"),
        ({270: (ASCII, '<?xml version="1.0"?><OME><Pixels SizeX="8"/></OME>')}, "OME-XML"),
        ({270: (ASCII, "Aperio Image\n8x8|MPP = 0.5")}, "Aperio description"),
        ({270: (ASCII, '{"shape": [1, 1, 1, 8, 8]}')}, "array description"),
    ],
)
def test_what_counts_old_pixels_is_noted(
    run: Run, tags: dict[int, tuple[int, Any]], note: str
) -> None:
    write("in.tif", tags, compression="raw")
    for suffix in ("tif", "png"):
        err = run("max", "in.tif", f"out.{suffix}", "-k", 2).err
        assert err == f"poolcli: note: in.tif: {note} dropped\n"
    assert not set(tags) & set(tags_of("out.tif")[0])


def test_calibration_of_imagej_is_divided_by_the_stride(run: Run) -> None:
    text = "ImageJ=1.53\nimages=1\nslices=1\nunit=um\nspacing=2.0\n"
    write("in.tif", {270: (ASCII, text), 282: (5, 4.0), 283: (5, 8.0), 296: (SHORT, NO_UNIT)})
    assert run("avg", "in.tif", "out.tif", "-k", "4x2").err == ""
    (told,) = tags_of("out.tif")
    assert (told[282], told[283], told[296]) == (2, 2, NO_UNIT)
    assert told[270] == "ImageJ=1.53\nunit=um\nspacing=2.0\n"
    err = run("avg", "in.tif", "out.png", "-k", 2).err
    assert err == "poolcli: note: in.tif: calibration dropped: PNG has no place for it\n"


@pytest.mark.usefixtures("pillow_alone")
def test_images_without_directories_are_noted(run: Run) -> None:
    write("in.tif", {270: (ASCII, "ImageJ=1.53\nimages=9\nunit=um\n")})
    err = run("max", "in.tif", "out.tif", "-k", 2).err
    assert err == "poolcli: note: in.tif: all but 1 of 9 images of an ImageJ stack dropped\n"


def write_signed(path: str, values: Any) -> None:
    """Write 16-bit signed samples."""
    x = np.array(values, np.int16)
    image = Image.fromarray(x.view(np.uint16))
    image.save(path, tiffinfo={339: 2})


def test_signed_samples_keep_their_type(run: Run) -> None:
    write_signed("in.tif", [[-5, 3], [-7, -2]])
    assert run("min", "in.tif", "out.tif", "-k", 2).err == ""
    (told,) = tags_of("out.tif")
    assert (told[258], told[339]) == ((16,), (2,))
    with Image.open("out.tif") as image:
        assert np.asarray(image).tolist() == [[-7]]
    assert run("min", "in.tif", "out.npy", "-k", 2).err == ""
    assert (np.load("out.npy").dtype, np.load("out.npy").tolist()) == (np.int16, [[[-7]]])


def test_sums_beyond_signed_samples_are_noted(run: Run) -> None:
    write_signed("in.tif", [[30000, 30000]])
    for suffix in ("tif", "npy"):
        err = run("avg", "in.tif", f"out.{suffix}", "-k", "1x2", "--divisor", 1).err
        assert err == "poolcli: note: in.tif: int16 samples became int32\n"
    assert np.load("out.npy").tolist() == [[[60000]]]


def test_no_resolution_is_made_up(run: Run) -> None:
    photo("L").save("in.tif")
    for suffix in ("tif", "png", "bmp", "pcx"):
        assert run("max", "in.tif", f"out.{suffix}", "-k", 2).err == ""
        with Image.open(f"out.{suffix}") as image:
            assert image.info.get("dpi", (0, 0)) in ((0, 0), (1, 1))
