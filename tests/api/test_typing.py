"""The signatures that type checkers see: mypy takes what is right and refuses what is wrong."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_overloads, get_type_hints

import pytest

import poolcli
from poolcli import functional
from poolcli.core.types import Array, Indices

ROOT = Path(__file__).parents[2]

SHARED = """\
from pathlib import Path
from typing import assert_type

import numpy as np
from PIL import Image

import poolcli
import poolcli.functional as F
from poolcli.core.types import Array, Indices, Source

x = np.zeros((3, 8, 8))
picture = Image.new("RGB", (8, 8))
flag = bool(input())


def sliced(source: Source) -> Array:
    return poolcli.median_pool(source, 2)


"""
"""The beginning of every snippet."""

RIGHT = """\
assert_type(poolcli.max_pool(x, 2), Array)
assert_type(poolcli.max_pool(x, 2, return_indices=True), tuple[Array, Indices])
assert_type(poolcli.min_pool(x, 2, return_indices=flag), Array | tuple[Array, Indices])
assert_type(poolcli.adaptive_pool(picture, (None, 2), "max"), Array)
assert_type(poolcli.adaptive_pool(x, 1, "max", return_indices=True)[1], Indices)
assert_type(F.max_pool2d(x, (2, 2), stride=None, padding=1), Array)
assert_type(F.max_pool2d(x, 2, return_indices=True), tuple[Array, Indices])
assert_type(F.avg_pool2d([[[1, 2], [3, 4]]], 2, divisor_override=3), Array)
assert_type(F.fractional_max_pool2d(x, 2, 3, return_indices=flag), Array | tuple[Array, Indices])
poolcli.pool_file(poolcli.Operation("max", 6, (2, 2)), "in.png", Path("out.png")).notes
poolcli.pool_file("max", "in.png", "out.png", kernel=6, stride=2).output_shape
""".splitlines()

WRONG = """\
F.max_pool2d(x, kernel_siez=2)
F.avg_pool1d(x, 2, divisor_override=3)
F.max_pool2d(x, 2, return_indices=True).shape
F.adaptive_avg_pool2d(x, "7x7")
F.max_unpool2d(x, kernel_size=2)
poolcli.max_pol(x, 2)
poolcli.max_pool(x, 2.5)
poolcli.mode_pool(x, 2, 2, 0, 1, False)
poolcli.Operation("max", kernal=(6, 6))
poolcli.pool_file("max", source="in.png")
poolcli.pool_file("max", "in.png", "out.png", kernal=6)
""".splitlines()


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The snippets with which mypy finds fault, of all of them in one call."""
    api = pytest.importorskip("mypy.api", reason="mypy is not installed")
    folder = tmp_path_factory.mktemp("snippets")
    path = folder / "snippets.py"
    path.write_text("\n".join([SHARED, *RIGHT, *WRONG, ""]), encoding="utf-8")
    words = ["--strict", "--config-file=", f"--cache-dir={folder}", "--no-error-summary", str(path)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MYPYPATH", str(ROOT))
        printed, trouble, _ = api.run(words)
    assert trouble == ""
    lines = {int(line) for line in re.findall(r"(?m)^.*snippets\.py:(\d+): error:", printed)}
    return [path.read_text(encoding="utf-8").splitlines()[line - 1] for line in sorted(lines)]


def test_mypy_takes_right_calls(refused: list[str]) -> None:
    assert len(RIGHT) >= 10
    assert set(refused) & set(RIGHT) == set()
    assert set(refused) <= {*RIGHT, *WRONG}


def test_mypy_refuses_wrong_calls(refused: list[str]) -> None:
    assert len(WRONG) >= 10
    assert [line for line in refused if line in WRONG] == WRONG


def public_functions() -> list[Callable[..., Any]]:
    found = [getattr(functional, name) for name in functional.__all__]
    return found + [getattr(poolcli, name) for name in poolcli.__all__ if name.endswith("pool")]


@pytest.mark.parametrize("function", public_functions(), ids=lambda function: function.__name__)
def test_results_have_a_type(function: Callable[..., Any]) -> None:
    pair = tuple[Array, Indices]
    results = [get_type_hints(one)["return"] for one in get_overloads(function)]
    if results:
        assert results == [Array, pair, Array | pair]
        assert get_args(get_type_hints(function)["return"]) == (Array, pair)
    else:
        assert get_type_hints(function)["return"] == Array
