"""How files are written unless the user says otherwise, and where the user's word counts."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.errors import PictureError
from poolcli.media.picture import Frame, Picture
from poolcli.media.pictures import save_picture
from tests.commands import Run, Word
from tests.pictures import photo, pixels, pooled, read, same


@pytest.mark.parametrize("suffix", ["jpg", "webp", "avif"])
def test_quality_is_90_unless_told_otherwise(run: Run, suffix: str) -> None:
    photo("RGB", (64, 48)).save("in.png")
    written = {}
    ways: dict[str, list[Word]] = {
        "usual": [],
        "89": ["--quality", 89],
        "90": ["--quality", 90],
    }
    for name, words in ways.items():
        assert run("avg", "in.png", f"{name}.{suffix}", "-k", 2, *words).err == ""
        written[name] = Path(f"{name}.{suffix}").read_bytes()
    assert written["usual"] == written["90"] != written["89"]


@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
def test_deep_pictures_are_not_packed_as_bytes(run: Run, mode: str) -> None:
    """PackBits, the compression of the source, is for samples of 8 bits."""
    photo("L").save("in.tif", compression="packbits")
    assert run("max", "in.tif", "out.tif", "-k", 2, "--convert", mode).err == ""
    with Image.open("out.tif") as image:
        assert image.info["compression"] == "tiff_adobe_deflate"
    want = pooled("max", pixels(photo("L")), 2)
    assert np.array_equal(read("out.tif")[1], want)


@pytest.mark.parametrize("compression", ["tiff_lzw", "packbits", "raw", "tiff_adobe_deflate"])
def test_a_tiff_keeps_a_compression_that_loses_nothing(run: Run, compression: str) -> None:
    photo("RGB").save("in.tif", compression=compression)
    assert run("max", "in.tif", "out.tif", "-k", 2).err == ""
    with Image.open("out.tif") as image:
        assert image.info["compression"] == compression


def test_a_tiff_is_deflated_unless_its_source_was_another_tiff(run: Run) -> None:
    photo("RGB").save("in.png")
    assert run("max", "in.png", "out.tif", "-k", 2).err == ""
    with Image.open("out.tif") as image:
        assert image.info["compression"] == "tiff_adobe_deflate"


@pytest.mark.parametrize(("mode", "compression"), [("RGB", "jpeg"), ("1", "group4")])
def test_a_tiff_is_deflated_where_its_compression_would_lose(
    run: Run, mode: str, compression: str
) -> None:
    photo(mode, (32, 32)).save("in.tif", compression=compression)
    x = read("in.tif")[1]
    assert run("max", "in.tif", "out.tif", "-k", 2).err == ""
    with Image.open("out.tif") as image:
        assert image.info["compression"] == "tiff_adobe_deflate"
    assert same(read("out.tif")[1], pooled("max", x, 2))


@pytest.mark.parametrize("suffix", ["gif", "png", "webp"])
@pytest.mark.parametrize("loop", [0, 1, 7])
def test_an_animation_runs_as_often_as_its_source(run: Run, suffix: str, loop: int) -> None:
    frames = [photo("L").rotate(180 * number) for number in range(2)]
    frames[0].save("in.gif", save_all=True, append_images=frames[1:], duration=50, loop=loop)
    assert run("max", "in.gif", f"out.{suffix}", "-k", 2).err == ""
    with Image.open(f"out.{suffix}") as image:
        # A GIF counts repetitions, the others count plays; 0 is for ever in all.
        assert image.info["loop"] == (loop + 1 if loop and suffix != "gif" else loop)


def test_an_animation_that_runs_once_says_nothing_of_loops(run: Run) -> None:
    frames = [photo("L").rotate(180 * number) for number in range(2)]
    frames[0].save("in.gif", save_all=True, append_images=frames[1:], duration=50)
    assert run("max", "in.gif", "out.gif", "-k", 2).err == ""
    with Image.open("out.gif") as image:
        assert "loop" not in image.info


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_frames_of_different_sizes_are_no_animation(here: Path, suffix: str) -> None:
    frames = [Frame(np.zeros((4, width, 3), np.uint8), "RGB", duration=50.0) for width in (6, 8)]
    with pytest.raises(PictureError, match=r"cannot hold the 2 frames of this picture"):
        save_picture(Picture(frames), here / f"out{suffix}")
    assert list(here.iterdir()) == []


def test_a_palette_of_half_transparent_colours_is_looked_up_for_a_gif(run: Run) -> None:
    """A GIF knows one index that is seen through, not an alpha for each."""
    image = Image.fromarray(np.repeat(np.arange(4, dtype=np.uint8), 4).reshape(4, 4))
    image.putpalette([10, 0, 0, 20, 0, 0, 30, 0, 0, 40, 0, 0])
    image.save("in.png", transparency=bytes([0, 127, 128, 255]))
    err = run("mode", "in.png", "out.gif", "-k", "1x4").err
    note = "half-transparent pixels became opaque or invisible"
    assert err == f"poolcli: note: in.png: {note}\n"
    with Image.open("out.gif") as got:
        rows = np.asarray(got.convert("RGBA"))[:, 0].tolist()
    assert [alpha for *_, alpha in rows] == [0, 0, 255, 255]
    assert rows[2:] == [[30, 0, 0, 255], [40, 0, 0, 255]]


@pytest.mark.parametrize("hidden", [0, 1])
def test_a_gif_holds_256_colours_exactly(run: Run, hidden: int) -> None:
    """What is seen through is one of them."""
    x = np.full((16, 16, 4), 255, np.uint8)
    x[..., 0], x[..., 1] = np.mgrid[:16, :16] * 16
    x[0, 0, 3] = 255 * (1 - hidden)
    Image.fromarray(x).save("in.png")
    assert run("max", "in.png", "out.gif", "-k", 1).err == ""
    x[x[..., 3] == 0] = 0
    with Image.open("out.gif") as got:
        y = np.array(got.convert("RGBA"))
    y[y[..., 3] == 0] = 0
    assert np.array_equal(y, x)


def test_only_what_is_hidden_is_seen_through_in_a_gif_of_many_colours(run: Run) -> None:
    x = np.full((40, 40, 4), 255, np.uint8)
    x[..., 0], x[..., 1] = np.mgrid[:40, :40] * 6
    x[3:5, 7, 3] = 127, 128
    Image.fromarray(x).save("in.png")
    assert run("max", "in.png", "out.gif", "-k", 1).code == 0
    with Image.open("out.gif") as got:
        clear = np.argwhere(np.asarray(got.convert("RGBA"))[..., 3] == 0)
    assert clear.tolist() == [[3, 7]]


def test_a_pdf_has_no_title_that_nobody_gave_it(run: Run) -> None:
    photo("RGB").save("in.png")
    assert run("max", "in.png", "out.pdf", "-k", 2).err == ""
    assert b"/Title" not in Path("out.pdf").read_bytes()


def test_level_0_compresses_nothing_of_a_large_picture_either(run: Run) -> None:
    """Large pictures are sampled for the best way to compress them, unless a level is given."""
    Image.new("L", (460, 460), 7).save("in.png")
    assert run("max", "in.png", "out.png", "-k", 1, "--compress-level", 0).err == ""
    assert Path("out.png").stat().st_size > 460 * 460
    assert run("max", "in.png", "out.png", "-k", 1).err == ""
    assert Path("out.png").stat().st_size < 5000


@pytest.mark.usefixtures("pillow_alone")
def test_the_largest_unsigned_integers_are_refused(run: Run) -> None:
    """The very largest is -1 to Pillow."""
    for value, code in ((2**32 - 1, 1), (2**31 - 1, 0)):
        x = np.array([[1, 2], [3, value]], "<u4")
        Image.fromarray(x.view("<i4")).save("in.tif", compression="raw")
        raw = Path("in.tif").read_bytes()
        signed, unsigned = (struct.pack("<HHII", 339, 3, 1, kind) for kind in (2, 1))
        assert raw.count(signed) == 1
        Path("in.tif").write_bytes(raw.replace(signed, unsigned))
        assert run("max", "in.tif", "out.tif", "-k", 2).code == code
