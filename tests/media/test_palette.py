"""Palettes: looked up by every operation but mode, which keeps indices and colours as they are."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import alpha, oracle, pictures
from tests.commands import Run
from tests.oracle import Array
from tests.pictures import Photo, noise, pixels, read, same
from tests.programs import needs_netpbm

SAMPLES = Path(__file__).parents[2] / "samples"
PALETTED = ["png", "gif", "tif", "bmp"]
LABELS = [0, 3, 7, 40, 128, 255]


def labels() -> Image.Image:
    """Few indices far apart, with a palette in which no two are alike."""
    indices = np.array(LABELS, "u1")[noise((15, 20)) % len(LABELS)]
    image = Image.fromarray(indices)
    image.putpalette(noise((768,)).tobytes())
    return image


def commonest(indices: Array, kernel: int, stride: int, padding: int = 0) -> Array:
    numbers = ((0, 1), kernel, stride, padding, 1, False)
    pick = lambda taps: taps[oracle.commonest(taps.tolist())]  # noqa: E731
    return oracle.pool(indices, *numbers, reduce=pick).astype("u1")


def used(image: Image.Image) -> dict[int, tuple[int, ...]]:
    """The indices that occur, and the colour of each."""
    palette = np.reshape(image.getpalette("RGB") or [], (-1, 3))
    return {int(i): tuple(palette[i].tolist()) for i in np.unique(np.asarray(image))}


@pytest.mark.parametrize("suffix", PALETTED)
@pytest.mark.parametrize("source", PALETTED)
def test_mode_keeps_indices(run: Run, source: str, suffix: str) -> None:
    labels().save(f"in.{source}", optimize=False)
    done = run("mode", f"in.{source}", f"out.{suffix}", "-k", 3, "-s", 2, "-p", 1)
    assert done.out == f"out.{suffix}: 1×15×20 → 1×8×10\n"
    assert ("resolution dropped" in done.err) == ((source, suffix) == ("bmp", "gif"))
    with Image.open(f"out.{suffix}") as got:
        assert got.mode == "P"
        assert np.array_equal(np.asarray(got), commonest(np.asarray(labels()), 3, 2, 1))
        before = used(labels())
        assert all(before[index] == colour for index, colour in used(got).items())


@pytest.mark.parametrize("suffix", PALETTED)
def test_sample_of_labels(run: Run, suffix: str) -> None:
    with Image.open(SAMPLES / "labels.png") as before:
        want, colours = np.unique(np.asarray(before)), used(before)
    assert run("mode", SAMPLES / "labels.png", f"out.{suffix}", "-k", 2).code == 0
    with Image.open(f"out.{suffix}") as got:
        assert got.mode == "P"
        assert np.array_equal(np.unique(np.asarray(got)), want)
        assert used(got) == colours


@pytest.mark.parametrize("suffix", ["png", "gif"])
@pytest.mark.parametrize("key", [LABELS[2], bytes([255] * 7 + [0] + [90] * 248)])
def test_mode_keeps_what_is_transparent(run: Run, suffix: str, key: int | bytes) -> None:
    if suffix == "gif" and isinstance(key, bytes):
        pytest.skip("a GIF has one transparent index")
    labels().save("in.png", transparency=key)
    assert run("mode", "in.png", f"out.{suffix}", "-k", 2).code == 0
    with Image.open("in.png") as before, Image.open(f"out.{suffix}") as after:
        assert np.array_equal(np.asarray(after), commonest(np.asarray(before), 2, 2))
        table: dict[int, object] = {}
        for image in (before, after):
            rgba = np.asarray(image.convert("RGBA"))
            for index in np.unique(np.asarray(image)):
                seen = tuple(rgba[np.asarray(image) == index][0].tolist())
                assert table.setdefault(int(index), seen) == seen


@pytest.mark.parametrize("suffix", ["tif", "gif"])
def test_transparency_that_no_palette_holds(run: Run, suffix: str) -> None:
    """Better its colours and alpha than its indices without."""
    labels().save("in.png", transparency=bytes([255] * 7 + [0] + [255] * 248))
    with Image.open("in.png") as image:
        want = alpha.pooled("mode", np.asarray(image.convert("RGBA")), 1)
    assert run("mode", "in.png", f"out.{suffix}", "-k", 1).code == 0
    with Image.open(f"out.{suffix}") as got:
        seen = np.array(got.convert("RGBA"))
    seen[seen[..., 3] == 0] = 0
    assert same(seen, want)


@pytest.mark.parametrize("operation", ["max", "min", "avg", "median", "gem"])
@pytest.mark.parametrize("key", [None, 40, bytes(range(256))])
def test_other_operations_look_colours_up(
    run: Run, operation: str, key: int | bytes | None
) -> None:
    options = {} if key is None else {"transparency": key}
    labels().save("in.png", **options)  # type: ignore[arg-type]
    with Image.open("in.png") as image:
        x = np.asarray(image.convert("RGB" if key is None else "RGBA"))
    assert run(operation, "in.png", "out.png", "-k", 2).code == 0
    mode, got = read("out.png")
    assert mode == ("RGB" if key is None else "RGBA")
    full = np.concatenate([x, np.full_like(x[..., :1], 255)], -1) if key is None else x
    want = alpha.pooled(operation, full, 2)
    assert same(got, want[..., : got.shape[2]])


def test_mode_with_conversion_pools_colours(run: Run) -> None:
    labels().save("in.png")
    assert run("mode", "in.png", "out.png", "-k", 2, "--convert", "RGB").code == 0
    mode, got = read("out.png")
    assert mode == "RGB"
    colours = {tuple(pixel) for pixel in pixels(labels()).reshape(-1, 3).tolist()}
    assert {tuple(pixel) for pixel in got.reshape(-1, 3).tolist()} <= colours


def test_mode_to_what_has_no_palette(run: Run) -> None:
    labels().save("in.png")
    for suffix in ("webp", "ppm", "tga"):
        assert run("mode", "in.png", f"out.{suffix}", "-k", 2).err == ""
        wanted = commonest(np.asarray(labels()), 2, 2)
        colours = np.reshape(labels().getpalette() or [], (-1, 3)).astype("u1")[wanted]
        with Image.open(f"out.{suffix}") as image:
            assert np.array_equal(np.asarray(image.convert("RGB")), colours)


@pytest.mark.parametrize("suffix", ["jpg", "avif"])
def test_mode_to_what_blends(run: Run, suffix: str) -> None:
    labels().save("in.png")
    done = run("mode", "in.png", f"out.{suffix}", "-k", 2)
    assert done.code == 1
    assert "would blend what mode keeps apart" in done.failure
    assert run("mode", "in.png", f"out.{suffix}", "-k", 2, "--quality", 90).code == 0


@pytest.mark.parametrize("bits", [1, 2, 4])
@pytest.mark.parametrize("suffix", PALETTED)
def test_small_palettes(run: Run, bits: int, suffix: str) -> None:
    image = Image.fromarray(noise((15, 20)) >> (8 - bits))
    image.putpalette(noise((3 << bits,)).tobytes())
    image.save("in.png", bits=bits)
    assert run("mode", "in.png", f"out.{suffix}", "-k", 2).code == 0
    with Image.open(f"out.{suffix}") as got:
        if got.mode == "P":
            assert np.array_equal(np.asarray(got), commonest(np.asarray(image), 2, 2))
        wanted = commonest(np.asarray(image), 2, 2)
        colours = np.reshape(image.getpalette() or [], (-1, 3)).astype("u1")[wanted]
        assert np.array_equal(np.asarray(got.convert("RGB")), colours)


def test_grey_labels(photo: Photo, run: Run) -> None:
    grey = photo("L").point(lambda v: v // 50 * 50)
    grey.save("in.png")
    for suffix in ("png", "gif", "tif", "bmp", "pgm", "webp"):
        assert run("mode", "in.png", f"out.{suffix}", "-k", 3).code == 0
        with Image.open(f"out.{suffix}") as got:
            want = commonest(np.asarray(grey), 3, 3)
            assert np.array_equal(np.asarray(got.convert("L")), want)


@needs_netpbm
def test_written_by_netpbm(run: Run) -> None:
    pictures.photo("P").quantize(16).convert("RGB").save("in.ppm")
    png = subprocess.run(["pnmtopng", "-quiet", "in.ppm"], capture_output=True, check=True).stdout
    Path("in.png").write_bytes(png)
    with Image.open("in.png") as image:
        assert image.mode == "P"
        indices, before = np.asarray(image), used(image)
    assert run("mode", "in.png", "out.png", "-k", 2).code == 0
    with Image.open("out.png") as got:
        assert np.array_equal(np.asarray(got), commonest(indices, 2, 2))
        assert all(before[index] == colour for index, colour in used(got).items())
