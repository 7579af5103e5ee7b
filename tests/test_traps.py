"""Each trap that other tools fall into (USERS.md, section 7), by its number there."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import poolcli
from tests import alpha, oracle, pictures
from tests.commands import Run, Shell, posix, with_small_files
from tests.pictures import deep_png, noise, photo, pixels, read, same


def test_trap_1_invisible_colours_have_no_vote(run: Run) -> None:
    """Blue on hidden red: max stays blue, the mean stays blue."""
    x = np.zeros((4, 4, 4), np.uint8)
    x[:] = (255, 0, 0, 0)
    x[::2, ::2] = (0, 0, 255, 255)
    Image.fromarray(x).save("in.png")
    for operation, level in (("max", 255), ("avg", 64), ("gem", None)):
        assert run(operation, "in.png", "out.png", "-k", 2).code == 0
        got = read("out.png")[1]
        assert (got[..., :3] == (0, 0, 255)).all()
        assert level is None or (got[..., 3] == level).all()


def test_trap_2_labels_stay_labels(run: Run) -> None:
    """No class is invented, none is numbered anew."""
    indices = np.array([0, 3, 7], "u1")[noise((12, 12)) % 3]
    image = Image.fromarray(indices)
    image.putpalette([*([255, 0, 0] * 3), *([0, 255, 0] * 4), 0, 0, 255])
    image.save("in.png")
    assert run("mode", "in.png", "out.png", "-k", 3).code == 0
    with Image.open("out.png") as got:
        assert (got.mode, set(np.asarray(got).flat)) == ("P", {0, 3, 7})


def test_trap_2_mode_is_of_whole_pixels() -> None:
    """Yellow, magenta, cyan: per channel the commonest would be white."""
    x = np.array([[[255, 255, 0], [255, 0, 255]], [[0, 255, 255], [255, 255, 0]]], np.uint8)
    got = poolcli.mode_pool(x, 2, axes=(0, 1), channel_axis=2)
    assert got.tolist() == [[[255, 255, 0]]]


def test_trap_3_sixteen_bits(run: Run) -> None:
    x = noise((8, 8, 3), "u2")
    Path("rgb.png").write_bytes(deep_png(x))
    assert run("max", "rgb.png", "out.npy", "-k", 2).err == ""
    assert same(np.moveaxis(np.load("out.npy"), 0, -1), pictures.pooled("max", x, 2))
    assert "--convert RGB --scale" in run("max", "rgb.png", "out.jpg", "-k", 2).failure
    photo("I;16").save("grey.png")
    assert run("avg", "grey.png", "out.png", "-k", 2).err == ""
    assert same(read("out.png")[1], pictures.pooled("avg", pixels(photo("I;16")), 2))


def test_trap_4_cmyk_is_pooled_as_stored(run: Run) -> None:
    """The largest of inks is the darkest: white and black is black, unless converted first."""
    x = np.zeros((2, 2, 4), np.uint8)
    x[0, 0, 3] = 255
    Image.frombytes("CMYK", (2, 2), x.tobytes()).save("in.tif")
    assert run("max", "in.tif", "out.tif", "-k", 2).out == "out.tif: 4×2×2 → 4×1×1\n"
    assert read("out.tif")[1].tolist() == [[[0, 0, 0, 255]]]
    assert run("max", "in.tif", "out.png", "-k", 2, "--convert", "RGB").code == 0
    assert read("out.png")[1].tolist() == [[[255, 255, 255]]]


@pytest.mark.parametrize(
    ("values", "mean"),
    [([1, 2, 2, 2], 2), ([0, 0, 1, 1], 1), ([0, 0, 0, 1], 0), ([255] * 4, 255)],
)
def test_trap_5_rounded_half_up(values: list[int], mean: int) -> None:
    assert poolcli.avg_pool(np.array(values, np.uint8).reshape(2, 2), 2).item() == mean
    wide = np.array(values, np.uint16).reshape(2, 2)
    assert poolcli.avg_pool(wide, 2).item() == mean


def test_trap_5_no_sum_wraps_or_drifts() -> None:
    for size in (2, 512):
        x = np.full((size, size), 65535, np.uint16)
        assert poolcli.avg_pool(x, size).item() == 65535
    signed = np.array([[-1, -2], [-2, -2]], np.int8)
    assert poolcli.avg_pool(signed, 2).item() == -2
    assert poolcli.min_pool(np.array([[0, 50]], np.uint8), (1, 2)).item() == 0


@pytest.mark.parametrize("pool", ["max_pool", "min_pool", "avg_pool", "median_pool"])
def test_trap_6_nan_is_not_swallowed(pool: str) -> None:
    x = np.ones((6, 6), np.float32)
    x[2, 3] = np.nan
    got = getattr(poolcli, pool)(x, 3)
    assert np.isnan(got).tolist() == [[False, True], [False, False]]
    assert (got[~np.isnan(got)] == 1).all()


def test_trap_7_edges_as_torch_and_told(run: Run) -> None:
    photo("RGB", (250, 201)).save("in.png")
    done = run("max", "in.png", "out.png", "-k", 6, "-s", 2)
    assert done.out == "out.png: 3×201×250 → 3×98×123 (1 row unused)\n"
    done = run("max", "in.png", "out.png", "-k", 6, "-s", 2, "--json")
    assert json.loads(done.out)["unused"] == [1, 0]
    x = np.full((3, 3), 100, np.uint8)
    assert poolcli.min_pool(x, 2, ceil_mode=True).tolist() == [[100, 100], [100, 100]]
    assert poolcli.avg_pool(x, 2, ceil_mode=True).tolist() == [[100, 100], [100, 100]]


def test_trap_8_even_windows_and_ties() -> None:
    """The lower of two; the first in row-major order, mirrored or not."""
    assert poolcli.median_pool(np.array([[1, 2], [3, 4]]), 2).item() == 2
    assert poolcli.mode_pool(np.array([[5, 1], [1, 5]]), 2).item() == 5
    assert poolcli.mode_pool(np.array([[1, 5], [5, 1]]), 2).item() == 1


def test_trap_9_orientation_first(run: Run) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo("RGB", (20, 15)).save("in.png", exif=exif)
    assert run("max", "in.png", "out.png", "-k", "6x2").out == (
        "out.png: 3×20×15 → 3×3×7 (2 rows and 1 column unused)\n"
    )
    want = pictures.pooled("max", np.rot90(pixels(photo("RGB", (20, 15))), -1), (6, 2))
    assert same(read("out.png")[1], want)


def test_trap_10_frames_times_and_loop(run: Run) -> None:
    frames = [photo("P", (20, 15)).rotate(180 * n) for n in range(3)]
    frames[0].save("in.gif", save_all=True, append_images=frames[1:], duration=[50, 70, 90], loop=5)
    assert run("max", "in.gif", "out.gif", "-k", 2).code == 0
    with Image.open("out.gif") as image:
        assert (image.n_frames, image.size, image.info["loop"]) == (3, (10, 7), 5)  # type: ignore[attr-defined]
        times = []
        for number in range(3):
            image.seek(number)
            times.append(image.info["duration"])
    assert times == [50, 70, 90]


def test_trap_11_metadata_tell_of_the_result(run: Run) -> None:
    exif = Image.Exif()
    inner = exif.get_ifd(0x8769)
    inner[0xA002], inner[0xA003] = 20, 15
    photo("RGB").save("in.jpg", exif=exif, dpi=(300, 300), icc_profile=b"profile")
    assert run("max", "in.jpg", "out.jpg", "-k", 5).err == ""
    with Image.open("out.jpg") as image:
        told = image.getexif().get_ifd(0x8769)
        assert (told[0xA002], told[0xA003]) == (4, 3)
        assert image.info["dpi"] == (60, 60)
        assert image.info["icc_profile"] == b"profile"


def test_trap_12_modes_that_can_be_written(run: Run) -> None:
    """RGB comes back as RGB, not as RGBX, which PNG refuses."""
    photo("RGB").save("in.png")
    for suffix in ("png", "jpg", "tif", "webp", "bmp"):
        assert run("max", "in.png", f"out.{suffix}", "-k", 2).err == ""
        assert read(f"out.{suffix}")[0] == "RGB"


@posix
def test_trap_13_a_full_disk_takes_no_original(shell: Shell) -> None:
    photo("RGB", (90, 90)).save("in.png")
    before = Path("in.png").read_bytes()
    done = shell("max", "in.png", "in.png", "-k", 2, "--in-place", preexec_fn=with_small_files)
    assert done.code == 1
    assert Path("in.png").read_bytes() == before


def test_trap_14_arrows_on_any_stream(shell: Shell) -> None:
    photo("L").save("in.png")
    for encoding in ("cp1252", "ascii"):
        done = shell("max", "in.png", "out.png", "-k", 5, env={"PYTHONIOENCODING": encoding})
        assert (done.code, done.out) == (0, "out.png: 1x15x20 -> 1x3x4\n")


def test_trap_alpha_with_everything_at_once(run: Run) -> None:
    """Padding, ceil, dilation and strides of their own."""
    x = noise((11, 13, 4)).copy()
    x[..., 3] &= 0x81
    data = io.BytesIO()
    Image.fromarray(x).save(data, "PNG")
    Path("in.png").write_bytes(data.getvalue())
    words = "-k 3x2 -s 2x3 -p 1 -d 2x3 --ceil"
    for operation in alpha.OPERATIONS:
        assert run(operation, "in.png", "out.png", *words.split()).code == 0
        want = alpha.pooled(operation, x, (3, 2), (2, 3), (1, 1), (2, 3), True)
        assert same(read("out.png")[1], want)
    assert len(oracle.positions(11, 3, 2, 1, 2, True)) == want.shape[0]
