"""--profile and --linear of pictures that Pillow cannot read, and tifffile can."""

import numpy as np
import pytest
from PIL import Image

from tests.commands import Run
from tests.media.deep.test_profiles import red_for_blue, srgb
from tests.oracle import Array
from tests.pictures import noise

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")


def write(name: str, x: Array, icc: bytes | None = None) -> None:
    """Compress by JPEG 2000, without loss, as Pillow's libtiff cannot."""
    told = {"compression": "jpeg2000", "compressionargs": {"reversible": True}}
    tifffile.imwrite(name, x, photometric="rgb", iccprofile=icc, metadata=None, **told)


def test_light_is_pooled_as_it_is_of_other_files(run: Run) -> None:
    x = noise((8, 8, 3))
    write("a.tif", x)
    Image.fromarray(x).save("a.png")
    for source, name in (("a.tif", "b.tif"), ("a.png", "c.png")):
        assert run("avg", source, name, "-k", 2, "--linear").err == ""
    np.testing.assert_array_equal(tifffile.imread("b.tif"), np.asarray(Image.open("c.png").copy()))


@pytest.mark.parametrize("words", ["", "--convert L"])
def test_colours_become_those_that_they_look_like(run: Run, words: str) -> None:
    write("a.tif", np.full((2, 2, 3), (255, 0, 0), np.uint8), red_for_blue())
    done = run("max", "a.tif", "b.tif", "-k", 2, "--profile", "srgb", *words.split())
    assert "a.tif: its colours were converted to sRGB from its profile" in done.err
    with tifffile.TiffFile("b.tif") as tif:
        assert tif.asarray().ravel().tolist() == ([29] if words else [0, 0, 255])
        assert 34675 not in tif.pages[0].tags


def test_deep_colours_are_scaled_first(run: Run) -> None:
    told = {"compression": "jpeg2000", "compressionargs": {"reversible": True}}
    x = np.full((2, 2, 3), (65535, 0, 0), np.uint16)
    tifffile.imwrite("a.tif", x, photometric="rgb", iccprofile=red_for_blue(), **told)
    words = "max", "a.tif", "b.png", "-k", 2, "--profile", "srgb"
    assert "add --convert L --scale or --convert RGB --scale" in run(*words).failure
    run(*words, "--convert", "RGB", "--scale")
    with Image.open("b.png") as image:
        assert image.getpixel((0, 0)) == (0, 0, 255)


def test_a_profile_of_other_colours_is_not_kept(run: Run) -> None:
    write("a.tif", noise((2, 2, 3)), srgb())
    assert run("max", "a.tif", "b.tif", "-k", 2, "--convert", "L").err == (
        "poolcli: note: a.tif: its colour profile is not for L and was dropped\n"
    )


def test_what_cannot_be_converted_is_refused(run: Run) -> None:
    tifffile.imwrite("a.tif", noise((4, 4, 3), "f4"), photometric="rgb")
    for words in (["--linear"], ["--profile", "srgb"]):
        told = run("avg", "a.tif", "b.tif", "-k", 2, *words).failure
        assert "holds 3 channels of float32, and --profile and --linear are for pictures" in told
    tifffile.imwrite("c.tif", noise((4, 4, 4), "u2"), photometric="separated")
    told = run("max", "c.tif", "b.tif", "-k", 2, "--profile", "srgb").failure
    assert "has inks of more than 8 bits, and --profile converts 8" in told
