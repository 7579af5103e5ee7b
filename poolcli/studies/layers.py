"""What shapes come out of operations one behind another, without any array at hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from poolcli.core.geometry.receptive_field import Step, chain
from poolcli.core.geometry.windows import AnyWindow
from poolcli.jobs.operation import Operation

__all__ = ["Layer", "layers"]


@dataclass(frozen=True, slots=True)
class Layer:
    """An operation, the shapes before and behind it, and a `Step` for each pooled axis."""

    operation: Operation
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    steps: tuple[Step, ...]


def layers(shape: Sequence[int], operations: Sequence[Operation]) -> list[Layer]:
    """The shapes that operations make of an input, one behind another.

    Parameters
    ----------
    shape : sequence of int
        Of any rank; the last two axes are height and width, or the only one is the width.

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
        behind = (*before[:-pooled], *(step.size for step in steps))
        found.append(Layer(operation, before, behind, steps))
        before = behind
    return found


def _check_in_rows_and_columns(shape: Sequence[int], operations: Sequence[Operation]) -> None:
    lengths = (shape[-2], shape[-1])
    for operation in operations:
        lengths = operation.output_size(lengths)


def _maker(operation: Operation, axis: int) -> Callable[[int], AnyWindow]:
    return lambda length: operation.windows((length, length))[axis]
