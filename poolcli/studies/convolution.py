"""A convolution with equal weights, by the windows of a pooling."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import WindowError
from poolcli.studies.explanation import Explanation, Spot

__all__ = ["BoxConvolution"]


@dataclass(frozen=True)
class BoxConvolution:
    """A strided convolution whose weights are all one over their number.

    Raises
    ------
    WindowError
        If the windows are not those of a convolution.
    """

    explanation: Explanation

    def __post_init__(self) -> None:
        operation = self.explanation.operation
        if operation.kernel is None or operation.ceil_mode:
            raise WindowError(
                "a convolution has a kernel, and neither --size nor --ceil; use -k, and -s"
            )
        if operation.parameters["missing"] is not None:
            raise WindowError("a convolution cannot skip missing values; leave --skip out")

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the weights."""
        assert self.explanation.operation.kernel is not None
        high, wide = self.explanation.operation.kernel
        return high, wide

    @cached_property
    def count(self) -> int:
        """Number of weights."""
        return self.shape[0] * self.shape[1]

    def result(self, at: Spot) -> float:
        """Compute one value of the result; padding is zeros."""
        values: Array = self.explanation.values(at).astype(np.float64)
        return float(values.sum()) / self.count
