"""Windows along a map of a single row, as one-dimensional pooling has them."""

from poolcli.jobs.operation import Operation

__all__ = ["along_row"]


def along_row(operation: Operation) -> Operation:
    """Lay windows along a row: one that is as high as wide gets the height of the row.

    Examples
    --------
    >>> along_row(Operation("max", 3, 2, padding=1)).kernel
    (1, 3)
    >>> along_row(Operation("max", (1, 3), (1, 2))).stride
    (1, 2)
    """
    numbers = operation.size or operation.kernel
    if numbers is None or numbers[0] != numbers[1]:
        return operation
    if operation.size is not None:
        return operation._replace(size=(1, numbers[1]))
    across = operation.stride[1] if operation.stride else numbers[1]
    return operation._replace(
        kernel=(1, numbers[1]),
        stride=(1, across),
        padding=(0, operation.padding[1]),
        dilation=(1, operation.dilation[1]),
    )
