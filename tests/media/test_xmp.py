"""XMP: what it says of lengths and orientation is true of the result; all else is as it was."""

import pytest
from PIL import Image

from tests.commands import Run
from tests.pictures import photo

ATTRIBUTES = (
    '<rdf:Description tiff:Orientation="{}" tiff:ImageWidth="{}" tiff:ImageLength="{}" '
    "exif:PixelXDimension='{}' exif:PixelYDimension='{}' dc:title=\"{}\"/>"
)
ELEMENTS = (
    "<rdf:Description><tiff:Orientation>{}</tiff:Orientation><tiff:ImageWidth>{}</tiff:ImageWidth>"
    "<tiff:ImageLength>{}</tiff:ImageLength><exif:PixelXDimension>{}</exif:PixelXDimension>"
    "<exif:PixelYDimension>{}</exif:PixelYDimension><dc:title>{}</dc:title></rdf:Description>"
)


def xmp_of(path: str) -> bytes:
    with Image.open(path) as image:
        image.load()
        found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    assert found is not None
    return found if isinstance(found, bytes) else str(found).encode()


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("form", [ATTRIBUTES, ELEMENTS], ids=["attributes", "elements"])
def test_lengths_are_those_of_the_result(run: Run, form: str, suffix: str) -> None:
    xmp = form.format(1, 48, 32, 48, 32, "48×32").encode()
    photo("RGB", (48, 32)).save("in.webp", xmp=xmp)
    assert run("max", "in.webp", f"out.{suffix}", "-k", "4x2").err == ""
    assert xmp_of(f"out.{suffix}") == form.format(1, 24, 8, 24, 8, "48×32").encode()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", [ATTRIBUTES, ELEMENTS], ids=["attributes", "elements"])
def test_orientation_is_upright_whatever_it_was(run: Run, form: str, orientation: int) -> None:
    """It is EXIF that turns the picture; XMP that says the same is not to turn it once more."""
    xmp = form.format(orientation, 48, 32, 48, 32, "Orientation 7").encode()
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo("RGB", (48, 32)).save("in.webp", xmp=xmp, exif=exif)
    assert run("max", "in.webp", "out.webp", "-k", 2).err == ""
    wide, high = (24, 16) if orientation < 5 else (16, 24)
    assert xmp_of("out.webp") == form.format(1, wide, high, wide, high, "Orientation 7").encode()
