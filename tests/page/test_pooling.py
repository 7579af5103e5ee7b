"""The page's own pooling, in a real browser: equal to poolcli's, bit for bit where it is exact."""

import json
import random
from itertools import islice
from typing import Any

import numpy as np
import pytest

from poolcli import functional
from poolcli.core.operations import OPERATIONS
from poolcli.core.types import Array
from poolcli.errors import PoolingError
from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.studies.first_frame import FirstFrame
from poolcli.studies.number_map import NumberMap
from poolcli.views.arithmetic import arithmetic
from poolcli.views.page.contents import packed
from tests.page.conftest import Opened

POOL = """
const done = arguments[arguments.length - 1];
(async () => {
  const results = [];
  for (const { packed, given, kind } of JSON.parse(arguments[0])) {
    const map = await unpackMap(packed);
    const settings = settingsOf(given);
    if (complaintOf(settings, map, kind)) { results.push(null); continue; }
    const layout = layOut(map, settings);
    const pooled = [];
    const told = [];
    for (let row = 0; row < layout.size[0]; row += 1) {
      for (let column = 0; column < layout.size[1]; column += 1) {
        pooled.push(poolWindow(map, settings, layout, [row, column]).map(plainNumber));
        if (told.length < 5) told.push(arithmetic(map, settings, layout, [row, column], 0));
      }
    }
    results.push({ size: layout.size, pooled, told });
  }
  done(JSON.stringify(results));
})();
"""


def pair(choose: random.Random, low: int, high: int) -> tuple[int, int]:
    first = choose.randint(low, high)
    return first, first if choose.random() < 0.5 else choose.randint(low, high)


def settings(choose: random.Random, name: str, kind: str) -> dict[str, Any]:
    """Arguments of an `Operation`, some of which cannot be."""
    given: dict[str, Any] = {}
    if choose.random() < 0.2:
        given["size"] = pair(choose, 1, 7)
    else:
        given["kernel"] = pair(choose, 1, 4)
        most = [k // 2 + (choose.random() < 0.05) for k in given["kernel"]]
        given["padding"] = tuple(choose.randint(0, one) for one in most)
        given["dilation"] = pair(choose, 1, choose.choice([1, 1, 3]))
        given["ceil_mode"] = choose.random() < 0.5
        if choose.random() < 0.7:
            given["stride"] = pair(choose, 1, 3)
    given["count_include_pad"] = choose.random() < 0.5
    if name == "avg" and choose.random() < 0.3:
        given["divisor_override"] = choose.choice([1, 3, -2, 7])
    if name == "gem":
        given["power"] = choose.choice([1.0, 2.0, 3.0, -1.0, 0.5, float("inf")])
    if name == "quantile":
        given["quantile"] = choose.choice([0.0, 0.1, 0.29, 0.5, 0.9, 1.0])
    if kind != "pixel" and choose.random() < 0.2:
        given["skip"] = choose.choice([float("nan"), 0.0, 2.0])
        given["min_valid"] = choose.choice([None, 0.5, 0.75])
    elif name in ("avg", "median", "mode") and kind != "pixel":
        given["sparse"] = choose.random() < 0.2
    return given


def values(choose: random.Random, kind: str) -> Array:
    """A small map: floats with ties and NaNs, bytes, or pixels of which some are invisible."""
    shape = (choose.randint(2, 7), choose.randint(3, 8))
    made = np.random.default_rng(choose.randint(0, 1 << 30))
    if kind == "float":
        some = made.integers(-6, 7, (*shape, 1)) / made.choice([1, 2, 4, 8], (*shape, 1))
        return np.where(made.random(some.shape) < 0.04, np.nan, some)
    if kind == "byte":
        return made.integers(0, 256, (*shape, 1), np.uint8)
    pixels = made.integers(0, 4, (*shape, 4), np.uint8)
    pixels[..., 3] *= 85
    return pixels


def for_page(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The same settings as a page has them; those that cannot be, too."""
    names = {
        "ceil_mode": "ceil", "count_include_pad": "countPad", "divisor_override": "divisor",
        "min_valid": "minValid",
    }  # fmt: skip
    made = {names.get(key, key): value for key, value in given.items()}
    for key in ("power", "skip"):
        if key in made and not np.isfinite(made[key]):
            made[key] = str(made[key])
    return {"op": name, **made}


def pooled(frame: FirstFrame, operation: Operation) -> Array:
    """What poolcli makes of it: `functional` where it has such a pooling, of values alone."""
    name, x = operation.name, frame.pixels[..., 0]
    count, divisor = operation.count_include_pad, operation.divisor_override
    if frame.mode == "RGBA" or operation.parameters["missing"] is not None:
        return frame.pool(operation).pixels
    if operation.size is not None and name in ("max", "avg") and divisor is None:
        whole = getattr(functional, f"adaptive_{name}_pool2d")(x[None], operation.size)
        return np.moveaxis(whole, 0, -1)
    if operation.kernel is None or name not in ("max", "min", "avg"):
        return frame.pool(operation).pixels
    kernel, stride, padding = operation.kernel, operation.stride, operation.padding
    if name != "avg":
        torch_like = getattr(functional, f"{name}_pool2d")
        whole = torch_like(
            x[None], kernel, stride, padding, operation.dilation, operation.ceil_mode
        )
        return np.moveaxis(whole, 0, -1)
    if operation.dilation != (1, 1):
        return frame.pool(operation).pixels
    whole = functional.avg_pool2d(
        x[None],
        kernel,
        stride,
        padding,
        ceil_mode=operation.ceil_mode,
        count_include_pad=count,
        divisor_override=divisor,
    )
    return np.moveaxis(whole, 0, -1)


MODES = {"float": "", "byte": "L", "pixel": "RGBA"}


@pytest.fixture(scope="module")
def cases() -> list[tuple[str, dict[str, Any], FirstFrame]]:
    choose = random.Random(20)
    made = []
    for number in range(570):
        name = [*OPERATIONS][number % len(OPERATIONS)]
        kind = choose.choice([*MODES])
        made.append(
            (name, settings(choose, name, kind), FirstFrame(values(choose, kind), MODES[kind]))
        )
    return made


def test_five_hundred_settings(
    explained: Opened, cases: list[tuple[str, dict[str, Any], FirstFrame]]
) -> None:
    page, asked = explained(), []
    for name, given, frame in cases:
        made = {"packed": packed(frame), "given": for_page(name, given), "kind": "numbers"}
        asked.append(made)
    answers = json.loads(page.driver.execute_async_script(POOL, json.dumps(asked)))
    good = 0
    for (name, given, frame), answer in zip(cases, answers, strict=True):
        try:
            operation = Operation(name, **given)
            expected = pooled(frame, operation)
        except PoolingError:
            assert answer is None, (name, given)
            continue
        assert answer is not None, (name, given)
        assert tuple(answer["size"]) == expected.shape[:2], (name, given)
        found = np.array(answer["pooled"], float).reshape(expected.shape)
        if expected.dtype.kind == "f":
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
        else:
            # The last bit of a power decides whether what lies in the middle is rounded up.
            np.testing.assert_allclose(found, expected, 0, name == "gem", err_msg=str(given))
        good += 1
        if name == "gem" and given["power"] not in (1, 2, 3):
            continue  # and may move a digit of what is told
        explanation = Explanation(NumberMap(frame), operation)
        told = [arithmetic(explanation, at) for at in islice(explanation.places(), 5)]
        assert answer["told"] == told, (name, given)
    assert good >= 500
