"""A picture whose file is cut: refused, unless what there is of it is asked for."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from poolcli.errors import PictureError
from poolcli.media.pictures import open_picture
from tests.commands import Run
from tests.media.deep.files import samples
from tests.media.deep.test_reading import read
from tests.pictures import deep_png, noise

pytestmark = pytest.mark.usefixtures("here")

ASKED = ["-k", "1", "--truncated"]


def cut(name: str, share: float) -> None:
    """Save 64 rows of noise and keep a share of the file."""
    buffer = io.BytesIO()
    format_ = {"jpg": "JPEG"}.get(Path(name).suffix[1:], Path(name).suffix[1:].upper())
    Image.fromarray(noise((64, 48, 3))).save(buffer, format_)
    data = buffer.getvalue()
    Path(name).write_bytes(data[: int(len(data) * share)])


@pytest.mark.parametrize("suffix", ["jpg", "png"])
@pytest.mark.parametrize("share", [0.5, 0.7, 0.95])
def test_the_rows_before_the_cut_are_read(run: Run, suffix: str, share: float) -> None:
    name = f"in.{suffix}"
    cut(name, share)
    assert "truncated" in run("max", name, "out.png", "-k", 1).failure
    assert not Path("out.png").exists()
    done = run("max", name, "out.png", *ASKED)
    assert done.code == 0
    assert f"{name}: is truncated or damaged" in done.err
    assert done.err.endswith("what there is of it was read\n")
    cut(f"whole.{suffix}", 1)
    with Image.open("out.png") as image, Image.open(f"whole.{suffix}") as whole:
        rows = int(64 * (share - 0.2)) // 16 * 16 - 1  # a JPEG's last row is smoothed with the next
        assert np.array_equal(np.asarray(image)[:rows], np.asarray(whole)[:rows])
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_both_bytes_of_deep_samples_end_at_the_same_place(run: Run) -> None:
    x = samples("RGB", (64, 48))
    data = deep_png(x)
    Path("in.png").write_bytes(data[: len(data) // 2])
    assert run("max", "in.png", "out.png", *ASKED).code == 0
    got = read("out.png")[1]
    assert np.array_equal(got[:24], x[:24])
    assert not got[40:].any()


def test_a_whole_file_has_no_note(run: Run) -> None:
    cut("in.png", 1)
    assert run("max", "in.png", "out.png", *ASKED).err == ""


@pytest.mark.parametrize(
    ("name", "data"), [("in.png", b"\x89PNG\r\n\x1a\n"), ("in.jpg", b"\xff\xd8\xff")]
)
def test_nothing_is_made_of_a_header_alone(run: Run, name: str, data: bytes) -> None:
    Path(name).write_bytes(data)
    done = run("max", name, "out.png", *ASKED)
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert not Path("out.png").exists()


def test_other_formats_are_refused_as_before(run: Run) -> None:
    cut("in.bmp", 0.5)
    assert "truncated" in run("max", "in.bmp", "out.png", *ASKED).failure


def test_jobs_make_no_difference(run: Run) -> None:
    cut("in.png", 0.6)
    for jobs in (1, 2):
        assert run("max", "in.png", f"{jobs}.png", *ASKED, "-j", jobs).code == 0
    assert Path("1.png").read_bytes() == Path("2.png").read_bytes()


def test_a_cut_file_is_refused_after_one_was_accepted(run: Run) -> None:
    cut("in.png", 0.5)
    assert run("max", "in.png", "out.png", *ASKED).code == 0
    with pytest.raises(PictureError, match="truncated"), open_picture(Path("in.png")) as picture:
        next(iter(picture.frames))
