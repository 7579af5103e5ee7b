"""--skip, --min-valid and --sparse, on arrays and on pictures, and the no-data value of a TIFF."""

from math import nan
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence, TiffImagePlugin

from poolcli import FileError, Operation, PoolingError, pool_file
from tests.commands import Run

pytestmark = pytest.mark.usefixtures("here")

X = np.array([[1, 9, 9, 9], [2, 3, 9, 9]], np.uint8)
NODATA = 42113


def write_tiff(path: str, x: Any, nodata: str, pages: int = 1) -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[NODATA] = nodata
    image = Image.fromarray(np.asarray(x))
    image.save(path, tiffinfo=tags, save_all=True, append_images=[image] * (pages - 1))


def nodata_in(path: str) -> Any:
    with Image.open(path) as image:
        tags: Any = image
        return tags.tag_v2.get(NODATA)


@pytest.mark.parametrize(
    ("name", "want"), [("max", 3), ("min", 1), ("avg", 2), ("median", 2), ("mode", 1), ("gem", 2)]
)
@pytest.mark.parametrize("suffix", ["npy", "png"])
def test_a_value_has_no_vote(run: Run, name: str, want: int, suffix: str) -> None:
    np.save("in.npy", X)
    Image.fromarray(X).save("in.png")
    done = run(name, f"in.{suffix}", "out.npy", "-k", 2, "--skip", 9)
    assert (done.code, done.err) == (0, "")
    assert np.load("out.npy").ravel().tolist() == [want, 9]


def test_nan_has_no_vote(run: Run) -> None:
    np.save("in.npy", np.array([[1.5, nan, nan, nan], [2.5, nan, 8, nan]]))
    run("avg", "in.npy", "out.npy", "-k", 2, "--skip", "nan")
    assert np.load("out.npy").tolist() == [[2.0, 8.0]]
    run("avg", "in.npy", "out.npy", "-k", 2, "--skip", "nan", "--min-valid", "0.5")
    assert np.array_equal(np.load("out.npy"), [[2.0, nan]], equal_nan=True)


@pytest.mark.parametrize(("name", "want"), [("mode", [2, 0]), ("avg", [3, 0]), ("median", [2, 0])])
def test_zero_is_background(run: Run, name: str, want: list[int]) -> None:
    np.save("in.npy", np.array([[0, 5, 0, 0], [2, 2, 0, 0]], np.uint16))
    run(name, "in.npy", "out.npy", "-k", 2, "--sparse")
    assert np.load("out.npy").ravel().tolist() == want
    run(name, "in.npy", "out.npy", "-k", 3, "-s", 2, "-p", 1, "--sparse")
    assert np.load("out.npy")[0, 0] == np.array([5, 2, 2]).mean() if name == "avg" else 2


def test_the_value_that_a_tiff_states_has_no_vote(run: Run) -> None:
    x = np.full((4, 4), 100, np.float32)
    x[0, 0] = x[:2, 2:] = -9999
    write_tiff("in.tif", x, "-9999")
    told = "poolcli: note: in.tif: its no-data value -9999 had no vote; --skip none lets it count\n"
    assert run("avg", "in.tif", "out.tif", "-k", 2).err == told
    with Image.open("out.tif") as image:
        assert np.asarray(image).tolist() == [[100, -9999], [100, 100]]
    assert nodata_in("out.tif") == "-9999"
    assert run("avg", "in.tif", "out.tif", "-k", 2, "--skip", "nodata").err == ""
    with Image.open("out.tif") as image:
        assert np.asarray(image).tolist() == [[100, -9999], [100, 100]]
    assert run("avg", "in.tif", "out.tif", "-k", 2, "--skip", "none").err == ""
    with Image.open("out.tif") as image:
        assert np.asarray(image)[0].tolist() == [-2424.75, -9999]


def test_each_page_has_its_value(run: Run) -> None:
    write_tiff("in.tif", np.array([[7, 1], [7, 1]], np.uint8), "7", pages=3)
    assert run("max", "in.tif", "out.tif", "-k", 2).err.count("no-data value 7") == 1
    with Image.open("out.tif") as image:
        assert [page.getpixel((0, 0)) for page in ImageSequence.Iterator(image)] == [1, 1, 1]


def test_a_value_that_no_sample_has_is_no_matter(run: Run) -> None:
    write_tiff("in.tif", np.array([[7, 1], [7, 1]], np.uint8), "-9999")
    assert run("avg", "in.tif", "out.tif", "-k", 2).err == ""
    assert nodata_in("out.tif") == "-9999"


