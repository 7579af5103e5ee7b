"""`Operation` and `pool_file`: what they take, and the one sentence for what they do not."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poolcli import Operation, PoolingError, pool_file
from poolcli.core.geometry.windows import Window
from poolcli.errors import FileError, WindowError


def test_one_number_stands_for_height_and_width() -> None:
    operation = Operation("max", 6, 2, padding=1, dilation=3)
    assert (operation.kernel, operation.stride) == ((6, 6), (2, 2))
    assert (operation.padding, operation.dilation) == ((1, 1), (3, 3))
    assert operation == Operation("max", (6, 6), [2, 2], (1, 1), [3])
    assert Operation("avg", size=7).size == (7, 7)


def test_operation_is_plain_data() -> None:
    operation = Operation("gem", (3, 2), power=2.5)
    assert pickle.loads(pickle.dumps(operation)) == operation
    assert hash(operation) == hash(Operation("gem", [3, 2], power=2.5))
    assert operation._replace(stride=(1, 1)) == Operation("gem", (3, 2), 1, power=2.5)
    with pytest.raises(AttributeError):
        operation.power = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"name": "maxx", "kernel": 2}, "operation 'maxx' is unknown; use max, min, avg, median,"),
        ({"name": "max"}, "give a kernel, or a size in place of it"),
        ({"name": "max", "kernel": 2, "size": 2}, "give a kernel, or a size in place of it"),
        ({"name": "max", "kernel": 6.5}, r"kernel 6\.5 is neither an integer nor two; use 6 or"),
        ({"name": "max", "kernel": "6x6"}, "kernel '6x6' is neither an integer nor two"),
        ({"name": "max", "kernel": True}, "kernel True is neither an integer nor two"),
        ({"name": "max", "kernel": (1, 2, 3)}, "kernel has 3 numbers; give 1 or 2"),
        ({"name": "max", "kernel": 2, "stride": 0}, "stride 0 is too small; use 1 or more"),
        ({"name": "max", "kernel": 2, "padding": 2}, "padding 2 is not between 0 and half"),
        ({"name": "max", "size": (0, 5)}, "size 0x5 is too small; use 1x1 or more"),
        ({"name": "max", "kernel": 2, "ceil_mode": "no"}, "ceil_mode 'no' is not True or False"),
        ({"name": "avg", "kernel": 2, "divisor_override": 0}, "divisor 0 cannot divide"),
        ({"name": "avg", "kernel": 2, "divisor_override": 2.5}, r"divisor 2\.5 is not an integer"),
        ({"name": "gem", "kernel": 2, "power": "3"}, "power '3' is not a number"),
        ({"name": "gem", "kernel": 2, "power": float("nan")}, "power 0 has no mean"),
    ],
)
def test_wrong_words_are_refused_in_one_sentence(words: dict[str, Any], message: str) -> None:
    with pytest.raises(WindowError, match=message):
        Operation(**words)


def test_windows_are_made_once_for_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[Any, ...]] = []
    operation = Operation("max", 3, 2)

    def window(*numbers: Any) -> Any:
        made.append(numbers)
        return Window(*numbers)

    monkeypatch.setattr("poolcli.jobs.operation.Window", window)
    plan = operation.plan(np.zeros((9, 8, 3)))
    assert (plan.shape, [stage.unused for stage in plan.stages]) == ((4, 3, 3), [0, 1])
    assert len(made) == 2


def test_pool_file_by_name_is_pool_file_by_operation(source: Path, here: Path) -> None:
    by_name = pool_file("max", str(source), here / "a.png", kernel=6, stride=2)
    by_operation = pool_file(Operation("max", 6, 2), source, str(here / "b.png"))
    assert by_name.output_shape == by_operation.output_shape == (3, 5, 8)
    assert (here / "a.png").read_bytes() == (here / "b.png").read_bytes()


def test_pool_file_refuses_wrong_words(source: Path, here: Path) -> None:
    with pytest.raises(WindowError, match="operation 'maxx' is unknown"):
        pool_file("maxx", source, here / "o.png", kernel=2)
    with pytest.raises(TypeError, match="kernel given beside an Operation"):
        pool_file(Operation("max", 2), source, here / "o.png", kernel=2)
    with pytest.raises(TypeError, match="3 is neither an Operation nor the name of one"):
        pool_file(3, source, here / "o.png")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="kernal"):
        pool_file("max", source, here / "o.png", kernal=2)  # type: ignore[call-arg]
    assert not (here / "o.png").exists()


def test_an_error_carries_the_path_of_the_file_that_it_is_about(source: Path, here: Path) -> None:
    with pytest.raises(FileError, match=r"^in\.png: kernel 30 is taller") as told:
        pool_file("max", source, here / "o.png", kernel=30)
    assert told.value.path == source
    with pytest.raises(FileError) as told:
        pool_file("max", source, here / "missing" / "o.png", kernel=2)
    assert told.value.path == here / "missing" / "o.png"
    assert isinstance(told.value, PoolingError)
    assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)
