"""Pillow images as inputs: pooled over their height and width, whatever their mode."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

import poolcli
from poolcli import functional
from poolcli.errors import PoolingError
from tests.core.test_pooling import same
from tests.oracle import Array

ROWS = np.arange(6 * 8 * 4, dtype=np.uint8).reshape(6, 8, 4) * 5 % 251
"""Six rows of eight pixels of four channels."""

VERBS: list[Callable[..., Any]] = [
    poolcli.max_pool,
    poolcli.min_pool,
    poolcli.avg_pool,
    poolcli.gem_pool,
    poolcli.median_pool,
    poolcli.mode_pool,
    poolcli.adaptive_pool,
]

TWO_D = {
    "max_pool2d": (2,),
    "min_pool2d": (2,),
    "avg_pool2d": (2,),
    "lp_pool2d": (2, 2),
    "adaptive_max_pool2d": (2,),
    "adaptive_avg_pool2d": (2,),
}
"""Functions that take an image, and the arguments to call them with."""


def picture(mode: str) -> Image.Image:
    return Image.fromarray(ROWS).convert(mode)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "LA"])
@pytest.mark.parametrize("pool", VERBS)
def test_channels_of_an_image_stay_apart(pool: Callable[..., Any], mode: str) -> None:
    image = picture(mode)
    got = pool(image, 2)
    assert got.shape[2] == len(image.getbands())
    assert same(got, pool(np.asarray(image), 2, axes=(0, 1)))


@pytest.mark.parametrize("mode", ["L", "I", "F", "I;16"])
@pytest.mark.parametrize("pool", VERBS)
def test_grey_image_has_two_axes(pool: Callable[..., Any], mode: str) -> None:
    image = picture("L").convert("I").convert(mode)
    got = pool(image, 2)
    assert got.ndim == 2
    assert same(got, pool(np.asarray(image), 2))


def test_height_and_width_of_an_image_are_pooled() -> None:
    image = Image.new("RGB", (4, 2))
    image.putpixel((3, 1), (7, 8, 9))
    assert poolcli.max_pool(image, 2).tolist() == [[[0, 0, 0], [7, 8, 9]]]
    values, indices = poolcli.max_pool(image, 2, return_indices=True)
    assert values.shape == indices.shape == (1, 2, 3)
    assert indices.tolist() == [[[0, 0, 0], [7, 7, 7]]]
    out = np.empty((1, 2, 3), np.uint8)
    assert poolcli.max_pool(image, 2, out=out) is out
    assert same(poolcli.max_unpool(values, indices, 2, axes=(0, 1)), np.asarray(image))


def test_axes_that_are_given_hold_for_an_image_too() -> None:
    image = picture("RGB")
    got = poolcli.max_pool(image, 2, axes=(-2, -1))
    assert got.shape == (6, 4, 1)
    assert same(got, poolcli.max_pool(np.asarray(image), 2))
    assert poolcli.adaptive_pool(image, 1, axes=2).shape == (6, 8, 1)


def test_image_is_unpooled_over_its_height_and_width() -> None:
    values, indices = poolcli.max_pool(picture("RGB"), 2, return_indices=True)
    pooled = Image.fromarray(values)
    back = poolcli.max_unpool(pooled, indices, 2)
    assert same(back, poolcli.max_unpool(values, indices, 2, axes=(0, 1)))


@pytest.mark.parametrize("name", TWO_D)
def test_functional_puts_the_channels_of_an_image_first(name: str) -> None:
    image, function = picture("RGB"), getattr(functional, name)
    planes = np.moveaxis(np.asarray(image), 2, 0)
    got = function(image, *TWO_D[name])
    assert got.shape[0] == 3
    assert same(got, function(planes, *TWO_D[name]))
    grey = picture("L")
    assert same(function(grey, *TWO_D[name]), function(np.asarray(grey)[None], *TWO_D[name]))


def test_gradients_put_the_channels_of_an_image_first() -> None:
    image, grad = picture("RGB"), np.ones((3, 3, 4))
    planes: Array = np.moveaxis(np.asarray(image), 2, 0)
    for backward in (functional.max_pool2d_backward, functional.avg_pool2d_backward):
        assert same(backward(grad, image, 2), backward(grad, planes, 2))


def test_fractional_pooling_of_an_image_needs_floats() -> None:
    grey = picture("L").convert("F")
    samples = np.full((1, 1, 2), 0.5, np.float32)
    got = functional.fractional_max_pool2d(grey, 2, 3, _random_samples=samples)
    assert got.shape == (1, 3, 3)
    with pytest.raises(PoolingError, match=r"^cannot pool dtype uint8 by fractions; use floats$"):
        functional.fractional_max_pool2d(picture("RGB"), 2, 3)


@pytest.mark.parametrize(
    "name", ["max_pool1d", "min_pool3d", "avg_pool1d", "adaptive_max_pool3d", "adaptive_avg_pool1d"]
)
def test_functional_pools_an_image_in_two_dimensions_only(name: str) -> None:
    with pytest.raises(
        PoolingError, match=r"^input is an image, which has height and width; use a"
    ):
        getattr(functional, name)(picture("RGB"), 2)


@pytest.mark.parametrize(("mode", "seen"), [("1", "L"), ("P", "RGB"), ("PA", "RGBA")])
def test_bits_and_palettes_become_what_is_seen(mode: str, seen: str) -> None:
    image = picture("L").convert("P").convert("PA") if mode == "PA" else picture("L").convert(mode)
    want = np.asarray(image.convert(seen))
    assert same(poolcli.max_pool(image, 2), poolcli.max_pool(want, 2, axes=(0, 1)))
    got = functional.max_pool2d(image, 1)
    assert got.shape == (len(Image.new(seen, (1, 1)).getbands()), 6, 8)


def test_transparent_colour_of_a_palette_becomes_alpha() -> None:
    image = Image.new("P", (2, 2), 0)
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 1), 1)
    assert poolcli.max_pool(image, 2).tolist() == [[[40, 50, 60]]]
    image.info["transparency"] = 0
    assert poolcli.max_pool(image, 2).tolist() == [[[40, 50, 60, 255]]]


def test_array_with_the_names_of_an_image_is_an_array() -> None:
    class Named(np.ndarray[Any, np.dtype[Any]]):
        mode = "RGB"

        def getbands(self) -> tuple[str, ...]:
            return "R", "G", "B"

        def convert(self, mode: str) -> "Named":
            raise NotImplementedError(mode)

    x = ROWS[:, :, :3].view(Named)
    assert poolcli.max_pool(x, 2).shape == (6, 4, 1)
    assert functional.max_pool2d(x, 2).shape == (6, 4, 1)
