"""Which PNGs are written without Pillow's encoder, and that nobody but a clock can tell."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from poolcli.errors import PictureError
from poolcli.media.options import Writing
from poolcli.media.picture import Frame, Palette, Picture
from poolcli.media.pictures import save_picture
from poolcli.media.pillow.writing.png import writer
from poolcli.media.pillow.writing.png.deflating import deflated
from poolcli.media.pillow.writing.png.writer import write_png
from tests.commands import Run
from tests.media.png.strict import decoded
from tests.media.png.test_writer import grain
from tests.oracle import Array
from tests.pictures import photo, read


@pytest.fixture
def written_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modes of pictures that the writer was given."""
    modes: list[str] = []

    def noting(file: Any, pixels: Any, mode: str, *rest: Any) -> None:
        modes.append(mode)
        write_png(file, pixels, mode, *rest)

    monkeypatch.setattr(writer, "write_png", noting)
    return modes


def saved(x: Array, mode: str, writing: Writing | None = None, **more: Any) -> bytes:
    save_picture(Picture([Frame(x, mode, **more)]), Path("out.png"), writing or Writing())
    return Path("out.png").read_bytes()


def by_pillow(x: Array, **options: Any) -> bytes:
    buffer = BytesIO()
    Image.fromarray(x).save(buffer, "PNG", **options)
    return buffer.getvalue()


def screen(wide: int, high: int) -> Array:
    page = Image.new("RGB", (wide, high), (236, 239, 241))
    pen = ImageDraw.Draw(page)
    pen.rectangle((20, 20, wide - 40, high - 40), (255, 255, 255), (90, 90, 90))
    for line in range(30, high - 60, 18):
        pen.text((30, line), "such words as stand in a window " * 2, (33, 33, 33))
    return np.asarray(page)


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("LA", 2), ("RGB", 3), ("RGBA", 4)])
@pytest.mark.usefixtures("here")
def test_grain_is_written_smaller_than_by_pillow(
    written_here: list[str], mode: str, channels: int
) -> None:
    x = grain(150, 160, channels, "u1")
    data = saved(x, mode)
    assert written_here == [mode]
    assert np.array_equal(decoded(data), x)
    assert len(data) <= 1.01 * len(by_pillow(x if channels > 1 else x[..., 0]))


@pytest.mark.usefixtures("here")
def test_flat_pictures_are_left_to_pillow(written_here: list[str]) -> None:
    x = screen(400, 300)
    assert saved(x, "RGB") == by_pillow(x)
    assert written_here == []


@pytest.mark.usefixtures("here")
def test_small_pictures_are_left_to_pillow(written_here: list[str]) -> None:
    x = grain(100, 200, 3, "u1")
    assert saved(x, "RGB") == by_pillow(x)
    saved(grain(100, 201, 3, "u1"), "RGB")
    assert written_here == ["RGB"]


@pytest.mark.usefixtures("here")
def test_palettes_are_left_to_pillow(written_here: list[str]) -> None:
    x = grain(200, 200, 1, "u1")
    saved(x, "P", palette=Palette("RGB", bytes(range(256)) * 3))
    assert (read("out.png")[0], written_here) == ("P", [])


@pytest.mark.usefixtures("here")
def test_a_level_is_obeyed_by_pillow(written_here: list[str]) -> None:
    x = grain(200, 200, 3, "u1")
    for level in (0, 1, 9):
        assert saved(x, "RGB", Writing(compress_level=level)) == by_pillow(x, compress_level=level)
    assert written_here == []


@pytest.mark.parametrize("size", [(1, 1), (20, 30), (1, 30_000), (150, 160)])
@pytest.mark.parametrize(("mode", "channels"), [("LA", 2), ("RGB", 3), ("RGBA", 4)])
@pytest.mark.usefixtures("here")
def test_colours_of_16_bits_are_written(
    written_here: list[str], mode: str, channels: int, size: tuple[int, int]
) -> None:
    x = grain(*size, channels, "u2")
    assert np.array_equal(decoded(saved(x, mode)), x)
    assert written_here == [mode]


@pytest.mark.usefixtures("here")
def test_a_level_is_obeyed_for_colours_of_16_bits() -> None:
    x = np.tile(grain(20, 40, 3, "u2"), (5, 5, 1))
    sizes = [len(saved(x, "RGB", Writing(compress_level=level))) for level in (0, 1, 9)]
    assert sizes[0] > x.nbytes > 2 * sizes[1] > 2 * sizes[2]


@pytest.mark.parametrize(
    ("suffix", "count"), [("jpg", 1), ("bmp", 1), ("webp", 1), ("gif", 1), ("webp", 2)]
)
def test_colours_of_16_bits_are_refused_where_pillow_would_write_them(
    here: Path, suffix: str, count: int
) -> None:
    frames = [Frame(grain(4, 6, 3, "u2"), "RGB", duration=50.0)] * count
    with pytest.raises(PictureError, match="cannot hold 16-bit RGB"):
        save_picture(Picture(frames), here / f"out.{suffix}")
    assert list(here.iterdir()) == []


def test_jobs_are_the_threads_of_a_single_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder, the other CPUs have files of their own."""
    monkeypatch.setattr(writer, "PIECE_BYTES", 1000)
    asked: list[int] = []

    def noting(pieces: Any, setting: Any, threads: int) -> Any:
        asked.append(threads)
        return deflated(pieces, setting, threads)

    monkeypatch.setattr(writer, "deflated", noting)
    Image.fromarray(grain(150, 160, 3, "u1")).save("in.png")
    for jobs in (1, 2, 16):
        assert run("max", "in.png", f"out{jobs}.png", "-k", 1, "-j", jobs).err == ""
    assert asked == [1, 2, 2]
    assert len({Path(f"out{jobs}.png").read_bytes() for jobs in (1, 2, 16)}) == 1


def test_a_resolution_and_a_text_are_kept(run: Run, written_here: list[str]) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "somebody")
    photo("RGB", (320, 300)).save("in.png", dpi=(200, 100), pnginfo=info)
    assert run("avg", "in.png", "out.png", "-k", 2).err == ""
    with Image.open("out.png") as image:
        assert image.info["Author"] == "somebody"
        assert image.info["dpi"] == pytest.approx((100, 50), abs=0.02)
    assert written_here == ["RGB"]
