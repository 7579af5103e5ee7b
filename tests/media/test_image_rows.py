"""An image that is made when it is sliced, or lent by Pillow, against the whole of it."""

import os
import subprocess
import sys
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from poolcli.jobs.operation import Operation
from poolcli.jobs.perform import pool_file
from poolcli.media.picture import Frame, Picture
from poolcli.media.pictures import save_picture
from poolcli.media.pillow import image_rows
from poolcli.media.pillow.borrowed_memory import borrow_memory
from poolcli.media.pillow.image_rows import ImageRows
from tests import pictures
from tests.pictures import Photo, pixels

slices = st.tuples(st.integers(0, 15), st.integers(0, 15))


@settings(deadline=None, derandomize=True)
@given(
    mode=st.sampled_from(["L", "LA", "RGB", "CMYK", "I;16", "I", "F"]),
    bands=st.lists(slices, min_size=1, max_size=8),
    step=st.integers(1, 3),
)
def test_rows_equal_those_of_the_image(mode: str, bands: list[tuple[int, int]], step: int) -> None:
    """Whatever is asked for after whatever: ahead, back, overlapping, empty."""
    image = pictures.photo(mode)
    whole = pixels(image)
    rows = ImageRows(image)
    assert (rows.shape, rows.dtype) == (whole.shape, whole.dtype)
    spare = ImageRows(image, spare=True)
    for low, high in bands:
        assert np.array_equal(rows[slice(low, high),], whole[low:high])
        assert np.array_equal(rows[slice(low, high, step), slice(2, 7)], whole[low:high:step, 2:7])
        band = spare[slice(low, high, step), slice(2, 7)]
        assert np.array_equal(band[..., : whole.shape[2]], whole[low:high:step, 2:7])
        assert band.shape[2:] == spare.shape[2:]
    assert np.array_equal(rows[:, :], whole)
    assert np.array_equal(rows[()], whole)


class _Hasty:
    """An encoder that stops before the end."""

    def setimage(self, *_: object) -> None:
        pass

    def encode(self, _: int) -> tuple[int, int, bytes]:
        return 0, 1, b""


