"""poolcli compare: sizes, titles and pixels of the sheet."""

import subprocess
import sys
from collections import Counter
from io import BytesIO
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.jobs.operation import Operation
from poolcli.studies.comparison import cell_edges, find_busiest, pool_frame
from poolcli.studies.first_frame import FirstFrame
from poolcli.views.contact_sheet import THEMES, contact_sheet
from poolcli.views.drawing.scene import Label, Raster, Scene
from tests.commands import Run, Word
from tests.oracle import Array
from tests.pictures import Photo, noise, pixels, pooled, read

OPERATIONS = ["max", "avg", "min", "median", "mode"]


def labels(scene: Scene) -> list[str]:
    return [item.text for item in scene.items if isinstance(item, Label)]


def pictures(scene: Scene) -> list[Array]:
    return [np.asarray(item.image) for item in scene.items if isinstance(item, Raster)]


def colours(image: Array) -> set[tuple[int, ...]]:
    return {tuple(pixel) for pixel in image.reshape(-1, image.shape[-1]).tolist()}


def seen(size: tuple[int, int]) -> FirstFrame:
    """Noise of (width, height)."""
    return FirstFrame(noise((size[1], size[0], 3)), "RGB")


def laid_out(
    frame: FirstFrame, names: list[str], *kernels: int, stride: int | None = None
) -> Scene:
    rows = [
        [
            pool_frame(frame, Operation(name, (k, k), None if stride is None else (stride, stride)))
            for name in names
        ]
        for k in kernels
    ]
    return contact_sheet("noise.png", frame, rows, THEMES["light"])


def test_the_sheet_of_a_photo(run: Run, photo: Photo) -> None:
    photo("RGB", (250, 201)).save("in.png")
    done = run("compare", "in.png", "sheet.png", "-k", 6, "-s", 2)
    assert (done.code, done.err) == (0, "")
    mode, got = read("sheet.png")
    assert mode == "RGB"
    high, wide = got.shape[:2]
    assert done.out == f"sheet.png: 5 poolings of in.png, 3×{high}×{wide}\n"
    assert 1200 < wide < 1500
    assert (got[:40] == 255).all()
    assert (got[:, :40] == 255).all()
    assert (got[-20:] == 255).all()


def test_titles_and_shapes() -> None:
    scene = laid_out(seen((250, 201)), OPERATIONS, 6, stride=2)
    counted = Counter(labels(scene))
    assert counted["Poolings of noise.png, kernel 6, stride 2"] == 1
    assert counted["3×201×250"] == 1
    assert counted["3×98×123"] == 5
    assert all(counted[name] == 1 for name in ["input", *OPERATIONS])
    assert len(pictures(scene)) == 12
    assert len({image.shape for image in pictures(scene)[::2]}) == 1
    assert len({image.shape for image in pictures(scene)[1::2]}) == 1


def test_details_are_whole_pixels_of_the_pooling() -> None:
    """Nothing is blended: every colour of a pooling's detail is one of its pixels."""
    frame = seen((60, 40))
    found = pictures(laid_out(frame, ["max", "min"], 4))
    for name, detail in (("max", found[3]), ("min", found[5])):
        assert colours(detail) <= colours(pooled(name, frame.pixels, 4))
        assert len(colours(detail)) > 10


def test_pixels_lie_over_their_windows() -> None:
    """One bright pixel; in the detail its pooled pixels cover the window around it."""
    x = np.zeros((32, 32, 1), np.uint8)
    x[16, 16] = 255
    found = pictures(laid_out(FirstFrame(x, "L"), ["max"], 3, stride=1))
    before, after = found[1][..., 0] > 127, found[3][..., 0] > 127
    assert before.any()
    rows, columns = np.nonzero(before)
    around = np.nonzero(after)
    for one, other in zip((rows, columns), around, strict=True):
        assert abs((one.min() + one.max()) - (other.min() + other.max())) <= 2
        assert abs((np.ptp(other) + 1) / (np.ptp(one) + 1) - 3) < 0.1


def test_a_row_for_each_kernel(run: Run, photo: Photo) -> None:
    scene = laid_out(seen((64, 48)), ["max", "avg"], 2, 4, 8)
    counted = Counter(labels(scene))
    assert counted["Poolings of noise.png with 3 kernels"] == 1
    assert counted["input"] == 1
    for kernel, shape in ((2, "3×24×32"), (4, "3×12×16"), (8, "3×6×8")):
        assert counted[f"kernel {kernel}, stride {kernel}"] == 1
        assert counted[shape] == 2
    assert len(pictures(scene)) == 2 + 3 * 4
    photo("RGB", (64, 48)).save("in.png")
    done = run("compare", "in.png", "out.png", "--kernels", "2,4x8", "--ops", "max,avg,max")
    assert done.out.startswith("out.png: 4 poolings of in.png, 3×")


