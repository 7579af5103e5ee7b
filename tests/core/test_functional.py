"""torch.nn.functional's poolings: the same names, the same arguments, the same tutorials."""

import inspect
import re
from functools import partial
from typing import Any

import numpy as np
import pytest

from poolcli import functional
from poolcli.core.pooling import max_pool
from poolcli.errors import PoolingError, WindowError
from tests.cases import random
from tests.core.test_pooling import same

WINDOW = "kernel_size, stride=None, padding=0"
MAX = f"input, {WINDOW}, dilation=1, ceil_mode=False, return_indices=False"
AVG = f"input, {WINDOW}, ceil_mode=False, count_include_pad=True"
LP = "input, norm_type, kernel_size, stride=None, ceil_mode=False"
UNPOOL = f"input, indices, {WINDOW}, output_size=None"
FRACTIONAL = (
    "input, kernel_size, output_size=None, output_ratio=None, return_indices=False, "
    "_random_samples=None"
)

SIGNATURES = {
    **{f"max_pool{n}d": MAX for n in (1, 2, 3)},
    "avg_pool1d": AVG,
    **{f"avg_pool{n}d": f"{AVG}, divisor_override=None" for n in (2, 3)},
    **{f"lp_pool{n}d": LP for n in (1, 2, 3)},
    **{f"adaptive_max_pool{n}d": "input, output_size, return_indices=False" for n in (1, 2, 3)},
    **{f"adaptive_avg_pool{n}d": "input, output_size" for n in (1, 2, 3)},
    **{f"max_unpool{n}d": UNPOOL for n in (1, 2, 3)},
    **{f"fractional_max_pool{n}d": FRACTIONAL for n in (2, 3)},
}
"""Those of torch 2.13, from its documentation."""

OWN = {
    **{f"min_pool{n}d": MAX for n in (1, 2, 3)},
    "max_pool2d_backward": f"grad, input, {WINDOW}, dilation=1, ceil_mode=False",
    "avg_pool2d_backward": f"grad, {AVG}, divisor_override=None",
}

INTEGERS = "must be an integer or a tuple of integers, not "

CUBE = np.arange(120, dtype=np.float32).reshape(2, 3, 4, 5)


def signature(function: Any) -> str:
    """Names and defaults, without types."""
    each = inspect.signature(function).parameters.values()
    assert {one.kind for one in each} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    return ", ".join(str(one.replace(annotation=one.empty)) for one in each)


@pytest.mark.parametrize("name", SIGNATURES | OWN)
def test_signatures(name: str) -> None:
    function = getattr(functional, name)
    want = (SIGNATURES | OWN)[name]
    if name.startswith("fractional"):
        want += ", rng=None"  # in place of torch.manual_seed
    assert signature(function) == want
    assert function.__name__ == function.__qualname__ == name


@pytest.mark.parametrize("name", SIGNATURES | OWN)
def test_docstring_tells_parameters_shapes_errors_and_differences(name: str) -> None:
    function = getattr(functional, name)
    parts = re.split(r"(?m)^([A-Z][a-z]+)\n-+$", inspect.getdoc(function) or "")
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(sections) == ["Parameters", "Returns", "Raises", "Notes", "Examples"]
    heads = re.findall(r"(?m)^(\S.*?)(?: : .*)?$", sections["Parameters"])
    assert ", ".join(heads).split(", ") == list(inspect.signature(function).parameters)
    assert re.search(r"(?m)^(values : )?\(\.\.\., [DHL]'?.*\) ndarray$", sections["Returns"])
    assert "torch" in sections["Notes"].lower()
    assert f">>> {name}(" in sections["Examples"] or f"= {name}(" in sections["Examples"]