def refuse(*_: object) -> None:
    raise AssertionError("not to be called")


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK", "HSV", "I;16", "I", "F"])
@pytest.mark.parametrize("spare", [False, True])
def test_rows_are_copied_at_once_or_cropped_where_pillow_cannot(
    mode: str, spare: bool, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = photo("RGB").convert(mode) if mode == "HSV" else photo(mode)
    rows, whole = ImageRows(image, spare=spare), pixels(image)
    bands = [slice(0, 15), slice(3, 9), slice(4, 4), slice(14, 15)]
    boxes = [(band, columns) for band in bands for columns in (slice(None), *bands)]
    monkeypatch.setattr(image, "crop", refuse)
    at_once = [rows[box] for box in boxes]
    for box, band in zip(boxes, at_once, strict=True):
        assert np.array_equal(band[..., : whole.shape[2]], whole[box])
    monkeypatch.undo()
    getencoder: Any = Image._getencoder
    for other in (None, lambda *_: None, lambda *_: _Hasty()):
        turns = cycle([other, getencoder])  # tobytes needs one of Pillow's own
        monkeypatch.setattr(Image, "_getencoder", lambda *args, turns=turns: next(turns)(*args))
        for box, band in zip(boxes, at_once, strict=True):
            assert np.array_equal(rows[box], band)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_borrowed_memory_holds_the_pixels(mode: str, photo: Photo) -> None:
    image = photo(mode)
    want = pixels(image)
    lent = borrow_memory(image)
    assert lent is not None
    assert not lent.flags.writeable
    assert lent.dtype == want.dtype
    assert np.array_equal(lent[..., : want.shape[2]], want)
    image.close()
    Image.new(mode, image.size)  # which would take the memory, were it given back
    assert np.array_equal(lent[..., : want.shape[2]], want)


@pytest.mark.parametrize("mode", ["1", "P", "LA", "PA", "La", "YCbCr", "HSV"])
def test_memory_is_not_borrowed_where_pixels_lie_otherwise(mode: str) -> None:
    assert borrow_memory(Image.new(mode, (4, 3))) is None


def test_memory_is_not_borrowed_of_padded_lines() -> None:
    core: Any = vars(Image)["core"]
    core.set_alignment(64)
    try:
        assert borrow_memory(Image.new("L", (3, 3))) is None
    finally:
        core.set_alignment(1)
    assert borrow_memory(Image.new("L", (3, 3))) is not None


def test_memory_is_not_borrowed_of_several_blocks_nor_of_others() -> None:
    assert borrow_memory(Image.new("L", (4096, 4097))) is None
    assert borrow_memory(Image.frombuffer("L", (4, 4), bytes(16), "raw", "L", 0, 1)) is None


def test_memory_is_not_borrowed_of_another_pillow(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = photo("L")
    monkeypatch.delattr(Image.Image, "__arrow_c_array__")
    assert borrow_memory(image) is None
    monkeypatch.undo()
    monkeypatch.setattr(Image.Image, "__arrow_c_array__", lambda _: (None, None))
    assert borrow_memory(image) is None


@pytest.mark.parametrize(
    ("suffix", "mode"),
    [
        *((".png", mode) for mode in ("L", "LA", "RGB", "RGBA", "I;16")),
        *((".jpg", mode) for mode in ("L", "RGB", "CMYK")),
        *((".tif", mode) for mode in ("CMYK", "I", "F")),
    ],
)
@pytest.mark.parametrize("name", ["max", "avg", "median"])
def test_files_do_not_depend_on_what_is_lent(
    suffix: str, mode: str, name: str, photo: Photo, tmp_path: Path, monkeypatch: Any
) -> None:
    photo(mode).save(tmp_path / f"in{suffix}")
    operation = Operation(name, (2, 2))
    pool_file(operation, tmp_path / f"in{suffix}", tmp_path / f"lent{suffix}")
    monkeypatch.setattr(image_rows, "borrow_memory", lambda _: None)
    pool_file(operation, tmp_path / f"in{suffix}", tmp_path / f"copied{suffix}")
    lent, copied = ((tmp_path / f"{end}{suffix}").read_bytes() for end in ("lent", "copied"))
    assert lent == copied


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_rgb_is_written_alike_with_and_without_a_spare_channel(suffix: str, tmp_path: Path) -> None:
    four = pictures.noise((15, 20, 4)).copy()
    parts = [four[..., :3], four[..., 1:], four[:, 1:, :3], four[::-1, :, :3]]
    for x in (*parts, four.copy(order="F")[..., :3]):
        assert x.base is not None
        save_picture(Picture([Frame(x, "RGB")]), tmp_path / f"view{suffix}")
        save_picture(Picture([Frame(x.copy(), "RGB")]), tmp_path / f"copy{suffix}")
        view, copy = ((tmp_path / f"{end}{suffix}").read_bytes() for end in ("view", "copy"))
        assert view == copy


LENT = """
import sys
from poolcli.cli.main import main
assert main(["max", *sys.argv[1:], "-k", "2"]) == 0
from PIL import Image
from poolcli.media.pillow.borrowed_memory import borrow_memory
print(borrow_memory(Image.new("RGB", (2049, 2049))) is not None)
"""


@pytest.mark.parametrize(("told", "lent"), [({}, True), ({"PILLOW_BLOCK_SIZE": "16m"}, False)])
def test_large_pictures_are_lent_unless_the_user_has_other_blocks(
    told: dict[str, str], lent: bool, here: Path
) -> None:
    x = np.random.default_rng(1).integers(0, 256, (2049, 2049, 3), np.uint8)  # just above 16 MiB
    Image.fromarray(x).save(here / "in.png", compress_level=0)
    found = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", LENT, "in.png", "out.png"],
        env=os.environ | told,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert found.stdout.splitlines()[-1] == str(lent)
    with Image.open(here / "out.png") as pooled:
        assert np.array_equal(
            np.asarray(pooled), x[:-1, :-1].reshape(1024, 2, 1024, 2, 3).max((1, 3))
        )