@pytest.mark.parametrize("text", ["", "none", "1;2"])
def test_a_stated_value_that_is_not_a_number_is_passed_over(run: Run, text: str) -> None:
    write_tiff("in.tif", X, text or " ")
    assert run("max", "in.tif", "out.npy", "-k", 2).err == ""
    assert np.load("out.npy").tolist() == [[[9, 9]]]


def test_other_formats_have_no_place_for_it(run: Run) -> None:
    write_tiff("in.tif", X, "9")
    err = run("max", "in.tif", "out.png", "-k", 2, "--skip", "nodata").err
    assert err == "poolcli: note: in.tif: no-data value dropped: PNG has no place for it\n"
    err = run("max", "in.tif", "out.png", "-k", 2, "--convert", "RGB").err
    assert err == "poolcli: note: in.tif: no-data value (GDAL_NODATA) dropped\n"


def test_indices_are_of_every_value(run: Run) -> None:
    write_tiff("in.tif", X, "9")
    err = run("max", "in.tif", "out.tif", "-k", 2, "--indices", "at.npz").err
    assert "its no-data value 9 was pooled like any other, for --indices" in err
    told = run("max", "in.tif", "out.tif", "-k", 2, "--indices", "at.npz", "--skip", 9)
    assert (told.code, "leave one out" in told.err) == (2, True)


def test_alpha_tells_what_is_missing_itself(run: Run) -> None:
    x = np.zeros((2, 2, 4), np.uint8)
    x[0, 0] = 200
    Image.fromarray(x).save("in.png")
    told = run("avg", "in.png", "out.png", "-k", 2, "--skip", 0).failure
    assert told.startswith("in.png: has alpha, by which invisible pixels have no vote already; use")
    assert run("avg", "in.png", "out.npy", "-k", 2, "--skip", 0, "--alpha", "channel").code == 0
    assert np.load("out.npy").ravel().tolist() == [200] * 4


def test_alpha_comes_before_a_stated_value(run: Run) -> None:
    x = np.full((2, 2, 4), 200, np.uint8)
    x[0, 0] = 0
    write_tiff("in.tif", x, "0")
    told = "its no-data value 0 was pooled like any other, as alpha tells what is missing"
    assert run("avg", "in.tif", "out.tif", "-k", 2).err == f"poolcli: note: in.tif: {told}\n"
    with Image.open("out.tif") as image:
        assert image.getpixel((0, 0)) == (200, 200, 200, 150)
    assert run("min", "in.tif", "out.tif", "-k", 2, "--alpha", "channel").code == 0
    with Image.open("out.tif") as image:
        assert image.getpixel((0, 0)) == (200, 200, 200, 200)


def test_a_value_must_be_stated(run: Run) -> None:
    np.save("in.npy", X)
    Image.fromarray(X).save("in.png")
    for name in ("in.npy", "in.png"):
        told = run("avg", name, "out.npy", "-k", 2, "--skip", "nodata").failure
        assert told == f"{name}: states no no-data value; use --skip VALUE, or --skip nan"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--skip many", "'many' is not a value; use a number, nan, nodata or none"),
        ("--skip 9 --sparse", "sparse takes zero for missing, and skip another value; give one"),
        ("--min-valid 0.5", "min_valid counts values beside missing ones; give skip, too: "),
        ("--skip 9 --min-valid 50", "min_valid 50.0 is not a share; use 0 to 1, as in 0.5"),
    ],
)
def test_words_that_cannot_be(run: Run, words: str, message: str) -> None:
    done = run("mode", "in.npy", "out.npy", "-k", 2, *words.split())
    assert done.code == 2
    assert message in done.err


def test_operations_of_python() -> None:
    np.save("in.npy", X)
    pool_file("avg", "in.npy", "out.npy", kernel=2, skip=9, min_valid=1)
    assert np.load("out.npy").tolist() == [[9, 9]]
    assert Operation("mode", 2, sparse=True).apply(X * 0).tolist() == [[0, 0]]
    for more, message in (
        ({"skip": "nan"}, "skip 'nan' is neither a number, nan, nodata nor none"),
        ({"skip": 1, "min_valid": "x"}, "min_valid must be a number, not 'x'; use 0 to 1"),
        ({"sparse": 1}, "sparse 1 is not True or False"),
    ):
        with pytest.raises(PoolingError, match=message):
            Operation("avg", 2, **more)
    with pytest.raises(PoolingError, match="sparse is for avg, median and mode, not for max"):
        Operation("max", 2, sparse=True)
    with pytest.raises(FileError, match="states no no-data value"):
        pool_file("avg", "in.npy", "out.npy", kernel=2, skip="nodata")