def test_every_function_has_a_signature_here() -> None:
    assert set(functional.__all__) == set(SIGNATURES | OWN)


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_of_the_real_one(name: str) -> None:
    """A call with every argument by its name and default is taken, and gives the same."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    real = getattr(torch.nn.functional, name)
    n = int(name[-2])
    x = random((1, 2, 6, 6, 6)[: n + 2], "f4", 1)
    given: dict[str, Any] = {"input": x, "norm_type": 2.0, "kernel_size": 2, "output_size": [3] * n}
    given["indices"] = np.arange(x.size).reshape(x.shape) % 64
    given["_random_samples"] = np.full((1, 2, n), 0.3, np.float32)
    call: dict[str, Any] = {}
    for part in SIGNATURES[name].split(", "):
        argument, _, default = part.partition("=")
        call[argument] = given[argument] if not default else {
            "None": None, "0": 0, "1": 1, "False": False, "True": True,
        }[default]  # fmt: skip
    if name.startswith("fractional"):
        call |= {"output_size": given["output_size"], "_random_samples": given["_random_samples"]}
    arrays = {k: torch.from_numpy(v) for k, v in call.items() if isinstance(v, np.ndarray)}
    got, want = getattr(functional, name)(**call), real(**{**call, **arrays})
    assert np.allclose(got, want.numpy(), 1e-5, 1e-4)


def test_tutorial_of_digits() -> None:
    """max_pool2d(x, 2) of a picture of 28×28: half the size."""
    x = np.zeros((1, 1, 28, 28))
    x[0, 0, 4:7, 10] = [1, 2, 3]
    got = functional.max_pool2d(x, kernel_size=2, stride=2)
    assert got.shape == (1, 1, 14, 14)
    assert got[0, 0, 1:5, 5].tolist() == [0, 2, 3, 0]
    assert got.sum() == 5


def test_tutorial_of_features() -> None:
    """adaptive_avg_pool2d(x, (1, 1)): the mean of each map."""
    x = np.arange(192.0).reshape(4, 3, 4, 4)
    got = functional.adaptive_avg_pool2d(x, (1, 1))
    assert got.shape == (4, 3, 1, 1)
    assert got.ravel().tolist() == [7.5 + 16 * i for i in range(12)]
    assert same(got.squeeze((2, 3)), x.mean((2, 3)))


def test_tutorial_of_a_spaceship() -> None:
    """A window of 6 in steps of 2 over a photograph."""
    x = np.zeros((3, 201, 250), np.float32)
    x[1, 100, 100] = 1
    got = functional.max_pool2d(x, 6, 2)
    assert got.shape == (3, 98, 123)
    assert np.argwhere(got).tolist() == [[1, y, x] for y in (48, 49, 50) for x in (48, 49, 50)]


def test_tutorial_of_ceil_mode() -> None:
    x = np.array(
        [[[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]]]
    )
    assert functional.max_pool2d(x, 3, ceil_mode=True).tolist() == [[[2, 3], [5, 1]]]
    assert functional.max_pool2d(x, 3, ceil_mode=False).tolist() == [[[2]]]


def test_channels_and_samples() -> None:
    """Indices count in each plane; without samples the result is empty, for any leading axes."""
    values, where = functional.max_pool1d(np.array([[4.0, 1], [1, 2]]), 2, return_indices=True)
    assert (values.tolist(), where.tolist()) == ([[4], [2]], [[0], [1]])
    assert functional.max_pool2d(np.zeros((0, 3, 6, 6)), 2).shape == (0, 3, 3, 3)
    assert functional.adaptive_avg_pool1d(np.zeros((0, 4)), 2).shape == (0, 2)
    assert functional.max_pool2d(CUBE[0, 0], 2).tolist() == [[6, 8], [16, 18]]
    assert functional.min_pool3d(CUBE, 2).ravel().tolist() == [0, 2, 10, 12, 60, 62, 70, 72]


def test_lp() -> None:
    row = np.array([[3.0, -4, 5, 12]])
    assert functional.lp_pool1d(row, 2, 2).tolist() == [[5, 13]]
    assert functional.lp_pool1d(row, 1, 2).tolist() == [[-1, 17]]
    assert functional.lp_pool1d(row, float("inf"), 2).tolist() == [[4, 12]]
    assert functional.lp_pool1d(row, float("-inf"), 2).tolist() == [[3, 5]]
    assert functional.lp_pool2d(np.ones((1, 3, 3)), 1, 2, 2, True).tolist() == [[[4, 4], [4, 4]]]
    assert functional.lp_pool1d(np.array([[1, 2, 4, 6]]), 3, 2).dtype == np.float32
    assert np.allclose(functional.lp_pool1d(np.array([[1, 2]]), 3, 2), 9 ** (1 / 3))


@pytest.mark.parametrize("power", [1.5, 2, 3, 4])
def test_norms_of_half_floats_are_taken_in_single_ones(power: float) -> None:
    """Of one value each the norm is the value; in half floats 4 would become 3.998."""
    x = np.arange(1, 9, dtype=np.float16).reshape(1, 8)
    assert same(functional.lp_pool1d(x, power, 1), x)


def test_the_largest_value_is_a_norm_of_any_sequence_of_kernels() -> None:
    """As in PyTorch, which hands them on to max_pool only where p is infinite."""
    assert functional.lp_pool1d(np.array([[3.0, -4, 5]]), float("inf"), [2]).tolist() == [[4]]
    assert functional.lp_pool2d(CUBE[0, 0], float("inf"), [3]).shape == (1, 1)


def test_fractional() -> None:
    x = np.arange(1.0, 37).reshape(1, 6, 6)
    pool = partial(functional.fractional_max_pool2d, x, 1, 4, return_indices=True)
    where = pool(_random_samples=np.array([[[0.9, 0.0]]]))[1]
    assert where[0, 0].tolist() == [0, 2, 3, 5]  # columns moved
    where = pool(_random_samples=np.array([[[0.0, 0.9]]]))[1]
    assert where[0, :, 0].tolist() == [0, 12, 18, 30]
    one, other = (pool(rng=np.random.default_rng(seed))[1] for seed in (1, 1))
    assert same(one, other)
    assert functional.fractional_max_pool2d(x, 2, output_ratio=(0.5, 0.7)).shape == (1, 3, 4)
    assert functional.fractional_max_pool3d(np.zeros((1, 6, 6, 6)), 3, 3).shape == (1, 3, 3, 3)
    big = random((1, 1, 5000), "f2", 0)  # whose positions float16 cannot count
    samples = np.full((1, 1, 2), 0.5, np.float16)
    some = functional.fractional_max_pool2d(big, (1, 2), (1, 4000), _random_samples=samples)
    assert some.shape == (1, 1, 4000)
    longest = np.arange(8199, dtype=np.float16).reshape(1, 8199, 1)
    pool = partial(functional.fractional_max_pool2d, longest, 1, (8199, 1), return_indices=True)
    where = pool(_random_samples=np.full((1, 1, 2), 0.9, np.float16))[1]
    assert where.max() == 8198, "rounding must not step over the end"
    x = x.astype(">f4")
    assert pool.func(x, 1, 4, _random_samples=np.zeros((1, 1, 2), "<f4")).shape == (1, 4, 4)


@pytest.mark.parametrize(
    ("name", "arguments", "error", "message"),
    [
        ("max_pool2d", (2.0,), TypeError, f"^kernel_size {INTEGERS}2.0$"),
        ("max_pool2d", (True,), TypeError, f"^kernel_size {INTEGERS}True$"),
        ("max_pool2d", (2, 2, 0, 1, 1), TypeError, "^ceil_mode must be True or False, not 1$"),
        ("avg_pool3d", (2, 2, 0, False, 1), TypeError, "^count_include_pad must be True or False"),
        (
            "avg_pool2d",
            (2, 2, 0, False, True, 2.5),
            TypeError,
            "^divisor_override must be an integer, not 2.5",
        ),
        ("avg_pool2d", (2, 2, 0, False, True, 0), WindowError, "^divisor 0 cannot divide; use"),
        ("avg_pool1d", (2, 2, 0, False, True, 2), TypeError, "takes from 2 to 6 positional argu"),
        ("max_pool2d", ((2, 2, 2),), WindowError, "^kernel_size has 3 numbers; give 1 or 2$"),
        ("max_pool2d", (0,), WindowError, "^kernel 0 is too small; use 1 or more$"),
        ("max_pool2d", (2, 0), WindowError, "^stride 0 is too small; use 1 or more$"),
        ("max_pool2d", (3, 1, 2, 2), WindowError, "^padding 2 is not between 0 and half the ker"),
        ("max_pool3d", (7,), WindowError, "^kernel 7 is larger than the input of 3$"),
        ("lp_pool1d", (2, [2]), TypeError, r"^kernel_size \[2\] does not suit; use one integer$"),
        ("lp_pool2d", (2, [2]), TypeError, r"^kernel_size \[2\] does not suit; use one integer$"),
        ("lp_pool2d", (0, 2), WindowError, "^norm_type 0 has no root; use any other number$"),
        ("adaptive_avg_pool2d", (None,), TypeError, "^output_size None stands for no size; use"),
        ("adaptive_avg_pool1d", ((None,),), TypeError, "^output_size None stands for no size"),
        ("adaptive_avg_pool2d", (2.0,), TypeError, "^output_size must be an integer, not 2.0$"),
        ("adaptive_avg_pool2d", (True,), TypeError, "^output_size must be an integer, not True$"),
        ("adaptive_max_pool2d", ([2],), WindowError, r"^output_size \[2\] has 1 numbers; use one"),
        ("adaptive_max_pool2d", (-1,), WindowError, "^size -1 is negative; use 0 or more$"),
        ("fractional_max_pool2d", (2,), WindowError, "^output_size is missing; give it, or an"),
        (
            "fractional_max_pool2d",
            ([2], 2),
            WindowError,
            "^kernel_size has 1 numbers; give one, or",
        ),
        ("fractional_max_pool2d", (0, 2), WindowError, "^kernel 0 is too small; use 1 or more$"),
        ("fractional_max_pool2d", (2, (1, -1)), WindowError, "^-1 windows of kernel 2 do not fit "),
        ("fractional_max_pool2d", (2, None, (0.5,)), WindowError, r"^output_ratio \(0.5,\) does"),
        (
            "fractional_max_pool2d",
            (4, 3),
            WindowError,
            "^3 windows of kernel 4 do not fit in 4; use a size between 0 and 1$",
        ),
        ("fractional_max_pool3d", (1, 3), WindowError, "^3 windows of kernel 1 do not fit in 2;"),
        ("max_unpool2d", (CUBE, 2), PoolingError, "^indices have dtype float32; use int64, as"),
        ("max_unpool2d", (-CUBE.astype(int), 2), PoolingError, "^index -119 lies outside the out"),
        (
            "max_unpool2d",
            (CUBE.astype(int), 2, 2, 0, 5),
            TypeError,
            "^output_size must be a tuple of 2 int",
        ),
        ("max_pool2d_backward", (CUBE, 2), PoolingError, r"^grad has shape .* result's shape"),
    ],
)
def test_errors(name: str, arguments: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        getattr(functional, name)(CUBE, *arguments)


@pytest.mark.parametrize("sample", [np.nan, -0.1, 1.5])
def test_samples_that_are_none(sample: float) -> None:
    pool = functional.fractional_max_pool2d
    with pytest.raises(PoolingError, match=r"^random samples are not all between 0 and 1; use"):
        pool(CUBE, 2, 2, _random_samples=np.full((2, 3, 2), sample, np.float32))
    with pytest.raises(PoolingError, match=r"^random samples have shape \(2, 3, 3\) and dtype flo"):
        pool(CUBE, 2, 2, _random_samples=np.zeros((2, 3, 3), np.float32))
    with pytest.raises(PoolingError, match=r"^cannot pool dtype int64 by fractions; use floats$"):
        pool(CUBE.astype(int), 2, 2)


@pytest.mark.parametrize("shape", [(3, 0, 6), (0, 6), (2, 0, 5, 6), (2, 3, 5, 0)])
def test_empty(shape: tuple[int, ...]) -> None:
    with pytest.raises(WindowError, match=r"^input of shape .* is empty; only the first axis may"):
        functional.max_pool2d(np.zeros(shape), 2)


def test_tensors_of_others() -> None:
    """An object that is not an array, but can be made one, is pooled as one."""

    class Tensor:
        shape, dtype = (4, 4), "float32"

        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            assert dtype is copy is None
            return np.eye(4)

    assert same(max_pool(Tensor(), 2), np.eye(2))
