"""Shapes before and after windows, with the formulas filled in, as plain text."""

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from poolcli.core.geometry.receptive_field import ChainedWindow
from poolcli.core.geometry.windows import Spans
from poolcli.jobs.operation import Operation
from poolcli.studies.layers import Layer
from poolcli.views.wording import counts_text, plural, shape_text

if TYPE_CHECKING:
    from poolcli.core.pyramids.pyramid import Pyramid

__all__ = [
    "options_text",
    "pyramid_lines",
    "pyramid_record",
    "shape_line",
    "shape_lines",
    "shape_record",
    "size_formula",
]

Pair = tuple[int, int]


def shape_lines(layers: Sequence[Layer]) -> list[str]:
    """Format the shape line, followed by the formulas of one window or the table of several."""
    return [shape_line(layers), *(_formulas(layers[0]) if len(layers) == 1 else _table(layers))]


def shape_line(layers: Sequence[Layer]) -> str:
    """Format shapes from first to last: ``3×201×250 → 3×98×123 (1 row unused)``."""
    shapes = [layers[0].input_shape, *(layer.output_shape for layer in layers)]
    line = " → ".join(map(shape_text, shapes))
    notes = _notes(layers[0]) if len(layers) == 1 else ""
    return f"{line} ({notes})" if notes else line


def size_formula(step: ChainedWindow) -> str:
    """Write out the formula of an output size, with its numbers.

    >>> from poolcli.core.geometry.receptive_field import chain
    >>> from poolcli.core.geometry.windows import Window
    >>> size_formula(chain(201, [lambda _: Window(6, 2)])[0])
    '⌊(201 + 2·0 − 1·(6−1) − 1) / 2⌋ + 1 = 98'
    """
    window, length = step.window, step.length
    if isinstance(window, Spans):
        return (
            f"window o of {step.size} is ⌊o·{length} / {step.size}⌋ … "
            f"⌈(o+1)·{length} / {step.size}⌉ − 1: {_lengths(window)}"
        )
    inner = (
        f"({length} + 2·{window.padding} − {window.dilation}·({window.kernel}−1) − 1)"
        f" / {window.stride}"
    )
    if not window.ceil_mode:
        return f"⌊{inner}⌋ + 1 = {step.size}"
    room = length + 2 * window.padding - window.extent
    if -(-room // window.stride) + 1 == step.size:
        return f"⌈{inner}⌉ + 1 = {step.size}"
    return f"⌈{inner}⌉ + 1 − 1 = {step.size}, as one more window would begin past the input"


def _lengths(window: Spans) -> str:
    lengths = sorted(
        {stop - start for start, stop in zip(window.starts, window.stops, strict=True)}
    )
    return f"{' or '.join(map(str, lengths))} long"


def options_text(operation: Operation) -> str:
    """Format a window as command-line options, those at their defaults left out.

    >>> options_text(Operation("max", (3, 3), (2, 2), (1, 0)))
    '-k 3 -s 2 -p 1x0'
    """
    if operation.size is not None:
        return "--global" if operation.size == (1, 1) else f"--size {_pair(operation.size)}"
    assert operation.kernel is not None
    words = f"-k {_pair(operation.kernel)}"
    if operation.stride not in (None, operation.kernel):
        words += f" -s {_pair(operation.stride)}"
    if operation.padding != (0, 0):
        words += f" -p {_pair(operation.padding)}"
    if operation.dilation != (1, 1):
        words += f" -d {_pair(operation.dilation)}"
    return words + " --ceil" * operation.ceil_mode


def _pair(pair: Sequence[int]) -> str:
    return str(pair[0]) if len(set(pair)) == 1 else "x".join(map(str, pair))


def _nouns(layer: Layer) -> tuple[str, ...]:
    return ("row", "column") if len(layer.steps) == 2 else ("value",)


def _notes(layer: Layer) -> str:
    nouns = _nouns(layer)
    notes = []
    if lost := counts_text([step.unused for step in layer.steps], nouns):
        notes.append(f"{lost} unused")
    if over := counts_text([step.overhang for step in layer.steps], nouns):
        notes.append(f"the last window overhangs by {over}")
    return "; ".join(notes)


def _formulas(layer: Layer) -> list[str]:
    names = ["height", "width"] if len(layer.steps) == 2 else ["length"]
    texts = [size_formula(step) for step in layer.steps]
    if len(set(texts)) < len(texts):
        names, texts = ["height and width"], texts[:1]
    space = max(map(len, names))
    return [f"  {name:<{space}}  {text}" for name, text in zip(names, texts, strict=True)]


def _table(layers: Sequence[Layer]) -> list[str]:
    heads = ("window", "shape", "receptive field", "jump", "")
    rows: list[tuple[str, ...]] = [heads, ("", shape_text(layers[0].input_shape), "1", "1", "")]
    rows += [
        (
            options_text(layer.operation),
            shape_text(layer.output_shape),
            _of_axes([step.receptive_field for step in layer.steps]),
            _of_axes([step.jump for step in layer.steps]),
            _notes(layer),
        )
        for layer in layers
    ]
    return _in_columns(rows)


def _in_columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(map(str.ljust, row, widths)).rstrip()
        for row in rows
    ]  # fmt: skip


def _of_axes(values: Sequence[int | None]) -> str:
    texts = ["–" if value is None else str(value) for value in values]
    return texts[0] if len(set(texts)) == 1 else "×".join(texts)


def shape_record(layers: Sequence[Layer]) -> dict[str, Any]:
    """Make a record for ``--json`` of all that `shape_lines` tells."""
    return {
        "input_shape": layers[0].input_shape,
        "output_shape": layers[-1].output_shape,
        "steps": [
            {
                "window": options_text(layer.operation),
                "input_shape": layer.input_shape,
                "output_shape": layer.output_shape,
                "unused": [step.unused for step in layer.steps],
                "overhang": [step.overhang for step in layer.steps],
                "receptive_field": [step.receptive_field for step in layer.steps],
                "jump": [step.jump for step in layer.steps],
                "formula": [size_formula(step) for step in layer.steps],
            }
            for layer in layers
        ],
    }


def pyramid_lines(pyramid: "Pyramid") -> list[str]:
    r"""Format the levels of a pyramid, and how much larger than level 0 it is as a whole.

    >>> from poolcli.core.pyramids.pyramid import Pyramid
    >>> print("\n".join(pyramid_lines(Pyramid((5, 7), (2, 2), 2))))
    3 levels, 5×7 → … → 2×2, 1.46 times the values of level 0
      level  shape  window
      0      5×7    1
      1      3×4    2
      2      2×2    4
    """
    shapes = [pyramid.level(number) for number in range(pyramid.above + 1)]
    texts = [shape_text(shape) for shape in shapes]
    ends = texts if len(texts) < 3 else [texts[0], "…", texts[-1]]
    whole = sum(map(prod, shapes)) / max(1, prod(shapes[0]))
    line = f"{plural(len(shapes), 'level')}, {' → '.join(ends)}, "
    rows = [("level", "shape", "window")]
    rows += [
        (str(number), text, _pair(pyramid.kernels(number))) for number, text in enumerate(texts)
    ]
    return [f"{line}{whole:.3g} times the values of level 0", *_in_columns(rows)]


def pyramid_record(pyramid: "Pyramid") -> dict[str, Any]:
    """Make a record for ``--json`` of the levels of a pyramid."""
    numbers = range(pyramid.above + 1)
    return {
        "levels": [
            {"shape": pyramid.level(number), "window": pyramid.kernels(number)}
            for number in numbers
        ]
    }
