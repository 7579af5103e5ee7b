"""Output shapes of operations one after another, computed without an array."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from poolcli.core.geometry.receptive_field import ChainedWindow, chain
from poolcli.core.geometry.windows import AnyWindow
from poolcli.jobs.operation import Operation

__all__ = ["Layer", "layers"]


@dataclass(frozen=True, slots=True)
class Layer:
    """An operation, its input and output shape, and a `ChainedWindow` for each pooled axis."""

    operation: Operation
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    steps: tuple[ChainedWindow, ...]


def layers(shape: Sequence[int], operations: Sequence[Operation]) -> list[Layer]:
    """Follow a shape through operations one after another.

    Parameters
    ----------
    shape : sequence of int
        Shape of any rank; its last two axes, or its only one, are pooled.

    Raises
    ------
    WindowError
        If a window does not fit.

    Examples
    --------
    >>> [layer.output_shape for layer in layers((3, 201, 250), [Operation("max", (6, 6), (2, 2))])]
    [(3, 98, 123)]
    """
    pooled = len(shape[-2:])
    if pooled == 2:
        _check_in_rows_and_columns(shape, operations)
    axes = [
        chain(length, [_maker(operation, 2 - pooled + axis) for operation in operations])
        for axis, length in enumerate(shape[-2:])
    ]
    found, before = [], tuple(shape)
    for operation, steps in zip(operations, zip(*axes, strict=True), strict=True):
        after = (*before[:-pooled], *(step.size for step in steps))
        found.append(Layer(operation, before, after, steps))
        before = after
    return found


def _check_in_rows_and_columns(shape: Sequence[int], operations: Sequence[Operation]) -> None:
    lengths = (shape[-2], shape[-1])
    for operation in operations:
        lengths = operation.output_size(lengths)


def _maker(operation: Operation, axis: int) -> Callable[[int], AnyWindow]:
    return lambda length: operation.windows((length, length))[axis]