@pytest.mark.parametrize("names", [["max"], ["max", "avg"], ["max", "avg", "min", "gem"]])
def test_pictures_of_several_kernels_lie_apart(names: list[str]) -> None:
    scene = laid_out(seen((64, 48)), names, 2, 4)
    boxes = [
        (item.x, item.y, item.x + item.image.width, item.y + item.image.height)
        for item in scene.items
        if isinstance(item, Raster)
    ]
    for one, other in combinations(boxes, 2):
        apart = (one[2] <= other[0], other[2] <= one[0], one[3] <= other[1], other[3] <= one[1])
        assert any(apart)
    assert max(box[2] for box in boxes) < scene.width
    assert max(box[3] for box in boxes) < scene.height


def test_global_poolings_are_one_pixel_each_and_nothing_is_enlarged() -> None:
    frame = seen((64, 48))
    row = [pool_frame(frame, Operation(name, size=1)) for name in ("max", "avg")]
    scene = contact_sheet("noise.png", frame, [row], THEMES["light"])
    note = " ".join(labels(scene))
    assert "The whole picture is one window, and each pooling of it one pixel" in note
    assert "framed" not in note
    assert len(pictures(scene)) == 3


def test_themes_and_formats(run: Run, photo: Photo) -> None:
    photo("RGBA", (30, 20)).save("in.png")
    for theme, colour in (("light", (255, 255, 255)), ("dark", (0x15, 0x18, 0x1D))):
        words: list[Word] = ["-k", 2, "--ops", "avg", "--theme", theme]
        assert run("compare", "in.png", "out.webp", *words).code == 0
        with Image.open("out.webp") as image:
            assert np.allclose(np.asarray(image)[5, 5], colour, atol=2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGBA", "P", "I;16", "CMYK", "F"])
def test_modes_and_odd_sizes(run: Run, photo: Photo, mode: str) -> None:
    for size in ((1, 1), (3, 90), (40, 2)):
        name = "in.tif" if mode in ("CMYK", "F") else "in.png"
        photo(mode, size).save(name)
        done = run("compare", name, "out.png", "--size", 1, "--ops", "max,mode")
        assert (done.code, done.err) == (0, "")


def test_deep_pictures_share_the_inputs_scale() -> None:
    x = np.zeros((40, 40, 1), np.uint16)
    x[:20] = 40_000
    x[20:, 20:] = 20_000
    found = pictures(laid_out(FirstFrame(x, "I;16"), ["min"], 2))
    assert colours(found[2]) == {(0,) * 3, (128,) * 3, (255,) * 3}


def test_the_busiest_part() -> None:
    x = np.zeros((50, 60))
    x[30:40, 40:50] = pixels(Image.fromarray(noise((10, 10))))[..., 0]
    row, column = find_busiest(x, (10, 10))
    assert abs(row - 30) <= 1
    assert abs(column - 40) <= 1


def test_cells_meet_half_way_between_centres() -> None:
    down, across = Operation("max", (6, 4), (2, 4)).windows((10, 12))
    rows, columns = cell_edges((down, across), (3, 3))
    assert rows.tolist() == [2, 4, 6, 8]
    assert columns.tolist() == [0, 4, 8, 12]


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        ("in.png out.png", 2, "Missing option '-k'"),
        ("in.png in.png -k 2", 2, "in.png is the source; give another destination"),
        ("in.png out.xyz -k 2", 2, "out.xyz: extension '.xyz' does not name a format"),
        ("in.png out.png -k 2 --ops max,mx", 2, "'mx' is not an operation; use one of max, min,"),
        ("in.png out.png -k 2 --kernels 2,3", 2, "--kernels replaces -k, --size and --global"),
        ("in.png out.png --kernels 2,x", 2, "'x' is neither a number nor HxW"),
        ("in.png out.png -k 99", 1, "in.png: kernel 99 is taller than the image (15 rows)"),
        ("in.png out.png -k 2 --detail 15,0", 1, "in.png: row 15, column 0 is outside 15 rows"),
        ("missing.png out.png -k 2", 1, "missing.png: no such file or folder"),
        ("in.png no/out.png -k 2", 1, "no/out.png: no such file or folder"),
    ],
)
def test_wrong_words(source: Path, run: Run, words: str, code: int, complaint: str) -> None:
    assert source.exists()
    done = run("compare", *words.split())
    assert done.code == code
    assert complaint in done.failure
    assert not Path("out.png").exists()


def test_sheet_on_standard_output(source: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "poolcli",
        "compare",
        str(source),
        "-",
        "-k",
        "3",
        "--ops",
        "max",
    ]
    done = subprocess.run(words, capture_output=True, check=True)
    with Image.open(BytesIO(done.stdout)) as image:
        assert image.format == "PNG"
    assert done.stderr.startswith(b"-: 1 pooling of in.png, ")
